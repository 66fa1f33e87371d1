import { cut } from '../../base/cut.ts';

/** One group of fields, by name in lower case: unfolded, the first of each name. */
export type Fields = ReadonlyMap<string, string>;

const valueCharactersMax = 2_000;
const groupsMax = 200;

/** The groups of fields in a text; blank lines separate them. At most 200. */
export function groupsOf(text: string): Fields[] {
  const groups: Map<string, string>[] = [];
  let fields: Map<string, string> | undefined;
  let name = '';
  for (const line of text.split('\n')) {
    if (line.trim() === '') {
      fields = undefined;
      continue;
    }
    if (fields === undefined) {
      if (groups.length === groupsMax) break;
      groups.push((fields = new Map<string, string>()));
    }
    const colon = line.search(/[:\s]/);
    // A continued answer, such as "550 5.1.1 second line", may begin at the margin.
    if (/^[ \t]/.test(line) || line[colon] !== ':') {
      const value = fields.get(name);
      if (value !== undefined && value.length < valueCharactersMax) fields.set(name, `${value} ${line.trim()}`);
      continue;
    }
    const field = line.slice(0, colon).toLowerCase();
    const isNew = field !== '' && !fields.has(field);
    name = isNew ? field : '';
    if (isNew) fields.set(field, line.slice(colon + 1).trim());
  }
  return groups.map((group) => new Map([...group].map(([key, value]) => [key, cut(value, valueCharactersMax)])));
}

/** RFC 3464 §2.1.2: `type; value`. */
export function typedValue(field: string | undefined): { readonly type: string; readonly value: string } {
  const [, type = '', value = ''] = /^\s*([a-z0-9!_-]+)\s*;\s*(.*)$/is.exec(field ?? '') ?? ['', '', field ?? ''];
  return { type: type.toLowerCase(), value: value.trim() };
}

/** The address in a field, decoded: `utf-8` (RFC 6533 §3), or xtext (RFC 3461 §4) where only that gives an address. */
export function addressOf(field: string | undefined): string | undefined {
  const { type, value } = typedValue(field);
  const bare = (/<([^<>]*)>/.exec(value)?.[1] ?? value).trim().replace(/^@[^:\s]*:/, '');
  const decoded =
    type === 'utf-8'
      ? bare.replaceAll(/\\x\{([0-9a-f]{1,6})\}/gi, (escape, hex: string) => characterOf(hex) ?? escape)
      : bare.includes('@')
        ? bare
        : bare.replaceAll(/\+([0-9A-F]{2})/g, (escape, hex: string) => characterOf(hex) ?? escape);
  return isAddress(decoded) ? decoded.toWellFormed() : undefined;
}

function characterOf(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  return code > 0x1f && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

export const isAddress = (text: string): boolean => text.length <= 320 && /^[^\s@<>"|/]+@[^\s@<>]+$/.test(text);

/** All addresses in a text, in order, each once. The lookbehinds keep the time linear: a run is tried from its first character only. */
export const addressesIn = (text: string): string[] => [
  ...new Set(
    (text.match(/(?<![^\s@<>,;:"()[\]])[^\s@<>,;:"()[\]]+@[^\s@<>,;:"()[\]]+/g) ?? [])
      .map((address) => address.replace(/(?<![.'`])[.'`]+$/, '').replace(/^['`]+/, ''))
      .filter((address) => isAddress(address)),
  ),
];
