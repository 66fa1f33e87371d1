import type { ReactNode } from 'react';

/** What a state means for a person, whatever the record: see "Status" in the design. */
export type Tone = 'ok' | 'pending' | 'held' | 'watch' | 'failed' | 'off' | 'unknown';

const disc = 'M6 0a6 6 0 1 1 0 12A6 6 0 0 1 6 0Z';
const shapes: Readonly<Record<Tone, string>> = {
  ok: `${disc}m2.6 3.6L5.2 7 3.6 5.4l-.9.9 2.5 2.5 4.3-4.3z`,
  pending: `${disc}m0 1.6a4.4 4.4 0 0 0 0 8.8z`,
  held: `${disc}M3.9 3.3v5.4h1.5V3.3zm2.7 0v5.4h1.5V3.3z`,
  watch: 'M6 .3 12 11.3H0zM5.3 4.3v3.3h1.4V4.3zm0 4.3v1.3h1.4V8.6z',
  failed: `${disc}m2.3 2.8L6 5.1 3.7 2.8l-.9.9L5.1 6 2.8 8.3l.9.9L6 6.9l2.3 2.3.9-.9L6.9 6l2.3-2.3z`,
  off: `${disc}m0 1.5a4.5 4.5 0 0 0-3.5 7.3l6.3-6.3A4.5 4.5 0 0 0 6 1.5Zm3.5 1.7L3.2 9.5a4.5 4.5 0 0 0 6.3-6.3Z`,
  unknown: `${disc}M4 4.7h1.3c0-.5.3-.8.7-.8s.7.3.7.7c0 .3-.1.5-.5.8-.6.4-.9.8-.9 1.6h1.3c0-.4.1-.6.6-.9.6-.5.9-.9.9-1.6C8.1 3.4 7.2 2.7 6 2.7s-2 .8-2 2Zm1.3 3v1.5h1.4V7.7z`,
};

/** The class of a tone: `watch` has the colors of `held` and a shape of its own. */
export const toneClass = (tone: Tone): string => (tone === 'watch' ? 'held' : tone);

/** The shape of a tone, where its word stands elsewhere. */
export function ToneShape({ tone }: { readonly tone: Tone }) {
  return (
    <svg viewBox="0 0 12 12" aria-hidden="true">
      <path fillRule="evenodd" d={shapes[tone]} />
    </svg>
  );
}

interface StatusProps {
  readonly tone: Tone;
  /** With a fill: as a headline, or in a list of mixed records. */
  readonly pill?: boolean;
  readonly title?: string;
  readonly children: ReactNode;
}

/** A state as word, color and shape. @example <Status tone="ok">Delivered</Status> */
export function Status({ tone, pill = false, title, children }: StatusProps) {
  return (
    <span className={`st ${toneClass(tone)}${pill ? ' pill' : ''}`} title={title}>
      <ToneShape tone={tone} />
      {children}
    </span>
  );
}

/** One attempt: `todo` is still to come. */
export type Tick = 'ok' | 'failed' | 'pending' | 'todo';

const tickWords: Readonly<Record<Tick, string>> = {
  ok: 'delivered',
  failed: 'failed',
  pending: 'in flight',
  todo: 'to come',
};

/** The history of a delivery in one glyph. */
export function Ticks({ attempts }: { readonly attempts: readonly Tick[] }) {
  return (
    <span className="ticks" role="img" aria-label={`attempts: ${attempts.map((each) => tickWords[each]).join(', ')}`}>
      {attempts.map((each, index) => (
        <i key={index} className={each} />
      ))}
    </span>
  );
}

/** The class of a reply, as the API names it, with its word and color. */
const replyClasses = new Map<string, readonly [word: string, style: string]>([
  ['interested', ['Interested', 'r-interested']],
  ['meeting_request', ['Meeting', 'r-meeting']],
  ['question', ['Question', 'r-question']],
  ['not_now', ['Not now', 'r-notnow']],
  ['out_of_office', ['Out of office', 'r-ooo']],
  ['not_interested', ['Not interested', 'r-notinterested']],
  ['wrong_person', ['Wrong person', 'r-wrong']],
  ['left_company', ['Left company', 'r-wrong']],
  ['unsubscribe_request', ['Unsubscribe', 'r-unsubscribe']],
  ['hostile', ['Hostile', 'r-notinterested']],
  ['auto_reply', ['Automatic', 'r-auto']],
  ['unknown', ['Unclear', 'r-unknown']],
]);

export const replyClassWord = (name: string): string =>
  replyClasses.get(name)?.[0] ?? name.replaceAll('_', ' ').replace(/^./, (letter) => letter.toUpperCase());

/** `children` replaces the word, as in "Back 9 Dec". */
export function ReplyClass({ name, children }: { readonly name: string; readonly children?: ReactNode }) {
  return (
    <span className={`st pill ${replyClasses.get(name)?.[1] ?? 'r-unknown'}`}>
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <path d="M1.5 1.5h9v6.8H5.8L3 11V8.3H1.5z" />
      </svg>
      {children ?? replyClassWord(name)}
    </span>
  );
}
