import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { ApiError } from '../base/errors.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { OrganizationId } from '../base/ids.ts';

/** Asks to compile a schema and, if given, to check data against it. Both are JSON text. */
export interface Question {
  readonly schema: string;
  readonly data: string | undefined;
  /** The name of the data in messages. */
  readonly path: string;
}

export type Answer =
  | { readonly kind: 'checked'; readonly details: ErrorDetails | undefined; readonly weight: number }
  | { readonly kind: 'unusable'; readonly details: ErrorDetails };

/** Legitimate checks take a hundredth of this. */
export const answerMs = 1_000;
/** Waiting questions per organization. */
const waitingMax = 100;
const heapMb = 192;

interface Waiting {
  readonly question: Question;
  readonly resolve: (answer: Answer | 'too long') => void;
}

/** Runs potentially slow work on callers' schemas on a thread, so that the event loop keeps serving other callers. */
export interface SchemaThread {
  /** @throws ApiError `rate_limit` if too many questions of the organization are waiting. */
  ask(organizationId: OrganizationId, question: Question): Promise<Answer | 'too long'>;
}

/** Answers one question at a time; organizations take turns. A question that takes too long ends the thread; the next one starts another. */
export function createSchemaThread(clock: Clock): SchemaThread {
  const waiting = new Map<OrganizationId, Waiting[]>();
  let worker: Worker | undefined;
  /** The thread has loaded its code, which can take long on a busy machine. */
  let ready = false;
  let current: Waiting | undefined;
  let timer: unknown;

  function start(): Worker {
    const started = new Worker(new URL(`./schema-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    ready = false;
    started.on('message', (message: Answer | 'ready') => {
      if (started !== worker) return;
      if (message !== 'ready') return end(message);
      ready = true;
      arm();
    });
    // The thread is out of memory.
    started.on('error', () => started === worker && end('too long'));
    // After the listeners, because adding one makes the process wait for the thread again.
    started.unref();
    return started;
  }

  function arm(): void {
    timer = clock.setTimer(() => end('too long'), answerMs);
  }

  function next(): void {
    const turn = waiting.entries().next().value;
    if (turn === undefined || current !== undefined) return;
    const [organizationId, [first, ...rest]] = turn;
    // The organization's next question comes after one of each other organization.
    waiting.delete(organizationId);
    if (rest.length > 0) waiting.set(organizationId, rest);
    if (first === undefined) return;
    current = first;
    worker ??= start();
    worker.postMessage(first.question);
    if (ready) arm();
  }

  function end(outcome: Answer | 'too long'): void {
    clock.clearTimer(timer);
    if (outcome === 'too long') {
      void worker?.terminate();
      worker = undefined;
    }
    const ended = current;
    current = undefined;
    ended?.resolve(outcome);
    next();
  }

  return {
    ask(organizationId, question) {
      const mine = waiting.get(organizationId) ?? [];
      if (mine.length >= waitingMax)
        throw new ApiError(
          'rate_limit',
          'Too many events of this organization are waiting to be checked against their schemas. Publish again in a second.',
          { retryAfterSeconds: 1 },
        );
      return new Promise((resolve) => {
        waiting.set(organizationId, [...mine, { question, resolve }]);
        next();
      });
    },
  };
}
