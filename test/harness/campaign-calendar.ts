/** Campaigns in memory: mailboxes take turns as in `sending`, with the real planner, offers, gates and schedules, and no database. */
import assert from 'node:assert/strict';
import { dayMs, hourMs } from '../../src/base/clock.ts';
import type { MailboxId, OrganizationId } from '../../src/base/ids.ts';
import type { DueProbe, DueRow } from '../../src/mail/leads/index.ts';
import { dueAfter, localDate } from '../../src/mail/schedule/index.ts';
import type { Schedule } from '../../src/mail/schedule/index.ts';
import { asks, plan } from '../../src/mail/sending/plan.ts';
import type { MailboxLimits, Snapshot, Uses } from '../../src/mail/sending/plan.ts';
import type { Candidate, Offer } from '../../src/mail/sending/index.ts';
import { decide } from '../../src/mail/sequencing/gates.ts';
import type { GateSnapshot } from '../../src/mail/sequencing/gates.ts';
import { offer } from '../../src/mail/sequencing/offer.ts';
import { dueIn, firstOf, reachOf } from '../../src/mail/sequencing/reach.ts';
import type { DueAt } from '../../src/mail/sequencing/reach.ts';
import type { OfferReader } from '../../src/mail/sequencing/reader.ts';
import type { ForecastSnapshot } from '../../src/mail/sequencing/forecast-state.ts';

/** A Friday. Within 90 days, the clocks change in New York (8 March) and in Europe (29 March), and there is Easter. */
export const worldStartMs = Date.UTC(2026, 1, 6);
export const worldEndMs = worldStartMs + 90 * dayMs;
const seed = Buffer.alloc(32, 9);
const zones = ['Europe/Oslo', 'America/New_York', 'Asia/Tokyo', 'Europe/London'];
const calendars = ['Europe/Oslo NO', 'America/New_York', 'Asia/Tokyo', 'Europe/London GB'];
const acceptMs = 1_000;

export interface CalendarLead {
  readonly id: string;
  readonly domain: string;
  readonly calendar: string;
  /** Steps sent. */
  step: number;
  acceptedMs: number | null;
  dueMs: number;
}

export interface CalendarCampaign {
  readonly row: GateSnapshot['campaign'] & { readonly id: string; readonly new_leads_first: boolean };
  readonly steps: GateSnapshot['steps'];
  readonly calendars: readonly string[];
  /** Leads that were not contacted, by calendar, in the order in which they are due. */
  readonly fresh: Map<string, CalendarLead[]>;
  readonly days: Map<string, { sent: number; new_leads: number }>;
}

export interface CalendarBox {
  readonly id: MailboxId;
  readonly limits: MailboxLimits;
  readonly campaigns: readonly CalendarCampaign[];
  /** Its leads, by campaign and calendar, in the order in which they are due. */
  readonly followUps: Map<string, CalendarLead[]>;
  readonly served: Map<string, number>;
  readonly uses: Map<string, number[]>;
  /** The newest first. */
  readonly sent: { readonly atMs: number; readonly count: number }[];
  slot: number;
  lastPacedMs: number | null;
  nextMs: number | null;
}

export interface World {
  readonly boxes: readonly CalendarBox[];
  readonly campaigns: readonly CalendarCampaign[];
  readonly byId: ReadonlyMap<string, { readonly campaign: CalendarCampaign; readonly lead: CalendarLead }>;
  readonly organizationLimit: number;
}

export interface Sent {
  readonly atMs: number;
  readonly acceptedMs: number;
  readonly dueMs: number;
  readonly box: CalendarBox;
  readonly campaign: CalendarCampaign;
  readonly lead: CalendarLead;
  /** From 0. */
  readonly step: number;
}

export interface WorldOptions {
  readonly seed: number;
  /** Of most mailboxes. */
  readonly daily: number;
  readonly newLeadsLimit: number;
  readonly campaignDaily: number;
  readonly delayDays: number;
  /** Of the 5,000 leads. Default: all. */
  readonly share?: number;
  /** Of the leads that are at one of two domains. Default: 0.2. */
  readonly crowd?: number;
}

const crowdedDomains = ['gmail.example', 'outlook.example'];

/** The same numbers at every run. */
function numbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** Three campaigns of 5,000 leads that share 20 mailboxes. */
export function calendarWorld({
  seed: start,
  daily,
  newLeadsLimit,
  campaignDaily,
  delayDays,
  share = 1,
  crowd = 0.2,
}: WorldOptions): World {
  const random = numbers(start);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] ?? assert.fail();
  const companies = Array.from({ length: 400 }, (_, n) => `company-${n}.example`);
  const workDays = [1, 2, 3, 4, 5];
  const wide: Schedule = {
    timezone: 'Europe/Oslo',
    use_lead_timezone: true,
    windows: [{ days: workDays, start: '06:00', end: '22:00' }],
    holidays: ['NO', 'GB'],
    dates: ['2026-03-17'],
  };
  const plans = [
    { leads: 2_000 * share, schedule: wide, daily: campaignDaily, fresh: null, uses: (n: number) => n < 12 },
    { leads: 1_800 * share, schedule: wide, daily: null, fresh: newLeadsLimit, uses: (n: number) => n >= 8 },
    {
      leads: 1_200 * share,
      schedule: {
        ...wide,
        use_lead_timezone: false,
        windows: [
          { days: workDays, start: '07:00', end: '12:00' },
          { days: workDays, start: '13:00', end: '22:30' },
        ],
      },
      daily: null,
      fresh: null,
      uses: (n: number) => n % 2 === 0,
    },
  ];
  const campaigns = plans.map(({ leads, schedule, daily: limit, fresh }, of): CalendarCampaign => {
    const own = schedule.use_lead_timezone ? calendars : [''];
    const steps = [0, delayDays, delayDays + 1].map((days, position) => ({
      id: `step ${of} ${position}`,
      campaign_id: `campaign ${of}`,
      position,
      delay_days: days,
      delay_hours: position,
      business_days: position === 2,
      send_only_if_no_reply: false,
    }));
    const row: CalendarCampaign['row'] = {
      id: `campaign ${of}`,
      new_leads_first: false,
      status: 'active',
      schedule,
      verification: 'off',
      cooldown_days: 0,
      company_max: 0,
      daily_limit: limit,
      new_leads_limit: fresh,
      send_now_until: null,
    };
    const all = Array.from({ length: leads }, (_, n): CalendarLead => ({
      id: `lead ${of} ${String(n).padStart(5, '0')}`,
      domain: random() < crowd ? pick(crowdedDomains) : pick(companies),
      calendar: pick(own),
      step: 0,
      acceptedMs: null,
      dueMs: worldStartMs,
    }));
    return { row, steps, calendars: own, fresh: Map.groupBy(all, ({ calendar }) => calendar), days: new Map() };
  });
  const boxes = Array.from({ length: 20 }, (_, n): CalendarBox => ({
    id: `mailbox ${n}` as MailboxId,
    limits: {
      daily: n % 5 === 0 ? daily - 3 : daily,
      gapMinMs: 90_000,
      gapMaxMs: 420_000,
      hourlyPerDomain: 3,
      timezone: zones[n % zones.length] ?? 'Etc/UTC',
      workHours: { days: workDays, start: n % 2 === 0 ? '09:00' : '08:30', end: '17:00' },
    },
    campaigns: campaigns.filter((_one, index) => plans[index]?.uses(n) === true),
    followUps: new Map(),
    served: new Map(),
    uses: new Map(),
    sent: [],
    slot: 0,
    lastPacedMs: null,
    nextMs: worldStartMs,
  }));
  const byId = new Map(
    campaigns.flatMap((campaign) => [...campaign.fresh.values()].flat().map((lead) => [lead.id, { campaign, lead }])),
  );
  return { boxes, campaigns, byId, organizationLimit: 8 };
}

/** What a forecast knows of a world that has not begun. */
export const countsOf = ({ boxes, campaigns, organizationLimit }: World): ForecastSnapshot => ({
  organizationHourlyPerDomain: organizationLimit,
  campaigns: campaigns.map(({ row, steps, fresh }) => ({
    ...row,
    delays: steps,
    fresh: [...fresh].flatMap(([calendar, leads]) =>
      [null, ...crowdedDomains].map((domain) => ({
        step: 0,
        calendar,
        domain,
        dueMs: worldStartMs,
        count: leads.filter((lead) => domain === (crowdedDomains.includes(lead.domain) ? lead.domain : null)).length,
      })),
    ),
    day: { sent: 0, new_leads: 0 },
  })),
  senders: boxes.map(({ limits, campaigns: own }) => ({
    count: 1,
    limits,
    followUps: new Map(own.map(({ row }) => [row.id, []])),
    recent: [],
  })),
});

/** Runs a world to the end of its 90 days, or until nothing is left to send. */
export async function simulate(world: World): Promise<{ readonly sent: readonly Sent[] }> {
  const uses = new Map<string, number[]>();
  const sent: Sent[] = [];
  const reader = readerOf(world);
  for (;;) {
    const box = world.boxes.reduce<CalendarBox | undefined>(
      (first, one) => (one.nextMs !== null && one.nextMs < (first?.nextMs ?? Infinity) ? one : first),
      undefined,
    );
    const now = box?.nextMs ?? worldEndMs;
    if (box === undefined || now >= worldEndMs) return { sent };
    const before = snapshotOf(world, box, uses);
    const asked = asks(now, seed, before);
    const mailbox = { id: box.id, organization_id: organizationId };
    const found =
      asked === undefined
        ? undefined
        : ((await offer(reader, [{ mailbox, nowMs: now, ...asked }])).get(box.id) ?? none);
    const made = plan(
      now,
      seed,
      found === undefined || asked === undefined
        ? before
        : { ...before, offer: { ...found, ...asked, candidates: found.candidates.map(asWaiting) } },
    );
    const candidate = made.send?.candidate;
    if (candidate === undefined) {
      assert.ok((made.wait?.untilMs ?? Infinity) > now || asked === undefined, 'time passes');
      box.nextMs = made.wait?.untilMs ?? null;
      continue;
    }
    const { campaign, lead } = world.byId.get(candidate.id) ?? assert.fail(candidate.id);
    if (lead.step === 0) assertOrder(world, box, uses, found?.candidates ?? [], now);
    sent.push(take(box, campaign, lead, now));
  }
}

const organizationId = 'organization' as OrganizationId;
const none: Offer = { candidates: [], nextMs: null, limit: null };
const asWaiting = (candidate: Candidate) => ({
  id: candidate.id,
  purpose: 'campaign' as const,
  priority: candidate.priority,
  domain: candidate.domain,
  hasSlot: false,
  candidate,
});

/** C7: a new lead is written to while each due follow-up waits for the limit of its domain. */
function assertOrder(
  world: World,
  box: CalendarBox,
  uses: Map<string, number[]>,
  ordered: readonly Candidate[],
  now: number,
): void {
  const { hourlyPerDomain } = box.limits;
  for (const { priority, domain, id } of ordered) {
    const nth = [box.uses.get(domain)?.[hourlyPerDomain - 1], uses.get(domain)?.[world.organizationLimit - 1]];
    const isHeld = nth.some((atMs) => (atMs ?? 0) > now - hourMs);
    assert.ok(priority === 2 || isHeld, `${id} comes before a new lead`);
  }
}

const place = (campaign: CalendarCampaign, calendar: string): string => `${campaign.row.id} ${calendar}`;

/** The index of the first lead that is due after a time. */
function firstAfter(queue: readonly CalendarLead[], atMs: number): number {
  let [from, to] = [0, queue.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if ((queue[middle]?.dueMs ?? 0) > atMs) to = middle;
    else from = middle + 1;
  }
  return from;
}

function timesOf(all: Map<string, number[]>, domain: string, most: number): Uses {
  const times = all.get(domain) ?? [];
  all.set(domain, times);
  if (times.length > most) times.length = most;
  return { sent: times, slots: [] };
}

/** As `claim.ts` reads it from the tables. */
function snapshotOf(world: World, box: CalendarBox, uses: Map<string, number[]>): Snapshot {
  return {
    mailboxId: box.id,
    limits: box.limits,
    organizationHourlyPerDomain: world.organizationLimit,
    slot: box.slot,
    lastPacedMs: box.lastPacedMs,
    dailyLimitAgoMs: box.sent[box.limits.daily - 1]?.atMs ?? null,
    rest: null,
    hasSources: true,
    waiting: [],
    more: false,
    nextDueMs: null,
    usesOf: (domain) => ({
      mailbox: timesOf(box.uses, domain, box.limits.hourlyPerDomain),
      organization: timesOf(uses, domain, world.organizationLimit),
    }),
  };
}

/** What the statements of offers find. */
function readerOf({ boxes, campaigns }: World): OfferReader {
  const boxOf = new Map(boxes.map((box) => [box.id, box]));
  const campaignOf = new Map(campaigns.map((campaign) => [campaign.row.id, campaign]));
  const ownOf = (mailboxId: MailboxId, campaignId: string, calendar: string): readonly CalendarLead[] =>
    boxOf.get(mailboxId)?.followUps.get(`${campaignId} ${calendar}`) ?? [];
  const freshOf = ({ campaignId, calendar }: DueProbe): readonly CalendarLead[] =>
    campaignOf.get(campaignId)?.fresh.get(calendar) ?? [];
  return {
    activeOf: (ids) =>
      Promise.resolve(
        ids.flatMap((mailboxId) =>
          (boxOf.get(mailboxId)?.campaigns ?? []).map(({ row, calendars: own }) => ({
            mailboxId,
            campaign: row,
            calendars: own,
          })),
        ),
      ),
    daysOf: (days) =>
      Promise.resolve(
        days.flatMap(({ campaignId, day }) => {
          const found = campaignOf.get(campaignId)?.days.get(day);
          return found === undefined ? [] : [{ campaign_id: campaignId, ...found }];
        }),
      ),
    sendersOf: (ids, mailboxes) =>
      Promise.resolve(
        boxes.flatMap(({ id: mailboxId, limits, campaigns: own, sent: recent }) => {
          const campaignIds = own.flatMap(({ row }) => (ids.includes(row.id) ? [row.id] : []));
          return campaignIds.length === 0 && !mailboxes.includes(mailboxId)
            ? []
            : [{ mailboxId, campaignIds, limits, restMs: null, recent }];
        }),
      ),
    reachesOf: (groups) =>
      Promise.resolve(
        groups.map((group) =>
          reachOf(
            dueIn(group, (probe) => counted(ownOf(probe.mailboxId, probe.campaignId, probe.calendar))),
            group.left,
          ),
        ),
      ),
    dueTimesOf: (probes) =>
      Promise.resolve(
        probes.map(({ mailboxId, campaignId, calendar, most, untilMs }) =>
          firstOf(counted(ownOf(mailboxId, campaignId, calendar)), most, untilMs).map(({ dueMs }) => dueMs),
        ),
      ),
    dueOfMailboxes: (probes, limit) =>
      Promise.resolve(
        probes.flatMap((probe, index) =>
          rowsOf(ownOf(probe.mailboxId, probe.campaignId, probe.calendar), probe.until, index + 1, limit),
        ),
      ),
    dueWithoutMailbox: (probes, limit) =>
      Promise.resolve(probes.flatMap((probe, index) => rowsOf(freshOf(probe), probe.until, index + 1, limit))),
    servedOf: (ids) =>
      Promise.resolve(
        ids.flatMap((id) =>
          [...(boxOf.get(id)?.served ?? [])].map(([campaignId, atMs]) => ({
            mailbox_id: id,
            campaign_id: campaignId,
            served_at: new Date(atMs),
          })),
        ),
      ),
  };
}

function* counted(leads: readonly CalendarLead[]): Iterable<DueAt> {
  for (const { dueMs } of leads) yield { dueMs, count: 1 };
}

/** The first due leads, of each domain one, with when the next one falls due. */
function rowsOf(queue: readonly CalendarLead[], until: Date | null, place: number, limit: number): DueRow[] {
  const untilMs = until?.getTime() ?? -Infinity;
  const later = queue[firstAfter(queue, untilMs)];
  const next = later === undefined ? null : new Date(later.dueMs);
  const found: DueRow[] = [];
  const domains = new Set<string>();
  for (const { id, domain, dueMs } of queue) {
    if (dueMs > untilMs || found.length === limit) break;
    if (domains.has(domain)) continue;
    domains.add(domain);
    found.push({ place, id, domain, due_at: new Date(dueMs), next_due: next });
  }
  return found.length > 0 ? found : [{ place, id: null, domain: null, due_at: null, next_due: next }];
}

/** As `take.ts` and `settled.ts` write it. */
function take(box: CalendarBox, campaign: CalendarCampaign, lead: CalendarLead, now: number): Sent {
  const { row, steps } = campaign;
  const date = localDate(row.schedule.timezone, now);
  const day = campaign.days.get(date) ?? { sent: 0, new_leads: 0 };
  const decision = decide(
    {
      lead: {
        email: `${lead.id.replaceAll(' ', '-')}@${lead.domain}`,
        step: lead.step,
        position: lead.step === 0 ? null : lead.step - 1,
        calendar: lead.calendar,
        verdict: null,
        replied_at: null,
        last_sent_at: lead.acceptedMs === null ? null : new Date(lead.acceptedMs),
        created_at: new Date(worldStartMs),
        due_at: new Date(lead.dueMs),
        company_key: null,
      },
      campaign: row,
      steps,
      hasContact: true,
      optOut: null,
      unknownSinceMs: null,
      fullUntilMs: null,
      otherSentMs: null,
      companyActive: 0,
      mailboxes: null,
      day,
    },
    now,
  );
  assert.equal(decision.kind, 'send', `${lead.id} ${JSON.stringify(decision)}`);
  const isNew = lead.step === 0;
  campaign.days.set(date, { sent: day.sent + 1, new_leads: day.new_leads + Number(isNew) });
  const key = place(campaign, lead.calendar);
  const own = box.followUps.get(key) ?? [];
  box.followUps.set(key, own);
  const queue = isNew ? (campaign.fresh.get(lead.calendar) ?? []) : own;
  queue.splice(queue.indexOf(lead), 1);
  const sent = { atMs: now, acceptedMs: now + acceptMs, dueMs: lead.dueMs, box, campaign, lead, step: lead.step };
  lead.step += 1;
  lead.acceptedMs = sent.acceptedMs;
  const next = steps[lead.step];
  if (next !== undefined) {
    lead.dueMs = dueAfter(next, sent.acceptedMs, row.schedule, lead.calendar);
    own.splice(firstAfter(own, lead.dueMs), 0, lead);
  }
  box.served.set(row.id, now);
  box.sent.unshift({ atMs: now, count: 1 });
  box.sent.length = Math.min(box.sent.length, box.limits.daily);
  box.slot += 1;
  box.lastPacedMs = now;
  box.nextMs = now + acceptMs;
  return sent;
}
