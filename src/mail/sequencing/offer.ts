import type { MailboxId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { ActiveCampaign, Campaigns } from '../campaigns/index.ts';
import { dueOfMailboxes, dueWithoutMailbox } from '../leads/index.ts';
import type { DueRow } from '../leads/index.ts';
import { localDate, localDayAt, openAt } from '../schedule/index.ts';
import type { Ask, Offer } from '../sending/index.ts';
import { dayLimit } from './gates.ts';
import { candidatesMax, inOrder } from './order.ts';
import type { CampaignTurn, DueLead } from './order.ts';
import { daysOf, servedOf } from './queries.ts';

type OfferLimit = Offer['limit'];

/** Leads of one campaign and calendar, for one mailbox. */
interface Place {
  readonly ask: Ask;
  readonly active: ActiveCampaign;
  readonly calendar: string;
  /** Leads that are due by then can be sent now; null: none. */
  readonly until: Date | null;
  /** Without that: when the place opens, and what decides it. */
  readonly opensMs: number | null;
  readonly limit: OfferLimit;
  /** The same for leads that were not contacted, whose limit may be reached first. */
  readonly isNewOpen: boolean;
  readonly newFromMs: number | null;
}

/**
 * What campaigns have for mailboxes whose gap is over. The statements read the first due leads of each campaign and calendar that is open:
 * the cost depends on what is due, not on what waits.
 */
export async function offer(
  { campaigns }: { readonly campaigns: Pick<Campaigns, 'activeOf'> },
  tx: Transaction,
  asks: readonly Ask[],
): Promise<ReadonlyMap<MailboxId, Offer>> {
  const byMailbox = new Map(asks.map((ask) => [ask.mailbox.id, ask]));
  const active = await campaigns.activeOf(tx, [...byMailbox.keys()]);
  if (active.length === 0) return new Map();
  const places = await placesOf(tx, active, byMailbox);
  if (places.length === 0) return new Map();
  const found = new Map<MailboxId, Found>();
  await findFollowUps(tx, places, found);
  await findNew(tx, places, found);
  const served = new Map(
    (await servedOf(tx, [...found.keys()])).map((row) => [`${row.mailbox_id} ${row.campaign_id}`, row.served_at]),
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

async function placesOf(
  tx: Transaction,
  active: readonly ActiveCampaign[],
  asks: ReadonlyMap<MailboxId, Ask>,
): Promise<Place[]> {
  const nowOf = new Map(active.map((one) => [one.campaign.id, asks.get(one.mailboxId)?.nowMs ?? 0]));
  const campaigns = new Map(active.map(({ campaign }) => [campaign.id, campaign]));
  const limited = [...campaigns.values()].filter((row) => row.daily_limit !== null || row.new_leads_limit !== null);
  const days = new Map(
    limited.length === 0
      ? []
      : (
          await daysOf(
            tx,
            limited.map(({ id, schedule }) => ({
              campaignId: id,
              day: localDate(schedule.timezone, nowOf.get(id) ?? 0),
            })),
          )
        ).map((row) => [row.campaign_id, row]),
  );
  return active.flatMap((one) => {
    const ask = asks.get(one.mailboxId);
    if (ask === undefined) return [];
    const { campaign } = one;
    const { nowMs } = ask;
    const day = days.get(campaign.id) ?? { sent: 0, new_leads: 0 };
    const [all, fresh] = [dayLimit(campaign, day, false), dayLimit(campaign, day, true)];
    const midnight = all === undefined && fresh === undefined ? 0 : localDayAt(campaign.schedule.timezone, nowMs).endMs;
    return one.calendars.map((calendar): Place => {
      const opening = openAt(campaign.schedule, calendar, nowMs);
      const sendNow = campaign.send_now_until;
      const until = all !== undefined ? null : ask.hoursOpen && opening.open ? new Date(nowMs) : sendNow;
      const opensMs = opening.open ? nowMs : opening.opensMs;
      return {
        ask,
        active: one,
        calendar,
        until,
        opensMs: all === undefined ? opensMs : midnight,
        limit: all ?? (opening.open ? null : 'outside_window'),
        isNewOpen: fresh === undefined,
        newFromMs: fresh === undefined ? null : midnight,
      };
    });
  });
}

async function findFollowUps(tx: Transaction, places: readonly Place[], found: Map<MailboxId, Found>): Promise<void> {
  const rows = await dueOfMailboxes(
    tx,
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
async function findNew(tx: Transaction, places: readonly Place[], found: Map<MailboxId, Found>): Promise<void> {
  const groups = [
    ...Map.groupBy(places, ({ active, calendar, until, isNewOpen }) =>
      [active.campaign.id, calendar, isNewOpen ? (until?.getTime() ?? '') : ''].join('\n'),
    ).values(),
  ];
  const probes = groups.flatMap(([first]) =>
    first === undefined
      ? []
      : [
          {
            campaignId: first.active.campaign.id,
            calendar: first.calendar,
            until: first.isNewOpen ? first.until : null,
          },
        ],
  );
  const most = Math.max(...groups.map((group) => group.length));
  const rows = Map.groupBy(await dueWithoutMailbox(tx, probes, candidatesMax + most), ({ place }) => place);
  groups.forEach((group, index) => {
    const own = rows.get(index + 1) ?? [];
    group.forEach((place, share) => {
      const rest = own.filter((_, at) => at === share || at >= group.length);
      for (const row of rest.length > 0 ? rest : own) collect(found, place, row, true);
    });
  });
}

function collect(found: Map<MailboxId, Found>, place: Place, row: DueRow, isNew: boolean): void {
  const { ask, active, until, opensMs, limit, newFromMs } = place;
  const known: Found = found.get(ask.mailbox.id) ?? { due: [], looks: [] };
  found.set(ask.mailbox.id, known);
  const { due, looks } = known;
  if (row.id !== null && row.domain !== null && row.due_at !== null)
    due.push({ id: row.id, campaignId: active.campaign.id, domain: row.domain, dueMs: row.due_at.getTime(), isNew });
  if (row.next_due === null) return;
  const nextMs = row.next_due.getTime();
  if (isNew && newFromMs !== null)
    looks.push({ atMs: Math.max(newFromMs, opensMs ?? 0, nextMs), limit: 'new_lead_limit' });
  else if (until !== null && limit === null) looks.push({ atMs: Math.max(nextMs, ask.nowMs + 1), limit: null });
  else if (opensMs !== null) looks.push({ atMs: Math.max(nextMs, opensMs), limit: nextMs > opensMs ? null : limit });
}
