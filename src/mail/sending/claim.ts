import { dayMs } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { sendableAt } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import { begin } from './begin.ts';
import type { BeginOptions, Next, Times } from './begin.ts';
import { localDay } from './calendar.ts';
import { countSince, isReached, savePaces } from './claim-queries.ts';
import type { PaceRow } from './claim-queries.ts';
import { decide } from './decide.ts';
import type { DecideOptions, Decision, Ready } from './decide.ts';
import { failWaitingOf } from './fail-waiting.ts';
import { isPaced } from './plan.ts';
import type { Limit, Plan, Reached } from './plan.ts';
import type { NewEvent } from './settle.ts';
import type { Change } from './sources.ts';

export interface ClaimOptions extends BeginOptions, DecideOptions {
  readonly mailboxes: Pick<Mailboxes, 'settingsOf'>;
}

/** What a claim tells besides the next messages. */
export interface Claimed {
  readonly next: ReadonlyMap<MailboxId, Next>;
  readonly events: NewEvent[];
}

/**
 * Begins the next message of each mailbox, if no limit holds it back: repeats every check on fresh rows, reserves, builds the bytes once and
 * stores them. Call it under the locks of the organizations and mailboxes.
 * @param changes what the transaction has changed so far, which the sources get before they are asked
 * @returns what each mailbox does next, and the events to emit
 */
export async function claim(
  options: ClaimOptions,
  tx: Transaction,
  holder: string,
  paces: readonly PaceRow[],
  times: Times,
  changes: readonly Change[],
): Promise<Claimed> {
  if (paces.length === 0) {
    await options.sources.tell(tx, changes);
    return { next: new Map(), events: [] };
  }
  const states = new Map(
    (
      await options.mailboxes.settingsOf(
        tx,
        paces.map((pace) => pace.mailbox_id),
      )
    ).map((row) => [row.id, row]),
  );
  const events: NewEvent[] = [];
  const told = [...changes];
  const decisions: Decision[] = [];
  const ready: Ready[] = [];
  for (const pace of paces) {
    const mailbox = states.get(pace.mailbox_id) ?? missing(pace.mailbox_id);
    const nowMs = times.nowOf(mailbox.organization_id);
    const one = { mailbox, pace, nowMs };
    if (mailbox.deleted_at !== null) {
      const ended = await failWaitingOf(options, tx, mailbox.id, 'mailbox_deleted', times.nowOf);
      events.push(...ended.events);
      told.push(...ended.changes);
      decisions.push({ ...one, plan: waiting(ended.more ? nowMs : null, null) });
      continue;
    }
    const fromMs = sendableAt(mailbox);
    if (fromMs === null || fromMs > times.realMs)
      decisions.push({
        ...one,
        plan: waiting(fromMs === null ? null : fromMs + nowMs - times.realMs, limitOf(mailbox)),
      });
    else ready.push(one);
  }
  await options.sources.tell(tx, told);
  decisions.push(...(await decide(options, tx, ready)));
  const begun = await begin(options, tx, holder, decisions, times);
  events.push(...begun.events);
  events.push(...(await save(tx, decisions, begun.next, times)));
  return { next: begun.next, events };
}

const missing = (id: MailboxId): never => {
  throw unreachable(`no mailbox ${id}`);
};

const waiting = (untilMs: number | null, limit: Limit | null): Plan => ({
  wait: { untilMs, limit },
  held: [],
  reached: [],
});

/** Why nothing can be sent from a mailbox now. */
export const limitOf = ({ status, role }: Pick<MailboxState, 'status' | 'role'>): Limit =>
  role === 'seed' ? 'mailbox_seed' : status === 'connected' ? 'mailbox_degraded' : `mailbox_${status}`;

/** Writes when each mailbox looks again, and reports limits that were not reported today. */
async function save(
  tx: Transaction,
  decisions: readonly Decision[],
  next: ReadonlyMap<MailboxId, Next>,
  { realMs }: Times,
): Promise<NewEvent[]> {
  const events: NewEvent[] = [];
  const rows = [];
  /** Limits of organizations, which another of their mailboxes may have reported. */
  const reported = new Set<string>();
  for (const { mailbox, pace, nowMs, plan: made } of decisions) {
    const then = next.get(mailbox.id);
    const isPacedSend = then?.kind === 'send' && isPaced(then.flight.message.purpose);
    const reached = new Map(Object.entries(pace.reached).filter(([, until]) => until > nowMs));
    for (const one of await reachedOf(tx, mailbox, pace, made, nowMs)) {
      const key = one.domain === undefined ? one.limit : `${one.limit} ${one.domain}`;
      if (reached.has(key)) continue;
      reached.set(key, one.quietUntilMs);
      if (one.of === 'organization') {
        const shared = `${mailbox.organization_id} ${key}`;
        if (reported.has(shared) || (await isReached(tx, mailbox.organization_id, key, nowMs))) continue;
        reported.add(shared);
      }
      events.push(limitEvent(mailbox, one, nowMs));
    }
    const untilMs = then?.kind === 'wait' ? then.untilMs : realMs;
    rows.push({
      mailboxId: mailbox.id,
      nextAt: untilMs === null ? null : new Date(untilMs),
      blockedReason: then?.kind === 'wait' ? (made.wait?.limit ?? null) : null,
      slot: pace.slot + (isPacedSend ? 1 : 0),
      lastSentAt: isPacedSend ? new Date(nowMs) : pace.last_sent_at,
      reached: Object.fromEntries(reached),
    });
  }
  await savePaces(tx, rows);
  return events;
}

/** The plan's, and the provider's own limit. */
async function reachedOf(
  tx: Transaction,
  mailbox: MailboxState,
  { rest_until: rest }: PaceRow,
  { wait, reached }: Plan,
  nowMs: number,
): Promise<readonly Reached[]> {
  if (wait?.limit !== 'provider_limit' || rest === null) return reached;
  const value = await countSince(tx, mailbox.id, new Date(nowMs - dayMs));
  const resetsAtMs = rest.getTime();
  const { endMs } = localDay(nowMs, mailbox.timezone);
  return [{ limit: 'provider_limit', of: 'mailbox', value, resetsAtMs, quietUntilMs: Math.max(resetsAtMs, endMs) }];
}

function limitEvent(
  { id, organization_id: organization, workspace_id: workspace, email }: MailboxState,
  { limit, of, domain, value, resetsAtMs }: Reached,
  nowMs: number,
): NewEvent {
  const own = of === 'mailbox';
  return {
    organizationId: organization,
    workspaceId: own ? (workspace ?? undefined) : undefined,
    type: 'sending.limit_reached',
    data: {
      mailbox_id: own ? id : null,
      email: own ? email : null,
      limit,
      domain: domain ?? null,
      value,
      resets_at: new Date(resetsAtMs).toISOString(),
    },
    occurredAtMs: nowMs,
  };
}
