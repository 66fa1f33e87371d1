import { domainToASCII } from 'node:url';
import emailAddresses from 'email-addresses';

/** An e-mail address as it was given, and as addresses are compared. */
export interface Address {
  /** Without a display name or comments; the local part as it was written. */
  readonly email: string;
  /** The local part in lower case, no further folded (a dot or `+tag` may be another mailbox), and the domain in ASCII. */
  readonly key: string;
  /** In ASCII and lower case (RFC 5890 A-labels). */
  readonly domain: string;
}

/** RFC 5321 §4.5.3.1, in octets. */
const localBytesMax = 64;
const domainCharactersMax = 253;
/** RFC 5322 §3.2.3 and RFC 6532 §3.2: what needs no quotes. */
const dotAtom = /^[^\s\p{Cc}"(),:;<>@[\\\]]+$/u;
/** What nearly all addresses are; for these the grammar says nothing else, at 40 × the time. */
const plain = /^([a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Reads one address by RFC 5322 with internationalised names (RFC 6532). A display name is taken off.
 * @returns a reason in words when it is none that mail of ours could go to: several addresses, a quoted local part, an address literal.
 */
export function parseAddress(text: string): Address | { readonly problem: string } {
  if (text.length > 1_000) return { problem: 'is too long' };
  const [, plainLocal, plainDomain] = plain.exec(text) ?? [];
  if (plainLocal !== undefined && plainDomain !== undefined) return addressOf(plainLocal, plainDomain);
  const parsed = emailAddresses({ input: text.trim().normalize('NFC'), rfc6532: true });
  const [mailbox, ...others] = parsed?.addresses ?? [];
  if (mailbox === undefined) return { problem: 'is not an e-mail address' };
  if (others.length > 0 || mailbox.type !== 'mailbox') return { problem: 'must be one e-mail address' };
  if (!dotAtom.test(mailbox.local)) return { problem: 'has a local part that needs quotes; such addresses are not supported' };
  return addressOf(mailbox.local, mailbox.domain);
}

function addressOf(local: string, givenDomain: string): Address | { readonly problem: string } {
  if (Buffer.byteLength(local) > localBytesMax) return { problem: `has a local part of more than ${localBytesMax} bytes` };
  const domain = domainOf(givenDomain);
  if (domain === undefined) return { problem: `has no valid domain: ${givenDomain.slice(0, 100)}` };
  return { email: `${local}@${givenDomain}`, key: `${local.toLowerCase()}@${domain}`, domain };
}

/** A domain as domains are compared: in ASCII and lower case; undefined when mail cannot have it. */
export function domainOf(text: string): string | undefined {
  const domain = domainToASCII(text.trim().replace(/\.$/, ''));
  const labels = domain.split('.');
  const last = labels.at(-1) ?? '';
  return labels.length >= 2 && domain.length <= domainCharactersMax && labels.every((each) => label.test(each)) && !/^\d+$/.test(last) ? domain : undefined;
}
