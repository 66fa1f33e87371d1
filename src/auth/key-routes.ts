import { z } from 'zod';
import { ApiError, invalid } from '../base/errors.ts';
import { actorWith } from '../base/ids.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Transaction } from '../db/pool.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../http/listing.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Principal, RecordTag, Route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import { createKey, keyById, listKeys, revokeKey } from './keys.ts';
import type { ApiKey, OnKeys } from './keys.ts';
import { organizationById } from './organizations.ts';
import type { Tenancy } from './organizations.ts';
import { lockKeyRow } from './queries.ts';
import { beyond, scopeNames } from './scopes.ts';
import { namedWorkspace } from './workspace-directory.ts';
import { ofWorkspace, within } from './workspaces.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();

export const keyShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key.'),
    scopes: z.array(z.string()),
    created_by: z.uuid().nullable().describe('The key or person that created this key; null: the command line.'),
    workspace_id: z
      .uuid()
      .nullable()
      .describe(
        'The workspace that the key is bound to; null: none. A bound key reads and changes only the records of its workspace; routes of the whole organization answer 403.',
      ),
    sandbox: z.boolean(),
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('Updated about every 30 seconds.'),
    revoked_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'Key' });

export const keyOnWire = (key: ApiKey) => shown(keyShape, key);

export const keyExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22',
  name: 'billing service',
  prefix: 'otr_live_k3v7q2xn_4fXq',
  scopes: ['events:write', 'webhooks:read'],
  created_by: null,
  workspace_id: null,
  sandbox: false,
  expires_at: null,
  last_used_at: '2026-01-05T09:30:00.000Z',
  revoked_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
};

const createdKeyShape = keyShape
  .extend({ key: z.string().describe('The key itself, returned only in this response.') })
  .meta({ id: 'CreatedKey' });

const record: RecordTag = {
  lock: (tx, { organizationId }, { id = '' }) => lockKeyRow(tx, organizationId, id),
  unstable: ['last_used_at', 'key'],
};
const tag = 'Keys';
const params = z.object({ id: z.uuid() });
const newKey = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    scopes: z.array(z.enum(scopeNames)).min(1).max(100).optional().describe('Default: the scopes of the calling key.'),
    workspace_id: z.uuid().optional().describe('Binds the key to this workspace.'),
    workspace: namedWorkspace.workspace,
    sandbox: z
      .boolean()
      .optional()
      .describe('Creates a key of the sandbox; the sandbox is created with its first key.'),
    expires_at: time.optional().describe('When the key expires. Default: the expiry of the calling key.'),
  })
  .refine(({ sandbox, workspace }) => sandbox !== true || workspace === undefined, {
    path: ['workspace'],
    message: 'cannot be combined with sandbox: the sandbox has workspaces of its own',
  })
  .meta({ not: { properties: { sandbox: { const: true } }, required: ['sandbox', 'workspace'] } });

// Routes --------------------------------------------------------------------------------------------

/** Emits key events in the transaction that changed the keys: `emitAll` of the events slice. */
export type EmitKeys = (
  tx: Transaction,
  events: readonly {
    readonly organizationId: OrganizationId;
    readonly workspaceId: WorkspaceId | undefined;
    readonly type: 'key.created' | 'key.revoked';
    readonly data: unknown;
    readonly occurredAtMs: number;
  }[],
) => Promise<unknown>;

/** Emits the events of created and revoked keys. The caller's organization gets them, also for keys of its sandbox. */
export const keyEvents =
  ({ clock }: Pick<Tenancy, 'clock'>, emitAll: EmitKeys) =>
  ({ organizationId, workspaceId, keyId }: Principal): OnKeys =>
  (tx, type, keys) =>
    emitAll(
      tx,
      keys.map((key) => ({
        organizationId,
        workspaceId,
        type,
        data: { ...keyOnWire(key), actor: actorWith(keyId) },
        occurredAtMs: clock.now(),
      })),
    );

export function keyRoutes(tenancy: Tenancy, emitAll: EmitKeys): readonly Route[] {
  const { db } = tenancy;
  const onKeys = keyEvents(tenancy, emitAll);
  return [
    route({
      method: 'GET',
      path: '/v1/keys',
      tag,
      summary: 'List API keys, newest first',
      description:
        'Lists the keys of the organization and of its sandbox, including revoked ones. A key that is bound to a workspace sees only the keys of that workspace.',
      scope: 'keys:read',
      boundKeys: 'own',
      operationId: 'listKeys',
      query: listQuery.extend(ofWorkspace),
      answers: listAnswers('A page of keys.', keyShape, keyExample),
      handle: async ({ query }, principal) => {
        const page = listingOf('/v1/keys', query);
        const { keys, total } = await listKeys(db, within(principal, query), page);
        const rows = keys.map((key) => ({ ...key, updated_at: key.revoked_at ?? key.created_at }));
        return { status: 200, body: listBody(query, page, rows, keyOnWire, { total }) };
      },
    }),
    route({
      method: 'POST',
      record,
      path: '/v1/keys',
      creates: true,
      tag,
      summary: 'Create an API key',
      description:
        'The key is returned only in this response. A key can grant no more than it has: the scopes, workspace and expiry of the new key are at most its own. More keys do not add quota.',
      scope: 'keys:write',
      boundKeys: 'own',
      operationId: 'createKey',
      namesWorkspace: true,
      body: newKey,
      bodyExample: { name: 'billing service', scopes: ['events:write', 'webhooks:read'] },
      answers: {
        201: {
          description: 'The key.',
          schema: dataOf(createdKeyShape),
          example: {
            data: {
              ...keyExample,
              last_used_at: null,
              key: 'otr_live_k3v7q2xn_4fXqN1v8sJ0d2Kb7mWc5RzT9yPaHuLgE3iVoYtQx6Bn',
            },
          },
        },
      },
      handle: async ({ body }, principal) => {
        const { scopes, workspaceId, expiresAtMs } = granted(principal, body, tenancy.clock.now());
        const created = await createKey(
          tenancy,
          await organizationById(db, principal.organizationId),
          {
            name: body.name,
            scopes,
            sandbox: body.sandbox,
            workspaceId,
            expiresAt: expiresAtMs === undefined ? undefined : new Date(expiresAtMs),
            createdBy: principal.keyId,
          },
          onKeys(principal),
        );
        return {
          status: 201,
          body: { data: { ...keyOnWire(created), key: created.key } },
          headers: { 'cache-control': 'no-store' },
        };
      },
    }),
    route({
      method: 'GET',
      record,
      path: '/v1/keys/:id',
      tag,
      summary: 'Get an API key',
      scope: 'keys:read',
      boundKeys: 'own',
      operationId: 'getKey',
      params,
      answers: {
        200: { description: 'The key, without its text.', schema: dataOf(keyShape), example: { data: keyExample } },
      },
      handle: async ({ params: { id } }, principal) => ({
        status: 200,
        body: { data: keyOnWire(await keyById(db, principal, id as KeyId)) },
      }),
    }),
    route({
      method: 'DELETE',
      record,
      path: '/v1/keys/:id',
      tag,
      summary: 'Revoke an API key',
      description:
        'Takes effect before the answer, on other processes some milliseconds later, and also revokes every key created with it, at any depth. A key can revoke only keys whose scopes it has itself. Revoking a revoked key changes nothing.',
      scope: 'keys:write',
      boundKeys: 'own',
      operationId: 'revokeKey',
      params,
      answers: { 204: { description: 'Revoked.' } },
      handle: async ({ params: { id } }, principal) => {
        const key = await keyById(db, principal, id as KeyId);
        const uncovered = beyond(principal.scopes, key.scopes);
        if (uncovered.length > 0)
          throw new ApiError(
            'forbidden',
            `A key cannot revoke a key with scopes that it does not have: ${uncovered.join(', ')}.`,
          );
        await revokeKey(tenancy, key.id, onKeys(principal));
        return { status: 204 };
      },
    }),
  ];
}

/**
 * What the new key gets: the requested values, or those of the calling key.
 * @throws ApiError `forbidden` or `validation_failed` if the request exceeds what the calling key has.
 */
function granted(principal: Principal, body: z.output<typeof newKey>, nowMs: number) {
  const scopes = body.scopes ?? principal.scopes;
  const widened = beyond(principal.scopes, scopes);
  if (widened.length > 0)
    throw new ApiError('forbidden', `A key cannot grant scopes that it does not have: ${widened.join(', ')}.`);
  const workspaceId = (body.workspace_id as WorkspaceId | undefined) ?? principal.workspaceId;
  const leavesWorkspace = workspaceId !== principal.workspaceId || (body.sandbox === true && !principal.sandbox);
  if (principal.workspaceId !== undefined && leavesWorkspace)
    throw new ApiError('forbidden', 'A key that is bound to a workspace can create keys of that workspace only.');
  const expiresAtMs = body.expires_at === undefined ? principal.keyExpiresAt : Date.parse(body.expires_at);
  if (expiresAtMs !== undefined && expiresAtMs > (principal.keyExpiresAt ?? Infinity))
    throw invalid({ expires_at: 'must not be later than the expiry of the calling key' });
  if (expiresAtMs !== undefined && expiresAtMs <= nowMs) throw invalid({ expires_at: 'must be in the future' });
  return { scopes, workspaceId, expiresAtMs };
}
