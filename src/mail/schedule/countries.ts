/** Codes and names in English, as `Intl` has them, in lower case. */
let byName: ReadonlyMap<string, string> | undefined;

function names(): ReadonlyMap<string, string> {
  if (byName !== undefined) return byName;
  const english = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });
  const found = new Map<string, string>();
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ'.split('');
  for (const code of letters.flatMap((first) => letters.map((second) => first + second))) {
    const name = english.of(code);
    if (name === undefined) continue;
    // A former code, such as DD, has the name of the current one.
    const current = new Intl.Locale(`und-${code}`).region ?? code;
    found.set(code.toLowerCase(), current).set(name.toLowerCase(), current);
  }
  for (const [name, code] of aliases) found.set(name, code);
  byName = found;
  return found;
}

const aliases = [
  ['usa', 'US'],
  ['united states of america', 'US'],
  ['uk', 'GB'],
  ['great britain', 'GB'],
  ['england', 'GB'],
  ['the netherlands', 'NL'],
  ['czech republic', 'CZ'],
  ['turkey', 'TR'],
] as const;

/**
 * The ISO 3166 code of a country that people wrote as a code or as its name in English; undefined if it is neither.
 * @example
 * countryCodeOf('norway'); // 'NO'
 */
export const countryCodeOf = (written: string): string | undefined => names().get(written.trim().toLowerCase());
