import { dayOf } from '../../base/clock.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { count } from '../analytics/index.ts';
import type { Complained } from '../sending/index.ts';
import type { Lead } from './lead.ts';
import { stop } from './stop.ts';
import type { StopOptions } from './stop.ts';

/** The message that a complaint or an opt-out is about. */
export type ReportedMessage = Pick<
  Complained,
  'id' | 'workspace_id' | 'campaign_id' | 'lead_id' | 'step_id' | 'variant' | 'mailbox_id' | 'sent_at'
>;

/**
 * Ends the leads whose messages were complained about, and counts the complaints. Other leads of the address were skipped when it was
 * suppressed. The messages are of one organization.
 */
export async function complained(
  options: StopOptions,
  tx: Transaction,
  messages: readonly Complained[],
): Promise<void> {
  const byLead = new Map(messages.flatMap((message) => (message.lead_id === null ? [] : [[message.lead_id, message]])));
  const [organization] = messages.map((message) => message.organization_id);
  if (organization === undefined || byLead.size === 0) return;
  const stopped = await stop(options, tx, organization, { ids: [...byLead.keys()] }, 'complained', {
    atMs: Math.max(...messages.map(({ atMs }) => atMs)),
    detailOf: ({ id }) => ({ message_id: byLead.get(id)?.id }),
  });
  await countReports(tx, organization, stopped, byLead, 'complained', (message) => message.atMs);
}

/** Somebody opted out, as a provider reports. */
export interface ReportedOptOut {
  /** As addresses are compared. */
  readonly emailKey: string;
  /** Whose link was used, if it is known. */
  readonly message: ReportedMessage | undefined;
  /** Where the opt-out counts if no message is known; undefined: in the whole organization. */
  readonly workspaceId?: WorkspaceId | undefined;
}

/** Ends all leads of addresses that opted out, and counts the opt-outs. Call it before leads and figures are locked. */
export async function optedOut(
  options: StopOptions,
  tx: Transaction,
  organization: OrganizationId,
  optOuts: readonly ReportedOptOut[],
  atMs: number,
): Promise<void> {
  if (optOuts.length === 0) return;
  const messages = optOuts.flatMap(({ message }) => message ?? []);
  const byLead = new Map(messages.flatMap((message) => (message.lead_id === null ? [] : [[message.lead_id, message]])));
  const byKey = new Map(optOuts.map(({ emailKey, message }) => [emailKey, message?.id]));
  const stopped: Lead[] = [];
  for (const [workspaceId, own] of Map.groupBy(optOuts, (each) => each.message?.workspace_id ?? each.workspaceId)) {
    const emailKeys = own.map(({ emailKey }) => emailKey);
    const ended = await stop(options, tx, organization, { emailKeys, workspaceId }, 'unsubscribed', {
      atMs,
      detailOf: (lead) => {
        const id = byLead.get(lead.id)?.id ?? byKey.get(lead.email_key);
        return id === undefined ? {} : { message_id: id };
      },
    });
    stopped.push(...ended);
  }
  await countReports(tx, organization, stopped, byLead, 'unsubscribed', () => atMs);
}

/** Counts the reports that stopped the leads of their messages. */
async function countReports<T extends ReportedMessage>(
  tx: Transaction,
  organizationId: OrganizationId,
  stopped: readonly Lead[],
  byLead: ReadonlyMap<string, T>,
  figure: 'complained' | 'unsubscribed',
  atMsOf: (message: T) => number,
): Promise<void> {
  const deltas = stopped.flatMap(({ id, provider }) => {
    const message = byLead.get(id);
    if (message === undefined) return [];
    const { campaign_id: campaignId, step_id: stepId, variant, mailbox_id: mailboxId, sent_at: sentAt } = message;
    return campaignId === null || stepId === null
      ? []
      : [
          {
            campaignId,
            organizationId,
            stats: {
              day: dayOf(sentAt?.getTime() ?? atMsOf(message)),
              stepId,
              variant,
              mailboxId,
              provider,
              [figure]: 1,
            },
          },
        ];
  });
  if (deltas.length > 0) await count(tx, deltas);
}
