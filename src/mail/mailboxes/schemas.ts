import { z } from 'zod';
import { namedWorkspace } from '../../auth/index.ts';
import { errorCodes } from '../../base/errors.ts';
import { stageShape } from './live-test.ts';
import { providers, roles } from './queries.ts';
import type { MailboxRow } from './queries.ts';
import { newSettings, settingFields } from './settings.ts';
import { statuses } from './state.ts';

/** Mailboxes on the wire. Checks that depend on the provider or the network are in settings.ts, servers.ts and mailboxes.ts. */

const time = z.iso.datetime();
const credential = (max: number): z.ZodType<string> =>
  z
    .string()
    .min(1, 'must not be empty')
    .max(max)
    .refine((text) => !/[\r\n]/.test(text), 'must not contain line breaks');

const serverFields = {
  host: z.string().min(1, 'must not be empty').max(255),
  port: z.int().min(1).max(65_535),
  security: z
    .enum(['tls', 'starttls', 'none'])
    .describe(
      '`tls`: from the first byte, as on 465 and 993. `starttls`: refused unless the server upgrades, as on 587 and 143. `none`: only to addresses that the operator allows (OUTRIDER_EGRESS_ALLOW).',
    ),
  username: credential(320),
};
const password = credential(2_000).describe('Password, or app password. Stored encrypted, and never returned.');

/** A server with its password. */
export const givenServer = z.strictObject({ ...serverFields, password });
const serverChange = givenServer.partial();
const shownServer = z.object(serverFields);

export const newMailbox = newSettings.extend({
  email: z.string().min(1, 'must not be empty').max(1_000),
  provider: z
    .enum(providers)
    .default('smtp')
    .describe(
      '`smtp`: `smtp` and, to read replies, `imap`. `capture`: sends into the capture box of the installation. `google` and `microsoft`: start at `GET /v1/oauth/{provider}/start`.',
    ),
  smtp: givenServer.optional(),
  imap: givenServer.optional().describe('Without it, the mailbox is not read: replies and bounces stay unknown.'),
  ...namedWorkspace,
});

export const mailboxChange = newSettings.extend({
  smtp: serverChange
    .optional()
    .describe('Tested again. The password must be sent again when host, port or security changes.'),
  imap: serverChange.nullable().optional().describe('As `smtp`. null: the mailbox is no longer read.'),
});

export const checkResult = z
  .object({
    ok: z.boolean(),
    stages: z.array(stageShape),
    warnings: z.array(z.string()),
  })
  .meta({ id: 'MailboxCheck' });

/** The error of a body that is wrong, or of a test that failed. */
export const testError = z
  .object({
    error: z.object({
      code: z.enum(errorCodes),
      message: z.string(),
      details: z
        .object({ stages: z.array(stageShape).optional().describe('All stages of a test that failed.') })
        .catchall(z.string())
        .describe('Each invalid field, with the reason.'),
    }),
  })
  .meta({ id: 'MailboxErrorResponse' });

export const mailboxShape = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role: z.enum(roles),
    display_name: z.string().nullable(),
    provider: z.enum(providers),
    status: z
      .enum(statuses)
      .describe(
        '`connecting`: no login yet. `degraded`: a server fails and is tried again. `auth_failed`: the credentials are refused; change them, or authorize the mailbox again. `paused`: by a person.',
      ),
    status_reason: z.string().nullable().describe('Why it is not connected.'),
    smtp: shownServer.nullable(),
    imap: shownServer.nullable(),
    daily_limit: z.int(),
    sent_today: z.int().describe('Messages that count against the daily limit, since midnight in `timezone`.'),
    gap_seconds: z.object({ min: z.int(), max: z.int() }),
    max_hourly_per_domain: z.int(),
    timezone: z.string(),
    work_hours: z.object({ days: z.array(z.int()), start: z.string(), end: z.string() }),
    signature: settingFields.signature,
    reply_to: z.string().nullable(),
    tracking_domain: z.string().nullable(),
    warmup: z.object({ enabled: z.boolean() }),
    health: z.object({
      score: z.int().nullable().describe('0 to 100; null: too little is known.'),
      band: z.enum(['healthy', 'watch', 'quarantine', 'blocked']).nullable(),
    }),
    workspace_id: z.uuid().nullable(),
    connected_at: time.nullable().describe('Since when it can log in; null after its credentials were refused.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Mailbox' });

export const mailboxExample: z.input<typeof mailboxShape> = {
  id: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
  email: 'grace@hopper.example',
  role: 'sender',
  display_name: 'Grace Hopper',
  provider: 'smtp',
  status: 'connected',
  status_reason: null,
  smtp: { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example' },
  imap: { host: 'imap.hopper.example', port: 993, security: 'tls', username: 'grace@hopper.example' },
  daily_limit: 50,
  sent_today: 12,
  gap_seconds: { min: 90, max: 420 },
  max_hourly_per_domain: 5,
  timezone: 'Europe/Berlin',
  work_hours: { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
  signature: null,
  reply_to: null,
  tracking_domain: null,
  warmup: { enabled: false },
  health: { score: null, band: null },
  workspace_id: null,
  connected_at: '2026-01-05T09:00:00.000Z',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

/** What other slices know of a mailbox. */
export type Standing = Pick<z.input<typeof mailboxShape>, 'warmup' | 'health'>;

export const noStanding: Standing = { warmup: { enabled: false }, health: { score: null, band: null } };

/** A mailbox as the API shows it: without credentials. */
export const mailboxOnWire = (
  row: MailboxRow,
  sentToday: number,
  { warmup, health }: Standing,
): z.input<typeof mailboxShape> => ({
  id: row.id,
  email: row.email,
  role: row.role,
  display_name: row.display_name,
  provider: row.provider,
  status: row.status,
  status_reason: row.status_reason,
  smtp: row.smtp,
  imap: row.imap,
  daily_limit: row.daily_limit,
  sent_today: sentToday,
  gap_seconds: { min: row.gap_min_seconds, max: row.gap_max_seconds },
  max_hourly_per_domain: row.max_hourly_per_domain,
  timezone: row.timezone,
  work_hours: { ...row.work_hours, days: [...row.work_hours.days] },
  signature: row.signature,
  reply_to: row.reply_to,
  tracking_domain: row.tracking_domain,
  warmup,
  health,
  workspace_id: row.workspace_id,
  connected_at: row.connected_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  updated_at: row.updated_at.toISOString(),
});
