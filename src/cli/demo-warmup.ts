import { setTimeout as sleep } from 'node:timers/promises';
import { OperatorError } from '../base/errors.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';
import { dayLine, healthCurves } from './demo-warmup-report.ts';
import type { Curve, DayEnd } from './demo-warmup-report.ts';
import { withDemo } from './demo-product.ts';
import type { DemoScene } from './demo-product.ts';
import { monotonicMs } from './demo-receiver.ts';
import type { FromReceiver } from './demo-receiver.ts';

const days = 30;
const daySeconds = 86_400;
const lookMs = 50;
const waitMaxMs = 120_000;
/** Each receives one letter a week of each mailbox. */
const seeds = 48;
const providers = ['north.test', 'south.test', 'west.test'];

interface Data<T> {
  readonly data: T;
}

interface Watched {
  readonly id: string;
  readonly email: string;
  readonly mark: string;
  readonly ends: DayEnd[];
  /** Messages of the day that is running: the figures of a day are read after it. */
  cap: number | null;
}

/** Thirty days of two mailboxes that warm up, in a sandbox: one reaches the inbox, of the other a provider puts a third into spam at first. */
export const warmupDemo = (): Promise<void> => withDemo(show);

async function show({ url, key, receiver, receiverUrl, signal }: DemoScene): Promise<void> {
  const live = createApi(url, key);
  const { data: sandbox } = (await live.call('POST', '/v1/keys', {
    body: { name: 'demo', sandbox: true },
  })) as Data<{ key: string }>;
  const api = createApi(url, sandbox.key);
  receiver.on('message', (message: FromReceiver) => {
    if (message.kind !== 'arrival') return;
    const { event, data } = message;
    const what = [data['milestone'], data['name'], data['band']].find((value) => typeof value === 'string') ?? '';
    const about = typeof data['email'] === 'string' ? data['email'] : '';
    console.log(`        ${event}  ${about}  ${what}`);
  });
  const { data: endpoint } = (await api.call('POST', '/v1/webhooks', {
    body: { target_url: receiverUrl, events: ['warmup.*'], dialect: 'standard' },
  })) as Data<{ secret: string }>;
  receiver.postMessage(endpoint.secret);

  const watched: Watched[] = [];
  for (const [email, mark] of [
    ['ada@lovelace.test', 'a'],
    ['grace+young@hopper.test', 'g'],
  ] as const)
    watched.push({ id: await makeMailbox(api, { email }), email, mark, ends: [], cap: null });
  for (let n = 0; n < seeds; n += 1)
    await makeMailbox(api, { email: `seed${n}@${providers[n % providers.length] ?? ''}`, role: 'seed' });
  for (const one of watched) {
    await api.call('PATCH', `/v1/mailboxes/${one.id}/warmup`, { body: { strategy: 'fast', reply_rate: 60 } });
    const { data } = (await api.call('POST', `/v1/mailboxes/${one.id}/warmup/resume`)) as Data<WarmupState>;
    one.cap = data.today.target;
  }
  console.log(
    `${watched.map(({ email }) => email).join(' and ')} warm up: they write to each other and to ${seeds} seed mailboxes.\nA third of the first messages of grace+young@hopper.test land in spam. Each line is a day: messages sent, of those allowed at midnight (what happens on the day may allow more or fewer). Events arrive as they happen.\n`,
  );
  const startMs = monotonicMs();
  for (let day = 1; day <= days && !signal.aborted; day += 1) {
    await advance(api, signal);
    for (const one of watched) one.ends.push(await dayEnd(api, one));
    console.log(
      dayLine(
        day,
        watched.map(({ email, ends }) => ({ ...(ends.at(-1) as DayEnd), name: email })),
      ),
    );
  }
  if (signal.aborted) throw new OperatorError('Stopped before the month was over.');
  const curves = watched.map(({ email, mark, ends }): Curve => ({ name: email, mark, days: ends }));
  console.log(`\n${healthCurves(curves)}\n\n${days} days in ${Math.round((monotonicMs() - startMs) / 1_000)} s.\n`);
}

async function makeMailbox(api: Api, fields: Readonly<Record<string, unknown>>): Promise<string> {
  const { data } = (await api.call('POST', '/v1/mailboxes', {
    body: { provider: 'capture', max_hourly_per_domain: 30, ...fields },
  })) as Data<{ id: string }>;
  return data.id;
}

/** Moves the clock of the sandbox by a day. */
async function advance(api: Api, signal: AbortSignal): Promise<void> {
  await api.call('POST', '/v1/sandbox/clock', { body: { advance_seconds: daySeconds } });
  const endMs = monotonicMs() + waitMaxMs;
  while (monotonicMs() < endMs && !signal.aborted) {
    const clock = (await api.call('GET', '/v1/sandbox/clock')) as Data<{ advancing: boolean }>;
    if (!clock.data.advancing) return;
    await sleep(lookMs);
  }
  if (!signal.aborted) throw new OperatorError(`The clock did not arrive within ${waitMaxMs / 1_000} s.`);
}

interface WarmupState {
  readonly today: { readonly target: number | null };
}

interface StatsDay {
  readonly warmup: { readonly sent: number; readonly inboxed: number; readonly spam: number };
}

async function dayEnd(api: Api, one: Watched): Promise<DayEnd> {
  const { id, cap } = one;
  const [warmup, health, stats] = (await Promise.all([
    api.call('GET', `/v1/mailboxes/${id}/warmup`),
    api.call('GET', `/v1/mailboxes/${id}/health`),
    api.call('GET', `/v1/mailboxes/${id}/stats?days=2`),
  ])) as [Data<WarmupState>, Data<{ score: number | null; band: string | null }>, Data<readonly StatsDay[]>];
  const [, yesterday] = stats.data;
  const { sent, inboxed, spam } = yesterday?.warmup ?? { sent: 0, inboxed: 0, spam: 0 };
  const { score, band } = health.data;
  one.cap = warmup.data.today.target;
  return { score, band, cap, sent, inboxed, spam };
}
