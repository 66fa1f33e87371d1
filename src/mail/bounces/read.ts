import { classify } from './classify.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { readStatus } from './delivery-status.ts';
import type { Status } from './delivery-status.ts';
import { readFeedback } from './feedback.ts';
import { addressesIn, groupsOf } from './fields.ts';
import { formats } from './formats/formats.ts';
import { judged } from './judged.ts';
import { noticeOf } from './notice.ts';
import type { Found, Notice } from './notice.ts';
import { readNotification } from './notification.ts';
import { machineOf } from './machine.ts';
import type { Failure, Report } from './types.ts';

/**
 * Decides what a message is, and reads what a report says: the fields of RFC 3464 and RFC 5965 first, then what servers write for people.
 * Pure; never throws. A message that quotes, forwards or attaches a report is none.
 * @example
 * const { kind, recipients } = readReport(message);
 * if (kind === 'bounce') for (const { address, verdict } of recipients) …
 */
export function readReport(message: ParsedMessage): Report {
  const notice = noticeOf(message);
  const originalMessageId = originalIdOf(notice);
  const report = readFeedback(notice) ?? readNotification(notice);
  if (report !== undefined) return { ...report, originalMessageId };
  const none = (kind: Report['kind'], because: string): Report => ({
    kind,
    because,
    recipients: [],
    originalMessageId,
    feedbackType: undefined,
  });
  const { types } = message.forMachines;
  if (types.includes('message/disposition-notification')) return none('not_a_bounce', 'read_receipt');
  const failures = failuresIn(notice);
  if (failures !== undefined) {
    const recipients = failures.map(judged);
    const isSuccess = recipients.every(({ verdict }) => verdict === 'delivered');
    return {
      kind: isSuccess ? 'not_a_bounce' : 'bounce',
      because: isSuccess ? 'success_report' : 'delivery_report',
      recipients,
      originalMessageId,
      feedbackType: undefined,
    };
  }
  if (types.includes('text/calendar')) return none('not_a_bounce', 'calendar');
  if (isAggregate(notice)) return none('not_a_bounce', 'aggregate_report');
  if (machineOf(message).isAutomatic)
    return {
      ...none('auto_reply', 'automatic'),
      recipients: (message.from === undefined ? [] : [message.from.address]).map((address) => ({
        address,
        others: [],
        verdict: null,
        reason: 'vacation',
        action: '',
        status: '',
        diagnostic: '',
      })),
    };
  return isAnswer(notice) ? none('reply', 'person') : none('not_a_bounce', 'person');
}

/** The failures of a report; undefined if the message is none. */
function failuresIn(notice: Notice): Failure[] | undefined {
  const { areWhole } = notice.message.forMachines;
  const isPerson = !notice.isFromServer;
  const status = notice.status ?? (isPerson ? undefined : (fieldsInText(notice) ?? fieldsInReturned(notice)));
  const found = explanations(notice);
  if (status !== undefined && status.failures.length > 0) {
    const merged = merge(status, found, notice);
    const lastCut = !areWhole;
    return merged.map((failure, index) => ({ ...failure, isCut: lastCut && index === merged.length - 1 }));
  }
  if (found.length > 0)
    return found.map((each) => ({
      ...textFailure(each),
      isCut: each.isLast !== false && !areWhole,
    }));
  return isPerson ? undefined : fallback(notice);
}

const textFailure = ({
  address,
  others = [],
  action,
  status,
  text,
  command,
  host,
  reason,
}: Found): Omit<Failure, 'isCut'> => ({
  address,
  others,
  action: action ?? 'failed',
  status,
  text,
  type: '',
  command,
  host,
  ...(reason === undefined ? {} : { reason }),
});

function explanations(notice: Notice): readonly Found[] {
  for (const format of formats) {
    if (!format.matches(notice)) continue;
    const found = format.read(notice);
    if (found.length > 0) return unique(found);
  }
  return [];
}

/** A report may name a recipient twice, in two languages. */
const unique = (found: readonly Found[]): Found[] =>
  [...new Map(found.toReversed().map((each) => [each.address.toLowerCase(), each])).values()].toReversed();

/** Fields of a delivery report that are in the text, because the message has no parts or wrong ones. */
function fieldsInText({ lines }: Notice): Status | undefined {
  const start = lines.findIndex((line) => /^(?:Reporting-MTA|Final-Recipient|Original-Recipient|Action):/i.test(line));
  return start === -1 ? undefined : readStatus(lines.slice(start).join('\n'));
}

/** Fields of a report that a server wraps in another message. */
function fieldsInReturned({ message: { forMachines } }: Notice): Status | undefined {
  const start = forMachines.returned.search(/^Content-Type: *message\/(?:global-)?delivery-status/im);
  return start === -1 ? undefined : readStatus(forMachines.returned.slice(start));
}

/** Fields say who and what; the text for people often says more of why, and when it was refused. */
function merge({ failures, reportingMta }: Status, found: readonly Found[], notice: Notice): Omit<Failure, 'isCut'>[] {
  const failed = addressesIn(notice.header('x-failed-recipients'));
  return failures.flatMap((failure) => {
    const names = [failure.address, ...failure.others].map((each) => each.toLowerCase());
    const explained =
      found.find(({ address, others = [] }) =>
        [address, ...others].some((each) => names.includes(each.toLowerCase())),
      ) ?? (failures.length === 1 && found.length === 1 ? found[0] : undefined);
    const address = failure.address === '' ? (explained?.address ?? failed[0]) : failure.address;
    if (address === undefined) return [];
    const text = moreOf(failure.text, explained?.text ?? '');
    return {
      ...failure,
      address,
      text,
      command: explained?.command,
      host: failure.host ?? explained?.host ?? reportingMta,
      action:
        failure.action ??
        (failure.status?.startsWith('2.') === true
          ? undefined
          : failure.status?.startsWith('4.') === true
            ? 'delayed'
            : 'failed'),
      ...(explained?.reason === undefined ? {} : { reason: explained.reason }),
    };
  });
}

/** The diagnostic code, and the explanation if that says more: Sendmail gives only the first line of an answer, Postfix may give none. */
function moreOf(diagnostic: string, explanation: string): string {
  if (explanation === '') return diagnostic;
  if (diagnostic === '') return explanation;
  const says = (text: string) =>
    classify({ text, action: 'failed', status: undefined, type: '', command: undefined, host: undefined, isCut: false })
      .reason;
  const vague = new Set(['onhold', 'undefined', 'systemerror', 'expired', 'securityerror', 'networkerror']);
  if (!vague.has(says(diagnostic))) return diagnostic;
  return explanation.includes(diagnostic) ? explanation : `${diagnostic} ${explanation}`;
}

const undelivered =
  /\b(?:undeliver|non[- ]?deliver|delivery (?:status|fail|notif|problem|error)|fail(?:ure|ed)\b.{0,20}(?:notice|deliver|mail|message)|returned mail|mail delivery|could ?n[o']t be delivered|not be delivered|unzustellbar|mail error|bounce)|failure notice|mail failed|配信|不達|送信できません|недоставлен|non remis|no entregado|niet bezorgd|mancata consegna/i;

/** A daemon's report in words that no format knows: what it names, but never hard unless a code says so. */
function fallback(notice: Notice): Failure[] | undefined {
  const { message, lines, subject } = notice;
  const failed = addressesIn(notice.header('x-failed-recipients'));
  if (failed.length === 0 && !undelivered.test(subject)) return undefined;
  if (isQuotedReply(notice)) return undefined;
  const end = lines.findIndex((line) => /^-{3}.*(?:original|copy|returned)|^(?:Received|Return-Path): /i.test(line));
  const text = lines
    .slice(0, end === -1 ? 60 : Math.min(end, 60))
    .join(' ')
    .trim();
  const returned = groupsOf(message.forMachines.returned)[0];
  const own = new Set(
    [...addressesIn(notice.from), ...message.to.map(({ address }) => address)].map((each) => each.toLowerCase()),
  );
  const named = addressesIn(text).filter(
    (each) => !own.has(each.toLowerCase()) && !/postmaster|mailer-daemon|support|help/i.test(each),
  );
  const addresses =
    failed.length > 0
      ? failed
      : named.length > 0
        ? named.slice(0, 1)
        : addressesIn(returned?.get('to') ?? '').slice(0, 1);
  if (addresses.length === 0) return undefined;
  const isDelayed = /delay|warning|still being|noch nicht/i.test(subject);
  return addresses.map((address) => ({
    ...textFailure({ address, text, action: isDelayed ? 'delayed' : 'failed' }),
    isCut: !message.forMachines.areWhole || !/\b5\.\d\.\d|\b55\d\b/.test(text),
  }));
}

/** A person at postmaster@ answers in a thread. */
const isQuotedReply = ({ subject, message }: Notice): boolean =>
  /^\s*(?:re|aw|fwd?|wg|sv|tr|rif)\s*:/i.test(subject) && message.forMachines.returned === '';

const isAggregate = ({ subject, message }: Notice): boolean =>
  /\breport domain:|\btls(?:rpt)? report|report-id:/i.test(subject) ||
  message.attachments.some(
    ({ filename = '', type }) =>
      /![^!]+!\d*.*\.(?:xml|json|zip|gz)/i.test(filename) || type === 'application/tlsrpt+gzip',
  );

const isAnswer = ({ subject, message }: Notice): boolean =>
  message.inReplyTo !== undefined ||
  message.references.length > 0 ||
  /^\s*(?:re|aw|sv|antw|odp|rif|res|回复|答复)\s*[:：]/i.test(subject);

/** The message that a report is about: by the returned headers, by the fields of Google, or by In-Reply-To, as Exchange does. */
function originalIdOf({ message, status }: Notice): string | undefined {
  const id = /<[\x21-\x3b\x3d\x3f-\x7e]{1,898}>/;
  return (
    id.exec(groupsOf(message.forMachines.returned)[0]?.get('message-id') ?? '')?.[0] ??
    status?.originalMessageId ??
    message.inReplyTo ??
    id.exec(/^\s*Message-Id:\s*(<.*>)/im.exec(message.text)?.[1] ?? '')?.[0]
  );
}
