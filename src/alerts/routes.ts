import { z } from 'zod';
import { cursorListQuery, cursorBody, listingOf } from '../http/listing.ts';
import type { Database } from '../db/pool.ts';
import { cursorPageOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import type { Route } from '../http/route.ts';
import { alerts } from './queries.ts';
import type { AlertRow } from './queries.ts';

const time = z.iso.datetime();

const alertShape = z
  .object({
    id: z.uuid(),
    subject: z.string(),
    body: z.string(),
    status: z
      .enum(['waiting', 'sent', 'kept'])
      .describe('`kept`: the alert was not mailed and will not be; `last_error` gives the reason.'),
    attempt_count: z.int(),
    last_error: z.string().nullable(),
    created_at: time,
    sent_at: time.nullable(),
  })
  .meta({ id: 'Alert' });

const alertOnWire = (row: AlertRow): z.input<typeof alertShape> =>
  shown(alertShape, { ...row, status: row.sent_at !== null ? 'sent' : row.waiting ? 'waiting' : 'kept' });

const example: z.input<typeof alertShape> = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f2a00',
  subject: 'Webhook endpoint disabled: receiver.example',
  body: 'The webhook endpoint https://receiver.example/hooks/outrider was disabled because a delivery failed 6 times and exhausted its retry schedule.',
  status: 'sent',
  attempt_count: 1,
  last_error: null,
  created_at: '2026-01-05T09:00:00.000Z',
  sent_at: '2026-01-05T09:00:01.200Z',
};

export const alertRoutes = (db: Database): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/alerts',
    tag: 'Alerts',
    summary: 'List alerts, newest first',
    description:
      'Lists the alerts mailed to the alert address of the organization, including those that could not be mailed.',
    scope: 'webhooks:read',
    boundKeys: 'refused',
    operationId: 'listAlerts',
    query: cursorListQuery,
    answers: {
      200: {
        description: 'A page of alerts.',
        schema: cursorPageOf(alertShape),
        example: { data: [example], next_cursor: null },
      },
    },
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/alerts', query);
      const rows = await alerts(db, principal.organizationId, page);
      const dated = rows.map((row) => ({ ...row, updated_at: row.updated_at ?? row.created_at }));
      return { status: 200, body: cursorBody(page, dated, alertOnWire) };
    },
  }),
];
