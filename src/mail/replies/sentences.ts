import { fold } from './language.ts';

/** A sentence, folded, without its closing mark. */
export interface Sentence {
  readonly text: string;
  readonly isQuestion: boolean;
}

export const sentencesMax = 60;
const sentenceCharactersMax = 400;
/** Pieces of a longer sentence overlap by so many characters, unless it is split at a comma. */
const sharedCharacters = 80;
/** Longer than any abbreviation, with the character before it. */
const abbreviationMax = 12;

const greeting =
  /^(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|moin|servus|gruss gott|grussgott|sehr geehrte[rs]?|liebe[rs]?|bonjour|bonsoir|cher|chere|madame|monsieur|hola|buenos dias|buenas (?:tardes|noches)?|estimad[oa]s?|ola|bom dia|boa tarde|boa noite|prezad[oa]s?|car[oa]|buongiorno|buonasera|salve|ciao|gentile|gentilissim[oa]|egregio|beste|geachte|goedemorgen|goedemiddag|goedendag|dag)\b(?: (?!(?:we|i|not|no|you|ich|wir|je|nous|no|nao|non|wij|ik)\b)[\p{L}.'-]{1,24}){0,4} ?[,!.:\n]+\s*/u;

/** Where a sentence ends: a mark before a space, a blank line, or the line before an item of a list. */
const ends = /([.!?…]{1,6}["')\]]{0,2}(?=\s|$)|[。！？]+|\n\s*\n|\n(?=\s*(?:[-*•–]|\d{1,2}[.)]\s)))/u;

/** The first sentences of a text, those of more than 400 characters in pieces. */
export function sentencesOf(text: string, max = sentencesMax): Sentence[] {
  const found: Sentence[] = [];
  let current = '';
  /** The last characters that were read, so that a long sentence is not searched in full for an abbreviation at its end. */
  let before = '';
  const end = (mark: string): void => {
    const sentence = current.replaceAll(/\s+/g, ' ').trim();
    current = '';
    if (sentence === '') return;
    const isQuestion = /[?？]/.test(mark) || /(?:です|ます|でしょう|ません)か$/u.test(sentence.replace(/[。.]$/, ''));
    for (const piece of piecesOf(sentence)) found.push({ text: piece.replace(/[\s.,;:!。、]+$/u, ''), isQuestion });
  };
  const folded = fold(unwrapped(text)).replace(greeting, '');
  for (const part of folded.split(ends)) {
    if (found.length >= max) break;
    if (ends.test(part) && !(part.startsWith('.') && isAbbreviation(before))) end(part);
    else current += part;
    before = `${before.slice(-abbreviationMax)}${part.slice(-abbreviationMax)}`;
  }
  end('');
  return found.filter(({ text: each }) => each !== '').slice(0, max);
}

function piecesOf(sentence: string): string[] {
  const pieces: string[] = [];
  let from = 0;
  while (sentence.length - from > sentenceCharactersMax) {
    const piece = sentence.slice(from, from + sentenceCharactersMax);
    const comma = Math.max(...[',', ';', ':', '、'].map((mark) => piece.lastIndexOf(mark)));
    const isAtComma = comma > sentenceCharactersMax / 2;
    const cut = isAtComma ? comma + 1 : sentenceCharactersMax;
    pieces.push(piece.slice(0, cut).trim());
    from += isAtComma ? cut : cut - sharedCharacters;
  }
  return [...pieces, sentence.slice(from).trim()];
}

/** "ab dem 15. Juni", "z.B. so", "Dr. Lang". */
const isAbbreviation = (before: string): boolean =>
  /(?:\b\d{1,2}|\b\p{L}|\b(?:dr|mr|mrs|ms|st|no|nr|hr|fr|prof|dott|sig|sra?|m|mme|bzw|ca|approx|inc|ltd|co|ter|seg|qua|lun|mar))$/u.test(
    before,
  );

/** Joins the lines of a paragraph that a mail program wrapped; keeps breaks that a person made. */
const unwrapped = (text: string): string =>
  text
    .replaceAll(/([\u3040-\u30ff\u4e00-\u9fff、])\n(?=[\u3040-\u30ff\u4e00-\u9fff])/gu, '$1')
    .split('\n')
    .reduce((all, line, index, lines) => {
      const before = lines[index - 1] ?? '';
      const isBreak =
        before.length < 50 && /^\s*[\p{Lu}\p{Lo}]/u.test(line) && before.trim() !== '' && !/,\s*$/.test(before);
      return index === 0 ? line : `${all}\n${isBreak ? '\n' : ''}${line}`;
    }, '');
