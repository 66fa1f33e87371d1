import { ApiError } from '../../base/errors.ts';
import type { Campaign, Step } from '../campaigns/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { openAt } from '../schedule/index.ts';
import { compile } from '../templates/index.ts';
import type { Composed, Refused } from './compose.ts';
import { bareSubject } from './compose.ts';

/** What is wrong with a campaign, or should be looked at. */
export interface Finding {
  readonly code: string;
  /** The field that it is about, such as `sequence.1.body`. */
  readonly field: string;
  readonly message: string;
  /** Leads that it concerns; null: it is about the campaign. */
  readonly count: number | null;
  /** The first twenty of them. */
  readonly lead_ids: readonly string[];
}

export interface Validation {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** What a validation reads. */
export interface ValidationInput {
  readonly campaign: Campaign;
  readonly steps: readonly Step[];
  /** Without those that were disconnected. */
  readonly mailboxes: readonly Pick<MailboxState, 'id' | 'status' | 'email'>[];
  /** Addresses of mailboxes without a host over which opens and clicks could be tracked. */
  readonly untracked: readonly string[];
  readonly leads: number;
  /** Leads are still added in the background. */
  readonly isAdding: boolean;
  /** The first step for the first leads. */
  readonly samples: readonly { readonly leadId: string; readonly message: Composed | Refused }[];
  readonly nowMs: number;
}

const leadsShown = 20;
const ofCampaign = (code: string, field: string, message: string): Finding => ({
  code,
  field,
  message,
  count: null,
  lead_ids: [],
});

/**
 * Everything that stops a launch, and what should be looked at before. Pure.
 * @example
 * const { errors, warnings } = validate(input);
 */
export function validate(input: ValidationInput): Validation {
  const { campaign, steps, mailboxes, leads, isAdding, samples, nowMs } = input;
  const errors: Finding[] = [];
  const warnings: Finding[] = [];
  if (steps.length === 0) errors.push(ofCampaign('no_step', 'sequence', 'The campaign has no step. Add one.'));
  for (const [index, step] of steps.entries()) errors.push(...stepErrors(step, index));
  if (mailboxes.length === 0)
    errors.push(ofCampaign('no_mailbox', 'mailbox_ids', 'The campaign has no mailbox. Add one that is connected.'));
  else if (!mailboxes.some(({ status }) => status === 'connected' || status === 'degraded'))
    errors.push(ofCampaign('no_mailbox', 'mailbox_ids', 'No mailbox of the campaign can send. Check their status.'));
  errors.push(...trackingErrors(input));
  if (leads === 0 && !isAdding)
    errors.push(ofCampaign('no_lead', 'contact_ids', 'The campaign has no lead. Add contacts to it.'));
  const opening = openAt(campaign.schedule, '', nowMs);
  if (!opening.open && opening.opensMs === null)
    errors.push(ofCampaign('no_window', 'schedule', 'No window of the schedule opens in the next 400 days.'));
  const refused = samples.flatMap(({ leadId, message }) =>
    message.kind === 'refused' ? [{ leadId, ...message }] : [],
  );
  for (const [key, own] of Map.groupBy(refused, ({ reason, detail }) => `${reason}\n${detail}`)) {
    const [reason = '', detail = ''] = key.split('\n');
    errors.push({
      code: reason,
      field: 'sequence.0',
      message: detail,
      count: own.length,
      lead_ids: own.slice(0, leadsShown).map(({ leadId }) => leadId),
    });
  }
  if (mailboxes.some(({ status }) => status === 'auth_failed'))
    warnings.push(ofCampaign('mailbox_auth_failed', 'mailbox_ids', 'A mailbox of the campaign cannot log in.'));
  return { errors, warnings };
}

/** Opens and clicks are tracked over a verified host of the user's own only, never over one that others share. */
function trackingErrors({ campaign: { tracking }, untracked }: ValidationInput): Finding[] {
  if ((!tracking.opens && !tracking.clicks) || untracked.length === 0) return [];
  const addresses = untracked.slice(0, leadsShown).join(', ');
  return [
    ofCampaign(
      'no_tracking_domain',
      'tracking',
      `Opens and clicks of ${addresses} cannot be tracked without a verified tracking domain. Add one with POST /v1/tracking-domains and verify it, or turn tracking off.`,
    ),
  ];
}

function stepErrors(step: Step, index: number): Finding[] {
  const found: Finding[] = [];
  const texts = [
    { field: `sequence.${index}`, subject: step.subject, body: step.body },
    ...step.variants.map((variant, place) => ({
      field: `sequence.${index}.variants.${place}`,
      subject: variant.subject ?? step.subject,
      body: variant.body ?? step.body,
    })),
  ];
  for (const { field, subject, body } of texts) {
    if (body.trim() === '') found.push(ofCampaign('empty_body', `${field}.body`, 'The body is empty.'));
    if (index === 0 && bareSubject(subject ?? '') === '')
      found.push(ofCampaign('empty_subject', `${field}.subject`, 'The first step needs a subject.'));
    found.push(...templateErrors(field, { subject, body, format: step.format }));
  }
  return found;
}

function templateErrors(field: string, source: Parameters<typeof compile>[0]): Finding[] {
  try {
    compile(source);
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return Object.entries(error.details ?? {}).map(([name, problem]) =>
      ofCampaign('template_error', `${field}.${name}`, `The ${name} ${String(problem)}.`),
    );
  }
}
