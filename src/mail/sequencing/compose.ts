import { escapeHtml } from '../../base/html.ts';
import type { StoredContent } from '../sending/index.ts';

/** What of a text the template engine has read. */
export interface TextEngine<Compiled> {
  compile(source: {
    readonly subject: string | null;
    readonly body: string;
    readonly format: 'text' | 'html';
  }): Compiled;
  render(compiled: Compiled, values: TextValues, seed: Buffer): Rendered;
  variablesOf(compiled: Compiled): readonly { readonly name: string }[];
  /** The variant of a lead; null: all are disabled. */
  pickVariant(
    variants: readonly { readonly id: string; readonly weight: number; readonly enabled: boolean }[],
    seed: Buffer,
  ): string | null;
}

export type Rendered =
  | { readonly subject: string; readonly text: string; readonly html: string | null }
  | { readonly missing: readonly string[] }
  | { readonly error: string };

type Value = string | number | boolean | null;

/** What a text can name. */
export interface TextValues {
  readonly contact: Readonly<Record<string, Value>>;
  readonly custom: Readonly<Record<string, Value>>;
  readonly sender: Readonly<Record<string, Value>>;
  readonly campaign: Readonly<Record<string, Value>>;
  readonly unsubscribe_url: string;
  /** Names the lead in a booking link. */
  readonly lead_token: string;
}

/** A step with its texts. */
export interface StepText {
  readonly subject: string | null;
  readonly body: string;
  readonly format: 'text' | 'html';
  readonly variants: readonly {
    readonly id: string;
    readonly subject: string | null;
    readonly body: string | null;
    readonly weight: number;
    readonly enabled: boolean;
  }[];
}

/** A message that the lead has received, as its recipient has it. */
export interface Earlier {
  readonly messageId: string;
  readonly subject: string;
  /** From another mailbox, before the lead was reassigned. */
  readonly isForeign?: boolean;
}

/** The links of the message: see `tracking`. */
export interface ComposedLinks {
  readonly unsubscribeUrl: string | null;
  readonly headers: Readonly<Record<string, string>>;
  rewrite(html: string): { readonly html: string; readonly links: readonly string[] };
}

export interface ComposeInput {
  readonly step: StepText;
  readonly values: Omit<TextValues, 'unsubscribe_url'>;
  readonly unsubscribe: 'header' | 'body' | 'both';
  readonly links: ComposedLinks;
  /** Messages of the lead that a server accepted, the oldest first. */
  readonly earlier: readonly Earlier[];
  /** Of lead and step: the same seed gives the same message. */
  readonly seed: Buffer;
}

/** A message that can be stored. */
export interface Composed {
  readonly kind: 'message';
  readonly content: StoredContent;
  readonly inReplyTo: string | undefined;
  readonly variant: string | null;
  /** Where its tracked links lead to, in the order of their numbers. */
  readonly urls: readonly string[];
}

/** Why a message cannot be made. */
export interface Refused {
  readonly kind: 'refused';
  readonly reason: 'missing_variable' | 'template_error';
  readonly detail: string;
  /** The variables without a value. */
  readonly missing?: readonly string[];
}

/** The longest HTML body: Gmail shows only the first 102 KB. */
export const htmlBytesMax = 100 * 1024;

/**
 * Makes the message of a step: the one function that the preview and the claim call. Pure: the same input gives the same message.
 * @example
 * const message = compose(engine, { step, values, unsubscribe: 'header', links, earlier, seed });
 */
export function compose<Compiled>(engine: TextEngine<Compiled>, input: ComposeInput): Composed | Refused {
  const { step, values, unsubscribe, links, earlier, seed } = input;
  const variant = step.variants.length === 0 ? null : engine.pickVariant(step.variants, seed);
  const chosen = step.variants.find(({ id }) => id === variant);
  const compiled = engine.compile({
    subject: chosen?.subject ?? step.subject,
    body: chosen?.body ?? step.body,
    format: step.format,
  });
  const rendered = engine.render(compiled, { ...values, unsubscribe_url: links.unsubscribeUrl ?? '' }, seed);
  if ('missing' in rendered) {
    const { missing } = rendered;
    return { ...refuse('missing_variable', `No value for ${missing.join(', ')}, and no default.`), missing };
  }
  if ('error' in rendered) return refuse('template_error', rendered.error);
  const thread = threadOf(rendered.subject, earlier);
  if (thread.subject === '') return refuse('template_error', 'The subject is empty, and there is no earlier message.');
  if (hasLineBreak(thread.subject)) return refuse('template_error', 'The subject has a line break.');
  const names = new Set(engine.variablesOf(compiled).map(({ name }) => name));
  const withFooter =
    unsubscribe === 'header' || names.has('unsubscribe_url') || links.unsubscribeUrl === null
      ? rendered
      : footed(rendered, links.unsubscribeUrl);
  const tracked = withFooter.html === null ? undefined : links.rewrite(withFooter.html);
  const html = tracked?.html ?? null;
  if (html !== null && Buffer.byteLength(html) > htmlBytesMax)
    return refuse('template_error', `The HTML body has more than ${htmlBytesMax / 1024} KB.`);
  if (withFooter.text.trim() === '' && (html ?? '').trim() === '')
    return refuse('template_error', 'The body is empty.');
  return {
    kind: 'message',
    content: {
      subject: thread.subject,
      text: withFooter.text,
      html,
      // Without a link in the body, the header is the only way to opt out.
      headers: unsubscribe === 'body' && links.unsubscribeUrl !== null ? {} : links.headers,
      ...(thread.references.length === 0 ? {} : { references: thread.references }),
    },
    inReplyTo: thread.references.at(-1),
    variant,
    urls: tracked?.links ?? [],
  };
}

const refuse = (reason: Refused['reason'], detail: string): Refused => ({ kind: 'refused', reason, detail });

const hasLineBreak = (subject: string): boolean => /[\r\n]/.test(subject);

/** A subject without the prefixes of answers. */
export const bareSubject = (subject: string): string =>
  subject
    .trim()
    .replace(/^(?:re\s*:\s*)+/i, '')
    .trim();

/**
 * The subject and the references of a message: it answers the last one if it has no subject of its own, or the same; otherwise it begins a
 * new thread, as it does from another mailbox than the last one.
 * @param earlier messages of the lead, the oldest first
 */
export function threadOf(
  subject: string,
  earlier: readonly Earlier[],
): { readonly subject: string; readonly references: readonly string[] } {
  const own = bareSubject(subject);
  const last = earlier.at(-1);
  const current = last === undefined ? undefined : bareSubject(last.subject);
  if (current === undefined || (own !== '' && own !== current)) return { subject: subject.trim(), references: [] };
  if (last?.isForeign === true) return { subject: current, references: [] };
  const begins =
    earlier.findLastIndex(({ isForeign, subject: its }) => isForeign === true || bareSubject(its) !== current) + 1;
  return { subject: `Re: ${current}`, references: earlier.slice(begins).map(({ messageId }) => messageId) };
}

type Bodies = Extract<Rendered, { readonly text: string }>;

/** The bodies with a line by which a recipient can opt out. */
function footed({ subject, text, html }: Bodies, url: string): Bodies {
  const written = text.trim() === '' && html !== null ? text : `${text.trimEnd()}\n\nUnsubscribe: ${url}\n`;
  if (html === null) return { subject, text: written, html };
  const at = html.search(/<\/(?:body|html)\b/i);
  const link = `<p><a href="${escapeHtml(url)}">Unsubscribe</a></p>`;
  return { subject, text: written, html: at === -1 ? html + link : html.slice(0, at) + link + html.slice(at) };
}
