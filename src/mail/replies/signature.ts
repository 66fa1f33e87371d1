import { footerOpeners } from './quote-words.ts';

/** Phrases that close a message, alone on their line. */
const closings =
  'best|best regards|best wishes|kind(?:est)? regards|warm(?:est)? regards|warm wishes|regards|rgds|brgds|br|kr|with (?:best|kind|warm) regards|many thanks and (?:best|kind) regards|thanks and (?:best|kind) regards|thanks & regards|all the best|all best|cheers|sincerely|sincerely yours|yours sincerely|yours faithfully|yours truly|respectfully|take care|have a (?:great|good|nice|lovely) (?:day|week|weekend|one)|talk soon|speak soon|see you soon|cordially|' +
  'mit (?:freundlichen|besten|vielen|herzlichen|lieben|sonnigen) gr(?:ü|ue)(?:ß|ss)en?(?: aus \\p{L}{2,30})?|(?:freundliche|beste|viele|herzliche|liebe|schöne|sonnige) gr(?:ü|ue)(?:ß|ss)e(?: aus \\p{L}{2,30})?|mit freundlichem gru(?:ß|ss)|gru(?:ß|ss)|gr(?:ü|ue)(?:ß|ss)e|lg|vg|mfg|bg|hochachtungsvoll|freundlich grüsst|' +
  "(?:bien )?(?:cordialement|cdlt|cdt)|bien à vous|bien à toi|bien amicalement|amicalement|salutations(?: distinguées)?|(?:sincères|meilleures|cordiales) salutations|respectueusement|bonne (?:journée|soirée|semaine|réception)|très cordialement|(?:je vous prie d[’']agréer|veuillez agréer|veuillez recevoir).{0,120}|" +
  '(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?|(?:un )?(?:cordial|afectuoso) saludo|un saludo(?: cordial)?|saludos? cordiales|atentamente|atte|un abrazo|cordialmente|quedo a su disposición|' +
  'atenciosamente|att|atte|abraços?|abs|(?:os )?(?:melhores )?cumprimentos|com os melhores cumprimentos|cordialmente|saudações|grato|grata|' +
  '(?:cordiali|distinti|cari|un caro) saluti|cordiali saluti|un saluto|un cordiale saluto|saluti|cordialmente|a presto|buona giornata|buon lavoro|' +
  '(?:met )?(?:vriendelijke|hartelijke|beste) groet(?:en)?|groet(?:en|jes)?|mvg|hoogachtend|gr|' +
  'med vänliga? hälsning(?:ar)?|vänliga hälsningar|hälsningar|mvh|(?:med )?venlig(?:e)? hilsen|vennlig hilsen|hilsen|ystävällisin terveisin|terveisin|pozdrawiam|z poważaniem|s pozdravem|üdvözlettel|с уважением|saygılarımla|' +
  '(?:以上、?)?(?:どうぞ|何卒|今後とも)?(?:よろしく|宜しく)(?:お願い(?:いた|致)?(?:し|申し上げ)ます)?|敬具|草々';
/** Phrases that close a message only if a name follows. */
const thanks =
  "thanks|thank you|thx|many thanks|thanks a lot|thanks again|thank you very much|thanks in advance|thanks so much|ta|danke|vielen dank|besten dank|danke (?:dir|ihnen)|danke im voraus|vielen dank im voraus|merci|merci beaucoup|merci d[’']avance|(?:muchas )?gracias|gracias de antemano|(?:muito )?obrigad[oa]|desde já agradeço|grazie(?: mille)?|grazie in anticipo|(?:alvast )?bedankt|dank je|dank u|dank je wel|ありがとうございます|tack|takk|tak|kiitos|dzięki|спасибо";
const decoration = '[\\s!.,;:。、～~\\p{Extended_Pictographic}\\ufe0f\\u200d)(-]{0,12}';
const closingLine = new RegExp(`^\\s*(?:${closings})${decoration}$`, 'iu');
const thanksLine = new RegExp(`^\\s*(?:${thanks})${decoration}$`, 'iu');
/** A closing and its writer on a line of its own: "Best, Tom" is left in the text, "Thanks,\nTom" is not. */
const delimiter = /^\s*(?:--|—|––|__|-- -)\s*$/u;
const longDelimiter = /^\s*[-_=*—–―─~]{4,}\s*$/u;

const device =
  'iphone|ipad|ipod|apple watch|ios|android|galaxy|samsung|huawei|xiaomi|redmi|oneplus|pixel|blackberry|nokia|sony|xperia|lg|htc|motorola|phone|handy|telefon|téléphone|mobile|smartphone|cell|tablet|celular|móvil|telefono|mobiel|outlook|mail|gmail|yahoo|proton ?mail|aol|windows|mac(?:book)?|spark|hey|superhuman|airmail|canary|typeapp|bluemail|newton|edison|zoho|gmx|web\\.de';
const footer = new RegExp(`^\\s*(?:${footerOpeners})`, 'iu');
const footerOfDevice = new RegExp(`^\\s*(?:${footerOpeners})\\s*(?:[\\p{L}'’.]{1,12}\\s){0,3}?(?:${device})`, 'iu');

const disclaimer =
  /^\s*[*_]{0,3}(?:(?:confidentiality|privacy|legal|disclaimer|security) (?:notice|note|statement|warning)|confidential(?:ity)?\s*[:：]|disclaimer\s*[:：]?|this (?:e-?mail|message|communication|transmission)(?: message)?(?:,? (?:and|including|together with) (?:any|all|its|the) .{0,30})? (?:is|are|may|contains?|was|has been|and its)\b.{0,60}?(?:confidential|privileged|intended (?:only|solely|exclusively|for the (?:use|named|addressee|person|sole))|scanned)|the (?:information|content)s?(?: contained)? (?:in|of) this (?:e-?mail|message|communication)|(?:the information|please consider the environment|please don[’']t print|think before you print|please think of the environment)|if you (?:are not the intended recipient|have received this (?:e-?mail|message) in error)|diese (?:e-?mail|nachricht) (?:enthält|und|ist|kann)\b.{0,60}?vertraulich|der inhalt dieser (?:e-?mail|nachricht)|haftungsausschluss|vertraulichkeitshinweis|ce (?:message|courriel|mail|courrier)(?: électronique)?(?:,? et (?:toutes? |ses |les |tous )?.{0,40})? (?:est|sont|peut|contient|peuvent)|(?:este|esta) (?:mensaje|correo|mensagem|e-?mail)(?: electrónico| eletrônica?)?.{0,60}(?:confidencia|privilegia)|aviso (?:legal|de confidencialidad|de confidencialidade)|aviso legal|(?:questo|il presente) (?:messaggio|documento|e-?mail).{0,80}(?:riservat|confidenzial)|le informazioni contenute (?:in|nel)|dit (?:bericht|e-?mailbericht|e-?mail).{0,80}(?:vertrouwelijk|bestemd)|de informatie (?:in|verzonden)|virus-?free\b|virenfrei|garanti sans virus|libre de virus|avast|(?:このメール|本メール)(?:には|は).{0,30}(?:機密|秘密))/iu;
/** A line of a mailing list's footer, or of a service that forwards mail. */
const listFooter =
  /mailing list\s*$|^\s*to unsubscribe from this (?:group|list)|^\s*you received this message because|^\s*reply to this email directly or view it/iu;
/** What a company's server adds above a message from outside. */
const banner =
  /^\s*[[*_(]{0,4}\s*(?:caution|warning|external|attention|achtung|extern|externe|avertissement|atención|atenção|attenzione|let op)\b.{0,20}[:：\])*-].{0,300}$/iu;

const linesOfSignatureMax = 14;
const lineOfSignatureMax = 90;

/** Without what follows a delimiter, a closing, a footer of a mail program or a disclaimer. Empty if nothing else is there. */
export function withoutSignature(piece: string, sender: string): string {
  const lines = withoutBanner(piece.split('\n'));
  let end = lines.length;
  for (let at = 0; at < end; at += 1) if (endsText(lines, at, sender)) end = at;
  while (end > 0 && /^[\s\-_=*—–―─]*$/u.test(lines[end - 1] ?? '')) end -= 1;
  return lines.slice(0, end).join('\n').trim();
}

function withoutBanner(lines: readonly string[]): readonly string[] {
  if (!banner.test(lines[0] ?? '')) return lines;
  const blank = lines.findIndex((line) => line.trim() === '');
  return blank > 0 && blank <= 5 ? lines.slice(blank + 1) : lines;
}

function endsText(lines: readonly string[], at: number, sender: string): boolean {
  const line = lines[at] ?? '';
  if (line.trim() === '' || line.length > 600) return line.length > 600 && disclaimer.test(line.slice(0, 300));
  const rest = lines.slice(at + 1);
  if (disclaimer.test(line) || listFooter.test(line) || isFooter(line)) return true;
  if (delimiter.test(line)) return isSignature(rest);
  if (longDelimiter.test(line)) return at > 0 && isSignature(rest) && hasContact(rest);
  if (closingLine.test(line)) return at > 0 ? isSignature(rest) : isSignature(rest) && rest.length < 4;
  if (thanksLine.test(line)) return at > 0 && hasName(rest) && isSignature(rest);
  return at > 0 && isNameLine(line, sender) && isSignature(rest);
}

/** "Sent from my iPhone", and not a sentence that begins like it. */
function isFooter(line: string): boolean {
  const bare = line.replaceAll(/[<([]?https?:\/\/\S{0,500}/g, '').trim();
  if (!footer.test(bare) && !footer.test(line)) return false;
  if (footerOfDevice.test(bare)) return bare.length <= 120;
  return bare.length <= 60 && !/[.,;!?]/.test(bare.replace(/\.$/, '')) && !/[!?]$/.test(bare);
}

/** The first lines that are not blank, trimmed. */
function filledOf(lines: readonly string[], max = Infinity): string[] {
  const filled: string[] = [];
  for (const line of lines) {
    if (filled.length === max) break;
    const trimmed = line.trim();
    if (trimmed !== '') filled.push(trimmed);
  }
  return filled;
}

/** Whether lines look like a signature: few, and short, as far as a disclaimer. */
function isSignature(rest: readonly string[]): boolean {
  // One more than a signature has decides; to search the whole rest for each of many sign-offs takes quadratic time.
  const filled = filledOf(rest, linesOfSignatureMax + 1);
  const stop = filled.findIndex((line) => disclaimer.test(line.slice(0, 300)) || listFooter.test(line));
  const relevant = stop < 0 ? filled : filled.slice(0, stop);
  return (
    relevant.length <= linesOfSignatureMax &&
    relevant.filter((line) => line.length > lineOfSignatureMax || isSentence(line)).length <=
      (relevant.length > 5 ? 1 : 0)
  );
}

/** A line of an address: with columns, or with a company's form at its end. */
const ofAddress = /\s[|•·]\s|\b(?:ltd|inc|co|corp|llc|s\.?a|s\.?l|b\.?v|s\.?r\.?l|s\.?p\.?a|k\.?g|pty)\.$/iu;
/** At least six words, ended like a sentence. */
const isSentence = (line: string): boolean =>
  (/[.!?]$/.test(line) && !ofAddress.test(line) && line.split(/\s+/).length >= 6) ||
  (/[。！？]$/u.test(line) && line.length >= 12);

const hasContact = (rest: readonly string[]): boolean =>
  filledOf(rest).some((line) => /@|https?:|www\.|\+?\d[\d\s()/.-]{6,}/.test(line));

/** A name or two of them, alone on the next line. */
function hasName(rest: readonly string[]): boolean {
  const [next = ''] = filledOf(rest, 1);
  return (
    next.length <= 40 &&
    next.split(/\s+/).length <= 4 &&
    !/[.!?]$/.test(next.replace(/\.$/, '')) &&
    /^[\p{Lu}\p{Lo}-]/u.test(next)
  );
}

/** The sender's own name, or a name after a dash. */
function isNameLine(line: string, sender: string): boolean {
  const name = line.trim().toLowerCase().replace(/[.,]$/, '');
  const full = sender.trim().toLowerCase();
  const [first = ''] = full.split(/\s+/);
  if (full !== '' && name !== '' && (name === full || (name === first && first.length > 1))) return true;
  return /^\s*[-–—~]\s?\p{Lu}[\p{L}'’.]{0,20}(?:\s\p{Lu}[\p{L}'’.]{0,20}){0,2}\s*$/u.test(line);
}
