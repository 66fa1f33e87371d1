import type { Finding } from './rules-engine.ts';
import type { ReplyClass } from './reply.ts';

export interface Verdict {
  readonly classification: ReplyClass;
  readonly confidence: number;
  readonly finding: Finding | undefined;
  /** What the model takes it for, if no rule decided. */
  readonly guess?: ReplyClass;
}

/** What a finding of a class is worth by itself. */
const sure = 0.95;
const likely = 0.8;
const weak = 0.65;

/**
 * What the findings of the rules mean together.
 *
 * The order follows from what a mistake costs: a request to be left alone is obeyed whatever else a reply says; who is no longer there, or not
 * responsible, is not asked again; a refusal comes before the interest that its words contain. A person who mentions an absence and proposes a time is not
 * away; a program is.
 * @param isAutomatic a program sent it
 * @returns undefined if nothing was found
 */
export function verdictOf(findings: readonly Finding[], isAutomatic: boolean, isAbsence: boolean): Verdict | undefined {
  const of = (wanted: ReplyClass, isUrgent?: boolean): Finding[] =>
    findings.filter((each) => each.class === wanted && (isUrgent === undefined || each.isUrgent === isUrgent));
  const verdict = (classification: ReplyClass, confidence: number, [finding]: readonly Finding[]): Verdict => ({
    classification,
    confidence,
    finding,
  });
  const left = of('left_company', false);
  const away = of('out_of_office');
  const receipts = of('auto_reply');
  if (isAutomatic) {
    if (left.length > 0 && away.length <= left.length) return verdict('left_company', sure, left);
    if (isAbsence || away.length > 0) return verdict('out_of_office', sure, away);
    return verdict('auto_reply', receipts.length > 0 ? sure : likely, receipts);
  }
  const unsubscribe = of('unsubscribe_request');
  if (unsubscribe.length > 0) return verdict('unsubscribe_request', sure, unsubscribe);
  const hostile = of('hostile');
  if (hostile.length > 0) return verdict('hostile', sure, hostile);
  if (left.length > 0) return verdict('left_company', sure, left);

  const awayIn = new Set(away.map(({ sentence }) => sentence));
  const engaged = (['meeting_request', 'interested', 'question'] as const).flatMap((each) =>
    of(each, false).filter(({ sentence, isWeak }) => !awayIn.has(sentence) && !isWeak),
  );
  if (away.length > 0 && (engaged.length === 0 || receipts.length > 0)) return verdict('out_of_office', sure, away);
  const isReceipt = new Set(receipts.map(({ sentence, at }) => `${sentence} ${at}`)).size >= 2;
  if (isReceipt) return verdict('auto_reply', sure, receipts);
  const other = of('wrong_person', false);
  const wrong = other.filter(({ isWeak }) => !isWeak);
  if (wrong.length > 0) return verdict('wrong_person', sure, wrong);

  const refusals = of('not_interested');
  const hard = refusals.filter(({ isWeak }) => !isWeak);
  const proposals = of('meeting_request', false);
  const meeting = proposals.filter(({ isWeak }) => !isWeak);
  const soon = new Set(meeting.filter(({ isSoon }) => isSoon).map(({ sentence }) => sentence));
  const later = of('not_now').filter(({ sentence }) => !soon.has(sentence));
  const interest = of('interested', false);
  if (later.length > 0) return verdict('not_now', hard.length > 0 ? likely : sure, later);
  const wanted = [...meeting, ...interest];
  const lastRefusal = position(hard.at(-1));
  const lastWanted = position(wanted.toSorted((a, b) => position(a) - position(b)).at(-1));
  if (hard.length > 0 && (wanted.length === 0 || lastRefusal >= lastWanted || hard.some(({ isNegated }) => isNegated)))
    return hard.some(({ isForNow, isNegated }) => isForNow && isNegated)
      ? verdict('not_now', likely, hard)
      : verdict('not_interested', wanted.length > 0 ? likely : sure, hard);
  if (meeting.length > 0) return verdict('meeting_request', hard.length > 0 ? likely : sure, meeting);
  if (hard.length > 0) return verdict('not_interested', likely, hard);
  if (interest.length > 0) return verdict('interested', refusals.length > 0 ? likely : sure, interest);
  if (other.length > 0) return verdict('wrong_person', likely, other);
  if (refusals.length > 0) return verdict('not_interested', likely, refusals);
  if (receipts.length > 0) return verdict('auto_reply', likely, receipts);
  if (proposals.length > 0) return verdict('meeting_request', likely, proposals);
  const questions = of('question');
  if (questions.length > 0)
    return verdict('question', questions.some(({ isWeak }) => !isWeak) ? likely : weak, questions);
  const plans = of('unknown');
  return plans.length > 0 ? verdict('unknown', likely, plans) : undefined;
}

const position = (finding: Finding | undefined): number =>
  finding === undefined ? -1 : finding.sentence * 1_000 + finding.at;
