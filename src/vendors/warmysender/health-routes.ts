import { z } from 'zod';
import type { MailboxId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { daysQuery } from '../../mail/health/index.ts';
import type { Domain } from '../vendor.ts';
import { aHealth, days, health, stats } from './health-answers.ts';
import { warmysenderSurface as surface } from './surface.ts';

const common = { surface, tag: 'WarmySender', boundKeys: 'own', method: 'GET', scope: 'mailboxes:read' } as const;
const params = z.object({ id: z.uuid() });
const idOf = ({ id }: z.output<typeof params>): MailboxId => id as MailboxId;

/** WarmySender's calls for the statistics and the health of a mailbox. */
export const healthRoutes = ({ health: reports }: Pick<Domain, 'health'>): readonly Route[] => [
  route({
    ...common,
    path: '/api/v1/mailboxes/:id/stats',
    summary: 'Get what a mailbox sent and received, by day',
    params,
    query: z.strictObject({ days: daysQuery }),
    answers: { 200: days('Every day, the newest first.') },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: (await reports.stats(principal, idOf(request.params), request.query.days)).map(stats.of) },
    }),
  }),
  route({
    ...common,
    path: '/api/v1/mailboxes/:id/health',
    summary: 'Get the health of a mailbox',
    params,
    answers: { 200: aHealth('The score with its parts, the band and the trend.') },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: health.of(await reports.health(principal, idOf(request.params))) },
    }),
  }),
];
