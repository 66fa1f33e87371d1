import { z } from 'zod';
import type { DayStats, HealthReport } from '../../mail/health/index.ts';
import { exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import { answer } from './answers.ts';

const part = z.object({
  name: text,
  weight: integer,
  value: z.number().nullable(),
  rate: z.number().nullable(),
  sample: integer,
  sampleMin: integer,
});

/** The vendor's pages name the score, its parts, the band and the trend. */
export const health = shapeOf<HealthReport>({
  score: [integer.nullable(), 88, ({ score }) => score],
  band: [text.nullable(), 'healthy', ({ band }) => band],
  since: [time.nullable(), exampleTime, ({ since }) => since?.toISOString() ?? null],
  parts: [
    z.array(part),
    [{ name: 'placement', weight: 40, value: 1, rate: 0.96, sample: 84, sampleMin: 20 }],
    ({ parts }) => parts,
  ],
  trend: [
    z.object({
      direction: text.nullable(),
      change: integer.nullable(),
      days: z.array(z.object({ date: z.iso.date(), score: integer.nullable() })),
    }),
    { direction: 'improving', change: 7, days: [{ date: '2026-01-05', score: 88 }] },
    ({ trend: { days, ...trend } }) => ({ ...trend, days: days.map(({ day, score }) => ({ date: day, score })) }),
  ],
  action: [text.nullable(), null, ({ action }) => action],
  measuredAt: [time.nullable(), exampleTime, ({ measuredAt }) => measuredAt?.toISOString() ?? null],
});

const ofWarmup = z.object({
  sent: integer,
  received: integer,
  inboxed: integer,
  spam: integer,
  rescued: integer,
  replied: integer,
});
const ofCampaigns = z.object({ sent: integer, bounced: integer, replied: integer });

export const stats = shapeOf<DayStats>({
  date: [z.iso.date(), '2026-01-05', ({ day }) => day],
  warmup: [
    ofWarmup,
    { sent: 5, received: 4, inboxed: 4, spam: 1, rescued: 1, replied: 2 },
    ({ warmup_sent: sent, received, inboxed, spam, rescued, warmup_replied: replied }) => ({
      sent,
      received,
      inboxed,
      spam,
      rescued,
      replied,
    }),
  ],
  campaign: [ofCampaigns, { sent: 18, bounced: 1, replied: 2 }, ({ campaign }) => campaign],
});

export const aHealth = answer(health.schema.meta({ id: 'MailboxHealth' }), health.example);
export const days = answer(z.array(stats.schema.meta({ id: 'MailboxDay' })), [stats.example]);
