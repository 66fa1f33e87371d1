import { z } from 'zod';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Queryable } from '../../db/pool.ts';
import { aCampaign, campaignBytesMax, campaignFields, campaignReply } from '../campaigns/index.ts';
import type { CampaignInput } from '../campaigns/index.ts';
import { contactFilter } from '../leads/index.ts';
import type { Launching } from './launch.ts';

const common = { tag: 'Campaigns', boundKeys: 'own', scope: 'campaigns:write' } as const;
const params = z.object({ id: z.uuid() });
const noSuchCampaign = { 404: { description: 'No such campaign.' } } as const;
const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((value) => value === 'true');

const contactsMax = 10_000;
const newCampaign = z.strictObject({
  ...campaignFields,
  contact_ids: z.array(z.uuid()).max(contactsMax, 'must have at most 10,000 ids; use contact_filter').optional(),
  contact_filter: contactFilter.optional(),
});

const findingShape = z.object({
  code: z.string(),
  field: z.string().describe('What it is about, such as `sequence.1.body`.'),
  message: z.string(),
  count: z.int().nullable().describe('Leads that it concerns; null: it is about the campaign.'),
  lead_ids: z.array(z.uuid()).describe('The first twenty of them.'),
});
const validationShape = z
  .object({ errors: z.array(findingShape), warnings: z.array(findingShape) })
  .meta({ id: 'CampaignValidation' });

/** The calls that create and launch campaigns. */
export const launchRoutes = ({
  db,
  launching,
}: {
  readonly db: Queryable;
  readonly launching: Launching;
}): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns',
    summary: 'Create a campaign',
    description:
      'Creates a draft with its steps, mailboxes and leads. With `autolaunch=true` it is launched in the same transaction: errors of the validation refuse the request, and nothing is created; warnings do not stop it. Contacts that match `contact_filter` are added in the background.',
    operationId: 'createCampaign',
    query: z.object({ autolaunch: flag }),
    body: newCampaign,
    bodyBytesMax: campaignBytesMax,
    bodyExample: {
      name: 'Spring launch',
      sequence: [{ subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}, …' }],
    },
    answers: {
      201: aCampaign('The new campaign.'),
      422: { description: 'A field is invalid, or the campaign cannot be launched.' },
    },
    async handle({ body, query }, principal) {
      const { contact_ids: contactIds, contact_filter: filter, ...input } = body;
      return campaignReply(
        db,
        await launching.create(principal, input as CampaignInput, { contactIds, filter }, query.autolaunch),
        201,
      );
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns/:id/validate',
    summary: 'Validate a campaign',
    description:
      'Lists what stops a launch, and what should be looked at before. The first message is composed for the first 200 leads.',
    operationId: 'validateCampaign',
    params,
    answers: {
      200: {
        description: 'Errors and warnings.',
        schema: dataOf(validationShape),
        example: { data: { errors: [], warnings: [] } },
      },
      ...noSuchCampaign,
    },
    handle: async (request, principal) => ({
      status: 200,
      body: { data: await launching.validate(principal, request.params.id) },
    }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns/:id/launch',
    summary: 'Launch a campaign',
    description: 'Starts a draft. Warnings stop it unless `accept_warnings=true`. Emits `campaign.started`.',
    operationId: 'launchCampaign',
    params,
    query: z.object({ accept_warnings: flag }),
    answers: {
      200: aCampaign('The campaign.'),
      ...noSuchCampaign,
      409: { description: 'Its status does not allow that.' },
      422: { description: 'The campaign cannot be launched: `details` has each reason by field.' },
    },
    handle: async ({ params: { id }, query }, principal) =>
      campaignReply(db, await launching.launch(principal, id, query.accept_warnings)),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns/:id/send',
    summary: 'Send what is due now',
    description: 'Sets the windows and the work hours of mailboxes aside once, for what is due now. Limits are kept.',
    operationId: 'sendCampaign',
    params,
    answers: { 200: aCampaign('The campaign.'), ...noSuchCampaign, 409: { description: 'It is not active.' } },
    handle: async (request, principal) => campaignReply(db, await launching.send(principal, request.params.id)),
  }),
];
