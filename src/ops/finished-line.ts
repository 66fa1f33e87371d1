import type { Finished } from '../delivery/dispatcher.ts';
import { errorText } from '../delivery/attempt.ts';
import type { Logger } from './log.ts';

/** One wide line for each delivery that is finished, and one at debug level for each attempt that is not the last. Named as in the API. No body, no header. */
export function finishedLine(log: Logger, { endpoint, item, attempt, outcome, result, startedAtMs }: Finished): void {
  if (!log.isLevelEnabled(outcome.kind === 'retry' ? 'debug' : 'info')) return;
  const line = {
    organization_id: endpoint.organizationId,
    endpoint_id: endpoint.id,
    delivery_id: item.id,
    event_id: item.event.id,
    event: item.event.type,
    dialect: endpoint.wire.name,
    host: endpoint.url.host,
    outcome: outcome.kind,
    attempt_count: attempt,
    status_code: result.kind === 'answered' ? result.statusCode : undefined,
    error: errorText(result) ?? undefined,
    duration_ms: Math.round(result.durationMs),
    since_event_ms: Math.round(startedAtMs + result.durationMs - item.event.createdAtMs),
  };
  if (outcome.kind === 'retry') log.debug({ ...line, next_attempt_at: new Date(outcome.atMs).toISOString() }, 'delivery.attempted');
  else log.info(line, 'delivery.finished');
}
