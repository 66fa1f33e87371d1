import { z } from 'zod';
import { ofWorkspace, within, namedWorkspace } from '../../auth/index.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { withVerification } from '../../db/in-order.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { RecordTag, Route } from '../../http/route.ts';
import { keysMax, recordOf } from './keys.ts';
import type { DkimKeys } from './keys.ts';
import { lockKey } from './queries.ts';
import type { KeyRow } from './queries.ts';

const common = { tag: 'DKIM keys', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });

const shape = z
  .object({
    id: z.uuid(),
    workspace_id: z.uuid().nullable(),
    domain: z.string(),
    selector: z.string(),
    record: z
      .object({ type: z.literal('TXT'), name: z.string(), value: z.string() })
      .describe('To be added to the DNS of the domain.'),
    verified_at: z.iso
      .datetime()
      .nullable()
      .describe('When the DNS showed the record; null: nothing is signed with the key yet.'),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'DkimKey' });

const example: z.input<typeof shape> = {
  id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f5d1',
  workspace_id: null,
  domain: 'hopper.example',
  selector: 'k3f9a1c0b7d2e',
  record: {
    type: 'TXT',
    name: 'k3f9a1c0b7d2e._domainkey.hopper.example',
    value: 'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA…',
  },
  verified_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
};
const verifiedExample = { ...example, verified_at: '2026-01-05T10:00:00.000Z' };
const record: RecordTag = { lock: (tx, { organizationId }, { id = '' }) => lockKey(tx, organizationId, id) };
const noSuchKey = { 404: { description: 'No such key.' } } as const;

const onWire = (row: KeyRow): z.input<typeof shape> => ({
  id: row.id,
  workspace_id: row.workspace_id,
  domain: row.domain,
  selector: row.selector,
  record: { type: 'TXT', ...recordOf(row) },
  verified_at: row.verified_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

export const dkimKeyRoutes = (keys: DkimKeys): readonly Route[] => [
  route({
    ...common,
    method: 'POST',
    record,
    path: '/v1/dkim-keys',
    creates: true,
    namesWorkspace: true,
    summary: 'Create a DKIM key',
    description: `Generates an RSA key of 2,048 bits for a domain whose mail server does not sign. Add \`record\` to the DNS and call \`verify\`: from then on, messages of the domain are signed, except those of Google and Microsoft mailboxes, whose providers sign. The private key is never returned. An organization has at most ${keysMax} keys.`,
    scope: 'mailboxes:write',
    operationId: 'createDkimKey',
    body: z.strictObject({ domain: z.string().max(1_000), ...namedWorkspace }),
    bodyExample: { domain: example.domain },
    answers: {
      201: { description: 'The key and its record.', schema: dataOf(shape), example: { data: example } },
      403: { description: 'The key is bound to another workspace.' },
      409: { description: `The organization already has ${keysMax} keys.` },
    },
    handle: async ({ body: { domain, workspace_id: workspace } }, principal) => {
      const row = await keys.create(principal, { domain, workspace_id: workspace as WorkspaceId | undefined });
      return { status: 201, body: { data: onWire(row) }, headers: { location: `/v1/dkim-keys/${row.id}` } };
    },
  }),
  route({
    ...common,
    method: 'GET',
    path: '/v1/dkim-keys',
    summary: 'List DKIM keys, newest first',
    scope: 'mailboxes:read',
    operationId: 'listDkimKeys',
    query: listQuery.extend({ ...ofWorkspace, domain: z.string().max(1_000).optional() }),
    answers: listAnswers('A page of keys.', shape, example),
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/dkim-keys', query);
      const { rows, total } = await keys.list(within(principal, query), query.domain, page);
      return { status: 200, body: listBody(query, page, rows.map(withVerification), onWire, { total }) };
    },
  }),
  route({
    ...common,
    method: 'GET',
    record,
    path: '/v1/dkim-keys/:id',
    summary: 'Get a DKIM key',
    scope: 'mailboxes:read',
    operationId: 'getDkimKey',
    params,
    answers: {
      200: { description: 'The key.', schema: dataOf(shape), example: { data: example } },
      ...noSuchKey,
    },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: onWire(await keys.get(principal, id)) },
    }),
  }),
  route({
    ...common,
    method: 'POST',
    path: '/v1/dkim-keys/:id/verify',
    summary: 'Verify a DKIM key',
    description:
      'Looks for the record in the DNS. If it is there, messages are signed with the key from now on. Otherwise `verified_at` is null and `problem` says what to do; if no name server answers, the key stays as it is.',
    scope: 'mailboxes:write',
    operationId: 'verifyDkimKey',
    params,
    answers: {
      200: {
        description: 'The key, and what is wrong with its record.',
        schema: dataOf(shape.extend({ problem: z.string().nullable() })),
        example: { data: { ...verifiedExample, problem: null } },
      },
      ...noSuchKey,
    },
    handle: async ({ params: { id } }, principal) => {
      const { row, problem } = await keys.verify(principal, id);
      return { status: 200, body: { data: { ...onWire(row), problem } } };
    },
  }),
  route({
    ...common,
    method: 'DELETE',
    record,
    path: '/v1/dkim-keys/:id',
    summary: 'Delete a DKIM key',
    description:
      'Nothing is signed with it any more. Keep its record in the DNS for some days, for messages in transit.',
    scope: 'mailboxes:write',
    operationId: 'deleteDkimKey',
    params,
    answers: { 204: { description: 'Deleted.' }, ...noSuchKey },
    handle: async ({ params: { id } }, principal) => {
      await keys.remove(principal, id);
      return { status: 204 };
    },
  }),
];
