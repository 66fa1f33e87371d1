import { addressesIn, addressOf, groupsOf } from './fields.ts';
import type { Notice } from './notice.ts';
import type { Report, ReportedRecipient } from './types.ts';

/** Types of feedback reports that are no complaint of a person. RFC 5965 §7.3, RFC 6591, RFC 6590 */
const noComplaints: ReadonlySet<string> = new Set(['auth-failure', 'not-spam', 'dmarc']);

/** Where a complaint hides its recipient, as providers may (RFC 6590). */
const hidden = 'undisclosed-recipient-in-headers@libsisimai.org.invalid';

/** Reads a feedback report (RFC 5965), or the message by which Apple Mail unsubscribes. @returns undefined for other messages */
export function readFeedback(notice: Notice): Omit<Report, 'originalMessageId'> | undefined {
  const { message, header } = notice;
  if (message.forMachines.feedback === '') {
    if (isUnmarked(notice)) return complaintOf(notice, 'abuse');
    if (!/^true$/i.test(header('x-apple-unsubscribe'))) return undefined;
    const address = message.from?.address;
    return {
      kind: 'complaint',
      because: 'apple_unsubscribe',
      recipients: address === undefined ? [] : [complainer(address)],
      feedbackType: 'opt-out',
    };
  }
  const type = groupsOf(message.forMachines.feedback)
    .find((group) => group.has('feedback-type'))
    ?.get('feedback-type')
    ?.trim()
    .toLowerCase();
  if (type === undefined || type === '') return undefined;
  return complaintOf(notice, type);
}

/** Microsoft's and Amazon's complaints without a part for machines. */
const isUnmarked = ({ from, subject }: Notice): boolean =>
  /<(?:staff@hotmail\.com|complaints@(?:\S+\.)?amazonses\.com)>/i.test(from) &&
  /^complaint about message from /i.test(subject);

function complaintOf({ message: { forMachines } }: Notice, type: string): Omit<Report, 'originalMessageId'> {
  const groups = groupsOf(forMachines.feedback);
  const field = (name: string): string[] => groups.flatMap((group) => addressOf(group.get(name)) ?? []);
  const returned = groupsOf(forMachines.returned)[0];
  const named = [...field('original-rcpt-to'), ...field('removal-recipient')];
  const written = [
    returned?.get('x-hmxmroriginalrecipient'),
    returned?.get('to'),
    returned?.get('delivered-to'),
  ].flatMap((value) => addressesIn(value ?? ''));
  const addresses = named.length > 0 ? [...new Set(named)] : written.slice(0, 1);
  return {
    kind: noComplaints.has(type) ? 'not_a_bounce' : 'complaint',
    because: `feedback_${type.replaceAll(/[^a-z]+/g, '_')}`,
    recipients: (addresses.length > 0 ? addresses : [hidden]).map(complainer),
    feedbackType: type,
  };
}

export const complainer = (address: string): ReportedRecipient => ({
  address,
  others: [],
  verdict: null,
  reason: 'feedback',
  action: '',
  status: '',
  diagnostic: '',
});
