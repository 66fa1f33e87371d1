import PostalMime from 'postal-mime';
import type { Part } from './outline.ts';

/** The bytes of a body. Never throws: what is not well-formed is left out or kept as it is. */
export function bytesOf({ encoding, body }: Pick<Part, 'encoding' | 'body'>): Buffer {
  if (encoding === 'none') return body;
  const text = body.toString('latin1');
  if (encoding === 'base64') return Buffer.from(text, 'base64');
  const decoded = text
    .replaceAll(/=\r?\n/g, '')
    .replaceAll(/=([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(decoded, 'latin1');
}

/** Charsets of most messages, which need nothing else. */
const nativeCharsets: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['iso-8859-1', 'windows-1252'],
  ['windows-1252', 'windows-1252'],
]);

/** What is not well-formed becomes U+FFFD, unless nothing is: then UTF-8 is the wrong name of a text in Windows-1252. */
function decoded(bytes: Buffer, charset: string): string {
  const text = new TextDecoder(charset).decode(bytes);
  const isMisnamed = text.includes('\ufffd') && !/[\u0080-\ufffc]/.test(text);
  return isMisnamed ? new TextDecoder('windows-1252').decode(bytes) : text;
}

/**
 * The text of a body. postal-mime decodes the charset, including the names that Node does not have. It gets the body as one line of
 * base64, because each line takes it 6 µs. Flowed lines are joined here: it joins a quoted line with an answer below it.
 */
export async function textOfPart(part: Part): Promise<string> {
  const native = part.format.flowed ? undefined : nativeCharsets.get(part.charset.toLowerCase());
  if (native !== undefined) return decoded(bytesOf(part), native);
  const charset = /^[\w.:()+-]{1,60}$/.test(part.charset) ? part.charset : 'utf-8';
  const { flowed, delSp } = part.format;
  const { text = '' } = await PostalMime.parse(
    [
      `Content-Type: text/plain; charset="${charset}"`,
      'Content-Transfer-Encoding: base64',
      '',
      bytesOf(part).toString('base64'),
    ].join('\r\n'),
  );
  return flowed ? unflowed(text, delSp) : text;
}

/** Joins lines that end with a space with the next one of the same depth of quotation (RFC 3676 §4.5). A signature's `-- ` ends. */
function unflowed(text: string, delSp: boolean): string {
  const lines: string[] = [];
  let open: { depth: number; text: string } | undefined;
  for (const line of text.split(/\r?\n/)) {
    const depth = /^>*/.exec(line)?.[0].length ?? 0;
    const content = line.slice(depth).replace(/^ /, '');
    const isOpen = content.endsWith(' ') && content !== '-- ';
    const continued = open?.depth === depth && content !== '-- ' ? `${open.text}${content}` : content;
    if (open !== undefined && continued === content) lines.push(quoted(open.depth, open.text));
    open = isOpen ? { depth, text: delSp ? continued.slice(0, -1) : continued } : undefined;
    if (!isOpen) lines.push(quoted(depth, continued));
  }
  if (open !== undefined) lines.push(quoted(open.depth, open.text));
  return lines.join('\n');
}

const quoted = (depth: number, text: string): string => (depth === 0 ? text : `${'>'.repeat(depth)} ${text}`);
