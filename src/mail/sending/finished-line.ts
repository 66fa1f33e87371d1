import type { Logger } from '../../base/log.ts';
import type { Finished } from './settle.ts';

/** Logs one wide line per attempt that ended its message, and one at debug level per attempt after which it waits. */
export function createFinishedLine(log: Logger): (finished: Finished) => void {
  return (finished) => {
    const { fact } = finished.outcome;
    if (fact === 'deferred' || fact === 'returned') log.debug(fields(finished), 'message.attempted');
    else log.info(fields(finished), 'message.finished');
  };
}

/** No address and no text: only the recipient's domain. */
const fields = ({ flight: { message, attempt, raw, lateMs }, outcome, durationMs }: Finished) => ({
  organization_id: message.organization_id,
  mailbox_id: message.mailbox_id,
  message: message.id,
  purpose: message.purpose,
  recipient_domain: message.party_domain,
  outcome: outcome.fact,
  reason: outcome.reason ?? undefined,
  stage: outcome.answer?.stage,
  code: outcome.answer?.code ?? undefined,
  enhanced: outcome.answer?.enhanced ?? undefined,
  attempt,
  bytes: raw.length,
  duration_ms: Math.round(durationMs),
  late_ms: Math.round(lateMs),
});
