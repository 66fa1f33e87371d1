import type { Provider } from './provider.ts';

/** service.mail.qq.com/detail/122 */
export const tencent: Provider = {
  hosts: /(?:^|\.)qq\.com$/,
  signature: /service\.mail\.qq\.com/,
  rules: [
    [/(?:spf|dmarc) check failed/, 'authfailure'],
    [/frequency limited/, 'toomanyconn'],
    [/bounce attacks|suspected spam ip|connection denied/, 'blocked'],
    [/suspected spam|rejected by recipients/, 'rejected'],
    [/spam is embedded|content denied/, 'spamdetected'],
    [/message too large/, 'mesgtoobig'],
    [/deactivated mailbox/, 'suspend'],
    [/unavailable or access den/, 'speeding'],
    [/bad address syntax/, 'syntaxerror'],
    [/mailbox not found/, 'userunknown'],
  ],
};
