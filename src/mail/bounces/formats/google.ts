import { own } from '../../../base/own.ts';
import { addressesIn } from '../fields.ts';
import type { Command } from '../types.ts';
import type { Format } from '../notice.ts';
import { hostIn, lineFormat } from './lines.ts';

/** What Gmail's client was doing, by its number. */
const states: Readonly<Record<string, Command>> = {
  5: 'EHLO',
  6: 'STARTTLS',
  8: 'AUTH',
  9: 'AUTH',
  12: 'AUTH',
  14: 'RCPT',
  15: 'DATA',
  17: 'DATA',
  18: 'DATA',
};

const gmailText = lineFormat({
  name: 'gmail',
  opening:
    /^Delivery to the following recipients? (?:failed permanently|has been delayed|was delayed)|^\*\* (?:Address not found|Message (?:not delivered|blocked|too large)|Delivery (?:incomplete|failed))/i,
  recipient: /^\s+(?<address>[^@\s<>]+@[^@\s<>]+)\s*$/,
  ends: /^-{5} Original message -{5}|^Learn more here/,
  ignores: /^Technical details of/,
  delayed: /has been delayed|was delayed|Message will be retried/,
});

/** Gmail before it sent reports of RFC 3464. */
export const gmail: Format = {
  ...gmailText,
  read: (notice) =>
    gmailText.read(notice).map((found) => {
      const answer = /error that the other server returned was:\s*(.*)$/i.exec(found.text)?.[1];
      const state = /\(state (\d{1,2})\)/.exec(found.text)?.[1] ?? '';
      const text = (answer ?? found.text)
        .replace(/\(state \d+\)/, '')
        .replace(/We recommend contacting .*? this error\./, '');
      const command = own(states, state) ?? found.command;
      // Refused after the content was sent, without a code or a word that says why: for the content.
      const isFiltered = command === 'DATA' && !/\b5\.\d{1,3}\.[1-9]|full|quota|spam|block|virus/i.test(text);
      const reason = isFiltered ? ('filtered' as const) : undefined;
      return { ...found, text: text.trim(), command, host: hostIn(found.text), ...(reason && { reason }) };
    }),
};

/** Google Groups, in any language: the group does not exist, or does not take what outsiders write. */
export const googleGroups: Format = {
  name: 'google-groups',
  matches: (notice) =>
    notice.isFromServer &&
    /google/i.test(notice.from) &&
    notice.message.headers.has('x-failed-recipients') &&
    /\bgroups\.google\.com\/|^Google Groups\s*$/m.test(notice.message.text),
  read: (notice) =>
    addressesIn(notice.header('x-failed-recipients')).map((address) => ({
      address,
      text: 'The group does not exist, or the sender may not write to it.',
      action: 'failed',
      reason: 'rejected',
    })),
};
