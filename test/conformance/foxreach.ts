import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import { example } from '../../src/events/catalogue/built-in.ts';
import type { Fields } from '../harness/caller.ts';
import type { Api, Dialect, MailboxApi, Published, Refusal, Stored } from './dialect.ts';
import { defined, fieldRefusals, hmac, minutes, unknownUuid } from './requests.ts';

const path = '/api/v1/webhooks';

/** A record's id in the form of this vendor. */
const idOf = (prefix: string, uuid: string): string => `${prefix}_${uuid.replaceAll('-', '')}`;

const events = {
  'contact.created': 'lead.created',
  'contact.updated': 'lead.updated',
  'campaign.started': 'campaign.started',
  'campaign.paused': 'campaign.paused',
  'campaign.completed': 'campaign.completed',
  'email.sent': 'email.sent',
  'email.failed': 'email.failed',
  'email.bounced': 'email.bounced',
  'email.opened': 'email.opened',
  'reply.received': 'reply.received',
  'reply.classified': 'reply.categorized',
  'webhook.test': 'webhook.test',
} as const;

const [campaignId, leadId, replyId] = [
  idOf('cmp', example.campaign),
  idOf('cld', example.contact),
  idOf('rpl', example.reply),
];
const email = { emailLogId: example.email, campaignId, leadId, toEmail: 'ada@lovelace.example' };
const sent = { ...email, fromEmail: 'grace@hopper.example', subject: 'Spring launch', sequenceStep: 1 };
const campaign = { campaignId, name: 'Spring launch' };

/** The catalogue's examples in the fields of this vendor. */
const data: Readonly<Record<keyof typeof events, (given: Fields) => Fields>> = {
  'contact.created': () => ({
    leadId,
    email: 'ada@lovelace.example',
    firstName: 'Ada',
    lastName: 'Lovelace',
    company: 'Analytical Engines',
    title: 'Head of Research',
    phone: '+44 20 7946 0018',
    linkedinUrl: 'https://www.linkedin.com/in/ada-lovelace',
    website: 'https://lovelace.example',
    tags: ['vip'],
    customFields: { loyalty_tier: 'gold' },
    notes: null,
    source: null,
    status: 'active',
    createdAt: '2026-01-05T09:00:00.000Z',
    updatedAt: '2026-01-05T09:00:00.000Z',
  }),
  'contact.updated': () => ({ leadId, email: 'ada@lovelace.example', title: 'Head of Research', tags: ['vip'] }),
  'campaign.started': () => ({ ...campaign, status: 'active' }),
  'campaign.paused': () => ({ ...campaign, status: 'paused' }),
  'campaign.completed': () => ({ ...campaign, status: 'completed' }),
  'email.sent': () => sent,
  'email.failed': () => ({ ...sent, error: '535 5.7.8 Authentication failed' }),
  'email.bounced': () => ({ ...sent, bounceType: 'hard' }),
  'email.opened': () => email,
  'reply.received': () => ({
    replyId,
    campaignId,
    leadId,
    fromEmail: 'ada@lovelace.example',
    subject: 'Re: Spring launch',
    bodyPreview: 'Sounds interesting. Could you send me some times for next week?',
  }),
  'reply.classified': () => ({ replyId, category: 'interested', previousCategory: null }),
  'webhook.test': (given) => ({ webhookId: idOf('cwh', String(given['endpoint_id'])), message: given['message'] }),
};

const refusal = (status: number, text = /./): Refusal => ({
  status,
  body: z.strictObject({ detail: z.string().regex(text) }),
});

const endpoint = (row: Stored, secret?: string) => ({
  id: idOf('cwh', row.id),
  url: row.target_url,
  isActive: row.is_active,
  events: row.events,
  ...(secret === undefined ? {} : { secret }),
  lastDeliveredAt: row.last_delivered_at?.toISOString() ?? null,
  consecutiveFailures: row.consecutive_failures ?? 0,
  createdAt: row.created_at.toISOString(),
  updatedAt: row.updated_at.toISOString(),
});

const page = (number: number, pageSize: number) => (rows: readonly Stored[], total: number) => ({
  status: 200,
  body: {
    data: rows.map((row) => endpoint(row)),
    meta: { page: number, pageSize, total, totalPages: Math.ceil(total / pageSize) },
  },
});

const api: Api = {
  keyPlaces: [(key) => ({ 'x-api-key': key })],
  strangePlace: { headers: (key) => ({ authorization: `Bearer ${key}` }), answers: 'warmysender' },
  fields: ({ url, events: names, active }) => defined({ url, events: names, isActive: active }),
  create: (fields) => ({ method: 'POST', path, body: fields }),
  list: { method: 'GET', path: `${path}?pageSize=100` },
  secondPage: { method: 'GET', path: `${path}?page=2&pageSize=2` },
  get: (id) => ({ method: 'GET', path: `${path}/${id}` }),
  change: (id, fields) => ({ method: 'PATCH', path: `${path}/${id}`, body: fields }),
  remove: (id) => ({ method: 'DELETE', path: `${path}/${id}` }),
  idOf: ({ id }) => idOf('cwh', id),
  badIds: [
    'nonsense',
    '1',
    'cwh_new456',
    unknownUuid,
    idOf('cld', unknownUuid),
    `${idOf('cwh', unknownUuid)}0`,
    idOf('cwh', unknownUuid).toUpperCase(),
  ],
  unknownId: idOf('cwh', unknownUuid),
  created: (row, secret) => ({ status: 201, body: { data: endpoint(row, secret) } }),
  listed: page(1, 100),
  secondPageOf: page(2, 2),
  got: (row) => ({ status: 200, body: { data: endpoint(row) } }),
  changed: (row) => ({ status: 200, body: { data: endpoint(row) } }),
  removed: { status: 204, body: undefined },
  secretOf: ({ data: made }) => (made as Fields | undefined)?.['secret'],
  secretForm: /^[0-9a-f]{64}$/,
  takesSecret: false,
  refusals: {
    'no key': refusal(403),
    'bad key': refusal(403),
    'no scope': refusal(403, /webhooks:/),
    'no plan': refusal(402, /plan/),
    'not JSON': refusal(400),
    'wrong content type': refusal(400),
    ...fieldRefusals((text) => refusal(422, text)),
    'bad id': refusal(404),
    'not found': refusal(404),
    'too many requests': {
      status: 429,
      body: z.strictObject({
        error: z.literal('Rate limit exceeded'),
        code: z.literal('rate_limit_exceeded'),
        details: z.strictObject({ limit: z.int(), reset: z.int() }),
      }),
    },
  },
  badEvents: ['email.clicked', 'contact.created', 'reply.classified', 'order.paid', 'email.*', '*', 'webhook.test', ''],
  quota: { limit: 100, windowMs: 60_000 },
};

const dataOf = ({ type, data: given }: Published): Fields => data[type as keyof typeof data](given);

const mailboxes: MailboxApi = {
  path: '/api/v1/email-accounts',
  idOf: (id) => idOf('acc', id),
  badIds: ['nonsense', unknownUuid, idOf('cwh', unknownUuid), `${idOf('acc', unknownUuid)}0`],
  shown: (mailbox) => ({
    id: idOf('acc', mailbox.id),
    email: mailbox['email'],
    displayName: mailbox['display_name'],
    provider: mailbox['provider'],
    dailyLimit: mailbox['daily_limit'],
    sentToday: mailbox['sent_today'],
    isActive: mailbox['status'] !== 'paused',
    warmupEnabled: false,
    healthScore: null,
    bounceRate: null,
    replyRate: null,
    connectionStatus: mailbox['status'],
    createdAt: mailbox['created_at'],
    updatedAt: mailbox['updated_at'],
  }),
  firstPage: '?pageSize=2',
  secondPage: () => '?page=2&pageSize=2',
  pageOf: (number, data) => ({ data, meta: { page: number, pageSize: 2, total: 3, totalPages: 2 } }),
};

export const foxreach: Dialect = {
  mailboxes,
  name: 'foxreach',
  api,
  events,
  ownTypes: false,
  body: (event) =>
    JSON.stringify({ event: events[event.type as keyof typeof events], timestamp: event.at, data: dataOf(event) }),
  headers: ({ secret, body }) => ({ 'x-webhook-signature': hmac(secret, body) }),
  accepts(secret, headers, body) {
    const expected = Buffer.from(createHmac('sha256', secret).update(body).digest('hex'));
    const given = Buffer.from(headers['x-webhook-signature'] ?? '');
    return given.length === expected.length && timingSafeEqual(given, expected);
  },
  ownSecret: 'correct-horse-battery-staple',
  scheduleSeconds: [minutes(1), minutes(5), minutes(30)],
  timeoutMs: 5_000,
  disables: { alone: false, recovered: false },
};
