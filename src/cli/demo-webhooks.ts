import { randomUUID } from 'node:crypto';
import type { Worker } from 'node:worker_threads';
import { OperatorError } from '../base/errors.ts';
import { createApi } from './api.ts';
import type { Api } from './api.ts';
import { wholeNumber } from './command.ts';
import { withDemo } from './demo-product.ts';
import { monotonicMs } from './demo-receiver.ts';
import type { FromReceiver } from './demo-receiver.ts';
import { createProgress, summary } from './demo-report.ts';
import type { Log } from './demo-report.ts';

/** Concurrent publishes. */
const publishersMax = 32;
const eventsMax = 100_000;
/** If nothing arrives for this long, the rest is considered lost. */
const silenceMs = 30_000;

/** Delivers events to a receiver over real sockets. Exit code 1 if an event is missing, duplicated or has an invalid signature. */
export async function webhooksDemo(given: string | undefined): Promise<void> {
  const events = wholeNumber('--events', given ?? '1000', 1, eventsMax);
  await withDemo(async ({ url, key, receiver, receiverUrl, signal }) => {
    const api = createApi(url, key);
    const { data: endpoint } = (await api.call('POST', '/v1/webhooks', {
      body: { target_url: receiverUrl, events: ['*'] },
    })) as {
      data: { id: string; secret: string };
    };
    receiver.postMessage(endpoint.secret);
    console.log(`Listening on ${url}. Registered the endpoint ${receiverUrl}; publishing ${events} events.`);
    const log = await deliverAll(api, receiver, events, signal);
    if (signal.aborted) throw new OperatorError(`Stopped after ${log.arrivals.length} of ${events} deliveries.`);
    const { lines, good } = summary(log, events);
    console.log(lines.join('\n'));
    if (!good) throw new OperatorError('Some events are missing, duplicated or have an invalid signature.');
  });
}

/** Publishes all events and waits until all have arrived, or until nothing arrives for `silenceMs`. */
async function deliverAll(api: Api, receiver: Worker, events: number, signal: AbortSignal): Promise<Log> {
  const log: Log = { sentAtMs: [], acknowledgedAtMs: [], arrivals: [] };
  const progress = createProgress(events, log, process.stdout);
  const waiting = new Set(Array.from({ length: events }, (_, number) => number));
  const done = Promise.withResolvers<void>();
  let silence = setTimeout(done.resolve, silenceMs);
  signal.addEventListener('abort', () => done.resolve(), { once: true });
  receiver.on('message', (message: FromReceiver) => {
    if (message.kind !== 'arrival') return;
    log.arrivals.push(message);
    progress.arrived(message);
    waiting.delete(message.number);
    clearTimeout(silence);
    silence = setTimeout(done.resolve, silenceMs);
    if (waiting.size === 0) done.resolve();
  });
  try {
    let number = 0;
    const publish = async (): Promise<void> => {
      while (number < events && !signal.aborted) {
        const mine = number++;
        log.sentAtMs[mine] = monotonicMs();
        await api.call('POST', '/v1/events', {
          body: { event: 'demo.counted', data: { number: mine } },
          headers: { 'idempotency-key': randomUUID() },
        });
        log.acknowledgedAtMs[mine] = monotonicMs();
      }
    };
    await Promise.all(Array.from({ length: publishersMax }, publish));
    await done.promise;
    return log;
  } finally {
    clearTimeout(silence);
    progress.end();
  }
}
