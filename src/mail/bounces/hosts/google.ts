import type { Provider } from './provider.ts';

/** support.google.com/a/answer/3726730 and support.google.com/a/answer/3221692 */
export const google: Provider = {
  hosts: /(?:^|\.)(?:google|gmail|googlemail)\.com|(?:aspmx|gmail-smtp-in)\./,
  signature: /\bgsmtp\b|support\.google\.com/,
  rules: [
    [/out of storage|over quota|email quota exceeded|storage quota/, 'mailboxfull'],
    [
      /receiving mail (?:too quickly|at a rate)|relay limit exceeded|(?:sending|user) (?:quota|limit) exceeded|with the same message-id/,
      'speeding',
    ],
    [/low reputation/, 'badreputation'],
    [/unusual rate of unsolicited|not in whitelist|try again later, closing|helo\/ehlo argument/, 'blocked'],
    [/have a ptr record|regarding ptr records|does not match the ip address of the hostname/, 'requireptr'],
    [
      /multiple addresses|addresses in from|missing a valid|rfc 53?22|rfc 5321|unicode character in a disallowed|encoded-word syntax|is malformed|rfcmessagenoncompliant/,
      'notcompliantrfc',
    ],
    [
      /(?:to|from) \(?or from\)? has a policy|has a policy that prohibited|illegal attachment|potential(?: security)?(?: issue)?|content presents/,
      'policyviolation',
    ],
    [
      /\b[45]\.7\.(?:2[0467]|28 .{0,80}dkim|30|32)\b|spf record|dmarc policy|requires all \w+ senders to authenticate|requires all senders to authenticate|authentication (?:information|checks)|unauthenticated email from/,
      'authfailure',
    ],
    [/unauthenticated email is not accepted|mail sending denied/, 'rejected'],
    [/nature of the content|likely unsolicited|likely suspicious|classified as spam/, 'spamdetected'],
    [/mail relay denied|credentials for relay|not authorized to send email directly/, 'norelaying'],
    [/tls required|tls wasn't used|use tls\/ssl/, 'securityerror'],
    [/\bhops\b/, 'networkerror'],
    [/account that you tried to reach is (?:disabled|inactive)|disableduser/, 'suspend'],
    [/account that you tried to reach does not exist|nosuchuser/, 'userunknown'],
  ],
};
