/** One connection of fault-smtp.ts. */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { Fault, FaultContext, FaultStage, ReceivedMessage, SmtpLogin } from './fault-smtp-faults.ts';

export interface SessionOptions {
  readonly security: 'tls' | 'starttls' | 'none';
  readonly secureContext: SecureContext | undefined;
  readonly login: (login: SmtpLogin) => boolean;
  readonly authRequired: boolean;
  readonly extensions: readonly string[];
  readonly records: boolean;
  readonly now: () => number;
  readonly fault: (context: FaultContext) => Fault | undefined;
  /** Called once for each complete message, when its outcome is certain. */
  readonly received: (message: ReceivedMessage) => void;
}

/** What the next line of the client is; `body`: not a line but a message. */
type Expected = 'command' | 'plain' | 'user' | 'password' | 'token' | 'refusal' | 'body';

const lineEnd = Buffer.from('\r\n');
const bodyEnd = Buffer.from('\r\n.\r\n');
const nothing = Buffer.alloc(0);

/** Serves SMTP on a socket until it closes. */
export function startSession(raw: Socket, connection: number, options: SessionOptions): void {
  let socket = raw;
  let secure = false;
  let expected: Expected = 'command';
  let user: string | undefined;
  let loginUser = '';
  let from: string | undefined;
  let to: string[] = [];
  let transaction = 0;
  let messageId: string | undefined;
  let input: Buffer = nothing;
  let body: Buffer[] = [];
  /** The last four bytes of the body, which may begin its end. */
  let tail: Buffer = nothing;
  let bodyBegan = false;
  /** An answer is on its way: further input waits. */
  let blocked = false;
  /** No answer will be sent any more: further input is discarded. */
  let dead = false;
  let unanswered: (() => void) | undefined;
  let timer: NodeJS.Timeout | undefined;

  const faultAt = (stage: FaultStage, recipients: readonly string[] = to): Fault | undefined =>
    options.fault({ stage, connection, transaction, secure, user, from, to: recipients, messageId });

  const end = (): void => {
    dead = true;
    socket.end();
  };

  const flood = (bytes: number, line: string): void => {
    const chunk = Buffer.from(line.repeat(Math.max(1, Math.ceil(65_536 / line.length))));
    let left = bytes;
    const more = (): void => {
      while (left > 0 && !socket.destroyed) {
        left -= chunk.length;
        if (!socket.write(chunk)) return void socket.once('drain', more);
      }
    };
    more();
  };

  /** Sends an answer with whatever fault is due. `done` gets the code that reached the client; undefined if none did, or none yet. */
  function answer(code: number, text: string, fault: Fault | undefined, done: (code?: number) => void): void {
    const lines = text.split('\n');
    const normal = lines.map((line, at) => `${code}${at < lines.length - 1 ? '-' : ' '}${line}\r\n`).join('');
    const resume = (): void => {
      unanswered = undefined;
      blocked = false;
      done(code);
      advance();
    };
    switch (fault?.kind) {
      case undefined:
      case 'proceed':
        socket.write(normal);
        return done(code);
      case 'reply':
        answer(fault.code, fault.text, undefined, done);
        if (fault.close === true || fault.code === 421) end();
        return;
      case 'close':
        end();
        break;
      case 'reset':
        dead = true;
        raw.resetAndDestroy();
        break;
      case 'silence':
        dead = true;
        break;
      case 'partial':
        socket.write(normal.slice(0, Math.floor(normal.length / 2)));
        dead = true;
        if (fault.close === true) socket.end();
        break;
      case 'garbage':
        socket.write(fault.bytes);
        end();
        break;
      case 'flood':
        dead = true;
        flood(fault.bytes, fault.line);
        break;
      case 'drip': {
        blocked = true;
        unanswered = () => done();
        const bytes = Buffer.from(normal);
        let at = 0;
        timer = setInterval(() => {
          socket.write(bytes.subarray(at, at + 1));
          at += 1;
          if (at < bytes.length) return;
          clearInterval(timer);
          resume();
        }, fault.everyMs);
        return;
      }
      case 'delay':
        blocked = true;
        unanswered = () => done();
        void fault.until.then(() => {
          if (unanswered === undefined) return;
          socket.write(normal);
          resume();
        });
        return;
    }
    done();
  }
  const reply = (code: number, text: string): void => answer(code, text, undefined, () => {});

  function secureNow(then: () => void): void {
    const fault = faultAt('tls');
    if (fault !== undefined) return answer(220, '', fault, () => {});
    raw.removeAllListeners('data');
    input = nothing;
    socket = new TLSSocket(raw, {
      isServer: true,
      ...(options.secureContext === undefined ? {} : { secureContext: options.secureContext }),
    });
    socket.on('error', () => socket.destroy()).on('data', feed);
    socket.once('secure', () => {
      secure = true;
      then();
    });
  }

  function greet(): void {
    answer(220, 'fault.test ESMTP', faultAt('greeting'), () => {});
  }

  function reset(): void {
    if (from !== undefined) transaction += 1;
    from = undefined;
    to = [];
    messageId = undefined;
  }

  function login(mechanism: SmtpLogin['mechanism'], name: string, secret: string): void {
    const good = options.login({ mechanism, user: name, secret });
    const fault = faultAt('auth');
    expected = 'command';
    // An XOAUTH2 server explains the refusal first, and the client answers with an empty line.
    if (!good && mechanism === 'XOAUTH2' && fault === undefined) {
      expected = 'refusal';
      return reply(334, Buffer.from('{"status":"400","schemes":"Bearer"}').toString('base64'));
    }
    const text = good ? '2.7.0 Authentication successful' : '5.7.8 Authentication credentials invalid';
    answer(good ? 235 : 535, text, fault, (code) => {
      if (code === 235) user = name;
    });
  }

  function plain(given: string): void {
    const [, name = '', secret = ''] = decode(given).split('\0');
    login('PLAIN', name, secret);
  }

  function token(given: string): void {
    const [name = '', secret = ''] = decode(given).split('\x01');
    login('XOAUTH2', name.replace(/^user=/, ''), secret.replace(/^auth=Bearer /, ''));
  }

  function auth(rest: string): void {
    const [mechanism = '', initial] = rest.split(' ');
    const ask = (next: Expected, prompt = ''): void => {
      expected = next;
      reply(334, prompt);
    };
    switch (mechanism.toUpperCase()) {
      case 'PLAIN':
        return initial === undefined ? ask('plain') : plain(initial);
      case 'XOAUTH2':
        return initial === undefined ? ask('token') : token(initial);
      case 'LOGIN':
        if (initial === undefined) return ask('user', 'VXNlcm5hbWU6');
        loginUser = decode(initial);
        return ask('password', 'UGFzc3dvcmQ6');
      default:
        return reply(504, '5.5.4 Unrecognized authentication type');
    }
  }

  function mail(rest: string): void {
    const address = /^FROM:\s*<([^>]*)>/i.exec(rest)?.[1];
    if (address === undefined) return reply(501, '5.5.4 Syntax: MAIL FROM:<address>');
    if (options.security === 'starttls' && !secure) return reply(530, '5.7.0 Must issue a STARTTLS command first');
    if (options.authRequired && user === undefined) return reply(530, '5.7.0 Authentication required');
    reset();
    from = address;
    answer(250, '2.1.0 Ok', faultAt('mail'), (code) => {
      if (code !== 250) reset();
    });
  }

  function rcpt(rest: string): void {
    const address = /^TO:\s*<([^>]*)>/i.exec(rest)?.[1];
    if (address === undefined) return reply(501, '5.5.4 Syntax: RCPT TO:<address>');
    if (from === undefined) return reply(503, '5.5.1 Need MAIL first');
    answer(250, '2.1.5 Ok', faultAt('rcpt', [...to, address]), (code) => {
      if (code === 250 || code === 251) to.push(address);
    });
  }

  function data(): void {
    if (from === undefined) return reply(503, '5.5.1 Need MAIL first');
    const fault = faultAt('data');
    if (to.length === 0 && fault?.kind !== 'proceed') return reply(554, '5.5.1 No valid recipients');
    answer(354, 'End data with <CR><LF>.<CR><LF>', fault, (code) => {
      if (code !== 354) return;
      expected = 'body';
      body = [];
      bodyBegan = false;
      // A message may begin with the final dot.
      tail = lineEnd;
    });
  }

  function command(line: string): void {
    const [, verb = '', rest = ''] = /^(\S*) ?(.*)$/s.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'EHLO': {
        const extensions = [
          ...options.extensions,
          ...(options.security === 'starttls' && !secure ? ['STARTTLS'] : ['AUTH PLAIN LOGIN XOAUTH2']),
        ];
        return answer(250, ['fault.test', ...extensions].join('\n'), faultAt('ehlo'), () => {});
      }
      case 'HELO':
        return answer(250, 'fault.test', faultAt('ehlo'), () => {});
      case 'STARTTLS':
        if (options.security !== 'starttls' || secure) return reply(502, '5.5.1 Not available');
        return answer(220, '2.0.0 Ready to start TLS', faultAt('starttls'), (code) => {
          if (code === 220) secureNow(() => {});
        });
      case 'AUTH':
        return auth(rest);
      case 'MAIL':
        return mail(rest);
      case 'RCPT':
        return rcpt(rest);
      case 'DATA':
        return data();
      case 'RSET':
        reset();
        return reply(250, '2.0.0 Ok');
      case 'NOOP':
        return reply(250, '2.0.0 Ok');
      case 'QUIT':
        reply(221, '2.0.0 Bye');
        return end();
      default:
        return reply(502, '5.5.2 Unknown command');
    }
  }

  function line(text: string): void {
    switch (expected) {
      case 'plain':
        return plain(text);
      case 'token':
        return token(text);
      case 'user':
        loginUser = decode(text);
        expected = 'password';
        return reply(334, 'UGFzc3dvcmQ6');
      case 'password':
        return login('LOGIN', loginUser, decode(text));
      case 'refusal':
        expected = 'command';
        return reply(535, '5.7.8 Authentication credentials invalid');
      default:
        return command(text);
    }
  }

  /** @returns whether the body has ended. */
  function readBody(): boolean {
    if (!bodyBegan && input.length > 0) {
      bodyBegan = true;
      const fault = faultAt('body');
      if (fault !== undefined) {
        answer(250, '2.0.0 Ok', fault, (code) => code !== undefined && end());
        return false;
      }
    }
    const searched = Buffer.concat([tail, input]);
    const at = searched.indexOf(bodyEnd);
    if (at === -1) {
      body.push(input);
      tail = searched.subarray(-4);
      input = nothing;
      return false;
    }
    // The end of the line before the dot belongs to the message.
    const used = Math.max(0, at + bodyEnd.length - tail.length);
    body.push(input.subarray(0, used));
    input = input.subarray(used);
    expected = 'command';
    complete(Buffer.concat(body).subarray(0, -3));
    return true;
  }

  function complete(sent: Buffer): void {
    messageId = /^message-id:\s*(<[^>\r\n]+>)/im.exec(headOf(sent))?.[1];
    const message = {
      connection,
      user,
      from: from ?? '',
      to,
      messageId,
      raw: options.records ? withoutDots(sent) : nothing,
      atMs: options.now(),
    };
    body = [];
    let outcome: ReceivedMessage['outcome'] = 'lost';
    const fault = faultAt('final');
    answer(250, '2.0.0 Ok: queued', fault, (code) => {
      if (code !== undefined) outcome = code < 300 ? 'accepted' : 'refused';
      options.received({ ...message, outcome });
      reset();
    });
  }

  function advance(): void {
    while (!blocked && !dead && input.length > 0) {
      if (expected === 'body') {
        if (!readBody()) return;
        continue;
      }
      const at = input.indexOf(lineEnd);
      if (at === -1) return;
      const text = input.toString('utf8', 0, at);
      input = input.subarray(at + 2);
      line(text);
    }
  }

  function feed(chunk: Buffer): void {
    if (dead) return;
    input = input.length === 0 ? chunk : Buffer.concat([input, chunk]);
    advance();
  }

  raw
    .on('error', () => raw.destroy())
    .on('data', feed)
    .on('close', () => {
      clearInterval(timer);
      unanswered?.();
      unanswered = undefined;
    });
  const connectFault = faultAt('connect');
  if (connectFault !== undefined) answer(220, 'fault.test ESMTP', connectFault, () => {});
  else if (options.security === 'tls') secureNow(greet);
  else greet();
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();

const headOf = (message: Buffer): string => {
  const end = message.indexOf('\r\n\r\n');
  return message.toString('latin1', 0, end === -1 ? message.length : end);
};

/** Undoes transparency (RFC 5321 §4.5.2). */
const withoutDots = (message: Buffer): Buffer =>
  Buffer.from(message.toString('latin1').replace(/(^|\n)\./g, '$1'), 'latin1');
