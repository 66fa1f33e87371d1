/** What fault-smtp.ts can do to a client, and what it records. */

/**
 * Where a fault happens. `connect`: before the first byte, also of TLS. `tls`: instead of the handshake, implicit or after STARTTLS.
 * `body`: once the first byte after 354 has arrived; ends the session, whatever the fault. `final`: when the message is complete.
 */
export type FaultStage =
  | 'connect'
  | 'tls'
  | 'greeting'
  | 'ehlo'
  | 'starttls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'final';

export type Fault =
  /** Another answer, in several lines if `text` has several. The session goes on, unless the code is 421 or `close` is set. */
  | { readonly kind: 'reply'; readonly code: number; readonly text: string; readonly close?: boolean }
  /** Ends the connection with FIN. */
  | { readonly kind: 'close' }
  /** Ends the connection with RST. */
  | { readonly kind: 'reset' }
  /** Never answers again; the connection stays open. */
  | { readonly kind: 'silence' }
  /** Sends the first half of the normal answer, then is silent or closes. */
  | { readonly kind: 'partial'; readonly close?: boolean }
  /** Sends the normal answer byte by byte. */
  | { readonly kind: 'drip'; readonly everyMs: number }
  /** Sends the normal answer once `until` resolves. */
  | { readonly kind: 'delay'; readonly until: Promise<unknown> }
  /** At `data`: answers 354 although every recipient was refused. */
  | { readonly kind: 'proceed' }
  /** Sends these bytes instead of an answer, as a server of another protocol would, and closes. */
  | { readonly kind: 'garbage'; readonly bytes: string | Uint8Array }
  /** Sends `bytes` bytes as repetitions of `line`, then is silent. */
  | { readonly kind: 'flood'; readonly bytes: number; readonly line: string };

/** What is known when a fault is chosen. */
export interface FaultContext {
  readonly stage: FaultStage;
  /** Numbers of the connection, and of the transaction on it; from 0. */
  readonly connection: number;
  readonly transaction: number;
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly from: string | undefined;
  /** Recipients accepted so far; at `rcpt` with the one that is to be answered. */
  readonly to: readonly string[];
  /** Known at `final`. */
  readonly messageId: string | undefined;
}

export type Faults = Partial<Readonly<Record<FaultStage, Fault>>> | ((context: FaultContext) => Fault | undefined);

/** A message that arrived completely, up to the final dot. */
export interface ReceivedMessage {
  readonly connection: number;
  readonly user: string | undefined;
  readonly from: string;
  readonly to: readonly string[];
  /** With angle brackets; undefined if the message has none. */
  readonly messageId: string | undefined;
  /** Without transparency dots. */
  readonly raw: Buffer;
  /** Unix ms, when the final dot arrived. */
  readonly atMs: number;
  /** `accepted`: 2xx was sent. `lost`: the server has the message, and its 2xx did not reach the client. `refused`: 4xx or 5xx was sent. */
  readonly outcome: 'accepted' | 'lost' | 'refused';
}

/** A login as it was given. `secret` is the password, or the token of XOAUTH2. */
export interface SmtpLogin {
  readonly mechanism: 'PLAIN' | 'LOGIN' | 'XOAUTH2';
  readonly user: string;
  readonly secret: string;
}
