import type { Provider } from './provider.ts';

/** senders.yahooinc.com/smtp-error-codes; AOL and Verizon are on the same servers. */
export const yahoo: Provider = {
  hosts: /(?:^|\.)(?:yahoodns\.net|yahoo\.(?:com|co\.jp)|yahooinc\.com)$/,
  signature: /\[(?:bl|ph|gl|ss)\d{2}\]|delivery error: dd/,
  rules: [
    [/spf or dkim|unauthenticated|\bdmarc\b/, 'authfailure'],
    [/spamhaus/, 'blocked'],
    [/\[tss\d\d\]|(?:permanently|temporarily) deferred/, 'rejected'],
    [/relaying denied/, 'norelaying'],
    [/rfc compliant/, 'notcompliantrfc'],
    [/for policy reasons|message not allowed/, 'policyviolation'],
    [/too quickly/, 'speeding'],
    [/over quota|mailbox full/, 'mailboxfull'],
    [/no longer valid|is disabled|disabled or discontinued|inactive/, 'suspend'],
    [/doesn't have an?|mailbox not found|not a valid mailbox/, 'userunknown'],
    [/max\w* messages? per connection/, 'toomanyconn'],
  ],
};
