import type { Stage } from './transport.ts';

/** A reply of an SMTP server. */
export interface Reply {
  /** 0: what the server sent is not a reply. */
  readonly code: number;
  /** Without the code at the beginning of each line. */
  readonly text: string;
}

export function replyOf(response: string): Reply {
  const code = /^(\d{3})(?:[ \r\n-]|$)/.exec(response)?.[1];
  return code === undefined
    ? { code: 0, text: response }
    : { code: Number(code), text: response.replaceAll(/^\d{3}[ -]?/gm, '').trim() };
}

const stages: readonly (readonly [RegExp, Stage])[] = [
  [/^(?:EHLO|HELO)\b/, 'capabilities'],
  [/^STARTTLS\b/, 'tls'],
  [/^AUTH\b/, 'auth'],
  [/^MAIL FROM\b/, 'mail_from'],
  [/^RCPT TO\b/, 'rcpt_to'],
  [/^DATA\b/, 'data'],
];

/** The stage that a command begins; undefined for lines that belong to the stage before. */
export const stageOfCommand = (line: string): Stage | undefined => stages.find(([command]) => command.test(line))?.[1];

/** The extensions of an EHLO reply: their keywords in upper case, with their parameters. RFC 5321 §4.1.1.1 */
export function extensionsOf({ text }: Reply): Map<string, string> {
  const lines = text.split(/\r?\n/).slice(1);
  return new Map(
    lines.map((line) => {
      // "AUTH=PLAIN" is an old spelling of "AUTH PLAIN".
      const [, keyword = '', parameters = ''] = /^([^\s=]*)[\s=]*(.*)$/.exec(line) ?? [];
      return [keyword.toUpperCase(), parameters];
    }),
  );
}
