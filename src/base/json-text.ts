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

/** Where the value begins: after a byte order mark, if there is one. */
const beginOf = (text: string): number => skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);

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

/** A member of an object, as it is written. */
export interface Member {
  readonly name: string;
  /** With its quotes and escapes. */
  readonly nameText: string;
  readonly value: string;
}

/** Calls `visit` with the places of each member of an object: of its name with quotes, and of its value. */
function eachMember(text: string, visit: (nameFrom: number, nameTo: number, from: number, to: number) => void): void {
  let at = beginOf(text);
  if (text.charCodeAt(at) !== 0x7b) return;
  at = skipSpace(text, at + 1);
  while (text.charCodeAt(at) === quote) {
    const nameTo = skipString(text, at);
    const from = skipSpace(text, skipSpace(text, nameTo) + 1);
    const to = skipValue(text, from);
    visit(at, nameTo, from, to);
    at = skipSpace(text, to);
    if (text.charCodeAt(at) !== 0x2c) break;
    at = skipSpace(text, at + 1);
  }
}

/** The members of an object in their order, repeated names included; none of what is no object. */
export function membersOf(text: string): Member[] {
  const members: Member[] = [];
  eachMember(text, (nameFrom, nameTo, from, to) => {
    const nameText = text.slice(nameFrom, nameTo);
    members.push({ name: nameOf(nameText), nameText, value: text.slice(from, to) });
  });
  return members;
}

const nameOf = (nameText: string): string =>
  nameText.includes('\\') ? (JSON.parse(nameText) as string) : nameText.slice(1, -1);

/** The text of an object's member, the last one if there are several, as JSON.parse has it; undefined when there is none. */
export function memberText(text: string, name: string): string | undefined {
  let place: readonly [from: number, to: number] | undefined;
  eachMember(text, (nameFrom, nameTo, from, to) => {
    if (nameOf(text.slice(nameFrom, nameTo)) === name) place = [from, to];
  });
  return place === undefined ? undefined : text.slice(...place);
}

/** An object with these members. */
export const objectText = (members: readonly Pick<Member, 'nameText' | 'value'>[]): string =>
  `{${members.map(({ nameText, value }) => `${nameText}:${value}`).join(',')}}`;

/** The texts of an array's items. */
export function itemTexts(text: string): string[] {
  const items: string[] = [];
  let at = skipSpace(text, beginOf(text) + 1);
  while (at < text.length && text.charCodeAt(at) !== 0x5d) {
    const end = skipValue(text, at);
    items.push(text.slice(at, end));
    at = skipSpace(text, skipSpace(text, end) + 1);
  }
  return items;
}

// Numbers -------------------------------------------------------------------------------------------

/** A number's digits without zeros around them, and the power of ten that they count. */
function decimal(text: string): string {
  const [mantissa = '', power = '0'] = text.toLowerCase().split('e');
  const negative = mantissa.startsWith('-');
  const [whole = '', fraction = ''] = mantissa.slice(negative ? 1 : 0).split('.');
  const digits = whole + fraction;
  let begin = 0;
  let end = digits.length;
  while (digits.charCodeAt(begin) === 0x30) begin += 1;
  while (end > begin && digits.charCodeAt(end - 1) === 0x30) end -= 1;
  return begin === end
    ? '0'
    : `${negative ? '-' : ''}${digits.slice(begin, end)}e${Number(power) - fraction.length + digits.length - end}`;
}

/** Whether a number, once parsed and written again, is the same number: 9007199254740993 is not. */
export function isExact(number: string): boolean {
  const value = String(Number(number));
  return value === number || (value !== 'Infinity' && value !== '-Infinity' && decimal(value) === decimal(number));
}

/** Fewer digits than that, without an exponent, are always held exactly. */
const mayBeInexact = /\d[\d.]{15}|\de[+-]?\d/i;

/**
 * The first number that parsing changes, by its path as `contacts.0.custom_fields.id`. What would be stored is another number.
 * @param verbatim names of members that are kept as they are written, so that numbers in them may be anything.
 */
export const inexactNumber = (text: string, verbatim: readonly string[] = []): string | undefined =>
  mayBeInexact.test(text)
    ? pathTo(text, { isFault: (value) => /^[-\d]/.test(value) && !isExact(value), verbatim })
    : undefined;

/** The first member whose name its object already has, by its path. Parsing keeps only the last one; another parser may keep the first. */
export const repeatedMember = (text: string): string | undefined => pathTo(text, { uniqueNames: true });

interface Search {
  /** Of a value that is no object and no array, by its text. */
  readonly isFault?: (value: string) => boolean;
  readonly uniqueNames?: boolean;
  /** Names of members that are skipped. */
  readonly verbatim?: readonly string[];
}

/** The path to the first place that a search is for; empty for the value itself. Recursive: the text must not be nested too deep. */
function pathTo(text: string, { isFault, uniqueNames = false, verbatim = [] }: Search): string | undefined {
  let at = beginOf(text);

  function inValue(): string | undefined {
    at = skipSpace(text, at);
    const first = text.charCodeAt(at);
    if (first === 0x7b) return inObject();
    if (first === 0x5b) return inArray();
    const begin = at;
    at = skipValue(text, at);
    return isFault?.(text.slice(begin, at)) === true ? '' : undefined;
  }
  /** @returns whether another one follows. */
  function toNext(): boolean {
    at = skipSpace(text, at) + 1;
    return text.charCodeAt(at - 1) === 0x2c;
  }
  function inObject(): string | undefined {
    at = skipSpace(text, at + 1);
    if (text.charCodeAt(at) !== quote) return void toNext();
    const names = uniqueNames ? new Set<string>() : undefined;
    do {
      at = skipSpace(text, at);
      const keyEnd = skipString(text, at);
      const name = nameOf(text.slice(at, keyEnd));
      if (names?.has(name) === true) return name;
      names?.add(name);
      at = skipSpace(text, skipSpace(text, keyEnd) + 1);
      if (verbatim.includes(name)) at = skipValue(text, at);
      else {
        const found = inValue();
        if (found !== undefined) return found === '' ? name : `${name}.${found}`;
      }
    } while (toNext());
    return undefined;
  }
  function inArray(): string | undefined {
    at = skipSpace(text, at + 1);
    if (text.charCodeAt(at) === 0x5d) return void toNext();
    let index = 0;
    do {
      const found = inValue();
      if (found !== undefined) return found === '' ? String(index) : `${index}.${found}`;
      index += 1;
    } while (toNext());
    return undefined;
  }
  return inValue();
}

/** ECMAScript 2026, which Node 24 has and TypeScript's library does not declare yet. */
const exactJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};

/** As JSON.parse, but a number that would be written in another way becomes an object that JSON.stringify writes as it was. */
export const parseExact = (text: string): unknown =>
  exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
  );

/** The text of a number from `parseExact`; undefined of anything else. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return exactJson.isRawJSON(value) ? value.rawJSON : undefined;
}
