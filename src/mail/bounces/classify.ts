import { cut } from '../../base/cut.ts';
import { commandIn } from './command.ts';
import { providers } from './hosts/providers.ts';
import { addressRules, strongRules, weakRules } from './reasons.ts';
import type { TextRule } from './reasons.ts';
import { reasonOfStatus } from './statuses.ts';
import type { Command, Failure, Reason, Verdict } from './types.ts';

/** What is known of a refusal, from whichever door: an SMTP answer, a report, a provider's event. */
export type Refusal = Pick<Failure, 'action' | 'status' | 'text' | 'type' | 'command' | 'host' | 'isCut'>;

export interface Judgement {
  readonly reason: Reason;
  readonly verdict: Verdict;
  /** The most exact code; empty if there is none. */
  readonly status: string;
}

/**
 * Judges a refusal. Conservative: `hard`, which ends all mail to an address, only for a code or a text that says that the address, its
 * domain or its mailbox is gone, never for a temporary code, never if the text gives another reason as well, and never for a text that was cut.
 * @example
 * classify({ text: '550 5.1.1 User unknown', … }) // { reason: 'userunknown', verdict: 'hard', status: '5.1.1' }
 */
export function classify(refusal: Refusal, known?: Reason): Judgement {
  const text = plain(refusal.text);
  const code = replyCode(text);
  const status = exactStatus(refusal.status, text, code);
  if (isDelivered(refusal, status)) return { reason: 'delivered', verdict: 'delivered', status };
  const reason = known ?? reasonOf(refusal, text, status, code);
  return { reason, verdict: verdictOf(refusal, reason, text, status, code), status };
}

const textCharactersMax = 2_000;

/** In lower case, on one line, without what addresses and paths say. */
function plain(text: string): string {
  return cut(text, textCharactersMax)
    .toLowerCase()
    .replaceAll(/https?:\/\/([^\s/<>)]{1,200})[^\s<>)]*/g, '//$1')
    .replaceAll(/[^\s<>@,;:()[\]"']{1,200}@[^\s<>@,;:()[\]"']{1,255}/g, 'x@x')
    .replaceAll(/[\s\0]+/g, ' ')
    .replaceAll('’', "'")
    .trim();
}

/** The reply code of the text (RFC 5321 §4.2), with which an answer or a part of it begins. */
function replyCode(text: string): string {
  return (
    /(?:^|[\s:;"'(>])([245][0-5]\d)(?=[\s-](?!\d{1,3}\.\d{1,3}\.\d)|[\s-]\d\.\d{1,3}\.\d|$|[:,])/.exec(text)?.[1] ?? ''
  );
}

const statusText = /(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?![\d.]*\d)/g;

/** The status in the remote server's text is more exact than that of the reporting server if that is general, such as 5.0.0. */
function exactStatus(reported: string | undefined, text: string, code: string): string {
  if (reported !== undefined && !/^[245]\.\d{1,3}\.0$/.test(reported)) return reported;
  const said = [...text.matchAll(statusText)]
    .map(([, each = '']) => each)
    .filter((each) => code === '' || each[0] === code[0]);
  const exact = said.find((each) => !each.endsWith('.0.0')) ?? said[0];
  return exact === undefined || (reported !== undefined && exact.endsWith('.0')) ? (reported ?? '') : exact;
}

function isDelivered({ action }: Refusal, status: string): boolean {
  return action === undefined || action === ''
    ? status.startsWith('2.')
    : ['delivered', 'relayed', 'expanded', 'deliverable'].includes(action);
}

/** Codes that are exact enough to go before the text. */
const exactCodes = /^[45]\.(?:1\.[678]|2\.[23]|3\.4|7\.(?:1[78]|2[0-7]|509|515))$/;

function reasonOf(refusal: Refusal, text: string, status: string, code: string): Reason {
  const first = (rules: readonly TextRule[]): Reason | undefined => rules.find(([pattern]) => pattern.test(text))?.[1];
  const { action, type } = refusal;
  const command = refusal.command ?? commandIn(refusal.text);
  const hosts = hostsOf(refusal);
  const provider = providers.find(
    (each) => hosts.some((host) => each.hosts.test(host)) || each.signature?.test(text) === true,
  );
  const byStatus = reasonOfStatus(status);
  const byText =
    (provider && first(provider.rules)) ??
    (exactCodes.test(status) && first(strongRules) !== 'mailboxfull' ? byStatus : undefined) ??
    first(strongRules);
  if (byText !== undefined) return byText;
  const ofAddress = first(addressRules);
  if (ofAddress !== undefined && ofAddress !== 'userunknown')
    return ofAddress === 'notaccept' && status.endsWith('.1.2') ? 'hostunknown' : ofAddress;
  if (byStatus === 'userunknown' || byStatus === 'hostunknown') return ofAddress ?? byStatus;
  // What is refused after the content was sent is refused for the content, whatever the text says.
  if (ofAddress === 'userunknown') return command === 'DATA' ? 'filtered' : ofAddress;
  if (type === 'x-unix') return 'mailererror';
  const weak = first(weakRules);
  const byCommand = command === undefined ? undefined : commandReasons[command];
  if (weak !== undefined && !(weak === 'securityerror' && byCommand !== undefined)) return weak;
  if (byCommand !== undefined) return byCommand;
  if (byStatus !== undefined) return byStatus;
  if (action === 'delayed' || action === 'expired') return 'expired';
  if (code === '556' || code === '521') return 'notaccept';
  return text === '' ? 'undefined' : 'onhold';
}

const commandReasons: Partial<Record<Command, Reason>> = {
  CONN: 'blocked',
  EHLO: 'blocked',
  MAIL: 'rejected',
  STARTTLS: 'failedstarttls',
};

const hostsOf = ({ host }: Refusal): string[] =>
  host === undefined ? [] : (host.toLowerCase().match(/[a-z0-9_-]+(?:\.[a-z0-9_-]+)+/g) ?? []);

/** Reasons that end all mail to an address. */
const gone: ReadonlySet<Reason> = new Set([
  'userunknown',
  'hostunknown',
  'hasmoved',
  'notaccept',
  'suspend',
  'filtered',
]);

const verdicts: Readonly<Record<Reason, Verdict>> = {
  authfailure: 'auth',
  badreputation: 'block',
  blocked: 'block',
  contenterror: 'policy',
  delivered: 'delivered',
  exceedlimit: 'policy',
  expired: 'soft',
  failedstarttls: 'soft',
  feedback: null,
  filtered: 'block',
  hasmoved: 'hard',
  hostunknown: 'hard',
  mailboxfull: 'soft',
  mailererror: 'soft',
  mesgtoobig: 'policy',
  networkerror: 'soft',
  norelaying: 'policy',
  notaccept: 'hard',
  notcompliantrfc: 'policy',
  onhold: 'soft',
  policyviolation: 'policy',
  rejected: 'block',
  requireptr: 'block',
  securityerror: 'policy',
  spamdetected: 'block',
  speeding: 'limit',
  suppressed: 'block',
  suspend: 'hard',
  syntaxerror: 'soft',
  systemerror: 'soft',
  systemfull: 'soft',
  toomanyconn: 'limit',
  undefined: null,
  userunknown: 'hard',
  vacation: null,
  virusdetected: 'block',
};

function verdictOf({ action, isCut }: Refusal, reason: Reason, text: string, status: string, code: string): Verdict {
  if (action === 'delayed') return 'delayed';
  const verdict = verdicts[reason];
  if (!gone.has(reason)) return verdict;
  if (isCut) return 'soft';
  if (reason === 'filtered')
    return saysUnknown(text) && (/^5\.(?:1\.1|2\.1)$/.test(status) || /^55\d$/.test(code)) ? 'hard' : verdict;
  // The words of RFC 5321 §4.2.2 for 550, which is also "rejected for policy reasons".
  if (/^$|\.0\.0$/.test(status) && /action not taken: mailbox unavailable/.test(text)) return 'soft';
  // A name that does not exist is permanent, whatever the resolver's status.
  const isTemporary =
    (status.startsWith('4.') || code.startsWith('4')) && !/nxdomain|null mx|nonexistentdomain/.test(text);
  return isTemporary ? 'soft' : 'hard';
}

const saysUnknown = (text: string): boolean =>
  addressRules.find(([pattern]) => pattern.test(text))?.[1] === 'userunknown';
