import type { Finished } from '../delivery/dispatcher.ts';
import { errorText } from '../delivery/attempt.ts';
import type { Logger } from './log.ts';

/** One wide line for each delivery that is finished, and one at debug level for each attempt that is not the last. No body, no header. */
export function finishedLine(log: Logger, { endpoint, item, attempt, outcome, result, startedAtMs }: Finished): void {
  if (!log.isLevelEnabled(outcome.kind === 'retry' ? 'debug' : 'info')) return;
  const line = {
    organization: endpoint.organizationId,
    endpoint: endpoint.id,
    delivery: item.id,
    event: item.event.id,
    type: item.event.type,
    dialect: endpoint.wire.name,
    host: endpoint.url.host,
    outcome: outcome.kind,
    attempts: attempt,
    status: result.kind === 'answered' ? result.statusCode : undefined,
    error: errorText(result) ?? undefined,
    durationMs: Math.round(result.durationMs),
    sinceEventMs: Math.round(startedAtMs + result.durationMs - item.event.createdAtMs),
  };
  if (outcome.kind === 'retry') log.debug({ ...line, retryAt: new Date(outcome.atMs).toISOString() }, 'delivery.attempted');
  else log.info(line, 'delivery.finished');
}
