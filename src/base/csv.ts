/** Comma-separated values, as RFC 4180 writes them, and what their cells contain. */

/**
 * Text that a spreadsheet would evaluate as a formula, also behind apostrophes: `guarded` adds one to these, too, so that `unguarded`
 * restores every text. Spreadsheets of some languages also evaluate the full-width forms (OWASP, CSV Injection).
 */
const formula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const guarded = (text: string): string => (formula.test(text) ? `'${text}` : text);

/** A cell of a file without the apostrophe that keeps a spreadsheet from evaluating it. */
export const unguarded = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell);

/** A cell. Text that a spreadsheet would evaluate as a formula gets a leading apostrophe. */
function cellOf(value: string | number | null): string {
  const text = typeof value === 'string' ? guarded(value) : String(value ?? '');
  // Readers remove spaces at the ends of a cell without quotes.
  return /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/**
 * A line, with its end.
 * @example
 * csvRow(['Ada, Countess', '=1+1', null]); // "Ada, Countess",'=1+1,\r\n
 */
export const csvRow = (cells: readonly (string | number | null)[]): string => `${cells.map(cellOf).join(',')}\r\n`;

/**
 * The content of a cell with several texts. A text with `,`, `;` or `|` is in quotes, and quotes inside it are doubled.
 * @example
 * listCell(['vip', 'a,b']); // vip, "a,b"
 */
export const listCell = (texts: readonly string[]): string =>
  texts.map((text) => (/^"|[,;|]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)).join(', ');

const listed = /(?:[,;|]|^)\s*(?:"((?:[^"]|"")*)"\s*(?=[,;|]|$)|([^,;|]*))/g;

/** The texts of a cell, which are separated by `,`, `;` or `|`; the reverse of `listCell`. */
export const textsOf = (cell: string): string[] =>
  [...cell.matchAll(listed)].flatMap(([, quoted, plain = '']) => (quoted?.replaceAll('""', '"') ?? plain).trim() || []);
