import { z } from 'zod';
import { ApiError } from '../../base/errors.ts';
import type { WorkspaceId } from '../../base/ids.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { newSettings } from '../mailboxes/index.ts';
import type { Authorizations } from './authorizations.ts';
import { page } from './page.ts';
import { providerNames } from './providers.ts';
import { AuthorizationError } from './tokens.ts';

const tag = 'Mailboxes';
const params = z.object({ provider: z.enum(providerNames) });

/** Settings of one value; the others can be changed later. */
const settings = newSettings
  .pick({ display_name: true, timezone: true, signature: true, reply_to: true, tracking_domain: true })
  .extend({
    daily_limit: z.coerce.number().int().min(1).describe('Messages in any 24 hours, and in a local day.'),
    max_hourly_per_domain: z.coerce
      .number()
      .int()
      .min(1)
      .max(30)
      .describe('Messages per hour to one recipient domain.'),
  })
  .partial();

const query = settings.extend({
  email: z
    .string()
    .max(1_000)
    .optional()
    .describe('Address of a new mailbox. The account that is authorized must have it.'),
  mailbox_id: z.uuid().optional().describe('A mailbox to authorize again, instead of a new one.'),
  workspace_id: z.uuid().optional(),
});

const shape = z
  .object({
    url: z.url().describe('To be opened in the browser of the person who owns the mailbox.'),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'MailboxAuthorization' });

/** What a provider gives to the browser (RFC 6749 §4.1.2); providers add parameters of their own. */
const callback = z.looseObject({
  state: z.string().optional(),
  code: z.string().optional(),
  error: z.string().optional(),
});

export const oauthRoutes = (authorizations: Authorizations): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/oauth/:provider/start',
    tag,
    summary: 'Start the authorization of a mailbox',
    description:
      'Returns a URL for the person who owns the mailbox. When they agree at Google or Microsoft, the mailbox is tested, stored and connected; its settings are the parameters of this call. The URL is valid for 10 minutes and once. With `mailbox_id`, an existing mailbox is authorized again, which connects it.',
    scope: 'mailboxes:write',
    boundKeys: 'own',
    operationId: 'startMailboxAuthorization',
    params,
    query,
    answers: {
      200: {
        description: 'Where the person agrees.',
        schema: dataOf(shape),
        example: {
          data: {
            url: 'https://accounts.google.com/o/oauth2/v2/auth?response_type=code&client_id=…',
            expires_at: '2026-01-05T09:10:00.000Z',
          },
        },
      },
      403: { description: 'The key is bound to another workspace.' },
      404: { description: 'No such mailbox.' },
      409: { description: 'The operator has not configured the provider.' },
    },
    handle: async ({ params: { provider }, query: given }, principal) => {
      const { email, mailbox_id: mailbox, workspace_id: workspace, ...others } = given;
      const { url, expiresAt } = await authorizations.begin(principal, provider, {
        email,
        mailbox_id: mailbox,
        workspace_id: workspace as WorkspaceId | undefined,
        settings: others,
      });
      return {
        status: 200,
        body: { data: { url, expires_at: expiresAt.toISOString() } },
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/oauth/:provider/callback',
    tag,
    summary: 'Finish the authorization of a mailbox',
    undocumented: true,
    description: 'Google and Microsoft send the browser here. The response is a page for the person who agreed.',
    scope: null,
    params,
    query: callback,
    answers: {
      200: {
        description: 'The mailbox is connected.',
        contentType: 'text/html',
        schema: z.string(),
        example: '<!doctype html>…',
      },
      400: {
        description: 'The mailbox is not connected; the page says why.',
        contentType: 'text/html',
        schema: z.string(),
        example: '<!doctype html>…',
      },
    },
    handle: async ({ params: { provider }, query: given }) => {
      const parameters = new URLSearchParams(
        Object.entries(given).flatMap(([name, value]): [string, string][] =>
          typeof value === 'string' ? [[name, value]] : [],
        ),
      );
      try {
        const { email } = await authorizations.finish(provider, parameters);
        return page(200, 'Mailbox connected', `The mailbox ${email} is connected. You can close this window.`);
      } catch (error) {
        if (error instanceof AuthorizationError || error instanceof ApiError)
          return page(400, 'Mailbox not connected', error.message);
        throw error;
      }
    },
  }),
];
