import { dayMs, hourMs } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import {
  countsOf,
  dueMessages,
  holdMessages,
  mailboxUses,
  organizationUses,
  sentByOrganizations,
} from './claim-queries.ts';
import type { DomainLimit, PaceRow, UseRow } from './claim-queries.ts';
import { asks, plan } from './plan.ts';
import type { Held, OrganizationDay, Plan, Snapshot, SourcesOffer, Uses } from './plan.ts';
import type { Sources } from './sources.ts';

export interface DecideOptions {
  readonly sources: Sources;
  /** Messages of an organization to one domain in any hour. */
  readonly organizationHourlyPerDomain: number;
  readonly seedOf: (on: Transaction, organization: OrganizationId) => Promise<Buffer>;
}

/** How many due messages of each priority are looked at: one is nearly always enough; a domain at its limit may hold back many. */
const looks = [1, 32];

/** A mailbox that may send. */
export interface Ready {
  readonly mailbox: MailboxState;
  readonly pace: PaceRow;
  /** Of its organization's clock, as are the times of its plan. */
  readonly nowMs: number;
}

/** The decision for one mailbox. */
export interface Decision extends Ready {
  readonly plan: Plan;
}

/** Plans each mailbox, and gives the messages that their domain holds back their own times. */
export async function decide(options: DecideOptions, tx: Transaction, ready: readonly Ready[]): Promise<Decision[]> {
  const decisions = new Map<MailboxId, Decision>();
  const known: Known = { uses: new Map(), offers: new Map(), days: await daysOf(tx, ready) };
  let open = ready;
  for (const look of looks) {
    if (open.length === 0) break;
    const held: Held[] = [];
    for (const { snapshot, seed, ...one } of await snapshotsOf(options, tx, open, known, look)) {
      const made = plan(one.nowMs, seed, snapshot);
      const before = decisions.get(one.mailbox.id)?.plan.reached ?? [];
      decisions.set(one.mailbox.id, { ...one, plan: { ...made, reached: [...before, ...made.reached] } });
      held.push(...made.held);
    }
    if (held.length > 0)
      await holdMessages(
        tx,
        held.map(({ id, untilMs, limit }) => ({ id, until: new Date(untilMs), limit })),
      );
    open = open.filter(({ mailbox, nowMs }) => (decisions.get(mailbox.id)?.plan.wait?.untilMs ?? Infinity) <= nowMs);
  }
  return [...decisions.values()];
}

/** What was read for the looks of one claim, by all its mailboxes. */
interface Known {
  /** Of mailboxes and organizations. */
  readonly uses: Map<string, Uses>;
  readonly offers: Map<MailboxId, SourcesOffer>;
  readonly days: ReadonlyMap<OrganizationId, OrganizationDay>;
}

/** The days (UTC) of the organizations that have a daily limit. */
async function daysOf(tx: Transaction, ready: readonly Ready[]): Promise<Map<OrganizationId, OrganizationDay>> {
  const starts = new Map(
    ready.flatMap(({ mailbox, pace, nowMs }) =>
      pace.organization_daily === null ? [] : [[mailbox.organization_id, nowMs - (nowMs % dayMs)] as const],
    ),
  );
  if (starts.size === 0) return new Map();
  const asked = [...starts].map(([organization, startMs]) => ({ organization, since: new Date(startMs) }));
  return new Map(
    (await sentByOrganizations(tx, asked)).map(({ id, daily_limit: limit, sent }) => [
      id,
      { limit, sent, endMs: (starts.get(id) ?? 0) + dayMs },
    ]),
  );
}

interface Planned extends Ready {
  readonly snapshot: Snapshot;
  readonly seed: Buffer;
}

/** What the planner needs of each mailbox. */
async function snapshotsOf(
  options: DecideOptions,
  tx: Transaction,
  ready: readonly Ready[],
  known: Known,
  look: number,
): Promise<Planned[]> {
  const asked = ready.map((one) => ({
    mailboxId: one.mailbox.id,
    dailyLimit: dailyOf(one.mailbox, one.pace, one.nowMs),
    governedLimit: one.pace.governed_limit,
    now: new Date(one.nowMs),
    // A local day has up to 25 hours.
    since: new Date(one.nowMs - dayMs - hourMs),
  }));
  const counts = new Map((await countsOf(tx, asked)).map((row) => [row.mailbox_id, row]));
  const due = Map.groupBy(await dueMessages(tx, asked, look), (row) => row.mailbox_id);
  const planned: Planned[] = [];
  for (const one of ready) {
    const { mailbox, pace } = one;
    const rows = due.get(mailbox.id) ?? [];
    const count = counts.get(mailbox.id);
    const snapshot: Snapshot = {
      mailboxId: mailbox.id,
      limits: {
        daily: dailyOf(mailbox, pace, one.nowMs),
        gapMinMs: mailbox.gap_min_seconds * 1_000,
        gapMaxMs: mailbox.gap_max_seconds * 1_000,
        hourlyPerDomain: mailbox.max_hourly_per_domain,
        timezone: mailbox.timezone,
        workHours: mailbox.work_hours,
      },
      organizationHourlyPerDomain: options.organizationHourlyPerDomain,
      organizationDay: known.days.get(mailbox.organization_id),
      slot: pace.slot,
      lastPacedMs: pace.last_sent_at?.getTime() ?? null,
      dailyLimitAgoMs: count?.limit_ago?.getTime() ?? null,
      governed:
        pace.governed_limit === null
          ? undefined
          : { messages: pace.governed_limit, agoMs: count?.governed_ago?.getTime() ?? null },
      rest:
        pace.rest_until === null || pace.rest_reason === null
          ? null
          : { untilMs: pace.rest_until.getTime(), limit: pace.rest_reason },
      waiting: rows.map(({ id, purpose, priority, party_domain: domain, has_slot: hasSlot }) => ({
        id,
        purpose,
        priority,
        domain,
        hasSlot,
      })),
      more: rows.length >= look,
      nextDueMs: count?.next_due?.getTime() ?? null,
      hasSources: options.sources.all.length > 0,
      usesOf: (domain) => ({
        mailbox: usesIn(known.uses, mailbox.id, domain),
        organization: usesIn(known.uses, mailbox.organization_id, domain),
      }),
    };
    planned.push({ ...one, snapshot, seed: await options.seedOf(tx, mailbox.organization_id) });
  }
  await askSources(options.sources, tx, planned, known.offers);
  const offered = planned.map((one) => {
    const offer = known.offers.get(one.mailbox.id);
    return offer === undefined ? one : { ...one, snapshot: { ...one.snapshot, offer } };
  });
  await loadUses(tx, offered, options.organizationHourlyPerDomain, known.uses);
  return offered;
}

/** The daily limit of a mailbox, which its server may have lowered until a time. */
export const dailyOf = (
  mailbox: Pick<MailboxState, 'daily_limit'>,
  pace: Pick<PaceRow, 'reduced_limit' | 'reduced_until'>,
  nowMs: number,
): number =>
  pace.reduced_limit !== null && pace.reduced_until !== null && pace.reduced_until.getTime() > nowMs
    ? Math.min(pace.reduced_limit, mailbox.daily_limit)
    : mailbox.daily_limit;

/** Asks every source once, for all mailboxes that may send one of its messages now. */
async function askSources(
  sources: Sources,
  tx: Transaction,
  planned: readonly Planned[],
  offers: Map<MailboxId, SourcesOffer>,
): Promise<void> {
  const asked = planned.flatMap(({ mailbox, nowMs, seed, snapshot }) => {
    const ask = offers.has(mailbox.id) ? undefined : asks(nowMs, seed, snapshot);
    return ask === undefined ? [] : [{ mailbox, nowMs, ...ask }];
  });
  if (asked.length === 0) return;
  for (const { mailbox, hoursOpen } of asked)
    offers.set(mailbox.id, { candidates: [], nextMs: null, limit: null, hoursOpen });
  for (const source of sources.all)
    for (const [id, { candidates, nextMs, limit }] of await source.offer(tx, asked)) {
      const known = offers.get(id);
      if (known === undefined) continue;
      const added = candidates.map((candidate) => ({
        id: candidate.id,
        purpose: source.purpose,
        priority: candidate.priority,
        domain: candidate.domain,
        hasSlot: false,
        candidate,
      }));
      const isFirst = nextMs !== null && (known.nextMs === null || nextMs < known.nextMs);
      offers.set(id, {
        ...known,
        candidates: [...known.candidates, ...added],
        ...(isFirst ? { nextMs, limit } : {}),
      });
    }
}

function usesIn(uses: Map<string, Uses>, owner: string, domain: string): Uses {
  const key = `${owner} ${domain}`;
  const known = uses.get(key) ?? { sent: [], slots: [] };
  uses.set(key, known);
  return known;
}

/** Loads what is not loaded yet of the domains of due messages and candidates. */
async function loadUses(
  tx: Transaction,
  planned: readonly Planned[],
  organizationLimit: number,
  uses: Map<string, Uses>,
): Promise<void> {
  const own = new Map<string, DomainLimit<MailboxId>>();
  const shared = new Map<string, DomainLimit<OrganizationId>>();
  for (const { mailbox, nowMs, snapshot } of planned) {
    const { id, organization_id: organization, max_hourly_per_domain: limit } = mailbox;
    const times = { now: new Date(nowMs), since: new Date(nowMs - hourMs) };
    for (const { domain } of [...snapshot.waiting, ...(snapshot.offer?.candidates ?? [])]) {
      if (!uses.has(`${id} ${domain}`)) own.set(`${id} ${domain}`, { owner: id, domain, limit, ...times });
      if (Number.isFinite(organizationLimit) && !uses.has(`${organization} ${domain}`))
        shared.set(`${organization} ${domain}`, { owner: organization, domain, limit: organizationLimit, ...times });
    }
  }
  const add = (limits: readonly DomainLimit<string>[], rows: readonly UseRow[]): void => {
    for (const { owner, domain } of limits) usesIn(uses, owner, domain);
    for (const { place, is_slot: isSlot, at } of rows) {
      const limit = limits[place - 1] ?? missingPlace(place);
      const { sent, slots } = usesIn(uses, limit.owner, limit.domain);
      (isSlot ? slots : sent).push(at.getTime());
    }
  };
  if (own.size > 0) add([...own.values()], await mailboxUses(tx, [...own.values()]));
  if (shared.size > 0) add([...shared.values()], await organizationUses(tx, [...shared.values()]));
}

const missingPlace = (place: number): never => {
  throw unreachable(`no limit ${place}`);
};
