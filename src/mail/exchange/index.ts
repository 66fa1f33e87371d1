import type { ImapFlow } from 'imapflow';
import type { OrganizationClocks } from '../../auth/index.ts';
import { dayMs } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import type { Deps, Module } from '../../ops/index.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import type { ExchangePort, Receive } from '../receiving/index.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import type { MessageSource, Steering } from '../sending/index.ts';
import { allowedOf, saveAllowed } from './member-queries.ts';
import { countTasks, endTasksOf, expireLetters, expirePairs, nextDueAt, shiftTasks } from './queries.ts';
import { createReceipts } from './receipts.ts';
import { exchangeRoutes } from './routes.ts';
import { createSource } from './source.ts';
import type { SourceOptions } from './source.ts';
import { stateOf } from './state.ts';
import { createExchangeWorker } from './worker.ts';
import type { ExchangePort as WarmupPort } from '../warmup/index.ts';

export interface ExchangeOptions extends Deps, Pick<SourceOptions, 'providersOf'>, Pick<Steering, 'wake'> {
  readonly log: Logger;
  readonly clocks: OrganizationClocks;
  readonly mailboxes: Pick<Mailboxes, 'get' | 'listen' | 'sentToday'>;
  readonly receive: Receive;
  /** Works in a mailbox on its server; undefined if that is not possible now. */
  readonly visit: <T>(mailboxId: string, work: (client: ImapFlow) => Promise<T>) => Promise<T | undefined>;
}

export interface Exchange {
  readonly module: Module;
  readonly source: MessageSource;
  /** For receiving: which messages belong to the exchange. */
  readonly port: ExchangePort;
  readonly timed: Timed;
  /** For the calls of warm-up. */
  readonly settings: WarmupPort;
}

/** Conversations are recognized for so long. */
const keptMs = 90 * dayMs;
const expireChunk = 5_000;

/**
 * Composes the slice: mailboxes of the installation write to each other, and treat what they receive as people do.
 * @example
 * const exchange = createExchange({ ...deps, log, clocks, mailboxes, receive, visit, wake, providersOf });
 * sending.addSource(exchange.source);
 */
export function createExchange(options: ExchangeOptions): Exchange {
  const { db, clock, mailboxes, onError } = options;
  const { place, ...port } = createReceipts(options);
  const worker = createExchangeWorker({ ...options, place, onError: (error) => onError(error, 'warm-up exchange') });
  mailboxes.listen({
    removed: (tx, rows) =>
      endTasksOf(
        tx,
        rows.map(({ id }) => id),
        new Date(clock.now()),
      ),
  });
  return {
    module: {
      role: 'mail',
      routes: exchangeRoutes(options),
      run: worker.run,
      everyMinute: async (nowMs) => {
        const before = new Date(nowMs - keptMs);
        for (let gone = expireChunk; gone === expireChunk;) gone = await expireLetters(db, before, expireChunk);
        for (let gone = expireChunk; gone === expireChunk;) gone = await expirePairs(db, before, expireChunk);
      },
      unfinished: {
        metric: 'outrider_warmup_actions',
        help: 'What is still to be done with received warm-up messages.',
        count: () => countTasks(db),
      },
    },
    source: createSource(options),
    port,
    timed: {
      nextMs: async (on, organization) => (await nextDueAt(on, organization))?.getTime() ?? null,
      shift: async (tx, organization, byMs) => void (await shiftTasks(tx, organization, byMs)),
    },
    settings: {
      async reportOf(reach, id) {
        const mailbox = await mailboxes.get(reach, id);
        return stateOf(options, db, mailbox);
      },
      async allow(
        tx,
        { id, organization_id: organization },
        { allowSameOrganization: same, allowOtherOrganizations: others },
      ) {
        if (same === undefined && others === undefined) return;
        const before = await allowedOf(tx, id);
        await saveAllowed(tx, id, organization, { same: same ?? before.same, others: others ?? before.others });
        await options.wake(tx, [id]);
      },
    },
  };
}
