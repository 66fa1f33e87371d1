import type { Campaign, StepOutline } from '../campaigns/index.ts';
import { calendarOf, dueAfter } from '../schedule/index.ts';
import type { Delay } from '../schedule/index.ts';
import type { LeadTarget } from './add.ts';
import type { Lead } from './lead.ts';

const noDelay: Delay = { delay_days: 0, delay_hours: 0, business_days: false };

/** How leads are added to a campaign. */
export const targetOf = (campaign: Campaign, steps: readonly StepOutline[]): LeadTarget => ({
  ...campaign,
  calendarOf: (place) => calendarOf(campaign.schedule, place),
  firstDueMs: (calendar, nowMs) => dueAfter(steps[0] ?? noDelay, nowMs, campaign.schedule, calendar),
});

/** The step after the one that was sent last. @param steps in their order */
export const nextStep = <Step extends { readonly position: number }>(
  steps: readonly Step[],
  { position }: Pick<Lead, 'position'>,
): Step | undefined => steps.find((step) => position === null || step.position > position);

/**
 * When a lead's next step may be sent: its delay after the last message, or after the lead was added; not before now. Undefined after the
 * last step.
 */
export function nextDueMs(
  { schedule }: Pick<Campaign, 'schedule'>,
  steps: readonly StepOutline[],
  lead: Pick<Lead, 'position' | 'last_sent_at' | 'created_at' | 'calendar'>,
  nowMs: number,
): number | undefined {
  const step = nextStep(steps, lead);
  if (step === undefined) return undefined;
  const from = lead.last_sent_at ?? lead.created_at;
  return Math.max(nowMs, dueAfter(step, from.getTime(), schedule, lead.calendar));
}
