import type { Provider } from './provider.ts';

/** support.apple.com/102322 */
export const apple: Provider = {
  hosts: /(?:^|\.)(?:icloud|me|mac|apple|appleid)\.com$/,
  rules: [
    [/dmarc policy|both spf and dkim/, 'authfailure'],
    [/spamhaus|blocked - see|not accepting connections/, 'blocked'],
    [/no longer on server/, 'hasmoved'],
    [/over quota/, 'mailboxfull'],
    [/relay access denied/, 'norelaying'],
    [/does not accept mail/, 'notaccept'],
    [/due to local policy/, 'policyviolation'],
    [/sender address rejected/, 'rejected'],
    [/excessive volume/, 'speeding'],
    [/inactive email address|does not exist|unknown or illegal alias|user not found/, 'userunknown'],
  ],
};

/** Facebook's response codes, such as RCP-P2: about recipients, content, domains, and addresses of servers. */
export const facebook: Provider = {
  hosts: /(?:^|\.)facebook\.com$/,
  signature: /postmaster\.facebook\.com/,
  rules: [
    [/\brcp-p[12]\b|recipient preferences/, 'filtered'],
    [/\brcp-p|\bint-p[13]\b/, 'userunknown'],
    [/\bcon-|\bpol-p[1-57]\b|\bdns-p[12]\b|\bint-p7\b/, 'blocked'],
    [/\bdns-p3\b/, 'requireptr'],
    [/\bpol-/, 'policyviolation'],
    [/\bint-/, 'systemerror'],
    [/\bbnd|\bvir-/, 'virusdetected'],
  ],
};

export const zoho: Provider = {
  hosts: /(?:^|\.)zoho(?:mail)?\.(?:com|eu|in)$/,
  rules: [
    [/per dmarc policy/, 'authfailure'],
    [/greylisted/, 'blocked'],
    [/flagged as spam|rejected by destination domain/, 'rejected'],
    [/detected by zoho/, 'virusdetected'],
    [/policy (?:violation|error)|restricted by policy/, 'policyviolation'],
    [/temporary system error/, 'systemerror'],
    [/user does not exist/, 'userunknown'],
  ],
};

/** i.ua: mail.i.ua/err/N */
export const iua: Provider = {
  hosts: /(?:^|\.)(?:email|i)\.ua$/,
  rules: [
    [/frozen/, 'suspend'],
    [/wrong (?:dns|hostname)/, 'blocked'],
  ],
};

/** A relay that asks for a password before it relays. */
export const messagelabs: Provider = {
  hosts: /(?:^|\.)messagelabs\.com$/,
  rules: [[/turn on smtp authentication/, 'securityerror']],
};

/** Barracuda says of each recipient after the content what its filter did: "(ada@lovelace.example:blocked)". */
export const barracuda: Provider = {
  hosts: /(?:^|\.)barracudanetworks\.com$/,
  signature: /failure for one or more recipients \(/,
  rules: [[/x@x:blocked\)/, 'blocked']],
};
