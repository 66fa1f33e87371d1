import { z } from 'zod';
import type { ShownCampaign, Step, StepInput } from '../../mail/campaigns/index.ts';
import type { Schedule } from '../../mail/schedule/index.ts';
import { exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import { foxreachId } from './wire-ids.ts';

/** Campaigns and sequences in FoxReach's fields. */

const optional = text.nullable();
const windowOf = ({ campaign }: ShownCampaign) => campaign.schedule.windows[0];
/** `24:00` is the last minute for the vendor. */
const clock = (time = '09:00'): { readonly hour: number; readonly minute: number } =>
  time === '24:00' ? { hour: 23, minute: 59 } : { hour: Number(time.slice(0, 2)), minute: Number(time.slice(3)) };
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export const campaign = shapeOf<ShownCampaign>({
  id: [text, 'cmp_0199c9f20a447e55b0c391d2e7a6f520', (it) => foxreachId('cmp', it.campaign.id)],
  name: [text, 'Spring launch', (it) => it.campaign.name],
  context: [optional, null, (it) => it.campaign.context],
  status: [text, 'draft', ({ campaign: { status } }) => (status === 'archived' ? 'completed' : status)],
  timezone: [text, 'Europe/Oslo', (it) => it.campaign.schedule.timezone],
  sendingDays: [z.array(integer), [1, 2, 3, 4, 5], (it) => windowOf(it)?.days ?? []],
  sendingStartHour: [integer, 9, (it) => clock(windowOf(it)?.start).hour],
  sendingStartMinute: [integer, 0, (it) => clock(windowOf(it)?.start).minute],
  sendingEndHour: [integer, 17, (it) => clock(windowOf(it)?.end).hour],
  sendingEndMinute: [integer, 0, (it) => clock(windowOf(it)?.end).minute],
  dailyLimit: [integer.nullable(), 50, (it) => it.campaign.daily_limit],
  sentToday: [integer, 0, (it) => it.today.sent],
  queuedToday: [integer, 0, (it) => it.today.queued],
  totalLeads: [integer, 0, (it) => it.context.totals.leads],
  totalSent: [integer, 0, (it) => it.context.totals.sent],
  totalDelivered: [integer, 0, (it) => it.context.totals.delivered],
  totalBounced: [integer, 0, (it) => it.context.totals.bounced],
  totalReplied: [integer, 0, (it) => it.context.totals.replied],
  totalOpened: [integer, 0, (it) => it.context.totals.opened],
  // Otherwise opens are not measured; the published SDK expects a number.
  opensTracked: [z.boolean(), false, (it) => it.campaign.tracking.opens],
  createdAt: [time, exampleTime, (it) => iso(it.campaign.created_at)],
  updatedAt: [time, exampleTime, (it) => iso(it.campaign.updated_at)],
  startedAt: [time.nullable(), null, (it) => iso(it.campaign.started_at)],
  completedAt: [time.nullable(), null, (it) => iso(it.campaign.completed_at)],
});

interface ShownStep {
  readonly step: Step;
  readonly number: number;
}

export const sequence = shapeOf<ShownStep>({
  id: [text, 'seq_0199c9f20a447e55b0c391d2e7a6f531', ({ step }) => foxreachId('seq', step.id)],
  campaignId: [text, 'cmp_0199c9f20a447e55b0c391d2e7a6f520', ({ step }) => foxreachId('cmp', step.campaign_id)],
  stepNumber: [integer, 1, ({ number }) => number],
  name: [optional, null, ({ step }) => step.name],
  subject: [optional, 'Your engine', ({ step }) => step.subject],
  body: [text, 'Hi {{firstName}}', ({ step }) => step.body],
  delayDays: [integer, 1, ({ step }) => step.delay_days],
  delayHours: [integer, 0, ({ step }) => step.delay_hours],
  sendOnlyIfNoReply: [z.boolean(), true, ({ step }) => step.send_only_if_no_reply],
  sendAsHtml: [z.boolean(), false, ({ step }) => step.format === 'html'],
  templateType: [text, 'email', () => 'email'],
  variants: [z.array(z.unknown()), [], ({ step }) => step.variants],
  hasVariants: [z.boolean(), false, ({ step }) => step.variants.length > 0],
  createdAt: [time, exampleTime, ({ step }) => iso(step.created_at)],
  updatedAt: [time, exampleTime, ({ step }) => iso(step.updated_at)],
});

/** When a campaign sends, in the vendor's fields. */
export interface Hours {
  readonly timezone?: string | undefined;
  readonly sendingDays?: readonly number[] | undefined;
  readonly sendingStartHour?: number | undefined;
  readonly sendingStartMinute?: number | undefined;
  readonly sendingEndHour?: number | undefined;
  readonly sendingEndMinute?: number | undefined;
}

const two = (value: number): string => String(value).padStart(2, '0');

/** The given hours over those of a schedule, as input of the native API; undefined if nothing is given. */
export function scheduleOf(given: Hours, before: Schedule): object | undefined {
  if (Object.values({ ...given }).every((value) => value === undefined)) return undefined;
  const { windows, ...rest } = before;
  const timezone = given.timezone ?? before.timezone;
  const { timezone: _zone, ...window } = given;
  if (Object.values(window).every((value) => value === undefined)) return { ...rest, windows, timezone };
  const [first] = windows;
  const [start, end] = [clock(first?.start), clock(first?.end ?? '17:00')];
  return {
    ...rest,
    timezone,
    days: given.sendingDays ?? first?.days ?? [1, 2, 3, 4, 5],
    start: `${two(given.sendingStartHour ?? start.hour)}:${two(given.sendingStartMinute ?? (given.sendingStartHour === undefined ? start.minute : 0))}`,
    end: `${two(given.sendingEndHour ?? end.hour)}:${two(given.sendingEndMinute ?? (given.sendingEndHour === undefined ? end.minute : 0))}`,
  };
}

/** A stored step as an item of a sequence. */
export const inputOf = (step: Step): StepInput => ({
  id: step.id,
  name: step.name,
  subject: step.subject,
  body: step.body,
  format: step.format,
  delay_days: step.delay_days,
  delay_hours: step.delay_hours,
  business_days: step.business_days,
  send_only_if_no_reply: step.send_only_if_no_reply,
  variants: [...step.variants],
});
