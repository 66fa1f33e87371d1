import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { deferralDelaysMs, judgementOf, rateCooldownMs } from '../transport/answers.ts';
import type { Answer, Cause, Failure, Submission } from '../transport/transport.ts';
import type { Limit } from './plan.ts';
import type { Fact } from './state.ts';

/** When an unknown message is looked for in the Sent folder, counted from the attempt. */
export const looksMs: readonly number[] = [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 12 * hourMs];

/** How long a mailbox waits after a server refused its domain. */
const domainRestMs = hourMs;

/** What the mailbox does after an attempt, beside its next message. */
export interface Rest {
  /** `window`: until the messages of the last 24 hours leave the provider's window. */
  readonly untilMs: number | 'window';
  readonly limit: Limit;
  /** Whether what is left of the daily limit is halved until tomorrow. */
  readonly halves: boolean;
}

/** What an attempt means for its message, and for its mailbox. */
export interface Outcome {
  readonly fact: Extract<Fact, 'accepted' | 'deferred' | 'returned' | 'failed' | 'bounced' | 'lost'>;
  /** The server's answer, or why it will not be sent. */
  readonly error: string | null;
  /** Why it waits or failed, as a stable code. */
  readonly reason: string | null;
  /** When it may be given to the server again. */
  readonly dueMs?: number;
  /** The Message-ID that the server gave it. */
  readonly messageId?: string;
  readonly bounce?: 'hard' | 'soft';
  /** Of a refusal of the recipient or the message: why, in the words of Sisimai. */
  readonly judgement?: string;
  readonly rest?: Rest;
  /** To be reported to the mailbox. */
  readonly failure?: Failure;
  readonly answer: Answer | null;
}

/** `550 5.1.1 No such user`, on one line. */
export function answerText({ code, enhanced, text }: Answer): string {
  const parts = text.startsWith(String(code))
    ? [text]
    : [code, text.startsWith(String(enhanced)) ? null : enhanced, text];
  return parts
    .filter((part) => part !== null && part !== '')
    .join(' ')
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, 1_000);
}

/** What a submission means. `deferrals`: how often a server has said "later" to this message. */
export function outcomeOf(submission: Submission, deferrals: number, nowMs: number): Outcome {
  const { answer } = submission;
  const error = answerText(answer);
  switch (submission.outcome) {
    case 'accepted':
      return {
        fact: 'accepted',
        error: null,
        reason: null,
        answer,
        ...(submission.messageId === undefined ? {} : { messageId: submission.messageId }),
      };
    case 'unknown':
      return { fact: 'lost', error, reason: 'connection_lost', dueMs: nowMs + (looksMs[0] ?? 0), answer };
    case 'deferred':
    case 'rejected': {
      const refusal = refusalOf(submission.cause, submission.outcome, answer, deferrals, nowMs);
      const isFinal = refusal.fact === 'bounced' || refusal.fact === 'failed';
      return { ...refusal, error, answer, ...(isFinal ? { judgement: judgementOf(answer).reason } : {}) };
    }
  }
}

type Refusal = Omit<Outcome, 'error' | 'answer'>;

function refusalOf(
  cause: Cause,
  outcome: 'deferred' | 'rejected',
  answer: Answer,
  deferrals: number,
  nowMs: number,
): Refusal {
  switch (cause) {
    case 'hard':
      return { fact: 'bounced', reason: 'hard_bounce', bounce: 'hard' };
    case 'mailbox_full':
      return later(deferrals, nowMs) ?? { fact: 'bounced', reason: 'mailbox_full', bounce: 'soft' };
    case 'greylisted':
    case 'transient':
      return (outcome === 'deferred' ? later(deferrals, nowMs) : undefined) ?? { fact: 'failed', reason: 'deferred' };
    case 'block':
    case 'content':
    case 'needs_smtputf8':
      return { fact: 'failed', reason: cause };
    case 'mailbox_limit':
      return resting({ untilMs: 'window', limit: 'provider_limit', halves: false });
    case 'rate':
      return resting({ untilMs: nowMs + rateCooldownMs, limit: 'provider_limit', halves: true });
    case 'domain_auth':
      return resting({ untilMs: nowMs + domainRestMs, limit: 'domain_auth_failing', halves: false });
    case 'misconfigured':
    case 'auth':
    case 'auth_temporary':
    case 'host':
      return { fact: 'returned', reason: null, failure: { cause, answer } };
  }
}

/** The next try of a message that a server deferred; undefined after the last one. */
function later(deferrals: number, nowMs: number): Refusal | undefined {
  const delayMs = deferralDelaysMs[deferrals];
  return delayMs === undefined ? undefined : { fact: 'deferred', reason: 'deferred_by_server', dueMs: nowMs + delayMs };
}

const resting = (rest: Rest): Refusal => ({ fact: 'returned', reason: rest.limit, rest });

/** An attempt that did not begin, because the process lost its right to it in the meantime. */
export const notBegun: Outcome = { fact: 'returned', error: null, reason: null, answer: null };

/** The shortest and the longest rest until a provider's window of a day has moved. */
export const windowRestMs = { least: hourMs, most: dayMs } as const;
