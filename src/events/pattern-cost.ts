/** At most `factor × length ** degree` steps of a backtracking engine for a string of that length. */
export interface PatternCost {
  readonly factor: number;
  readonly degree: number;
}

const unpredictable: PatternCost = { factor: Infinity, degree: 1 };

/** Escapes that stand for one character, and classes. Back references (`\1`, `\k`) are not among them. */
const single = /\\(?:[pP]\{[^}]*\}|u\{[^}]*\}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|[^\d\w]|[dDwWsSbBfnrtv0])|\[(?:\\.|[^\]\\])*\]/gsu;

/**
 * Bounds what a regular expression costs at worst, from its text. Without repeated groups the ways to match multiply only over its
 * choices (`|`, `?`, `{2,5}`: a factor each) and its open repetitions (`*`, `+`, `{2,}`: the string's length each); one that need not
 * begin at the start is tried from every place. Each way may take as many steps as the expression has characters to match. Repeated
 * groups, look-around and back references are not bounded here.
 */
export function patternCost(pattern: string): PatternCost {
  const plain = pattern.replaceAll(single, 'a').replaceAll('(?:', '(');
  if (/\\|\(\?|\)(?:[*+]|\{)/.test(plain)) return unpredictable;
  let characters = plain.length;
  let ways = 1;
  let degree = plain.startsWith('^') ? 0 : 1;
  let depth = 0;
  for (const [token] of plain.matchAll(/\{\d+(?:,\d*)?\}|[()|?*+]/g)) {
    if (token === '(') depth += 1;
    else if (token === ')') depth -= 1;
    else if (token === '*' || token === '+') degree += 1;
    else if (token === '?' || token === '|') ways *= 2;
    else {
      const [least = 0, most = least] = token.slice(1, -1).split(',').map(Number);
      characters += Math.max(least, most);
      if (token.endsWith(',}')) degree += 1;
      else ways *= most - least + 1;
    }
    // Only the first alternative begins with the `^`.
    if (token === '|' && depth === 0 && plain.startsWith('^')) degree += 1;
  }
  // A single way is one walk along the string.
  return { factor: ways === 1 && degree === 0 ? 1 : ways * characters, degree: Math.max(degree, 1) };
}
