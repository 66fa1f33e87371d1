import { cut } from '../../base/cut.ts';
import { bytesOf } from './decode.ts';
import { isDeliveryStatus, isFeedback, isReturned } from './outline.ts';
import type { Part } from './outline.ts';
import { verdictOf } from './verdict.ts';
import type { DeliveryVerdict } from './verdict.ts';

/** One group of fields of a delivery report (RFC 3464 §2.3). */
export interface ReportedRecipient {
  /** The address that was written to, as far as the report names it: Original-Recipient, otherwise Final-Recipient. */
  readonly address: string | undefined;
  readonly finalRecipient: string | undefined;
  readonly verdict: DeliveryVerdict;
  readonly action: string | undefined;
  /** Enhanced status code (RFC 3463), such as `5.1.1`. */
  readonly status: string | undefined;
  readonly diagnostic: string | undefined;
  readonly remoteMta: string | undefined;
}

export interface DeliveryReport {
  readonly kind: 'delivery';
  readonly recipients: readonly ReportedRecipient[];
  readonly reportingMta: string | undefined;
  /** Of the message that the report is about. */
  readonly originalMessageId: string | undefined;
}

/** A complaint, or another report of an abuse desk (RFC 5965). */
export interface FeedbackReport {
  readonly kind: 'feedback';
  /** Such as `abuse`, `fraud`, `not-spam`, `auth-failure`; in lower case. */
  readonly feedbackType: string;
  /** Original-Rcpt-To, otherwise To of the returned message. */
  readonly recipients: readonly string[];
  readonly originalMessageId: string | undefined;
}

export type Report = DeliveryReport | FeedbackReport;

const recipientsMax = 100;
const valueCharactersMax = 1_000;
const bytesMax = 256 * 1024;

/**
 * Reads the report in a message's parts. Never throws.
 * @param inReplyTo names the message if the report does not return it, as Exchange does
 */
export function readReport(parts: readonly Part[], inReplyTo: string | undefined): Report | undefined {
  const text = (matches: (type: string) => boolean): string =>
    parts
      .filter(({ type }) => matches(type))
      .map((part) => bytesOf(part).toString('utf8', 0, bytesMax))
      .join('\n\n');
  const returned = groupsOf(text(isReturned))[0];
  const originalMessageId =
    /<[\x21-\x3b\x3d\x3f-\x7e]{1,898}>/.exec(returned?.get('message-id') ?? '')?.[0] ?? inReplyTo;
  const feedback = text(isFeedback);
  if (feedback !== '') {
    const groups = groupsOf(feedback);
    const type = groups.find((group) => group.has('feedback-type'))?.get('feedback-type');
    if (type === undefined) return undefined;
    const named = groups.flatMap((group) => group.get('original-rcpt-to') ?? []).flatMap(addressesIn);
    const recipients = named.length > 0 ? named : addressesIn(returned?.get('to') ?? '');
    return {
      kind: 'feedback',
      feedbackType: type.toLowerCase(),
      recipients: recipients.slice(0, recipientsMax),
      originalMessageId,
    };
  }
  const groups = groupsOf(text(isDeliveryStatus));
  const recipients = groups.filter(isOfRecipient).slice(0, recipientsMax).map(recipientOf);
  if (recipients.length === 0) return undefined;
  const reportingMta = groups.find((group) => group.has('reporting-mta'))?.get('reporting-mta');
  return { kind: 'delivery', recipients, reportingMta: withoutType(reportingMta), originalMessageId };
}

type Fields = ReadonlyMap<string, string>;

/** The groups of fields, which blank lines separate; the first value of each field, unfolded. */
function groupsOf(text: string): Fields[] {
  const groups: Map<string, string>[] = [];
  let fields: Map<string, string> | undefined;
  let name = '';
  for (const line of text.replaceAll('\0', '').split(/\r?\n/)) {
    if (line.trim() === '') {
      fields = undefined;
      continue;
    }
    if (fields === undefined) groups.push((fields = new Map<string, string>()));
    if (/^[ \t]/.test(line)) {
      const value = fields.get(name);
      if (value !== undefined && value.length < valueCharactersMax) fields.set(name, `${value} ${line.trim()}`);
      continue;
    }
    const colon = line.indexOf(':');
    const field = line.slice(0, Math.max(0, colon)).trim().toLowerCase();
    const isNew = field !== '' && !fields.has(field);
    name = isNew ? field : '';
    if (isNew) fields.set(field, line.slice(colon + 1).trim());
  }
  return groups.map((group) => new Map([...group].map(([key, value]) => [key, cut(value, valueCharactersMax)])));
}

const isOfRecipient = (group: Fields): boolean =>
  group.has('final-recipient') || group.has('original-recipient') || (group.has('action') && group.has('status'));

function recipientOf(group: Fields): ReportedRecipient {
  const finalRecipient = addressOf(group.get('final-recipient'));
  const action = /[a-z]+/.exec((group.get('action') ?? '').toLowerCase())?.[0];
  const diagnostic = withoutType(group.get('diagnostic-code'));
  const status = /(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])/.exec(group.get('status') ?? '')?.[0];
  return {
    address: addressOf(group.get('original-recipient')) ?? finalRecipient,
    finalRecipient,
    verdict: verdictOf(action, status, diagnostic ?? ''),
    action,
    status,
    diagnostic,
    remoteMta: withoutType(group.get('remote-mta')),
  };
}

/** RFC 3464 §2.1.2: `type; value`. */
const withoutType = (value: string | undefined): string | undefined => value?.replace(/^[a-z0-9-]+\s*;\s*/i, '').trim();

/** The address of a field, decoded: `utf-8` (RFC 6533 §3), or xtext (RFC 3461 §4) where only that gives an address. */
function addressOf(field: string | undefined): string | undefined {
  const [, type, value] = /^\s*([a-z0-9-]+)\s*;\s*(.*)$/is.exec(field ?? '') ?? [undefined, '', field ?? ''];
  const bare = (/<([^<>]*)>/.exec(value ?? '')?.[1] ?? value ?? '').trim();
  const decoded =
    type?.toLowerCase() === 'utf-8'
      ? bare.replaceAll(/\\x\{([0-9a-f]{1,6})\}/gi, (escape, hex: string) => characterOf(hex) ?? escape)
      : bare.includes('@')
        ? bare
        : bare.replaceAll(/\+([0-9A-F]{2})/g, (escape, hex: string) => characterOf(hex) ?? escape);
  return /^[^\s@<>]+@[^\s@<>]+$/.test(decoded) && decoded.length <= 320 ? decoded.toWellFormed() : undefined;
}

function characterOf(hex: string): string | undefined {
  const code = Number.parseInt(hex, 16);
  return code > 0x1f && code <= 0x10ffff ? String.fromCodePoint(code) : undefined;
}

const addressesIn = (text: string): string[] =>
  (text.match(/[^\s@<>,;:"()]+@[^\s@<>,;:"()]+/g) ?? []).filter((address) => address.length <= 320);
