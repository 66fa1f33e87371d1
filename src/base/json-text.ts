/**
 * Finds values in JSON text without parsing them, so that published data is kept byte for byte: numbers that a double cannot represent,
 * repeated keys and the order of keys all reach the receiver. The text must be valid JSON, which the caller has checked by parsing it.
 *
 * @example
 * memberText('{"event": "order.paid", "data": {"total": 1.50}}', 'data') // '{"total": 1.50}'
 */

const quote = 0x22;
const backslash = 0x5c;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at += 1;
  return at;
}

/** Where the value begins, after an optional byte order mark. */
const beginOf = (text: string): number => skipSpace(text, text.charCodeAt(0) === 0xfeff ? 1 : 0);

/** @param from the opening quote. @returns the position after the closing one. */
function skipString(text: string, from: number): number {
  for (let at = from + 1; ; at += 1) {
    const code = text.charCodeAt(at);
    if (code === backslash) at += 1;
    else if (code === quote) return at + 1;
    // The end of the text: it is not valid JSON.
    else if (Number.isNaN(code)) return at;
  }
}

/** @returns the position after the value that begins at `from`. */
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
        // The closing bracket of the enclosing array or object ends a number, true, false or null.
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

/** A member of an object, as written. */
export interface Member {
  readonly name: string;
  /** With its quotes and escapes. */
  readonly nameText: string;
  readonly value: string;
}

/** Calls `visit` with the positions of each member of an object: those of its name with quotes, and of its value. */
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

/** Returns the members of an object in order, repeated names included; none if the text is not an object. */
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

/** Returns the text of an object's member; of repeated names the last, as JSON.parse does; undefined without such a member. */
export function memberText(text: string, name: string): string | undefined {
  let place: readonly [from: number, to: number] | undefined;
  eachMember(text, (nameFrom, nameTo, from, to) => {
    if (nameOf(text.slice(nameFrom, nameTo)) === name) place = [from, to];
  });
  return place === undefined ? undefined : text.slice(...place);
}

/** Builds the text of an object with these members. */
export const objectText = (members: readonly Pick<Member, 'nameText' | 'value'>[]): string =>
  `{${members.map(({ nameText, value }) => `${nameText}:${value}`).join(',')}}`;

/** Returns the texts of an array's items. */
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

/** Normalizes a number: its digits without leading and trailing zeros, and the power of ten they count. */
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

/** Whether a number stays the same when it is parsed and written again: 9007199254740993 does not. */
export function isExact(number: string): boolean {
  const value = String(Number(number));
  return value === number || (value !== 'Infinity' && value !== '-Infinity' && decimal(value) === decimal(number));
}

/** Numbers with fewer digits and without an exponent are always exact. */
const mayBeInexact = /\d[\d.]{15}|\de[+-]?\d/i;

/**
 * Finds the first number that parsing would change, so that another number would be stored.
 * @param verbatim names of members that are stored as written, so any number in them is allowed.
 * @returns its path, such as `contacts.0.custom_fields.id`.
 */
export const inexactNumber = (text: string, verbatim: readonly string[] = []): string | undefined =>
  mayBeInexact.test(text)
    ? pathTo(text, { isFault: (value) => /^[-\d]/.test(value) && !isExact(value), verbatim })
    : undefined;

/** Finds the first repeated member name of an object. JSON.parse keeps the last one; another parser may keep the first. @returns its path. */
export const repeatedMember = (text: string): string | undefined => pathTo(text, { uniqueNames: true });

interface Search {
  /** Tests the text of a value that is neither an object nor an array. */
  readonly isFault?: (value: string) => boolean;
  readonly uniqueNames?: boolean;
  /** Names of members to skip. */
  readonly verbatim?: readonly string[];
}

/** @returns the path to the first match; empty for the value itself. Recursive, so the text must not be nested too deeply. */
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
  /** @returns whether another member or item follows. */
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

/** ECMAScript 2026: Node 24 supports it, TypeScript's library does not declare it yet. */
const exactJson = JSON as unknown as {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { readonly source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): object;
  isRawJSON(value: unknown): value is { readonly rawJSON: string };
};

/** As JSON.parse, but a number that would be written differently becomes an object that JSON.stringify writes unchanged. */
export const parseExact = (text: string): unknown =>
  exactJson.parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && String(value) !== source ? exactJson.rawJSON(source) : value,
  );

/** Returns the text of a number from `parseExact`; undefined for anything else. */
export function numberText(value: unknown): string | undefined {
  if (typeof value === 'number') return String(value);
  return exactJson.isRawJSON(value) ? value.rawJSON : undefined;
}
