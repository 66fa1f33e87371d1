import { z } from 'zod';
import type { Transaction } from '../db/pool.ts';
import { ApiError, invalid } from '../base/errors.ts';
import { pageOf, pageQuery } from '../http/page.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import { route } from '../http/route.ts';
import type { Principal, Route } from '../http/route.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import { alertAddressProblem, alertAddressWait } from './alert-address.ts';
import { createKey, keyById, listKeys, revokeKey } from './keys.ts';
import type { ApiKey, OnKeys } from './keys.ts';
import { organizationById, setAlertEmail } from './organizations.ts';
import type { Organization, Tenancy } from './organizations.ts';
import { requestsPerMinute } from './plans.ts';
import { beyond, scopeNames } from './scopes.ts';
import { createWorkspace, deleteWorkspace, listWorkspaces, renameWorkspace, workspaceById } from './workspaces.ts';
import type { Workspace } from './workspaces.ts';

// On the wire ---------------------------------------------------------------------------------------

const time = z.iso.datetime();

const workspaceShape = z
  .object({ id: z.uuid(), name: z.string(), created_at: time, updated_at: time })
  .meta({ id: 'Workspace' });
const workspaceOnWire = (workspace: Workspace): z.input<typeof workspaceShape> => ({
  id: workspace.id,
  name: workspace.name,
  created_at: workspace.createdAt.toISOString(),
  updated_at: workspace.updatedAt.toISOString(),
});
const workspaceExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c11',
  name: 'Agency client A',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const keyShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    prefix: z.string().describe('The first characters of the key.'),
    scopes: z.array(z.string()),
    created_by: z.uuid().nullable().describe('The key with which it was created; null: the command line.'),
    workspace_id: z
      .uuid()
      .nullable()
      .describe(
        'The workspace that the key is bound to; null: none. A bound key sees the endpoints, deliveries, replays, listeners and keys of its workspace, and publishes events to its endpoints. Other routes answer 403.',
      ),
    sandbox: z.boolean(),
    expires_at: time.nullable(),
    last_used_at: time.nullable().describe('Written down about every 30 seconds.'),
    revoked_at: time.nullable(),
    created_at: time,
  })
  .meta({ id: 'Key' });
const keyOnWire = (key: ApiKey): z.input<typeof keyShape> => ({
  id: key.id,
  name: key.name,
  prefix: key.prefix,
  scopes: [...key.scopes],
  created_by: key.createdBy ?? null,
  workspace_id: key.workspaceId ?? null,
  sandbox: key.sandbox,
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  created_at: key.createdAt.toISOString(),
});
const keyExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22',
  name: 'billing service',
  prefix: 'otr_live_4fXq',
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
  .extend({ key: z.string().describe('The key itself, in this one answer only.') })
  .meta({ id: 'CreatedKey' });

const organizationShape = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    plan: z.string(),
    sandbox: z.boolean(),
    live_organization_id: z.uuid().nullable().describe('Of a sandbox: the organization it belongs to.'),
    alert_email: z
      .string()
      .nullable()
      .describe(
        'Where alerts are mailed, such as that an endpoint was disabled; null: nowhere, or the key is bound to a workspace.',
      ),
    created_at: time,
  })
  .meta({ id: 'Organization' });
const organizationOnWire = (organization: Organization): z.input<typeof organizationShape> => ({
  id: organization.id,
  slug: organization.slug,
  plan: organization.plan,
  sandbox: organization.liveOrganizationId !== undefined,
  live_organization_id: organization.liveOrganizationId ?? null,
  alert_email: organization.alertEmail ?? null,
  created_at: organization.createdAt.toISOString(),
});
const organizationExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  slug: 'default',
  plan: 'unlimited',
  sandbox: false,
  live_organization_id: null,
  alert_email: 'ops@example.com',
  created_at: '2026-01-05T09:00:00.000Z',
};

const meShape = z.object({
  organization: organizationShape,
  workspace: workspaceShape.nullable().describe('The workspace that this key is bound to; null: none.'),
  key: keyShape,
  limits: z.object({
    requests_per_minute: z
      .number()
      .int()
      .nullable()
      .describe('Of the organization, over all its keys; null: no ceiling.'),
  }),
});

const alertAddress = z
  .string()
  .max(320)
  .superRefine((text, context) => {
    const message = alertAddressProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ format: 'email' });
const name = z.string().trim().min(1).max(100);
const id = z.object({ id: z.uuid() });
const dataOf = <T extends z.ZodType>(shape: T): z.ZodObject<{ data: T }> => z.object({ data: shape });
const pageExample = (item: unknown): unknown => ({ data: [item], page: 1, page_size: 25, total: 1 });

const window = (query: z.output<typeof pageQuery>): { limit: number; offset: number } => ({
  limit: query.page_size,
  offset: (query.page - 1) * query.page_size,
});

// Routes --------------------------------------------------------------------------------------------

/** Emits what became of keys: the events slice's, which knows how. */
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

export function authRoutes(
  tenancy: Tenancy,
  emitAll: EmitKeys,
  rateLimiter: Pick<RateLimiter, 'take'>,
): readonly Route[] {
  return [...callerRoutes(tenancy, rateLimiter), ...keyRoutes(tenancy, emitAll), ...workspaceRoutes(tenancy)];
}

function callerRoutes(tenancy: Tenancy, rateLimiter: Pick<RateLimiter, 'take'>): readonly Route[] {
  const { db } = tenancy;
  return [
    route({
      method: 'GET',
      path: '/v1/me',
      tag: 'Organization',
      summary: 'Who am I: organization, key, scopes and limits of this call',
      scope: 'any',
      boundKeys: 'own',
      operationId: 'getMe',
      answers: {
        200: {
          description: 'The caller.',
          schema: dataOf(meShape),
          example: {
            data: {
              organization: organizationExample,
              workspace: null,
              key: keyExample,
              limits: { requests_per_minute: null },
            },
          },
        },
      },
      handle: async (_request, principal) => {
        const [organization, key, workspace] = await Promise.all([
          organizationById(db, principal.organizationId),
          keyById(db, principal, principal.keyId),
          principal.workspaceId === undefined
            ? null
            : workspaceById(db, principal.organizationId, principal.workspaceId),
        ]);
        const limit = requestsPerMinute(organization.plan);
        return {
          status: 200,
          body: {
            data: {
              // Bound keys are for clients of the organization: where it reads its alerts is none of their business.
              organization: organizationOnWire(
                principal.workspaceId === undefined ? organization : { ...organization, alertEmail: undefined },
              ),
              workspace: workspace && workspaceOnWire(workspace),
              key: keyOnWire(key),
              limits: { requests_per_minute: Number.isFinite(limit) ? limit : null },
            },
          },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/organization',
      tag: 'Organization',
      summary: 'The organization this key belongs to',
      scope: 'organization:read',
      boundKeys: 'refused',
      operationId: 'getOrganization',
      answers: {
        200: {
          description: 'The organization.',
          schema: dataOf(organizationShape),
          example: { data: organizationExample },
        },
      },
      handle: async (_request, principal) => ({
        status: 200,
        body: { data: organizationOnWire(await organizationById(db, principal.organizationId)) },
      }),
    }),
    route({
      method: 'PATCH',
      path: '/v1/organization',
      tag: 'Organization',
      summary: 'Set where alerts are mailed',
      scope: 'organization:write',
      boundKeys: 'refused',
      operationId: 'updateOrganization',
      description:
        'At most five new addresses an hour. One address gets at most 10 alerts an hour and 50 a day; the others are kept, and `GET /v1/alerts` lists them.',
      body: z.strictObject({
        alert_email: alertAddress
          .nullable()
          .describe('A bare address on the public internet; null: alerts are kept and not mailed.'),
      }),
      bodyExample: { alert_email: 'ops@example.com' },
      answers: {
        200: {
          description: 'The organization as it is now.',
          schema: dataOf(organizationShape),
          example: { data: organizationExample },
        },
      },
      handle: async ({ body }, principal) => {
        const organization = await organizationById(db, principal.organizationId);
        const alertEmail = body.alert_email ?? undefined;
        if (alertEmail !== undefined && alertEmail !== organization.alertEmail) {
          const owner = organization.liveOrganizationId ?? organization.id;
          const waitSeconds = await alertAddressWait(rateLimiter, owner, tenancy.clock.now());
          if (waitSeconds !== undefined)
            throw new ApiError(
              'rate_limit',
              `The alert address was changed five times in this hour. Try again in ${waitSeconds} s.`,
              {
                retryAfterSeconds: waitSeconds,
              },
            );
        }
        await setAlertEmail(tenancy, organization.id, alertEmail);
        return { status: 200, body: { data: organizationOnWire(await organizationById(db, organization.id)) } };
      },
    }),
  ];
}

function keyRoutes(tenancy: Tenancy, emitAll: EmitKeys): readonly Route[] {
  const { db } = tenancy;
  /** Told to the caller's organization, of the keys of its sandbox too. */
  const onKeys =
    (principal: Principal): OnKeys =>
    (tx, type, keys) =>
      emitAll(
        tx,
        keys.map((key) => ({
          organizationId: principal.organizationId,
          workspaceId: principal.workspaceId,
          type,
          data: { ...keyOnWire(key), actor: { type: 'key', id: principal.keyId } },
          occurredAtMs: tenancy.clock.now(),
        })),
      );
  return [
    route({
      method: 'GET',
      path: '/v1/keys',
      tag: 'Keys',
      summary: 'List API keys, the newest first',
      description:
        'Keys of the organization and of its sandbox, revoked ones among them. A key that is bound to a workspace sees those of its workspace.',
      scope: 'keys:read',
      boundKeys: 'own',
      operationId: 'listKeys',
      query: pageQuery,
      answers: { 200: { description: 'A page of keys.', schema: pageOf(keyShape), example: pageExample(keyExample) } },
      handle: async ({ query }, principal) => {
        const { keys, total } = await listKeys(db, principal, window(query));
        return {
          status: 200,
          body: { data: keys.map(keyOnWire), page: query.page, page_size: query.page_size, total },
        };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/keys',
      tag: 'Keys',
      summary: 'Create an API key',
      description:
        'The key is in this one answer only. A key can grant no more than it has: scopes, workspace and expiry are at most its own. More keys add no quota.',
      scope: 'keys:write',
      boundKeys: 'own',
      operationId: 'createKey',
      body: z.strictObject({
        name,
        scopes: z
          .array(z.enum(scopeNames))
          .min(1)
          .max(100)
          .optional()
          .describe('Those of the calling key when not said.'),
        workspace_id: z.uuid().optional().describe('Binds the key to this workspace.'),
        sandbox: z.boolean().optional().describe('A key of the sandbox, which is made with its first key.'),
        expires_at: time.optional().describe('When the key ends; that of the calling key when not said.'),
      }),
      bodyExample: { name: 'billing service', scopes: ['events:write', 'webhooks:read'] },
      answers: {
        201: {
          description: 'The key.',
          schema: dataOf(createdKeyShape),
          example: {
            data: { ...keyExample, last_used_at: null, key: 'otr_live_4fXqN1v8sJ0d2Kb7mWc5RzT9yPaHuLgE3iVoYtQx6Bn' },
          },
        },
      },
      handle: async ({ body }, principal) => {
        const scopes = body.scopes ?? principal.scopes;
        const widened = beyond(principal.scopes, scopes);
        if (widened.length > 0)
          throw new ApiError('forbidden', `A key cannot grant scopes that it does not have: ${widened.join(', ')}.`);
        if (
          principal.workspaceId !== undefined &&
          ((body.sandbox === true && !principal.sandbox) ||
            (body.workspace_id ?? principal.workspaceId) !== principal.workspaceId)
        ) {
          throw new ApiError(
            'forbidden',
            'A key that is bound to a workspace can only make keys of the same workspace.',
          );
        }
        const expiresAt = body.expires_at === undefined ? principal.keyExpiresAt : Date.parse(body.expires_at);
        if (expiresAt !== undefined && expiresAt > (principal.keyExpiresAt ?? Infinity))
          throw invalid({ expires_at: 'must not be later than the expiry of the calling key' });
        const created = await createKey(
          tenancy,
          await organizationById(db, principal.organizationId),
          {
            name: body.name,
            scopes,
            sandbox: body.sandbox,
            workspaceId: (body.workspace_id as WorkspaceId | undefined) ?? principal.workspaceId,
            expiresAt: expiresAt === undefined ? undefined : new Date(expiresAt),
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
      path: '/v1/keys/:id',
      tag: 'Keys',
      summary: 'Get an API key',
      scope: 'keys:read',
      boundKeys: 'own',
      operationId: 'getKey',
      params: id,
      answers: {
        200: { description: 'The key, without its text.', schema: dataOf(keyShape), example: { data: keyExample } },
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: keyOnWire(await keyById(db, principal, params.id as KeyId)) },
      }),
    }),
    route({
      method: 'DELETE',
      path: '/v1/keys/:id',
      tag: 'Keys',
      summary: 'Revoke an API key',
      description:
        'Every key created with it, at any depth, ends with it, immediately and on every process. A key can revoke only keys whose scopes it has itself. Revoking again changes nothing.',
      scope: 'keys:write',
      boundKeys: 'own',
      operationId: 'revokeKey',
      params: id,
      answers: { 204: { description: 'Revoked.' } },
      handle: async ({ params }, principal) => {
        const key = await keyById(db, principal, params.id as KeyId);
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

function workspaceRoutes(tenancy: Tenancy): readonly Route[] {
  const { db } = tenancy;
  /** A bound key sees its own workspace; any other is not there. */
  const visible = (principal: Principal, workspace: string): WorkspaceId => {
    if (principal.workspaceId !== undefined && principal.workspaceId !== workspace)
      throw new ApiError('not_found', 'Workspace not found.');
    return workspace as WorkspaceId;
  };
  return [
    route({
      method: 'GET',
      path: '/v1/workspaces',
      tag: 'Workspaces',
      summary: 'List workspaces, the newest first',
      scope: 'workspaces:read',
      boundKeys: 'own',
      operationId: 'listWorkspaces',
      query: pageQuery,
      answers: {
        200: {
          description: 'A page of workspaces.',
          schema: pageOf(workspaceShape),
          example: pageExample(workspaceExample),
        },
      },
      handle: async ({ query }, principal) => {
        const { workspaces, total } = await listWorkspaces(
          db,
          principal.organizationId,
          principal.workspaceId,
          window(query),
        );
        return {
          status: 200,
          body: { data: workspaces.map(workspaceOnWire), page: query.page, page_size: query.page_size, total },
        };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/workspaces',
      tag: 'Workspaces',
      summary: 'Create a workspace',
      scope: 'workspaces:write',
      boundKeys: 'refused',
      operationId: 'createWorkspace',
      body: z.strictObject({ name }),
      bodyExample: { name: 'Agency client A' },
      answers: {
        201: { description: 'The workspace.', schema: dataOf(workspaceShape), example: { data: workspaceExample } },
        409: { description: 'The name is taken.' },
      },
      handle: async ({ body }, principal) => {
        return {
          status: 201,
          body: { data: workspaceOnWire(await createWorkspace(tenancy, principal.organizationId, body.name)) },
        };
      },
    }),
    route({
      method: 'GET',
      path: '/v1/workspaces/:id',
      tag: 'Workspaces',
      summary: 'Get a workspace',
      scope: 'workspaces:read',
      boundKeys: 'own',
      operationId: 'getWorkspace',
      params: id,
      answers: {
        200: { description: 'The workspace.', schema: dataOf(workspaceShape), example: { data: workspaceExample } },
      },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: {
          data: workspaceOnWire(await workspaceById(db, principal.organizationId, visible(principal, params.id))),
        },
      }),
    }),
    route({
      method: 'PATCH',
      path: '/v1/workspaces/:id',
      tag: 'Workspaces',
      summary: 'Rename a workspace',
      scope: 'workspaces:write',
      boundKeys: 'own',
      operationId: 'updateWorkspace',
      params: id,
      body: z.strictObject({ name }),
      bodyExample: { name: 'Agency client B' },
      answers: {
        200: {
          description: 'The workspace as it is now.',
          schema: dataOf(workspaceShape),
          example: { data: workspaceExample },
        },
        409: { description: 'The name is taken.' },
      },
      handle: async ({ params, body }, principal) => {
        const workspace = await renameWorkspace(
          tenancy,
          principal.organizationId,
          visible(principal, params.id),
          body.name,
        );
        return { status: 200, body: { data: workspaceOnWire(workspace) } };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/workspaces/:id',
      tag: 'Workspaces',
      summary: 'Delete a workspace that nothing is bound to',
      scope: 'workspaces:write',
      boundKeys: 'own',
      operationId: 'deleteWorkspace',
      params: id,
      answers: { 204: { description: 'Deleted.' }, 409: { description: 'Keys or endpoints are bound to it.' } },
      handle: async ({ params }, principal) => {
        await deleteWorkspace(tenancy, principal.organizationId, visible(principal, params.id));
        return { status: 204 };
      },
    }),
  ];
}
