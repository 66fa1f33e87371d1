import { lineFormat } from './lines.ts';

/** au and EZweb. */
export const ezweb = lineFormat({
  name: 'ezweb',
  from: /@(?:\S+\.)?(?:ezweb\.ne\.jp|au\.com)>/i,
  opening:
    /^(?:\s*<[^<>\s]+@[^<>\s]+>$|Each of the following recipients|The user\(s\) |Your message was not delivered|The following recipients|The original message was|The requested|\s*Recipient: )/i,
  recipient: /^\s*(?:Recipient: )?<(?<address>[^<>\s]+)>\s*(?<text>)$/,
  ends: /^-{20,}|^Received: |^--[=\w/-]{8,}/,
  shared: /^(?:Each of|The user\(s\)|Your message was|The following|Remote host|mail server\.?$)/i,
  reason: (text) =>
    /\b[45]\d\d\b/.test(text)
      ? undefined
      : /over quota/i.test(text)
        ? 'mailboxfull'
        : /account is (?:disabled|limited)/i.test(text)
          ? 'suspend'
          : /not delivered within|not responding/i.test(text)
            ? 'expired'
            : /did not receive/i.test(text)
              ? 'notaccept'
              : /rejected by a remote/i.test(text)
                ? 'filtered'
                : undefined,
});

/** KDDI's mail for companies and SIM cards. */
export const kddi = lineFormat({
  name: 'kddi',
  sender: /(?:postmaster|no-?reply|mailer-daemon)@(?:\S+\.)?(?:dion\.ne\.jp|auone-net\.jp|au\.com|ezweb\.ne\.jp)>/i,
  opening: /^\s*Your mail (?:sent on|attempted to be delivered on)\b/i,
  recipient:
    /^\s*(?:Could not be delivered to|was rejected by)?:? *<?(?<address>[^<>\s:]+@[^<>\s:]+)>?\s*(?<text>.*)$/i,
  ends: /^Received: |^--[=\w/-]{8,}/,
  ignores: /^Your mail/,
});

/** Digital Arts m-FILTER, which answers after it has seen the content. */
export const mFilter = lineFormat({
  name: 'm-filter',
  opening: /m-FILTER/,
  recipient: /^\s*(?<address>[^<>\s]+@[^<>\s]+)\s*$/,
  ends: /^-{3,} ?original (?:message|mail info)/i,
  ignores: /^-{3,} ?server message/i,
});

/** fml, a mailing list manager. */
export const fml = lineFormat({
  name: 'fml',
  header: ['x-mlserver', /fml/i],
  opening: /^(?:.*Duplicated Message-ID|.*(?:not member|Mail (?:loop|address)|Rejected?)|\s*Sorry, )/i,
  recipient:
    /(?:Duplicated Message-ID in|member article from|You .* not member of|in this mailing list) *<?(?<address>[^<>\s]+@[^<>\s]+?)>?\.?(?<text>)(?:$|\s)/i,
  ends: /^Original mail as follows/,
  reason: () => 'systemerror',
});
