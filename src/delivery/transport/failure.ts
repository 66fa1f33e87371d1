import { errors } from 'undici';
import { own } from '../../base/own.ts';
import { ConnectError } from '../../base/connect-checked.ts';
import { isPublicAddress } from '../../base/egress.ts';

/** Why an exchange came to nothing, in words for the person who reads the attempt: a customer, not the operator. */

export type FailureReason =
  | 'timeout'
  | 'connect_timeout'
  | 'refused'
  | 'dns'
  | 'tls'
  | 'reset'
  | 'egress'
  | 'headers_too_large'
  | 'protocol'
  | 'aborted';

export class SendFailure extends Error {
  override readonly name = 'SendFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const closedEarly = 'The connection was closed before the answer was complete';

/** By error code of Node, OpenSSL or undici. `{peer}` stands for the address, or the host where none is known. */
const known: Readonly<
  Record<string, readonly [FailureReason, string]> & { UND_ERR_SOCKET: readonly [FailureReason, string] }
> = {
  ECONNREFUSED: ['refused', 'The connection was refused by {peer}.'],
  EHOSTUNREACH: ['refused', 'There is no route to {peer} (EHOSTUNREACH).'],
  ENETUNREACH: ['refused', 'There is no route to {peer} (ENETUNREACH).'],
  EADDRNOTAVAIL: ['refused', 'No connection can be made to {peer} (EADDRNOTAVAIL).'],
  ETIMEDOUT: ['connect_timeout', 'No connection could be made to {peer} in time (ETIMEDOUT).'],
  EMFILE: ['aborted', 'The sending server had no free socket (EMFILE).'],
  ENFILE: ['aborted', 'The sending server had no free socket (ENFILE).'],
  ECONNRESET: ['reset', `${closedEarly} (ECONNRESET).`],
  EPIPE: ['reset', `${closedEarly} (EPIPE).`],
  UND_ERR_SOCKET: ['reset', `${closedEarly}.`],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['reset', `${closedEarly}: its body is not as long as its content-length says.`],
  UND_ERR_HEADERS_OVERFLOW: ['headers_too_large', "The answer's headers are larger than 16 KiB."],
  CERT_HAS_EXPIRED: ['tls', 'The TLS certificate has expired (CERT_HAS_EXPIRED).'],
  CERT_NOT_YET_VALID: ['tls', 'The TLS certificate is not valid yet (CERT_NOT_YET_VALID).'],
  CERT_REVOKED: ['tls', 'The TLS certificate has been revoked (CERT_REVOKED).'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'The TLS certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT).'],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'tls',
    'The TLS certificate comes from an authority that is not trusted (SELF_SIGNED_CERT_IN_CHAIN).',
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'tls',
    'The TLS certificate comes from an authority that is not known (UNABLE_TO_GET_ISSUER_CERT).',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'tls',
    'The TLS certificate comes from an authority that is not known, or the intermediate certificate is missing (UNABLE_TO_GET_ISSUER_CERT_LOCALLY).',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'tls',
    'The TLS certificate comes from an authority that is not known, or the intermediate certificate is missing (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'The TLS certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID).'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls', '{peer} does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER).'],
};

/** How far the exchange had come. */
export interface Progress {
  /** Host and port, as an address where the socket has one. */
  readonly peer: string;
  /** From the end of the TCP connection to the end of the TLS handshake. */
  readonly inHandshake: boolean;
  /** The answer's headers were read. */
  readonly inBody: boolean;
}

/** The failure behind an error of a socket, the TLS library or undici. */
export function explain(error: unknown, { peer, inHandshake, inBody }: Progress): SendFailure {
  if (error instanceof SendFailure) return error;
  if (error instanceof ConnectError) return unreachable(error);
  // Several addresses that were tried come as one error; the last of them says the most.
  const root: unknown = error instanceof AggregateError && error.errors.length > 0 ? error.errors.at(-1) : error;
  const syntax = syntaxError(root, inBody);
  if (syntax !== undefined) return new SendFailure('protocol', `The answer is not valid HTTP (${syntax}).`, error);

  const code = root instanceof Error && 'code' in root ? String(root.code) : 'unknown error';
  const entry = root instanceof errors.HTTPParserError ? known.UND_ERR_SOCKET : own(known, code);
  if (inHandshake && (entry === undefined || entry[0] === 'reset')) {
    return new SendFailure(
      'tls',
      entry === undefined
        ? `The TLS handshake failed (${code}).`
        : `The connection was closed during the TLS handshake (${code}).`,
      error,
    );
  }
  if (entry !== undefined) return new SendFailure(entry[0], entry[1].replace('{peer}', addressOf(root) ?? peer), error);
  if (code.startsWith('ERR_SSL')) return new SendFailure('tls', `The TLS connection broke (${code}).`, error);
  const message = root instanceof Error ? root.message : String(root);
  return new SendFailure('protocol', `The request could not be sent: ${message}.`, error);
}

/** `timeout` does not occur: the exchange's own deadline comes first. */
const unreachable = ({ host, reason, refusal }: ConnectError): SendFailure =>
  new SendFailure(
    reason === 'timeout' ? 'connect_timeout' : reason,
    `The host ${host} ${refusal.reason}${reason === 'egress' ? '; the sending server does not allow that' : ''}.`,
  );

/** What undici's parser objects to; undefined for every other error, the end of the connection among them. */
function syntaxError(error: unknown, inBody: boolean): string | undefined {
  if (error instanceof errors.HTTPParserError) {
    const detail = /\((.+)\)$/.exec(error.message)?.[1] ?? error.message;
    return detail === 'Invalid EOF state' ? undefined : detail;
  }
  if (error instanceof errors.SocketError && error.message.startsWith('bad ')) return 'unexpected message';
  // Also said of headers that are wrong after a content-length; in the body it means what it says.
  return error instanceof errors.ResponseContentLengthMismatchError && !inBody ? 'invalid header' : undefined;
}

/** Node names the address in the errors of `connect`. */
function addressOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('address' in error) || !('port' in error)) return undefined;
  const address = String(error.address);
  if (!isPublicAddress(address)) return undefined;
  return address.includes(':') ? `[${address}]:${String(error.port)}` : `${address}:${String(error.port)}`;
}
