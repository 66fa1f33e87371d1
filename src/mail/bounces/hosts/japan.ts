import type { Provider } from './provider.ts';

/** Carriers that answer "unknown user" also where the recipient's filter refuses the sender: only after DATA, or with 5.2.0. */
export const docomo: Provider = {
  hosts: /(?:^|\.)docomo\.ne\.jp$/,
  rules: [
    [/too much mail data/, 'mailboxfull'],
    [/too many recipients/, 'toomanyconn'],
    [/\b5\.2\.0\b/, 'filtered'],
    [/unknown user/, 'userunknown'],
  ],
};

/** au and EZweb name the address only where it does not exist. */
export const kddi: Provider = {
  hosts: /(?:^|\.)(?:ezweb\.ne\.jp|au\.com)$/,
  rules: [
    [/\b550 : user unknown/, 'filtered'],
    [/>: user unknown/, 'userunknown'],
  ],
};
