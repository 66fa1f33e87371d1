import { isAddress } from '../fields.ts';
import type { Format } from '../notice.ts';
import { lineFormat } from './lines.ts';

const ends = /^(?:Reporting-MTA:|Return-Path:|Received: |--[0-9A-Za-z./_=-]{8,})/;

/** Postfix, and what is built on it: Yandex, mail.ru's fallback, Barracuda, Symantec and Apple gateways. */
export const postfix = lineFormat({
  name: 'postfix',
  opening:
    /^(?:This is the (?:\S+ ){0,6}(?:mail system|postfix program|mail delivery agent|\S+ program) at |I'm sorry to have to inform you that (?:your|the) message|Your message could not be delivered (?:for more|to)|####+ THIS IS A WARNING)/i,
  recipient: /^\s{0,4}<(?<address>[^<>\s]+)>(?: \(expanded from <[^>]*>\))?:\s*(?<text>.*)$/,
  ends,
  delayed: /^# THIS IS A WARNING ONLY|^It will be retried until|^Delayed Mail \(still being retried\)/,
});

/** The same report in Russian. */
export const yandex = lineFormat({
  name: 'yandex',
  opening: /^Это письмо отправлено почтовым сервером/,
  recipient: /^<(?<address>[^<>\s]+)>:\s*(?<text>.*)$/,
  ends,
});

/** What Postfix tells its postmaster of a session that failed: the last recipient before the first refusal. */
export const postfixSession: Format = {
  name: 'postfix-session',
  matches: ({ subject, lines }) =>
    subject.startsWith('Postfix SMTP server: errors from ') &&
    lines.some((line) => /^Transcript of session follows\.$/.test(line)),
  read({ lines }) {
    const refusal = lines.findIndex((line) => /^ Out: [45]\d\d/.test(line));
    const before = lines.slice(0, Math.max(0, refusal));
    const address =
      /RCPT\s+TO:\s*<([^<>\s]+)>/i.exec(before.findLast((line) => /RCPT\s+TO:/i.test(line)) ?? '')?.[1] ?? '';
    const command = /^ In: {1,2}(MAIL|RCPT|DATA)\b/.exec(
      before.findLast((line) => line.startsWith(' In: ')) ?? '',
    )?.[1];
    if (!isAddress(address)) return [];
    return [
      {
        address,
        text: (lines[refusal] ?? '').replace(/^ Out: /, ''),
        action: 'failed',
        command: command === 'MAIL' || command === 'RCPT' || command === 'DATA' ? command : undefined,
      },
    ];
  },
};
