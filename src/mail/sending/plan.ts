import { createHmac, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { dayMs, hourMs } from '../../base/clock.ts';
import { localDay, nextOpen } from './calendar.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { WorkHours } from './calendar.ts';

export type Purpose = 'direct' | 'campaign' | 'warmup' | 'self_test';

/** 0 is sent first. Each is read on its own, so there are few. */
export const priorities = [0, 1, 2, 3] as const;

/** Why a message waits, as the API names it. */
export type Limit =
  | 'mailbox_daily_limit'
  | 'mailbox_gap'
  | 'outside_window'
  /** What the ramp of its warm-up or its health allows on a local day. */
  | 'warmup_limit'
  | 'domain_hourly_limit'
  | 'organization_limit'
  /** The mailbox's server asked for a rest. */
  | 'provider_limit'
  | 'domain_auth_failing'
  | 'deferred_by_server'
  /** Of campaigns. */
  | 'campaign_paused'
  | 'campaign_daily_limit'
  | 'new_lead_limit'
  /** Its mailbox cannot send. */
  | `mailbox_${'seed' | 'connecting' | 'degraded' | 'auth_failed' | 'paused' | 'disconnected'}`;

/** What a person sets for a mailbox. */
export interface MailboxLimits {
  /** Messages in any 24 hours, and in one local day. */
  readonly daily: number;
  readonly gapMinMs: number;
  readonly gapMaxMs: number;
  readonly hourlyPerDomain: number;
  readonly timezone: string;
  readonly workHours: WorkHours;
}

/** A message that a mailbox could send now, and that is not stored yet. */
export interface Candidate {
  /** The source's own; unique among its candidates. */
  readonly id: string;
  readonly mailboxId: MailboxId;
  /** Of the recipient, in A-labels. */
  readonly domain: string;
  /** The lowest is sent first. */
  readonly priority: 1 | 2 | 3;
  /** When it became due, in Unix milliseconds of the organization's clock. */
  readonly atMs: number;
  /** Sent outside the work hours of the mailbox, too. */
  readonly ignoresHours: boolean;
}

/** What a source has for a mailbox. */
export interface Offer {
  /** In the order in which they should be sent within a priority; of each domain one, so that a domain at its limit holds back no other. */
  readonly candidates: readonly Candidate[];
  /** When to ask again if none is sent, as if the mailbox's work hours were open; null: when the mailbox is woken. The organization's clock. */
  readonly nextMs: number | null;
  /** What decides `nextMs`; null: nothing is due before. */
  readonly limit: Limit | null;
}

/** A message that is due: a stored one, or the candidate of a source. */
export interface Waiting {
  readonly id: string;
  readonly purpose: Purpose;
  readonly priority: number;
  readonly candidate?: Candidate;
  readonly domain: string;
  /** Whether a limit of its recipient's domain gave it this time. */
  readonly hasSlot: boolean;
}

/** Messages to one domain within an hour: times as Unix milliseconds, the newest first, at most as many as the limit. */
export interface Uses {
  /** Sent or reserved. */
  readonly sent: number[];
  /** Given to messages that wait, in the future. */
  readonly slots: number[];
}

/** A day of an organization that has a daily limit. */
export interface OrganizationDay {
  readonly limit: number;
  readonly endMs: number;
  sent: number;
}

/** One mailbox as a claim finds it. The planner adds what it decides to `uses` and the day, which mailboxes of one organization share. */
export interface Snapshot {
  readonly mailboxId: string;
  readonly limits: MailboxLimits;
  /** Messages to one domain in any hour, of the whole organization. */
  readonly organizationHourlyPerDomain: number;
  /** Undefined: it has no daily limit. */
  readonly organizationDay?: OrganizationDay | undefined;
  /** How many paced messages were sent; the gap after each is drawn from this number. */
  readonly slot: number;
  readonly lastPacedMs: number | null;
  /** When the mailbox sent the message that is as many messages ago as its daily limit; null if it has sent fewer in 25 hours. */
  readonly dailyLimitAgoMs: number | null;
  /** The most messages of a local day before paced ones wait, and when the one was sent that is so many ago; undefined: not governed. */
  readonly governed?: { readonly messages: number; readonly agoMs: number | null } | undefined;
  readonly rest: { readonly untilMs: number; readonly limit: Limit } | null;
  /** Stored and due, in the order in which they should be sent. */
  readonly waiting: readonly Waiting[];
  /** Whether there are sources, which may have messages that are not stored. */
  readonly hasSources: boolean;
  /** What they have; undefined if they were not asked, see `asks`. */
  readonly offer?: SourcesOffer;
  /** Whether more are due than `waiting` contains. */
  readonly more: boolean;
  /** When the next message falls due; null if none waits beyond those that are due. */
  readonly nextDueMs: number | null;
  readonly usesOf: (domain: string) => { readonly mailbox: Uses; readonly organization: Uses };
}

/** What all sources have for a mailbox. */
export interface SourcesOffer extends Pick<Offer, 'nextMs' | 'limit'> {
  readonly candidates: readonly Waiting[];
  /** Whether the mailbox's work hours were open. */
  readonly hoursOpen: boolean;
}

/** A stored message that waits for its domain's limit, and its own time. */
export interface Held {
  readonly id: string;
  readonly untilMs: number;
  readonly limit: Limit;
}

/** A limit that holds something back: reported once a day. */
export interface Reached {
  readonly limit: Limit;
  /** Whose limit it is. */
  readonly of: 'mailbox' | 'organization';
  /** The recipients' domain, if the limit is one of it. */
  readonly domain?: string;
  readonly value: number;
  readonly resetsAtMs: number;
  /** Not reported again before this time. */
  readonly quietUntilMs: number;
}

export interface Plan {
  /** The message to send now. */
  readonly send?: Waiting;
  /** Without one: when to look again; null: when something is added. `limit` is what decides the time. */
  readonly wait?: { readonly untilMs: number | null; readonly limit: Limit | null };
  readonly held: readonly Held[];
  readonly reached: readonly Reached[];
}

/** Whether gaps and work hours apply: a person's own messages are sent as soon as they can be. */
export const isPaced = (purpose: Purpose): boolean => purpose === 'campaign' || purpose === 'warmup';

/** The pause after a mailbox's `slot`-th paced message, in milliseconds: triangular between the ends, the same for every process. */
export function gapAfter(
  seed: Buffer,
  mailboxId: string,
  slot: number,
  { gapMinMs, gapMaxMs }: Pick<MailboxLimits, 'gapMinMs' | 'gapMaxMs'>,
): number {
  const bytes = createHmac('sha256', keyOf(seed)).update(`${mailboxId} ${slot}`).digest();
  const share = (bytes.readUInt32BE(0) + bytes.readUInt32BE(4)) / (2 * 0xffffffff);
  return Math.round(gapMinMs + (gapMaxMs - gapMinMs) * share);
}

const keys = new WeakMap<Buffer, KeyObject>();

/** Made once: a planner draws many gaps from one seed. */
function keyOf(seed: Buffer): KeyObject {
  let key = keys.get(seed);
  if (key === undefined) keys.set(seed, (key = createSecretKey(seed)));
  return key;
}

/** Whether the sources are asked: the gap is over, and no message comes first that keeps no gaps. */
export function asks(now: number, seed: Buffer, snapshot: Snapshot): { readonly hoursOpen: boolean } | undefined {
  if (!snapshot.hasSources || snapshot.waiting[0]?.priority === 0) return undefined;
  const { gapEndMs, atMs } = pacedFrom(now, seed, snapshot);
  return gapEndMs > now ? undefined : { hoursOpen: atMs === now };
}

interface Look {
  readonly untilMs: number;
  readonly limit: Limit | null;
}

/**
 * What one mailbox does now: the first message that no limit holds back, or when to look again. Pure but for `uses` and `organizationDay`, to which it adds.
 * @param seed of the organization, for gaps
 * @example
 * const { send, wait, held } = plan(clock.now(), seed, snapshot);
 */
export function plan(now: number, seed: Buffer, snapshot: Snapshot): Plan {
  const { limits, rest, nextDueMs, offer, hasSources } = snapshot;
  // What is stored was begun before.
  const due = [...snapshot.waiting, ...(offer?.candidates ?? [])].sort((a, b) => a.priority - b.priority);
  if (due.length === 0 && !hasSources) return { wait: { untilMs: nextDueMs, limit: null }, held: [], reached: [] };
  if (due.length > 0) {
    if (rest !== null && rest.untilMs > now) return waitFor(rest.untilMs, rest.limit);
    const day = laterOf(dailyLimit(now, snapshot), organizationLimit(now, snapshot));
    if (day !== undefined) return { ...waitFor(day.resetsAtMs, day.limit), reached: [day] };
  }
  const paced = hasSources || due.some(({ purpose }) => isPaced(purpose)) ? pacedFrom(now, seed, snapshot) : free;
  const held: Held[] = [];
  const looks: Look[] = nextDueMs === null ? [] : [{ untilMs: nextDueMs, limit: null }];
  const reached = new Map<string, Reached>();
  let isPacedWaiting = false;
  for (const message of due) {
    const ignoresHours = message.candidate?.ignoresHours === true;
    const openMs = ignoresHours ? paced.gapEndMs : paced.atMs;
    if (isPaced(message.purpose) && (openMs === null || openMs > now)) {
      isPacedWaiting = true;
      continue;
    }
    const slot = slotOf(now, message, snapshot);
    if (slot === undefined) {
      const { mailbox, organization } = snapshot.usesOf(message.domain);
      mailbox.sent.unshift(now);
      organization.sent.unshift(now);
      if (snapshot.organizationDay !== undefined) snapshot.organizationDay.sent += 1;
      return { send: message, held, reached: [...reached.values()] };
    }
    const untilMs =
      isPaced(message.purpose) && !ignoresHours
        ? (nextOpen(slot.atMs, limits.timezone, limits.workHours) ?? slot.atMs)
        : slot.atMs;
    // A candidate has no slot of its own: others may be sent before it.
    if (message.candidate === undefined) {
      addSlot(snapshot, message.domain, untilMs);
      held.push({ id: message.id, untilMs, limit: slot.limit });
    }
    looks.push({ untilMs, limit: slot.limit });
    const { limit, of, value, atMs: resetsAtMs } = slot;
    const { domain } = message;
    const key = `${limit} ${domain}`;
    const quietUntilMs = of === 'mailbox' ? localDay(now, limits.timezone).endMs : now - (now % dayMs) + dayMs;
    if (!reached.has(key)) reached.set(key, { limit, of, domain, value, resetsAtMs, quietUntilMs });
  }
  if (isPacedWaiting && paced.atMs !== null) looks.push({ untilMs: paced.atMs, limit: paced.limit });
  // What was held is not due any more: the next ones are looked at immediately.
  if (snapshot.more && held.length > 0) looks.push({ untilMs: now, limit: null });
  if (hasSources) looks.push(...looksAtSources(now, snapshot, paced));
  const first = looks.reduce<Look | undefined>(
    (least, look) => (least === undefined || look.untilMs < least.untilMs ? look : least),
    undefined,
  );
  const limit = isPacedWaiting && paced.atMs === null ? paced.limit : null;
  return { wait: first ?? { untilMs: null, limit }, held, reached: [...reached.values()] };
}

/** When the sources are asked again. */
function looksAtSources(now: number, { offer, limits }: Snapshot, { gapEndMs, gap }: PacedFrom): Look[] {
  if (offer === undefined) return [gapEndMs > now ? { untilMs: gapEndMs, limit: gap } : { untilMs: now, limit: null }];
  if (offer.nextMs === null) return [];
  const untilMs = Math.max(offer.nextMs, now + 1);
  if (offer.hoursOpen) return [{ untilMs, limit: offer.limit }];
  const opensMs = nextOpen(untilMs, limits.timezone, limits.workHours);
  return opensMs === null ? [] : [{ untilMs: opensMs, limit: opensMs > untilMs ? 'outside_window' : offer.limit }];
}

const waitFor = (untilMs: number, limit: Limit): Plan => ({ wait: { untilMs, limit }, held: [], reached: [] });

/** The daily limit, if it is reached: in any 24 hours, and in the local day. */
function dailyLimit(now: number, { limits, dailyLimitAgoMs: nth }: Snapshot): Reached | undefined {
  if (nth === null) return undefined;
  const { startMs, endMs } = localDay(now, limits.timezone);
  const freeMs = Math.max(nth + dayMs, nth >= startMs ? endMs : 0);
  if (freeMs <= now) return undefined;
  return { limit: 'mailbox_daily_limit', of: 'mailbox', value: limits.daily, resetsAtMs: freeMs, quietUntilMs: endMs };
}

/** The daily limit of the organization, if it is reached. */
function organizationLimit(now: number, { organizationDay: day }: Snapshot): Reached | undefined {
  if (day === undefined || day.sent < day.limit || day.endMs <= now) return undefined;
  const { limit: value, endMs } = day;
  return { limit: 'organization_limit', of: 'organization', value, resetsAtMs: endMs, quietUntilMs: endMs };
}

const laterOf = (one: Reached | undefined, other: Reached | undefined): Reached | undefined =>
  (one?.resetsAtMs ?? 0) >= (other?.resetsAtMs ?? 0) ? one : other;

interface PacedFrom {
  /** Also the end of a day that has had all its messages. */
  readonly gapEndMs: number;
  readonly gap: 'mailbox_gap' | 'warmup_limit';
  /** Null: never, with these work hours. */
  readonly atMs: number | null;
  readonly limit: Limit;
}

const free: PacedFrom = { gapEndMs: 0, gap: 'mailbox_gap', atMs: 0, limit: 'mailbox_gap' };

/** When the next paced message may be sent, and what decides it. */
function pacedFrom(now: number, seed: Buffer, snapshot: Snapshot): PacedFrom {
  const { mailboxId, limits, slot, lastPacedMs } = snapshot;
  const ownMs = lastPacedMs === null ? now : lastPacedMs + gapAfter(seed, mailboxId, slot, limits);
  const dayEndMs = governedUntil(now, snapshot);
  const gapEndMs = Math.max(ownMs, dayEndMs);
  const gap = dayEndMs > now && dayEndMs >= ownMs ? 'warmup_limit' : 'mailbox_gap';
  const fromMs = Math.max(now, gapEndMs);
  const atMs = nextOpen(fromMs, limits.timezone, limits.workHours);
  return { gapEndMs, gap, atMs, limit: gap === 'warmup_limit' || atMs === fromMs ? gap : 'outside_window' };
}

/** The end of the local day if it has had all the messages that warm-up or health allow; 0 if it has not. */
function governedUntil(now: number, { governed, limits }: Snapshot): number {
  if (governed === undefined) return 0;
  const { startMs, endMs } = localDay(now, limits.timezone);
  return governed.messages <= 0 || (governed.agoMs !== null && governed.agoMs >= startMs) ? endMs : 0;
}

/** The time of a message's own slot under the limits of its domain; undefined: now. */
function slotOf(
  now: number,
  { domain, hasSlot }: Waiting,
  { limits, organizationHourlyPerDomain, usesOf }: Snapshot,
): (Pick<Reached, 'limit' | 'of' | 'value'> & { readonly atMs: number }) | undefined {
  const { mailbox, organization } = usesOf(domain);
  const both = [
    { uses: mailbox, limit: 'domain_hourly_limit', of: 'mailbox', value: limits.hourlyPerDomain },
    { uses: organization, limit: 'organization_limit', of: 'organization', value: organizationHourlyPerDomain },
  ] as const;
  // A message whose own slot has come does not wait for the slots after it.
  const isFree = both.every(({ uses, value }) => freeAt(hasSlot ? uses.sent : merged(uses), value) <= now);
  if (isFree) return undefined;
  const [one, other] = both.map(({ uses, ...limit }) => ({ atMs: freeAt(merged(uses), limit.value), ...limit }));
  if (one === undefined || other === undefined) return undefined;
  const later = other.atMs > one.atMs ? other : one;
  return { ...later, atMs: Math.max(later.atMs, now + 1) };
}

/** Newest first. */
const merged = ({ sent, slots }: Uses): number[] =>
  slots.length === 0 ? sent : [...slots, ...sent].sort((a, b) => b - a);

/** When a limit of `value` in any hour allows the next one. */
function freeAt(times: readonly number[], value: number): number {
  const nth = times[value - 1];
  return nth === undefined ? 0 : nth + hourMs;
}

function addSlot({ usesOf }: Snapshot, domain: string, atMs: number): void {
  const { mailbox, organization } = usesOf(domain);
  for (const { slots } of [mailbox, organization]) {
    const place = slots.findIndex((slot) => slot <= atMs);
    slots.splice(place === -1 ? slots.length : place, 0, atMs);
  }
}
