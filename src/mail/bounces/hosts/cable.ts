import type { Provider } from './provider.ts';

/** Cox and Charter (Spectrum): the code after AUP#. cox.com, "Email error codes"; spectrumbusiness.net, "Understanding email error codes" */
export const cable: Provider = {
  hosts: /(?:^|\.)(?:cox|charter|rr|twc)\.(?:net|com)$/,
  signature: /\baup#/,
  rules: [
    [/aup#cxbl|aup#cdrbl|aup#ipbl|aup#\w?-?(?:1000|12[0-5]\d)\b/, 'blocked'],
    [/aup#cxdns|aup#\w?-?11(?:[0-4]\d|50)\b|dns check failure|no rdns/, 'requireptr'],
    [/aup#cxsndr/, 'authfailure'],
    [/aup#cxsmtp|aup#\w?-?(?:10[1-8]\d|15[02]0)\b|sender rejected/, 'rejected'],
    [
      /aup#cx(?:cnct|mxrt)|aup#\w?-?13[0-4]\d\b|too many sessions|message threshold exceeded|aborted: try again later/,
      'toomanyconn',
    ],
    [/aup#cx(?:thrt|mj)/, 'securityerror'],
    [/aup#urlbl/, 'spamdetected'],
    [/aup#\w?-?1090\b|esmtp server temporarily not available/, 'systemerror'],
    [/aup#\w?-?(?:11[6-9]\d|1560)\b|before greeting|extension is forbidden/, 'policyviolation'],
    [/aup#\w?-?1260\b/, 'networkerror'],
    [/aup#\w?-?1530\b/, 'mesgtoobig'],
    [/aup#\w?-?1(?:3[5-9]|4)\d+\b|aup#\w?-?15[458]0\b/, 'speeding'],
    [/too many bad commands|too many invalid recipients/, 'blocked'],
    [/recipient rejected/, 'userunknown'],
  ],
};
