import { z } from 'zod';
import { lawfulBases } from '../../crm/contacts/index.ts';
import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { exampleIds } from '../../events/index.ts';
import { pipelineShape } from '../campaigns/index.ts';
import { icpInput, icpSchema } from '../icp/index.ts';
import { domainsMax, leadsMax, outcomes, statuses } from './job.ts';
import type { DiscoveryJob } from './job.ts';
import type { ShownFind } from './queries.ts';

const time = z.iso.datetime();
const count = z.int();

const crmSource = z.strictObject({
  type: z.literal('crm').describe('Own contacts that are not in the campaign, and never were.'),
});
const websiteSource = z.strictObject({
  type: z.literal('website').describe('Pages on which companies say who they are: home, contact, team, imprint.'),
  domains: z
    .array(z.string().min(1).max(300))
    .min(1)
    .max(domainsMax)
    .optional()
    .describe('Of the companies, such as `lovelace.example`.'),
  from_companies: z
    .literal(true)
    .optional()
    .describe('Instead of `domains`: own companies that have a domain and do not contradict the profile.'),
});
const providerSource = z.strictObject({
  type: z.literal('provider').describe('An HTTP API: `POST /v1/discovery-providers`.'),
  provider_id: z.uuid(),
});
const sourceInput = z
  .discriminatedUnion('type', [crmSource, websiteSource, providerSource])
  .refine(
    (source) => source.type !== 'website' || (source.domains === undefined) !== (source.from_companies === undefined),
    {
      path: ['domains'],
      message: 'must be given, or from_companies instead: one of the two',
    },
  );

const unprintable = /\p{Cc}/u;
const basisSource = z
  .string()
  .max(500)
  .refine((text) => !unprintable.test(text), 'must not contain control characters')
  .refine((text) => text.isWellFormed(), mustBeWellFormed) as z.ZodString;

/** The fields of a search beside its campaign. */
export const searchFields = {
  icp: icpInput
    .optional()
    .describe('Whom to search for. Default: the ICP of the campaign, otherwise of the workspace.'),
  limit: z.int().min(1).max(leadsMax).default(100).describe('How many people it accepts.'),
  sources: z
    .array(sourceInput)
    .min(1)
    .max(20)
    .default([{ type: 'crm' }])
    .describe('Where to search, in this order. Default: own contacts.'),
  lawful_basis: z
    .enum(lawfulBases)
    .optional()
    .describe(
      'Why you may process the data of the people who are found (GDPR article 6). Contacts that have a lawful basis keep theirs. Without it, people who have none are stored as contacts, but do not become leads.',
    ),
  lawful_basis_source: basisSource.optional().describe('How the lawful basis was obtained.'),
};
export const searchInput = z.strictObject(searchFields);
export type SearchInput = z.output<typeof searchInput>;

export const jobShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('Whose contacts people become; null: of the organization.'),
    campaign_id: z.uuid().nullable(),
    status: z.enum(statuses),
    error: z.string().nullable().describe('Why the job failed.'),
    icp: icpSchema.describe('As it was when the job was created.'),
    limit: count,
    lawful_basis: z.enum(lawfulBases).nullable(),
    lawful_basis_source: z.string().nullable(),
    sources: z.array(z.object({ type: z.string() }).loose()),
    progress: z.object({
      source: count.describe('The place of the source that is searched, from 0.'),
      searched: count.describe('People whom sources named.'),
      accepted: count.describe('Of these, those that match: contacts, and leads of the campaign.'),
      added: count.describe('Of the accepted ones, those that became leads.'),
      created: count.describe('Of the accepted ones, those that are new contacts.'),
      without_lawful_basis: count.describe('Of the accepted ones, those that did not become leads for that reason.'),
      below_threshold: count,
      excluded: count,
      known: count.describe('In the campaign, or found before, or deleted by a person.'),
      suppressed: count,
      unusable: count.describe('Without an address that can be written to.'),
    }),
    waiting: z
      .object({ reason: z.string(), until: time })
      .nullable()
      .describe('Why the search goes on later: the source failed or asked for a pause, or its budget is spent.'),
    problems: z
      .array(z.object({ source: count, message: z.string(), at: time }))
      .describe('The last problems of sources. A source that fails is left, and the next one searched.'),
    pipeline: z
      .array(pipelineShape)
      .optional()
      .describe('Of a single job: how far its campaign has come, from the search to what was sent.'),
    warnings: z.array(z.string()).describe('What the job will not do as it is.'),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    finished_at: time.nullable(),
  })
  .meta({ id: 'DiscoveryJob' });
type JobOnWire = z.input<typeof jobShape>;

export const noBasisWarning =
  'Without lawful_basis, people who have none are stored as contacts, but do not become leads.';

export const jobOnWire = (job: DiscoveryJob): JobOnWire => ({
  id: job.id,
  workspace_id: job.workspace_id,
  campaign_id: job.campaign_id,
  status: job.status,
  error: job.error,
  icp: { ...job.icp },
  limit: job.max_leads,
  lawful_basis: job.lawful_basis,
  lawful_basis_source: job.lawful_basis_source,
  sources: job.sources.map((source) => ({ ...source })),
  progress: { source: Math.min(job.source, job.sources.length - 1), ...job.counts },
  waiting: job.waiting === null ? null : { reason: job.waiting, until: job.due_at.toISOString() },
  problems: job.problems.map((problem) => ({ ...problem })),
  warnings: job.lawful_basis === null ? [noBasisWarning] : [],
  created_by: job.created_by,
  created_at: job.created_at.toISOString(),
  finished_at: job.finished_at?.toISOString() ?? null,
});

const none = {
  searched: 0,
  accepted: 0,
  added: 0,
  created: 0,
  without_lawful_basis: 0,
  below_threshold: 0,
  excluded: 0,
  known: 0,
  suppressed: 0,
  unusable: 0,
};
export const queued: JobOnWire = {
  id: exampleIds.discoveryJob,
  workspace_id: null,
  campaign_id: exampleIds.campaign,
  status: 'queued',
  error: null,
  icp: { countries: ['GB', 'NO'], titles: ['Head of Research'] },
  limit: 200,
  lawful_basis: 'legitimate_interests',
  lawful_basis_source: null,
  sources: [{ type: 'crm' }],
  progress: { source: 0, ...none },
  waiting: null,
  problems: [],
  warnings: [],
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  finished_at: null,
};
export const completed: JobOnWire = {
  ...queued,
  status: 'completed',
  progress: { source: 0, ...none, searched: 4_120, accepted: 200, added: 200, below_threshold: 3_905, known: 15 },
  finished_at: '2026-01-05T09:00:04.000Z',
};

export const findShape = z
  .object({
    id: z.uuid(),
    job_id: z.uuid().describe('Jobs are deleted earlier than what they found.'),
    campaign_id: z.uuid().nullable(),
    lead_id: z.uuid().nullable(),
    contact_id: z.uuid(),
    email: z.string().nullable(),
    outcome: z
      .enum(outcomes)
      .describe('`added` to the campaign; `stored` as a contact; `no_lawful_basis`: stored, and not contacted.'),
    source: z.string().describe('What said it: `crm`, `website`, or `provider:` and the id of the provider.'),
    source_name: z.string(),
    external_id: z.string().describe("The source's own id of the person."),
    url: z.string().nullable().describe('Where the source shows the person.'),
    licence: z.string().nullable().describe('Under which terms what the source says may be used.'),
    score: count.describe('0 to 100.'),
    reasons: z.array(
      z
        .object({
          criterion: z.string().describe('A member of the ICP.'),
          outcome: z.string().describe('`match`, `miss`, `unknown` (counts half) or `excluded`.'),
          value: z.string().nullable().describe('What decided.'),
          points: z.number(),
          of: z.number().describe('The most points that it can give.'),
        })
        .loose(),
    ),
    found_at: time,
  })
  .meta({ id: 'DiscoveryFind' });
type FindOnWire = z.input<typeof findShape>;

export const findOnWire = (find: ShownFind): FindOnWire => ({
  id: find.id,
  job_id: find.job_id,
  campaign_id: find.campaign_id,
  lead_id: find.lead_id,
  contact_id: find.contact_id,
  email: find.email,
  outcome: find.outcome,
  source: find.source,
  source_name: find.source_name,
  external_id: find.external_id,
  url: find.url,
  licence: find.licence,
  score: find.score,
  reasons: find.reasons as FindOnWire['reasons'],
  found_at: find.found_at.toISOString(),
});

export const findExample: FindOnWire = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b4f7',
  job_id: queued.id,
  campaign_id: exampleIds.campaign,
  lead_id: exampleIds.lead,
  contact_id: exampleIds.contact,
  email: exampleIds.recipient,
  outcome: 'added',
  source: 'crm',
  source_name: 'own contacts',
  external_id: exampleIds.contact,
  url: `/v1/contacts/${exampleIds.contact}`,
  licence: null,
  score: 79,
  reasons: [
    { criterion: 'titles', outcome: 'match', value: 'Head of Research', points: 57.1, of: 57.1 },
    { criterion: 'countries', outcome: 'unknown', value: null, points: 21.4, of: 42.9 },
  ],
  found_at: '2026-01-05T09:00:03.000Z',
};
