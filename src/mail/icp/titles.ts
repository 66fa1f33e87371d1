import { folded } from '../../crm/records/index.ts';
import type { Seniority } from './icp.ts';

/** What abbreviations of titles stand for. */
const abbreviations: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ceo: 'chief executive officer',
    cto: 'chief technology officer',
    cfo: 'chief financial officer',
    coo: 'chief operating officer',
    cmo: 'chief marketing officer',
    cio: 'chief information officer',
    cro: 'chief revenue officer',
    cpo: 'chief product officer',
    ciso: 'chief information security officer',
    chro: 'chief human resources officer',
    vp: 'vice president',
    svp: 'senior vice president',
    evp: 'executive vice president',
    avp: 'assistant vice president',
    md: 'managing director',
    gm: 'general manager',
    hr: 'human resources',
    it: 'information technology',
    rd: 'research development',
    sr: 'senior',
    jr: 'junior',
    mgr: 'manager',
    dir: 'director',
    eng: 'engineering',
    ops: 'operations',
  }),
);

/**
 * The words of a text as they are compared: without accents, letter case, punctuation and plurals; titles in full.
 * @example
 * wordsOf('VP, Sales & Ops') // ['vice', 'president', 'sale', 'operation']
 */
export const wordsOf = (text: string): readonly string[] =>
  (folded(text).match(/[\p{L}\p{M}\p{N}+#]+/gu) ?? [])
    .flatMap((word) => abbreviations.get(word)?.split(' ') ?? word)
    .map((word) => (word.length > 3 && word.endsWith('s') && !word.endsWith('ss') ? word.slice(0, -1) : word));

/** Whether a text contains the words of a phrase, one after the other. A phrase without words is in no text. */
export function hasPhrase(text: readonly string[], phrase: readonly string[]): boolean {
  if (phrase.length === 0) return false;
  return ` ${text.join(' ')} `.includes(` ${phrase.join(' ')} `);
}

/** Words of titles, the highest seniority first: "Senior Vice President" is a vice president. */
const ranks: readonly (readonly [Seniority, RegExp])[] = [
  ['intern', /\b(intern|trainee|apprentice|werkstudent|praktikant|stagiaire|working student)\b/],
  ['founder', /\b(co ?founder|founder|founding|grunder|fondateur|fundador)\b/],
  ['owner', /\b(owner|proprietor|inhaber|inhaberin|proprietaire|propietario)\b/],
  [
    'c_suite',
    /\b(chief|(?<!vice )president|geschaftsfuhrer|geschaftsfuhrerin|directeur general|amministratore delegato|managing director)\b/,
  ],
  ['partner', /\b(managing partner|general partner|partner)\b/],
  ['vp', /\bvice president\b/],
  ['head', /\b(head|leiter|leiterin|abteilungsleiter)\b/],
  ['director', /\b(director|direktor|directeur|directrice|direttore)\b/],
  ['manager', /\b(manager|lead|supervisor|teamleiter|responsable)\b/],
  ['senior', /\b(senior|principal|staff)\b/],
  ['entry', /\b(junior|assistant|associate|entry)\b/],
];

/**
 * The seniority that a job title says; undefined: it says none.
 * @example
 * seniorityOf('Co-Founder & CEO') // 'founder'
 */
export function seniorityOf(title: string): Seniority | undefined {
  const text = wordsOf(title).join(' ');
  // "Business partner" and "partner manager" are no partners of a firm.
  const isPartner = !/\b(business partner|partner (manager|success|marketing|sale))\b/.test(text);
  return ranks.find(([rank, words]) => words.test(text) && (rank !== 'partner' || isPartner))?.[0];
}
