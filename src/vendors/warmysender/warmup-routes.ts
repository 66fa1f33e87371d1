import { z } from 'zod';
import type { MailboxId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import { settingFields, strategyOf } from '../../mail/warmup/index.ts';
import type { WarmupReport } from '../../mail/warmup/index.ts';
import type { Domain } from '../vendor.ts';
import { warmysenderSurface as surface } from './surface.ts';
import { aWarmup, warmup } from './warmup-answers.ts';

const path = '/api/v1/mailboxes/:id/warmup';
const common = { surface, tag: 'WarmySender', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const idOf = ({ id }: z.output<typeof params>): MailboxId => id as MailboxId;

const change = z.strictObject({
  enabled: settingFields.enabled.optional(),
  targetDailyVolume: settingFields.target.optional(),
  ramp: settingFields.strategy.optional(),
  strategy: settingFields.strategy.optional().describe('Another name of `ramp`, as the answer has it.'),
  replyRate: settingFields.replyRate.optional(),
  language: settingFields.language.optional(),
});

/** WarmySender's calls for the warm-up of a mailbox. */
export function warmupRoutes({ warmup: warmups }: Pick<Domain, 'warmup'>): readonly Route[] {
  const action = (
    name: 'pause' | 'resume',
    summary: string,
    act: (principal: Principal, id: MailboxId) => Promise<WarmupReport>,
  ): Route =>
    route({
      ...common,
      method: 'POST',
      path: `${path}/${name}`,
      summary,
      scope: 'warmup:write',
      params,
      answers: { 200: aWarmup('The warm-up.') },
      handle: async (request, principal) => ({
        status: 200,
        body: { data: warmup.of(await act(principal, idOf(request.params))) },
      }),
    });
  return [
    route({
      ...common,
      method: 'GET',
      path,
      summary: 'Get the warm-up of a mailbox',
      scope: 'warmup:read',
      params,
      answers: { 200: aWarmup('The settings, the day of the ramp and what may be sent today.') },
      handle: async (request, principal) => ({
        status: 200,
        body: { data: warmup.of(await warmups.get(principal, idOf(request.params))) },
      }),
    }),
    route({
      ...common,
      method: 'PATCH',
      path,
      summary: 'Change the warm-up of a mailbox',
      scope: 'warmup:write',
      params,
      body: change,
      answers: { 200: aWarmup('The changed warm-up.') },
      handle: async (
        { params: named, body: { enabled, targetDailyVolume, ramp, strategy, replyRate, language } },
        principal,
      ) => ({
        status: 200,
        body: {
          data: warmup.of(
            await warmups.update(principal, idOf(named), {
              enabled,
              target: targetDailyVolume,
              strategy: strategyOf(ramp, strategy),
              reply_rate: replyRate,
              language,
            }),
          ),
        },
      }),
    }),
    action('pause', 'Pause the warm-up of a mailbox', warmups.pause),
    action('resume', 'Start or resume the warm-up of a mailbox', warmups.resume),
  ];
}
