import { dayMs } from '../../base/clock.ts';
import { machineOf } from '../bounces/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { verdictOf } from './classify.ts';
import type { Verdict } from './classify.ts';
import { fold, languagesOf } from './language.ts';
import { laterDayOf } from './later-date.ts';
import { guessOf, probabilityMin, probabilityMinOfCostly } from './model.ts';
import { hasOptOutCue } from './opt-out-cues.ts';
import { ownTextOf } from './own-text.ts';
import { referralOf } from './referral.ts';
import type { Language, Reading, ReplyClass } from './reply.ts';
import { returnDayOf } from './return-date.ts';
import { findingsIn, isNoWish, optOutsIn } from './rules-engine.ts';
import type { Finding } from './rules-engine.ts';
import { sentencesMax, sentencesOf } from './sentences.ts';
import type { Sentence } from './sentences.ts';

/** Classes in which a reply names somebody else. */
const referring: ReadonlySet<ReplyClass> = new Set(['wrong_person', 'left_company', 'out_of_office']);
const automaticClasses: ReadonlySet<ReplyClass> = new Set(['out_of_office', 'auto_reply']);
/** After so many characters, a reply is read only for a wish to get no more mail. */
const readMax = 4_000;
/** For that wish, the first 60 and the last 60 sentences are read, and between them so many of those that have a cue (`opt-out-cues.ts`). */
const cuedMax = 120;
/** Of Latin letters without a space: keys and attachments as text, no words of a person. Addresses have other marks. */
const noise = /(?<![^\s])[\w+/=-]{40,}(?!\S)/g;
const reasonsMax = 6;

/**
 * Reads a reply: what its sender wrote, and what it means. Pure, and bounded by the limits of `parseMessage`; nothing in a message can make it throw.
 * Dates such as "next Monday" are understood from the message's own Date header.
 * @param message one that is no delivery or feedback report
 * @param receivedAt for messages without a valid Date header
 * @example
 * const { text, classification } = readReply(message, new Date()); // 'Not for us, thank you', 'not_interested'
 */
export function readReply(message: ParsedMessage, receivedAt: Date): Reading {
  const machine = machineOf(message);
  const text = ownTextOf(textOf(message), message.from?.name);
  const words = text.replaceAll(noise, '');
  const read = words.slice(0, readMax);
  const sentences = sentencesOf(read);
  const languages = languagesOf(fold(read));
  const { findings, language } = findingsOf(languages, sentences);
  const known = findings.filter(
    (each) => !isOptOut(each) || !isNoWishIn(sentences[each.sentence], languages.keys(), language),
  );
  const all = machine.isAutomatic || known.some(isOptOut) ? known : [...known, ...optOutsOf(words, language)];
  const found = verdictOf(all, machine.isAutomatic, machine.isAbsence);
  const mayOptOut = !sentences.some((sentence) => isNoWishIn(sentence, languages.keys(), language, true));
  const verdict = machine.isAutomatic ? found : weighed(found, read, mayOptOut);
  const classification = verdict?.classification ?? 'unknown';
  const today = todayOf(message, receivedAt);
  const mayReturn = classification === 'out_of_office' || (classification === 'auto_reply' && machine.isAutomatic);
  const day = mayReturn && language !== null ? (returnDayOf(sentences, language, today) ?? null) : null;
  // An automatic answer that names a day of return is about an absence, whatever its words.
  const isAbsence = classification === 'auto_reply' && day !== null && verdict?.finding === undefined;
  const decided = isAbsence ? 'out_of_office' : classification;
  const laterDay = (): string | null => {
    const asking = new Set(known.flatMap((each) => (each.class === 'not_now' || each.isForNow ? [each.sentence] : [])));
    const those = sentences.filter((_, index) => asking.has(index));
    return language === null ? null : (laterDayOf(those, language, today) ?? null);
  };
  return {
    text,
    classification: decided,
    confidence: verdict?.confidence ?? 0,
    reasons: [
      ...(verdict?.finding === undefined ? [] : [`${verdict.finding.language}: ${verdict.finding.words}`]),
      ...(verdict?.guess === undefined ? [] : [`model: ${verdict.guess}, probability ${verdict.confidence}`]),
      ...machine.reasons.map((reason) => `headers: ${reason}`),
      ...all
        .filter((each) => each !== verdict?.finding && each.class !== decided && each.class !== 'unknown')
        .map((each) => `also ${each.class}: ${each.words}`),
    ].slice(0, reasonsMax),
    automatic: machine.isAutomatic || (automaticClasses.has(decided) && verdict?.guess === undefined),
    return_date: decided === 'out_of_office' ? day : decided === 'not_now' ? laterDay() : null,
    language,
    referral: referring.has(decided) ? referralOf(read, message.from?.address) : null,
  };
}

/** Classes that no model changes, because a mistake costs too much. */
const final: ReadonlySet<ReplyClass> = new Set(['unsubscribe_request', 'hostile']);
/** After these, the sender gets no more mail, is taken for a program, or is expected to meet because of a day that the text names. */
const costly: ReadonlySet<ReplyClass> = new Set([
  'unsubscribe_request',
  'out_of_office',
  'auto_reply',
  'meeting_request',
]);
/** Against what rules found, the model must be as sure as this, and the text no longer than those it was trained with. */
const overrules = 0.97;
/** Against a question mark alone. */
const overrulesMark = 0.65;
const overruledMax = 300;

/** What rules found, or the guess of the model: if they found nothing or only a question mark, or if the model is almost certain. */
function weighed(found: Verdict | undefined, text: string, mayOptOut: boolean): Verdict | undefined {
  if (!/\p{L}{2}/u.test(text) || (found !== undefined && final.has(found.classification))) return found;
  const { classification: guess, probability } = guessOf(fold(text));
  if (guess === 'unsubscribe_request' && !mayOptOut) return found;
  const isSure = probability >= (costly.has(guess) ? probabilityMinOfCostly : probabilityMin);
  const confidence = Number(probability.toFixed(2));
  // A day on which somebody will read a message is no proposal to meet.
  if (found?.classification === 'unknown' && guess === 'meeting_request') return found;
  if (found === undefined || found.classification === 'unknown')
    return { classification: isSure ? guess : 'unknown', confidence, finding: undefined, guess };
  if (guess === found.classification || guess === 'unknown') return found;
  const isMark = found.classification === 'question' && !final.has(guess);
  const mayDecide = isSure && probability >= (isMark ? overrulesMark : overrules) && text.length <= overruledMax;
  return mayDecide ? { classification: guess, confidence, finding: undefined, guess } : found;
}

/** Targets that the conversion of HTML puts after links. */
const targets = / ?\[(?:https?|mailto|tel|cid):[^\]\s]{1,2000}\]/g;

/** The text of a message; if it was made from HTML alone, as its writer saw it. */
const textOf = ({ text, forMachines }: ParsedMessage): string =>
  forMachines.types.includes('text/plain') ? text : text.replaceAll(targets, '');

/** A point for a language is worth so many characters of findings in it. */
const charactersPerPoint = 8;

/** The findings of the text's language: the one of which the most is recognized, words and rules together. */
function findingsOf(
  languages: ReadonlyMap<Language, number>,
  sentences: readonly Sentence[],
): { readonly findings: readonly Finding[]; readonly language: Language | null } {
  let best: { findings: readonly Finding[]; language: Language | null; weight: number } = {
    findings: [],
    language: null,
    weight: 0,
  };
  for (const [language, score] of languages) {
    const findings = findingsIn(sentences, language);
    const found = findings.filter((each) => each.class !== 'question');
    const weight = score * charactersPerPoint + found.reduce((sum, { words }) => sum + words.length, 0);
    if (weight > best.weight || (best.language === null && findings.length > 0)) best = { findings, language, weight };
  }
  return best;
}

const isOptOut = (finding: Finding): boolean => finding.class === 'unsubscribe_request';

/** Whether a sentence mentions an opt-out that is not its writer's, in one of the languages that it may be in. */
const isNoWishIn = (
  sentence: Sentence | undefined,
  languages: Iterable<Language>,
  language: Language | null,
  orLater = false,
): boolean =>
  sentence !== undefined &&
  [...languages, ...(language === null ? [] : [language])].some((each) => isNoWish(sentence, each, orLater));

/** Wishes to get no more mail anywhere in a text: each sentence is read in the languages that it may be in. */
function optOutsOf(text: string, language: Language | null): readonly Finding[] {
  const all = sentencesOf(text, Infinity);
  const between = all.slice(sentencesMax, -sentencesMax).filter((sentence) => hasOptOutCue(sentence.text));
  const sentences =
    all.length <= 2 * sentencesMax
      ? all
      : [...all.slice(0, sentencesMax), ...between.slice(0, cuedMax), ...all.slice(-sentencesMax)];
  const byLanguage = new Map<Language, Sentence[]>();
  for (const sentence of sentences) {
    const scores = languagesOf(sentence.text);
    if (isNoWishIn(sentence, scores.keys(), language)) continue;
    const own = language === null ? 0 : (scores.get(language) ?? 0);
    // "Is it GDPR compliant?" has no Italian word.
    const others = [...scores].filter(([, score]) => score > 0 || own === 0).map(([each]) => each);
    for (const each of new Set(language === null ? others : [language, ...others])) {
      // Words that two languages have, such as "mail me".
      if (language !== null && each !== language && isNoWish(sentence, language, true)) continue;
      byLanguage.set(each, [...(byLanguage.get(each) ?? []), sentence]);
    }
  }
  return [...byLanguage].flatMap(([each, read]) => optOutsIn(read, each));
}

/** UTC midnight of the day that it was where the message was written. */
function todayOf({ date, headers }: ParsedMessage, receivedAt: Date): number {
  const [, sign = '+', hours = '0', minutes = '0'] = /([+-])(\d\d)(\d\d)\b/.exec(headers.get('date')?.[0] ?? '') ?? [];
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
  const localMs = (date ?? receivedAt).getTime() + (date === undefined ? 0 : offsetMs);
  return Math.floor(localMs / dayMs) * dayMs;
}
