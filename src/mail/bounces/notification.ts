import { complainer } from './feedback.ts';
import { isAddress } from './fields.ts';
import { judged } from './judged.ts';
import type { Notice } from './notice.ts';
import type { Report, ReportedRecipient } from './types.ts';

/** Amazon SES through SNS to an email address: docs.aws.amazon.com/ses/latest/dg/notification-contents.html */
export function readNotification({ lines, header, from }: Notice): Omit<Report, 'originalMessageId'> | undefined {
  if (header('x-amz-sns-message-id') === '' && !/@sns\.amazonaws\.com>/i.test(from)) return undefined;
  const outer = asObject(parsed(lines.join('\n')));
  // SNS wraps the event in its own, as a text.
  const event = typeof outer?.['Message'] === 'string' ? asObject(parsed(outer['Message'])) : outer;
  const kind = textOf(event?.['notificationType'] ?? event?.['eventType']);
  const part = asObject(event?.[kind.toLowerCase()]);
  if (event === undefined || part === undefined) return undefined;
  if (kind === 'Complaint')
    return {
      kind: 'complaint',
      because: 'ses_complaint',
      recipients: addresses(part['complainedRecipients']).map(({ address }) => complainer(address)),
      feedbackType: textOf(part['complaintFeedbackType']) || 'abuse',
    };
  if (kind === 'Bounce')
    return {
      kind: 'bounce',
      because: 'ses_bounce',
      feedbackType: undefined,
      recipients: addresses(part['bouncedRecipients']).map(({ address, fields }): ReportedRecipient => {
        const isSuppressed = textOf(part['bounceSubType']) === 'Suppressed';
        return judged({
          address,
          others: [],
          action: textOf(fields['action']) || 'failed',
          status: textOf(fields['status']) || undefined,
          text: textOf(fields['diagnosticCode']).replace(/^smtp; ?/i, ''),
          type: 'smtp',
          command: undefined,
          host: undefined,
          isCut: false,
          ...(isSuppressed ? { reason: 'suppressed' } : {}),
        });
      }),
    };
  if (kind !== 'Delivery') return undefined;
  const to = Array.isArray(part['recipients']) ? part['recipients'].map(textOf).filter(isAddress) : [];
  return {
    kind: 'not_a_bounce',
    because: 'ses_delivery',
    feedbackType: undefined,
    recipients: to.map((address) =>
      judged({
        address,
        others: [],
        action: 'delivered',
        status: '2.6.0',
        text: textOf(part['smtpResponse']),
        type: 'smtp',
        command: undefined,
        host: undefined,
        isCut: false,
      }),
    ),
  };
}

/** The object at the beginning of a text; lines may have been folded at 2,048 characters, with a blank. */
function parsed(text: string): unknown {
  const start = text.indexOf('{');
  const end = text.lastIndexOf('}', text.includes('\n--\n') ? text.indexOf('\n--\n') : undefined);
  if (start === -1 || end <= start) return undefined;
  const json = text.slice(start, end + 1);
  for (const candidate of [json, json.replaceAll(/!?\n ?/g, '')])
    try {
      return JSON.parse(candidate) as unknown;
    } catch {
      // Folded in another way, or cut.
    }
  return undefined;
}

type Json = Readonly<Record<string, unknown>>;

const asObject = (value: unknown): Json | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Json) : undefined;

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

const addresses = (list: unknown): { address: string; fields: Json }[] =>
  (Array.isArray(list) ? list.slice(0, 100) : []).flatMap((each: unknown) => {
    const fields = asObject(each);
    const address = textOf(fields?.['emailAddress']).replace(/^.*<([^<>]+)>.*$/, '$1');
    return fields === undefined || !isAddress(address) ? [] : [{ address, fields }];
  });
