import { z } from 'zod';
import type { WarmupReport } from '../../mail/warmup/index.ts';
import { exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import { answer } from './answers.ts';

/** The vendor's pages name the fields: whether it is on or paused, the day, today's target and what was sent of it, the settings, the milestones. */
export const warmup = shapeOf<WarmupReport>({
  enabled: [z.boolean(), true, ({ enabled }) => enabled],
  paused: [z.boolean(), false, ({ paused }) => paused],
  strategy: [text, 'normal', ({ strategy }) => strategy],
  targetDailyVolume: [integer, 40, ({ target }) => target],
  replyRate: [integer, 30, ({ replyRate }) => replyRate],
  language: [text, 'en', ({ language }) => language],
  day: [integer, 8, ({ day }) => day],
  today: [
    z.object({ target: integer.nullable(), sent: integer, reason: text.nullable() }),
    { target: 13, sent: 6, reason: 'ramp' },
    ({ today }) => today,
  ],
  hold: [text.nullable(), null, ({ hold }) => hold],
  startedAt: [time.nullable(), exampleTime, ({ startedAt }) => startedAt?.toISOString() ?? null],
  milestones: [
    z.array(z.object({ name: text, at: time })),
    [{ name: 'first_inbox', at: exampleTime }],
    ({ milestones }) => milestones,
  ],
});

export const aWarmup = answer(warmup.schema.meta({ id: 'Warmup' }), warmup.example);
