import type { Campaign, StepOutline } from '../campaigns/index.ts';
import { admissionOf } from '../leads/index.ts';
import type { Lead, LeadChange } from '../leads/index.ts';
import { calendarOf, dueAfter } from '../schedule/index.ts';
import { nextStepOf } from './gates.ts';

export interface Replan {
  readonly lead: Lead;
  readonly campaign: Campaign;
  /** In their order, without deleted ones. */
  readonly steps: readonly StepOutline[];
  /** Where its contact is; undefined: not known, or leads' places do not count. */
  readonly place: { readonly timezone: string | null; readonly country: string | null } | undefined;
  readonly nowMs: number;
}

/**
 * What an edit of a campaign changes for a lead: its calendar, its due time, or that no step is left. Pure. A hold and a message that is on
 * its way stay as they are: what follows them is computed then.
 * @returns undefined: nothing
 */
export function replanned({ lead, campaign, steps, place, nowMs }: Replan): LeadChange | undefined {
  const { schedule } = campaign;
  const calendar = calendarOf(schedule, place ?? { timezone: null, country: null });
  const moved = calendar === lead.calendar ? {} : { calendar };
  const asWas: LeadChange | undefined =
    calendar === lead.calendar
      ? undefined
      : {
          lead,
          fact: 'planned',
          patch: {
            ...moved,
            due_at: lead.due_at,
            blocked_reason: lead.blocked_reason,
            blocked_until: lead.blocked_until,
            blocked_detail: lead.blocked_detail,
          },
          atMs: nowMs,
        };
  const step = nextStepOf(steps, lead);
  const due = (): Date =>
    new Date(dueAfter(step ?? noDelay, (lead.last_sent_at ?? lead.created_at).getTime(), schedule, calendar));
  switch (lead.status) {
    case 'finished':
      return step === undefined || !campaign.reopen_finished || lead.contact_id === null
        ? undefined
        : { lead, fact: 'reopened', patch: { ...moved, due_at: due() }, atMs: nowMs };
    case 'queued':
    case 'waiting': {
      if (lead.step === 0 && admissionOf(campaign.verification, lead.verdict) !== 'admitted') return asWas;
      // Without steps a campaign cannot send: its leads wait for one.
      if (step === undefined) return steps.length === 0 ? asWas : { lead, fact: 'finished', patch: moved, atMs: nowMs };
      const dueAt = due();
      return dueAt.getTime() === lead.due_at?.getTime()
        ? asWas
        : { lead, fact: 'planned', patch: { ...moved, due_at: dueAt }, atMs: nowMs };
    }
    default:
      return asWas;
  }
}

const noDelay = { delay_days: 0, delay_hours: 0, business_days: false } as const;
