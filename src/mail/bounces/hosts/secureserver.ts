import type { Provider } from './provider.ts';

/** GoDaddy: godaddy.com/help, "Fix rejected email with a bounce error": the code IBnnn. */
export const secureserver: Provider = {
  hosts: /(?:^|\.)secureserver\.net$/,
  signature: /\bib(?:\d{3})\b/,
  rules: [
    [/\bib401\b/, 'securityerror'],
    [/\bib50[12]\b/, 'notcompliantrfc'],
    [/\bib506\b/, 'rejected'],
    [/\bib508\b/, 'authfailure'],
    [/\bib108\b/, 'requireptr'],
    [/\bib212\b/, 'spamdetected'],
    [/\bib705\b/, 'virusdetected'],
    [/\bib(?:605|007)\b/, 'toomanyconn'],
    [/\bib(?:101|504|510|607)\b/, 'speeding'],
    [/\bib103\b/, 'badreputation'],
    [/\bib1(?:0[456]|1[0-3])\b|rbl reject|spamhaus/, 'blocked'],
    [/account storage limit/, 'mailboxfull'],
    [/spam or virus content/, 'spamdetected'],
    [/account disabled/, 'suspend'],
    [/is looping/, 'systemerror'],
    [/recipient not found|account does not exist/, 'userunknown'],
    [/queue too long|delivery timeout/, 'expired'],
  ],
};
