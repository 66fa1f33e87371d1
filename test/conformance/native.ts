/** The native API, which creates endpoints of every dialect. `defrost` and `standard` have no other API. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { wires } from '../../src/vendors/wires.ts';
import type { DialectName } from '../../src/vendors/wires.ts';
import type { Api, Refusal, Stored } from './dialect.ts';
import { defined, unknownUuid } from './requests.ts';

const path = '/v1/webhooks';

const refusal = (status: number, code: string, ...fields: readonly string[]): Refusal => ({
  status,
  body: z.strictObject({
    error: z.strictObject({
      code: z.literal(code),
      message: z.string().min(1),
      details: z
        .record(z.string(), z.string().min(1))
        .refine(
          (details) =>
            fields.every((field) =>
              Object.keys(details).some((each) => each === field || each.startsWith(`${field}.`)),
            ),
          `must have details about ${fields.join()}`,
        ),
    }),
  }),
});

function effectiveOf({ dialect, retry_schedule_seconds: own }: Stored) {
  const wire = wires.get(dialect);
  assert.ok(wire);
  return { timeout_ms: wire.timeoutMs, retry_schedule_seconds: own ?? wire.retryScheduleSeconds };
}

const endpoint = (row: Stored) => ({
  id: row.id,
  target_url: row.target_url,
  events: row.events,
  description: row.description,
  dialect: row.dialect,
  headers: {},
  retry_schedule_seconds: row.retry_schedule_seconds,
  timeout_ms: null,
  effective: effectiveOf(row),
  max_in_flight: 32,
  rate_limit_per_second: null,
  ordering: 'none',
  filter: null,
  signing: 'hmac',
  tls: null,
  oauth2: null,
  body_template: null,
  content_type: null,
  is_active: row.is_active,
  workspace_id: null,
  transport: 'push',
  secret_prefix: row.secret_prefix,
  previous_secret_expires_at: null,
  public_key: null,
  disabled_reason: row.disabled_reason,
  disabled_at: row.disabled_at?.toISOString() ?? null,
  sandbox: false,
  expires_at: null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const page = (number: number, size: number) => (rows: readonly Stored[], total: number) => ({
  status: 200,
  body: { data: rows.map(endpoint), page: number, page_size: size, total },
});

/** The native API, as a caller uses it who wants deliveries in this dialect. */
export const nativeApi = (dialect: DialectName): Api => ({
  keyPlaces: [(key) => ({ authorization: `Bearer ${key}` }), (key) => ({ authorization: `bearer ${key}` })],
  strangePlace: { headers: (key) => ({ 'x-api-key': key }), answers: 'refused' },
  fields: ({ url, events, active }) => defined({ target_url: url, events, is_active: active }),
  create: (fields) => ({ method: 'POST', path, body: isRecord(fields) ? { ...fields, dialect } : fields }),
  list: { method: 'GET', path: `${path}?page_size=100` },
  secondPage: { method: 'GET', path: `${path}?page=2&page_size=2` },
  get: (id) => ({ method: 'GET', path: `${path}/${id}` }),
  change: (id, fields) => ({ method: 'PATCH', path: `${path}/${id}`, body: fields }),
  remove: (id) => ({ method: 'DELETE', path: `${path}/${id}` }),
  deliveries: (id) => ({ method: 'GET', path: `${path}/${id}/deliveries` }),
  idOf: ({ id }) => id,
  badIds: ['nonsense', '1', `${unknownUuid}0`, '%20', `cwh_${'0'.repeat(32)}`],
  unknownId: unknownUuid,
  created: (row, secret) => ({ status: 201, body: { data: { ...endpoint(row), secret } } }),
  listed: page(1, 100),
  secondPageOf: page(2, 2),
  got: (row) => ({ status: 200, body: { data: endpoint(row) } }),
  changed: (row) => ({ status: 200, body: { data: endpoint(row) } }),
  removed: { status: 204, body: undefined },
  listedDeliveries: (deliveries) => ({ status: 200, body: { data: deliveries, next_cursor: null } }),
  secretOf: ({ data }) => (data as { secret?: unknown }).secret,
  takesSecret: false,
  secretForm: /^whsec_[A-Za-z0-9+/]{43}=$/,
  refusals: {
    'no key': refusal(401, 'unauthorized'),
    'bad key': refusal(401, 'unauthorized'),
    'no scope': refusal(403, 'forbidden'),
    'no plan': refusal(403, 'forbidden'),
    'not JSON': refusal(400, 'validation_failed'),
    'not an object': refusal(422, 'validation_failed', 'body'),
    'wrong content type': refusal(415, 'unsupported_media_type'),
    'no url': refusal(422, 'validation_failed', 'target_url'),
    'mistyped url': refusal(422, 'validation_failed', 'target_url'),
    'bad url': refusal(422, 'validation_failed', 'target_url'),
    'no events': refusal(422, 'validation_failed', 'events'),
    'bad events': refusal(422, 'validation_failed', 'events'),
    'unknown field': refusal(422, 'validation_failed', 'colour'),
    'bad id': refusal(404, 'not_found'),
    'not found': refusal(404, 'not_found'),
    'too many requests': refusal(429, 'rate_limit'),
  },
  badEvents: ['no spaces', '', 'email.', 'ünïcode.event'],
});

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
