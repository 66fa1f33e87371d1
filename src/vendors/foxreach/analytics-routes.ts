import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Domain } from '../vendor.ts';
import { foxreachSurface as surface } from './surface.ts';
import { uuidOf } from './wire-ids.ts';

const common = { surface, tag: 'FoxReach', boundKeys: 'own' } as const;
const integer = z.number().int();
const perCent = z.number().describe('Per cent.');

const overviewShape = z
  .object({
    totalAccounts: integer,
    activeAccounts: integer,
    totalCampaigns: integer,
    activeCampaigns: integer,
    totalLeads: integer,
    totalSent: integer,
    totalReplies: integer,
    replyRate: perCent,
    accountHealthAvg: z.number(),
  })
  .meta({ id: 'AnalyticsOverview' });

const figures = { sent: integer, delivered: integer, bounced: integer, replied: integer, opened: integer };
const campaignShape = z
  .object({
    ...figures,
    opensTracked: z
      .boolean()
      .describe('False: opens are not measured, and `opened` is 0. The published SDK expects a number.'),
    replyRate: perCent,
    bounceRate: perCent,
    dailyStats: z.array(z.object({ date: z.iso.date(), ...figures })),
  })
  .meta({ id: 'CampaignAnalytics' });

const exampleFigures = { sent: 510, delivered: 504, bounced: 6, replied: 21, opened: 0 };

const share = (count: number, of: number): number => (of === 0 ? 0 : Math.round((count / of) * 10_000) / 100);

/** FoxReach's figures. It counts as delivered what was sent and did not bounce, and replies per contacted lead. */
export const analyticsRoutes = ({
  analytics,
  mailboxes,
}: Pick<Domain, 'analytics' | 'mailboxes'>): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/analytics/overview',
    summary: 'Get the figures of the workspace',
    scope: ['campaigns:read', 'mailboxes:read'] as const,
    answers: {
      200: {
        description: 'The figures. `accountHealthAvg` is the share of email accounts that work.',
        schema: z.object({ data: overviewShape }),
        example: {
          data: {
            totalAccounts: 3,
            activeAccounts: 3,
            totalCampaigns: 3,
            activeCampaigns: 1,
            totalLeads: 400,
            totalSent: 510,
            totalReplies: 21,
            replyRate: 7.5,
            accountHealthAvg: 100,
          },
        },
      },
    },
    handle: async (_request, principal) => {
      const [accounts, sums] = await Promise.all([mailboxes.working(principal), analytics.overview(principal)]);
      const data = {
        totalAccounts: accounts.total,
        activeAccounts: accounts.active,
        totalCampaigns: sums.campaigns,
        activeCampaigns: sums.active_campaigns,
        totalLeads: sums.leads,
        totalSent: sums.sent,
        totalReplies: sums.replied,
        replyRate: share(sums.replied, sums.contacted),
        accountHealthAvg: share(accounts.active, accounts.total),
      };
      return { status: 200, body: { data } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/api/v1/analytics/campaigns/:id',
    summary: 'Get the figures of a campaign',
    scope: 'campaigns:read',
    // Accepts any string as an id; a malformed id answers 404, not 422.
    params: z.object({ id: z.string() }),
    answers: {
      200: {
        description: 'The figures, and those of each day on which messages were sent, the oldest first.',
        schema: z.object({ data: campaignShape }),
        example: {
          data: {
            ...exampleFigures,
            opensTracked: false,
            replyRate: 7.5,
            bounceRate: 1.18,
            dailyStats: [{ date: '2026-01-05', ...exampleFigures }],
          },
        },
      },
    },
    handle: async ({ params }, principal) => {
      const id = uuidOf('cmp', params.id);
      if (id === undefined) throw notFound('Campaign');
      const { totals, days, tracking } = await analytics.campaign(principal, id);
      const { sent, bounced, replied, opened, contacted } = totals;
      const data = {
        sent,
        delivered: Math.max(0, sent - bounced),
        bounced,
        replied,
        opened,
        opensTracked: tracking.opens,
        replyRate: share(replied, contacted),
        bounceRate: share(bounced, sent),
        dailyStats: days.toReversed().map((day) => {
          const failed = day.bounced_hard + day.bounced_soft + day.blocked;
          return {
            date: day.key,
            sent: day.sent,
            delivered: Math.max(0, day.sent - failed),
            bounced: failed,
            replied: day.replied,
            opened: day.opened,
          };
        }),
      };
      return { status: 200, body: { data } };
    },
  }),
];
