import { unreachable } from '../../base/errors.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import { buildRaw } from './build.ts';
import type { BuildOptions } from './build.ts';
import { cancelMessages } from './cancel.ts';
import { beginMessages, lockWaiting } from './claim-queries.ts';
import type { MessageRow } from './claim-queries.ts';
import type { Decision } from './decide.ts';
import type { NewMessage } from './enqueue.ts';
import { failWaiting } from './fail-waiting.ts';
import type { Candidate, Purpose } from './plan.ts';
import { suspendEach } from './settle-queries.ts';
import type { InFlight, NewEvent } from './settle.ts';
import type { Veto } from './source.ts';
import type { Change, Sources } from './sources.ts';

export interface BeginOptions extends BuildOptions {
  readonly ids: Ids;
  readonly suppressions: Pick<Suppressions, 'suppressedOf'>;
  readonly sources: Sources;
  /** Stores what sources take. */
  readonly store: (tx: Transaction, messages: readonly NewMessage[]) => Promise<readonly (string | undefined)[]>;
}

/** The clocks of one transaction, in Unix milliseconds. */
export interface Times {
  readonly realMs: number;
  /** The organization's. */
  readonly nowOf: (organization: OrganizationId) => number;
}

/** What a mailbox does next. */
export type Next =
  | { readonly kind: 'send'; readonly flight: InFlight }
  /** `untilMs` in real time; null: until it is woken. */
  | { readonly kind: 'wait'; readonly untilMs: number | null }
  /** Another process has it. */
  | { readonly kind: 'lost' };

const missing = (id: string): never => {
  throw unreachable(`no decision for the mailbox ${id}`);
};

/** After another transaction had a message that was chosen. */
const lockedPauseMs = 100;

/** Checks the chosen messages once more, builds them and marks them as `sending`. */
export async function begin(
  options: BeginOptions,
  tx: Transaction,
  holder: string,
  decisions: readonly Decision[],
  times: Times,
): Promise<{ readonly next: Map<MailboxId, Next>; readonly events: NewEvent[] }> {
  const { realMs } = times;
  const next = new Map<MailboxId, Next>();
  for (const { mailbox, nowMs, plan: made } of decisions) {
    const untilMs = made.wait?.untilMs ?? null;
    // A message that cannot be sent after all leaves its turn to the next one.
    const until = made.send !== undefined ? realMs : untilMs === null ? null : untilMs - nowMs + realMs;
    next.set(mailbox.id, { kind: 'wait', untilMs: until });
  }
  const { rows, changes, locked } = await chosenOf(options, tx, decisions, times);
  for (const id of locked) next.set(id, { kind: 'wait', untilMs: realMs + lockedPauseMs });
  const refused = rows.length === 0 ? new Map<string, string>() : await suppressedOf(options, tx, rows);
  // By the mailbox that the message has: of several mailboxes that chose one candidate, its source gave it to one.
  const deciding = new Map(decisions.map((decision) => [decision.mailbox.id, decision]));
  const decisionOf = (id: MailboxId): Decision => deciding.get(id) ?? missing(id);
  const built = await buildRaw(
    options,
    tx,
    rows.filter(({ id }) => !refused.has(id)),
    (row) => decisionOf(row.mailbox_id).mailbox,
    (row) => new Date(decisionOf(row.mailbox_id).nowMs),
  );
  for (const { id, error } of built.failed) refused.set(id, error);
  const events: NewEvent[] = [];
  if (refused.size > 0) {
    const ended = await failWaiting(
      options,
      tx,
      [...refused].map(([id, error]) => ({ id, error })),
      times.nowOf,
    );
    events.push(...ended.events);
    changes.push(...ended.changes);
  }
  await options.sources.tell(tx, changes);
  if (built.messages.length > 0)
    await beginMessages(
      tx,
      holder,
      built.messages.map(({ row, sealed }) => ({
        ...row,
        raw: sealed,
        at: new Date(decisionOf(row.mailbox_id).nowMs),
      })),
      new Date(realMs),
    );
  for (const { row, content, raw, mailbox } of built.messages) {
    const { nowMs } = decisionOf(mailbox.id);
    next.set(mailbox.id, {
      kind: 'send',
      flight: {
        message: row,
        content,
        mailbox,
        raw,
        attempt: row.attempts + 1,
        aheadMs: nowMs - realMs,
        holder,
        reservedAt: new Date(nowMs),
        lateMs: Math.max(0, nowMs - (row.due_at?.getTime() ?? nowMs)),
      },
    });
  }
  return { next, events };
}

/** Locks the stored messages that were chosen, and lets the sources store the candidates that were. */
async function chosenOf(
  options: BeginOptions,
  tx: Transaction,
  decisions: readonly Decision[],
  times: Times,
): Promise<{
  readonly rows: readonly MessageRow[];
  readonly changes: Change[];
  /** Mailboxes whose message another transaction has at the moment. */
  readonly locked: readonly MailboxId[];
}> {
  const asked = new Map<string, MailboxId>();
  const candidates: { readonly decision: Decision; readonly candidate: Candidate; readonly purpose: Purpose }[] = [];
  for (const decision of decisions) {
    const { send } = decision.plan;
    if (send?.candidate !== undefined) candidates.push({ decision, candidate: send.candidate, purpose: send.purpose });
    else if (send !== undefined) asked.set(send.id, decision.mailbox.id);
  }
  const waiting = asked.size === 0 ? [] : await lockWaiting(tx, [...asked.keys()]);
  // One that was given to another mailbox in the meantime is not this turn's.
  const stored = waiting.filter(({ id, mailbox_id: mailbox }) => asked.get(id) === mailbox);
  const present = new Set(stored.map(({ id }) => id));
  const locked = [...asked].flatMap(([id, mailbox]) => (present.has(id) ? [] : [mailbox]));
  const { confirmed, changes } = await confirm(options, tx, stored, times);
  const taken: string[] = [];
  for (const [purpose, own] of Map.groupBy(candidates, (one) => one.purpose)) {
    const chosen = own.map(({ candidate, decision: { mailbox, nowMs } }) => ({ candidate, mailbox, nowMs }));
    const ids = await options.sources.of(purpose)?.take(tx, chosen, (messages) => options.store(tx, messages));
    taken.push(...(ids?.values() ?? []));
  }
  const rows = [...confirmed, ...(taken.length === 0 ? [] : await lockWaiting(tx, taken))];
  return { rows, changes, locked };
}

/** Lets the sources check their stored messages once more, and ends or suspends those that must not begin. */
async function confirm(
  options: BeginOptions,
  tx: Transaction,
  stored: readonly MessageRow[],
  times: Times,
): Promise<{ readonly confirmed: readonly MessageRow[]; readonly changes: Change[] }> {
  const vetoes = new Map<string, Veto>();
  for (const source of options.sources.all) {
    const own = stored.filter(({ purpose }) => purpose === source.purpose);
    if (own.length === 0) continue;
    const asked = own.map((row) => ({
      messageId: row.id,
      organizationId: row.organization_id,
      campaignId: row.campaign_id,
      leadId: row.lead_id,
      stepId: row.step_id,
    }));
    for (const [id, veto] of await source.confirm(tx, asked)) vetoes.set(id, veto);
  }
  const waits = [...vetoes].flatMap(([id, veto]) => (veto.waits ? [{ id, reason: veto.reason }] : []));
  if (waits.length > 0) await suspendEach(tx, waits);
  const ends = [...vetoes].flatMap(([id, veto]) => (veto.waits ? [] : [{ id, error: veto.reason }]));
  const changes = await cancelMessages(options, tx, ends, times.nowOf);
  return { confirmed: stored.filter(({ id }) => !vetoes.has(id)), changes };
}

/** Messages whose address or domain is suppressed by now, with why. The caller's shared lock keeps it true until the commit. */
async function suppressedOf(
  { suppressions }: BeginOptions,
  tx: Transaction,
  rows: readonly MessageRow[],
): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  for (const [organization, own] of Map.groupBy(rows, (row) => row.organization_id)) {
    const addresses = own.map((row) => ({
      key: row.party_key,
      domain: row.party_domain,
      workspaceId: row.workspace_id,
    }));
    const kinds = await suppressions.suppressedOf(tx, organization, addresses);
    for (const [index, { id }] of own.entries()) if (kinds[index] !== undefined) refused.set(id, 'suppressed');
  }
  return refused;
}
