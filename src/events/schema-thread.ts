import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../base/clock.ts';
import { ApiError } from '../base/errors.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { OrganizationId } from '../base/ids.ts';

/** Compile this schema; and check this data by it, where there is some. Both are JSON text. */
export interface Question {
  readonly schema: string;
  readonly data: string | undefined;
  /** What messages call the data. */
  readonly path: string;
}

export type Answer =
  | { readonly kind: 'checked'; readonly details: ErrorDetails | undefined; readonly weight: number }
  | { readonly kind: 'unusable'; readonly details: ErrorDetails };

/** What is legitimate takes a hundredth of it. */
export const answerMs = 1_000;
/** Questions of one organization that may wait. */
const waitingMax = 100;
const heapMb = 192;

interface Waiting {
  readonly question: Question;
  readonly resolve: (answer: Answer | 'too long') => void;
}

/** Work on callers' schemas that may take long, on a thread of its own: the event loop, and so every other caller, goes on meanwhile. */
export interface SchemaThread {
  /** @throws ApiError `rate_limit` when too many questions of the organization wait. */
  ask(organizationId: OrganizationId, question: Question): Promise<Answer | 'too long'>;
}

/** One question at a time; organizations take turns. One that takes too long ends the thread, and the next question starts another. */
export function createSchemaThread(clock: Clock): SchemaThread {
  const waiting = new Map<OrganizationId, Waiting[]>();
  let worker: Worker | undefined;
  /** It has loaded its code, which may take long on a busy machine. */
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
    // Out of memory.
    started.on('error', () => started === worker && end('too long'));
    // Last, because a listener makes the process wait for the thread to end.
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
    // Its next question comes after one of everybody else.
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
          'Too many events of this organization wait for a check against the schemas of their types. Publish again in a second.',
          {
            retryAfterSeconds: 1,
          },
        );
      return new Promise((resolve) => {
        waiting.set(organizationId, [...mine, { question, resolve }]);
        next();
      });
    },
  };
}
