import { ApiError } from '../../base/errors.ts';
import type { Step } from '../campaigns/index.ts';
import { openAt } from '../schedule/index.ts';
import { compile } from '../templates/index.ts';
import { bareSubject } from './compose.ts';
import { ofCampaign } from './findings.ts';
import type { Finding, Validation, ValidationInput } from './findings.ts';
import { warningsOf } from './warnings.ts';

/**
 * Everything that stops a launch, and what should be looked at before. Pure.
 * @example
 * const { errors, warnings } = validate(input);
 */
export function validate(input: ValidationInput): Validation {
  const { campaign, steps, mailboxes, leads, isAdding, failures, traits, nowMs } = input;
  const errors: Finding[] = [];
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
  for (const { field, code, message, leads: group } of failures)
    errors.push({ code, field, message, count: group?.count ?? null, lead_ids: group?.lead_ids ?? [] });
  return {
    errors,
    warnings: warningsOf(input),
    leads: { checked: traits.get('all')?.count ?? 0, total: leads },
  };
}

const namedMax = 20;

/** Opens and clicks are tracked over a verified host of the user's own only, never over one that others share. */
function trackingErrors({ campaign: { tracking }, untracked, texts, hosts }: ValidationInput): Finding[] {
  const found: Finding[] = [];
  if ((tracking.opens || tracking.clicks) && untracked.length > 0)
    found.push(
      ofCampaign(
        'no_tracking_domain',
        'tracking',
        `Opens and clicks of ${untracked.slice(0, namedMax).join(', ')} cannot be tracked without a verified tracking domain. Add one with POST /v1/tracking-domains and verify it, or turn tracking off.`,
      ),
    );
  for (const { field, source } of texts) {
    const host = hosts.find((each) => URL.canParse(each) && source.body.includes(`//${new URL(each).host}/`));
    if (host !== undefined)
      found.push(
        ofCampaign(
          'link_to_tracking_host',
          `${field}.body`,
          `A link leads to ${new URL(host).host}, which only tracked links do. Link to the page itself.`,
        ),
      );
  }
  return found;
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
