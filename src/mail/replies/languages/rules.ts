import type { Language, ReplyClass } from '../reply.ts';

/**
 * Rules of one language. Texts are sources of regular expressions over folded text: lower case, without accents (`ß` is `ss`), `'` as the only
 * apostrophe, words separated by one space. `…` stands for at most 40 characters of the same sentence. All match whole words, except in
 * Japanese, which has no spaces.
 */
export interface LanguageRules {
  readonly language: Language;
  /** Frequent words that few other languages have, to recognize the language. */
  readonly words: string;
  /** Negate what follows them in their clause. */
  readonly negators: string;
  /** Negate what precedes them in their clause. */
  readonly negatorsAfter?: string;
  /** Start a new clause, which an earlier negation does not reach. A comma does as well. */
  readonly contrast: string;
  /** What follows in the clause is not asserted: "not sure whether", "if you are". */
  readonly doubt: string;
  /** A refusal with one of these is one for now. */
  readonly forNow: string;
  /** A refusal in a clause with one of these is one of the past: "at first". */
  readonly formerly: string;
  /** Sentences with one of these are about emergencies during an absence. */
  readonly urgent: string;
  /** Starts of a question without a question mark. */
  readonly asks?: string;
  /**
   * Places with many people. A reply that names one is about an absence only if its writer is there (`present`, before the place in its clause),
   * and not if the writer meets the reader there (`meets`).
   */
  readonly occasions: { readonly places: string; readonly present: string; readonly meets: string };
  /** The writer will deal with a message alone (`when`): a time in the sentence proposes no meeting, unless it has words of one. */
  readonly plans: { readonly when: string; readonly unless: string };
  /** In front of the first day back: "returning on". */
  readonly back: string;
  /** In front of the last day of an absence, or of the first day back where a language does not distinguish them: "until". */
  readonly until: string;
  /** Behind or within `until`: the named day belongs to the absence. */
  readonly inclusive: string;
  /** Whether the day behind `until` belongs to the absence if nothing says so. */
  readonly untilIsInclusive: boolean;
  /** Twelve sources, January first. */
  readonly months: readonly string[];
  /** Seven sources, Monday first. */
  readonly weekdays: readonly string[];
  readonly tomorrow: string;
  /** The day after tomorrow. */
  readonly afterTomorrow: string;
  readonly nextWeek: string;
  /** "next" in front of a weekday. */
  readonly next: string;
  readonly rules: readonly Rule[];
}

/** What decides, besides the rules, whether a sentence asks for no more mail. A question is read with its mark. */
export interface OptOuts {
  /** Opt-outs of others, or what happens to data and contracts: "our recipients", "too many unsubscribes", "are the data deleted?" */
  readonly others: readonly string[];
  /** The writer's own: a wish even beside `others`. */
  readonly own: readonly string[];
  /** A time until which nothing is to be sent makes it a refusal for now… */
  readonly later: readonly string[];
  /** …unless the writer wants to be removed. */
  readonly removal: readonly string[];
  /** The contrary: "do not stop", a complaint that something did not arrive, somebody else to write to. */
  readonly contrary: readonly string[];
  readonly rules: readonly Rule[];
}

export interface Rule {
  readonly class: ReplyClass;
  /** One of these must be found. */
  readonly when: readonly string[];
  /** And none of these in the same sentence. */
  readonly unless?: readonly string[];
  /** What it means behind a negation; nothing by default. */
  readonly negated?: ReplyClass;
  /** Found whether or not it is negated: the words contain their own negation. */
  readonly fixed?: true;
  /** A statement that a request in the same reply outweighs: "we already have one". */
  readonly weak?: true;
}
