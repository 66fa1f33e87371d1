import { cut } from '../../base/cut.ts';
import { classify } from './classify.ts';
import type { Failure, ReportedRecipient } from './types.ts';

const diagnosticCharactersMax = 1_000;

/** A failure with its verdict. */
export function judged(failure: Failure): ReportedRecipient {
  const { address, others, action, text } = failure;
  const { verdict, reason, status } = classify(failure, failure.reason);
  return {
    address,
    others,
    verdict,
    reason,
    action: verdict === 'delivered' ? 'delivered' : action === 'delayed' ? 'delayed' : 'failed',
    status,
    diagnostic: cut(text.replaceAll(/\s+/g, ' ').trim(), diagnosticCharactersMax),
  };
}
