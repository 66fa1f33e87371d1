import type { ParsedMessage } from '../mime/index.ts';

/** A DKIM signature of a message (RFC 6376 §3.5), as its header says; it is not verified here. */
export interface Signature {
  readonly domain: string;
  readonly selector: string;
  /** Whether DMARC accepts it for the domain of From (RFC 7489 §3.1.1, relaxed). */
  readonly aligned: boolean;
  /** Whether one-click unsubscription (RFC 8058 §4) is protected by it. */
  readonly covers_list_unsubscribe: boolean;
}

/** What a copy of a self-test shows. */
export interface Reading {
  readonly folder: string;
  /** Results of the receiving server, such as `pass`; null if it recorded none. */
  readonly authentication: { readonly spf: string | null; readonly dkim: string | null; readonly dmarc: string | null };
  readonly signatures: readonly Signature[];
  readonly message_id: { readonly sent: string; readonly received: string | null; readonly rewritten: boolean };
}

const signaturesMax = 10;

/**
 * Reads a copy of a self-test.
 * @param domain of From, in A-labels
 * @param sent the Message-ID that was sent
 */
export function readCopy(message: ParsedMessage, folder: string, domain: string, sent: string): Reading {
  const received = message.messageId ?? null;
  // Servers add their results at the top; those below may be the sender's own (RFC 8601 §5).
  const results = message.headers.get('authentication-results')?.[0] ?? '';
  const resultOf = (method: string): string | null =>
    new RegExp(`(?:^|[;\\s])${method}\\s*=\\s*([a-z]+)`, 'i').exec(results)?.[1]?.toLowerCase() ?? null;
  return {
    folder,
    authentication: { spf: resultOf('spf'), dkim: resultOf('dkim'), dmarc: resultOf('dmarc') },
    signatures: (message.headers.get('dkim-signature') ?? [])
      .slice(0, signaturesMax)
      .flatMap((value) => signatureOf(value, domain) ?? []),
    message_id: { sent, received, rewritten: received !== null && received !== sent },
  };
}

function signatureOf(value: string, fromDomain: string): Signature | undefined {
  const tags = new Map(
    value.split(';').map((tag): [string, string] => {
      const equals = tag.indexOf('=');
      return [tag.slice(0, equals).trim().toLowerCase(), tag.slice(equals + 1).replaceAll(/\s+/g, '')];
    }),
  );
  const [domain, selector] = [tags.get('d')?.toLowerCase() ?? '', tags.get('s') ?? ''];
  if (domain === '' || selector === '' || domain.length > 253 || selector.length > 253) return undefined;
  const signed = (tags.get('h') ?? '').toLowerCase().split(':');
  return {
    domain,
    selector,
    aligned: isWithin(fromDomain, domain) || isWithin(domain, fromDomain),
    covers_list_unsubscribe: signed.includes('list-unsubscribe') && signed.includes('list-unsubscribe-post'),
  };
}

const isWithin = (domain: string, parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`);
