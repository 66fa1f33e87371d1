import { z } from 'zod';
import type { WorkspaceId } from '../base/ids.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import type { Portal } from './portal.ts';

const time = z.iso.datetime();
const tag = 'Customer portal';
const params = z.object({ id: z.uuid() });
const noStore = { 'cache-control': 'no-store' };

/** Of a link that nobody has opened; and of a session. In seconds. */
const linkSeconds = { default: 600, max: 86_400 };
const sessionSeconds = { default: 3_600, max: 28_800 };
const logoMax = 48 * 1_024;

const brandShape = z
  .object({
    name: z.string().trim().min(1).max(60),
    color: z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/)
      .describe('`#rrggbb`, for buttons; the page writes on it in black or white, whichever has more contrast.'),
    logo: z
      .string()
      .max(logoMax)
      .regex(/^data:image\/(?:png|jpeg|webp);base64,[A-Za-z0-9+/]+={0,2}$/)
      .nullable()
      .describe('A PNG, JPEG or WebP image as a `data:` URL of at most 48 KiB: the page loads nothing from elsewhere.'),
  })
  .meta({ id: 'PortalBrand' });
const brandExample = { name: 'Acme', color: '#3b5bdb', logo: null };

const linkShape = z
  .object({
    url: z.string().describe('Opens the portal, once. Returned only in this response.'),
    expires_at: time,
  })
  .meta({ id: 'PortalLink' });

const sessionShape = z
  .object({ token: z.string().describe('A bearer token, returned only in this response.'), expires_at: time })
  .meta({ id: 'PortalSession' });

const portalShape = brandShape
  .extend({
    workspace: z.string().nullable().describe('Null: the key is not bound to one.'),
    expires_at: time.nullable(),
  })
  .meta({ id: 'Portal' });

export const portalRoutes = (portal: Portal): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/workspaces/:id/portal-links',
    creates: true,
    tag,
    summary: 'Create a link to the customer portal of a workspace',
    description:
      'The link works once. It opens a page with which a customer manages the endpoints of this workspace and reads their deliveries, and nothing else. Redirect to it, or use it as the address of a frame.',
    scope: ['webhooks:write', 'workspaces:read'],
    boundKeys: 'own',
    operationId: 'createPortalLink',
    params,
    body: z.strictObject({
      expires_in: z
        .int()
        .min(30)
        .max(linkSeconds.max)
        .default(linkSeconds.default)
        .describe('Seconds in which the link can be opened.'),
      session_expires_in: z
        .int()
        .min(300)
        .max(sessionSeconds.max)
        .default(sessionSeconds.default)
        .describe('Seconds that the session lasts once it is opened.'),
    }),
    bodyExample: { expires_in: 600, session_expires_in: 3_600 },
    answers: {
      201: {
        description: 'The link.',
        schema: dataOf(linkShape),
        example: {
          data: {
            url: 'https://outrider.example.com/portal#token=q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
            expires_at: '2026-01-05T09:10:00.000Z',
          },
        },
      },
    },
    handle: async ({ params: { id }, body }, principal) => {
      const { url, expiresAt } = await portal.createLink(principal, id as WorkspaceId, {
        linkSeconds: body.expires_in,
        sessionSeconds: body.session_expires_in,
      });
      return { status: 201, body: { data: { url, expires_at: expiresAt.toISOString() } }, headers: noStore };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/workspaces/:id/portal-sessions',
    tag,
    summary: 'End all links and sessions of the customer portal of a workspace',
    scope: ['webhooks:write', 'workspaces:read'],
    boundKeys: 'own',
    operationId: 'endPortalSessions',
    params,
    answers: { 204: { description: 'Ended.' } },
    handle: async ({ params: { id } }, principal) => {
      await portal.closeAll(principal, id as WorkspaceId);
      return { status: 204 };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/portal-sessions',
    tag,
    summary: 'Open a session of the customer portal with a link',
    description:
      'Takes the token of a link, once, and returns a bearer token for the API. The page of the portal calls it.',
    scope: null,
    operationId: 'openPortalSession',
    body: z.strictObject({ token: z.string().min(1).max(100) }),
    bodyExample: { token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0' },
    answers: {
      201: {
        description: 'The session.',
        schema: dataOf(sessionShape),
        example: { data: { token: 'otr_live_k3v7q2xn_…', expires_at: '2026-01-05T10:00:00.000Z' } },
      },
      401: { description: 'The link does not work any more.' },
      403: { description: 'The plan of the organization does not include the API.' },
      422: { description: 'The workspace does not exist any more, or a field is invalid.' },
    },
    handle: async ({ body }) => {
      const { key, expiresAt } = await portal.open(body.token);
      return { status: 201, body: { data: { token: key, expires_at: expiresAt.toISOString() } }, headers: noStore };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/portal',
    tag,
    summary: 'Get what the customer portal shows around its lists',
    description: 'For a session of the portal; a key sees what its customers would.',
    scope: 'webhooks:read',
    boundKeys: 'own',
    operationId: 'getPortal',
    answers: {
      200: {
        description: 'The brand and the workspace.',
        schema: dataOf(portalShape),
        example: { data: { ...brandExample, workspace: 'Client 42', expires_at: '2026-01-05T10:00:00.000Z' } },
      },
    },
    handle: async (_request, principal) => {
      const { expiresAt, ...shown } = await portal.shown(principal);
      return { status: 200, body: { data: { ...shown, expires_at: expiresAt?.toISOString() ?? null } } };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/portal-brand',
    tag,
    summary: 'Get how the customer portal looks',
    scope: 'organization:read',
    boundKeys: 'refused',
    operationId: 'getPortalBrand',
    answers: { 200: { description: 'The brand.', schema: dataOf(brandShape), example: { data: brandExample } } },
    handle: async (_request, principal) => ({ status: 200, body: { data: await portal.brandOf(principal) } }),
  }),
  route({
    method: 'PUT',
    path: '/v1/portal-brand',
    tag,
    summary: 'Set how the customer portal looks',
    scope: 'organization:write',
    boundKeys: 'refused',
    operationId: 'setPortalBrand',
    body: brandShape.strict(),
    bodyExample: brandExample,
    answers: { 200: { description: 'The brand.', schema: dataOf(brandShape), example: { data: brandExample } } },
    handle: async ({ body }, principal) => ({ status: 200, body: { data: await portal.setBrand(principal, body) } }),
  }),
];
