import { lineFormat } from './lines.ts';

/** au and EZweb. */
export const ezweb = lineFormat({
  name: 'ezweb',
  from: /@(?:\S+\.)?(?:ezweb\.ne\.jp|au\.com)>/i,
  opening:
    /^(?:\s*<[^@<>\s]+@[^@<>\s]+>$|Each of the following recipients|The user\(s\) |Your message was not delivered|The following recipients|The original message was|The requested|\s*Recipient: )/i,
  recipient: /^\s*(?:Recipient: )?<(?<address>[^<>\s]+)>:?\s*(?<text>.*)$/,
  ends: /^-{20,}|^Received: |^--[=\w/-]{8,}/,
  shared: /^(?:Each of|The user\(s\)|Your message was|The following|Remote host|mail server\.?$)/i,
  reason: (text, { header }) =>
    /^NG\b/.test(header('x-spasign'))
      ? 'filtered'
      : /\b[45]\d\d\b/.test(text)
        ? undefined
        : /over quota/i.test(text)
          ? 'mailboxfull'
          : /account is (?:disabled|(?:temporarily )?limited)/i.test(text)
            ? 'suspend'
            : /not delivered within|not responding/i.test(text)
              ? 'expired'
              : /did not receive/i.test(text)
                ? 'notaccept'
                : undefined,
});

/** KDDI's mail for companies and SIM cards. */
export const kddi = lineFormat({
  name: 'kddi',
  sender: /(?:postmaster|no-?reply|mailer-daemon)@(?:\S+\.)?(?:dion\.ne\.jp|auone-net\.jp|au\.com|ezweb\.ne\.jp)>/i,
  opening: /^\s*Your mail (?:sent on|attempted to be delivered on)\b/i,
  recipient:
    /^\s*(?:(?:Could not be delivered to|was rejected by):? *|: *)?<?(?<address>[^@<>\s:]+@[^@<>\s:]+)>?\s*(?<text>.*)$/i,
  ends: /^Received: |^--[=\w/-]{8,}/,
  ignores: /^Your mail/,
  reason: (text, { header }) =>
    /^NG\b/.test(header('x-spasign')) ? 'filtered' : /SMTP relay error/.test(text) ? 'norelaying' : undefined,
});

/** Digital Arts m-FILTER, which answers after it has seen the content. */
export const mFilter = lineFormat({
  name: 'm-filter',
  opening: /m-FILTER/,
  recipient: /^\s*(?<address>[^@<>\s]+@[^@<>\s]+)\s*$/,
  ends: /^-{3,} ?original (?:message|mail info)/i,
  ignores: /^-{3,} ?server message/i,
});

/** fml, a mailing list manager. */
export const fml = lineFormat({
  name: 'fml',
  header: ['x-mlserver', /fml/i],
  opening: /<[^@<>\s]+@[^@<>\s]+>/,
  recipient: /^(?<text>.*?)<(?<address>[^@<>\s]+@[^@<>\s]+)>/,
  ends: /^Original mail as follows/,
  reason: (text, { subject }) =>
    /member|reject|spammer|may cause mail loop/i.test(text + subject)
      ? 'rejected'
      : /security alert/i.test(text + subject)
        ? 'securityerror'
        : 'systemerror',
});
