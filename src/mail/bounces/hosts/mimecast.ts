import type { Provider } from './provider.ts';

/** community.mimecast.com, "Mimecast SMTP error codes" */
export const mimecast: Provider = {
  hosts: /(?:^|\.)mimecast\.(?:com|co\.za)$/,
  signature: /\bmcspamsignature|community\.mimecast\.com/,
  rules: [
    [/(?:spf|dkim|dmarc) sender invalid/, 'authfailure'],
    [/ip reputation|internal resources are temporarily/, 'badreputation'],
    [/sender address blocked|temporarily (?:unavailable|blacklisted)/, 'blocked'],
    [/maximum email size/, 'mesgtoobig'],
    [/relay not allowed/, 'norelaying'],
    [/inbounds disabled/, 'notaccept'],
    [/anti-spoofing|content examination|network not allowed/, 'policyviolation'],
    [/administrative prohibition|envelope blocked|envelope rejected|blocked senders/, 'rejected'],
    [/incorrect authentication|requires encryption|requires tls|high-strength ciphers/, 'securityerror'],
    [/due to security policies/, 'virusdetected'],
    [/invalid recipient|invalid address|user unknown/, 'userunknown'],
  ],
};
