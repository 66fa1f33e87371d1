import { sessionCauseOf, verdictOf } from './answers.ts';
import { brokenAnswer, TransportError } from './connection.ts';
import { SmtpSession } from './smtp-session.ts';
import type { Delivery, WireEnvelope } from './smtp-session.ts';
import type {
  Answer,
  Envelope,
  Failure,
  Login,
  ServerSettings,
  Stage,
  Submission,
  Submitter,
  TransportOptions,
} from './transport.ts';
import { isInternational, wireAddress } from './wire-address.ts';

export interface SmtpOptions extends TransportOptions {
  /** Whether the server has SMTPUTF8 (RFC 6531), if that is known from an earlier session. */
  readonly smtputf8?: boolean;
}

/**
 * Submits messages over SMTP, one at a time, over one connection that is kept until `close`. The body is read only after the server's 354,
 * so a failure before that is certain not to have sent anything.
 *
 * A kept connection that the server closed in the meantime is replaced once.
 *
 * @param login asked for each time it connects if it is a function: a token may have expired
 *
 * @example
 * const submitter = createSmtpSubmitter(settings, { password }, { policy, resolve });
 * const failure = await submitter.ready(signal);
 * if (failure === undefined) await submitter.submit(raw, { from, to }, signal);
 */
export function createSmtpSubmitter(
  settings: ServerSettings,
  login: Login | (() => Promise<Login | Failure>),
  options: SmtpOptions,
): Submitter {
  let session: SmtpSession | undefined;
  let smtputf8 = options.smtputf8;
  let isDirty = false;

  const ready = async (signal: AbortSignal): Promise<Failure | undefined> => {
    if (session?.isOpen === true) return undefined;
    let stage: Stage = 'dns';
    const current = typeof login === 'function' ? await login() : login;
    if ('cause' in current) return current;
    try {
      session = await SmtpSession.open(settings, current, options, signal, (entered) => (stage = entered));
      smtputf8 = session.extensions.has('SMTPUTF8');
      isDirty = false;
      return undefined;
    } catch (error) {
      const answer = error instanceof TransportError ? error.answer : broken(error, stage);
      return { cause: sessionCauseOf(answer), answer };
    }
  };

  const send = async (raw: Buffer, envelope: WireEnvelope, signal: AbortSignal): Promise<Delivery | Failure> => {
    if (isDirty) await session?.reset(signal).catch(() => session?.destroy());
    const failure = await ready(signal);
    if (failure !== undefined) return failure;
    if (session === undefined) return { kind: 'lost', answer: broken(undefined, 'tcp'), bodyStarted: false };
    const delivery = await session.send(raw, envelope, signal);
    isDirty = delivery.kind === 'answered';
    return delivery;
  };

  return {
    ready,
    async submit(raw, envelope, signal) {
      const wire = wireEnvelope(envelope);
      if ('outcome' in wire) return wire;
      if (wire.international && smtputf8 === undefined) {
        const failure = await ready(signal);
        if (failure !== undefined) return { outcome: 'deferred', ...failure };
      }
      if (wire.international && smtputf8 !== true) return needsSmtputf8;
      const isKept = session?.isOpen === true;
      let delivery = await send(raw, wire, signal);
      if (isKept && wasClosed(delivery)) delivery = await send(raw, wire, signal);
      return submissionOf(delivery);
    },
    async close() {
      await session?.quit();
      session = undefined;
    },
  };
}

function submissionOf(delivery: Delivery | Failure): Submission {
  if ('cause' in delivery) return { outcome: 'deferred', ...delivery };
  if (delivery.kind === 'accepted') {
    const { answer, messageId } = delivery;
    return { outcome: 'accepted', answer, ...(messageId === undefined ? {} : { messageId }) };
  }
  const { answer } = delivery;
  if (delivery.kind === 'lost' && delivery.bodyStarted) return { outcome: 'unknown', answer };
  return { ...verdictOf(answer), answer };
}

/** Without a word and before the body, as a server does that has waited too long. */
const wasClosed = (delivery: Delivery | Failure): boolean =>
  'kind' in delivery && delivery.kind === 'lost' && !delivery.bodyStarted && closures.has(delivery.answer.error ?? '');

const closures: ReadonlySet<string> = new Set(['CLOSED', 'ECONNECTION', 'ECONNRESET', 'EPIPE']);

const needsSmtputf8: Submission = {
  outcome: 'rejected',
  cause: 'needs_smtputf8',
  answer: brokenAnswer(
    'capabilities',
    'SMTPUTF8',
    'The part of the address before the @ is not ASCII, and the server does not accept such addresses (SMTPUTF8).',
  ),
};

/** Addresses as they are written into commands. @returns a rejection for one that would be another command */
function wireEnvelope({ from, to }: Envelope): WireEnvelope | Submission {
  const sender = wireAddress(from);
  if (sender === undefined) return invalid('mail_from', 'misconfigured', from);
  const recipient = wireAddress(to);
  if (recipient === undefined) return invalid('rcpt_to', 'content', to);
  return { from: sender, to: recipient, international: [sender, recipient].some(isInternational) };
}

const invalid = (stage: Stage, cause: 'misconfigured' | 'content', address: string): Submission => ({
  outcome: 'rejected',
  cause,
  answer: brokenAnswer(stage, 'ADDRESS', `${JSON.stringify(address.slice(0, 254))} is not an email address.`),
});

/** An attempt that was cancelled, or that failed for another reason than the server. */
const broken = (error: unknown, stage: Stage): Answer =>
  brokenAnswer(stage, 'ABORTED', error instanceof Error ? error.message : 'The attempt was cancelled.');
