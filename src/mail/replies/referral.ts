import type { Referral } from './reply.ts';

const emails = /[\p{L}\p{N}._%+'-]{1,64}@[\p{L}\p{N}-]{1,63}(?:\.[\p{L}\p{N}-]{1,63}){1,4}/gu;
const title =
  '(?:Mr|Mrs|Ms|Dr|Herrn?|Frau|M|Mme|Monsieur|Madame|Sr|Sra|Señor|Señora|Dott|Dott\\.ssa|Sig|Sig\\.ra|Signora|Mevrouw|Meneer|dhr|mevr)\\.?\\s';
const word = "\\p{Lu}[\\p{L}'’-]{1,30}";
const particle = '(?:van|von|de|der|den|da|do|dos|di|del|della|la|le|el|bin)';
const name = `(?:${title})?(${word}(?:\\s(?:${particle}\\s){0,2}${word}){0,2})`;
/** A name before its address: "Anika Rao (anika@…)", "Ana, ana@…". */
const beforeEmail = new RegExp(`${name}[\\s,(<:–—-]{1,4}(?:at\\s|unter\\s|mailto:)?$`, 'u');
/** A name after a word that refers to somebody. */
const afterCue = new RegExp(
  `(?:^|[\\s,.;])(?:contact|to|with|ask|try|reach out to|e-?mail|an|kontaktieren Sie|bei|mit|fragen Sie|ist|à|avec|contacter|contactez|voir|est|a|con|es|contacta|com|é|contacte|è|scriva a|met|aan|naar|bel|mail|is|colleague|collega|Kollegen?|Kollegin|collègue|compañer[oa]|colega|successor|Nachfolger(?:in)?|opvolger)\\s(?:my\\s|our\\s|the\\s|meine[nr]?\\s|mon\\s|ma\\s|mi\\s|mijn\\s|il\\s|la\\s|el\\s|le\\s|o\\s|a\\s|colleague\\s|Kollegen?\\s|Kollegin\\s|collega\\s|collègue\\s|colega\\s|compañer[oa]\\s)*${name}`,
  'u',
);
const japaneseName = /([\p{Script=Han}]{1,4})(?:さん|様|氏|（|\()/u;
const notNames =
  /^(?:I|We|Please|Thanks|Thank|Monday|Tuesday|Wednesday|Thursday|Friday|January|February|March|April|May|June|July|August|September|October|November|December|Sie|Ich|Wir|Montag|Dienstag|Mittwoch|Donnerstag|Freitag|IT|HR|CEO|CTO|CMO|CFO|VP)$/u;

/** Whom a text names in place of its writer: the first address that is not the writer's own, and the name beside it. */
export function referralOf(text: string, sender: string | undefined): Referral | null {
  const own = sender?.toLowerCase();
  const match = [...text.matchAll(emails)].find(([email]) => email.toLowerCase() !== own);
  const email = match?.[0].replace(/[.'-]+$/, '') ?? null;
  const before = match === undefined ? null : beforeEmail.exec(text.slice(Math.max(0, match.index - 80), match.index));
  const found = before?.[1] ?? afterCue.exec(text)?.[1] ?? japaneseName.exec(text)?.[1] ?? null;
  const referred = found !== null && notNames.test(found) ? null : found;
  return email === null && referred === null ? null : { email, name: referred };
}
