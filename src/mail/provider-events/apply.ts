import { addressKey } from '../../base/email-address.ts';
import { isUuid } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { NewSuppression, Suppressions, SuppressionReason } from '../../crm/suppressions/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Leads } from '../leads/index.ts';
import { knownMessages, messagesByMessageId } from '../sending/index.ts';
import type { KnownMessage, Report, Sending } from '../sending/index.ts';
import type { Failure } from './judge.ts';
import type { ProviderEvent, ReportType } from './provider.ts';
import type { Reach } from './queries.ts';

export interface ApplyOptions {
  readonly suppressions: Pick<Suppressions, 'lock' | 'suppress'>;
  readonly sending: Pick<Sending, 'settleByReport' | 'recordDelays' | 'settleComplaints'>;
  readonly leads: Pick<Leads, 'complained' | 'optedOut' | 'lockFor'>;
  /** The organization's clock. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
}

/** A report, with the sent message that it names. */
export interface Reported {
  /** `inbound_events.id`. */
  readonly id: string;
  readonly event: ProviderEvent;
  readonly message: KnownMessage | undefined;
  /** Of a message that did not arrive. */
  readonly failure: Failure | undefined;
  readonly atMs: number;
}

const suppressing: ReadonlySet<ReportType> = new Set(['email.bounced', 'email.complained', 'email.unsubscribed']);
const failures: ReadonlySet<ReportType> = new Set(['email.bounced', 'email.failed', 'email.rejected']);

/** Whether the message did not arrive. */
export const isFailure = ({ type }: ProviderEvent): boolean => failures.has(type);

/** Locks the organization's suppressions, if the events can suppress: before any other record is locked. */
export async function lockFor(
  { suppressions }: ApplyOptions,
  tx: Transaction,
  organization: OrganizationId,
  events: readonly ProviderEvent[],
): Promise<void> {
  if (events.some(({ type }) => suppressing.has(type))) await suppressions.lock(tx, organization);
}

/** The messages of the organization, or of a workspace, that events name: by Message-ID, or by our own id. */
export async function messagesOf(
  tx: Transaction,
  { organizationId: organization, workspaceId }: Reach,
  events: readonly ProviderEvent[],
): Promise<(KnownMessage | undefined)[]> {
  const messageIds = new Set(events.flatMap((event) => event.messageIds ?? []));
  const ids = new Set(events.flatMap(({ emailId }) => (isUuid(emailId) ? [emailId.toLowerCase()] : [])));
  const known = new Map<string, KnownMessage>();
  if (messageIds.size > 0)
    for (const message of await messagesByMessageId(tx, organization, [...messageIds]))
      for (const id of [message.message_id, message.delivered_message_id]) if (id !== null) known.set(id, message);
  if (ids.size > 0)
    for (const message of await knownMessages(tx, organization, [...ids])) known.set(message.id, message);
  return events.map(({ messageIds: named = [], emailId }) =>
    [...named, emailId.toLowerCase()]
      .map((id) => known.get(id))
      .find((message) => message !== undefined && (workspaceId === undefined || message.workspace_id === workspaceId)),
  );
}

/**
 * Does what new reports say: suppresses addresses, settles messages and ends leads, each with one statement for all reports. A report
 * about another recipient than the message's does not change the message. `lockFor` comes first.
 */
export async function apply(
  { suppressions, sending, leads, nowOf }: ApplyOptions,
  tx: Transaction,
  { organizationId, workspaceId: ofSource }: Reach,
  reported: readonly Reported[],
): Promise<void> {
  const all = reported.map((each) => {
    const { event, message } = each;
    const key = addressKey(event.recipient);
    const isOwn = message !== undefined && (key === undefined || key === message.party_key);
    return { ...each, message: isOwn ? message : undefined, key: key ?? (isOwn ? message.party_key : undefined) };
  });
  const reports = strongest(all.flatMap((each) => reportOf(organizationId, each) ?? []));
  const complaints = all.flatMap(({ event: { type, details }, message, atMs }) =>
    type === 'email.complained' && message !== undefined
      ? [{ organizationId, id: message.id, feedbackType: String(details.feedback_type ?? 'abuse'), atMs, ...announced }]
      : [],
  );
  const ending = all.filter(({ event: { type } }) => suppressing.has(type));
  await leads.lockFor(tx, organizationId, {
    leadIds: all.flatMap(({ message }) => message?.lead_id ?? []),
    emailKeys: ending.flatMap(({ key }) => key ?? []),
    messageIds: [...new Set([...reports, ...complaints].map(({ id }) => id))],
  });
  // Without a message, the workspace is that of the source, if it has one.
  for (const [workspace, own] of Map.groupBy(all, ({ message }) => message?.workspace_id ?? ofSource))
    await suppressions.suppress(
      tx,
      { organizationId, workspaceId: workspace },
      own.flatMap(({ id, event, failure, message, key }): NewSuppression[] => {
        const reason = suppressionOf(event, failure);
        return reason === undefined || key === undefined
          ? []
          : [{ kind: 'email', value: key, reason, messageId: message?.id, inboundEventId: id }];
      }),
    );
  if (reports.length > 0) await sending.settleByReport(tx, reports);
  await sending.recordDelays(
    tx,
    all.flatMap(({ event: { type, status = null, answer = null }, message, atMs }) =>
      type === 'email.deferred' && message !== undefined
        ? [{ organizationId, id: message.id, source: announced.source, status, answer, atMs }]
        : [],
    ),
  );
  if (complaints.length > 0) await leads.complained(tx, await sending.settleComplaints(tx, complaints));
  const optOuts = all.flatMap(({ event, message, key }) =>
    event.type === 'email.unsubscribed' && key !== undefined ? [{ emailKey: key, message, workspaceId: ofSource }] : [],
  );
  if (optOuts.length > 0) await leads.optedOut(tx, organizationId, optOuts, await nowOf(tx, organizationId));
}

/** The event is emitted as it was reported. */
const announced = { source: 'provider_report', isAnnounced: true } as const;

function suppressionOf({ type }: ProviderEvent, failure: Failure | undefined): SuppressionReason | undefined {
  if (type === 'email.complained') return 'complaint';
  if (type === 'email.unsubscribed') return 'unsubscribed';
  return type === 'email.bounced' && failure?.type === 'hard' ? 'hard_bounce' : undefined;
}

/** What a report says of the message. */
function reportOf(
  organizationId: OrganizationId,
  { event: { type }, message, failure, atMs }: Omit<Reported, 'id'>,
): Report | undefined {
  if (message === undefined) return undefined;
  const report = { organizationId, id: message.id, atMs, ...announced };
  if (failure !== undefined) {
    const { type: kind, reason, cause, diagnostic } = failure;
    const bounce = { type: kind === 'hard' ? kind : ('soft' as const), reason, cause, diagnostic };
    return { ...report, fact: 'reported_bounced', bounce };
  }
  if (type === 'email.sent') return { ...report, fact: 'found' };
  // Opens, clicks and complaints settle nothing.
  return type === 'email.delivered' ? { ...report, fact: 'reported_delivered' } : undefined;
}

/** Of several reports about one message, the one that says most. */
function strongest(reports: readonly Report[]): Report[] {
  const best = new Map<string, Report>();
  const rank = ({ fact, bounce }: Report): number =>
    fact === 'found' ? 0 : fact === 'reported_delivered' ? 1 : bounce?.type === 'hard' ? 3 : 2;
  for (const report of reports) {
    const before = best.get(report.id);
    if (before === undefined || rank(report) > rank(before)) best.set(report.id, report);
  }
  return [...best.values()];
}
