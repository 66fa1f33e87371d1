import { ApiError, invalid } from '../../base/errors.ts';
import { own } from '../../base/own.ts';
import type { Campaign, Step, Variant } from './campaign.ts';
import { compile } from '../templates/index.ts';
import { stepsMax, textMax } from './input.ts';
import type { StepInput, VariantInput } from './input.ts';

/** The steps of a campaign after its sequence was replaced. */
export interface SequenceEdit {
  /** New, changed and deleted ones, to be written. */
  readonly changed: readonly Step[];
  /** Whether the due times of leads may differ. */
  readonly isReplanned: boolean;
}

export interface SequenceOptions {
  readonly campaign: Pick<Campaign, 'id' | 'organization_id'>;
  /** The present steps in their order, without deleted ones. */
  readonly steps: readonly Step[];
  /** The greatest position that a step ever had. */
  readonly lastPosition: number;
  /** Leads have been contacted: the order of steps must hold. */
  readonly isContacted: boolean;
  readonly now: Date;
  readonly nextId: () => string;
}

/**
 * Replaces the sequence of a campaign: an item with an id is that step, one without is new, and a step that is missing is deleted. A lead
 * that is past a position does not get what is inserted before it.
 * @throws ApiError `validation_failed`
 */
export function replaceSequence(options: SequenceOptions, given: readonly StepInput[]): SequenceEdit {
  const { steps, isContacted, now } = options;
  assertSize(given);
  const known = new Map(steps.map((step) => [step.id, step]));
  const problems: Record<string, string> = {};
  const seen = new Set<string>();
  given.forEach(({ id }, index) => {
    if (id === undefined) return;
    if (!known.has(id))
      problems[`sequence.${index}.id`] = 'is not a step of this campaign; leave it out for a new step';
    else if (seen.has(id)) problems[`sequence.${index}.id`] = 'is used twice';
    seen.add(id);
  });
  if (Object.keys(problems).length > 0) throw invalid(problems);
  const kept = given.flatMap(({ id }) => known.get(id ?? '') ?? []);
  const inOrder = kept.every((step, index) => index === 0 || (kept[index - 1]?.position ?? 0) < step.position);
  if (isContacted && !inOrder)
    throw invalid({ sequence: 'must keep the order of its steps, since leads have received some of them' });
  if (isContacted && kept.length === 0 && steps.length > 0 && given.length > 0)
    throw invalid({
      sequence:
        'has no id of a present step, so leads that were contacted would get all of it; send the ids of the steps that stay',
    });
  const positions = inOrder
    ? positionsOf(
        given.map(({ id }) => known.get(id ?? '')?.position),
        options.lastPosition,
      )
    : given.map((_step, index) => index + 1);
  const next = given.map((input, index): Step => {
    const before = known.get(input.id ?? '');
    return stepOf(options, before, input, { index, position: positions[index] ?? index + 1 });
  });
  next.forEach((step, index) => {
    const before = known.get(step.id);
    if (before === undefined || textsOf(before) !== textsOf(step)) assertTemplates(step, `sequence.${index}`);
  });
  const deleted = steps
    .filter(({ id }) => !seen.has(id))
    .map((step) => ({ ...step, deleted_at: now, updated_at: now }));
  const written = next.filter((step) => step.updated_at === now);
  return {
    changed: [...written, ...deleted],
    isReplanned: deleted.length > 0 || written.some((step) => isMoved(known.get(step.id), step)),
  };
}

/** Checks that the texts of a step are templates. @throws ApiError `validation_failed` for the first that is none, with its place in the sequence */
function assertTemplates({ subject, body, format, variants }: Step, path: string): void {
  assertTemplate({ subject, body, format }, path);
  variants.forEach((variant, index) => {
    const own = { subject: variant.subject ?? subject, body: variant.body ?? body, format };
    assertTemplate(own, `${path}.variants.${index}`);
  });
}

function assertTemplate(source: Parameters<typeof compile>[0], path: string): void {
  try {
    compile(source);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const details = Object.entries(error.details ?? {});
    throw invalid(Object.fromEntries(details.map(([field, problem]) => [`${path}.${field}`, String(problem)])));
  }
}

/** Lists show whole sequences. */
function assertSize(given: readonly StepInput[]): void {
  if (given.length > stepsMax) throw invalid({ sequence: `must have at most ${stepsMax} steps` });
  const size = given.reduce(
    (sum, { body, variants }) =>
      variants.reduce((all, variant) => all + (variant.body ?? '').length, sum + body.length),
    0,
  );
  if (size > textMax)
    throw invalid({ sequence: `must have at most ${textMax.toLocaleString('en')} characters of text` });
}

const isMoved = (before: Step | undefined, after: Step): boolean =>
  before === undefined ||
  before.position !== after.position ||
  before.delay_days !== after.delay_days ||
  before.delay_hours !== after.delay_hours ||
  before.business_days !== after.business_days;

/** Positions of steps: those that are kept stay, new ones come between them, and at the end after every step that ever was. */
export function positionsOf(kept: readonly (number | undefined)[], last: number): number[] {
  const positions: number[] = [];
  for (let index = 0; index < kept.length;) {
    const own = kept[index];
    if (own !== undefined) {
      positions.push(own);
      index += 1;
      continue;
    }
    let end = index;
    while (end < kept.length && kept[end] === undefined) end += 1;
    const count = end - index;
    const upper = kept[end];
    const lower = positions.at(-1) ?? 0;
    const from = upper === undefined ? Math.max(lower, Math.floor(last)) : lower;
    for (let each = 1; each <= count; each += 1)
      positions.push(upper === undefined ? from + each : from + ((upper - from) * each) / (count + 1));
    index = end;
  }
  return positions;
}

/** A step as it is given, over what it was. Its `updated_at` is the same object as `now` if it differs. */
export function stepOf(
  { campaign, now, nextId }: Pick<SequenceOptions, 'campaign' | 'now' | 'nextId'>,
  before: Step | undefined,
  given: StepInput,
  { index, position }: { readonly index: number; readonly position: number },
): Step {
  const after: Step = {
    id: before?.id ?? nextId(),
    organization_id: campaign.organization_id,
    campaign_id: campaign.id,
    position,
    name: given.name,
    subject: given.subject === '' ? null : given.subject,
    body: given.body,
    format: given.format,
    delay_days: given.delay_days ?? before?.delay_days ?? (index === 0 ? 0 : 1),
    delay_hours: given.delay_hours,
    business_days: given.business_days,
    send_only_if_no_reply: given.send_only_if_no_reply,
    variants: variantsOf(before?.variants ?? [], given.variants, `sequence.${index}.variants`, nextId),
    revision: before?.revision ?? 1,
    created_at: before?.created_at ?? now,
    updated_at: before?.updated_at ?? now,
    deleted_at: null,
  };
  if (before === undefined || JSON.stringify(before) === JSON.stringify(after)) return after;
  return { ...after, revision: before.revision + (textsOf(before) === textsOf(after) ? 0 : 1), updated_at: now };
}

const textsOf = ({ subject, body, format, variants }: Step): string =>
  JSON.stringify([subject, body, format, variants.map((variant) => [variant.id, variant.subject, variant.body])]);

function variantsOf(
  before: readonly Variant[],
  given: readonly VariantInput[],
  path: string,
  nextId: () => string,
): Variant[] {
  const known = Object.fromEntries(before.map((variant) => [variant.id, variant]));
  const seen = new Set<string>();
  return given.map((variant, index) => {
    const { id = nextId(), subject, body, weight, enabled } = variant;
    if (variant.id !== undefined && (own(known, id) === undefined || seen.has(id)))
      throw invalid({
        [`${path}.${index}.id`]: seen.has(id)
          ? 'is used twice'
          : 'is not a variant of this step; leave it out for a new one',
      });
    seen.add(id);
    return { id, subject: subject === '' ? null : subject, body: body === '' ? null : body, weight, enabled };
  });
}
