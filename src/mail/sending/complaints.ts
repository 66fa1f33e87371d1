import type { Editor } from '../../crm/records/index.ts';
import { dayOf } from '../../base/clock.ts';
import { count } from '../health/index.ts';
import { suppressEach } from './suppress.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { MessageRow } from './claim-queries.ts';
import { emailEvent, isSilent, openContent } from './content.ts';
import type { ReportsOptions } from './reports.ts';
import { complainedOf, insertHistory, lockMessages } from './settle-queries.ts';

/** A recipient marked a message as spam (RFC 5965). */
export interface Complaint {
  readonly organizationId: OrganizationId;
  /** `messages.id`. */
  readonly id: string;
  /** `abuse` or `fraud`. */
  readonly feedbackType: string;
  readonly atMs: number;
  /** `feedback_report` by default. */
  readonly source?: string;
  /** The caller emits the event of the complaint. */
  readonly isAnnounced?: boolean;
}

/** A message that was complained about for the first time. */
export interface Complained extends Pick<
  MessageRow,
  'id' | 'organization_id' | 'workspace_id' | 'campaign_id' | 'lead_id' | 'step_id' | 'variant' | 'mailbox_id'
> {
  readonly sent_at: Date | null;
  readonly atMs: number;
}

/**
 * Takes complaints of one organization: suppresses the recipients, with the events and history. A second complaint about a message changes
 * nothing. Call it before other records are locked.
 * @returns the messages complained about for the first time
 * @example
 * const fresh = await settleComplaints(options, tx, [{ organizationId, id, feedbackType: 'abuse', atMs: clock.now() }]);
 */
export async function settleComplaints(
  { ids, vault, suppressions, emitAll }: ReportsOptions,
  tx: Transaction,
  complaints: readonly Complaint[],
): Promise<readonly Complained[]> {
  const [one] = complaints;
  if (one === undefined) return [];
  const { organizationId } = one;
  const byMessage = new Map(complaints.map((complaint) => [complaint.id, complaint]));
  await suppressions.lock(tx, organizationId);
  const rows = await lockMessages(tx, organizationId, [...byMessage.keys()]);
  const known = await complainedOf(tx, [...byMessage.keys()]);
  const fresh = rows.flatMap((row) => {
    const complaint = byMessage.get(row.id);
    // The recipient of an empty message was erased.
    return complaint === undefined || known.has(row.id) || row.content.length === 0 ? [] : [{ row, complaint }];
  });
  if (fresh.length === 0) return [];
  await insertHistory(
    tx,
    fresh.map(({ row, complaint: { feedbackType, atMs, source = 'feedback_report' } }) => ({
      messageId: row.id,
      id: ids.next(),
      organizationId,
      kind: 'complained',
      detail: { source, feedback_type: feedbackType },
      at: new Date(atMs),
    })),
  );
  await suppressEach(
    suppressions,
    tx,
    fresh.map(({ row }) => row),
    'complaint',
  );
  const events = await Promise.all(
    fresh
      .filter(({ row, complaint }) => complaint.isAnnounced !== true && !isSilent(row))
      .map(async ({ row, complaint: { feedbackType, atMs } }) => {
        const { subject } = await openContent(vault, tx, row);
        return emailEvent('email.complained', row, subject, atMs, { feedback_type: feedbackType });
      }),
  );
  await emitAll(tx, events);
  count(
    tx,
    fresh.map(({ row, complaint: { atMs } }) => ({
      mailboxId: row.mailbox_id,
      organizationId,
      day: dayOf(row.sent_at?.getTime() ?? atMs),
      complained: 1,
    })),
  );
  return fresh.map(({ row, complaint: { atMs } }) => ({ ...row, atMs }));
}

/**
 * Recipients who said that messages of one workspace are no spam: lifts what a complaint of theirs suppressed. Call it before other
 * records are locked.
 */
export async function liftComplaints(
  { suppressions }: Pick<ReportsOptions, 'suppressions'>,
  tx: Transaction,
  editor: Editor,
  keys: readonly string[],
): Promise<void> {
  await suppressions.liftAddresses(tx, editor, [...new Set(keys)], 'complaint');
}
