import { z } from 'zod';
import { namedWorkspace, ofWorkspace, within } from '../../auth/index.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { route } from '../../http/route.ts';
import type { RecordTag, Route } from '../../http/route.ts';
import { providerNames } from './providers/registry.ts';
import { lockSource } from './queries.ts';
import { sourcesMax } from './sources.ts';
import type { Source, Sources } from './sources.ts';

export const postPath = '/api/webhooks';
export const tag = 'Inbound';
const time = z.iso.datetime();
const id = z.object({ id: z.uuid() });
const defaultOverlapSeconds = 86_400;

const sourceShape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable().describe('The workspace of its events; null: none.'),
    provider: z.string(),
    name: z.string(),
    path: z.string().describe('Path that the provider posts to, relative to the URL of this API.'),
    username: z.string().nullable().describe('Of basic authentication; its password is never shown.'),
    public_key: z.string().nullable(),
    topic_arn: z.string().nullable(),
    previous_secret_expires_at: time
      .nullable()
      .describe('Until when what proved posts before the last rotation is accepted, too.'),
    created_at: time,
  })
  .meta({ id: 'InboundSource' });
const sourceWithSecretShape = sourceShape
  .extend({
    secret: z
      .string()
      .nullable()
      .describe(
        'The HMAC key of `X-Webhook-Signature`, or the password, if Outrider made it. Shown only in this response.',
      ),
  })
  .meta({ id: 'InboundSourceWithSecret' });

const secretText = (what: string): z.ZodOptional<z.ZodString> =>
  z
    .string()
    .min(8)
    .max(1_000)
    .regex(/^[\x21-\x7e]+$/, 'must be printable ASCII without spaces')
    .optional()
    .describe(what);
/** What proves posts, by provider; `Provider.material` checks it. */
const materialFields = {
  secret: secretText('`resend`: the signing secret, `whsec_…`. `mailgun`: the HTTP webhook signing key.'),
  public_key: z.string().min(1).max(1_000).optional().describe('`sendgrid`: the verification key, base64 or PEM.'),
  username: z
    .string()
    .min(1)
    .max(100)
    .regex(/^[\x21-\x39\x3b-\x7e]+$/, 'must be printable ASCII without spaces and colons')
    .optional()
    .describe('`postmark`, `brevo`: of basic authentication. Default: `outrider`.'),
  password: secretText('`postmark`, `brevo`: of basic authentication. Default: one that Outrider makes.'),
  topic_arn: z.string().min(1).max(400).optional().describe('`ses`: the ARN of the SNS topic.'),
};

const sourceOnWire = (row: Source, tag: string): z.input<typeof sourceShape> => ({
  id: row.id,
  workspace_id: row.workspace_id,
  provider: row.provider,
  name: row.name,
  path: `${postPath}?source=${tag}_${row.id}`,
  username: row.material.username ?? null,
  public_key: row.material.public_key ?? null,
  topic_arn: row.material.topic_arn ?? null,
  previous_secret_expires_at: row.previousUntil?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

export const exampleId = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f2b00';
const sourceExample: z.input<typeof sourceShape> = {
  id: exampleId,
  workspace_id: null,
  provider: 'generic',
  name: 'Relay in Frankfurt',
  path: `${postPath}?source=k3v7q2xn_${exampleId}`,
  username: null,
  public_key: null,
  topic_arn: null,
  previous_secret_expires_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
};
const secretExample = '6f1d0c9a4b7e25538e0f7a91c4d2b6e3f85a1097bd3c46e2a0f9d7185c3b4e62';

const record: RecordTag = {
  lock: (tx, principal, { id: source = '' }) => lockSource(tx, principal, source),
  unstable: ['secret'],
};
const noSuchSource = { 404: { description: 'The source does not exist in this organization.' } };

/** The sources that may post. */
export const sourceRoutes = ({ sources }: { readonly sources: Sources }): readonly Route[] => [
  route({
    method: 'POST',
    record,
    path: '/v1/inbound-sources',
    creates: true,
    namesWorkspace: true,
    tag,
    summary: 'Register a source of provider events',
    description: `The provider posts to \`path\`. What proves its posts depends on the provider: send its key or secret (\`resend\`, \`mailgun\`: \`secret\`; \`sendgrid\`: \`public_key\`; \`ses\`: \`topic_arn\`), or take the one in the response (\`generic\`, \`calcom\`, \`calendly\`: the key of the HMAC in the header; \`postmark\` and \`brevo\`: the password of basic authentication, or \`token\` in the URL), which is shown only once. The reports of a workspace's source concern only messages and addresses of the workspace, and so do the events that are emitted. A workspace, and an organization without its workspaces, has at most ${sourcesMax} sources.`,
    scope: 'webhooks:write',
    boundKeys: 'own',
    operationId: 'createInboundSource',
    body: z.strictObject({
      provider: z.enum(providerNames),
      name: z.string().trim().min(1).max(100),
      ...materialFields,
      ...namedWorkspace,
    }),
    bodyExample: { provider: 'generic', name: sourceExample.name },
    answers: {
      201: {
        description: 'The source and its secret.',
        schema: z.object({ data: sourceWithSecretShape }),
        example: { data: { ...sourceExample, secret: secretExample } },
      },
      403: { description: 'The key is bound to another workspace.' },
      409: { description: `The workspace or organization already has ${sourcesMax} sources.` },
    },
    handle: async ({ body: { workspace_id: workspace, workspace: _, ...given } }, principal) => {
      const { source, secret } = await sources.create(principal, workspace as WorkspaceId | undefined, given);
      const organizationTag = await sources.tagOf(principal.organizationId);
      return {
        status: 201,
        body: { data: { ...sourceOnWire(source, organizationTag), secret } },
        headers: { location: `/v1/inbound-sources/${source.id}`, 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/inbound-sources',
    tag,
    summary: 'List sources of provider events, newest first',
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'listInboundSources',
    query: listQuery.extend(ofWorkspace),
    answers: listAnswers('A page of sources.', sourceShape, sourceExample),
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/inbound-sources', query);
      const { sources: rows, total } = await sources.list(within(principal, query), page);
      const organizationTag = await sources.tagOf(principal.organizationId);
      return { status: 200, body: listBody(query, page, rows, (row) => sourceOnWire(row, organizationTag), { total }) };
    },
  }),
  route({
    method: 'GET',
    record,
    path: '/v1/inbound-sources/:id',
    tag,
    summary: 'Get a source of provider events',
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'getInboundSource',
    params: id,
    answers: {
      200: {
        description: 'The source, without its secret.',
        schema: z.object({ data: sourceShape }),
        example: { data: sourceExample },
      },
      ...noSuchSource,
    },
    handle: async ({ params }, principal) => ({
      status: 200,
      body: {
        data: sourceOnWire(await sources.get(principal, params.id), await sources.tagOf(principal.organizationId)),
      },
    }),
  }),
  route({
    method: 'POST',
    record,
    path: '/v1/inbound-sources/:id/rotate-secret',
    creates: true,
    tag,
    summary: 'Rotate what proves the posts of a source',
    description:
      'Takes the same fields as the registration. During the overlap, posts that are proved by the old or by the new secret, key, password or topic are accepted. Another rotation during the overlap drops the oldest.',
    scope: 'webhooks:write',
    boundKeys: 'own',
    operationId: 'rotateInboundSecret',
    params: id,
    body: z.strictObject({
      overlap_seconds: z.int().min(0).max(604_800).default(defaultOverlapSeconds),
      ...materialFields,
    }),
    bodyExample: { overlap_seconds: defaultOverlapSeconds },
    answers: {
      200: {
        description: 'The source, and its new secret if Outrider made it.',
        schema: z.object({ data: sourceWithSecretShape }),
        example: {
          data: {
            ...sourceExample,
            previous_secret_expires_at: '2026-01-06T09:00:00.000Z',
            secret: secretExample,
          },
        },
      },
      ...noSuchSource,
    },
    handle: async ({ params, body: { overlap_seconds: seconds, ...given } }, principal) => {
      const { source, secret } = await sources.rotate(principal, params.id, seconds * 1_000, given);
      const organizationTag = await sources.tagOf(principal.organizationId);
      return {
        status: 200,
        body: { data: { ...sourceOnWire(source, organizationTag), secret } },
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'DELETE',
    record,
    path: '/v1/inbound-sources/:id',
    tag,
    summary: 'Delete a source of provider events',
    description: 'The source can no longer post events. The events it posted stay.',
    scope: 'webhooks:write',
    boundKeys: 'own',
    operationId: 'deleteInboundSource',
    params: id,
    answers: { 204: { description: 'Deleted.' }, ...noSuchSource },
    handle: async ({ params }, principal) => {
      await sources.remove(principal, params.id);
      return { status: 204 };
    },
  }),
];
