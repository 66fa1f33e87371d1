import { z } from 'zod';
import { domainOf, parseAddress } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { timeZoneOf } from '../../base/time-zone.ts';
import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { roles } from './queries.ts';
import type { MailboxRow } from './queries.ts';
import { dailyLimits } from './servers.ts';

const unprintable = /[\p{Cc}\u2028\u2029]/u;
const oneLine = (max: number): z.ZodString =>
  z
    .string()
    .max(max)
    .refine((text) => !unprintable.test(text), 'must be one line without control characters')
    .refine((text) => text.isWellFormed(), mustBeWellFormed) as z.ZodString;
const clockTime = /^([01]\d|2[0-3]):[0-5]\d$|^24:00$/;
const timeOfDay = z.string().regex(clockTime, 'must be a time such as 09:00');

/** Whether a mailbox writes to nobody outside: its mail stays in the capture box. */
export const isCapturing = ({ sandbox, provider }: Pick<MailboxRow, 'sandbox' | 'provider'>): boolean =>
  sandbox || provider === 'capture';

/** The fields of `WorkHours`. */
export const workHoursFields = {
  days: z.array(z.int().min(1).max(7)).min(1).max(7).describe('1 is Monday.'),
  start: timeOfDay,
  end: timeOfDay.describe('Up to `24:00`.'),
};
/** For `refine`: both are times of one day. */
export const startsBeforeEnd = [
  // What is no time has its own message.
  ({ start, end }: { readonly start: string; readonly end: string }): boolean =>
    start.length !== 5 || end.length !== 5 || start < end,
  { path: ['end'], message: 'must be after start' },
] as const satisfies [unknown, { path: string[]; message: string }];

/** Settings of every mailbox, whatever its provider. The bounds that depend on the provider are checked by `columnsOf`. */
export const settingFields = {
  role: z
    .enum(roles)
    .describe(
      '`seed`: it only receives, and measures where warm-up messages of the organization arrive (`GET /v1/mailboxes/{id}/placement`). Default: `sender`.',
    ),
  display_name: oneLine(200).nullable().describe('The name before the address in `From`.'),
  daily_limit: z
    .int()
    .min(1)
    .describe(
      'Messages in any 24 hours, and in a local day. Default: 50, or 30 for gmail.com. At most what the provider allows: 500 for gmail.com, 2,000 for Google Workspace, 10,000 for others.',
    ),
  gap_seconds: z
    .strictObject({ min: z.int().min(1).max(86_400), max: z.int().min(1).max(86_400) })
    .refine(({ min, max }) => min <= max, { path: ['max'], message: 'must not be less than min' })
    .describe('Time between two messages of campaigns. Default: 90 to 420.'),
  max_hourly_per_domain: z.int().min(1).max(30).describe('Messages per hour to one recipient domain. Default: 5.'),
  timezone: z.string().min(1).max(100).describe('IANA name, such as `Europe/Berlin`. Default: `UTC`.'),
  work_hours: z
    .strictObject(workHoursFields)
    .refine(...startsBeforeEnd)
    .describe('When campaigns send, in `timezone`. Default: Monday to Friday, 09:00 to 17:00.'),
  signature: z
    .string()
    .max(10_000)
    .refine((text) => text.isWellFormed(), mustBeWellFormed)
    .nullable(),
  reply_to: z.string().max(1_000).nullable().describe('Address for replies, if it is not the mailbox.'),
  tracking_domain: z
    .string()
    .max(1_000)
    .nullable()
    .describe(
      'Host of its links, once it is verified (`/v1/tracking-domains`). Null: one of the verified ones is chosen.',
    ),
};

/** Settings of a mailbox that is to be created; all are optional. */
export const newSettings = z.strictObject(settingFields).partial();
export type NewSettings = z.output<typeof newSettings>;

/** The columns of these settings. */
export type SettingColumns = Pick<
  MailboxRow,
  | 'role'
  | 'display_name'
  | 'daily_limit'
  | 'gap_min_seconds'
  | 'gap_max_seconds'
  | 'max_hourly_per_domain'
  | 'timezone'
  | 'work_hours'
  | 'signature'
  | 'reply_to'
  | 'tracking_domain'
>;

/** The settings of a mailbox for which nothing was said. */
export const defaultColumns = (domain: string, smtpHost: string | undefined): SettingColumns => ({
  role: 'sender',
  display_name: null,
  daily_limit: dailyLimits(domain, smtpHost).usual,
  gap_min_seconds: 90,
  gap_max_seconds: 420,
  max_hourly_per_domain: 5,
  timezone: 'UTC',
  work_hours: { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
  signature: null,
  reply_to: null,
  tracking_domain: null,
});

/** The given settings over those of `before`. @throws ApiError `validation_failed` */
export function columnsOf(
  given: NewSettings,
  before: SettingColumns,
  { domain, smtpHost }: { readonly domain: string; readonly smtpHost: string | undefined },
): SettingColumns {
  const problems: Record<string, string> = {};
  const timezone = given.timezone === undefined ? before.timezone : timeZoneOf(given.timezone);
  if (timezone === undefined) problems['timezone'] = 'must be the IANA name of a time zone, such as Europe/Berlin';
  const address = typeof given.reply_to === 'string' ? parseAddress(given.reply_to) : undefined;
  if (address !== undefined && 'problem' in address) problems['reply_to'] = address.problem;
  const tracking = typeof given.tracking_domain === 'string' ? domainOf(given.tracking_domain) : null;
  if (tracking === undefined) problems['tracking_domain'] = 'must be a host name, such as links.example.com';
  const { max, whose } = dailyLimits(domain, smtpHost);
  const dailyLimit = given.daily_limit ?? Math.min(before.daily_limit, max);
  if (dailyLimit > max) problems['daily_limit'] = `must be at most ${max}, the limit of ${whose}`;
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return {
    role: given.role ?? before.role,
    display_name: given.display_name === undefined ? before.display_name : given.display_name,
    daily_limit: dailyLimit,
    gap_min_seconds: given.gap_seconds?.min ?? before.gap_min_seconds,
    gap_max_seconds: given.gap_seconds?.max ?? before.gap_max_seconds,
    max_hourly_per_domain: given.max_hourly_per_domain ?? before.max_hourly_per_domain,
    timezone: timezone ?? before.timezone,
    work_hours:
      given.work_hours === undefined
        ? before.work_hours
        : { ...given.work_hours, days: [...new Set(given.work_hours.days)].toSorted((a, b) => a - b) },
    signature: given.signature === undefined ? before.signature : given.signature,
    reply_to:
      given.reply_to === undefined
        ? before.reply_to
        : address !== undefined && 'email' in address
          ? address.email
          : null,
    tracking_domain: given.tracking_domain === undefined ? before.tracking_domain : (tracking ?? null),
  };
}
