/** One connection of fault-smtp.ts. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';
import { FaultSmtpWire } from './fault-smtp-wire.ts';
import type { Answered } from './fault-smtp-wire.ts';
import type { Fault, FaultContext, FaultStage, ReceivedMessage, SmtpLogin } from './fault-smtp-faults.ts';

export interface SessionOptions {
  readonly security: 'tls' | 'starttls' | 'none';
  readonly secureContext: SecureContext | undefined;
  readonly login: (login: SmtpLogin) => boolean;
  readonly authRequired: boolean;
  readonly extensions: readonly string[];
  readonly now: () => number;
  readonly fault: (context: FaultContext) => Fault | undefined;
  /** Called once for each complete message, when its outcome is certain. */
  readonly received: (message: ReceivedMessage) => void;
}

/** What the client sends next. `user` to `refusal`: lines of a login. */
type Expected = 'command' | 'plain' | 'user' | 'password' | 'token' | 'refusal' | 'body';

const lineEnd = Buffer.from('\r\n');
const bodyEnd = Buffer.from('\r\n.\r\n');
const nothing = Buffer.alloc(0);
const ignore = (): void => {};

/** Serves SMTP on a socket until it closes. */
export class FaultSmtpSession {
  readonly #raw: Socket;
  readonly #connection: number;
  readonly #options: SessionOptions;
  readonly #wire: FaultSmtpWire;
  #isSecure = false;
  #expected: Expected = 'command';
  #input: Buffer = nothing;
  #loginUser = '';
  #user: string | undefined;
  #transaction = 0;
  #from: string | undefined;
  #to: string[] = [];
  #messageId: string | undefined;
  #body: Buffer[] = [];
  /** The last four bytes of the body, which may begin its end. */
  #tail: Buffer = nothing;
  #bodyBegan = false;

  constructor(socket: Socket, connection: number, options: SessionOptions) {
    this.#raw = socket;
    this.#wire = new FaultSmtpWire(socket, () => this.#advance());
    this.#connection = connection;
    this.#options = options;
  }

  start(): void {
    this.#raw
      .on('error', () => this.#raw.destroy())
      .on('data', this.#feed)
      .on('close', () => this.#wire.closed());
    const greet = (): void => this.#answer(220, 'fault.test ESMTP', this.#faultAt('greeting'), ignore);
    const fault = this.#faultAt('connect');
    if (fault !== undefined) this.#answer(220, 'fault.test ESMTP', fault, ignore);
    else if (this.#options.security === 'tls') this.#secure(greet);
    else greet();
  }

  #faultAt(stage: FaultStage, to: readonly string[] = this.#to): Fault | undefined {
    return this.#options.fault({
      stage,
      connection: this.#connection,
      transaction: this.#transaction,
      secure: this.#isSecure,
      user: this.#user,
      from: this.#from,
      to,
      messageId: this.#messageId,
    });
  }

  #reply(code: number, text: string): void {
    this.#answer(code, text, undefined, ignore);
  }

  #answer(code: number, text: string, fault: Fault | undefined, done: Answered): void {
    this.#wire.answer(code, text, fault, done);
  }

  #secure(then: () => void): void {
    const fault = this.#faultAt('tls');
    if (fault !== undefined) return this.#answer(220, '', fault, ignore);
    this.#raw.removeAllListeners('data');
    // What came before the handshake is not part of the session (RFC 3207 §6).
    this.#input = nothing;
    const { secureContext } = this.#options;
    const socket = new TLSSocket(this.#raw, {
      isServer: true,
      ...(secureContext === undefined ? {} : { secureContext }),
    });
    socket.on('error', () => socket.destroy()).on('data', this.#feed);
    socket.once('secure', () => {
      this.#isSecure = true;
      then();
    });
    this.#wire.upgraded(socket);
  }

  readonly #feed = (chunk: Buffer): void => {
    if (this.#wire.isDead) return;
    this.#input = this.#input.length === 0 ? chunk : Buffer.concat([this.#input, chunk]);
    this.#advance();
  };

  #advance(): void {
    while (!this.#wire.isBusy && !this.#wire.isDead && this.#input.length > 0) {
      if (this.#expected === 'body') {
        if (!this.#readBody()) return;
        continue;
      }
      const at = this.#input.indexOf(lineEnd);
      if (at === -1) return;
      const line = this.#input.toString('utf8', 0, at);
      this.#input = this.#input.subarray(at + 2);
      this.#line(line);
    }
  }

  #line(line: string): void {
    const expected = this.#expected;
    this.#expected = 'command';
    switch (expected) {
      case 'plain':
        return this.#plain(line);
      case 'token':
        return this.#token(line);
      case 'user':
        this.#loginUser = decode(line);
        return this.#ask('password', 'UGFzc3dvcmQ6');
      case 'password':
        return this.#login('LOGIN', this.#loginUser, decode(line));
      case 'refusal':
        return this.#reply(535, '5.7.8 Authentication credentials invalid');
      case 'command':
      case 'body':
        return this.#command(line);
    }
  }

  #command(line: string): void {
    const [, verb = '', rest = ''] = /^(\S*) ?(.*)$/s.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'EHLO':
        return this.#answer(250, ['fault.test', ...this.#extensions()].join('\n'), this.#faultAt('ehlo'), ignore);
      case 'HELO':
        return this.#answer(250, 'fault.test', this.#faultAt('ehlo'), ignore);
      case 'STARTTLS':
        return this.#starttls();
      case 'AUTH':
        return this.#auth(rest);
      case 'MAIL':
        return this.#mail(rest);
      case 'RCPT':
        return this.#rcpt(rest);
      case 'DATA':
        return this.#data();
      case 'RSET':
        this.#reset();
        return this.#reply(250, '2.0.0 Ok');
      case 'NOOP':
        return this.#reply(250, '2.0.0 Ok');
      case 'QUIT':
        this.#reply(221, '2.0.0 Bye');
        return this.#wire.end();
      default:
        return this.#reply(502, '5.5.2 Unknown command');
    }
  }

  #extensions(): string[] {
    const isPlain = this.#options.security === 'starttls' && !this.#isSecure;
    return [...this.#options.extensions, isPlain ? 'STARTTLS' : 'AUTH PLAIN LOGIN XOAUTH2'];
  }

  #starttls(): void {
    if (this.#options.security !== 'starttls' || this.#isSecure) return this.#reply(502, '5.5.1 Not available');
    this.#answer(220, '2.0.0 Ready to start TLS', this.#faultAt('starttls'), (code) => {
      if (code === 220) this.#secure(ignore);
    });
  }

  #ask(next: Expected, prompt = ''): void {
    this.#expected = next;
    this.#reply(334, prompt);
  }

  #auth(rest: string): void {
    const [mechanism = '', initial] = rest.split(' ');
    switch (mechanism.toUpperCase()) {
      case 'PLAIN':
        return initial === undefined ? this.#ask('plain') : this.#plain(initial);
      case 'XOAUTH2':
        return initial === undefined ? this.#ask('token') : this.#token(initial);
      case 'LOGIN':
        if (initial === undefined) return this.#ask('user', 'VXNlcm5hbWU6');
        this.#loginUser = decode(initial);
        return this.#ask('password', 'UGFzc3dvcmQ6');
      default:
        return this.#reply(504, '5.5.4 Unrecognized authentication type');
    }
  }

  #plain(response: string): void {
    const [, user = '', secret = ''] = decode(response).split('\0');
    this.#login('PLAIN', user, secret);
  }

  #token(response: string): void {
    const [user = '', bearer = ''] = decode(response).split('\x01');
    this.#login('XOAUTH2', user.replace(/^user=/, ''), bearer.replace(/^auth=Bearer /, ''));
  }

  #login(mechanism: SmtpLogin['mechanism'], user: string, secret: string): void {
    const isRight = this.#options.login({ mechanism, user, secret });
    const fault = this.#faultAt('auth');
    // A server explains why it refuses a token, and the client answers with an empty line.
    if (!isRight && mechanism === 'XOAUTH2' && fault === undefined)
      return this.#ask('refusal', Buffer.from('{"status":"400","schemes":"Bearer"}').toString('base64'));
    const [code, text] = isRight ? ([235, 'Authentication successful'] as const) : ([535, 'Bad credentials'] as const);
    this.#answer(code, `${isRight ? '2.7.0' : '5.7.8'} ${text}`, fault, (sent) => {
      if (sent === 235) this.#user = user;
    });
  }

  #reset(): void {
    if (this.#from !== undefined) this.#transaction += 1;
    this.#from = undefined;
    this.#to = [];
    this.#messageId = undefined;
  }

  #mail(rest: string): void {
    const address = /^FROM:\s*<([^>]*)>/i.exec(rest)?.[1];
    const { security, authRequired } = this.#options;
    if (address === undefined) return this.#reply(501, '5.5.4 Syntax: MAIL FROM:<address>');
    if (security === 'starttls' && !this.#isSecure)
      return this.#reply(530, '5.7.0 Must issue a STARTTLS command first');
    if (authRequired && this.#user === undefined) return this.#reply(530, '5.7.0 Authentication required');
    this.#reset();
    this.#from = address;
    this.#answer(250, '2.1.0 Ok', this.#faultAt('mail'), (code) => {
      if (code !== 250) this.#reset();
    });
  }

  #rcpt(rest: string): void {
    const address = /^TO:\s*<([^>]*)>/i.exec(rest)?.[1];
    if (address === undefined) return this.#reply(501, '5.5.4 Syntax: RCPT TO:<address>');
    if (this.#from === undefined) return this.#reply(503, '5.5.1 Need MAIL first');
    this.#answer(250, '2.1.5 Ok', this.#faultAt('rcpt', [...this.#to, address]), (code) => {
      if (code === 250 || code === 251) this.#to.push(address);
    });
  }

  #data(): void {
    if (this.#from === undefined) return this.#reply(503, '5.5.1 Need MAIL first');
    const fault = this.#faultAt('data');
    if (this.#to.length === 0 && fault?.kind !== 'proceed') return this.#reply(554, '5.5.1 No valid recipients');
    this.#answer(354, 'End data with <CR><LF>.<CR><LF>', fault, (code) => {
      if (code !== 354) return;
      this.#expected = 'body';
      this.#body = [];
      this.#bodyBegan = false;
      // An empty message is the final dot alone.
      this.#tail = lineEnd;
    });
  }

  /** @returns whether the body has ended */
  #readBody(): boolean {
    if (!this.#bodyBegan) {
      this.#bodyBegan = true;
      const fault = this.#faultAt('body');
      if (fault !== undefined) {
        this.#answer(250, '2.0.0 Ok', fault, (code) => code !== undefined && this.#wire.end());
        return false;
      }
    }
    const searched = Buffer.concat([this.#tail, this.#input]);
    const at = searched.indexOf(bodyEnd);
    if (at === -1) {
      this.#body.push(this.#input);
      this.#tail = searched.subarray(-4);
      this.#input = nothing;
      return false;
    }
    const used = at + bodyEnd.length - this.#tail.length;
    this.#body.push(this.#input.subarray(0, used));
    this.#input = this.#input.subarray(used);
    this.#expected = 'command';
    // The end of the line before the dot belongs to the message.
    this.#complete(Buffer.concat(this.#body).subarray(0, -3));
    return true;
  }

  #complete(sent: Buffer): void {
    this.#body = [];
    this.#messageId = /^message-id:\s*(<[^>\r\n]+>)/im.exec(headOf(sent))?.[1];
    const message = {
      connection: this.#connection,
      user: this.#user,
      from: this.#from ?? '',
      to: this.#to,
      messageId: this.#messageId,
      raw: withoutDots(sent),
      atMs: this.#options.now(),
    };
    this.#answer(250, '2.0.0 Ok: queued', this.#faultAt('final'), (code) => {
      const refused = code !== undefined && code >= 300;
      this.#options.received({ ...message, outcome: code === undefined ? 'lost' : refused ? 'refused' : 'accepted' });
      this.#reset();
    });
  }
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();

function headOf(message: Buffer): string {
  const end = message.indexOf('\r\n\r\n');
  return message.toString('latin1', 0, end === -1 ? message.length : end);
}

/** Undoes transparency (RFC 5321 §4.5.2). */
const withoutDots = (message: Buffer): Buffer =>
  message[0] !== 0x2e && !message.includes('\n.')
    ? message
    : Buffer.from(message.toString('latin1').replace(/(^|\n)\./g, '$1'), 'latin1');
