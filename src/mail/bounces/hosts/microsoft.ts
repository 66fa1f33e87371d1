import type { Provider } from './provider.ts';

/** learn.microsoft.com, "Email non-delivery reports and SMTP errors in Exchange Online", and sendersupport.olc.protection.outlook.com */
export const microsoft: Provider = {
  hosts: /(?:^|\.)(?:outlook|hotmail|live|microsoft|exchangelabs|office365)\.(?:com|de)$|protection\.outlook\.com/,
  signature:
    /remote server returned|resolver\.|storedrv|prod\.outlook\.com|prod\.exchangelabs\.com|\bas\(?\d{3,9}\)?\]|\(s\d{3,4}\)/,
  rules: [
    [
      /submission ?quota ?exceeded|daily limit for message recipients|receive limit|exceeded (?:permitted|their) limits?|threshold exceeded|exceeded threshold|recipient thread limit|\b5\.1\.90\b/,
      'speeding',
    ],
    [/ip reputation/, 'badreputation'],
    [/\b[45]\.7\.(?:509|515|23|26|32[2-5])\b|dmarc verification|pass either spf/, 'authfailure'],
    [/reverse dns/, 'requireptr'],
    [/\b5\.7\.505\b|\b5\.7\.504\b|cannot be accessed/, 'suspend'],
    [
      /\b5\.7\.(?:50[67]|51[01]|513|6[01234]\d|7\d\d)\b|banned sending ip|block list|bad helo|does not accept email over ipv6/,
      'blocked',
    ],
    [
      /\b5\.7\.(?:50[1-3]|512|12|124|13[3-6]|750)\b|\b5\.1\.8\b|not authenticated (?:by|for)|allowed-?senders/,
      'rejected',
    ],
    [
      /recip(?:ient)? ?not ?found|not found by smtp address lookup|recipient address rejected: access denied|\b5\.1\.(?:10|351|0 adr|1 resolver)|exrecipnotfound|recipient (?:unknown|not found)|mailbox unavailable|unknown (?:user|recipient)/,
      'userunknown',
    ],
    [
      /x-dg-ref header|policy violation detected|\b5\.7\.9\d\d\b|organizationsettings|transportrules?|rejected by organization policy/,
      'policyviolation',
    ],
    [/dns query failed/, 'networkerror'],
    [/agent generated message depth|invalid (?:message content|characters)/, 'contenterror'],
    [/dns domain .{0,80}does not exist|domain is not reachable|nonexistentdomain|\b5\.4\.310\b/, 'hostunknown'],
    [/authrequired|authentication required|not authenticated/, 'securityerror'],
    [/recipsizelimit|too large for this recipient/, 'exceedlimit'],
    [/suspiciousremoteserver|insufficient system resource|pfa agent busy|server busy/, 'systemerror'],
    [/starttls|tlsa|dnssec|certificate/, 'securityerror'],
    [/hop count|routing loop|loop detected/, 'networkerror'],
    [/message (?:delayed|expired)|queue expired|messageexpired/, 'expired'],
  ],
};
