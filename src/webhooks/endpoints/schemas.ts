import { namedWorkspace } from '../../auth/index.ts';
import { z } from 'zod';
import { filterProblems } from '../../delivery/filter.ts';
import type { Wires } from '../../delivery/wire.ts';
import { shown } from '../../http/shown.ts';
import { tlsInput, tlsShown } from './client-tls.ts';
import { nameCharactersMax } from './event-patterns.ts';
import { oauth2Input, oauth2Shown } from './oauth2.ts';
import type { EndpointRow } from './queries.ts';
import { mask } from './request-headers.ts';
import { templateFields } from './template.ts';
import { publicKeyText } from './signing-keys.ts';

/** Endpoints on the wire. Checks that depend on the dialect, the stored secret or the network are in settings.ts and endpoints.ts. */

const time = z.iso.datetime();

/** Which forms a filter may have is checked by the engine's parser, with a reason for each member. */
const filter = z
  .record(z.string(), z.unknown())
  .superRefine((value, context) => {
    for (const { path, reason } of filterProblems(value))
      context.addIssue({ code: 'custom', path: [...path], message: reason });
  })
  .meta({
    override({ jsonSchema }) {
      delete jsonSchema.propertyNames;
      jsonSchema.additionalProperties = true;
    },
  });

const ownSecretForm = 'must be 16 to 256 printable characters without spaces';

/** A caller's own signing secret. Further requirements of the endpoint's dialect are checked in secrets.ts. */
export const ownSecret = z
  .string()
  .min(16, ownSecretForm)
  .max(256, ownSecretForm)
  .regex(/^[\x21-\x7e]+$/, ownSecretForm)
  .describe(
    'Your own signing secret, 16 to 256 characters. A secret that starts with `whsec_` must continue with 24 to 64 bytes in base64, as the Standard Webhooks signature requires. Default: a generated secret.',
  );

const tlsDescription =
  'Only with https. The whole object is replaced; null removes it. To move the endpoint to another origin, send it again.';

const beforeDialect = {
  target_url: z
    .string()
    .min(1)
    .max(2_048)
    .describe('The URL that receives deliveries by POST. https, without credentials, and not a private address.'),
  events: z
    .array(z.string().min(1).max(nameCharactersMax))
    .min(1)
    .max(100)
    .describe(
      "`*`, names such as `reply.received`, and prefixes such as `email.*`: built-in types, the dialect's names for them, or types that you publish yourself.",
    ),
  description: z.string().max(500),
};
const afterDialect = {
  headers: z
    .record(z.string(), z.string())
    .describe(
      `Additional request headers, such as credentials for your receiver; at most 20. Values are stored encrypted and shown as \`${mask}\`; sending \`${mask}\` keeps the stored value.`,
    ),
  retry_schedule_seconds: z
    .array(z.int().min(1).max(604_800))
    .max(20)
    .nullable()
    .describe(
      "Exact waits before the second, third, … attempt. null: the dialect's schedule (usually 1 m, 5 m, 30 m, 2 h, 12 h), with each wait up to 10 % longer at random.",
    ),
  timeout_ms: z
    .int()
    .min(1_000)
    .max(60_000)
    .nullable()
    .describe("Timeout of a whole exchange. null: the dialect's timeout (15 s; 5 s for foxreach and warmysender)."),
  max_in_flight: z.int().min(1).max(256).describe('Maximum number of concurrent deliveries. Default: 32.'),
  rate_limit_per_second: z
    .number()
    .min(0.001)
    .max(10_000)
    .nullable()
    .describe('At most so many deliveries a second, over all processes; 0.1 is one in ten seconds. null: no limit.'),
  ordering: z
    .enum(['none', 'fifo'])
    .describe(
      '`fifo`: deliveries are sent one at a time, in the order of publishing; a failed or held delivery blocks later ones.',
    ),
  filter: filter
    .nullable()
    .describe(
      'Only events whose `data` matches. Maps dotted paths to a value, to a list of allowed values, or to operators: `$eq`, `$ne`, `$in`, `$nin`, `$gt`, `$gte`, `$lt`, `$lte`, `$exists`, `$startsWith`, `$not`. All must match; `$or` takes an array of filters, `$not` one. A list in the data matches if any of its items does, and paths lead through lists of objects. At most 50 conditions.',
    ),
  signing: z
    .enum(['hmac', 'ed25519'])
    .describe('`ed25519` (dialect `standard` only) adds a `v1a` signature, verified with `public_key`.'),
  is_active: z.boolean().describe('false: events are held until the endpoint is enabled.'),
};

/** The bodies of `POST /v1/webhooks` and `PATCH /v1/webhooks/{id}`. */
export function endpointBodies(wires: Wires) {
  const dialect = z
    .enum([...wires.keys()])
    .describe(
      "How deliveries are formatted: `defrost` (the default), `standard` (Standard Webhooks) or another vendor's format.",
    );
  const { shape } = z
    .object({
      ...beforeDialect,
      dialect,
      ...afterDialect,
      ...templateFields,
      tls: tlsInput.nullable().describe(`A client certificate (mTLS), and authorities of your own. ${tlsDescription}`),
      oauth2: oauth2Input
        .nullable()
        .describe(
          'Each delivery carries an access token that Outrider gets by OAuth 2.0 client credentials. The whole object is replaced; null removes it.',
        ),
    })
    .partial();
  return {
    newEndpoint: z.strictObject({
      ...shape,
      target_url: beforeDialect.target_url,
      events: beforeDialect.events,
      ...namedWorkspace,
      secret: ownSecret.optional(),
    }),
    endpointChange: z.strictObject(shape),
  };
}

export const endpointShape = z
  .object({
    id: z.uuid(),
    ...beforeDialect,
    dialect: z.string(),
    ...afterDialect,
    ...templateFields,
    tls: tlsShown.nullable().describe('The client certificate and authorities of its connections, without the key.'),
    oauth2: oauth2Shown.nullable().describe('The OAuth 2.0 client of its deliveries, without its secret.'),
    effective: z
      .object({ timeout_ms: z.int(), retry_schedule_seconds: z.array(z.int()) })
      .describe("The values that apply to its deliveries: its own settings, or the dialect's where those are null."),
    workspace_id: z.uuid().nullable(),
    transport: z.enum(['push', 'pull']).describe('`pull`: deliveries are fetched, not sent.'),
    secret_prefix: z.string().describe('The first characters of the signing secret.'),
    previous_secret_expires_at: time
      .nullable()
      .describe('Until this time, the secret before the last rotation also signs.'),
    public_key: z
      .string()
      .nullable()
      .describe('Set if the endpoint signs with ed25519; also listed at /.well-known/webhook-keys.'),
    disabled_reason: z
      .string()
      .nullable()
      .describe(
        '`manual`, `exhausted` (a delivery exhausted its retry schedule) or `gone` (the receiver answered 410).',
      ),
    disabled_at: time.nullable(),
    sandbox: z.boolean(),
    expires_at: time.nullable().describe('Set on a temporary endpoint.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Webhook' });

export const endpointWithSecretShape = endpointShape
  .extend({ secret: z.string().describe('The signing secret, returned only in this response.') })
  .meta({ id: 'WebhookWithSecret' });

function effectiveOf(row: EndpointRow, wires: Wires): z.input<typeof endpointShape>['effective'] {
  // A dialect unknown to this version, written by a newer one, must not break a list.
  const wire = wires.get(row.dialect);
  return {
    timeout_ms: row.timeout_ms ?? wire?.timeoutMs ?? 0,
    retry_schedule_seconds: [...(row.retry_schedule_seconds ?? wire?.retryScheduleSeconds ?? [])],
  };
}

export const endpointOnWire = (row: EndpointRow, wires: Wires): z.input<typeof endpointShape> =>
  shown(endpointShape, {
    ...row,
    effective: effectiveOf(row, wires),
    oauth2: row.oauth_client === null ? null : { ...row.oauth_client, client_secret: mask },
    headers: Object.fromEntries(row.header_names.map((name) => [name, mask])),
    // Shown as stored: a newer version may have written another form.
    filter: row.filter as z.input<typeof endpointShape>['filter'],
    public_key: row.public_key === null ? null : publicKeyText(row.public_key),
  });

export const endpointExample: z.input<typeof endpointShape> = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00',
  target_url: 'https://receiver.example/hooks/outrider',
  events: ['reply.*', 'meeting.booked'],
  description: 'CRM',
  dialect: 'defrost',
  headers: { authorization: mask },
  retry_schedule_seconds: null,
  timeout_ms: null,
  body_template: null,
  content_type: null,
  tls: null,
  oauth2: null,
  effective: { timeout_ms: 15_000, retry_schedule_seconds: [60, 300, 1_800, 7_200, 43_200] },
  max_in_flight: 32,
  rate_limit_per_second: null,
  ordering: 'none',
  filter: { classification: ['interested', 'meeting_request'] },
  signing: 'hmac',
  is_active: true,
  workspace_id: null,
  transport: 'push',
  secret_prefix: 'whsec_Q2hh',
  previous_secret_expires_at: null,
  public_key: null,
  disabled_reason: null,
  disabled_at: null,
  sandbox: false,
  expires_at: null,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

/** The 404 of every route with an endpoint's id in its path or body. */
export const noSuchEndpoint = {
  404: { description: 'The endpoint does not exist in this organization, or not in the workspace of the key.' },
};

export const secretExample = 'whsec_Q2hhbmdlIG1lLCBJIGFtIG9ubHkgYW4gZXhhbXBsZSE=';
