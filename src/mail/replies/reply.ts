/** What a reply means. Definitions: docs/mail-truth.md. */
export const replyClasses = [
  'interested',
  'meeting_request',
  'question',
  'not_now',
  'not_interested',
  'wrong_person',
  'left_company',
  'unsubscribe_request',
  'out_of_office',
  'auto_reply',
  'hostile',
  'unknown',
] as const;
export type ReplyClass = (typeof replyClasses)[number];

/** The languages that have rules, as ISO 639-1. */
export const languages = ['en', 'de', 'fr', 'es', 'pt', 'it', 'nl', 'ja'] as const;
export type Language = (typeof languages)[number];

/** Somebody whom a reply names in place of its sender: the responsible person, a successor, a stand-in. */
export interface Referral {
  readonly email: string | null;
  readonly name: string | null;
}

/** What was read of a reply. */
export interface Reading {
  /** What the person wrote: without quotation, sign-off, signature and disclaimer. Empty if there is nothing else. */
  readonly text: string;
  readonly classification: ReplyClass;
  /** 0 to 1. `unknown` has the confidence of the class that was not certain enough. */
  readonly confidence: number;
  /** What led to the class, the most important first, as `layer: what was found`. */
  readonly reasons: readonly string[];
  /** Whether a program sent it, by its headers, its subject or its wording. */
  readonly automatic: boolean;
  /** The first day back (`YYYY-MM-DD`) of an absence, if the reply names it; of `not_now`, the day to ask again. */
  readonly return_date: string | null;
  /** Null if it is none of those with rules, or cannot be decided. */
  readonly language: Language | null;
  /** Of `wrong_person`, `left_company` and absences. */
  readonly referral: Referral | null;
}
