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

/**
 * The text of a body. postal-mime decodes the charset, including the names that Node does not have, and flowed lines. It gets the body as
 * one line of base64, because each line takes it 6 µs.
 */
export async function textOfPart(part: Part): Promise<string> {
  const charset = /^[\w.:()+-]{1,60}$/.test(part.charset) ? part.charset : 'utf-8';
  const { flowed, delSp } = part.format;
  const { text = '' } = await PostalMime.parse(
    [
      `Content-Type: text/plain; charset="${charset}"${flowed ? `; format=flowed; delsp=${delSp ? 'yes' : 'no'}` : ''}`,
      'Content-Transfer-Encoding: base64',
      '',
      bytesOf(part).toString('base64'),
    ].join('\r\n'),
  );
  return text;
}
