import type { Bus } from '../../db/bus.ts';
import { announce } from '../../db/bus.ts';
import { dayMs } from '../../base/clock.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Module } from '../../ops/index.ts';
import type { Inbox, StoredReply } from '../inbox/index.ts';
import { addJobs, expireJobs, nextDue } from './queries.ts';
import { assistantRoutes } from './routes.ts';
import { createSettings } from './settings.ts';
import type { SettingsOptions } from './settings.ts';
import { createWork } from './work.ts';

export interface AssistantOptions extends SettingsOptions {
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly onError: (error: unknown, during: string) => void;
  readonly inbox: Pick<Inbox, 'assisted' | 'records'>;
}

export interface Assistants {
  readonly module: Module;
  /** Of replies that were just stored, in their transaction: those that nobody understood are asked about soon. */
  stored(tx: Transaction, replies: readonly StoredReply[]): Promise<void>;
}

/** A job that waits longer for a budget ends. */
const waitsMaxMs = 3 * dayMs;

/**
 * Composes the slice.
 * @example
 * const assistants = createAssistants({ ...deps, network, inbox });
 * const inbox = createInbox({ ...options, onStored: (tx, replies) => assistants.stored(tx, replies) });
 */
export function createAssistants(options: AssistantOptions): Assistants {
  const { db, bus, clock, onError } = options;
  const settings = createSettings(options);
  const failed = (error: unknown): void => onError(error, 'questions to assistants');
  const work = createWork({ ...options, settings, onError: failed, onFree: () => runner.wake() });
  const runner = createJobRunner({ bus, clock, chunk: work.begin, nextDue: () => nextDue(db), onError: failed });
  return {
    module: {
      role: 'mail',
      routes: assistantRoutes(settings, clock),
      run: async (signal) => {
        await runner.run(signal);
        await work.finished();
      },
      everyMinute: async () => {
        await expireJobs(db, new Date(clock.now() - waitsMaxMs));
      },
    },
    async stored(tx, replies) {
      const open = replies.filter(({ classification }) => classification === 'unknown');
      const [one] = open;
      if (one === undefined) return;
      const ids = open.map(({ id }) => id);
      if ((await addJobs(tx, one.organization_id, ids, new Date(clock.now()))) > 0)
        await announce(tx, { kind: 'due', endpoints: [] });
    },
  };
}
