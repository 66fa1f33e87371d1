import { z } from 'zod';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';

/** Times in Unix milliseconds of the sandbox's clock. `targetMs` null: it is not being moved. */
export interface SandboxTime {
  readonly nowMs: number;
  readonly targetMs: number | null;
}

const secondsMax = 31_622_400;
const time = z.iso.datetime();
const shape = z
  .object({
    now: time.describe('What time it is in the sandbox.'),
    target: time.nullable().describe('The time to which the clock is being moved; null: it is not.'),
    advancing: z.boolean(),
  })
  .meta({ id: 'SandboxClock' });
const example: z.input<typeof shape> = {
  now: '2026-01-05T09:00:00.000Z',
  target: '2026-01-12T09:00:00.000Z',
  advancing: true,
};

const onWire = ({ nowMs, targetMs }: SandboxTime): { readonly data: z.input<typeof shape> } => ({
  data: {
    now: new Date(nowMs).toISOString(),
    target: targetMs === null ? null : new Date(targetMs).toISOString(),
    advancing: targetMs !== null,
  },
});

const common = { tag: 'Sandbox clock', boundKeys: 'refused', path: '/v1/sandbox/clock' } as const;

export function sandboxClockRoutes(clock: {
  readonly read: (principal: Principal) => Promise<SandboxTime>;
  readonly advance: (principal: Principal, byMs: number) => Promise<SandboxTime>;
}): readonly Route[] {
  return [
    route({
      ...common,
      method: 'GET',
      summary: 'Get the clock of the sandbox',
      scope: 'mailboxes:read',
      operationId: 'getSandboxClock',
      answers: {
        200: {
          description: 'The time, and how far the clock is being moved.',
          schema: dataOf(shape),
          example: { data: example },
        },
      },
      handle: async (_request, principal) => ({ status: 200, body: onWire(await clock.read(principal)) }),
    }),
    route({
      ...common,
      method: 'POST',
      creates: true,
      summary: 'Move the clock of the sandbox forward',
      description:
        'The clock goes from one moment at which something is due to the next, and at each everything due is done: messages are sent, recipients react. Weeks of a campaign take seconds, and every record has its right time. While it moves, further calls add to the target.',
      scope: 'mailboxes:write',
      operationId: 'advanceSandboxClock',
      body: z.strictObject({ advance_seconds: z.int().min(1).max(secondsMax) }),
      bodyExample: { advance_seconds: 604_800 },
      answers: {
        202: { description: 'The clock is being moved.', schema: dataOf(shape), example: { data: example } },
      },
      handle: async ({ body }, principal) => ({
        status: 202,
        body: onWire(await clock.advance(principal, body.advance_seconds * 1_000)),
      }),
    }),
  ];
}
