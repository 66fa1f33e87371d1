import { hourMs, minuteMs } from '../../base/clock.ts';
import { classify } from '../bounces/index.ts';
import type { Judgement } from '../bounces/index.ts';
import type { Answer, Cause, Failure, Stage } from './transport.ts';

/** Waits before the retries of a message that a server deferred; after the last one it has failed. RFC 5321 §4.5.4.1 */
export const deferralDelaysMs: readonly number[] = [
  5 * minuteMs,
  15 * minuteMs,
  30 * minuteMs,
  hourMs,
  2 * hourMs,
  4 * hourMs,
  8 * hourMs,
];

/** How long a mailbox rests after the cause `rate`: its provider counts what it sends. */
export const rateCooldownMs = 2 * hourMs;

/** How long a mailbox rests after a server that greets with 421 or 554. */
export const greetingCooldownMs = 15 * minuteMs;

/** What follows from an answer. `deferred` with a cause of the mailbox, domain or server: the message waits until that has changed. */
export interface Verdict {
  readonly outcome: 'deferred' | 'rejected';
  readonly cause: Cause;
}

interface Row<Result> {
  readonly stages?: readonly Stage[];
  /** Of the reply code in decimal. */
  readonly code?: RegExp;
  /** Of the enhanced code. */
  readonly enhanced?: RegExp;
  readonly text?: RegExp;
  /** What the answer says of the recipient, judged like a report. */
  readonly judged?: (judgement: Judgement) => boolean;
  readonly is: Result;
}

const permanent = /^5/;
const temporary = /^4/;

/** Texts of a server that means the sender, at whatever stage it says so. */
const senderText =
  /sender (?:address |verify |domain )?(?:is |was )?(?:rejected|failed|not|unknown|refused|unverified)|send ?as ?denied|send as this sender|not (?:allowed|permitted|authori[sz]ed) to (?:send|use)[^.;]{0,20} (?:as|from|for|this)\b|not owned by|does not belong to|from address (?:is )?not|address (?:is )?not verified|disallowed as/i;
const relayText =
  /relay(?:ing)? (?:access |is )?(?:denied|disallowed|prohibited|not)|unable to relay|not (?:allowed|permitted) to relay|no relay/i;
const limitText =
  /(?:daily|hourly|sending|submission)[^.;]{0,40}(?:limit|quota)|submission ?quota|(?:exceeded|reached) (?:the|your) (?:maximum|limit)[^.;]{0,40}(?:messages|emails|recipients)/i;
const fullText =
  /(?:mailbox|quota|storage|inbox)[^.;]{0,40}(?:full|exceed|exhaust)|over ?quota|out of storage|exceed\w* (?:storage|quota|mailbox)/i;
const greyText = /gr[ae]y-?list/i;
const busyText = /receiving (?:mail|messages) (?:at a rate|too)/i;
const rateText = /rate ?limit|too many|too fast|unusual rate|throttl|thread limit|concurrent|server busy/i;
const blockText =
  /spam|block(?!ing)|(?:black|deny) ?list|reputation|polic(?:y|ies)|denied|banned|listed (?:at|by|in|on)|abuse|\brbl\b|dnsbl/i;
const contentText =
  /virus|malware|attachment|too (?:large|big)|message size|size (?:limit|exceed)|malformed|line (?:is )?too long|line length|bare (?:lf|cr)|potential security|(?:invalid|missing|duplicate) header/i;

/**
 * Google's and Microsoft's codes for a domain without SPF, DKIM, DMARC or alignment (support.google.com/a/answer/3726730; 550 5.7.515 and
 * 5.7.509 of Exchange Online), and the codes of RFC 7372.
 */
const domainAuth = /^[45]\.7\.(?:2[0-7]|29|3[0-2]|40|509|515)$/;

/** Sessions: no message is involved. The first row that matches decides. */
const sessionRows: readonly Row<Failure['cause']>[] = [
  { stages: ['auth'], text: /must issue (?:a )?starttls|encryption (?:is )?required/i, is: 'misconfigured' },
  // 504: this way to log in; 500 and 502: logging in at all. RFC 4954 §4
  { stages: ['auth'], code: /^50[024]$/, is: 'misconfigured' },
  { stages: ['auth'], code: /^432$/, enhanced: /^4\.3\./, is: 'rate' },
  // RFC 4954 §4.1: 432 asks for a change of the password; 503 is an error of the protocol.
  { stages: ['auth'], code: /^(?:432|5(?!03))/, is: 'auth' },
  { stages: ['auth'], code: temporary, is: 'auth_temporary' },
  { code: /^[45]/, text: rateText, is: 'rate' },
  { code: /^421$/, enhanced: /^4\.7\./, is: 'rate' },
  { is: 'host' },
];

const mailFrom: readonly Stage[] = ['mail_from'];
const rcptTo: readonly Stage[] = ['rcpt_to'];
const afterMailFrom: readonly Stage[] = ['rcpt_to', 'data', 'body'];

const deferred = (cause: Cause): Verdict => ({ outcome: 'deferred', cause });
const rejected = (cause: Cause): Verdict => ({ outcome: 'rejected', cause });

/** Messages. The first row that matches decides: the sender's side first, so that no recipient suffers for it. */
const messageRows: readonly Row<Verdict>[] = [
  // RFC 3463 §3.6: a wrong sequence of commands says nothing about the message.
  { code: /^503$/, is: deferred('transient') },
  { code: /^530$/, text: /starttls|encryption/i, is: deferred('misconfigured') },
  { code: /^530$/, is: deferred('auth') },
  // Microsoft: not authenticated, or not allowed to submit.
  { code: permanent, enhanced: /^5\.7\.(?:3|57|139)$/, is: deferred('auth') },

  // Limits of the sending mailbox. 5.4.5: Google; 5.1.90, 5.2.0 and 5.7.705: Microsoft.
  { enhanced: /^5\.(?:4\.5|1\.90|7\.705)$/, is: deferred('mailbox_limit') },
  { text: limitText, is: deferred('mailbox_limit') },
  { stages: mailFrom, enhanced: /^(?:4\.2\.1|[45]\.5\.3|5\.2\.[02])$/, is: deferred('mailbox_limit') },
  { stages: mailFrom, text: fullText, is: deferred('mailbox_limit') },

  // Throttling and reputation. 432 4.3.2: three connections at Microsoft.
  { code: /^432$/, is: deferred('rate') },
  { enhanced: /^4\.7\.(?:28|[56]\d\d)$/, is: deferred('rate') },
  { code: /^421$/, enhanced: /^4\.7\.0$/, is: deferred('rate') },

  { enhanced: domainAuth, is: deferred('domain_auth'), code: temporary },
  { enhanced: domainAuth, is: rejected('domain_auth'), code: permanent },

  // The mailbox must not use this sender, or not this server. 5.1.7 and 5.1.8: RFC 3463 §3.2; 5.7.60 and 5.2.252: Microsoft.
  { code: permanent, enhanced: /^5\.(?:1\.[78]|7\.60|2\.252|7\.50[1-3]|7\.708)$/, is: deferred('misconfigured') },
  { code: permanent, text: senderText, is: deferred('misconfigured') },
  { code: permanent, text: relayText, is: deferred('misconfigured') },
  { stages: mailFrom, code: /^552$/, is: rejected('content') },
  { stages: mailFrom, code: permanent, is: deferred('misconfigured') },
  { stages: mailFrom, code: temporary, text: rateText, is: deferred('rate') },
  { stages: mailFrom, is: deferred('transient') },

  // A recipient whose mailbox is full, or that gets too much.
  { stages: afterMailFrom, judged: ({ reason }) => reason === 'mailboxfull', is: deferred('mailbox_full') },
  { stages: afterMailFrom, text: busyText, is: deferred('greylisted') },
  { code: temporary, text: greyText, is: deferred('greylisted') },

  // Deferrals.
  { code: /^421$/, text: rateText, is: deferred('rate') },
  { stages: rcptTo, code: /^4(?!21)/, enhanced: /^4\.3\./, is: deferred('transient') },
  { stages: rcptTo, code: /^4(?!21)/, is: deferred('greylisted') },
  { code: temporary, is: deferred('transient') },

  // The message: its size or its parts.
  { enhanced: /^5\.(?:2\.3|3\.4|6\.\d+)$/, is: rejected('content') },

  // The recipient. Only a clear statement marks an address.
  { stages: afterMailFrom, code: permanent, judged: ({ verdict }) => verdict === 'hard', is: rejected('hard') },

  { enhanced: /^5\.7\.\d+$/, text: contentText, is: rejected('content') },
  { enhanced: /^5\.7\.\d+$/, is: rejected('block') },
  { stages: ['data', 'body'], code: permanent, text: contentText, is: rejected('content') },
  { code: /^552$/, is: rejected('content') },
  { code: permanent, text: blockText, is: rejected('block') },
  { code: permanent, is: rejected('block') },

  // The connection ended without an answer, before the body.
  { is: deferred('transient') },
];

const isSession: Readonly<Record<Stage, boolean>> = {
  dns: true,
  tcp: true,
  tls: true,
  greeting: true,
  capabilities: true,
  auth: true,
  folders: true,
  mail_from: false,
  rcpt_to: false,
  data: false,
  body: false,
};

/**
 * Decides what follows from an answer that did not accept a message, or from a connection that ended before the body. It does not decide
 * about connections that were lost after the body began: these are `unknown`.
 *
 * A rejection of the sender never has a cause of the recipient; an unclear one never marks the recipient.
 *
 * @example
 * verdictOf({ stage: 'rcpt_to', code: 550, enhanced: '5.1.1', text: 'No such user' }) // { outcome: 'rejected', cause: 'hard' }
 */
export function verdictOf(answer: Answer): Verdict {
  return isSession[answer.stage] ? deferred(sessionCauseOf(answer)) : first(messageRows, answer);
}

/** Why a session could not be opened. */
export function sessionCauseOf(answer: Answer): Failure['cause'] {
  if (settingsErrors.has(answer.error ?? '')) return 'misconfigured';
  return first(sessionRows, answer);
}

/** Why an IMAP session could not be opened. Its answers have no codes, but the response codes of RFC 5530 in their text. */
export function imapCauseOf({ stage, error, text }: Answer): Failure['cause'] {
  if (settingsErrors.has(error ?? '')) return 'misconfigured';
  if (error !== undefined && error !== null) return 'host';
  if (rateText.test(text) || /\[LIMIT\]|maximum number of connections/i.test(text)) return 'rate';
  if (stage !== 'auth') return 'host';
  return /\[(?:UNAVAILABLE|INUSE|SERVERBUG)\]|temporar|try again/i.test(text) ? 'auth_temporary' : 'auth';
}

/** Errors (`Answer.error`) that no retry can cure: the address must not be called, or not without TLS. */
const settingsErrors: ReadonlySet<string> = new Set(['EGRESS', 'PLAINTEXT', 'NOLOGIN']);

function first<Result>(rows: readonly Row<Result>[], answer: Answer): Result {
  const { stage, code, enhanced, text } = answer;
  let judgement: Judgement | undefined;
  const row = rows.find(
    (each) =>
      each.stages?.includes(stage) !== false &&
      (each.code === undefined || (code !== null && each.code.test(String(code)))) &&
      (each.enhanced === undefined || (enhanced !== null && each.enhanced.test(enhanced))) &&
      (each.text === undefined || (code !== null && each.text.test(text))) &&
      (each.judged === undefined || (code !== null && each.judged((judgement ??= judgementOf(answer))))),
  );
  if (row === undefined) throw new Error('unreachable: the last row matches everything');
  return row.is;
}

/** What an answer to a message means, as of a report. */
export const judgementOf = ({ stage, code, enhanced, text }: Answer): Judgement =>
  classify({
    action: 'failed',
    status: enhanced ?? undefined,
    text: text.startsWith(String(code)) ? text : `${code ?? ''} ${text}`,
    type: 'smtp',
    command: stage === 'rcpt_to' ? 'RCPT' : 'DATA',
    host: undefined,
    isCut: false,
  });

/**
 * Returns the enhanced status code (RFC 3463) of a reply: at its beginning, or marked with `#` as qmail does.
 *
 * @param text the reply without its code
 */
export function enhancedCode(code: number, text: string): string | null {
  const found = /^\s*([245]\.\d{1,3}\.\d{1,3})(?![.\d])/.exec(text) ?? /#([245]\.\d{1,3}\.\d{1,3})(?![.\d])/.exec(text);
  // A server that contradicts itself is taken at its reply code, except for 2.2: "552 4.2.2" is a full mailbox.
  return found?.[1] !== undefined && (found[1][0] === String(code)[0] || found[1].endsWith('.2.2')) ? found[1] : null;
}
