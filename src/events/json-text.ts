/**
 * Finds values inside JSON text without parsing them, so that what a caller published can be kept byte for byte: numbers that no double
 * holds, repeated keys and the order of keys all reach the receiver. The text must be valid JSON: it was parsed before.
 */

const quote = 0x22;
const backslash = 0x5c;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** @param from the opening quote. @returns the place behind the closing one. */
function skipString(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at + 1;
    // Not valid JSON: better to stop than to run on.
    else if (Number.isNaN(code)) return at;
  }
}

/** @returns the place behind the value that begins at `from`. */
function skipValue(text: string, from: number): number {
  const first = text.charCodeAt(from);
  if (first === quote) return skipString(text, from);
  let depth = 0;
  for (let at = from; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote:
        at = skipString(text, at) - 1;
        break;
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth -= 1;
        // The bracket that closes what the value stands in ends a bare number, true, false or null.
        if (depth <= 0) return depth < 0 ? at : at + 1;
        break;
      case 0x2c: // ,
      case 0x20:
      case 0x0a:
      case 0x0d:
      case 0x09:
        if (depth === 0) return at;
        break;
    }
  }
  return text.length;
}

/** The text of an object's member, the last one if there are several, as JSON.parse has it; undefined when there is none. */
export function memberText(text: string, name: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (text.charCodeAt(at) === quote) {
    const keyEnd = skipString(text, at);
    const begin = skipSpace(text, skipSpace(text, keyEnd) + 1);
    const end = skipValue(text, begin);
    const key = text.slice(at + 1, keyEnd - 1);
    if (key === name || (key.includes('\\') && JSON.parse(text.slice(at, keyEnd)) === name)) found = text.slice(begin, end);
    at = skipSpace(text, end);
    if (text.charCodeAt(at) !== 0x2c) break;
    at = skipSpace(text, at + 1);
  }
  return found;
}

/** The texts of an array's items. */
export function itemTexts(text: string): string[] {
  const items: string[] = [];
  let at = skipSpace(text, skipSpace(text, 0) + 1);
  while (at < text.length && text.charCodeAt(at) !== 0x5d) {
    const end = skipValue(text, at);
    items.push(text.slice(at, end));
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return items;
}
