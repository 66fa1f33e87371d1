import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { EmitAll } from '../../events/index.ts';
import type { MessageRow } from './claim-queries.ts';
import { emailEvent, openContent } from './content.ts';
import { markFull } from './full-mailboxes.ts';
import { insertHistory, learn, lockMessages, unknownOf } from './settle-queries.ts';
import type { NewEvent } from './settle.ts';
import { changeOf } from './sources.ts';
import type { Change, Sources } from './sources.ts';
import { transitions } from './state.ts';
import type { Fact, Status } from './state.ts';

/** What was learnt of a sent message without another attempt. */
export interface Report {
  readonly organizationId: OrganizationId;
  /** `messages.id`. */
  readonly id: string;
  readonly fact: Extract<Fact, 'found' | 'missing' | 'reported_delivered' | 'reported_bounced'>;
  /** Of `reported_bounced`. Only `hard` suppresses the recipient; use `soft` for a block. */
  readonly bounce?: {
    readonly type: 'hard' | 'soft';
    readonly reason: string;
    /** In the words of Sisimai, such as `mailboxfull`. */
    readonly cause: string;
    readonly diagnostic: string | null;
  };
  /** Where it was learnt, for the history: `sent_folder`, `delivery_report`, `reply`. */
  readonly source: string;
  readonly atMs: number;
}

export interface ReportsOptions {
  readonly ids: Ids;
  readonly vault: Vault;
  readonly suppressions: Pick<Suppressions, 'lock' | 'suppress' | 'liftAddresses'>;
  readonly emitAll: EmitAll;
  readonly sources: Pick<Sources, 'tell'>;
  /** Lets mailboxes look for what is due next. */
  readonly wake: (tx: Transaction, mailboxes: readonly MailboxId[]) => Promise<void>;
}

/** A server has had it, so `email.sent` was emitted. */
const isSent = (status: Status): boolean => status === 'sent' || status === 'delivered' || status === 'bounced';

/**
 * Settles sent messages by reports, with their events and history. One that is settled already, or that a report cannot change, stays.
 * Reports of one call have one organization. Call it before other records are locked in the transaction.
 * @returns the ids of the messages that were changed
 * @example
 * await settleByReport(tx, [{ organizationId, id, fact: 'reported_delivered', source: 'delivery_report', atMs: clock.now() }]);
 */
export async function settleByReport(
  { ids, vault, suppressions, emitAll, sources, wake }: ReportsOptions,
  tx: Transaction,
  reports: readonly Report[],
): Promise<readonly string[]> {
  const [one] = reports;
  if (one === undefined) return [];
  const { organizationId } = one;
  // A suppression is locked before the messages, as every transaction does it.
  if (reports.some(({ bounce }) => bounce?.type === 'hard')) await suppressions.lock(tx, organizationId);
  // The leads of messages whose fate becomes known go on. Mailboxes are locked before messages.
  const unknown = await unknownOf(
    tx,
    organizationId,
    reports.map(({ id }) => id),
  );
  await wake(tx, unknown);
  const rows = new Map(
    (
      await lockMessages(
        tx,
        organizationId,
        reports.map(({ id }) => id),
      )
    ).map((row) => [row.id, row]),
  );
  const events: NewEvent[] = [];
  const changed: string[] = [];
  const changes: Change[] = [];
  for (const report of reports) {
    const row = rows.get(report.id);
    const status = row === undefined ? undefined : transitions[row.status][report.fact];
    if (row === undefined || status === undefined || changed.includes(row.id)) continue;
    changed.push(row.id);
    changes.push(changeOfReport(row, status, report));
    // Another server's clock may be behind.
    const atMs = Math.max(report.atMs, row.sent_at?.getTime() ?? 0);
    const at = new Date(atMs);
    await learn(tx, row.id, report.fact, {
      status,
      error: report.bounce?.diagnostic ?? null,
      sentAt: status === 'not_found' ? null : at,
      dueAt: null,
      reconcileAt: null,
    });
    await insertHistory(tx, [
      {
        messageId: row.id,
        id: ids.next(),
        organizationId,
        kind: report.fact,
        detail: {
          source: report.source,
          reason: report.bounce?.reason ?? null,
          bounce_type: report.bounce?.type ?? null,
          cause: report.bounce?.cause ?? null,
          answer: report.bounce?.diagnostic ?? null,
        },
        at,
      },
    ]);
    if (report.bounce?.type === 'hard')
      await suppressions.suppress(tx, { organizationId }, [
        { kind: 'email', value: row.party_key, reason: 'hard_bounce', messageId: row.id },
      ]);
    if (status === 'not_found') continue;
    const { subject } = await openContent(vault, tx, row);
    if (!isSent(row.status)) {
      events.push(emailEvent('email.sent', row, subject, atMs));
      if (status !== 'bounced') events.push(emailEvent('email.delivered', row, subject, atMs));
    }
    if (status === 'bounced')
      events.push(
        emailEvent('email.bounced', row, subject, atMs, {
          bounce_type: report.bounce?.type ?? null,
          reason: report.bounce?.reason ?? null,
          cause: report.bounce?.cause ?? null,
          diagnostic: report.bounce?.diagnostic ?? null,
        }),
      );
  }
  const full = reports.filter(({ id, bounce }) => bounce?.cause === 'mailboxfull' && changed.includes(id));
  if (full.length > 0) await markFull(tx, full);
  await sources.tell(tx, changes);
  await emitAll(tx, events);
  return changed;
}

const changeOfReport = (
  row: MessageRow & { readonly status: Status },
  status: Status,
  { fact, bounce, atMs }: Report,
): Change =>
  changeOf(row, {
    fact,
    before: row.status,
    status,
    reason: bounce?.reason ?? null,
    error: bounce?.diagnostic ?? null,
    atMs,
    ...(bounce === undefined ? {} : { bounce: { type: bounce.reason === 'block' ? 'block' : bounce.type } }),
  });
