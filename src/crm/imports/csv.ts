import { isUtf8 } from 'node:buffer';
import { parse } from 'csv-parse/sync';
import { own } from '../../base/own.ts';

/** A file is read in windows of at most this size; a row that does not fit into one is rejected. */
export const windowBytes = 256 * 1024;
/** Read first, because rows are rarely longer; the whole window is read only if this contains no complete row. */
export const firstWindowBytes = 64 * 1024;

/** A row of the file with its position in the window; `end` is after its line end. */
export type CsvRow = { readonly start: number; readonly end: number } & (
  | { readonly fields: readonly string[] }
  /** `cells`: what could be read of it. */
  | { readonly problem: string; readonly cells?: readonly string[] }
);

const quoteInside = 'has a quote in the middle of a field: put the field in quotes, and double each quote inside it';
const quoteOpen = 'has a quote that is never closed';
const problems: Readonly<Record<string, string>> = {
  INVALID_OPENING_QUOTE: quoteInside,
  CSV_INVALID_CLOSING_QUOTE: quoteInside,
  CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE: quoteInside,
  CSV_QUOTE_NOT_CLOSED: quoteOpen,
};
export const tooLong = `is longer than ${windowBytes} bytes`;

const lf = 0x0a;
const cr = 0x0d;
const isLineEnd = (byte: number | undefined): boolean => byte === lf || byte === cr;

/** The position of the next line, or the number of bytes if there is no line end. */
export function nextLine(bytes: Buffer, from: number): number {
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === lf) return at + 1;
    if (bytes[at] === cr) return bytes[at + 1] === lf ? at + 2 : at + 1;
  }
  return bytes.length;
}

/** The number of lines that end between two positions, at a line feed or a carriage return without one. */
export function linesIn(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = from; at < to; at += 1) if (bytes[at] === lf || (bytes[at] === cr && bytes[at + 1] !== lf)) lines += 1;
  return lines;
}

const skipLineEnds = (bytes: Buffer, from: number): number => {
  let at = from;
  while (isLineEnd(bytes[at])) at += 1;
  return at;
};

export interface Window {
  readonly bytes: Buffer;
  readonly delimiter: string;
  /** The file ends with these bytes. */
  readonly isLast: boolean;
  /** This is the largest window: a row that does not fit is an error. */
  readonly isWhole: boolean;
  readonly rowsMax: number;
}

/**
 * Reads the complete rows (RFC 4180) at the start of a window, without empty lines. A row with broken quotes becomes one problem, and
 * reading continues at the line after its first, so that a stray quote does not swallow the rows after it.
 * @returns the rows and where to continue; `end` is 0 if the first row does not fit into the window.
 * @example
 * readRows({ bytes: Buffer.from('a,b\n"c'), delimiter: ',', isLast: false, isWhole: false, rowsMax: 10 });
 * // { rows: [{ start: 0, end: 4, fields: ['a', 'b'] }], end: 4 }
 */
export function readRows({ bytes, delimiter, isLast, isWhole, rowsMax }: Window): {
  readonly rows: readonly CsvRow[];
  readonly end: number;
} {
  const rows: CsvRow[] = [];
  const clean = isUtf8(bytes);
  let end = 0;
  while (rows.length < rowsMax) {
    const from = skipLineEnds(bytes, end);
    if (from === bytes.length) {
      // A carriage return at the end may be half of a line end: leave it to the next window.
      end = isLast || bytes[from - 1] === lf ? from : from - 1;
      break;
    }
    end = from;
    const { records, fault } = parsed(bytes.subarray(from), delimiter, rowsMax - rows.length);
    let cut = false;
    for (const { fields, end: recordEnd } of records) {
      const start = skipLineEnds(bytes, end);
      const stop = from + recordEnd;
      // A row that ends with the window may continue after it.
      if (!isLast && stop >= bytes.length) {
        cut = true;
        break;
      }
      const readable = clean || isUtf8(bytes.subarray(start, stop));
      rows.push(
        readable ? { start, end: stop, fields } : { start, end: stop, problem: 'is not in UTF-8', cells: fields },
      );
      end = stop;
    }
    if (cut) break;
    if (fault === undefined) {
      if (records.length > 0) continue;
      // A last line of white space is not a row.
      if (isLast) end = bytes.length;
      break;
    }
    const start = skipLineEnds(bytes, end);
    const stop = nextLine(bytes, start);
    // The quote may be closed, or the line may end, after this window: start the next one with this row.
    if (!isLast && (stop >= bytes.length || (fault === quoteOpen && (start > 0 || !isWhole)))) break;
    rows.push({ start, end: stop, problem: fault });
    end = stop;
  }
  return { rows, end };
}

/** The records before the first that cannot be read, and its problem. */
function parsed(
  bytes: Buffer,
  delimiter: string,
  recordsMax: number,
): { records: readonly { readonly fields: readonly string[]; readonly end: number }[]; fault: string | undefined } {
  const records: { fields: readonly string[]; end: number }[] = [];
  try {
    parse(bytes, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      skip_empty_lines: true,
      trim: true,
      to: recordsMax,
      on_record: (fields: string[], { bytes: end }) => {
        records.push({ fields, end });
        return null;
      },
    });
    return { records, fault: undefined };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const fault = own(problems, code);
    if (fault === undefined) throw error;
    return { records, fault };
  }
}

export interface Header {
  readonly delimiter: string;
  readonly names: readonly string[];
  /** Position and line of the first row. */
  readonly end: number;
  readonly line: number;
}

const delimiters = [',', ';', '\t'] as const;
const columnsMax = 500;
const nameMax = 300;

/** Byte order marks of UTF-16 and UTF-32 (Unicode standard, 23.8), and the first bytes of formats other than text. */
const marks: readonly (readonly [mark: string, problem: string])[] = [
  ['fffe', 'is in UTF-16: save it as UTF-8'],
  ['feff', 'is in UTF-16: save it as UTF-8'],
  ['504b0304', 'is a spreadsheet or an archive, not CSV: save it as CSV in UTF-8'],
  // OLE 2, the format of .xls.
  ['d0cf11e0', 'is a spreadsheet, not CSV: save it as CSV in UTF-8'],
  ['1f8b', 'is compressed: send the CSV itself'],
];
const bom = 'efbbbf';
/** The line before the header by which Excel declares the delimiter; may be in quotes. */
const separatorLine = /^"?sep=(.)"?$/i;

/** Reads the header from the first window of a file. @returns the header, or why the file cannot be read. */
export function readHeader(bytes: Buffer, isLast: boolean): Header | { readonly problem: string } {
  const begins = bytes.subarray(0, 4).toString('hex');
  const mark = marks.find(([hex]) => begins.startsWith(hex));
  if (mark !== undefined) return { problem: mark[1] };
  const start = begins.startsWith(bom) ? bom.length / 2 : 0;
  const separator = separatorOf(bytes.subarray(start, nextLine(bytes, start)));
  if (separator !== undefined && !isDelimiter(separator))
    return {
      problem: `declares sep=${separator} in its first line: separate the fields by commas, semicolons or tabs`,
    };
  const from = afterNotes(bytes, skipLineEnds(bytes, separator === undefined ? start : nextLine(bytes, start)));
  if (from === bytes.length) return { problem: 'is empty' };
  const firstLine = bytes.subarray(from, recordEnd(bytes, from));
  if (firstLine.includes(0))
    return { problem: 'has NUL characters in its first line: if it is in UTF-16, save it as UTF-8' };
  if (!isUtf8(firstLine)) return { problem: 'is not in UTF-8: save it as UTF-8' };
  const delimiter = separator ?? delimiterOf(firstLine.toString());
  const { rows } = readRows({ bytes: bytes.subarray(from), delimiter, isLast, isWhole: true, rowsMax: 1 });
  const [row] = rows;
  if (row === undefined)
    return { problem: isLast ? 'is empty' : `has a first line that ${tooLong}: it must name the columns` };
  if ('problem' in row) return { problem: `has a first line that ${row.problem}` };
  const names = row.fields.map((name) => name.trim());
  if (names.length > columnsMax) return { problem: `has more than ${columnsMax} columns` };
  if (names.some((name) => name.length > nameMax))
    return { problem: `has a column whose name is longer than ${nameMax} characters; is its first line a header?` };
  const end = from + row.end;
  return { delimiter, names, end, line: 1 + linesIn(bytes, 0, end) };
}

const isDelimiter = (text: string): text is (typeof delimiters)[number] =>
  (delimiters as readonly string[]).includes(text);

const separatorOf = (line: Buffer): string | undefined =>
  separatorLine.exec(line.toString().replace(/[\r\n]+$/, ''))?.[1];

/** The end of the record at `from`: the first line end outside quotes, or the first line end if quotes are never closed. */
function recordEnd(bytes: Buffer, from: number): number {
  let quoted = false;
  for (let at = from; at < bytes.length; at += 1) {
    if (bytes[at] === quoteSign) quoted = !quoted;
    else if (!quoted && isLineEnd(bytes[at])) return nextLine(bytes, at);
  }
  return quoted ? nextLine(bytes, from) : bytes.length;
}

const quoteSign = 0x22;

/** Skips the notes and the empty line at the start of LinkedIn's export of connections. */
function afterNotes(bytes: Buffer, from: number): number {
  if (!/^"?notes:"?[\s,]*$/i.test(bytes.subarray(from, nextLine(bytes, from)).toString())) return from;
  for (let at = from; at < bytes.length; at = recordEnd(bytes, at))
    if (isLineEnd(bytes[at])) return skipLineEnds(bytes, at);
  return from;
}

/** The delimiter that occurs most often outside quotes. */
function delimiterOf(line: string): string {
  const outside = line.replaceAll(/"[^"]*"/g, '');
  const counts = delimiters.map((delimiter) => outside.split(delimiter).length);
  return delimiters[counts.indexOf(Math.max(...counts))] ?? ',';
}
