import type { IncomingHttpHeaders } from 'node:http';
import { isbot } from 'isbot';
import { minuteMs } from '../../base/clock.ts';
import { networkOf } from './networks.ts';

export type HitKind = 'open' | 'click';

/**
 * Who fetched a pixel or a link. `proxy`: a person, through a service that hides place and device. `machine`: no person.
 */
export type Verdict = 'human' | 'machine' | 'proxy';

/** What is known of a request. What is not known is left out, and its rules do not apply. */
export interface HitFacts {
  readonly kind?: HitKind | undefined;
  readonly method?: string | undefined;
  /** It announces itself as a prefetch, see `isPrefetch`. */
  readonly prefetch?: boolean | undefined;
  readonly userAgent: string;
  readonly address?: string | undefined;
  /** Milliseconds since the message was accepted; negative: before that. */
  readonly sinceAcceptedMs?: number | undefined;
  /** At least 3 different links of the message within 5 s. */
  readonly isBurst?: boolean | undefined;
  /** At least 5 messages of the campaign from this address within 60 s. */
  readonly hasManyRecipients?: boolean | undefined;
}

const openInstantMs = 3_000;
const clickInstantMs = 10_000;
const probableMs = 15 * minuteMs;

/** Gmail fetches images ahead of any reader with exactly this text. */
const gmailPrefetch =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0';

/** Services that fetch images when a person opens a message. */
const imageProxies = /\bGoogleImageProxy\b|\bYahooMailProxy\b|\bImageProxy\/|\bmail\.ru\b.*proxy|\(via [^)]*\bproxy\)/i;
/** Image services of chats and link previews, which fetch without a person. */
const previewProxies = /slack|discord|telegram|whatsapp|facebook|twitter/i;

/** Mail programs that show images, and whose names look like those of tools. */
const mailPrograms =
  /^(?:Mac)?Outlook[-/ ]|\bms-office\b|\bMicrosoft Outlook \d|^(?:Evolution|KMail|Balsa|Claws Mail|Geary|BlueMail|Airmail|AppleMail|eM ?Client|The Bat!|Mailspring|Postbox|Sylpheed|Thunderbird|Trojita)[/ ]/i;

/** What scanners, previews and libraries call themselves. isbot knows most programs; these are words that it does not take as a sign. */
const programs =
  /\b(?:(?:e-?mail|url|link|web|threat|safe) ?(?:security|protect(?:ion)?|defen[cs]e|scan(?:ner)?|check(?:er)?|rewrit\w*|preview|isolation)|webhook|prefetch|unfurl|sandbox|antivirus|safelinks|urldefense|existence discovery)\b|\b(?:mimecast|proofpoint|barracuda\w*|fortimail|fortiguard|trend ?micro|ironport|symantec|messagelabs|sophos|forcepoint|zscaler|fireeye|trellix|avanan|check ?point|cloudmark|hornet ?security|vade|libraesva|n-able|egress|cofense|knowbe4|abnormal)\b/i;

const rememberedMax = 1_000;
const rememberedCharactersMax = 500;

/** A test of user agents whose answers are remembered: few programs make most requests, and the expressions are long. */
function remembered(test: (userAgent: string) => boolean): (userAgent: string) => boolean {
  const answers = new Map<string, boolean>();
  return (userAgent) => {
    const known = answers.get(userAgent);
    if (known !== undefined) return known;
    const answer = test(userAgent);
    if (answers.size >= rememberedMax) answers.clear();
    if (userAgent.length <= rememberedCharactersMax) answers.set(userAgent, answer);
    return answer;
  };
}

const isImageProxy = remembered((userAgent) => imageProxies.test(userAgent));
const isMailProgram = remembered((userAgent) => mailPrograms.test(userAgent));
const isProgram = remembered((userAgent) => programs.test(userAgent) || isbot(userAgent));

interface Rule {
  readonly reason: string;
  readonly verdict: Verdict;
  readonly holds: (facts: HitFacts) => boolean;
}

/** Browsers have more to say; Mail Privacy Protection sends only this. */
const bareMozilla = 'Mozilla/5.0';

/** In order: the first rule that holds decides. What is known of the moment comes before what a program says of itself. */
const rules: readonly Rule[] = [
  { reason: 'head', verdict: 'machine', holds: ({ method }) => method === 'HEAD' },
  { reason: 'prefetch_header', verdict: 'machine', holds: ({ prefetch }) => prefetch === true },
  { reason: 'no_user_agent', verdict: 'machine', holds: ({ userAgent }) => userAgent.trim() === '' },
  { reason: 'gmail_prefetch', verdict: 'machine', holds: ({ userAgent }) => userAgent.trim() === gmailPrefetch },
  {
    reason: 'apple_mpp',
    verdict: 'machine',
    holds: ({ userAgent, kind }) => kind !== 'click' && userAgent.trim() === bareMozilla,
  },
  {
    reason: 'scanner_network',
    verdict: 'machine',
    holds: ({ address }) => address !== undefined && networkOf(address) === 'scanner',
  },
  { reason: 'before_acceptance', verdict: 'machine', holds: ({ sinceAcceptedMs = 0 }) => sinceAcceptedMs < 0 },
  {
    reason: 'instant',
    verdict: 'machine',
    holds: ({ kind, sinceAcceptedMs = Infinity }) =>
      sinceAcceptedMs < (kind === 'click' ? clickInstantMs : openInstantMs),
  },
  { reason: 'burst', verdict: 'machine', holds: ({ isBurst }) => isBurst === true },
  {
    reason: 'many_recipients',
    verdict: 'machine',
    holds: ({ hasManyRecipients, userAgent }) => hasManyRecipients === true && !isImageProxy(userAgent),
  },
  {
    reason: 'probable_window',
    verdict: 'machine',
    holds: ({ address, sinceAcceptedMs = Infinity }) =>
      sinceAcceptedMs < probableMs && address !== undefined && networkOf(address) === 'probable',
  },
  {
    reason: 'image_proxy',
    verdict: 'proxy',
    holds: ({ userAgent }) => isImageProxy(userAgent) && !previewProxies.test(userAgent),
  },
  // Before what isbot would take for a program.
  { reason: 'mail_program', verdict: 'human', holds: ({ userAgent }) => isMailProgram(userAgent) },
  {
    reason: 'bot_user_agent',
    verdict: 'machine',
    holds: ({ userAgent }) => isProgram(userAgent),
  },
  {
    reason: 'apple_relay',
    verdict: 'proxy',
    holds: ({ address, kind }) => kind !== 'open' && address !== undefined && networkOf(address) === 'relay',
  },
];

/**
 * Decides who made a request, by the first rule that holds. A person, if none does.
 * @example
 * verdictOf({ kind: 'open', userAgent: 'Mozilla/5.0' }) // { verdict: 'machine', reasons: ['apple_mpp'] }
 */
export function verdictOf(facts: HitFacts): { readonly verdict: Verdict; readonly reasons: readonly string[] } {
  const rule = rules.find(({ holds }) => holds(facts));
  return rule === undefined || rule.verdict === 'human'
    ? { verdict: 'human', reasons: [] }
    : { verdict: rule.verdict, reasons: [rule.reason] };
}

const prefetchHeaders = ['sec-purpose', 'purpose', 'x-purpose', 'x-moz'] as const;

/** Whether a request says that it fetches ahead of a reader. */
export const isPrefetch = (headers: IncomingHttpHeaders): boolean =>
  prefetchHeaders.some(
    (name) => headers[name] !== undefined && /prefetch|preview|prerender/i.test(String(headers[name])),
  );
