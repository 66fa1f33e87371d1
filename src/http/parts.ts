import type { Call } from './call.ts';
import type { Edge } from './edge.ts';

/**
 * Sends a body part by part, each once the client has taken the one before, so that one part is in memory. A client that takes nothing for
 * `readMs` is disconnected; so is one whose body cannot be completed, because the status has been sent.
 */
export async function sendParts(
  { clock, timeouts, log }: Edge,
  call: Call,
  parts: AsyncIterable<string>,
): Promise<void> {
  const { request, response } = call;
  if (request.method === 'HEAD') {
    response.end();
    return;
  }
  const taken = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = clock.setTimer(() => request.socket.destroy(), timeouts.readMs);
      const done = (): void => {
        clock.clearTimer(timer);
        response.off('drain', done).off('close', done);
        resolve();
      };
      response.on('drain', done).on('close', done);
    });
  try {
    for await (const part of parts) {
      if (response.destroyed || response.writableEnded) return;
      if (!response.write(part)) await taken();
    }
    response.end();
  } catch (error) {
    log.error({ request_id: call.requestId, route: call.route?.path, err: error }, 'request.body_incomplete');
    request.socket.destroy();
  }
}
