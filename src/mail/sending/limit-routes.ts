import { z } from 'zod';
import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { dayMs } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { RecordTag, Route } from '../../http/route.ts';
import {
  lockOrganizations,
  saveOrganizationLimit,
  sentByOrganizations,
  waitingForOrganization,
} from './claim-queries.ts';
import type { Steering } from './steering.ts';

interface LimitOptions extends Pick<Steering, 'wake'> {
  readonly db: Database;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
}

const limits = z
  .object({
    daily_limit: z
      .int()
      .min(1)
      .max(1_000_000_000)
      .nullable()
      .describe('Messages of all mailboxes in one day (UTC); null: no limit.'),
    sent_today: z.int().nullable().describe('Null: not counted, as there is no limit.'),
  })
  .meta({ id: 'SendingLimits' });

/** Every change takes this lock, so that none happens between the check of another one's `If-Match` and its commit. */
const lock = (tx: Transaction, { organizationId }: { readonly organizationId: OrganizationId }): Promise<unknown> =>
  lockOrganizations(tx, [organizationId]);

const common = {
  path: '/v1/organization/sending-limits',
  tag: 'Organization',
  boundKeys: 'refused',
  record: { lock, unstable: ['sent_today'] } satisfies RecordTag as RecordTag,
} as const;
const answers = {
  200: {
    description: 'The limits.',
    schema: dataOf(limits),
    example: { data: { daily_limit: 2_000, sent_today: 120 } },
  },
};

/** The limits of an organization as a whole. */
export const limitRoutes = ({ db, clock, clocks, wake }: LimitOptions): readonly Route[] => {
  async function limitsOf(on: Queryable, organization: OrganizationId): Promise<z.output<typeof limits>> {
    const nowMs = await clocks.nowOf(on, organization);
    const [row] = await sentByOrganizations(on, [{ organization, since: new Date(nowMs - (nowMs % dayMs)) }]);
    return { daily_limit: row?.daily_limit ?? null, sent_today: row?.sent ?? null };
  }

  return [
    route({
      ...common,
      method: 'GET',
      summary: 'Get the sending limits of the organization',
      scope: 'organization:read',
      operationId: 'getSendingLimits',
      answers,
      handle: async (_request, { organizationId }) => ({
        status: 200,
        body: { data: await limitsOf(db, organizationId) },
      }),
    }),
    route({
      ...common,
      method: 'PATCH',
      summary: 'Set the sending limits of the organization',
      description:
        'Applies to the next message, to those of campaigns and to others. What it holds back has the reason `organization_limit`. A sandbox has limits of its own.',
      scope: 'organization:write',
      operationId: 'updateSendingLimits',
      body: z.strictObject({ daily_limit: limits.shape.daily_limit }),
      bodyExample: { daily_limit: 2_000 },
      answers,
      handle: ({ body }, { organizationId }) =>
        db.transaction(async (tx) => {
          await lock(tx, { organizationId });
          const waiting = await waitingForOrganization(tx, organizationId);
          await wake(
            tx,
            waiting.map((row) => row.mailbox_id),
          );
          await saveOrganizationLimit(tx, organizationId, body.daily_limit, new Date(clock.now()));
          return { status: 200 as const, body: { data: await limitsOf(tx, organizationId) } };
        }),
    }),
  ];
};
