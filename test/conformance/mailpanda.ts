import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { example } from '../../src/events/catalogue/built-in.ts';
import type { Fields } from '../harness/caller.ts';
import type { Api, Dialect, Published, Refusal, Stored } from './dialect.ts';
import { defined, fieldRefusals, hmac, hours, minutes } from './requests.ts';

const path = '/api/webhooks/manage';

const events = {
  'email.opened': 'email.open',
  'email.clicked': 'email.click',
  'email.bounced': 'email.bounce',
  'email.unsubscribed': 'email.unsubscribe',
  'webhook.test': 'webhook.test',
} as const;

const email = { email_id: example.email, recipient: 'ada@lovelace.example', campaign_id: example.campaign };
const seen = {
  ip: '203.0.113.24',
  user_agent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15',
  machine: false,
};

/** The catalogue's examples in the fields of this vendor. */
const data: Readonly<Record<keyof typeof events, (given: Fields) => Fields>> = {
  'email.opened': () => ({ ...email, ...seen }),
  'email.clicked': () => ({ ...email, url: 'https://hopper.example/spring', ...seen }),
  'email.bounced': () => ({ ...email, bounce_type: 'hard', reason: 'mailbox does not exist' }),
  'email.unsubscribed': () => email,
  'webhook.test': (given) => given,
};

const refusal = (status: number, text = /./): Refusal => ({
  status,
  body: z.strictObject({ error: z.string().regex(text) }),
});

const own: readonly string[] = Object.values(events);

/** The events as one text. On the vendor's page, its own names are short. */
const listOf = ({ dialect, events: names }: Stored): string =>
  names.map((name) => (dialect === 'mailpanda' && own.includes(name) ? name.replace('email.', '') : name)).join(',');

const endpoint = (row: Stored) => ({
  id: row.number,
  url: row.target_url,
  events: listOf(row),
  active: row.is_active,
  // To the second, as on the vendor's page.
  created_at: `${row.created_at.toISOString().slice(0, 19)}Z`,
});

const api: Api = {
  keyPlaces: [(key) => ({ authorization: `Bearer ${key}` }), (key) => ({ 'x-api-key': key })],
  strangePlace: {
    headers: (key) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }),
    answers: 'refused',
  },
  fields: ({ url, events: names, active, secret }) =>
    defined({ url, events: Array.isArray(names) ? names.join(',') : names, active, secret }),
  create: (fields) => ({ method: 'POST', path, body: fields }),
  list: { method: 'GET', path },
  get: (id) => ({ method: 'GET', path: `${path}/${id}` }),
  change: (id, fields) => ({ method: 'PATCH', path: `${path}/${id}`, body: fields }),
  remove: (id) => ({ method: 'DELETE', path: `${path}/${id}` }),
  idOf: ({ number }) => String(number),
  badIds: ['nonsense', '0', '-1', '1.5', '1e0', '01', '99999999999999999999', '2147483648', example.campaign],
  unknownId: '4711',
  created: (row, secret) => ({ status: 201, body: { ...endpoint(row), ...(secret === undefined ? {} : { secret }) } }),
  // Oldest first, as on the vendor's page.
  listed: (rows) => ({ status: 200, body: { webhooks: rows.map(endpoint).reverse() } }),
  got: (row) => ({ status: 200, body: endpoint(row) }),
  changed: (row) => ({ status: 200, body: endpoint(row) }),
  removed: { status: 204, body: undefined },
  secretOf: ({ secret }) => secret,
  secretForm: /^whsec_[A-Za-z0-9+/]{43}=$/,
  takesSecret: true,
  refusals: {
    'no key': refusal(401),
    'bad key': refusal(401),
    'no scope': refusal(403, /webhooks:/),
    'no plan': refusal(403, /plan/),
    'not JSON': refusal(400),
    'wrong content type': refusal(400),
    ...fieldRefusals((text) => refusal(422, text)),
    'bad id': refusal(404),
    'not found': refusal(404),
    'too many requests': refusal(429),
  },
  badEvents: [
    'sent',
    'email.sent',
    'email.bounced',
    'open click',
    'open;click',
    ' ',
    ',',
    'webhook.test',
    '*',
    'email.*',
  ],
};

const dataOf = ({ type, data: given }: Published): Fields => data[type as keyof typeof data](given);

export const mailpanda: Dialect = {
  name: 'mailpanda',
  api,
  events,
  ownTypes: false,
  body: (event) =>
    JSON.stringify({ event: events[event.type as keyof typeof events], timestamp: event.at, data: dataOf(event) }),
  headers: ({ secret, body }) => ({ 'x-webhook-signature': hmac(secret, body) }),
  accepts: (secret, headers, body) =>
    timingSafeEqual(
      Buffer.from(headers['x-webhook-signature'] ?? ''),
      Buffer.from(createHmac('sha256', secret).update(body).digest('hex')),
    ),
  ownSecret: 'whsec_your_secret_key_here',
  scheduleSeconds: [minutes(1), minutes(5), minutes(30), hours(2), hours(12)],
  timeoutMs: 15_000,
  disables: { alone: true, recovered: false },
};
