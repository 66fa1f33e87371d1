import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { DeliveryView, Fields } from '../harness/caller.ts';
import type { Api, Dialect, Expected, Published, Refusal, Request, Stored } from './dialect.ts';
import { defined, hmac, hours, minutes, unknownUuid } from './requests.ts';

const call = (verb: string, body: unknown): Request => ({ method: 'POST', path: `/api/webhooks-${verb}`, body });

const names = ['contact', 'company', 'activity', 'project'].flatMap((record) =>
  ['created', 'updated', 'deleted'].map((verb) => `${record}.${verb}`),
);

const refusal = (status: number, ...codes: readonly [string, ...string[]]): Refusal => ({
  status,
  body: z.strictObject({
    ok: z.literal(false),
    error: z.strictObject({ code: z.enum(codes), message: z.string().min(1) }),
  }),
});

const ok = (result: unknown): Expected => ({ status: 200, body: { ok: true, result } });

const endpoint = (row: Stored) => ({
  id: row.id,
  account_id: row.organization_id,
  created_by: row.created_by,
  url: row.target_url,
  description: row.description,
  secret_prefix: row.secret_prefix,
  events: row.events,
  is_active: row.is_active,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});

const delivery = (view: DeliveryView) => ({
  id: view.id,
  event_type: view['event'],
  status: view.status === 'held' ? 'pending' : view.status,
  http_status_code: view['last_status_code'],
  attempt_count: view.attempt_count,
  completed_at: view['completed_at'],
  created_at: view['created_at'],
});

const api: Api = {
  keyPlaces: [(key) => ({ authorization: `Bearer ${key}` })],
  strangePlace: { headers: (key) => ({ 'x-api-key': key }), answers: 'refused' },
  fields: ({ url, events, active }) => defined({ url, events, is_active: active }),
  create: (fields) => call('create', fields),
  list: call('list', {}),
  get: (id) => call('get', { id }),
  change: (id, fields) => call('update', { id, ...(fields as Fields) }),
  remove: (id) => call('delete', { id }),
  deliveries: (id) => call('deliveries', { endpoint_id: id }),
  idOf: ({ id }) => id,
  badIds: ['nonsense', '', '1', `${unknownUuid}0`, `cwh_${'0'.repeat(32)}`],
  unknownId: unknownUuid,
  created: (row, secret) => ok({ endpoint: endpoint(row), signing_secret: secret }),
  listed: (rows) => ok({ endpoints: rows.map(endpoint) }),
  got: (row) => ok({ endpoint: endpoint(row) }),
  changed: (row) => ok({ endpoint: endpoint(row) }),
  removed: ok({}),
  listedDeliveries: (deliveries) => ok({ deliveries: deliveries.map(delivery) }),
  secretOf: ({ result }) => (result as Fields | undefined)?.['signing_secret'],
  secretForm: /^whsec_[A-Za-z0-9+/]{43}=$/,
  takesSecret: false,
  refusals: {
    'no key': refusal(401, 'auth.unauthorized'),
    'bad key': refusal(401, 'auth.unauthorized'),
    'no scope': refusal(403, 'auth.forbidden'),
    'no plan': refusal(403, 'auth.forbidden'),
    'not JSON': refusal(400, 'webhooks.invalid_request'),
    'not an object': refusal(400, 'webhooks.invalid_request'),
    'wrong content type': refusal(400, 'webhooks.invalid_request'),
    'no url': refusal(400, 'webhooks.url_required'),
    'mistyped url': refusal(400, 'webhooks.invalid_url', 'webhooks.url_required'),
    'bad url': refusal(400, 'webhooks.invalid_url'),
    'no events': refusal(400, 'webhooks.invalid_events'),
    'bad events': refusal(400, 'webhooks.invalid_events'),
    'unknown field': refusal(400, 'webhooks.invalid_request'),
    'bad id': refusal(400, 'webhooks.invalid_id'),
    'not found': refusal(404, 'webhooks.not_found'),
    'too many requests': refusal(429, 'rate_limited'),
  },
  badEvents: ['email.sent', 'contact.create', 'lead.created', 'order.paid', 'contact.*', '*', 'webhook.test', ''],
};

/** Members of the data that are not part of the record. */
const besideIt = new Set(['changed', 'contacts_added', 'contacts_removed', 'actor', 'erased', 'workspace_id']);
/** Driftwood's contacts have one address; neither they nor companies have an owner. */
const recordOf = ({ type, data }: Published): Fields =>
  Object.fromEntries(
    Object.entries(data).filter(
      ([field]) =>
        !besideIt.has(field) &&
        !(field === 'emails' && type.startsWith('contact.')) &&
        !(field === 'owner' && /^(contact|company)\./.test(type)),
    ),
  );

export const driftwood: Dialect = {
  name: 'driftwood',
  api,
  events: Object.fromEntries([...names, 'webhook.test'].map((name) => [name, name])),
  ownTypes: false,
  body: (event) => JSON.stringify({ event: event.type, timestamp: event.at, data: recordOf(event) }),
  headers: ({ secret, body, event, deliveryId }) => ({
    'x-driftwood-signature': `sha256=${hmac(secret, body)}`,
    'x-driftwood-event': event.type,
    'x-driftwood-delivery': deliveryId,
  }),
  accepts(secret, headers, body) {
    const expected = Buffer.from(`sha256=${createHmac('sha256', secret).update(body).digest('hex')}`);
    const given = Buffer.from(headers['x-driftwood-signature'] ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  ownSecret: 'correct-horse-battery-staple',
  scheduleSeconds: [minutes(1), minutes(5), minutes(30), hours(2), hours(12)],
  timeoutMs: 15_000,
  disables: { alone: true, recovered: false },
};
