import { domainToASCII, domainToUnicode } from 'node:url';
import emailAddresses from 'email-addresses';
import { cut } from './cut.ts';

/** An email address as it was given, and in the form used for comparison. */
export interface Address {
  /** Without display name and comments. The local part is as written, and so is an ASCII domain; a domain in another script is as IDNA spells it. */
  readonly email: string;
  /** The local part in lower case, otherwise unchanged (a dot or `+tag` may be another mailbox), and the domain in ASCII. */
  readonly key: string;
  /** In ASCII and lower case (RFC 5890 A-labels). */
  readonly domain: string;
}

interface Problem {
  readonly problem: string;
}

/** RFC 5321 §4.5.3.1, in octets. */
const localBytesMax = 64;
const domainCharactersMax = 253;
/** A local part that needs no quotes: RFC 5322 §3.2.3 and RFC 6532 §3.2. */
const dotAtom = /^[^\s"(),.:;<>@[\\\]]+(?:\.[^\s"(),.:;<>@[\\\]]+)*$/u;
/** Matches nearly all addresses. For these the full grammar gives the same result, in 40 × the time. */
const plain = /^([a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*)@([a-z0-9-]+(?:\.[a-z0-9-]+)+)$/i;
const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
/** Control characters, direction marks and zero-width characters (`DI`: Default_Ignorable_Code_Point): texts that differ only by these look the same. */
const invisible = /[\p{Cc}\p{Cf}\p{DI}]/u;
const pasted = String.raw`[\s\p{Cc}\p{Cf}\p{DI}]`;
/** What pasted text has at its ends. The look-behind makes the search read each run once. */
const edges = new RegExp(`^${pasted}+|(?<!${pasted})${pasted}+$`, 'gu');
/**
 * Letters, digits and hyphens of any script, what IDNA treats as a dot, and the signs and joiners of RFC 5892 appendix A, which words of
 * some scripts need. Nothing else may reach `domainToASCII`, which would cut off a URL's path or decode its `%2e`.
 */
const domainText = /^[[[\p{L}\p{M}\p{N}]--\p{DI}]\-.。．｡·͵׳״・\u200c\u200d]+$/v;
/** Spaces that the grammar allows in a domain, and drops. */
const oddSpace = /[^\S \t\r\n]/;

const withoutEdges = (text: string): string => text.replace(edges, '');

/**
 * Parses one address by RFC 5322 with internationalized names (RFC 6532). Removes a display name, a dot after the domain and invisible
 * characters around the address.
 * @returns a problem if Outrider could not send mail to it: several addresses, a quoted local part, an address literal.
 * @example
 * parseAddress('Ada <Ada@Lovelace.example>') // { email: 'Ada@Lovelace.example', key: 'ada@lovelace.example', domain: 'lovelace.example' }
 * parseAddress('ada') // { problem: 'is not an email address' }
 */
export function parseAddress(text: string): Address | Problem {
  if (text.length > 1_000) return { problem: 'is too long' };
  const [, plainLocal, plainDomain] = plain.exec(text) ?? [];
  if (plainLocal !== undefined && plainDomain !== undefined) return addressOf(plainLocal, plainDomain);
  const input = withoutEdges(text)
    .normalize('NFC')
    .replace(/\.(>?)$/, '$1');
  if (input === '') return { problem: 'is empty' };
  if (/^mailto:/i.test(input)) return { problem: 'must be the bare address, without mailto:' };
  const parsed = emailAddresses({ input, rfc6532: true });
  const [mailbox, ...others] = parsed?.addresses ?? [];
  if (mailbox === undefined) return isSeveral(input) ? severalAddresses : (hidden(input) ?? noAddress);
  if (others.length > 0 || mailbox.type !== 'mailbox') return severalAddresses;
  const local = withoutEdges(mailbox.local);
  if (local === '') return noAddress;
  const fault = hidden(local);
  if (fault !== undefined) return fault;
  if (!dotAtom.test(local)) return { problem: 'has a local part that needs quotes; such addresses are not supported' };
  const written = withoutEdges(mailbox.parts.domain.tokens);
  return addressOf(local, oddSpace.test(written) ? written : mailbox.domain);
}

const noAddress: Problem = { problem: 'is not an email address' };
const severalAddresses: Problem = { problem: 'must be one email address' };

const isSeveral = (text: string): boolean => /[\s,;]/.test(text.slice(text.indexOf('@'), text.lastIndexOf('@')));

function hidden(text: string): Problem | undefined {
  const code = invisible.exec(text)?.[0].codePointAt(0);
  return code === undefined
    ? undefined
    : { problem: `contains an invisible character: U+${code.toString(16).toUpperCase().padStart(4, '0')}` };
}

function addressOf(local: string, givenDomain: string): Address | Problem {
  if (Buffer.byteLength(local) > localBytesMax)
    return { problem: `has a local part longer than ${localBytesMax} bytes` };
  const domain = readDomain(givenDomain);
  if (domain === undefined)
    return hidden(withoutEdges(givenDomain)) ?? { problem: `has no valid domain: ${cut(givenDomain, 100)}` };
  return { email: `${local}@${domain.shown}`, key: `${local.toLowerCase()}@${domain.ascii}`, domain: domain.ascii };
}

/** Parses an address of a query, where a `+` that was not written as %2B arrives as a space, which no address contains. */
export function parseAddressInQuery(text: string): Address | Problem {
  const address = parseAddress(text);
  if ('key' in address) return address;
  const restored = parseAddress(text.trim().replaceAll(' ', '+'));
  return 'key' in restored ? restored : address;
}

/** An address in the form used for comparison; undefined if mail cannot be sent to it. */
export function addressKey(text: string | null | undefined): string | undefined {
  const parsed = text == null ? undefined : parseAddress(text);
  return parsed !== undefined && 'key' in parsed ? parsed.key : undefined;
}

/** Normalizes a domain for comparison: ASCII and lower case. Undefined if it cannot be the domain of an email address. */
export const domainOf = (text: string): string | undefined => readDomain(text)?.ascii;

/** `shown`: as written if that is ASCII, otherwise as IDNA spells it, so that it contains nothing that `ascii` does not. */
function readDomain(text: string): { readonly ascii: string; readonly shown: string } | undefined {
  const given = withoutEdges(text).replace(/[.。．｡]$/u, '');
  if (!domainText.test(given)) return undefined;
  const ascii = domainToASCII(given);
  const labels = ascii.split('.');
  if (
    labels.length < 2 ||
    ascii.length > domainCharactersMax ||
    !labels.every((each) => label.test(each)) ||
    /^\d+$/.test(labels.at(-1) ?? '')
  )
    return undefined;
  const unicode = ascii.includes('xn--') ? domainToUnicode(ascii) : ascii;
  // A label that cannot be decoded is left as xn--.
  if (/(^|\.)xn--/.test(unicode)) return undefined;
  const shown = given.toLowerCase() === ascii ? given : unicode;
  return domainText.test(shown) ? { ascii, shown } : undefined;
}
