/** Comma-separated values, as RFC 4180 writes them. */

/** A cell. Text that a spreadsheet would evaluate as a formula gets a leading apostrophe. */
function cellOf(value: string | number | null): string {
  const text = String(value ?? '');
  const plain = typeof value === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/**
 * A line, with its end.
 * @example
 * csvRow(['Ada, Countess', '=1+1', null]); // "Ada, Countess",'=1+1,\r\n
 */
export const csvRow = (cells: readonly (string | number | null)[]): string => `${cells.map(cellOf).join(',')}\r\n`;
