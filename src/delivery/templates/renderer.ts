import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { WireEvent } from '../wire.ts';
import { variablesOf } from './body-template.ts';
import type { BodyTemplate } from './body-template.ts';
import type { Question, Rendered } from './liquid.ts';

/** Ordinary templates take a thousandth of this. */
export const answerMs = 1_000;
/** For this long a template that took too long is not rendered again. */
const restMs = 30_000;
const heapMb = 128;

interface Waiting {
  readonly question: Question;
  readonly resolve: (rendered: Rendered) => void;
}

/** Renders templates on a thread, so that the event loop keeps serving others. */
export interface BodyRenderer {
  /** Never rejects. */
  render(template: BodyTemplate, event: WireEvent): Promise<Rendered>;
}

const tooLong: Rendered = { kind: 'failed', message: 'it takes too much time or memory' };

/**
 * Renders one template at a time; organizations take turns. One that takes too long ends the thread, and rests; the next one starts another.
 * How many wait is limited by the callers: each endpoint renders one body at a time.
 */
export function createBodyRenderer(clock: Clock): BodyRenderer {
  const waiting = new Map<OrganizationId, Waiting[]>();
  const resting = new WeakMap<BodyTemplate, number>();
  let worker: Worker | undefined;
  /** The thread has loaded its code, which can take long on a busy machine. */
  let ready = false;
  let current: Waiting | undefined;
  let timer: unknown;

  function start(): Worker {
    const started = new Worker(new URL(`./template-worker${extname(import.meta.url)}`, import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: heapMb },
    });
    ready = false;
    started.on('message', (message: Rendered | 'ready') => {
      if (started !== worker) return;
      if (message !== 'ready') return end(message);
      ready = true;
      if (current !== undefined) arm();
    });
    // The thread is out of memory.
    started.on('error', () => started === worker && end(tooLong));
    // After the listeners, because adding one makes the process wait for the thread again.
    started.unref();
    return started;
  }

  function arm(): void {
    timer = clock.setTimer(() => end(tooLong), answerMs);
  }

  function next(): void {
    const turn = waiting.entries().next().value;
    if (turn === undefined || current !== undefined) return;
    const [organizationId, [first, ...rest]] = turn;
    // The organization's next body comes after one of each other organization.
    waiting.delete(organizationId);
    if (rest.length > 0) waiting.set(organizationId, rest);
    if (first === undefined) return;
    current = first;
    worker ??= start();
    worker.postMessage(first.question);
    if (ready) arm();
  }

  function end(rendered: Rendered): void {
    clock.clearTimer(timer);
    if (rendered === tooLong) {
      void worker?.terminate();
      worker = undefined;
    }
    const ended = current;
    current = undefined;
    ended?.resolve(rendered);
    next();
  }

  return {
    async render(template, event) {
      if ((resting.get(template) ?? 0) > clock.now()) return tooLong;
      const { text, contentType } = template;
      const question = { template: text, contentType, variables: variablesOf(event), data: event.data.toString() };
      const rendered = await new Promise<Rendered>((resolve) => {
        const mine = waiting.get(event.organizationId);
        if (mine === undefined) waiting.set(event.organizationId, [{ question, resolve }]);
        else mine.push({ question, resolve });
        next();
      });
      if (rendered === tooLong) resting.set(template, clock.now() + restMs);
      return rendered;
    },
  };
}
