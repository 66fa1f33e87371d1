import { z } from 'zod';
import type { MailboxId } from '../../base/ids.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Reach } from '../mailboxes/index.ts';
import { bands } from './health.ts';
import type { DayStats, HealthReport } from './report.ts';

export interface Reports {
  /** @throws ApiError `not_found` */
  health(reach: Reach, id: MailboxId): Promise<HealthReport>;
  /** So many UTC days up to today, the newest first. @throws ApiError `not_found` */
  stats(reach: Reach, id: MailboxId, days: number): Promise<readonly DayStats[]>;
}

const count = z.int();
const time = z.iso.datetime();
const day = z.iso.date();
const share = z.number().nullable();

/** How many days a caller asks for. */
export const daysQuery = z.coerce.number().int().min(1).max(366).default(30).describe('Up to today, in UTC.');

const healthShape = z
  .object({
    mailbox_id: z.uuid(),
    score: z
      .int()
      .nullable()
      .describe('0 to 100: the mean of the parts by weight. Null: their weights are less than 40.'),
    band: z.enum(bands).nullable().describe('Null: too little is known.'),
    since: time.nullable().describe('When the band began.'),
    measured_at: time.nullable().describe('Null: it is being measured for the first time.'),
    parts: z.array(
      z.object({
        name: z.enum(['placement', 'bounces', 'complaints', 'authentication', 'connection']),
        weight: count,
        value: share.describe('0 (worst) to 1. Null: the sample is too small, and the weight does not count.'),
        rate: share.describe(
          'As measured: the share of messages in the inbox, bounced or reported as spam, of checks that pass, or of time connected.',
        ),
        sample: count.describe('Messages, checks or hours.'),
        sample_min: count,
      }),
    ),
    action: z
      .string()
      .nullable()
      .describe('What the band asks for, and the one action that helps most. Null: nothing is wrong.'),
    trend: z.object({
      direction: z.enum(['improving', 'stable', 'declining']).nullable(),
      change: count.nullable().describe('Points within the last seven days.'),
      days: z
        .array(z.object({ day, score: z.int().nullable() }))
        .describe('The score at the end of each of the last seven days (UTC), the oldest first.'),
    }),
  })
  .meta({ id: 'MailboxHealth' });

const healthExample: z.input<typeof healthShape> = {
  mailbox_id: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
  score: 88,
  band: 'healthy',
  since: '2026-01-02T09:00:00.000Z',
  measured_at: '2026-01-05T09:00:00.000Z',
  parts: [
    { name: 'placement', weight: 40, value: 1, rate: 0.96, sample: 84, sample_min: 20 },
    { name: 'bounces', weight: 20, value: 1, rate: 0.004, sample: 240, sample_min: 50 },
    { name: 'complaints', weight: 15, value: 1, rate: 0, sample: 240, sample_min: 100 },
    { name: 'authentication', weight: 15, value: 2 / 3, rate: 2 / 3, sample: 3, sample_min: 3 },
    { name: 'connection', weight: 10, value: 1, rate: 1, sample: 168, sample_min: 1 },
  ],
  action: 'Repair DMARC of the domain: Add a TXT record at _dmarc.hopper.example.',
  trend: {
    direction: 'improving',
    change: 7,
    days: [
      { day: '2026-01-04', score: 81 },
      { day: '2026-01-05', score: 88 },
    ],
  },
};

const statsShape = z
  .object({
    day,
    sent: count.describe('Accepted by a server, whatever they are for.'),
    deferred: count.describe('Attempts for which a server asked to try again later.'),
    bounced: count.describe('Hard bounces and blocks.'),
    bounced_soft: count,
    complained: count,
    campaign: z.object({ sent: count, bounced: count, replied: count }),
    warmup: z
      .object({
        sent: count,
        received: count,
        inboxed: count,
        spam: count,
        other: count,
        missing: count,
        rescued: count,
        replied: count,
      })
      .describe(
        '`inboxed` to `missing`: where messages of the mailbox were found. `received`, `rescued` and `replied`: what it received, moved out of spam and answered.',
      ),
    score: z.int().nullable().describe('Health at the end of the day.'),
  })
  .meta({ id: 'MailboxDay' });

const statsExample: z.input<typeof statsShape> = {
  day: '2026-01-05',
  sent: 23,
  deferred: 0,
  bounced: 1,
  bounced_soft: 0,
  complained: 0,
  campaign: { sent: 18, bounced: 1, replied: 2 },
  warmup: { sent: 5, received: 4, inboxed: 4, spam: 1, other: 0, missing: 0, rescued: 1, replied: 2 },
  score: 88,
};

const healthOnWire = ({
  mailboxId,
  since,
  measuredAt,
  parts,
  ...report
}: HealthReport): z.input<typeof healthShape> => ({
  mailbox_id: mailboxId,
  score: report.score,
  band: report.band,
  since: since?.toISOString() ?? null,
  measured_at: measuredAt?.toISOString() ?? null,
  parts: parts.map(({ sampleMin, ...part }) => ({ ...part, sample_min: sampleMin })),
  action: report.action,
  trend: { ...report.trend, days: [...report.trend.days] },
});

const dayOnWire = (row: DayStats): z.input<typeof statsShape> => ({
  day: row.day,
  sent: row.sent,
  deferred: row.deferred,
  bounced: row.bounced,
  bounced_soft: row.bounced_soft,
  complained: row.complained,
  campaign: row.campaign,
  warmup: {
    sent: row.warmup_sent,
    received: row.received,
    inboxed: row.inboxed,
    spam: row.spam,
    other: row.other,
    missing: row.missing,
    rescued: row.rescued,
    replied: row.warmup_replied,
  },
  score: row.score,
});

const common = { tag: 'Mailboxes', boundKeys: 'own', scope: 'mailboxes:read' } as const;
const params = z.object({ id: z.uuid() });
const noSuchMailbox = { 404: { description: 'No such mailbox.' } } as const;

export const healthRoutes = (reports: Reports): readonly Route[] => [
  route({
    ...common,
    method: 'GET',
    path: '/v1/mailboxes/:id/health',
    summary: 'Get the health of a mailbox',
    description:
      'The score, the parts it is made of with their samples, and the band. Measured every hour (capture mailboxes every day), and after every bounce, complaint and message whose folder was found. `warmup.health_changed` is emitted when the band changes.',
    operationId: 'getMailboxHealth',
    params,
    answers: {
      200: { description: 'The health.', schema: dataOf(healthShape), example: { data: healthExample } },
      ...noSuchMailbox,
    },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: healthOnWire(await reports.health(principal, request.params.id as MailboxId)) },
    }),
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/mailboxes/:id/stats',
    summary: 'Get what happened to the messages of a mailbox, by day',
    description: 'Messages count for the day on which they were sent, whenever they bounced or were found.',
    operationId: 'getMailboxStats',
    params,
    query: z.strictObject({ days: daysQuery }),
    answers: {
      200: {
        description: 'Every day, the newest first.',
        schema: dataOf(z.array(statsShape)),
        example: { data: [statsExample] },
      },
      ...noSuchMailbox,
    },
    handle: async ({ params: { id }, query }, principal) => ({
      status: 200,
      body: { data: (await reports.stats(principal, id as MailboxId, query.days)).map(dayOnWire) },
    }),
  }),
];
