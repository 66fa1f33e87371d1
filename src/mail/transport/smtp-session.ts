import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { TLSSocket } from 'node:tls';
import type { PeerCertificate } from 'node:tls';
import { domainToASCII } from 'node:url';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import { minuteMs, systemClock } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { withoutBrackets } from '../../base/egress.ts';
import { enhancedCode, verdictOf } from './answers.ts';
import { answerOf, brokenAnswer, openSocket, tlsOptions, TransportError } from './connection.ts';
import { cleaner, plainResponse, secretsOf, xoauth2Response } from './server-text.ts';
import type { Clean } from './server-text.ts';
import { bodyOf } from './smtp-body.ts';
import { extensionsOf, replyOf, stageOfCommand } from './smtp-reply.ts';
import type { Reply } from './smtp-reply.ts';
import type { Answer, Envelope, Login, ServerSettings, Stage, TransportOptions } from './transport.ts';
import { isInternational } from './wire-address.ts';

const greetingTimeoutMs = 30_000;
const commandTimeoutMs = minuteMs;
/** For the body, and again for the reply after it: RFC 5321 §4.5.3.2.6. A shorter wait would make messages `unknown`. */
const bodyTimeoutMs = 10 * minuteMs;
const quitTimeoutMs = 2_000;
const replyBytesMax = 64 * 1024;

/** How a message ended. `answered`: by a reply. `lost`: by the end of the connection. `bodyStarted`: a byte of it may have been sent. */
export type Delivery =
  | { readonly kind: 'accepted'; readonly answer: Answer; readonly messageId?: string }
  | { readonly kind: 'answered' | 'lost'; readonly answer: Answer; readonly bodyStarted: boolean };

/** An envelope for this server: addresses are checked, domains are in A-labels. */
export interface WireEnvelope extends Envelope {
  /** Requires SMTPUTF8. */
  readonly international: boolean;
}

type Command = (command: string) => Promise<{ readonly response: string }>;

/**
 * A session with an SMTP server on nodemailer's connection: the stage it has come to, a deadline for each reply, and what is certain when it
 * ends. nodemailer reports the stage of errors with a reply only; here the transaction log says where the others happened.
 */
export class SmtpSession {
  #extensions: ReadonlyMap<string, string> = new Map();
  readonly #clock: Clock;
  readonly #clean: Clean;
  readonly #onStage: (stage: Stage) => void;
  readonly #lost = Promise.withResolvers<never>();
  /** Stages of the commands that were not answered yet. */
  readonly #pending: Stage[] = ['greeting'];
  #stage: Stage = 'greeting';
  #lastReply = '';
  #timer: unknown;
  #isReady = false;
  #hasStrays = false;
  #loss: Answer | undefined;
  #connection: SMTPConnection | undefined;
  #command: Command | undefined;

  private constructor(clock: Clock, clean: Clean, onStage: (stage: Stage) => void) {
    this.#clock = clock;
    this.#clean = clean;
    this.#onStage = onStage;
    this.#lost.promise.catch(() => {});
  }

  /**
   * Connects, upgrades and logs in.
   *
   * @throws TransportError; the signal's reason
   */
  static async open(
    settings: ServerSettings,
    login: Login,
    options: TransportOptions,
    signal: AbortSignal,
    onStage: (stage: Stage) => void = () => {},
  ): Promise<SmtpSession> {
    const secret = 'password' in login ? login.password : login.accessToken;
    const clean = cleaner(secretsOf(settings.username, secret));
    const socket = await openSocket(settings, options, signal, onStage);
    const session = new SmtpSession(options.clock ?? systemClock, clean, onStage);
    const abort = session.#aborted(signal);
    try {
      await session.#greet(socket, settings, options);
      await session.#logIn(settings.username, login);
      return session;
    } catch (error) {
      session.destroy();
      throw error;
    } finally {
      abort();
    }
  }

  /** What the server offers, after STARTTLS if that was used. */
  get extensions(): ReadonlyMap<string, string> {
    return this.#extensions;
  }

  /** The name that the server's certificate was issued to. */
  get certificateName(): string | undefined {
    const socket = this.#connection?._socket;
    if (!(socket instanceof TLSSocket)) return undefined;
    const { subject } = socket.getPeerCertificate() as Partial<PeerCertificate>;
    return typeof subject?.CN === 'string' ? subject.CN : undefined;
  }

  get isOpen(): boolean {
    return this.#loss === undefined && this.#connection?.destroyed === false;
  }

  async #greet(socket: Socket, settings: ServerSettings, options: TransportOptions): Promise<void> {
    // An error before nodemailer listens must not end the process.
    socket.on('error', (error) => this.#fail(answerOf(error, this.#stage)));
    const { default: Connection } = await import('nodemailer/lib/smtp-connection');
    const host = withoutBrackets(settings.host).replace(/\.$/, '');
    const connection = new Connection({
      connection: socket,
      host,
      port: settings.port,
      secure: settings.security === 'tls',
      secured: settings.security === 'tls',
      requireTLS: settings.security === 'starttls',
      ignoreTLS: settings.security === 'none',
      tls: tlsOptions(options),
      name: clientName(settings.username),
      customAuth: { [mechanism]: async ({ sendCommand }) => void (this.#command = sendCommand) },
      maxResponseSize: replyBytesMax,
      // The clock decides; these are behind its deadlines.
      connectionTimeout: 2 * bodyTimeoutMs,
      greetingTimeout: 2 * bodyTimeoutMs,
      socketTimeout: 2 * bodyTimeoutMs,
      transactionLog: true,
      logger: { debug: (entry, line) => this.#onLog(entry, line), info: ignore, warn: ignore, error: ignore },
    });
    this.#connection = connection;
    connection.on('error', (error: unknown) => this.#fail(this.#errorAnswer(error)));
    // Deferred, because nodemailer ends before it reports the reply that it ended for.
    connection.once('end', () => queueMicrotask(() => this.#fail(this.#endAnswer())));
    this.#enter('greeting');
    this.#arm(options.greetingTimeoutMs ?? greetingTimeoutMs);
    await this.#sure<void>((done) => connection.connect((error) => done(error ?? null)));
    this.#isReady = true;
    this.#arm(undefined);
  }

  async #logIn(username: string, login: Login): Promise<void> {
    this.#enter('auth');
    const connection = this.#open();
    // nodemailer's own logins retry with the same token; through a handler it lends its command.
    await this.#sure<boolean>((done) => connection.login({ method: mechanism }, done));
    const offered = (this.extensions.get('AUTH') ?? '').toUpperCase().split(/[\s=]+/);
    const reply = await this.#authenticate(username, login, new Set(offered));
    if (reply.code !== 235) throw new TransportError(this.#answer('auth', reply));
  }

  async #authenticate(username: string, login: Login, offered: ReadonlySet<string>): Promise<Reply> {
    if ('accessToken' in login && offered.has('XOAUTH2')) {
      const reply = await this.#run(`AUTH XOAUTH2 ${xoauth2Response(username, login.accessToken)}`, 'auth');
      // The reason in JSON, which is answered with an empty line.
      return reply.code === 334 ? this.#run('', 'auth') : reply;
    }
    if ('password' in login && offered.has('PLAIN')) {
      return this.#run(`AUTH PLAIN ${plainResponse(username, login.password)}`, 'auth');
    }
    if ('password' in login && offered.has('LOGIN')) {
      const lines = ['AUTH LOGIN', base64(username)];
      for (const line of lines) {
        const reply = await this.#run(line, 'auth');
        if (reply.code !== 334) return reply;
      }
      return this.#run(base64(login.password), 'auth');
    }
    const ways = [...offered].filter((way) => way !== '').join(', ');
    const kind = 'password' in login ? 'a password' : 'a token (XOAUTH2)';
    throw new TransportError(
      brokenAnswer('auth', 'NOLOGIN', `The server does not offer a login with ${kind}. It offers: ${ways || 'none'}.`),
    );
  }

  /** Asks whether the server lets this user send from an address, without sending. Many judge the sender after RCPT TO only; it names itself. */
  async verifySender(from: string, signal: AbortSignal): Promise<Answer> {
    const abort = this.#aborted(signal);
    try {
      const reply = await this.#run(`MAIL FROM:<${from}>${isInternational(from) ? ' SMTPUTF8' : ''}`, 'mail_from');
      const sender = this.#answer('mail_from', reply);
      if (reply.code >= 300) return sender;
      const recipient = this.#answer('rcpt_to', await this.#run(`RCPT TO:<${from}>`, 'rcpt_to'));
      // Refusing it as a recipient says nothing.
      if ((recipient.code ?? 0) >= 300 && verdictOf(recipient).cause === 'misconfigured') return recipient;
      await this.#run('RSET', 'mail_from');
      return sender;
    } finally {
      abort();
    }
  }

  /** Forgets an envelope that was refused. */
  async reset(signal: AbortSignal): Promise<void> {
    const abort = this.#aborted(signal);
    await this.#sure<boolean>((done) => this.#open().reset(done)).finally(abort);
  }

  /** Sends one message. Never rejects. The session is unusable afterwards unless `isOpen`. */
  async send(raw: Buffer, envelope: WireEnvelope, signal: AbortSignal): Promise<Delivery> {
    let started = false;
    let ended = false;
    const body = bodyOf(
      raw,
      () => {
        // Replies that nobody asked for would shift all others, until one of them is taken for the acceptance.
        started = this.#lastReply.startsWith('354');
        if (!started) return this.#fail(this.#protocolAnswer('data'));
        this.#pending.push('body');
        this.#enter('body');
        this.#arm(bodyTimeoutMs);
      },
      () => {
        ended = true;
        this.#arm(bodyTimeoutMs);
      },
    );
    const abort = this.#aborted(signal);
    try {
      const connection = this.#open();
      const info = await this.#settled<SMTPConnection.SentMessageInfo>((done) =>
        connection.send(
          { from: envelope.from, to: [envelope.to], size: raw.length, use8BitMime: envelope.international },
          body,
          done,
        ),
      );
      const answer = this.#answer('body', replyOf(info.response));
      // Another reply that has arrived shows that this one may not be the answer.
      await setImmediate();
      // A server that answers before the end of the body has not read it all.
      if (!ended || this.#hasStrays) return this.#dead({ kind: 'lost', answer, bodyStarted: true });
      const { serverMessageId } = info;
      return { kind: 'accepted', answer, ...(serverMessageId === undefined ? {} : { messageId: serverMessageId }) };
    } catch (error) {
      const answer = error instanceof TransportError ? error.answer : this.#errorAnswer(error);
      const isReply = !(error instanceof TransportError) && answer.code !== null && answer.code >= 400;
      // After the body began, only a complete reply to it is certain, and only if no other one has arrived.
      if (started) await setImmediate();
      const isCertain = isReply && (!started || (answer.stage === 'body' && !(ended && this.#hasStrays)));
      if (!isCertain) return this.#dead({ kind: 'lost', answer, bodyStarted: started });
      const delivery: Delivery = { kind: 'answered', answer, bodyStarted: started };
      return started && !ended ? this.#dead(delivery) : delivery;
    } finally {
      abort();
      this.#arm(undefined);
      body.destroy();
    }
  }

  /** Says goodbye and waits at most 2 s for the answer. */
  async quit(): Promise<void> {
    if (!this.isOpen || this.#pending.length > 0) return this.destroy();
    const connection = this.#open();
    const ended = new Promise<void>((resolve) => {
      connection.once('end', resolve);
    });
    const timer = this.#clock.setTimer(() => this.destroy(), quitTimeoutMs);
    connection.quit();
    await ended;
    this.#clock.clearTimer(timer);
    this.#arm(undefined);
  }

  destroy(): void {
    this.#fail(brokenAnswer(this.#stage, 'CLOSED', 'The connection was closed.'));
  }

  #dead(delivery: Delivery): Delivery {
    this.destroy();
    return delivery;
  }

  #open(): SMTPConnection {
    if (this.#connection === undefined || this.#loss !== undefined)
      throw new TransportError(this.#loss ?? brokenAnswer(this.#stage, 'CLOSED', 'The connection was closed.'));
    return this.#connection;
  }

  async #run(command: string, stage: Stage): Promise<Reply> {
    this.#open();
    if (this.#command === undefined) throw new Error('unreachable: log in first');
    this.#enter(stage);
    const { response } = await Promise.race([this.#command(command), this.#lost.promise]);
    return replyOf(response);
  }

  /** @throws TransportError, or an error of nodemailer with the reply that it is about */
  #settled<T>(start: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
    const ended = new Promise<T>((resolve, reject) => {
      start((error, result) => (error === null ? resolve(result as T) : reject(error)));
    });
    return Promise.race([ended, this.#lost.promise]);
  }

  /** @throws TransportError */
  async #sure<T>(start: (done: (error: Error | null, result?: T) => void) => void): Promise<T> {
    try {
      return await this.#settled(start);
    } catch (error) {
      throw error instanceof TransportError ? error : new TransportError(this.#errorAnswer(error), error);
    }
  }

  /** Ends the session when the signal aborts. @returns what stops listening */
  #aborted(signal: AbortSignal): () => void {
    const abort = (): void => this.#fail(brokenAnswer(this.#stage, 'ABORTED', 'The attempt was cancelled.'));
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  }

  #fail(answer: Answer): void {
    if (this.#loss !== undefined) return;
    this.#loss = answer;
    this.#arm(undefined);
    this.#lost.reject(new TransportError(answer));
    this.#connection?.close();
  }

  #arm(timeoutMs: number | undefined): void {
    this.#clock.clearTimer(this.#timer);
    this.#timer = undefined;
    if (timeoutMs === undefined || this.#loss !== undefined) return;
    this.#timer = this.#clock.setTimer(
      () =>
        this.#fail(brokenAnswer(this.#stage, 'ETIMEDOUT', `The server did not answer within ${timeoutMs / 1_000} s.`)),
      timeoutMs,
    );
  }

  #enter(stage: Stage): void {
    this.#stage = stage;
    this.#onStage(stage);
  }

  /** Follows the session: a command begins a stage and a wait, a reply ends them. */
  #onLog(entry: unknown, line: unknown): void {
    const kind = typeof entry === 'object' && entry !== null && 'tnx' in entry ? entry.tnx : undefined;
    if ((kind !== 'client' && kind !== 'server') || typeof line !== 'string') return;
    if (kind === 'client') {
      const stage = stageOfCommand(line) ?? this.#stage;
      this.#pending.push(stage);
      this.#enter(this.#pending[0] ?? stage);
    } else {
      this.#lastReply = line;
      const answered = this.#pending.shift();
      // 421 may come at any time. RFC 5321 §3.8
      if (answered === undefined && !line.startsWith('421')) this.#hasStrays = true;
      if (answered === 'capabilities') this.#extensions = extensionsOf(replyOf(line));
      if (this.#pending[0] !== undefined) this.#enter(this.#pending[0]);
    }
    this.#arm(this.#isReady && this.#pending.length === 0 ? undefined : commandTimeoutMs);
  }

  #errorAnswer(error: unknown): Answer {
    const { response, command } = error as SMTPConnection.SMTPError;
    if (response === undefined || response === '') return answerOf(error, this.#stage);
    const isBody = error instanceof Error && 'code' in error && error.code === 'EMESSAGE';
    const stage = isBody ? 'body' : (stageOfCommand(command ?? '') ?? this.#stage);
    const reply = replyOf(response);
    return reply.code === 0 ? brokenAnswer(stage, 'EPROTOCOL', this.#clean(reply.text)) : this.#answer(stage, reply);
  }

  #protocolAnswer(stage: Stage): Answer {
    return brokenAnswer(stage, 'EPROTOCOL', this.#clean(this.#lastReply));
  }

  /** The connection ended without an error: a server that leaves says so with 421. */
  #endAnswer(): Answer {
    const reply = replyOf(this.#lastReply);
    return reply.code === 421
      ? this.#answer(this.#stage, reply)
      : brokenAnswer(this.#stage, 'CLOSED', 'The server closed the connection.');
  }

  #answer(stage: Stage, { code, text }: Reply): Answer {
    return { stage, code, enhanced: enhancedCode(code, text), error: null, text: this.#clean(`${code} ${text}`) };
  }
}

/** The name of nodemailer's handler that lends the session its command. */
const mechanism = 'OUTRIDER';

const ignore = (): void => {};

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** What the client calls itself: the user's domain. The name of this machine would be written into each message. RFC 5321 §4.1.3 */
function clientName(username: string): string {
  const domain = domainToASCII(username.slice(username.lastIndexOf('@') + 1));
  return username.includes('@') && domain.includes('.') ? domain : '[127.0.0.1]';
}
