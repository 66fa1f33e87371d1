import type { Format } from '../notice.ts';
import { exchange, exchange2003 } from './exchange.ts';
import { exim, kundenserver, mxlogic } from './exim.ts';
import { gateways } from './gateways.ts';
import { gmail, googleGroups } from './google.ts';
import { interScan } from './interscan.ts';
import { ezweb, fml, kddi, mFilter } from './japan.ts';
import { postfix, postfixSession, yandex } from './postfix.ts';
import { qmail, unableToDeliver, yahoo } from './qmail.ts';
import { sendmail } from './sendmail.ts';

/** The first that matches and finds a recipient is believed. */
export const formats: readonly Format[] = [
  googleGroups,
  gmail,
  mFilter,
  ezweb,
  kddi,
  fml,
  interScan,
  ...gateways,
  exim,
  mxlogic,
  kundenserver,
  postfixSession,
  postfix,
  yandex,
  yahoo,
  unableToDeliver,
  qmail,
  exchange2003,
  exchange,
  sendmail,
];
