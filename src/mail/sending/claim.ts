import { hourMs, dayMs } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import type { Ids, MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import { sendableAt } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import { buildRaw } from './build.ts';
import type { BuildOptions } from './build.ts';
import {
  beginMessages,
  countsOf,
  countSince,
  dueMessages,
  holdMessages,
  lockWaiting,
  mailboxUses,
  organizationUses,
  savePaces,
} from './claim-queries.ts';
import type { DomainLimit, DueRow, MessageRow, PaceRow, UseRow } from './claim-queries.ts';
import { failWaiting, failWaitingOf } from './fail-waiting.ts';
import { isPaced, plan } from './plan.ts';
import type { Held, Limit, Plan, Reached, Snapshot, Uses } from './plan.ts';
import type { InFlight, NewEvent } from './settle.ts';

export interface ClaimOptions extends BuildOptions {
  readonly ids: Ids;
  readonly vault: Vault;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf'>;
  readonly suppressions: Pick<Suppressions, 'suppressed'>;
  /** Messages of an organization to one domain in any hour. */
  readonly organizationHourlyPerDomain: number;
  readonly seedOf: (on: Transaction, organization: OrganizationId) => Promise<Buffer>;
}

/** What a mailbox does next. */
export type Next =
  | { readonly kind: 'send'; readonly flight: InFlight }
  /** `untilMs` null: until it is woken. */
  | { readonly kind: 'wait'; readonly untilMs: number | null }
  /** Another process has it. */
  | { readonly kind: 'lost' };

/** How many due messages of each priority are looked at: one is nearly always enough; a domain at its limit may hold back many. */
const looks = [1, 32];

/** The decision for one mailbox. */
interface Decision {
  readonly mailbox: MailboxState;
  readonly pace: PaceRow;
  readonly plan: Plan;
}

/**
 * Begins the next message of each mailbox, if no limit holds it back: repeats every check on fresh rows, reserves, builds the bytes once and
 * stores them. Call it under the locks of the organizations and mailboxes.
 * @returns what each mailbox does next, and the events to emit
 */
export async function claim(
  options: ClaimOptions,
  tx: Transaction,
  holder: string,
  paces: readonly PaceRow[],
  nowMs: number,
): Promise<{ readonly next: ReadonlyMap<MailboxId, Next>; readonly events: NewEvent[] }> {
  if (paces.length === 0) return { next: new Map(), events: [] };
  const states = new Map(
    (
      await options.mailboxes.settingsOf(
        tx,
        paces.map((pace) => pace.mailbox_id),
      )
    ).map((row) => [row.id, row]),
  );
  const events: NewEvent[] = [];
  const decisions: Decision[] = [];
  const ready: { mailbox: MailboxState; pace: PaceRow }[] = [];
  for (const pace of paces) {
    const mailbox = states.get(pace.mailbox_id) ?? missing(pace.mailbox_id);
    if (mailbox.deleted_at !== null) {
      const ended = await failWaitingOf(options, tx, mailbox.id, 'mailbox_deleted', nowMs);
      events.push(...ended.events);
      decisions.push({ mailbox, pace, plan: waiting(ended.more ? nowMs : null, null) });
      continue;
    }
    const fromMs = sendableAt(mailbox);
    if (fromMs === null || fromMs > nowMs) decisions.push({ mailbox, pace, plan: waiting(fromMs, limitOf(mailbox)) });
    else ready.push({ mailbox, pace });
  }
  decisions.push(...(await decide(options, tx, ready, nowMs)));
  const begun = await begin(options, tx, holder, decisions, nowMs);
  events.push(...begun.events);
  events.push(...(await save(tx, decisions, begun.next, nowMs)));
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
export const limitOf = ({ status }: Pick<MailboxState, 'status'>): Limit =>
  status === 'connected' ? 'mailbox_degraded' : `mailbox_${status}`;

/** Plans each mailbox, and gives the messages that their domain holds back their own times. */
async function decide(
  options: ClaimOptions,
  tx: Transaction,
  ready: readonly { readonly mailbox: MailboxState; readonly pace: PaceRow }[],
  nowMs: number,
): Promise<Decision[]> {
  const decisions = new Map<MailboxId, Decision>();
  const uses = new Map<string, Uses>();
  let open = ready;
  for (const look of looks) {
    if (open.length === 0) break;
    const snapshots = await snapshotsOf(options, tx, open, uses, look, nowMs);
    const held: Held[] = [];
    for (const { mailbox, pace, snapshot } of snapshots) {
      const made = plan(nowMs, await options.seedOf(tx, mailbox.organization_id), snapshot);
      const before = decisions.get(mailbox.id)?.plan.reached ?? [];
      decisions.set(mailbox.id, { mailbox, pace, plan: { ...made, reached: [...before, ...made.reached] } });
      held.push(...made.held);
    }
    if (held.length > 0)
      await holdMessages(
        tx,
        held.map(({ id, untilMs, limit }) => ({ id, until: new Date(untilMs), limit })),
      );
    open = open.filter(({ mailbox }) => (decisions.get(mailbox.id)?.plan.wait?.untilMs ?? Infinity) <= nowMs);
  }
  return [...decisions.values()];
}

/** What the planner needs of each mailbox. @param uses of mailboxes and organizations, shared by all mailboxes of the claim */
async function snapshotsOf(
  { organizationHourlyPerDomain }: ClaimOptions,
  tx: Transaction,
  ready: readonly { readonly mailbox: MailboxState; readonly pace: PaceRow }[],
  uses: Map<string, Uses>,
  look: number,
  nowMs: number,
): Promise<{ readonly mailbox: MailboxState; readonly pace: PaceRow; readonly snapshot: Snapshot }[]> {
  const now = new Date(nowMs);
  const dailyOf = ({ mailbox, pace }: { mailbox: MailboxState; pace: PaceRow }): number =>
    pace.reduced_limit !== null && pace.reduced_until !== null && pace.reduced_until > now
      ? Math.min(pace.reduced_limit, mailbox.daily_limit)
      : mailbox.daily_limit;
  const asked = ready.map((one) => ({ mailboxId: one.mailbox.id, dailyLimit: dailyOf(one) }));
  // A local day has up to 25 hours.
  const counts = new Map(
    (await countsOf(tx, asked, now, new Date(nowMs - dayMs - hourMs))).map((row) => [row.mailbox_id, row]),
  );
  const due = Map.groupBy(
    await dueMessages(
      tx,
      ready.map(({ mailbox }) => mailbox.id),
      now,
      look,
    ),
    (row) => row.mailbox_id,
  );
  await loadUses(
    tx,
    ready.map(({ mailbox }) => mailbox),
    due,
    organizationHourlyPerDomain,
    uses,
    nowMs,
  );
  return ready.map(({ mailbox, pace }) => {
    const rows = due.get(mailbox.id) ?? [];
    const count = counts.get(mailbox.id);
    const snapshot: Snapshot = {
      mailboxId: mailbox.id,
      limits: {
        daily: dailyOf({ mailbox, pace }),
        gapMinMs: mailbox.gap_min_seconds * 1_000,
        gapMaxMs: mailbox.gap_max_seconds * 1_000,
        hourlyPerDomain: mailbox.max_hourly_per_domain,
        timezone: mailbox.timezone,
        workHours: mailbox.work_hours,
      },
      organizationHourlyPerDomain,
      slot: pace.slot,
      lastPacedMs: pace.last_sent_at?.getTime() ?? null,
      dailyLimitAgoMs: count?.limit_ago?.getTime() ?? null,
      rest:
        pace.rest_until === null || pace.rest_reason === null
          ? null
          : { untilMs: pace.rest_until.getTime(), limit: pace.rest_reason },
      waiting: rows.map(({ id, purpose, party_domain: domain, has_slot: hasSlot }) => ({
        id,
        purpose,
        domain,
        hasSlot,
      })),
      more: rows.length >= look,
      nextDueMs: count?.next_due?.getTime() ?? null,
      usesOf: (domain) => ({
        mailbox: usesIn(uses, mailbox.id, domain),
        organization: usesIn(uses, mailbox.organization_id, domain),
      }),
    };
    return { mailbox, pace, snapshot };
  });
}

function usesIn(uses: Map<string, Uses>, owner: string, domain: string): Uses {
  const key = `${owner} ${domain}`;
  const known = uses.get(key) ?? { sent: [], slots: [] };
  uses.set(key, known);
  return known;
}

/** Loads what is not loaded yet of the domains of due messages. */
async function loadUses(
  tx: Transaction,
  mailboxes: readonly MailboxState[],
  due: ReadonlyMap<MailboxId, readonly DueRow[]>,
  organizationLimit: number,
  uses: Map<string, Uses>,
  nowMs: number,
): Promise<void> {
  const [now, since] = [new Date(nowMs), new Date(nowMs - hourMs)];
  const own = new Map<string, DomainLimit<MailboxId>>();
  const shared = new Map<string, DomainLimit<OrganizationId>>();
  for (const { id, organization_id: organization, max_hourly_per_domain: limit } of mailboxes)
    for (const { party_domain: domain } of due.get(id) ?? []) {
      if (!uses.has(`${id} ${domain}`)) own.set(`${id} ${domain}`, { owner: id, domain, limit });
      if (Number.isFinite(organizationLimit) && !uses.has(`${organization} ${domain}`))
        shared.set(`${organization} ${domain}`, { owner: organization, domain, limit: organizationLimit });
    }
  const add = (limits: readonly DomainLimit<string>[], rows: readonly UseRow[]): void => {
    for (const { owner, domain } of limits) usesIn(uses, owner, domain);
    for (const { place, is_slot: isSlot, at } of rows) {
      const limit = limits[place - 1] ?? missingPlace(place);
      const { sent, slots } = usesIn(uses, limit.owner, limit.domain);
      (isSlot ? slots : sent).push(at.getTime());
    }
  };
  if (own.size > 0) add([...own.values()], await mailboxUses(tx, [...own.values()], now, since));
  if (shared.size > 0) add([...shared.values()], await organizationUses(tx, [...shared.values()], now, since));
}

const missingPlace = (place: number): never => {
  throw unreachable(`no limit ${place}`);
};

/** Checks the chosen messages once more, builds them and marks them as `sending`. */
async function begin(
  options: ClaimOptions,
  tx: Transaction,
  holder: string,
  decisions: readonly Decision[],
  nowMs: number,
): Promise<{ readonly next: Map<MailboxId, Next>; readonly events: NewEvent[] }> {
  const now = new Date(nowMs);
  const next = new Map<MailboxId, Next>();
  const events: NewEvent[] = [];
  const chosen = new Map<string, Decision>();
  for (const decision of decisions) {
    const { mailbox, plan: made } = decision;
    if (made.send !== undefined) chosen.set(made.send.id, decision);
    // A message that cannot be sent after all leaves its turn to the next one.
    next.set(mailbox.id, { kind: 'wait', untilMs: made.send === undefined ? (made.wait?.untilMs ?? null) : nowMs });
  }
  if (chosen.size === 0) return { next, events };
  const rows = await lockWaiting(tx, [...chosen.keys()]);
  const refused = await suppressedOf(options, tx, rows);
  const allowed = rows.filter(({ id }) => !refused.has(id));
  const built = await buildRaw(
    options,
    tx,
    allowed,
    (row) => chosen.get(row.id)?.mailbox ?? missing(row.mailbox_id),
    now,
  );
  for (const { id, error } of built.failed) refused.set(id, error);
  if (refused.size > 0) {
    const ended = await failWaiting(
      options,
      tx,
      [...refused].map(([id, error]) => ({ id, error })),
      nowMs,
    );
    events.push(...ended.events);
  }
  if (built.messages.length > 0)
    await beginMessages(
      tx,
      holder,
      built.messages.map(({ row, sealed }) => ({ ...row, raw: sealed })),
      now,
    );
  for (const { row, content, raw, mailbox } of built.messages)
    next.set(mailbox.id, {
      kind: 'send',
      flight: {
        message: row,
        content,
        mailbox,
        raw,
        attempt: row.attempts + 1,
        holder,
        reservedAt: now,
        lateMs: Math.max(0, nowMs - (row.due_at?.getTime() ?? nowMs)),
      },
    });
  return { next, events };
}

/** Messages whose address or domain is suppressed by now, with why. The caller's shared lock keeps it true until the commit. */
async function suppressedOf(
  { suppressions }: ClaimOptions,
  tx: Transaction,
  rows: readonly MessageRow[],
): Promise<Map<string, string>> {
  const refused = new Map<string, string>();
  for (const [organization, own] of Map.groupBy(rows, (row) => row.organization_id)) {
    const addresses = own.map((row) => ({ key: row.party_key, domain: row.party_domain }));
    const found = await suppressions.suppressed(tx, organization, addresses);
    for (const { id, party_key: key } of own) if (found.has(key)) refused.set(id, 'suppressed');
  }
  return refused;
}

/** Writes when each mailbox looks again, and reports limits that were not reported in their window. */
async function save(
  tx: Transaction,
  decisions: readonly Decision[],
  next: ReadonlyMap<MailboxId, Next>,
  nowMs: number,
): Promise<NewEvent[]> {
  const now = new Date(nowMs);
  const events: NewEvent[] = [];
  const rows = [];
  for (const { mailbox, pace, plan: made } of decisions) {
    const then = next.get(mailbox.id);
    const isPacedSend = then?.kind === 'send' && isPaced(then.flight.message.purpose);
    const reached = new Map(Object.entries(pace.reached).filter(([, until]) => until > nowMs));
    for (const one of await reachedOf(tx, mailbox, pace, made, nowMs)) {
      const key = one.domain === undefined ? one.limit : `${one.limit} ${one.domain}`;
      if (reached.has(key)) continue;
      reached.set(key, one.quietUntilMs);
      events.push(limitEvent(mailbox, one, nowMs));
    }
    const untilMs = then?.kind === 'wait' ? then.untilMs : nowMs;
    rows.push({
      mailboxId: mailbox.id,
      nextAt: untilMs === null ? null : new Date(untilMs),
      blockedReason: then?.kind === 'wait' ? (made.wait?.limit ?? null) : null,
      slot: pace.slot + (isPacedSend ? 1 : 0),
      lastSentAt: isPacedSend ? now : pace.last_sent_at,
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
  return [{ limit: 'provider_limit', value, resetsAtMs: rest.getTime(), quietUntilMs: rest.getTime() }];
}

const limitEvent = (
  { id, organization_id: organization, workspace_id: workspace, email }: MailboxState,
  { limit, value, resetsAtMs }: Reached,
  nowMs: number,
): NewEvent => ({
  organizationId: organization,
  workspaceId: workspace ?? undefined,
  type: 'sending.limit_reached',
  data: { mailbox_id: id, email, limit, value, resets_at: new Date(resetsAtMs).toISOString() },
  occurredAtMs: nowMs,
});
