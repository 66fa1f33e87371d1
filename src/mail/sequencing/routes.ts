import { z } from 'zod';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { assertScopes, namedWorkspace } from '../../auth/index.ts';
import { exampleIds } from '../../events/index.ts';
import { errorCodes } from '../../base/errors.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Route } from '../../http/route.ts';
import type { Queryable } from '../../db/pool.ts';
import {
  aCampaign,
  campaignBytesMax,
  campaignExample,
  campaignFields,
  campaignReply,
  campaignShape,
} from '../campaigns/index.ts';
import type { CampaignInput } from '../campaigns/index.ts';
import { searchInput } from '../discovery/index.ts';
import { addedShape, contactFilter, keepsAddingSegment, segmentFields } from '../leads/index.ts';
import type { Launching } from './launch.ts';
import { endShape } from './outlook-routes.ts';
import type { preview } from './preview.ts';
import { reasonsDescription } from './reasons.ts';
import type { skippedActions } from './skipped.ts';

const common = { tag: 'Campaigns', boundKeys: 'own', scope: 'campaigns:write' } as const;
const params = z.object({ id: z.uuid() });
const noSuchCampaign = { 404: { description: 'No such campaign.' } } as const;
const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((value) => value === 'true');

const contactsMax = 10_000;
const newCampaign = z
  .strictObject({
    ...campaignFields,
    workspace: namedWorkspace.workspace,
    contact_ids: z.array(z.uuid()).max(contactsMax, 'must have at most 10,000 ids; use contact_filter').optional(),
    contact_filter: contactFilter.optional(),
    ...segmentFields,
    discover: searchInput
      .optional()
      .describe('Searches for people who match the `icp`, and adds them: as `POST /v1/leads/discover`.'),
  })
  .refine(...keepsAddingSegment)
  .refine((body) => body.contact_filter === undefined || body.segment_id === undefined, {
    path: ['segment_id'],
    message: 'is not allowed with contact_filter; send one of the two',
  })
  .meta({
    dependentRequired: { keep_adding: ['segment_id'] },
    not: { required: ['contact_filter', 'segment_id'] },
  });

const findingShape = z.object({
  code: z
    .string()
    .describe(
      'An error: `no_step`, `empty_body`, `empty_subject`, `template_error`, `missing_variable`, `unknown_variable`, `no_mailbox`, `no_lead`, `no_window`, `no_tracking_domain`, `link_to_tracking_host`. A warning: `mailbox_auth_failed`, `dmarc_missing`, `domain_auth_failing`, `mailbox_young`, `unsubscribe_by_mail_only`, `many_links`, `shortened_link`, `large_html`, `no_postal_address`, `identical_texts`, `leads_unverified`, `leads_undeliverable`, `leads_risky`, `leads_suppressed`, `role_addresses`, `no_lawful_basis`, `leads_without_timezone`.',
    ),
  field: z.string().describe('What it is about, such as `sequence.1.body`.'),
  message: z.string(),
  count: z.int().nullable().describe('Leads that it concerns; null: it is about the campaign.'),
  lead_ids: z.array(z.uuid()).describe('The first twenty of them.'),
});

/** The error of a body that is wrong, or of a campaign that cannot be launched. */
const launchError = z
  .object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      details: z
        .object({ errors: z.array(findingShape).optional(), warnings: z.array(findingShape).optional() })
        .catchall(z.string())
        .describe('Each field, with the reason; and what the validation found.'),
    }),
  })
  .meta({ id: 'CampaignLaunchErrorResponse' });

const notLaunched = (what: string): Answer => ({
  description: `${what}: \`details\` has each reason by field, and \`errors\` and \`warnings\` as the validation has them.`,
  schema: launchError,
  example: {
    error: {
      code: 'validation_failed',
      message: 'The campaign cannot be launched.',
      details: {
        sequence: 'The campaign has no step. Add one.',
        errors: [
          {
            code: 'no_step',
            field: 'sequence',
            message: 'The campaign has no step. Add one.',
            count: null,
            lead_ids: [],
          },
        ],
        warnings: [],
      },
    },
  },
});
const validationShape = z
  .object({
    errors: z.array(findingShape),
    warnings: z.array(findingShape),
    leads: z.object({
      checked: z.int().describe('Open leads that counts are of: the newest, at most 20,000.'),
      total: z.int(),
    }),
    forecast: endShape.describe('At the present limits, as if the campaign were launched now, or at its start.'),
  })
  .meta({ id: 'CampaignValidation' });

const validationExample: z.input<typeof validationShape> = {
  errors: [
    {
      code: 'missing_variable',
      field: 'sequence.1',
      message: 'No value for job_title, and no default.',
      count: 1,
      lead_ids: [exampleIds.lead],
    },
  ],
  warnings: [],
  leads: { checked: 40, total: 40 },
  forecast: { finishes_at: '2026-01-08T10:15:00.000Z', reason: null, detail: null, assumptions: ['nothing_changes'] },
};

type Tail<All extends readonly unknown[]> = All extends readonly [unknown, ...infer Rest] ? Rest : never;

const previewShape = z
  .object({
    mailbox_id: z.uuid(),
    variant: z.string().nullable(),
    subject: z.string().nullable().describe('Null, as the bodies: it cannot be composed; see `blockers`.'),
    text: z.string().nullable(),
    html: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
    message_id: z.string(),
    in_reply_to: z.string().nullable(),
    references: z.array(z.string()),
    date: z.iso
      .datetime()
      .describe(
        'The present time of the organization: `raw` is what would be sent at this moment, with this time in its header `Date`.',
      ),
    raw: z
      .string()
      .nullable()
      .describe(
        'All bytes (RFC 5322; only ASCII), with the tracked links and, if the mailbox has an own DKIM key, the signature. Null: it cannot be composed.',
      ),
    earliest: z.iso
      .datetime()
      .nullable()
      .describe('When what holds the lead back ends; null: not known, or nothing does.'),
    blockers: z.array(z.object({ code: z.string(), detail: z.string().nullable() })),
  })
  .meta({ id: 'MessagePreview' });
const previewExample = {
  mailbox_id: exampleIds.mailbox,
  variant: null,
  subject: 'Spring launch',
  text: 'Hi Ada',
  html: null,
  headers: {},
  message_id: '<agm4t4qkir7flmgdshjophwves@hopper.example>',
  in_reply_to: null,
  references: [],
  date: '2026-01-05T09:00:00.000Z',
  raw: 'From: grace@hopper.example\r\nTo: ada@lovelace.example\r\nSubject: Spring launch\r\nDate: Mon, 05 Jan 2026 09:00:00 +0000\r\n\r\nHi Ada\r\n',
  earliest: null,
  blockers: [],
} as const;

const skippedShape = z
  .object({
    lead_id: z.uuid(),
    email: z.string(),
    code: z.string().describe(reasonsDescription),
    until: z.iso.datetime().nullable().describe('Null: until something changes, or for good.'),
    detail: z.string().nullable(),
  })
  .meta({ id: 'SkippedAction' });

export interface LaunchRoutesOptions {
  readonly db: Queryable;
  readonly launching: Launching;
  readonly skipped: (...of: Tail<Parameters<typeof skippedActions>>) => ReturnType<typeof skippedActions>;
  readonly previewed: (...of: Tail<Parameters<typeof preview>>) => ReturnType<typeof preview>;
}

/** The calls that create and launch campaigns, and those that look at what they will do. */
export const launchRoutes = (options: LaunchRoutesOptions): readonly Route[] => [
  ...startRoutes(options),
  ...lookRoutes(options),
];

const startRoutes = ({ db, launching }: LaunchRoutesOptions): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns',
    creates: true,
    record: {},
    namesWorkspace: true,
    summary: 'Create a campaign',
    description:
      'Creates a draft with its steps, mailboxes and leads. With `autolaunch=true` it is launched in the same transaction: errors of the validation refuse the request, and nothing is created; warnings do not stop it. Contacts that match `contact_filter`, or belong to the segment, are added in the background, as are people whom `discover` finds, which needs `contacts:write`, too. Contacts of `contact_ids` that cannot be leads are left out: `leads.skipped` has each with the reason.',
    operationId: 'createCampaign',
    query: z.strictObject({ autolaunch: flag }),
    body: newCampaign,
    bodyBytesMax: campaignBytesMax,
    bodyExample: {
      name: 'Spring launch',
      sequence: [{ subject: 'Hello {{first_name}}', body: 'Hi {{first_name}}, …' }],
    },
    answers: {
      201: {
        description: 'The new campaign; with `contact_ids`, also what became of these contacts.',
        schema: dataOf(campaignShape).extend({
          leads: addedShape.optional().describe('Of `contact_ids`: how many were added, and why the others were not.'),
        }),
        example: { data: campaignExample, leads: { added: 40, skipped: [] } },
      },
      422: notLaunched('A field is invalid, or the campaign cannot be launched'),
    },
    async handle({ body, query }, principal) {
      if (body.discover !== undefined) assertScopes(principal, ['contacts:write']);
      const {
        contact_ids: contactIds,
        contact_filter: filter,
        segment_id: segmentId,
        keep_adding: follows,
        discover: search,
        workspace: _,
        ...input
      } = body;
      const matching = filter === undefined && segmentId === undefined ? undefined : { filter, segmentId, follows };
      const audience = { contactIds, matching, search };
      const made = await launching.create(principal, input as CampaignInput, audience, query.autolaunch);
      const reply = await campaignReply(db, made.campaign, 201);
      return made.leads === undefined ? reply : { ...reply, body: { ...(reply.body as object), leads: made.leads } };
    },
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/campaigns/:id/validate',
    summary: 'Validate a campaign',
    description:
      'Lists what stops a launch, and what should be looked at before, with the number of leads that each concerns. All texts are composed for leads that have no value for a variable, and for the first 100. Reads the DNS of the sending domains.',
    operationId: 'validateCampaign',
    params,
    answers: {
      200: {
        description: 'Errors and warnings.',
        schema: dataOf(validationShape),
        example: { data: validationExample },
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
    description:
      'Starts a draft. Warnings of the validation stop it unless `accept_warnings=true`, or all its mailboxes send into the capture box. Emits `campaign.started`.',
    operationId: 'launchCampaign',
    params,
    query: z.strictObject({ accept_warnings: flag }),
    answers: {
      200: aCampaign('The campaign.'),
      ...noSuchCampaign,
      409: { description: 'Its status does not allow that.' },
      422: notLaunched('The campaign cannot be launched'),
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

const lookRoutes = ({ previewed, skipped }: LaunchRoutesOptions): readonly Route[] => [
  route({
    ...common,
    scope: ['campaigns:read', 'mailboxes:read'] as const,
    method: 'POST',
    path: '/v1/campaigns/:id/preview',
    summary: 'Preview a message',
    description:
      'Composes and builds a step for a lead with the functions that send it, and lists what holds the lead back now. The bytes are those that would be sent at this moment; a later message differs in its `Date`, and so in its signature. A later step is shown in the thread of the steps before it, as if the lead had received them. A lead without a mailbox is shown with the first of the campaign.',
    operationId: 'previewCampaignMessage',
    params,
    body: z.strictObject({ lead_id: z.uuid(), step: z.int().min(1).max(1_000).default(1) }),
    bodyExample: { lead_id: exampleIds.lead, step: 1 },
    answers: {
      200: { description: 'The message.', schema: dataOf(previewShape), example: { data: previewExample } },
      404: { description: 'No such campaign or lead.' },
      409: { description: 'The campaign has no mailbox, or the contact was deleted.' },
    },
    handle: async ({ params: { id }, body }, principal) => ({
      status: 200,
      body: { data: await previewed(principal, id, body.lead_id, body.step) },
    }),
  }),
  route({
    ...common,
    scope: 'campaigns:read',
    method: 'GET',
    path: '/v1/campaigns/:id/skipped-actions',
    summary: 'List leads that are not contacted, with the reason',
    description:
      'Every lead that gets no message now, the newest first, with a stable code and the time until which it holds: leads that wait, are held, have stopped, were skipped or failed. Leads that got every step are left out. `updated_since` and `updated_at` are about `last_event_at` of the leads. Computed when it is read.',
    operationId: 'listSkippedActions',
    params,
    query: cursorListQuery,
    answers: {
      200: {
        description: 'A page of leads.',
        schema: cursorPageOf(skippedShape),
        example: {
          data: [
            {
              lead_id: exampleIds.lead,
              email: 'ada@lovelace.example',
              code: 'outside_window',
              until: '2026-01-05T08:00:00.000Z',
              detail: null,
            },
          ],
          next_cursor: null,
        },
      },
      ...noSuchCampaign,
    },
    async handle({ params: { id }, query }, principal) {
      const page = listingOf(`/v1/campaigns/${id}/skipped-actions`, query);
      const rows = await skipped(principal, id, page);
      const show = ({ id: _, created_at: __, updated_at: ___, ...shown }: (typeof rows)[number]) => shown;
      return { status: 200, body: cursorBody(page, rows, show) };
    },
  }),
];
