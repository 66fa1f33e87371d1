import { disposableEmailBlocklistSet } from 'disposable-email-domains-js';
import { getDomain } from 'tldts';

/** Local parts of a function rather than a person, without separators. */
export const roles: ReadonlySet<string> = new Set(
  (
    'abuse accounting accounts admin administrator admissions all anfrage api billing bookings bewerbung buchhaltung careers comercial commercial compliance compras contact contacto contato contatti ' +
    'customercare customerservice devnull dns dpo einkauf enquiries enquiry everyone facturacion feedback finance ftp gdpr hello hallo help helpdesk hola hostmaster hr info information inoc inquiries ' +
    'inquiry invoice invoices investorrelations it jobs kontakt kundenservice legal list listrequest mail mailerdaemon maildaemon marketing media news newsletter noc noreply donotreply office ' +
    'operations orders personal post postmaster press presse privacy purchasing rechnung recruiting recruitment registrar remove reception rezeption root sales security service services shop spam ' +
    'staff subscribe support sysadmin team tech technik undisclosedrecipients unsubscribe usenet uucp ventas verkauf vertrieb web webmaster welcome www'
  ).split(' '),
);

/** Whether an address belongs to a function, such as `info`, so that nobody knows who reads it. */
export const isRole = (local: string): boolean => roles.has((local.split('+')[0] ?? '').replaceAll(/[._-]/g, ''));

let disposable: Set<string> | undefined;

/** Whether addresses of the domain, or of one above it, are thrown away after use. */
export function isDisposable(domain: string): boolean {
  disposable ??= disposableEmailBlocklistSet();
  const labels = domain.split('.');
  for (let from = 0; from < labels.length - 1; from += 1) if (disposable.has(labels.slice(from).join('.'))) return true;
  return false;
}

/** Domains whose misspellings are found. */
const large = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'live.com',
  'yahoo.com',
  'icloud.com',
  'protonmail.com',
  'gmx.de',
  'gmx.net',
  'web.de',
  't-online.de',
  'orange.fr',
  'wanadoo.fr',
  'libero.it',
  'comcast.net',
  'verizon.net',
  'btinternet.com',
];
/** One letter away from a large domain, and somebody's own. */
const own = new Set([
  'gmail.co',
  'ymail.com',
  'mail.com',
  'email.com',
  'gmx.com',
  'gmx.at',
  'gmx.ch',
  'live.co',
  'love.com',
  'web.com',
  'orange.fi',
]);

/**
 * The large domain that a person who typed this one probably wanted: one letter was added, left out, changed or swapped with the next one
 * or `.com` became another ending of up to three letters.
 * @example
 * intendedDomain('gmial.com') // 'gmail.com'
 */
export function intendedDomain(domain: string): string | undefined {
  if (own.has(domain) || large.includes(domain) || (getDomain(domain) ?? domain) !== domain) return undefined;
  return large.find((each) => isNear(domain, each));
}

/** Whether one edit turns a text into the other: an insertion, a deletion, a substitution or a swap of neighbours. */
function isNear(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  const [rest, expected] = [one.slice(start), other.slice(start)];
  return (
    rest.slice(1) === expected ||
    rest === expected.slice(1) ||
    rest.slice(1) === expected.slice(1) ||
    (rest[0] === expected[1] && rest[1] === expected[0] && rest.slice(2) === expected.slice(2))
  );
}
