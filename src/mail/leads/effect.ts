import type { ReplyClass } from '../replies/index.ts';
import type { StopKind } from './lead.ts';

/**
 * What a reply does to its lead. `answer`: a person answered, which stops the lead as its campaign says; with `ends`, the lead ends in this
 * way whatever the campaign says. `left`: a program says that nobody is there any more. `hold`: until somebody is back.
 */
export type Effect =
  | { readonly kind: 'none' | 'hold' | 'left' }
  | { readonly kind: 'answer'; readonly ends?: Extract<StopKind, 'not_interested' | 'wrong_person' | 'left_company'> };

/** The effect of each class of a reply that a person wrote. */
const effects: Readonly<Record<ReplyClass, Effect>> = {
  interested: { kind: 'answer' },
  meeting_request: { kind: 'answer' },
  question: { kind: 'answer' },
  not_now: { kind: 'answer' },
  unknown: { kind: 'answer' },
  // The opt-out ends it, and all other leads of the address.
  unsubscribe_request: { kind: 'answer' },
  not_interested: { kind: 'answer', ends: 'not_interested' },
  hostile: { kind: 'answer', ends: 'not_interested' },
  wrong_person: { kind: 'answer', ends: 'wrong_person' },
  left_company: { kind: 'answer', ends: 'left_company' },
  out_of_office: { kind: 'hold' },
  auto_reply: { kind: 'none' },
};

/**
 * What a reply does to its lead.
 * @param isAutomatic a program wrote it
 * @example
 * effectOf('not_interested', false) // { kind: 'answer', ends: 'not_interested' }
 */
export function effectOf(classification: ReplyClass, isAutomatic: boolean): Effect {
  const effect = effects[classification];
  if (!isAutomatic || effect.kind !== 'answer') return effect;
  return effect.ends === 'left_company' ? { kind: 'left' } : { kind: 'none' };
}
