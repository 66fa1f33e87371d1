import { z } from 'zod';
import { ApiError, invalid, notFound, unreachable } from '../../base/errors.ts';
import { validationMessages } from '../../base/validation-messages.ts';
import { own } from '../../base/own.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, Route } from '../../http/route.ts';
import { detailsOf } from '../../http/validation.ts';
import { campaignInput, stepInput } from '../../mail/campaigns/index.ts';
import type { Campaign, CampaignChange, Step, StepInput } from '../../mail/campaigns/index.ts';
import { defaultSchedule, scheduleSchema } from '../../mail/schedule/index.ts';
import type { Schedule } from '../../mail/schedule/index.ts';
import { integer } from '../shape.ts';
import type { Domain } from '../vendor.ts';
import { campaign, inputOf, scheduleOf, sequence } from './campaigns.ts';
import type { Hours } from './campaigns.ts';
import { metaOf, page, sliceOf } from './routes.ts';
import { foxreachSurface as surface } from './surface.ts';
import { uuidOf } from './wire-ids.ts';
import type { IdPrefix } from './wire-ids.ts';

export const common = { surface, tag: 'FoxReach', boundKeys: 'own' } as const;
export const path = '/api/v1/campaigns';
/** Accepts any string as an id; a malformed id answers 404, not 422. */
export const params = z.object({ id: z.string() });
const statuses = ['draft', 'active', 'paused', 'completed'] as const;

const hours = {
  timezone: z.string().min(1).max(100),
  sendingDays: z.array(z.int().min(1).max(7)).min(1).max(7),
  sendingStartHour: z.int().min(0).max(23),
  sendingStartMinute: z.int().min(0).max(59),
  sendingEndHour: z.int().min(0).max(23),
  sendingEndMinute: z.int().min(0).max(59),
};
const campaignChange = z
  .strictObject({
    name: z.string().trim().min(1, 'must not be empty').max(200),
    context: z.string().max(20_000).nullable(),
    ...hours,
    dailyLimit: z.int().min(1).max(1_000_000),
  })
  .partial();
const newCampaign = campaignChange.extend({ name: campaignChange.shape.name.unwrap() });

const stepFields = z
  .strictObject({
    name: z.string().max(200).nullable(),
    subject: z.string().max(1_000).nullable(),
    body: z.string().min(1, 'must not be empty').max(100_000),
    stepNumber: z.int().min(1).max(1_000),
    delayDays: z.int().min(0).max(365),
    delayHours: z.int().min(0).max(23),
    sendOnlyIfNoReply: z.boolean(),
    sendAsHtml: z.boolean(),
    templateType: z.string().max(100),
    variants: z.array(z.unknown()),
  })
  .partial();
const newStep = stepFields.extend({ body: stepFields.shape.body.unwrap() });
type StepFields = z.output<typeof stepFields>;

export const answer = (schema: z.ZodType, example: unknown, description: string): Answer => ({
  description,
  schema: z.object({ data: schema }),
  example: { data: example },
});
const campaignSchema = campaign.schema.meta({ id: 'Campaign' });
const sequenceSchema = sequence.schema.meta({ id: 'Sequence' });
const aCampaign = (description: string): Answer => answer(campaignSchema, campaign.example, description);
const aSequence = (description: string): Answer => answer(sequenceSchema, sequence.example, description);

const malformed = (message: string): ApiError => new ApiError('malformed', message);
const editActive = (): ApiError => malformed('Cannot edit active campaign. Pause it first.');

export function idIn(prefix: IdPrefix, id: string, record: string): string {
  const uuid = uuidOf(prefix, id);
  if (uuid === undefined) throw notFound(record);
  return uuid;
}

/** @throws ApiError `validation_failed`, in the vendor's fields */
function schedule(given: Hours, before: Schedule): Schedule | undefined {
  const input = scheduleOf(given, before);
  if (input === undefined) return undefined;
  const parsed = scheduleSchema.safeParse(input, { error: validationMessages });
  if (parsed.success) return parsed.data;
  const names: Record<string, string> = { days: 'sendingDays', start: 'sendingStartHour', end: 'sendingEndHour' };
  const details = detailsOf(parsed.error.issues, input, 'schedule');
  throw invalid(
    Object.fromEntries(Object.entries(details).map(([field, problem]) => [own(names, field) ?? field, problem])),
  );
}

/** A step with the given fields. */
function merged(before: StepInput | undefined, given: StepFields): StepInput {
  const input = {
    ...before,
    ...(given.name === undefined ? {} : { name: given.name }),
    ...(given.subject === undefined ? {} : { subject: given.subject }),
    ...(given.body === undefined ? {} : { body: given.body }),
    ...(given.delayDays === undefined ? {} : { delay_days: given.delayDays }),
    ...(given.delayHours === undefined ? {} : { delay_hours: given.delayHours }),
    ...(given.sendOnlyIfNoReply === undefined ? {} : { send_only_if_no_reply: given.sendOnlyIfNoReply }),
    ...(given.sendAsHtml === undefined ? {} : { format: given.sendAsHtml ? 'html' : 'text' }),
    ...(given.variants === undefined ? {} : { variants: given.variants }),
  };
  const parsed = stepInput.safeParse(input, { error: validationMessages });
  if (!parsed.success) throw invalid(detailsOf(parsed.error.issues, input, 'body'));
  return parsed.data;
}

/** Why a campaign cannot be launched, as one text: `Step 2: The body has …`. */
function launchProblem({ details = {}, message }: ApiError): string {
  const problems = Object.entries(details).map(([field, problem]) => {
    const step = /^sequence\.(\d+)/.exec(field)?.[1];
    return step === undefined ? String(problem) : `Step ${Number(step) + 1}: ${String(problem)}`;
  });
  return problems.length === 0 ? message : problems.join(' ');
}

/** FoxReach's calls for campaigns: the campaigns themselves and their sequences. */
export function campaignRoutes(domain: Pick<Domain, 'campaigns' | 'sequencing' | 'inTransaction'>): readonly Route[] {
  const { campaigns, sequencing, inTransaction } = domain;
  const idOf = ({ id }: { readonly id: string }): string => idIn('cmp', id, 'Campaign');
  const shown = async (rows: readonly Campaign[]): Promise<object[]> => (await campaigns.shown(rows)).map(campaign.of);
  const one = async (row: Campaign) => ({ data: (await shown([row]))[0] });
  const get = (principal: Principal, given: { readonly id: string }): Promise<Campaign> =>
    campaigns.get(principal, idOf(given));

  const action = (name: 'pause' | 'resume', summary: string, from: Campaign['status'], refusal: string): Route =>
    route({
      ...common,
      method: 'POST',
      path: `${path}/:id/${name}`,
      summary,
      scope: 'campaigns:write',
      params,
      answers: { 200: aCampaign('The campaign.'), 400: { description: refusal } },
      handle: async (request, principal) => {
        const row = await get(principal, request.params);
        if (row.status !== from) throw malformed(refusal);
        return { status: 200, body: await one(await campaigns[name](principal, row.id)) };
      },
    });

  return [
    route({
      ...common,
      method: 'GET',
      path,
      summary: 'List campaigns, newest first',
      scope: 'campaigns:read',
      query: page.extend({ status: z.enum(statuses).optional() }),
      answers: {
        200: {
          description: 'A page of campaigns.',
          schema: z.object({
            data: z.array(campaignSchema),
            meta: z.object({ page: integer, pageSize: integer, total: integer, totalPages: integer }),
          }),
          example: { data: [campaign.example], meta: { page: 1, pageSize: 50, total: 1, totalPages: 1 } },
        },
      },
      handle: async ({ query }, principal) => {
        const found = await campaigns.list(principal, query.status, sliceOf(query));
        return { status: 200, body: { data: await shown(found.rows), meta: metaOf(query, found) } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path,
      creates: true,
      summary: 'Create a campaign',
      scope: 'campaigns:write',
      body: newCampaign,
      answers: { 201: aCampaign('The campaign, a draft.') },
      handle: async ({ body: { name, context = null, dailyLimit = 50, ...given } }, principal) => {
        const input = {
          ...campaignInput({ name, context, daily_limit: dailyLimit }),
          schedule: schedule(given, defaultSchedule) ?? defaultSchedule,
        };
        const row = await inTransaction((tx) => campaigns.create(tx, principal, input));
        return { status: 201, body: await one(row) };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: `${path}/:id`,
      summary: 'Get a campaign',
      scope: 'campaigns:read',
      params,
      answers: { 200: aCampaign('The campaign.') },
      handle: async (request, principal) => ({ status: 200, body: await one(await get(principal, request.params)) }),
    }),
    route({
      ...common,
      method: 'PATCH',
      path: `${path}/:id`,
      summary: 'Change a campaign that is not active',
      scope: 'campaigns:write',
      params,
      body: campaignChange,
      answers: { 200: aCampaign('The changed campaign.'), 400: { description: 'The campaign is active.' } },
      handle: async (request, principal) => {
        const row = await get(principal, request.params);
        if (row.status === 'active') throw editActive();
        const { name, context, dailyLimit, ...given } = request.body;
        const change: CampaignChange = {
          name,
          context,
          daily_limit: dailyLimit,
          schedule: schedule(given, row.schedule),
        };
        return { status: 200, body: await one(await campaigns.change(principal, row.id, change)) };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: `${path}/:id`,
      summary: 'Delete a draft',
      scope: 'campaigns:write',
      params,
      answers: { 204: { description: 'Deleted.' }, 400: { description: 'The campaign is no draft.' } },
      handle: async (request, principal) => {
        const row = await get(principal, request.params);
        if (row.status !== 'draft') throw malformed('Only draft campaigns can be deleted');
        await campaigns.remove(principal, row.id);
        return { status: 204 };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: `${path}/:id/start`,
      summary: 'Launch a draft, or resume a paused campaign',
      scope: 'campaigns:write',
      params,
      answers: { 200: aCampaign('The campaign.'), 400: { description: 'What must be done before, as a sentence.' } },
      handle: async (request, principal) => {
        const { id, status } = await get(principal, request.params);
        // The SDK's version 0.1.0 has no other call to resume.
        if (status === 'paused') return { status: 200, body: await one(await campaigns.resume(principal, id)) };
        if (status !== 'draft') throw malformed('Only draft and paused campaigns can be started');
        const launched = await sequencing.launch(principal, id, true).catch((error: unknown) => {
          throw error instanceof ApiError && error.error === 'validation_failed'
            ? malformed(launchProblem(error))
            : error;
        });
        return { status: 200, body: await one(launched) };
      },
    }),
    action('pause', 'Pause a campaign', 'active', 'Only active campaigns can be paused'),
    action('resume', 'Resume a campaign', 'paused', 'Only paused campaigns can be resumed'),
    ...sequenceRoutes(domain, idOf),
  ];
}

/** An error about the step that a request has, without its place in the sequence. */
function aboutStep(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.error !== 'validation_failed' || error.details === undefined) return error;
  const details = Object.entries(error.details).map(([path, problem]) => [
    path.replace(/^sequence\.\d+\./, ''),
    problem,
  ]);
  return invalid(Object.fromEntries(details) as Record<string, string>);
}

type IdOf = (given: { readonly id: string }) => string;

function sequenceRoutes({ campaigns }: Pick<Domain, 'campaigns'>, idOf: IdOf): readonly Route[] {
  const below = `${path}/:id/sequences`;
  const stepParams = z.object({ id: z.string(), sequenceId: z.string() });
  const active = { 400: { description: 'The campaign is active.' } } as const;
  const stepsOf = async (row: Campaign): Promise<readonly Step[]> =>
    (await campaigns.shown([row]))[0]?.context.steps ?? [];
  const items = (steps: readonly Step[]): object[] =>
    steps.map((step, index) => sequence.of({ step, number: index + 1 }));
  const edit = (
    principal: Principal,
    id: string,
    change: (steps: readonly StepInput[], found: number) => readonly StepInput[],
    stepId?: string,
  ): Promise<Campaign> =>
    campaigns
      .changeSequence(principal, id, (steps, { status }) => {
        if (status === 'active') throw malformed('Campaign is active — pause it first');
        const found = steps.findIndex((step) => step.id === stepId);
        if (stepId !== undefined && found < 0) throw notFound('Sequence');
        return change(steps.map(inputOf), found);
      })
      .catch((error: unknown) => {
        throw aboutStep(error);
      });
  /** Moves an item to a place, counted from 1. */
  const placed = (steps: readonly StepInput[], item: StepInput, number: number | undefined): StepInput[] =>
    number === undefined ? [...steps, item] : steps.toSpliced(number - 1, 0, item);

  return [
    route({
      ...common,
      method: 'GET',
      path: below,
      summary: 'List the steps of a campaign, in their order',
      scope: 'campaigns:read',
      params,
      answers: { 200: answer(z.array(sequenceSchema), [sequence.example], 'The steps.') },
      handle: async (request, principal) => {
        const row = await campaigns.get(principal, idOf(request.params));
        return { status: 200, body: { data: items(await stepsOf(row)) } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: below,
      creates: true,
      summary: 'Add a step',
      scope: 'campaigns:write',
      params,
      body: newStep,
      answers: { 201: aSequence('The step.'), ...active },
      handle: async (request, principal) => {
        const { stepNumber, ...given } = request.body;
        let place = 0;
        const row = await edit(principal, idOf(request.params), (steps) => {
          place = Math.min(stepNumber ?? steps.length + 1, steps.length + 1);
          return placed(steps, merged(undefined, { delayDays: 1, ...given }), place);
        });
        return { status: 201, body: { data: items(await stepsOf(row))[place - 1] } };
      },
    }),
    route({
      ...common,
      method: 'PATCH',
      path: `${below}/:sequenceId`,
      summary: 'Change a step',
      scope: 'campaigns:write',
      params: stepParams,
      body: stepFields,
      answers: { 200: aSequence('The changed step.'), ...active },
      handle: async (request, principal) => {
        const { stepNumber, ...given } = request.body;
        const stepId = idIn('seq', request.params.sequenceId, 'Sequence');
        const change = (steps: readonly StepInput[], found: number): StepInput[] => {
          const item = merged(steps[found], given);
          return placed(steps.toSpliced(found, 1), item, stepNumber ?? found + 1);
        };
        const row = await edit(principal, idOf(request.params), change, stepId);
        const steps = await stepsOf(row);
        const at = steps.findIndex(({ id }) => id === stepId);
        if (at < 0) throw unreachable(`no step ${stepId} after it was changed`);
        return { status: 200, body: { data: items(steps)[at] } };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: `${below}/:sequenceId`,
      summary: 'Delete a step',
      scope: 'campaigns:write',
      params: stepParams,
      answers: {
        200: answer(
          z.object({ id: z.string(), deleted: z.literal(true) }),
          { id: sequence.example['id'], deleted: true },
          'Deleted.',
        ),
        ...active,
      },
      handle: async (request, principal) => {
        const { sequenceId } = request.params;
        const remove = (steps: readonly StepInput[], found: number): StepInput[] => steps.toSpliced(found, 1);
        await edit(principal, idOf(request.params), remove, idIn('seq', sequenceId, 'Sequence'));
        return { status: 200, body: { data: { id: sequenceId, deleted: true } } };
      },
    }),
  ];
}
