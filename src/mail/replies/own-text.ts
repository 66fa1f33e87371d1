import { attributionOpeners, labels, replyAboveWords, separators, wroteWords } from './quote-words.ts';
import { withoutSignature } from './signature.ts';

/** Longer lines are only compared up to here. */
const comparedMax = 400;
/** An attribution is wrapped over so many lines at most. */
const attributionLinesMax = 4;
/** A header block has its second label within so many lines. */
const blockLinesMax = 6;
/** Lines beyond these are not read: no person writes as much in a reply. */
const linesMax = 5_000;

const labelled = (kind: keyof typeof labels): RegExp =>
  new RegExp(`^[\\s>*_]{0,12}(?:${labels[kind]})[*_]{0,2}\\s{0,3}[:：]`, 'iu');
const blockLabels = {
  from: labelled('from'),
  sent: labelled('sent'),
  to: labelled('to'),
  subject: labelled('subject'),
};

const separator = new RegExp(
  `^[\\s>]{0,6}(?:[-_=*#—–]{1,60}\\s{0,3}(?:${separators})\\s{0,3}[:：]?\\s{0,3}[-_=*#—–]{0,60}|(?:${separators})\\s{0,3}[:：])\\s*$`,
  'iu',
);
/** A help desk's own mail begins with it, and its text follows. */
const replyAbove = new RegExp(`^[-_=#*\\s>]{1,60}(?:${replyAboveWords})[-_=#*\\s]{0,60}$`, 'iu');
const rule = /^\s*[-_=*—–―─]{3,}\s*$/u;

const email = String.raw`[<(\[]?(?:mailto:)?[^\s<>()\[\]@:;,"]{1,100}@[^\s<>()\[\]@:;,"]{1,100}`;
const emailIn = new RegExp(email, 'u');
/** A time, a date with its year, or a numeric date. */
const dateIn = /\d{1,2}[:.h]\d{2}|(?:19|20)\d\d|\d{1,2}[./-]\d{1,2}[./-]?|\d{1,2}\s?[月월]/u;
const wrote = new RegExp(`(?:^|[\\s,;、"”>)\\]])(?:${wroteWords})`, 'iu');
/** The end of an attribution: the verb last, or the verb and then a name (German, Dutch). */
const wroteLast = new RegExp(`(?:${wroteWords})\\s{0,3}(?:[:：]|-{2,}|—)?\\s*-*\\s*$`, 'iu');
const colonLast = /[:：]\s*$/u;
const weekday =
  '(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|seg|ter|qua|qui|sex|gio|ma|wo|vr|za|zo|pe|ti|ke|to|la|su|pon|wt|śr|czw|pt|sob|niedz)[\\p{L}-]{0,12}[.,]?\\s{1,3}';
const attributionStart = new RegExp(
  `^[\\s>*_"-]{0,12}(?:(?:${attributionOpeners})\\s{1,3}(?:${weekday})?\\S{0,12}\\s?\\S{0,12}\\s?\\d|(?:${attributionOpeners})\\s{1,3}\\p{L}{2,12}[.,]?\\s|(?:${weekday})?\\d{1,4}[./年년-]|(?:${weekday})\\d{1,2}[.\\s])`,
  'iu',
);
/** An attribution that begins in the middle of a line, after what the person wrote. */
const attributionInside = new RegExp(
  `\\s(?:${attributionOpeners})\\s(?:${weekday})[^\\n]{0,200}?(?:${wroteWords})\\s?[:：]\\s*$`,
  'iu',
);

interface Attribution {
  /** The first line after it. */
  readonly next: number;
  /** The text before it on its first line. */
  readonly before: string;
}

const isBlank = (line: string | undefined): boolean => line === undefined || line.trim() === '';
/** `>>> www <<<` is decoration. */
const isQuoted = (line: string | undefined): boolean =>
  line !== undefined && /^[ \t\u00a0]{0,3}>/.test(line) && !/<<\s*$/.test(line);

/**
 * What the sender of a message wrote, without what it quotes, its sign-off, its signature and its disclaimer.
 * @param text with LF
 * @param sender display name of its sender, which a signature may begin with
 * @example
 * ownTextOf('Yes!\n\nOn 3 May 2026 at 10:00, Nora wrote:\n> Interested?') // 'Yes!'
 */
export function ownTextOf(text: string, sender = ''): string {
  const lines = text.replaceAll(/[\u200b\u200e\u200f\u2060\ufeff]/g, '').split('\n', linesMax);
  const pieces = piecesOf(lines);
  const filled = pieces.map((piece) => piece.join('\n').trim()).filter((piece) => piece !== '');
  const kept = filled.map((piece) => withoutSignature(piece, sender)).filter((piece) => piece !== '');
  return (kept.length > 0 ? kept : filled.slice(0, 1))
    .join('\n\n')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim();
}

/** The lines between quotations. */
function piecesOf(lines: readonly string[]): string[][] {
  const pieces: string[][] = [];
  let piece: string[] = [];
  const end = (): void => {
    while (piece.length > 0 && (isBlank(piece.at(-1)) || rule.test(piece.at(-1) ?? ''))) piece.pop();
    if (piece.length > 0) pieces.push(piece);
    piece = [];
  };
  let afterQuoted = false;
  for (let at = 0; at < lines.length; at += 1) {
    const line = lines[at] ?? '';
    const compared = line.slice(0, comparedMax);
    if (isQuoted(line) || (afterQuoted && isWrapped(lines, at))) {
      if (!isQuoted(line) || !afterQuoted) end();
      afterQuoted = true;
      continue;
    }
    if (isBlank(line)) {
      piece.push('');
      continue;
    }
    if (replyAbove.test(compared) && (pieces.length > 0 || !piece.every(isBlank))) break;
    if (separator.test(compared) || isHeaderBlock(lines, at)) break;
    const attribution = attributionAt(lines, at);
    if (attribution !== undefined) {
      if (!isBlank(attribution.before)) piece.push(attribution.before);
      end();
      if (!isQuoted(nextFilled(lines, attribution.next))) break;
      at = attribution.next - 1;
      continue;
    }
    afterQuoted = false;
    piece.push(line);
  }
  end();
  return pieces;
}

const nextFilled = (lines: readonly string[], from: number): string | undefined => {
  for (let at = from; at < lines.length; at += 1) if (!isBlank(lines[at])) return lines[at];
  return undefined;
};

/** The rest of a quoted line that a mail program broke in two: an address without a space, or the continuation of a long line. */
function isWrapped(lines: readonly string[], at: number): boolean {
  const line = (lines[at] ?? '').slice(0, comparedMax);
  const before = lines[at - 1];
  if (before === undefined || !isQuoted(before) || isBlank(line)) return false;
  const isPartOfLink = !/^\s*$/.test(line) && /^\s*[<(]?\S+[>)]?\s*>?\s*$/u.test(line) && /[/_=@)]/.test(line);
  if (isPartOfLink) return true;
  return before.length >= 68 && /^\p{Ll}/u.test(line) && isQuoted(lines[at + 1]);
}

/** Whether a block such as "From: … Sent: … To: … Subject: …" begins at a line. */
function isHeaderBlock(lines: readonly string[], at: number): boolean {
  const found = new Set<string>();
  let block = '';
  for (let next = at; next < lines.length && next < at + blockLinesMax; next += 1) {
    const line = (lines[next] ?? '').slice(0, comparedMax);
    if (isBlank(line)) break;
    const kinds = Object.entries(blockLabels).filter(([, label]) => label.test(line));
    if (next === at && kinds.length === 0) return false;
    for (const [kind] of kinds) found.add(kind);
    block += ` ${line}`;
    if (found.has('from') && found.size >= 2) return true;
    if (found.has('sent') && found.has('to') && dateIn.test(block) && emailIn.test(block)) return true;
  }
  return false;
}

function attributionAt(lines: readonly string[], at: number): Attribution | undefined {
  const first = (lines[at] ?? '').slice(0, comparedMax);
  const inside = attributionInside.exec(first);
  if (inside !== null && dateIn.test(inside[0]) && !attributionStart.test(first))
    return { next: at + 1, before: first.slice(0, inside.index) };
  const starts = attributionStart.test(first);
  const dashed = /^\s*-{2,}\s/.test(first);
  let span = '';
  for (let next = at; next < lines.length && next < at + attributionLinesMax; next += 1) {
    const line = (lines[next] ?? '').slice(0, comparedMax);
    if (isBlank(line) || (next > at && isQuoted(line))) break;
    span = `${span} ${line.trim()}`;
    const hasDate = dateIn.test(span);
    const hasEmail = emailIn.test(span);
    const found = { next: next + 1, before: '' };
    if (dashed && wroteLast.test(span) && /-{2,}\s*$/.test(span)) return found;
    if (starts && hasDate && wroteLast.test(span) && (colonLast.test(span) || hasEmail)) return found;
    if (
      colonLast.test(span) &&
      (starts || (next === at && /<[^<>\s]{3,200}>/.test(span))) &&
      ((hasDate && hasEmail) || (wrote.test(span) && (hasEmail || (starts && hasDate))))
    )
      return found;
    // Older Gmail: a date and an address, no verb.
    if (
      starts &&
      hasDate &&
      /^\s*\d/.test(span) &&
      /@\S+>[:：]?\s*$/u.test(span) &&
      isQuoted(nextFilled(lines, next + 1))
    )
      return found;
  }
  return undefined;
}
