import type { MailboxId } from '../../base/ids.ts';
import { announce } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Deps, Module } from '../../ops/index.ts';
import type { MailboxHealth } from '../health/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import type { ExchangePort } from './exchange-port.ts';
import { governingHealth, judgeDays } from './governor.ts';
import { createOperations, lockWarmup } from './operations.ts';
import type { Warmups, WarmupsOptions } from './operations.ts';
import {
  enabledOf,
  makeWarmupsDue,
  nextWarmup,
  nextWarmupOf,
  removeWarmups,
  shiftWarmups,
  warmupsOf,
} from './queries.ts';
import { warmupRoutes } from './routes.ts';
import type { Warmup } from './warmup.ts';

export { strategyOf } from './operations.ts';
export type { ExchangeChange, ExchangePort, ExchangeReport } from './exchange-port.ts';
export type { WarmupChange, WarmupReport, Warmups } from './operations.ts';
export { settingFields } from './routes.ts';
export type { Warmup } from './warmup.ts';

export interface WarmupOptions extends Omit<WarmupsOptions, 'mailboxes' | 'health'>, Pick<Deps, 'bus' | 'onError'> {
  readonly mailboxes: Pick<Mailboxes, 'get' | 'settingsOf' | 'sentToday' | 'listen'>;
  readonly health: Pick<MailboxHealth, 'of' | 'totalsOf' | 'listen'>;
  readonly exchange: ExchangePort;
}

export interface MailboxWarmup extends Warmups {
  readonly module: Module;
  readonly timed: Timed;
  /** What is stored; a mailbox of which nobody set anything is missing. */
  of(on: Queryable, mailboxes: readonly MailboxId[]): Promise<ReadonlyMap<MailboxId, Warmup>>;
}

/**
 * Composes the slice: how much mailboxes that warm up may send, day by day.
 * @example
 * const warmup = createWarmup({ ...deps, clocks, emitAll, mailboxes, health, sending });
 */
export function createWarmup(options: WarmupOptions): MailboxWarmup {
  const { db, bus, clock, mailboxes, health } = options;
  const onError = (error: unknown): void => options.onError(error, 'warm-up of mailboxes');
  const runner = createJobRunner({
    bus,
    clock,
    chunk: (nowMs) => judgeDays(options, nowMs),
    nextDue: async (nowMs) => (await nextWarmup(db, new Date(nowMs)))?.getTime(),
    onError,
  });
  health.listen(governingHealth(options));
  mailboxes.listen({
    // Its time zone may be another one.
    async changed(tx, rows) {
      const ids = rows.map(({ id }) => id);
      if ((await makeWarmupsDue(tx, ids)) > 0) await announce(tx, { kind: 'due', endpoints: [] });
    },
    removed: (tx, rows) =>
      removeWarmups(
        tx,
        rows.map(({ id }) => id),
      ),
  });
  const warmups: Warmups = { ...createOperations(options), enabled: (organization) => enabledOf(db, organization) };
  return {
    ...warmups,
    module: {
      role: 'mail',
      routes: warmupRoutes(warmups, options.exchange, (tx, _principal, { id = '' }) =>
        lockWarmup(options, tx, id as MailboxId),
      ),
      run: runner.run,
    },
    timed: {
      nextMs: async (on, organization) => (await nextWarmupOf(on, organization))?.getTime() ?? null,
      shift: async (tx, organization, byMs) => void (await shiftWarmups(tx, organization, byMs)),
    },
    of: async (on, ids) =>
      new Map((ids.length === 0 ? [] : await warmupsOf(on, ids)).map((row) => [row.mailbox_id, row])),
  };
}
