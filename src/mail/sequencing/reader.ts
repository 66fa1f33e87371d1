import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import type { ActiveCampaign, Campaign, Campaigns } from '../campaigns/index.ts';
import { dueInGroups, dueTimes, dueOfMailboxes, dueWithoutMailbox } from '../leads/index.ts';
import type { DueProbe, DueRow } from '../leads/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { localDayAt } from '../schedule/index.ts';
import { dailyOf } from '../sending/index.ts';
import type { Ask } from '../sending/index.ts';
import { daysOf, sendersOf, sentByQuarter, sentFrom, servedOf } from './queries.ts';
import type { CampaignDay, DayRow, SenderRow } from './queries.ts';
import type { Reach, ReachGroup, ReachProbe, Sender } from './reach.ts';

/** What an offer needs of a campaign. */
export type OfferCampaign = Pick<
  Campaign,
  'id' | 'schedule' | 'daily_limit' | 'new_leads_limit' | 'new_leads_first' | 'send_now_until'
>;
export type OfferActive = Pick<ActiveCampaign, 'mailboxId' | 'calendars'> & { readonly campaign: OfferCampaign };
export type OfferAsk = Omit<Ask, 'mailbox'> & { readonly mailbox: Pick<MailboxState, 'id' | 'organization_id'> };

/** Where an offer reads: the tables, or the memory of a simulation. */
export interface OfferReader {
  activeOf(mailboxes: readonly MailboxId[]): Promise<readonly OfferActive[]>;
  daysOf(days: readonly CampaignDay[]): Promise<readonly DayRow[]>;
  /** The mailboxes of campaigns and these mailboxes, if they can send, with the campaigns of each. */
  sendersOf(
    campaigns: readonly string[],
    mailboxes: readonly MailboxId[],
    clocks: ReadonlyMap<OrganizationId, number>,
  ): Promise<readonly (Sender & { readonly campaignIds: readonly string[] })[]>;
  /** How far what is left reaches, in the order of the groups. */
  reachesOf(groups: readonly ReachGroup[]): Promise<readonly Reach[]>;
  /** When the leads of each probe are due, in Unix milliseconds, the oldest first. */
  dueTimesOf(probes: readonly ReachProbe[]): Promise<readonly (readonly number[])[]>;
  dueOfMailboxes(
    probes: readonly (DueProbe & { readonly mailboxId: MailboxId })[],
    limit: number,
  ): Promise<readonly DueRow[]>;
  dueWithoutMailbox(probes: readonly DueProbe[], limit: number): Promise<readonly DueRow[]>;
  servedOf(
    mailboxes: readonly MailboxId[],
  ): Promise<readonly { readonly mailbox_id: MailboxId; readonly campaign_id: string; readonly served_at: Date }[]>;
}

/** A local day has up to 25 hours. */
const recentMs = dayMs + hourMs;

/** The tables. */
export const readerOf = (campaigns: Pick<Campaigns, 'activeOf'>, on: Queryable): OfferReader => ({
  activeOf: (mailboxes) => campaigns.activeOf(on, mailboxes),
  daysOf: (days) => daysOf(on, days),
  async sendersOf(ids, mailboxes, clocks) {
    const rows = await sendersOf(on, ids, mailboxes);
    const nowOf = ({ organization_id: organization }: SenderRow): number => clocks.get(organization) ?? 0;
    const asks = new Set(mailboxes);
    const dayOf = (row: SenderRow): Date => new Date(localDayAt(row.timezone, nowOf(row)).startMs);
    // Of mailboxes that do not ask, only their local day counts: a campaign may have a thousand.
    const { asking = [], others = [] } = Object.groupBy(rows, ({ id }) => (asks.has(id) ? 'asking' : 'others'));
    const recent = Map.groupBy(
      await sentByQuarter(
        on,
        asking.map((row) => ({ id: row.id, at: new Date(nowOf(row) - recentMs) })),
      ),
      (row) => row.mailbox_id,
    );
    const today = new Map(
      (
        await sentFrom(
          on,
          others.map((row) => ({ id: row.id, at: dayOf(row), most: row.daily_limit })),
        )
      ).map((row) => [row.mailbox_id, row.count]),
    );
    return rows.map((row) => ({
      ...senderOf(row, nowOf(row), recent.get(row.id) ?? [{ at: dayOf(row), count: today.get(row.id) ?? 0 }]),
      campaignIds: row.campaign_ids,
    }));
  },
  async reachesOf(groups) {
    const probes = groups.flatMap((group, index) =>
      group.probes.map(({ untilMs, ...probe }) => ({ ...probe, group: index + 1, until: new Date(untilMs) })),
    );
    const rows = await dueInGroups(
      on,
      groups.map(({ left }) => left),
      probes,
    );
    const found = new Map(rows.map((row) => [row.place, row]));
    return groups.map(({ left }, index): Reach => {
      const { count = 0, last_due: last = null } = found.get(index + 1) ?? {};
      return last === null ? { untilMs: Infinity, free: left - count } : { untilMs: last.getTime(), free: 0 };
    });
  },
  async dueTimesOf(probes) {
    const rows = await dueTimes(
      on,
      probes.map(({ untilMs, ...probe }) => ({ ...probe, until: new Date(untilMs) })),
    );
    const found = Map.groupBy(rows, ({ place }) => place);
    return probes.map((_, index) => (found.get(index + 1) ?? []).map((row) => row.due_at.getTime()));
  },
  dueOfMailboxes: (probes, limit) => dueOfMailboxes(on, probes, limit),
  dueWithoutMailbox: (probes, limit) => dueWithoutMailbox(on, probes, limit),
  servedOf: (mailboxes) => servedOf(on, mailboxes),
});

/** A mailbox as the order of a day sees it. */
export function senderOf(
  row: SenderRow,
  nowMs: number,
  recent: readonly { readonly at: Date; readonly count: number }[],
): Sender {
  return {
    mailboxId: row.id,
    limits: {
      // What governs it counts local days only: a little less is expected than it can send.
      daily: Math.min(dailyOf(row, row, nowMs), Math.max(1, row.governed_limit ?? Infinity)),
      gapMinMs: row.gap_min_seconds * 1_000,
      gapMaxMs: row.gap_max_seconds * 1_000,
      hourlyPerDomain: row.max_hourly_per_domain,
      timezone: row.timezone,
      workHours: row.work_hours,
    },
    recent: recent.map(({ at, count }) => ({ atMs: at.getTime(), count })),
    restMs: row.rest_until?.getTime() ?? null,
  };
}
