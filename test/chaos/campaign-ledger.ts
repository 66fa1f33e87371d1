import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { ReceivedMessage } from '../harness/fault-smtp-faults.ts';

export interface CampaignAccount {
  readonly leads: number;
  /** Messages by status. */
  readonly byStatus: ReadonlyMap<string, number>;
  readonly accepted: number;
  /** Leads to which the server accepted a step twice, or for which it is stored twice. */
  readonly twice: number;
  /** Leads with a step that is neither sent nor unknown. */
  readonly skipped: number;
  readonly disordered: number;
  readonly sentUnaccepted: number;
  readonly unknownAccepted: number;
  readonly unknownNotAccepted: number;
  readonly unfinished: number;
}

/** Compares the leads and messages of a campaign with what the server accepted. The subject of step N is "Step N" or a reply to it. */
export async function accountOf(
  db: Database,
  campaign: string,
  received: readonly ReceivedMessage[],
  steps: number,
): Promise<CampaignAccount> {
  const leads = await db.query(sql<{ id: string; email: string; status: string }>`
    SELECT id, email, status FROM campaign_leads WHERE campaign_id = ${campaign}`);
  const messages = await db.query(sql<{
    lead_id: string;
    step_id: string;
    place: number;
    message_id: string;
    status: string;
  }>`
    SELECT m.lead_id, m.step_id, (SELECT count(*) FROM campaign_steps b WHERE b.campaign_id = s.campaign_id AND b.position < s.position) AS place, m.message_id, m.status
    FROM messages m JOIN campaign_steps s ON s.id = m.step_id WHERE m.campaign_id = ${campaign} ORDER BY m.id`);
  const taken = received.filter(({ outcome }) => outcome !== 'refused');
  const bodies = new Map<string, number>();
  for (const { to, raw } of taken) {
    const step = /^Step (\d+)\r?$/m.exec(raw.toString())?.[1];
    const name = `${to.join()} ${step}`;
    bodies.set(name, (bodies.get(name) ?? 0) + 1);
  }
  const ids = new Set(taken.map(({ messageId }) => messageId));
  const byStatus = new Map<string, number>();
  for (const { status } of messages) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  const byLead = Map.groupBy(messages, (message) => message.lead_id);
  const placesOf = (lead: { readonly id: string }): number[] => (byLead.get(lead.id) ?? []).map(({ place }) => place);
  const numbers = Array.from({ length: steps }, (_, number) => number);
  const isSent = ({ status }: { readonly status: string }): boolean => status === 'sent' || status === 'delivered';
  const isUnknown = ({ status }: { readonly status: string }): boolean =>
    status === 'unknown' || status === 'not_found';
  const count = <T>(rows: readonly T[], is: (row: T) => boolean): number => rows.filter(is).length;
  return {
    leads: leads.length,
    byStatus,
    accepted: taken.length,
    twice: count(
      leads,
      (lead) =>
        new Set(placesOf(lead)).size < placesOf(lead).length ||
        numbers.some((number) => (bodies.get(`${lead.email} ${number}`) ?? 0) > 1),
    ),
    skipped: count(leads, (lead) =>
      numbers.some(
        (number) =>
          !(byLead.get(lead.id) ?? []).some(
            (message) => message.place === number && (isSent(message) || isUnknown(message)),
          ),
      ),
    ),
    disordered: count(leads, (lead) => placesOf(lead).some((place, index, all) => place < (all[index - 1] ?? 0))),
    sentUnaccepted: count(messages, (message) => isSent(message) && !ids.has(message.message_id)),
    unknownAccepted: count(messages, (message) => isUnknown(message) && ids.has(message.message_id)),
    unknownNotAccepted: count(messages, (message) => isUnknown(message) && !ids.has(message.message_id)),
    unfinished: count(leads, ({ status }) => status !== 'finished'),
  };
}
