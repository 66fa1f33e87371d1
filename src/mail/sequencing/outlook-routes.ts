import { z } from 'zod';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import { assumptions } from './outlook.ts';
import type { Outlook } from './outlook.ts';

/** When a campaign ends. */
export const endShape = z.object({
  finishes_at: z.iso.datetime().nullable().describe('When the last message is sent; null: not known, see `reason`.'),
  reason: z
    .enum([
      'campaign_paused',
      'campaign_ended',
      'no_step',
      'no_lead',
      'no_mailbox',
      'no_window',
      'mailbox_unable',
      'too_far',
    ])
    .nullable(),
  detail: z.string().nullable().describe('The reason as a sentence.'),
  assumptions: z.array(z.enum(Object.keys(assumptions))).describe(
    `What is left out: ${Object.entries(assumptions)
      .map(([code, meaning]) => `\`${code}\` (${meaning})`)
      .join(', ')}.`,
  ),
});

const forecastShape = endShape
  .extend({
    days: z
      .array(
        z.object({
          date: z.iso.date().describe("In the schedule's time zone."),
          sent: z.int().describe('Messages.'),
          new_leads: z.int().describe('Of these, first messages.'),
          follow_ups: z.int(),
        }),
      )
      .describe('Days on which something is sent.'),
  })
  .meta({ id: 'CampaignForecast' });

/** The call that forecasts a campaign. */
export const outlookRoute = (forecastOf: (principal: Principal, id: string) => Promise<Outlook>): Route =>
  route({
    tag: 'Campaigns',
    boundKeys: 'own',
    scope: 'campaigns:read',
    method: 'GET',
    path: '/v1/campaigns/:id/forecast',
    summary: 'Forecast a campaign',
    description:
      'What will be sent on each day until the end, at the present limits of the campaign and its mailboxes, which it may share with others, with the hourly limits of a domain and the limit of a company. `assumptions` has what is left out. A draft is forecast as if it were launched now, or at its start. Ends after 365 days.',
    operationId: 'forecastCampaign',
    params: z.object({ id: z.uuid() }),
    answers: {
      200: {
        description: 'The forecast.',
        schema: dataOf(forecastShape),
        example: {
          data: {
            finishes_at: '2026-01-08T10:15:00.000Z',
            reason: null,
            detail: null,
            assumptions: ['nothing_changes', 'all_verified', 'no_cooldown'],
            days: [
              { date: '2026-01-05', sent: 40, new_leads: 40, follow_ups: 0 },
              { date: '2026-01-08', sent: 40, new_leads: 0, follow_ups: 40 },
            ],
          },
        },
      },
      404: { description: 'No such campaign.' },
    },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: await forecastOf(principal, request.params.id) },
    }),
  });
