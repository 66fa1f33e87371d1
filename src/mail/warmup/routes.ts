import { z } from 'zod';
import type { MailboxId } from '../../base/ids.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, RecordTag, Route } from '../../http/route.ts';
import type { ExchangePort, ExchangeReport } from './exchange-port.ts';
import { strategyOf } from './operations.ts';
import type { WarmupReport, Warmups } from './operations.ts';
import { capReasons, holds, strategyNames } from './ramp.ts';
import { languages, milestones } from './warmup.ts';

const count = z.int();
const time = z.iso.datetime();

/** What callers set, in all APIs. */
export const settingFields = {
  enabled: z.boolean(),
  target: z
    .int()
    .min(1)
    .max(100)
    .describe('Messages a day at the end of the ramp. Default: 20 of `gentle`, 40 of `normal`, 50 of `fast`.'),
  strategy: z
    .enum(strategyNames)
    .describe(
      'How fast the daily volume grows: `gentle` from 3 by one in two days, `normal` from 5 by 1, `fast` from 10 by 2 a day.',
    ),
  replyRate: z.int().min(0).max(100).describe('Share of received warm-up messages that are answered, in per cent.'),
  language: z
    .enum(languages)
    .describe('Of the messages of warm-up. To a mailbox with another language they are in English.'),
};

const shape = z
  .object({
    mailbox_id: z.uuid(),
    enabled: z.boolean(),
    paused: z.boolean().describe('The exchange and the ramp stand still; what may be sent a day stays.'),
    strategy: settingFields.strategy,
    target_daily_volume: settingFields.target,
    reply_rate: settingFields.replyRate,
    language: settingFields.language,
    day: count.describe('Days that counted for the ramp.'),
    today: z.object({
      target: count
        .nullable()
        .describe(
          'How many messages may be sent on this local day before those of campaigns and warm-up wait. Null: no limit, because warm-up is not enabled.',
        ),
      sent: count.describe('Messages of this local day, whatever they are for.'),
      reason: z.enum(capReasons).nullable().describe('What decides the target.'),
    }),
    exchange: z.object({
      allow_same_organization: z.boolean(),
      allow_other_organizations: z.boolean(),
      partners: count.describe('Mailboxes of other organizations that it may write to.'),
      low_value_partners: count.describe(
        'Mailboxes of its own organization: providers see that one owner writes to himself.',
      ),
      seeds: count.describe('Mailboxes of its organization that only receive.'),
      blocked_reason: z
        .string()
        .nullable()
        .describe('Why no message of the exchange is sent; null: the next one has its time.'),
      blocked_detail: z.string().nullable().describe('The same as a sentence.'),
      next_at: time.nullable().describe('When the next message is sent, if the limits of the mailbox allow it.'),
    }),
    hold: z.enum(holds).nullable().describe('Why the day before did not count for the ramp.'),
    started_at: time.nullable(),
    milestones: z.array(z.object({ name: z.enum(milestones), at: time })),
  })
  .meta({ id: 'Warmup' });

const example: z.input<typeof shape> = {
  mailbox_id: '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30',
  enabled: true,
  paused: false,
  strategy: 'normal',
  target_daily_volume: 40,
  reply_rate: 30,
  language: 'en',
  day: 8,
  today: { target: 13, sent: 6, reason: 'ramp' },
  exchange: {
    allow_same_organization: false,
    allow_other_organizations: true,
    partners: 14,
    low_value_partners: 0,
    seeds: 6,
    blocked_reason: null,
    blocked_detail: null,
    next_at: '2026-01-05T10:12:00.000Z',
  },
  hold: null,
  started_at: '2025-12-24T09:00:00.000Z',
  milestones: [
    { name: 'first_inbox', at: '2025-12-24T10:12:00.000Z' },
    { name: 'day_7', at: '2025-12-31T09:00:00.000Z' },
  ],
};

const onWire = (report: WarmupReport, exchange: ExchangeReport): { readonly data: z.input<typeof shape> } => ({
  data: {
    mailbox_id: report.mailboxId,
    enabled: report.enabled,
    paused: report.paused,
    strategy: report.strategy,
    target_daily_volume: report.target,
    reply_rate: report.replyRate,
    language: report.language,
    day: report.day,
    today: report.today,
    exchange: {
      allow_same_organization: exchange.allowSameOrganization,
      allow_other_organizations: exchange.allowOtherOrganizations,
      partners: exchange.partners,
      low_value_partners: exchange.lowValuePartners,
      seeds: exchange.seeds,
      blocked_reason: exchange.blockedReason,
      blocked_detail: exchange.blockedDetail,
      next_at: exchange.nextLetterMs === null ? null : new Date(exchange.nextLetterMs).toISOString(),
    },
    hold: report.hold,
    started_at: report.startedAt?.toISOString() ?? null,
    milestones: [...report.milestones],
  },
});

const change = z.strictObject({
  enabled: settingFields.enabled
    .optional()
    .describe('false: nothing is exchanged or governed. The ramp begins again if it was off for more than 7 days.'),
  target_daily_volume: settingFields.target.optional(),
  strategy: settingFields.strategy.optional(),
  ramp: settingFields.strategy.optional().describe('Another name of `strategy`.'),
  reply_rate: settingFields.replyRate.optional(),
  language: settingFields.language.optional(),
  allow_same_organization: z
    .boolean()
    .optional()
    .describe('Exchange messages with mailboxes of the organization that allow it, too. Default: false.'),
  allow_other_organizations: z
    .boolean()
    .optional()
    .describe(
      'Exchange messages with mailboxes of other organizations of this installation whose owners allow it, too: they see the address and the name of this mailbox. Default: false.',
    ),
});

/** What changes without a change of the settings. */
const moving = [
  'today',
  'partners',
  'low_value_partners',
  'seeds',
  'blocked_reason',
  'blocked_detail',
  'next_at',
] as const;
const path = '/v1/mailboxes/:id/warmup';
const common = { tag: 'Mailboxes', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const idOf = ({ id }: z.output<typeof params>): MailboxId => id as MailboxId;
const noSuchMailbox = { 404: { description: 'No such mailbox.' } } as const;
const aWarmup = (description: string): Answer => ({ description, schema: dataOf(shape), example: { data: example } });

/** @param lock see `RecordTag` */
export function warmupRoutes(
  warmups: Warmups,
  exchange: Pick<ExchangePort, 'reportOf'>,
  lock: NonNullable<RecordTag['lock']>,
): readonly Route[] {
  const record: RecordTag = { lock, unstable: [...moving] };
  const shown = async (principal: Principal, report: WarmupReport) =>
    onWire(report, await exchange.reportOf(principal, report.mailboxId));
  const action = (
    name: 'pause' | 'resume',
    about: { readonly summary: string; readonly description: string },
    act: (principal: Principal, id: MailboxId) => Promise<WarmupReport>,
  ): Route =>
    route({
      ...common,
      method: 'POST',
      path: `${path}/${name}`,
      ...about,
      scope: 'mailboxes:write',
      operationId: `${name}Warmup`,
      params,
      answers: { 200: aWarmup('The warm-up.'), ...noSuchMailbox },
      handle: async (request, principal) => ({
        status: 200,
        body: await shown(principal, await act(principal, idOf(request.params))),
      }),
    });
  return [
    route({
      ...common,
      method: 'GET',
      record,
      path,
      summary: 'Get the warm-up of a mailbox',
      scope: 'mailboxes:read',
      operationId: 'getWarmup',
      params,
      answers: { 200: aWarmup('The settings, the day of the ramp and what may be sent today.'), ...noSuchMailbox },
      handle: async (request, principal) => ({
        status: 200,
        body: await shown(principal, await warmups.get(principal, idOf(request.params))),
      }),
    }),
    route({
      ...common,
      method: 'PATCH',
      record,
      path,
      summary: 'Change the warm-up of a mailbox',
      description:
        'Changes the given fields, and what may be sent today. A mailbox is warmed up once `enabled` is true, or after `resume`.',
      scope: 'mailboxes:write',
      operationId: 'updateWarmup',
      params,
      body: change,
      bodyExample: { enabled: true, target_daily_volume: 30, strategy: 'gentle' },
      answers: { 200: aWarmup('The changed warm-up.'), ...noSuchMailbox },
      handle: async ({ params: named, body }, principal) => ({
        status: 200,
        body: await shown(
          principal,
          await warmups.update(principal, idOf(named), {
            enabled: body.enabled,
            target: body.target_daily_volume,
            strategy: strategyOf(body.ramp, body.strategy),
            reply_rate: body.reply_rate,
            language: body.language,
            exchange: {
              allowSameOrganization: body.allow_same_organization,
              allowOtherOrganizations: body.allow_other_organizations,
            },
          }),
        ),
      }),
    }),
    action(
      'pause',
      {
        summary: 'Pause the warm-up of a mailbox',
        description: 'The exchange and the ramp stand still. What the mailbox may send a day stays.',
      },
      warmups.pause,
    ),
    action(
      'resume',
      {
        summary: 'Start or resume the warm-up of a mailbox',
        description: 'Starts what was never started. A `blocked` mailbox begins its probation with 3 messages a day.',
      },
      warmups.resume,
    ),
  ];
}
