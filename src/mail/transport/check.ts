import type { ImapFlow, ListResponse } from 'imapflow';
import { systemClock } from '../../base/clock.ts';
import { brokenAnswer, openSocket, TransportError } from './connection.ts';
import { openImap } from './imap.ts';
import { explain } from './remedies.ts';
import type { Attempt } from './remedies.ts';
import { SmtpSession } from './smtp-session.ts';
import type { Answer, Login, ServerSettings, Stage, TransportOptions } from './transport.ts';
import { isInternational, wireAddress } from './wire-address.ts';

/** For both protocols together. */
const checkTimeoutMs = 30_000;
/** Leaves time to look whether a silent port expects TLS. */
const greetingTimeoutMs = 15_000;

export type CheckStage = 'dns' | 'tcp' | 'tls' | 'greeting' | 'capabilities' | 'auth' | 'sender' | 'folders';

/** What one stage of the test found, as callers see it. */
export interface StageResult {
  readonly protocol: 'smtp' | 'imap';
  readonly stage: CheckStage;
  readonly ok: boolean;
  /** What is wrong, for programs, such as `wrong_password`; absent if nothing is. */
  readonly code?: string;
  /** What happened and what to do, in plain words. */
  readonly message: string;
  /** The server's own words, at most 1,000 characters. */
  readonly server_said?: string;
}

/** A server, and how to log in to it. */
export interface Account {
  readonly server: ServerSettings;
  readonly login: Login;
}

export interface CheckReport {
  /** Every stage passed. */
  readonly ok: boolean;
  /** In the order in which they happened, SMTP first; a protocol ends with its first failure. */
  readonly stages: readonly StageResult[];
  /** What works and may still surprise, in sentences. */
  readonly warnings: readonly string[];
  /** Whether the server sends to addresses with other than ASCII characters before the @; null: it was not asked. */
  readonly smtputf8: boolean | null;
}

export interface CheckInput {
  /** The address that the mailbox sends from. */
  readonly from: string;
  readonly smtp: Account;
  readonly imap?: Account | undefined;
}

/**
 * Tests the servers of a mailbox: both protocols at once, at most 30 s. SMTP: connects, logs in, and asks for the sender without sending.
 * IMAP: connects, logs in, and lists the folders. Never rejects.
 *
 * @example
 * const { ok, stages } = await checkServers({ from, smtp: { server, login }, imap: { server, login } }, { policy, resolve }, signal);
 */
export async function checkServers(
  { from, smtp, imap }: CheckInput,
  options: TransportOptions,
  signal: AbortSignal,
): Promise<CheckReport> {
  const { clock = systemClock } = options;
  const ending = new AbortController();
  const timer = clock.setTimer(() => ending.abort(), checkTimeoutMs);
  const limited = { ...options, greetingTimeoutMs };
  const until = AbortSignal.any([signal, ending.signal]);
  try {
    const [sending, reading] = await Promise.all([
      checkSmtp({ protocol: 'smtp', ...smtp, from }, limited, until),
      imap === undefined ? undefined : checkImap({ protocol: 'imap', ...imap, from }, limited, until),
    ]);
    const stages = [...sending.stages, ...(reading?.stages ?? [])];
    return {
      ok: stages.every(({ ok }) => ok),
      stages,
      warnings: [...new Set([...sending.warnings, ...(reading?.warnings ?? [])])],
      smtputf8: sending.smtputf8,
    };
  } finally {
    clock.clearTimer(timer);
  }
}

/** Collects the stages of one protocol. */
class Findings {
  readonly warnings: string[] = [];
  readonly stages: StageResult[] = [];
  readonly #attempt: Attempt;
  readonly #entered: CheckStage[] = [];

  constructor(attempt: Attempt) {
    this.#attempt = attempt;
  }

  readonly enter = (stage: Stage): void => {
    const entered = checkStage[stage];
    // A stage that is entered again, such as the capabilities after STARTTLS, counts when it ends.
    const before = this.#entered.indexOf(entered);
    if (before !== -1) this.#entered.splice(before, 1);
    this.#entered.push(entered);
  };

  /** The stage ended the test. */
  fail(answer: Answer): void {
    const failed = checkStage[answer.stage];
    this.#pass(this.#entered.filter((stage) => stage !== failed));
    const { protocol } = this.#attempt;
    const said = answer.error === null || answer.error === undefined || answer.error === 'EPROTOCOL';
    this.stages.push({
      protocol,
      stage: failed,
      ok: false,
      ...explain(answer, this.#attempt),
      ...(said && answer.text !== '' ? { server_said: answer.text } : {}),
    });
  }

  pass(): void {
    this.#pass(this.#entered);
  }

  #pass(stages: readonly CheckStage[]): void {
    const { protocol, server, from } = this.#attempt;
    for (const stage of stages) this.stages.push({ protocol, stage, ok: true, message: passed[stage](server, from) });
  }
}

const checkStage: Readonly<Record<Stage, CheckStage>> = {
  dns: 'dns',
  tcp: 'tcp',
  tls: 'tls',
  greeting: 'greeting',
  capabilities: 'capabilities',
  auth: 'auth',
  mail_from: 'sender',
  rcpt_to: 'sender',
  data: 'sender',
  body: 'sender',
  folders: 'folders',
};

const passed: Readonly<Record<CheckStage, (server: ServerSettings, from: string) => string>> = {
  dns: ({ host }) => `The name ${host} was found.`,
  tcp: ({ host, port }) => `${host}:${port} accepts connections.`,
  tls: ({ host }) => `The certificate of ${host} is valid.`,
  greeting: ({ host }) => `${host} greeted.`,
  capabilities: ({ host }) => `${host} offers what is needed.`,
  auth: ({ host, username }) => `${host} accepted the login of ${username}.`,
  sender: ({ host }, from) => `${host} accepts mail from ${from}.`,
  folders: ({ host }) => `${host} listed the folders.`,
};

async function checkSmtp(
  attempt: Attempt,
  options: TransportOptions,
  signal: AbortSignal,
): Promise<Findings & { smtputf8: boolean | null }> {
  const { server, login, from } = attempt;
  const findings = Object.assign(new Findings(attempt), { smtputf8: null as boolean | null });
  let session: SmtpSession | undefined;
  try {
    session = await SmtpSession.open(server, login, options, signal, findings.enter);
    findings.smtputf8 = session.extensions.has('SMTPUTF8');
    warnOfCertificate(findings, session.certificateName, attempt);
    findings.enter('mail_from');
    const answer = await senderAnswer(session, from, signal);
    if (answer.code === null || answer.code >= 300) findings.fail(answer);
    else {
      findings.pass();
      await session.quit();
    }
  } catch (error) {
    findings.fail(await withTlsProbe(answerOf(error), attempt, options, signal));
  } finally {
    session?.destroy();
  }
  if (differs(server.username, from)) {
    findings.warnings.push(
      `The mailbox sends from ${from}, but logs in as ${server.username}: some providers replace the sender, and receivers may distrust the mail.`,
    );
  }
  return findings;
}

async function senderAnswer(session: SmtpSession, from: string, signal: AbortSignal): Promise<Answer> {
  const address = wireAddress(from);
  if (address === undefined) return brokenAnswer('mail_from', 'ADDRESS', `${from} is not an email address.`);
  if (isInternational(address) && !session.extensions.has('SMTPUTF8'))
    return brokenAnswer('mail_from', 'SMTPUTF8', 'The server does not offer SMTPUTF8.');
  return session.verifySender(address, signal);
}

async function checkImap(attempt: Attempt, options: TransportOptions, signal: AbortSignal): Promise<Findings> {
  const { server, login } = attempt;
  const findings = new Findings(attempt);
  const opened = await openImap(
    server,
    login,
    { ...options, imapflow: { disableAutoIdle: true } },
    signal,
    findings.enter,
  );
  if (!opened.ok) {
    findings.fail(await withTlsProbe(opened.failure.answer, attempt, options, signal));
    return findings;
  }
  const { client } = opened;
  const abort = (): void => client.close();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  try {
    findings.enter('capabilities');
    if (!client.capabilities.has('IMAP4rev1') && !client.capabilities.has('IMAP4rev2'))
      throw new TransportError(brokenAnswer('capabilities', 'EPROTOCOL', 'The server does not offer IMAP4rev1.'));
    findings.enter('folders');
    const folders = await client.list();
    await client.mailboxOpen('INBOX', { readOnly: true });
    findings.pass();
    warnOfFolders(findings, folders, attempt);
  } catch (error) {
    findings.fail(error instanceof TransportError ? error.answer : foldersAnswer(error, client, signal));
  } finally {
    signal.removeEventListener('abort', abort);
    client.close();
  }
  return findings;
}

function foldersAnswer(error: unknown, client: ImapFlow, signal: AbortSignal): Answer {
  if (signal.aborted) return brokenAnswer('folders', 'ABORTED', 'The server did not answer in time.');
  const { responseText } = error as { readonly responseText?: unknown };
  return client.usable && typeof responseText === 'string'
    ? { stage: 'folders', code: null, enhanced: null, error: null, text: responseText }
    : brokenAnswer('folders', 'CLOSED', 'The connection was closed.');
}

function warnOfFolders(findings: Findings, folders: readonly ListResponse[], { server }: Attempt): void {
  const has = (use: string): boolean => folders.some(({ specialUse }) => specialUse === use);
  if (!has(String.raw`\Sent`))
    findings.warnings.push(
      `${server.host} shows no folder for sent mail: copies are not filed, and a message whose fate is unknown cannot be looked for.`,
    );
  if (!has(String.raw`\Junk`))
    findings.warnings.push(`${server.host} shows no folder for junk mail: replies that are filed there are not seen.`);
}

function warnOfCertificate(findings: Findings, name: string | undefined, { server, from }: Attempt): void {
  const domain = from.slice(from.lastIndexOf('@') + 1).toLowerCase();
  const isIn = (host: string): boolean => host === domain || host.endsWith(`.${domain}`);
  if (name !== undefined && isIn(server.host.toLowerCase()) && !isIn(name.toLowerCase()))
    findings.warnings.push(
      `The certificate of ${server.host} was issued to another party, ${name}: use the provider's own name of the server if there is one.`,
    );
}

const differs = (username: string, from: string): boolean => {
  const [user, sender] = [username.toLowerCase(), from.toLowerCase()];
  return user !== sender && user !== sender.slice(0, sender.lastIndexOf('@'));
};

const answerOf = (error: unknown): Answer =>
  error instanceof TransportError ? error.answer : brokenAnswer('tcp', 'ABORTED', 'The attempt was cancelled.');

/** A server that says nothing may wait for TLS: tries it, so that the answer can say so. */
async function withTlsProbe(
  answer: Answer,
  { server }: Attempt,
  options: TransportOptions,
  signal: AbortSignal,
): Promise<Answer> {
  if (answer.stage !== 'greeting' || answer.error !== 'ETIMEDOUT' || server.security === 'tls') return answer;
  try {
    const socket = await openSocket({ ...server, security: 'tls' }, options, signal);
    socket.on('error', () => {}).destroy();
    return { ...answer, error: 'TLS_EXPECTED' };
  } catch (error) {
    const { error: code } = answerOf(error);
    return isCertificateError(code) ? { ...answer, error: 'TLS_EXPECTED' } : answer;
  }
}

/** A server whose certificate is refused speaks TLS. */
const isCertificateError = (code: string | null | undefined): boolean =>
  /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code ?? '');
