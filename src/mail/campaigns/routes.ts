import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { matches } from '../../http/conditional.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, RecordTag, Reply, Route } from '../../http/route.ts';
import { campaignStatuses } from './campaign.ts';
import type { Campaign } from './campaign.ts';
import type { Operations } from './campaigns.ts';
import { campaignChange } from './input.ts';
import { lockByIds } from './queries.ts';
import { campaignExample, campaignShape } from './shape.ts';
import { campaignsOnWire } from './views.ts';

export interface CampaignRoutesOptions {
  readonly db: Queryable;
  readonly campaigns: Operations;
}

/** Sequences with long texts. */
export const campaignBytesMax = 4 * 1024 * 1024;

const common = { tag: 'Campaigns', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const query = listQuery.extend({ ...ofWorkspace, status: z.enum(campaignStatuses).optional() });
const noSuchCampaign = { 404: { description: 'No such campaign.' } } as const;
export const aCampaign = (description: string): Answer => ({
  description,
  schema: dataOf(campaignShape),
  example: { data: campaignExample },
});

/** The `ETag` is the revision, with the end of the id: that of another campaign never matches. A change locks other records before the campaign, so `campaigns.change` checks it. */
const record: RecordTag = {};
const draft: RecordTag = { lock: (tx, _principal, { id = '' }) => lockByIds(tx, [id]) };
const etagOf = (id: string, revision: number): string => `"${revision}-${id.slice(-12)}"`;

/** A campaign as an answer, with its revision as `ETag`. */
export async function campaignReply(on: Queryable, row: Campaign, status = 200): Promise<Reply> {
  const [data] = await campaignsOnWire(on, [row]);
  return { status, body: { data }, headers: { etag: etagOf(row.id, row.revision) } };
}

/** The calls that read, change and delete campaigns, and that pause, resume and archive them. */
export function campaignRoutes({ db, campaigns }: CampaignRoutesOptions): readonly Route[] {
  const action = (
    name: 'pause' | 'resume' | 'archive',
    about: { readonly summary: string; readonly description: string },
    act: (principal: Principal, id: string) => Promise<Campaign>,
  ): Route =>
    route({
      ...common,
      method: 'POST',
      path: `/v1/campaigns/:id/${name}`,
      ...about,
      scope: 'campaigns:write',
      operationId: `${name}Campaign`,
      params,
      answers: {
        200: aCampaign('The campaign.'),
        ...noSuchCampaign,
        409: { description: 'Its status does not allow that.' },
      },
      handle: async (request, principal) => campaignReply(db, await act(principal, request.params.id)),
    });

  return [
    route({
      ...common,
      method: 'GET',
      path: '/v1/campaigns',
      summary: 'List campaigns, newest first',
      description: 'A key that is bound to a workspace sees only the campaigns of that workspace.',
      scope: 'campaigns:read',
      operationId: 'listCampaigns',
      query,
      answers: listAnswers('A page of campaigns.', campaignShape, campaignExample),
      handle: async ({ query: asked }, principal) => {
        const slice = listingOf('/v1/campaigns', asked);
        const { rows, total } = await campaigns.list(within(principal, asked), asked.status, slice);
        const shown = new Map((await campaignsOnWire(db, rows)).map((campaign) => [campaign.id, campaign]));
        return { status: 200, body: listBody(asked, slice, rows, ({ id }) => shown.get(id), { total }) };
      },
    }),
    route({
      ...common,
      method: 'GET',
      record,
      path: '/v1/campaigns/:id',
      summary: 'Get a campaign',
      description: 'With the state of each stage and step, and its figures. The `ETag` begins with its revision.',
      scope: 'campaigns:read',
      operationId: 'getCampaign',
      params,
      answers: { 200: aCampaign('The campaign.'), ...noSuchCampaign },
      handle: async (request, principal) => campaignReply(db, await campaigns.get(principal, request.params.id)),
    }),
    route({
      ...common,
      method: 'PATCH',
      record,
      path: '/v1/campaigns/:id',
      summary: 'Change a campaign, also while it runs',
      description:
        'Changes the given fields. Texts, windows, limits and mailboxes count from the next message on; after a change of delays, of the order or of the schedule, the due times of leads are computed again. `sequence` replaces all steps: an item with an `id` is that step, one without is new, and a missing step is deleted; leads that wait for it go on with the next one. A mailbox with open leads can be removed only with `reassign_to` or `finish`.',
      scope: 'campaigns:write',
      operationId: 'updateCampaign',
      params,
      body: campaignChange,
      bodyBytesMax: campaignBytesMax,
      bodyExample: { daily_limit: 80, schedule: { timezone: 'Europe/Oslo', start: '08:00', end: '16:00' } },
      answers: {
        200: aCampaign('The changed campaign.'),
        ...noSuchCampaign,
        409: {
          description: 'The campaign is archived, or a mailbox that is removed has open leads.',
        },
      },
      handle: async ({ params: { id }, body, headers: { 'if-match': header } }, principal) => {
        const isExpected =
          header === undefined ? undefined : (revision: number) => matches(header, etagOf(id, revision));
        return campaignReply(db, await campaigns.change(principal, id, body, isExpected));
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      record: draft,
      path: '/v1/campaigns/:id',
      summary: 'Delete a draft',
      scope: 'campaigns:write',
      operationId: 'deleteCampaign',
      params,
      answers: {
        204: { description: 'Deleted.' },
        ...noSuchCampaign,
        409: { description: 'It was launched: archive it instead.' },
      },
      handle: async (request, principal) => {
        await campaigns.remove(principal, request.params.id);
        return { status: 204 };
      },
    }),
    action(
      'pause',
      {
        summary: 'Pause a campaign',
        description:
          'Nothing more begins; a message that is on its way is finished. A paused campaign stays paused. Emits `campaign.paused`.',
      },
      campaigns.pause,
    ),
    action(
      'resume',
      {
        summary: 'Resume a campaign',
        description:
          'What is due is sent at the pace of its mailboxes. An active campaign stays active. The guards count from zero. Emits `campaign.started`.',
      },
      campaigns.resume,
    ),
    action(
      'archive',
      { summary: 'Archive a campaign', description: 'Ends it for good: nothing more is sent to its leads.' },
      campaigns.archive,
    ),
  ];
}
