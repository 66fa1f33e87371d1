import type { SecureContext } from 'node:tls';
import type { Clock } from '../../base/clock.ts';
import type { EgressPolicy, Resolve } from '../../base/egress.ts';

/** What connections to mail servers need, besides the settings of a mailbox. */
export interface TransportOptions {
  readonly policy: EgressPolicy;
  readonly resolve: Resolve;
  readonly clock?: Clock;
  /** The organization by which DNS lookups are limited. */
  readonly organization?: string;
  /** The authorities that are trusted (`trusting`); default: the system's. */
  readonly secureContext?: SecureContext | undefined;
  /** How long a server may take to greet. Default: 30 s. */
  readonly greetingTimeoutMs?: number;
}

/** How a connection to a mail server is protected. `starttls`: refused unless the server upgrades. `none`: allowed addresses only. */
export type Security = 'tls' | 'starttls' | 'none';

/** Where one protocol of a mailbox is reached. */
export interface ServerSettings {
  readonly host: string;
  readonly port: number;
  readonly security: Security;
  readonly username: string;
}

/** How to log in: a password, or an OAuth access token (SASL XOAUTH2). */
export type Login = { readonly password: string } | { readonly accessToken: string };

/** How far a session with a server had come. `body` is everything after the server's 354. */
export type Stage =
  | 'dns'
  | 'tcp'
  | 'tls'
  | 'greeting'
  | 'capabilities'
  | 'auth'
  | 'mail_from'
  | 'rcpt_to'
  | 'data'
  | 'body'
  | 'folders';

/** What a server answered, or how the connection ended. */
export interface Answer {
  readonly stage: Stage;
  /** SMTP reply code; null if there was none. */
  readonly code: number | null;
  /** Enhanced status code (RFC 3463), such as `5.1.1`. */
  readonly enhanced: string | null;
  /** Code of the error that ended the connection, such as `ECONNREFUSED`; absent or null if the server answered. */
  readonly error?: string | null;
  /** The server's text, or the error of the connection; at most 1,000 characters, without credentials. */
  readonly text: string;
}

/**
 * Why a message was not accepted, which decides what stops. Recipient: `hard`, `mailbox_full`, `greylisted`. Message: `block`, `content`,
 * `needs_smtputf8`. Mailbox: `mailbox_limit`, `misconfigured`, `auth`, `auth_temporary`. Sending domain: `domain_auth`. Server: `rate`,
 * `host`, `transient`.
 */
export type Cause =
  | 'hard'
  | 'mailbox_full'
  | 'greylisted'
  | 'block'
  | 'content'
  | 'needs_smtputf8'
  | 'mailbox_limit'
  | 'misconfigured'
  | 'auth'
  | 'auth_temporary'
  | 'domain_auth'
  | 'rate'
  | 'host'
  | 'transient';

/**
 * The fate of a message that was given to a server. `deferred`: it was not sent and may be sent later; `cause` says what has to be waited
 * for. `rejected`: it was not sent and this server will not take it. `unknown`: it may have been sent.
 */
export type Submission =
  | {
      readonly outcome: 'accepted';
      readonly answer: Answer;
      /** Set if the server replaced the Message-ID. */
      readonly messageId?: string;
    }
  | { readonly outcome: 'deferred' | 'rejected'; readonly cause: Cause; readonly answer: Answer }
  | { readonly outcome: 'unknown'; readonly answer: Answer };

/** A session that could not be opened: no message was involved. */
export interface Failure {
  readonly cause: Extract<Cause, 'auth' | 'auth_temporary' | 'host' | 'misconfigured' | 'rate'>;
  readonly answer: Answer;
}

export interface Envelope {
  readonly from: string;
  readonly to: string;
}

/** Gives messages to the server of one mailbox, over at most one connection, one message at a time. */
export interface Submitter {
  /** Connects and logs in, unless that was done before. @returns why it is not possible */
  ready(signal: AbortSignal): Promise<Failure | undefined>;
  /** Never throws: a connection lost before the body is `deferred`, after its first byte `unknown`. */
  submit(raw: Buffer, envelope: Envelope, signal: AbortSignal): Promise<Submission>;
  close(): Promise<void>;
}
