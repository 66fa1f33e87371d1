import { errors } from 'undici';
import { own } from '../../base/own.ts';
import { ConnectError } from '../../base/connect-checked.ts';
import { isPublicAddress } from '../../base/egress.ts';

/** Why an exchange failed, in words for the reader of the attempt: a customer, not the operator. */
export type FailureReason =
  | 'timeout'
  | 'connect_timeout'
  | 'refused'
  | 'dns'
  | 'proxy'
  | 'tls'
  | 'reset'
  | 'egress'
  | 'headers_too_large'
  | 'protocol'
  /** No request was sent, because there was no access token for it. */
  | 'token'
  /** No request was sent, because its body could not be made. */
  | 'template'
  | 'aborted';

export class SendFailure extends Error {
  override readonly name = 'SendFailure';
  readonly reason: FailureReason;

  constructor(reason: FailureReason, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.reason = reason;
  }
}

const closedEarly = 'The connection was closed before the response was complete';

/** By error code of Node, OpenSSL or undici. `{peer}` becomes the address, or the host if no address is known. */
const known: Readonly<
  Record<string, readonly [FailureReason, string]> & { UND_ERR_SOCKET: readonly [FailureReason, string] }
> = {
  ECONNREFUSED: ['refused', 'The connection was refused by {peer}.'],
  EHOSTUNREACH: ['refused', 'There is no route to {peer} (EHOSTUNREACH).'],
  ENETUNREACH: ['refused', 'There is no route to {peer} (ENETUNREACH).'],
  EADDRNOTAVAIL: ['refused', 'No connection to {peer} could be established (EADDRNOTAVAIL).'],
  ETIMEDOUT: ['connect_timeout', 'No connection to {peer} could be established in time (ETIMEDOUT).'],
  EMFILE: ['aborted', 'The sending server had no free socket (EMFILE).'],
  ENFILE: ['aborted', 'The sending server had no free socket (ENFILE).'],
  ECONNRESET: ['reset', `${closedEarly} (ECONNRESET).`],
  EPIPE: ['reset', `${closedEarly} (EPIPE).`],
  UND_ERR_SOCKET: ['reset', `${closedEarly}.`],
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ['reset', `${closedEarly}: its body is shorter than its content-length.`],
  UND_ERR_HEADERS_OVERFLOW: ['headers_too_large', 'The response headers are larger than 16 KiB.'],
  CERT_HAS_EXPIRED: ['tls', 'The TLS certificate has expired (CERT_HAS_EXPIRED).'],
  CERT_NOT_YET_VALID: ['tls', 'The TLS certificate is not valid yet (CERT_NOT_YET_VALID).'],
  CERT_REVOKED: ['tls', 'The TLS certificate has been revoked (CERT_REVOKED).'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls', 'The TLS certificate is self-signed (DEPTH_ZERO_SELF_SIGNED_CERT).'],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'tls',
    'The TLS certificate was issued by an authority that is not trusted (SELF_SIGNED_CERT_IN_CHAIN).',
  ],
  UNABLE_TO_GET_ISSUER_CERT: [
    'tls',
    'The TLS certificate was issued by an unknown authority (UNABLE_TO_GET_ISSUER_CERT).',
  ],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [
    'tls',
    'The TLS certificate was issued by an unknown authority, or the intermediate certificate is missing (UNABLE_TO_GET_ISSUER_CERT_LOCALLY).',
  ],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: [
    'tls',
    'The TLS certificate was issued by an unknown authority, or the intermediate certificate is missing (UNABLE_TO_VERIFY_LEAF_SIGNATURE).',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls', 'The TLS certificate is for another host name (ERR_TLS_CERT_ALTNAME_INVALID).'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['tls', '{peer} does not speak TLS (ERR_SSL_WRONG_VERSION_NUMBER).'],
};

/** How far an exchange had come when it failed. */
export interface Progress {
  /** Host and port; an address if the socket has one. */
  readonly peer: string;
  /** The TCP connection was established, the TLS handshake was not complete. */
  readonly inHandshake: boolean;
  /** The response's headers had been read. */
  readonly inBody: boolean;
}

/** Returns the failure behind an error of a socket, the TLS library or undici. */
export function explain(error: unknown, { peer, inHandshake, inBody }: Progress): SendFailure {
  if (error instanceof SendFailure) return error;
  if (error instanceof ConnectError) return unreachable(error);
  // Failures of several addresses arrive as one error; the last of them says the most.
  const root: unknown = error instanceof AggregateError && error.errors.length > 0 ? error.errors.at(-1) : error;
  const syntax = syntaxError(root, inBody);
  if (syntax !== undefined) return new SendFailure('protocol', `The response is not valid HTTP (${syntax}).`, error);

  const code = root instanceof Error && 'code' in root ? String(root.code) : 'unknown error';
  const entry = root instanceof errors.HTTPParserError ? known.UND_ERR_SOCKET : own(known, code);
  const refusal = certificateRefusal(code);
  if (refusal !== undefined) return new SendFailure('tls', `${refusal} (${code}).`, error);
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

/** An alert of the receiver about our certificate (RFC 8446 §6.2). In TLS 1.3 it comes after the handshake is complete for us. */
const certificateRefusal = (code: string): string | undefined =>
  code.endsWith('_ALERT_CERTIFICATE_REQUIRED')
    ? 'The receiver requires a client certificate'
    : /_ALERT_((BAD|UNSUPPORTED)_CERTIFICATE|CERTIFICATE_(EXPIRED|REVOKED|UNKNOWN)|UNKNOWN_CA)$/.test(code)
      ? 'The receiver refused the client certificate'
      : undefined;

/** `timeout` does not occur: the exchange's own deadline comes first. */
const unreachable = ({ host, reason, refusal }: ConnectError): SendFailure =>
  new SendFailure(
    reason === 'timeout' ? 'connect_timeout' : reason,
    `The host ${host} ${refusal.reason}${reason === 'egress' ? '; the sending server does not allow that' : ''}.`,
  );

/** Returns what undici's parser rejects; undefined for all other errors, such as the end of the connection. */
function syntaxError(error: unknown, inBody: boolean): string | undefined {
  if (error instanceof errors.HTTPParserError) {
    const detail = /\((.+)\)$/.exec(error.message)?.[1] ?? error.message;
    return detail === 'Invalid EOF state' ? undefined : detail;
  }
  if (error instanceof errors.SocketError && error.message.startsWith('bad ')) return 'unexpected message';
  // undici also reports this for invalid headers after a content-length.
  return error instanceof errors.ResponseContentLengthMismatchError && !inBody ? 'invalid header' : undefined;
}

/** Reads the address from an error of `connect`, where Node puts it; undefined unless it is public. */
function addressOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('address' in error) || !('port' in error)) return undefined;
  const address = String(error.address);
  if (!isPublicAddress(address)) return undefined;
  return address.includes(':') ? `[${address}]:${String(error.port)}` : `${address}:${String(error.port)}`;
}
