import type { Socket } from 'node:net';
import { createSecureContext, getCACertificates } from 'node:tls';
import type { ConnectionOptions, SecureContext } from 'node:tls';
import { systemClock } from '../../base/clock.ts';
import { connectChecked, ConnectError } from '../../base/connect-checked.ts';
import type { ConnectPhase } from '../../base/connect-checked.ts';
import { isException, resolveChecked } from '../../base/egress.ts';
import type { Resolve } from '../../base/egress.ts';
import { own } from '../../base/own.ts';
import type { Answer, ServerSettings, Stage, TransportOptions } from './transport.ts';

/** For lookup, TCP connection and TLS handshake together. */
export const connectTimeoutMs = 10_000;

/** A session that ended, or was not opened: why, as an answer of its stage. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly answer: Answer;

  constructor(answer: Answer, cause?: unknown) {
    super(answer.text, { cause });
    this.answer = answer;
  }
}

/** The authorities to trust: the system's, and those of a PEM file. Create it once: reading the authorities takes milliseconds. */
export const trusting = (ca: string | undefined): SecureContext =>
  createSecureContext(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] });

/** Options for TLS with a server. `secureConnect` verifies the certificate for `host`, whatever address was called. */
export const tlsOptions = ({ secureContext }: Pick<TransportOptions, 'secureContext'>): ConnectionOptions => ({
  minVersion: 'TLSv1.2',
  ...(secureContext === undefined ? {} : { secureContext }),
});

/**
 * Connects to a server by a checked and pinned address, with TLS if its security is `tls`. Without TLS and STARTTLS, only to addresses that
 * the operator allows explicitly.
 *
 * The caller must listen for errors of the socket.
 *
 * @throws TransportError of the stages dns, tcp and tls; the signal's reason
 */
export async function openSocket(
  settings: ServerSettings,
  options: TransportOptions,
  signal: AbortSignal,
  onStage: (stage: Stage) => void = () => {},
): Promise<Socket> {
  const { policy, resolve, clock = systemClock, organization } = options;
  let stage: Stage = 'dns';
  const phases: Readonly<Record<ConnectPhase, Stage>> = {
    resolving: 'dns',
    connecting: 'tcp',
    proxy: 'tcp',
    handshake: 'tls',
    open: settings.security === 'tls' ? 'tls' : 'tcp',
  };
  try {
    return await connectChecked(
      {
        host: settings.host,
        port: settings.port,
        ...(settings.security === 'tls' ? { tls: tlsOptions(options) } : {}),
      },
      {
        policy,
        resolve: settings.security === 'none' ? await exceptions(settings, options) : resolve,
        timeoutMs: connectTimeoutMs,
        clock,
        signal,
        ...(organization === undefined ? {} : { organization }),
        onPhase: (phase) => {
          stage = phases[phase];
          onStage(stage);
        },
      },
    );
  } catch (error) {
    if (error instanceof TransportError || signal.aborted) throw error;
    throw new TransportError(answerOf(error, stage), error);
  }
}

/** Without TLS, only addresses that the operator allows explicitly are called. @throws TransportError */
async function exceptions(
  { host }: ServerSettings,
  { policy, resolve, clock = systemClock, organization = '' }: TransportOptions,
): Promise<Resolve> {
  const resolution = await resolveChecked(host, policy, resolve, { clock, organization });
  if (!resolution.ok) throw new ConnectError(host, resolution.cause, resolution);
  if (!resolution.addresses.every(({ address }) => isException(address, policy))) {
    throw new TransportError(
      brokenAnswer('dns', 'PLAINTEXT', `Connections to ${host} without TLS are not allowed on this installation.`),
    );
  }
  return async () => resolution.addresses;
}

/** An answer for a connection that ended without a reply. */
export const brokenAnswer = (stage: Stage, error: string, text: string): Answer => ({
  stage,
  code: null,
  enhanced: null,
  error,
  text,
});

/** Describes an error of a connection: of `openSocket`, the socket, or TLS. Never names an address inside the network. */
export function answerOf(error: unknown, stage: Stage): Answer {
  if (error instanceof ConnectError) {
    const code = { dns: 'DNS', egress: 'EGRESS', timeout: 'ETIMEDOUT', proxy: 'EPROXY' }[error.reason];
    return brokenAnswer(error.reason === 'egress' ? 'dns' : stage, code, error.message);
  }
  // Failures of several addresses arrive as one error; the last one says the most.
  const root: unknown = error instanceof AggregateError && error.errors.length > 0 ? error.errors.at(-1) : error;
  const code = codeOf(root);
  // Node's messages of system calls name addresses.
  if (!(root instanceof Error) || 'syscall' in root) return brokenAnswer(stage, code, own(sentences, code) ?? code);
  return brokenAnswer(stage, code, root.message);
}

const sentences: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'The connection was refused (ECONNREFUSED).',
  ECONNRESET: 'The connection was reset (ECONNRESET).',
  EPIPE: 'The connection was closed (EPIPE).',
  ETIMEDOUT: 'The server did not answer (ETIMEDOUT).',
  EHOSTUNREACH: 'The server cannot be reached (EHOSTUNREACH).',
  ENETUNREACH: 'The network of the server cannot be reached (ENETUNREACH).',
};

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  // nodemailer replaces the code of the system.
  if ('originalCode' in error && typeof error.originalCode === 'string') return error.originalCode;
  return 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
}
