import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { example } from '../../src/events/catalogue/built-in.ts';
import type { DeliveryView, Fields } from '../harness/caller.ts';
import type { Api, Dialect, MailboxApi, Published, Refusal, Stored } from './dialect.ts';
import { defined, fieldRefusals, hmac, hours, minutes, unknownUuid } from './requests.ts';

const path = '/api/v1/webhooks';

const events = {
  'email.sent': 'email.sent',
  'email.bounced': 'email.bounced',
  'email.opened': 'email.opened',
  'email.clicked': 'email.clicked',
  'email.unsubscribed': 'email.unsubscribed',
  'reply.received': 'reply.received',
  'mailbox.connected': 'mailbox.connected',
  'mailbox.disconnected': 'mailbox.disconnected',
  'warmup.health_changed': 'warmup.health_changed',
  'warmup.milestone': 'warmup.milestone',
  'suppression.created': 'prospect.suppressed',
  'sending.limit_reached': 'limit.hit',
  'webhook.test': 'webhook.test',
} as const;

const [person, prospectEmail] = [{ prospectId: example.contact }, 'ada@lovelace.example'];
const mail = (at: string): Fields => ({
  emailId: example.email,
  messageId: '<0199c9f2.1@hopper.example>',
  campaignId: example.campaign,
  leadId: example.lead,
  ...person,
  mailboxId: example.mailbox,
  prospectEmail,
  from: 'grace@hopper.example',
  subject: 'Spring launch',
  stepIndex: 0,
  [at]: '2026-01-06T14:21:07.000Z',
});
const seen = {
  verdict: 'human',
  reasons: [],
  machine: false,
  ip: '203.0.113.24',
  userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_4) AppleWebKit/605.1.15',
};
const mailbox = { mailboxId: example.mailbox, email: 'grace@hopper.example' };

/** The catalogue's examples in the fields of this vendor. `at`: the time of the event. */
const data: Readonly<Record<keyof typeof events, (event: Published) => Fields>> = {
  'email.sent': () => mail('sentAt'),
  'email.bounced': () => ({
    ...mail('bouncedAt'),
    bounceType: 'hard',
    bounceReason: 'mailbox does not exist',
    cause: 'userunknown',
    diagnostic: 'smtp; 550 5.1.1 <ada@lovelace.example>: User unknown',
  }),
  'email.opened': () => ({ ...mail('openedAt'), ...seen, url: null }),
  'email.clicked': () => ({ ...mail('clickedAt'), ...seen, url: 'https://hopper.example/spring' }),
  'email.unsubscribed': () => ({ ...mail('unsubscribedAt'), method: 'one_click' }),
  'reply.received': ({ at }) => ({
    replyId: example.reply,
    campaignId: example.campaign,
    leadId: example.lead,
    ...person,
    mailboxId: example.mailbox,
    messageId: '<0199c9f2.2@lovelace.example>',
    prospectEmail,
    subject: 'Re: Spring launch',
    bodyPreview: 'Sounds interesting. Could you send me some times for next week?',
    receivedAt: at,
  }),
  'mailbox.connected': () => ({ ...mailbox, reason: null }),
  'mailbox.disconnected': () => ({ ...mailbox, reason: 'authentication failed' }),
  'warmup.health_changed': () => ({ ...mailbox, previousBand: 'healthy', band: 'watch', score: 71 }),
  'warmup.milestone': () => ({ ...mailbox, milestone: 'sent_100', value: 100 }),
  'suppression.created': ({ at }) => ({
    suppressionId: example.suppression,
    email: 'ada@lovelace.example',
    domain: null,
    ...person,
    reason: 'unsubscribed',
    suppressedAt: at,
  }),
  'sending.limit_reached': ({ at }) => ({
    ...mailbox,
    limitType: 'daily_mailbox',
    domain: null,
    currentValue: 50,
    limitValue: 50,
    resetsAt: '2026-01-07T00:00:00.000Z',
    hitAt: at,
  }),
  'webhook.test': ({ data: given }) => ({ endpointId: given['endpoint_id'], message: given['message'] }),
};

const refusal = (status: number, code: string, text = /./): Refusal => ({
  status,
  body: z.strictObject({ error: z.strictObject({ code: z.literal(code), message: z.string().regex(text) }) }),
});

const endpoint = (row: Stored) => ({
  id: row.id,
  url: row.target_url,
  description: row.description,
  events: row.events,
  isActive: row.is_active,
  secretPrefix: row.secret_prefix,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const delivery = (view: DeliveryView) => ({
  id: view.id,
  eventId: view['event_id'],
  eventType: events[view['event'] as keyof typeof events],
  status: view.status === 'held' ? 'pending' : view.status,
  attemptCount: view.attempt_count,
  statusCode: view['last_status_code'],
  error: view.last_error,
  createdAt: view['created_at'],
  completedAt: view['completed_at'],
});

const api: Api = {
  keyPlaces: [(key) => ({ authorization: `Bearer ${key}` })],
  strangePlace: { headers: (key) => ({ 'x-api-key': key }), answers: 'foxreach' },
  keyless: 'foxreach',
  fields: ({ url, events: names, active }) => defined({ url, events: names, isActive: active }),
  create: (fields) => ({ method: 'POST', path, body: fields }),
  list: { method: 'GET', path },
  get: (id) => ({ method: 'GET', path: `${path}/${id}` }),
  change: (id, fields) => ({ method: 'PATCH', path: `${path}/${id}`, body: fields }),
  remove: (id) => ({ method: 'DELETE', path: `${path}/${id}` }),
  deliveries: (id) => ({ method: 'GET', path: `${path}/${id}/deliveries` }),
  idOf: ({ id }) => id,
  badIds: ['nonsense', '1', `${unknownUuid}0`, `cwh_${unknownUuid.replaceAll('-', '')}`],
  unknownId: unknownUuid,
  created: (row, secret) => ({ status: 201, body: { data: { ...endpoint(row), secret } } }),
  listed: (rows) => ({ status: 200, body: { data: rows.map(endpoint) } }),
  got: (row) => ({ status: 200, body: { data: endpoint(row) } }),
  changed: (row) => ({ status: 200, body: { data: endpoint(row) } }),
  removed: { status: 204, body: undefined },
  listedDeliveries: (deliveries) => ({
    status: 200,
    body: { data: deliveries.map(delivery), pagination: { has_more: false, next_cursor: null } },
  }),
  secretOf: ({ data: made }) => (made as Fields | undefined)?.['secret'],
  secretForm: /^whsec_[A-Za-z0-9+/]{43}=$/,
  takesSecret: false,
  refusals: {
    'no key': refusal(401, 'unauthorized'),
    'bad key': refusal(401, 'unauthorized'),
    'no scope': refusal(403, 'forbidden', /webhooks:/),
    'no plan': refusal(403, 'forbidden', /plan/),
    'not JSON': refusal(400, 'validation_failed'),
    'wrong content type': refusal(415, 'unsupported_media_type'),
    ...fieldRefusals((text) => refusal(422, 'validation_failed', text)),
    'bad id': refusal(404, 'not_found'),
    'not found': refusal(404, 'not_found'),
    'too many requests': refusal(429, 'rate_limit'),
  },
  badEvents: [
    'contact.created',
    'suppression.created',
    'sending.limit_reached',
    'reply.classified',
    'order.paid',
    'email.*',
    '*',
    '',
  ],
  quota: { limit: 1_000, windowMs: 3_600_000 },
};

const nameOf = (type: string): string => events[type as keyof typeof events];

/** Verifies the signature of the time of sending and the body. */
function acceptsTimed(secret: string, header: string, body: string): boolean {
  const [stamp = '', signature = ''] = header.split(',');
  const timestamp = stamp.replace('t=', '');
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  return timingSafeEqual(Buffer.from(signature.replace('v1=', ''), 'hex'), expected);
}

const mailboxes: MailboxApi = {
  path: '/api/v1/mailboxes',
  idOf: (id) => id,
  badIds: ['nonsense', '1'],
  shown: (shown) => ({
    id: shown.id,
    email: shown['email'],
    displayName: shown['display_name'],
    provider: shown['provider'],
    status: shown['status'],
    statusReason: shown['status_reason'],
    active: shown['status'] !== 'paused',
    smtp: shown['smtp'],
    imap: shown['imap'],
    dailyLimit: shown['daily_limit'],
    sentToday: shown['sent_today'],
    sendingWindow: { ...(shown['work_hours'] as Fields), timezone: shown['timezone'] },
    signature: shown['signature'],
    trackingDomain: shown['tracking_domain'],
    warmupEnabled: (shown['warmup'] as Fields)['enabled'],
    healthScore: (shown['health'] as Fields)['score'],
    healthBand: (shown['health'] as Fields)['band'],
    connectedAt: shown['connected_at'],
    createdAt: shown['created_at'],
    updatedAt: shown['updated_at'],
  }),
  firstPage: '?limit=2&warmup_enabled=false',
  secondPage: (last) => `?limit=2&cursor=${last}`,
  pageOf: (number, data) => ({
    data,
    pagination: { has_more: number === 1, next_cursor: number === 1 ? data[1]?.['id'] : null },
  }),
  writes: {
    create: {
      body: { email: 'new@hopper.example', provider: 'capture', displayName: 'Grace', dailyLimit: 30 },
      native: { email: 'new@hopper.example', display_name: 'Grace', daily_limit: 30 },
    },
    changes: [
      { body: {}, native: {} },
      {
        body: { sendingWindow: { days: [2, 1], start: '08:00', end: '12:00', timezone: 'europe/oslo' } },
        native: { work_hours: { days: [1, 2], start: '08:00', end: '12:00' }, timezone: 'Europe/Oslo' },
      },
      {
        body: { displayName: null, signature: 'Grace', trackingDomain: 'links.hopper.example', active: false },
        native: { display_name: null, signature: 'Grace', tracking_domain: 'links.hopper.example', status: 'paused' },
      },
      { body: { active: true }, native: { status: 'connected' } },
    ],
    refused: [
      [{ colour: 'red' }, /colour: unknown field/],
      [{ dailyLimit: 20_000, active: false }, /dailyLimit: must be at most 10000/],
      [{ display_name: 'Grace' }, /display_name: unknown field/],
      [{ trackingDomain: 'not a host' }, /trackingDomain: must be a host name/],
      [{ sendingWindow: { days: [1], start: '17:00', end: '09:00' } }, /sendingWindow\.end: must be after start/],
      [
        { sendingWindow: { days: [1], start: '08:00', end: '09:00', timezone: 'Mars' } },
        /sendingWindow\.timezone: must be the IANA name/,
      ],
    ],
  },
};

export const warmysender: Dialect = {
  mailboxes,
  name: 'warmysender',
  api,
  events,
  ownTypes: false,
  body: (event) =>
    JSON.stringify({
      type: nameOf(event.type),
      data: data[event.type as keyof typeof data](event),
      timestamp: event.at,
    }),
  headers: ({ secret, body, event, timestampMs }) => ({
    'x-warmysender-signature': hmac(secret, body),
    'x-warmy-signature': `t=${timestampMs},v1=${hmac(secret, `${timestampMs}.${body}`)}`,
    'x-warmy-event-id': event.id,
    'x-warmy-event-type': nameOf(event.type),
    'x-warmy-timestamp': String(timestampMs),
  }),
  // The header on the vendor's page, and the one that its samples check.
  accepts: (secret, headers, body) =>
    headers['x-warmysender-signature'] === hmac(secret, body) &&
    acceptsTimed(secret, headers['x-warmy-signature'] ?? '', body),
  ownSecret: 'correct-horse-battery-staple',
  scheduleSeconds: [
    minutes(1),
    minutes(3),
    minutes(8),
    minutes(20),
    minutes(50),
    hours(2),
    hours(5),
    hours(12),
    hours(30),
    hours(72),
  ],
  timeoutMs: 5_000,
  disables: { alone: true, recovered: false },
};
