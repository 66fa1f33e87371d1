import { own } from '../../base/own.ts';
import type { Reason } from './types.ts';

/**
 * What an enhanced status code says by itself (RFC 3463, 5248, 7372, 7505), by subject and detail. Servers use 1.0 to 1.3 for addresses
 * that do not exist.
 */
const statuses: Readonly<Record<string, Reason>> = {
  '1.0': 'userunknown',
  '1.1': 'userunknown',
  '1.2': 'hostunknown',
  '1.3': 'userunknown',
  '1.4': 'filtered',
  '1.6': 'hasmoved',
  '1.7': 'rejected',
  '1.8': 'rejected',
  '1.9': 'systemerror',
  '1.10': 'notaccept',
  '2.0': 'filtered',
  '2.1': 'filtered',
  '2.2': 'mailboxfull',
  '2.3': 'exceedlimit',
  '2.4': 'filtered',
  '3.0': 'systemerror',
  '3.1': 'systemfull',
  '3.2': 'notaccept',
  '3.3': 'systemerror',
  '3.4': 'mesgtoobig',
  '3.5': 'systemerror',
  '4.0': 'networkerror',
  '4.1': 'expired',
  '4.2': 'networkerror',
  '4.3': 'systemerror',
  '4.4': 'hostunknown',
  '4.5': 'systemfull',
  '4.6': 'networkerror',
  '4.7': 'expired',
  '4.8': 'networkerror',
  '5.2': 'syntaxerror',
  '5.3': 'toomanyconn',
  '5.4': 'systemerror',
  '5.5': 'systemerror',
  '6.0': 'contenterror',
  '6.1': 'contenterror',
  '6.2': 'contenterror',
  '6.3': 'contenterror',
  '6.5': 'contenterror',
  '6.6': 'contenterror',
  '6.7': 'contenterror',
  '6.8': 'contenterror',
  '6.9': 'contenterror',
  '7.13': 'suspend',
  '7.16': 'mesgtoobig',
  '7.17': 'hasmoved',
  '7.18': 'hasmoved',
  '7.20': 'authfailure',
  '7.21': 'authfailure',
  '7.22': 'authfailure',
  '7.23': 'authfailure',
  '7.24': 'authfailure',
  '7.25': 'requireptr',
  '7.26': 'authfailure',
  '7.27': 'authfailure',
  '7.28': 'blocked',
  '7.30': 'authfailure',
  '7.509': 'authfailure',
  '7.515': 'authfailure',
};

/** Where a temporary code means something else than the permanent one. */
const temporary: Readonly<Record<string, Reason>> = {
  '1.0': 'systemerror',
  '1.1': 'systemerror',
  '1.2': 'networkerror',
  '2.1': 'suspend',
  '4.0': 'expired',
  '4.4': 'networkerror',
  '7.1': 'blocked',
  '7.2': 'blocked',
};

/** @returns undefined for a code that says nothing, such as 5.0.0 */
export function reasonOfStatus(status: string): Reason | undefined {
  const [, kind, code = ''] = /^([45])\.(\d{1,3}\.\d{1,3})$/.exec(status) ?? [];
  const reason = (kind === '4' ? own(temporary, code) : undefined) ?? own(statuses, code);
  if (reason !== undefined) return reason;
  return code.startsWith('7.') ? 'securityerror' : code.startsWith('6.') ? 'contenterror' : undefined;
}
