import { hourMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { DueRow } from '../leads/index.ts';
import { localDate, localDayAt, openAt } from '../schedule/index.ts';
import type { Offer } from '../sending/index.ts';
import { dayLimit } from './gates.ts';
import type { DayCount } from './gates.ts';
import { candidatesMax, inOrder } from './order.ts';
import type { CampaignTurn, DueLead } from './order.ts';
import { groupOfCampaign, placesLater, reachOfLater, sentSince } from './reach.ts';
import type { Reach, Sender } from './reach.ts';
import type { OfferActive, OfferAsk, OfferReader } from './reader.ts';

type OfferLimit = Offer['limit'];

/** Leads of one campaign and calendar, for one mailbox. */
interface Place {
  readonly ask: OfferAsk;
  readonly active: OfferActive;
  readonly calendar: string;
  readonly isOpen: boolean;
  /** Leads that are due by then can be sent now; null: none. */
  readonly until: Date | null;
  /** The same for leads that were not contacted. */
  readonly newUntil: Date | null;
  /** Without that: when the place opens, and what decides it. */
  readonly opensMs: number | null;
  readonly limit: OfferLimit;
  /** When leads that were not contacted are looked at, if another limit decides that. */
  readonly newLook: Look | null;
  /** When follow-ups are looked at that have no place in the day. */
  readonly lateLook: Look | null;
}

/**
 * What campaigns have for mailboxes whose gap is over. The statements read the first due leads of each campaign and calendar that is open:
 * the cost depends on what is due, not on what waits.
 * @example
 * const offers = await offer(readerOf(campaigns, tx), asks);
 */
export async function offer(reader: OfferReader, asks: readonly OfferAsk[]): Promise<ReadonlyMap<MailboxId, Offer>> {
  const byMailbox = new Map(asks.map((ask) => [ask.mailbox.id, ask]));
  const active = await reader.activeOf([...byMailbox.keys()]);
  if (active.length === 0) return new Map();
  const places = await placesOf(reader, active, byMailbox);
  if (places.length === 0) return new Map();
  const found = new Map<MailboxId, Found>();
  await findFollowUps(reader, places, found);
  await findNew(reader, places, found);
  const served = new Map(
    (await reader.servedOf([...found.keys()])).map((row) => [`${row.mailbox_id} ${row.campaign_id}`, row.served_at]),
  );
  const campaignOf = new Map(active.map(({ campaign }) => [campaign.id, campaign]));
  return new Map(
    [...found].map(([mailboxId, { due, looks }]): [MailboxId, Offer] => {
      const turns = new Map<string, CampaignTurn>(
        [...new Set(due.map((lead) => lead.campaignId))].map((id) => [
          id,
          {
            newLeadsFirst: campaignOf.get(id)?.new_leads_first ?? false,
            servedMs: served.get(`${mailboxId} ${id}`)?.getTime() ?? null,
          },
        ]),
      );
      const candidates = inOrder(due, turns).map(({ id, campaignId, domain, dueMs, priority }) => ({
        id,
        mailboxId,
        domain,
        priority,
        atMs: dueMs,
        ignoresHours: dueMs <= (campaignOf.get(campaignId)?.send_now_until?.getTime() ?? -Infinity),
      }));
      const first = looks.reduce<Look | undefined>(
        (least, look) => (least === undefined || look.atMs < least.atMs ? look : least),
        undefined,
      );
      return [mailboxId, { candidates, nextMs: first?.atMs ?? null, limit: first?.limit ?? null }];
    }),
  );
}

/** A time at which something may be sent, and what decides it. */
interface Look {
  readonly atMs: number;
  readonly limit: OfferLimit;
}

interface Found {
  readonly due: DueLead[];
  readonly looks: Look[];
}

/** How soon a campaign looks again whose follow-ups have no place: those before them may stop. */
const lateLookMs = hourMs;

async function placesOf(
  reader: OfferReader,
  active: readonly OfferActive[],
  asks: ReadonlyMap<MailboxId, OfferAsk>,
): Promise<Place[]> {
  const nowOf = new Map(active.map((one) => [one.campaign.id, asks.get(one.mailboxId)?.nowMs ?? 0]));
  const campaigns = new Map(active.map(({ campaign }) => [campaign.id, campaign]));
  const limited = [...campaigns.values()].filter((row) => row.daily_limit !== null || row.new_leads_limit !== null);
  const asked = limited.map(({ id, schedule }) => ({
    campaignId: id,
    day: localDate(schedule.timezone, nowOf.get(id) ?? 0),
  }));
  const days = new Map(asked.length === 0 ? [] : (await reader.daysOf(asked)).map((row) => [row.campaign_id, row]));
  const places = active.flatMap((one) => {
    const ask = asks.get(one.mailboxId);
    return ask === undefined ? [] : one.calendars.map((calendar) => placeOf(one, calendar, ask, days));
  });
  return withReach(reader, places, days);
}

function placeOf(active: OfferActive, calendar: string, ask: OfferAsk, days: ReadonlyMap<string, DayCount>): Place {
  const { campaign } = active;
  const { nowMs } = ask;
  const day = days.get(campaign.id) ?? noDay;
  const [all, fresh] = [dayLimit(campaign, day, false), dayLimit(campaign, day, true)];
  const midnight = all === undefined && fresh === undefined ? 0 : localDayAt(campaign.schedule.timezone, nowMs).endMs;
  const opening = openAt(campaign.schedule, calendar, nowMs);
  const until = all !== undefined ? null : ask.hoursOpen && opening.open ? new Date(nowMs) : campaign.send_now_until;
  const opensMs = opening.open ? nowMs : opening.opensMs;
  return {
    ask,
    active,
    calendar,
    isOpen: opening.open,
    until,
    newUntil: fresh === undefined ? until : null,
    opensMs: all === undefined ? opensMs : midnight,
    limit: all ?? (opening.open ? null : 'outside_window'),
    newLook: fresh === undefined ? null : { atMs: midnight, limit: 'new_lead_limit' },
    lateLook: null,
  };
}

const noDay: DayCount = { sent: 0, new_leads: 0 };

/**
 * Leaves messages to the follow-ups that come first, where some of them are sent later: those of a campaign with a daily limit, from all its
 * mailboxes, and those of a mailbox in calendars that are not open yet.
 */
async function withReach(
  reader: OfferReader,
  places: readonly Place[],
  days: ReadonlyMap<string, DayCount>,
): Promise<Place[]> {
  const open = places.filter(({ until }) => until !== null);
  const asking = new Set(open.map(({ ask }) => ask.mailbox.id));
  const limited = new Map(
    open.flatMap((place): [string, Place][] =>
      place.active.campaign.daily_limit === null ? [] : [[place.active.campaign.id, place]],
    ),
  );
  const closed = Map.groupBy(
    places.filter(({ ask, isOpen, limit }) => !isOpen && limit === 'outside_window' && asking.has(ask.mailbox.id)),
    ({ ask }) => ask.mailbox.id,
  );
  if (limited.size === 0 && closed.size === 0) return [...places];
  const clocks = new Map(places.map(({ ask }) => [ask.mailbox.organization_id, ask.nowMs]));
  const senders = await reader.sendersOf([...limited.keys()], [...closed.keys()], clocks);
  const reaches = new Map([
    ...(await reachesOfCampaigns(reader, [...limited.values()], senders, days)),
    ...(await reachesOfMailboxes(reader, closed, senders)),
  ]);
  return places.map((place) =>
    [place.active.campaign.id, place.ask.mailbox.id].reduce<Place>((within, key) => {
      const reach = reaches.get(key);
      return reach === undefined ? within : narrowed(within, reach);
    }, place),
  );
}

/** With when to look again for what has no place. */
type LookedReach = Reach & { readonly look: Look };

async function reachesOfCampaigns(
  reader: OfferReader,
  limited: readonly Place[],
  senders: readonly (Sender & { readonly campaignIds: readonly string[] })[],
  days: ReadonlyMap<string, DayCount>,
): Promise<[string, LookedReach][]> {
  if (limited.length === 0) return [];
  const groups = limited.map(({ ask, active: { campaign, calendars } }) => {
    const left = (campaign.daily_limit ?? 0) - (days.get(campaign.id) ?? noDay).sent;
    const own = senders.filter(({ campaignIds }) => campaignIds.includes(campaign.id));
    return groupOfCampaign(campaign, calendars, own, left, ask.nowMs);
  });
  const reaches = await reader.reachesOf(groups);
  return limited.flatMap(({ ask: { nowMs }, active: { campaign } }, index): [string, LookedReach][] => {
    const reach = reaches[index];
    const { endMs } = localDayAt(campaign.schedule.timezone, nowMs);
    const look: Look = { atMs: Math.min(endMs, nowMs + lateLookMs), limit: 'campaign_daily_limit' };
    return reach === undefined ? [] : [[campaign.id, { ...reach, look }]];
  });
}

async function reachesOfMailboxes(
  reader: OfferReader,
  closed: ReadonlyMap<MailboxId, readonly Place[]>,
  senders: readonly Sender[],
): Promise<[string, LookedReach][]> {
  const all = senders.flatMap((sender) => {
    const own = closed.get(sender.mailboxId) ?? [];
    const [first] = own;
    const places = own.map(({ active: { campaign }, calendar }) => ({ campaign, calendar }));
    const later = first === undefined ? [] : placesLater(sender, places, first.ask.nowMs);
    return later.length === 0 ? [] : [{ sender, later }];
  });
  if (all.length === 0) return [];
  const times = await reader.dueTimesOf(all.flatMap(({ later }) => later.map(({ probe }) => probe)));
  let at = 0;
  return all.map(({ sender, later }) => {
    const due = later.map(({ endMs, startMs }) => {
      const own = times[at] ?? [];
      at += 1;
      return { startMs, endMs, due: own.map((dueMs) => ({ dueMs, count: 1 })) };
    });
    const waiting = due.filter((place) => place.due.length > 0);
    const reach = reachOfLater(due, sender.limits.daily, (atMs) => sentSince(sender, atMs));
    const opensMs = Math.min(...waiting.map(({ startMs }) => startMs));
    return [sender.mailboxId, { ...reach, look: { atMs: opensMs, limit: 'mailbox_daily_limit' } }];
  });
}

/** A place without the leads that the day does not reach. */
function narrowed(place: Place, { untilMs, free, look }: LookedReach): Place {
  const { until, newUntil, newLook, lateLook } = place;
  const isLate = until !== null && until.getTime() > untilMs;
  const isNewLate = free <= 0 && newUntil !== null && !place.active.campaign.new_leads_first;
  return {
    ...place,
    until: isLate ? new Date(untilMs) : until,
    lateLook: isLate ? look : lateLook,
    newUntil: isNewLate ? null : newUntil,
    newLook: isNewLate ? look : newLook,
  };
}

async function findFollowUps(
  reader: OfferReader,
  places: readonly Place[],
  found: Map<MailboxId, Found>,
): Promise<void> {
  const rows = await reader.dueOfMailboxes(
    places.map(({ ask, active, calendar, until }) => ({
      mailboxId: ask.mailbox.id,
      campaignId: active.campaign.id,
      calendar,
      until,
    })),
    candidatesMax,
  );
  for (const row of rows) {
    const place = places[row.place - 1];
    if (place !== undefined) collect(found, place, row, false);
  }
}

/** Leads that no mailbox has yet: shared among the mailboxes that ask, so that not all of them want the same one. */
async function findNew(reader: OfferReader, places: readonly Place[], found: Map<MailboxId, Found>): Promise<void> {
  const groups = [
    ...Map.groupBy(places, ({ active, calendar, newUntil }) =>
      [active.campaign.id, calendar, newUntil?.getTime() ?? ''].join('\n'),
    ).values(),
  ];
  const probes = groups.flatMap(([first]) =>
    first === undefined
      ? []
      : [
          {
            campaignId: first.active.campaign.id,
            calendar: first.calendar,
            until: first.newUntil,
          },
        ],
  );
  const most = Math.max(...groups.map((group) => group.length));
  const rows = Map.groupBy(await reader.dueWithoutMailbox(probes, candidatesMax + most), ({ place }) => place);
  groups.forEach((group, index) => {
    const own = rows.get(index + 1) ?? [];
    group.forEach((place, share) => {
      const rest = own.filter((_, at) => at === share || at >= group.length);
      for (const row of rest.length > 0 ? rest : own) collect(found, place, row, true);
    });
  });
}

function collect(found: Map<MailboxId, Found>, place: Place, row: DueRow, isNew: boolean): void {
  const { ask, active, until, opensMs, limit, newLook, lateLook } = place;
  const known: Found = found.get(ask.mailbox.id) ?? { due: [], looks: [] };
  found.set(ask.mailbox.id, known);
  const { due, looks } = known;
  if (row.id !== null && row.domain !== null && row.due_at !== null)
    due.push({ id: row.id, campaignId: active.campaign.id, domain: row.domain, dueMs: row.due_at.getTime(), isNew });
  if (row.next_due === null) return;
  const nextMs = row.next_due.getTime();
  if (isNew && newLook !== null)
    looks.push({ atMs: Math.max(newLook.atMs, opensMs ?? 0, nextMs), limit: newLook.limit });
  else if (!isNew && lateLook !== null && nextMs <= ask.nowMs) looks.push(lateLook);
  else if (until !== null && limit === null) looks.push({ atMs: Math.max(nextMs, ask.nowMs + 1), limit: null });
  else if (opensMs !== null) looks.push({ atMs: Math.max(nextMs, opensMs), limit: nextMs > opensMs ? null : limit });
}
