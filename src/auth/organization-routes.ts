import { z } from 'zod';
import { ApiError } from '../base/errors.ts';
import { dataOf } from '../http/page.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import { route } from '../http/route.ts';
import type { Principal, RecordTag, Route } from '../http/route.ts';
import { alertAddressProblem, alertAddressWait } from './alert-address.ts';
import { keyExample, keyOnWire, keyShape } from './key-routes.ts';
import { keyById } from './keys.ts';
import { organizationById, setAlertEmail } from './organizations.ts';
import { lockOrganization } from './queries.ts';
import type { Organization, Tenancy } from './organizations.ts';
import { requestsPerMinute } from './plans.ts';
import { workspaceOnWire, workspaceShape } from './workspace-routes.ts';
import { workspaceById } from './workspaces.ts';

// On the wire ---------------------------------------------------------------------------------------

const shape = z
  .object({
    id: z.uuid(),
    slug: z.string(),
    plan: z.string(),
    tag: z
      .string()
      .describe(
        "8 characters that never change: part of the organization's keys and of every URL that works without a key.",
      ),
    sandbox: z.boolean(),
    live_organization_id: z.uuid().nullable().describe('Set on a sandbox: the organization it belongs to.'),
    alert_email: z
      .string()
      .nullable()
      .describe(
        'Where alerts are mailed, for example that an endpoint was disabled; null: nowhere, or the key is bound to a workspace.',
      ),
    created_at: z.iso.datetime(),
  })
  .meta({ id: 'Organization' });

const onWire = (organization: Organization): z.input<typeof shape> => ({
  id: organization.id,
  slug: organization.slug,
  plan: organization.plan,
  tag: organization.tag,
  sandbox: organization.liveOrganizationId !== undefined,
  live_organization_id: organization.liveOrganizationId ?? null,
  alert_email: organization.alertEmail ?? null,
  created_at: organization.createdAt.toISOString(),
});

const record: RecordTag = { lock: (tx, { organizationId }) => lockOrganization(tx, organizationId) };

const example = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  slug: 'default',
  plan: 'unlimited',
  tag: 'k3v7q2xn',
  sandbox: false,
  live_organization_id: null,
  alert_email: 'ops@example.com',
  created_at: '2026-01-05T09:00:00.000Z',
};

const meShape = z.object({
  organization: shape,
  workspace: workspaceShape.nullable().describe('The workspace that this key is bound to; null: none.'),
  key: keyShape.nullable().describe('The calling key; null: a person calls.'),
  person: z
    .object({ id: z.uuid(), email: z.string(), name: z.string(), session_id: z.uuid() })
    .nullable()
    .describe('The calling person; null: a key calls.'),
  role: z.string().nullable().describe("The person's role in the organization."),
  scopes: z.array(z.string()).describe('What the caller may do here.'),
  organizations: z
    .array(
      z.object({
        id: z.uuid(),
        slug: z.string(),
        sandbox: z.boolean(),
        live_organization_id: z.uuid().nullable().describe('Set on a sandbox: the organization it belongs to.'),
        role: z.string(),
      }),
    )
    .describe('Where the person has a role; empty for a key.'),
  limits: z.object({
    requests_per_minute: z
      .number()
      .int()
      .nullable()
      .describe('Shared by all keys and people of the organization; null: no limit.'),
    requests_used: z
      .number()
      .int()
      .nullable()
      .describe(
        'In the current minute, with this request: the limit without `X-RateLimit-Remaining`. With several processes, what each has reserved counts as used. Null: no limit, so requests are not counted.',
      ),
  }),
});

/** What `GET /v1/me` shows of a person who calls. */
export type AccountOf = (person: NonNullable<Principal['person']>) => Promise<{
  readonly person: z.input<typeof meShape>['person'];
  readonly organizations: z.input<typeof meShape>['organizations'];
}>;

const alertAddress = z
  .string()
  .max(320)
  .superRefine((text, context) => {
    const message = alertAddressProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ format: 'email' });

const tag = 'Organization';
const one = (description: string) => ({ description, schema: dataOf(shape), example: { data: example } });

// Routes --------------------------------------------------------------------------------------------

export function organizationRoutes(
  tenancy: Tenancy,
  rateLimiter: Pick<RateLimiter, 'take'>,
  accountOf: AccountOf | undefined,
): readonly Route[] {
  const { db } = tenancy;
  return [
    route({
      method: 'GET',
      path: '/v1/me',
      tag,
      summary: 'Get the caller: key or person, organization, workspace and limits',
      scope: 'any',
      boundKeys: 'own',
      operationId: 'getMe',
      answers: {
        200: {
          description: 'The caller.',
          schema: dataOf(meShape),
          example: {
            data: {
              organization: example,
              workspace: null,
              key: keyExample,
              person: null,
              role: null,
              scopes: keyExample.scopes,
              organizations: [],
              limits: { requests_per_minute: 5_000, requests_used: 12 },
            },
          },
        },
      },
      handle: async ({ decision }, principal) => {
        const { organizationId, workspaceId, keyId, person, scopes } = principal;
        const [organization, key, workspace, account] = await Promise.all([
          organizationById(db, organizationId),
          person === undefined ? keyById(db, principal, keyId) : null,
          workspaceId === undefined ? null : workspaceById(db, organizationId, workspaceId),
          person === undefined ? undefined : accountOf?.(person),
        ]);
        const limit = requestsPerMinute(organization.plan);
        return {
          status: 200,
          body: {
            data: {
              // Bound keys are given to clients of the organization, who must not see its alert address.
              organization: onWire(
                workspaceId === undefined ? organization : { ...organization, alertEmail: undefined },
              ),
              workspace: workspace && workspaceOnWire(workspace),
              key: key && keyOnWire(key),
              person: account?.person ?? null,
              role: person?.role ?? null,
              scopes,
              organizations: account?.organizations ?? [],
              limits: Number.isFinite(limit)
                ? {
                    requests_per_minute: limit,
                    requests_used: decision === undefined ? null : decision.limit - decision.remaining,
                  }
                : { requests_per_minute: null, requests_used: null },
            },
          },
        };
      },
    }),
    route({
      method: 'GET',
      record,
      path: '/v1/organization',
      tag,
      summary: 'Get the organization of the calling key',
      scope: 'organization:read',
      boundKeys: 'refused',
      operationId: 'getOrganization',
      answers: { 200: one('The organization.') },
      handle: async (_request, { organizationId }) => ({
        status: 200,
        body: { data: onWire(await organizationById(db, organizationId)) },
      }),
    }),
    route({
      method: 'PATCH',
      record,
      path: '/v1/organization',
      tag,
      summary: 'Set the alert address',
      scope: 'organization:write',
      boundKeys: 'refused',
      operationId: 'updateOrganization',
      description:
        'At most five new addresses an hour. One address receives at most 10 alerts an hour and 50 a day; further alerts are kept, and `GET /v1/alerts` lists them.',
      body: z.strictObject({
        alert_email: alertAddress
          .nullable()
          .describe('A bare address on the public internet; null: alerts are kept and not mailed.'),
      }),
      bodyExample: { alert_email: 'ops@example.com' },
      answers: { 200: one('The updated organization.') },
      handle: async ({ body }, { organizationId }) => {
        const organization = await organizationById(db, organizationId);
        const alertEmail = body.alert_email ?? undefined;
        if (alertEmail !== undefined && alertEmail !== organization.alertEmail) {
          const owner = organization.liveOrganizationId ?? organization.id;
          const retryAfterSeconds = await alertAddressWait(rateLimiter, owner, tenancy.clock.now());
          if (retryAfterSeconds !== undefined)
            throw new ApiError(
              'rate_limit',
              `The alert address was changed five times in the last hour. Try again in ${retryAfterSeconds} s.`,
              { retryAfterSeconds },
            );
        }
        await setAlertEmail(tenancy, organization.id, alertEmail);
        return { status: 200, body: { data: onWire(await organizationById(db, organization.id)) } };
      },
    }),
  ];
}
