import { byLanguage, optOutsOf, rulesOf } from './language.ts';
import type { LanguageRules, Rule } from './languages/rules.ts';
import type { Language, ReplyClass } from './reply.ts';
import type { Sentence } from './sentences.ts';

/** What a rule found in a sentence. */
export interface Finding {
  readonly class: ReplyClass;
  readonly language: Language;
  /** Of its sentence. */
  readonly sentence: number;
  /** In its sentence, in characters. */
  readonly at: number;
  /** The words that were found, with the negation if there is one. */
  readonly words: string;
  readonly isWeak: boolean;
  readonly isNegated: boolean;
  /** The sentence is about emergencies during an absence. */
  readonly isUrgent: boolean;
  /** The clause has words such as "right now". */
  readonly isForNow: boolean;
  /** The sentence names a weekday or an hour. */
  readonly isSoon: boolean;
}

interface CompiledRule {
  readonly class: ReplyClass;
  readonly when: RegExp;
  readonly unless: RegExp | undefined;
  readonly negated: ReplyClass | undefined;
  readonly fixed: boolean;
  readonly isWeak: boolean;
}

/** An hour, as all eight languages write it. */
const hour =
  /\d ?(?:h|uhr|uur|am|pm|a\.m|p\.m|時|o'clock)(?![\p{L}])|\d[:h.]\d\d(?!\d|\.\d)|(?:alle|las|as|um|om|at|a|before|after|vor|nach|ab) \d{1,2}(?![\d./:,%]|\.)/u;

interface Compiled {
  readonly language: Language;
  readonly negators: RegExp | undefined;
  readonly negatorsAfter: RegExp | undefined;
  readonly boundary: RegExp;
  readonly doubt: RegExp;
  readonly forNow: RegExp;
  readonly formerly: RegExp;
  readonly day: RegExp;
  readonly urgent: RegExp;
  readonly asks: RegExp | undefined;
  readonly places: RegExp;
  readonly present: RegExp;
  readonly meets: RegExp;
  readonly plans: RegExp;
  readonly talks: RegExp;
  readonly rules: readonly CompiledRule[];
}

const refusals: ReadonlySet<ReplyClass> = new Set(['not_interested', 'not_now']);
/** A negation reaches so far, in words. */
const reachBefore = 7;
const reachAfter = 4;
const wordsMax = 80;

const expanded = (source: string): string =>
  source
    .replaceAll(' … ', ' (?:[^.!?]{0,40}? )?')
    .replaceAll('…', '[^.!?]{0,40}?')
    // The words of a gap are of one clause.
    .replaceAll('(?: \\S+)', '(?: [^\\s,;:]+)');

/** Not in the middle of a word. Folded text of these languages is ASCII; the flag `u` would triple the time to compile. */
const edge = String.raw`(?!(?<=\w)\w)`;

/**
 * V8 compiles a pattern directly to machine code if the first text is as long as this. The bytecode that it compiles for a shorter text takes
 * four times as long: 270 ms for the rules of all languages.
 */
const longText = ' '.repeat(1_000);

/** A pattern over folded text that finds one of the sources. @param flags besides `u`, which Japanese needs */
export function wordsPattern(language: Language, sources: readonly string[], flags = ''): RegExp {
  const joined = expanded(sources.join('|'));
  const pattern =
    language === 'ja' ? new RegExp(joined, `${flags}u`) : new RegExp(`${edge}(?:${joined})${edge}`, flags);
  longText.search(pattern);
  return pattern;
}

function compile(rules: LanguageRules): Compiled {
  const { language } = rules;
  const pattern = (source: string | undefined): RegExp | undefined =>
    source === undefined || source === '' ? undefined : wordsPattern(language, [source]);
  return {
    language,
    negators: pattern(rules.negators),
    negatorsAfter: pattern(rules.negatorsAfter),
    boundary: new RegExp(
      `[,;:()–—]\\s(?!(?:dass|ob|that|if|que|che|dat|of|qu')\\b)|\\s-\\s|${edge}(?:${rules.contrast})${edge}`,
      'gu',
    ),
    doubt: wordsPattern(language, [rules.doubt]),
    forNow: wordsPattern(language, [rules.forNow]),
    formerly: wordsPattern(language, [rules.formerly]),
    day: wordsPattern(language, [...rules.weekdays, rules.tomorrow]),
    urgent: wordsPattern(language, [rules.urgent]),
    asks:
      rules.asks === undefined || rules.asks === '' ? undefined : new RegExp(`^(?:${expanded(rules.asks)})\\b`, 'u'),
    places: wordsPattern(language, [rules.occasions.places]),
    present: wordsPattern(language, [rules.occasions.present]),
    meets: wordsPattern(language, [rules.occasions.meets]),
    plans: wordsPattern(language, [rules.plans.when]),
    talks: wordsPattern(language, [rules.plans.unless]),
    rules: rules.rules.map((rule) => ({
      class: rule.class,
      when: wordsPattern(language, rule.when, 'g'),
      unless: rule.unless === undefined ? undefined : wordsPattern(language, rule.unless),
      negated: rule.negated,
      fixed: rule.fixed === true,
      isWeak: rule.weak === true,
    })),
  };
}

const compiledFor = (isWanted: (rule: Rule) => boolean): ((language: Language) => Compiled) =>
  byLanguage((language) => {
    const rules = rulesOf[language];
    return compile({ ...rules, rules: [...optOutsOf[language].rules, ...rules.rules].filter(isWanted) });
  });
const allRulesOf = compiledFor(() => true);
const optOutRulesOf = compiledFor(
  ({ class: meaning, negated }) => meaning === 'unsubscribe_request' || negated === 'unsubscribe_request',
);

/** What the rules of a language find in sentences. Class `unknown`: the writer will deal with the message alone. */
export const findingsIn = (sentences: readonly Sentence[], language: Language): Finding[] =>
  sentences.flatMap((sentence, index) => findingsOf(sentence, index, allRulesOf(language)));

/** The wishes to get no more mail that the rules of a language find in sentences. Costs a tenth of `findingsIn`. */
export const optOutsIn = (sentences: readonly Sentence[], language: Language): Finding[] =>
  sentences
    .flatMap((sentence, index) => findingsOf(sentence, index, optOutRulesOf(language)))
    .filter((each) => each.class === 'unsubscribe_request');

function findingsOf(sentence: Sentence, index: number, rules: Compiled): Finding[] {
  const { text } = sentence;
  const full = sentence.isQuestion ? `${text}?` : text;
  const starts = boundariesOf(text, rules.boundary);
  const isUrgent = rules.urgent.test(text);
  const namesDay = rules.day.test(text);
  const isSoon = namesDay || hour.test(text);
  const found: Finding[] = [];
  const isOffer = ownOffer.test(text);
  const isPlan = !sentence.isQuestion && rules.plans.test(text) && !rules.talks.test(text);
  for (const rule of rules.rules) {
    if (isOffer && rule.class === 'unsubscribe_request') continue;
    if (isPlan && rule.class === 'meeting_request') continue;
    const matches = matchesOf(rule, text, starts);
    // Most rules find nothing, so exceptions are looked for last.
    if (matches.length === 0 || rule.unless?.test(full) === true) continue;
    for (const match of matches) {
      const { at, words } = match;
      const from = starts.findLast((start) => start <= at) ?? 0;
      const to = starts.find((start) => start >= at + words.length) ?? text.length;
      const before = text.slice(from, at);
      if (rule.class === 'out_of_office' && rules.places.test(words)) {
        const isThere = rules.present.test(`${before}${words}`) && !rules.meets.test(text.slice(from, to));
        if (!isThere) continue;
      }
      if (!rule.fixed && rules.doubt.test(before)) continue;
      const negator = rule.fixed ? undefined : negationOf(rules, before, text.slice(at + words.length, to));
      const said = negator === undefined ? rule.class : rule.negated;
      const meaning = said === 'unsubscribe_request' ? wishIn(full, text.slice(from, to), rules.language) : said;
      if (meaning === undefined || (refusals.has(meaning) && rules.formerly.test(text.slice(from, to)))) continue;
      found.push({
        class: meaning,
        language: rules.language,
        sentence: index,
        at,
        words: `${negator === undefined ? '' : `${negator} … `}${words.trim()}`.slice(0, wordsMax),
        isWeak: rule.isWeak,
        isNegated: negator !== undefined,
        isUrgent,
        isSoon,
        isForNow: rules.forNow.test(text.slice(from, to)),
      });
    }
  }
  if (isPlan) found.push(ofSentence('unknown', true));
  else if (namesDay && hour.test(text)) found.push(ofSentence('meeting_request', true));
  if (sentence.isQuestion || rules.asks?.test(text) === true) found.push(ofSentence('question', !sentence.isQuestion));
  return found;

  /** A finding without a rule. */
  function ofSentence(meaning: ReplyClass, isWeak: boolean): Finding {
    return {
      class: meaning,
      language: rules.language,
      sentence: index,
      at: 0,
      words: text.slice(0, wordsMax),
      isWeak,
      isNegated: false,
      isUrgent,
      isSoon,
      isForNow: false,
    };
  }
}

const limits = ['others', 'own', 'later', 'removal', 'contrary'] as const;
type Limits = Readonly<Record<(typeof limits)[number], RegExp>>;
const limitsOf = byLanguage(
  (language: Language) =>
    Object.fromEntries(limits.map((name) => [name, wordsPattern(language, optOutsOf[language][name])])) as Limits,
);

/** What an opt-out in a clause means; undefined if it is not the writer's own. @param sentence a question with its mark */
function wishIn(sentence: string, clause: string, language: Language): 'unsubscribe_request' | 'not_now' | undefined {
  const { others, own, later, removal, contrary } = limitsOf(language);
  if (contrary.test(sentence) || (others.test(sentence) && !own.test(sentence))) return undefined;
  return later.test(clause) && !removal.test(sentence) ? 'not_now' : 'unsubscribe_request';
}

/** Whether an opt-out in a sentence is not the writer's own. @param orLater also true for one until a later time */
export function isNoWish({ text, isQuestion }: Sentence, language: Language, orLater: boolean): boolean {
  const wish = wishIn(isQuestion ? `${text}?` : text, text, language);
  return wish === undefined || (orLater && wish === 'not_now');
}

interface Match {
  readonly words: string;
  readonly at: number;
}

/** How senders offer to opt out. Where a program lost the marks of a quotation, this is not a wish of the person who replies. */
const ownOffer =
  /\b(?:click|tap)(?: (?:here|below|on|the|this|link))+ (?:to )?(?:opt[- ]?out|unsubscribe)|\breply (?:with )?["'“„«]?(?:unsubscribe|stop|opt[- ]?out)["'”“»]? (?:and|to|if)|\bto (?:opt[- ]?out|unsubscribe),? (?:just |simply )?(?:click|reply|use|follow|visit)/;

/** Of one rule in one sentence. */
const matchesMax = 4;

/**
 * Where a rule is found in a sentence and, because of the rules that are about a start, in its clauses. "Yes" is no answer before "I will see", so
 * interest is not looked for in clauses.
 */
function matchesOf({ when, class: meaning }: CompiledRule, text: string, starts: readonly number[]): Match[] {
  const found: Match[] = [];
  when.lastIndex = 0;
  for (let match = when.exec(text); match !== null && found.length < matchesMax; match = when.exec(text)) {
    found.push({ words: match[0], at: match.index });
    if (match[0] === '') when.lastIndex += 1;
  }
  if (starts.length <= 1 || meaning === 'interested' || found.length > 0) return found;
  return starts.slice(0, 8).flatMap((start, index): Match[] => {
    const clause = text.slice(start, starts[index + 1] ?? text.length).replace(/[\s,;:()–—-]+$/u, '');
    when.lastIndex = 0;
    const match = when.exec(clause);
    return match === null ? [] : [{ words: match[0], at: start + match.index }];
  });
}

/** Where clauses start, the first of them at 0. */
function boundariesOf(text: string, boundary: RegExp): number[] {
  const starts = [0];
  boundary.lastIndex = 0;
  for (let match = boundary.exec(text); match !== null && starts.length < 20; match = boundary.exec(text)) {
    starts.push(match.index + match[0].length + (text[match.index + match[0].length] === ' ' ? 1 : 0));
    if (match[0] === '') boundary.lastIndex += 1;
  }
  return starts;
}

function negationOf(rules: Compiled, before: string, after: string): string | undefined {
  const near = before.trim().split(' ').slice(-reachBefore).join(' ');
  const found = rules.negators?.exec(near)?.[0];
  if (found !== undefined) return found.trim();
  return rules.negatorsAfter?.exec(after.trim().split(' ').slice(0, reachAfter).join(' '))?.[0].trim();
}
