import { cut } from '../base/cut.ts';
import { hourMs, minuteMs } from '../base/clock.ts';
import { createJobRunner } from '../db/jobs.ts';
import type { Transaction } from '../db/pool.ts';
import type { Deps } from '../ops/index.ts';
import * as queries from './mail-queries.ts';
import type { MailRow } from './mail-queries.ts';

export type MailKind = 'reset' | 'invitation';

/** Sends one mail. Rejects, within a minute, if the server does not accept it. */
export type Send = (message: {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly messageId: string;
}) => Promise<void>;

/** What to mail. The signature is added. */
export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface MailsOptions extends Pick<Deps, 'db' | 'clock' | 'bus' | 'onError'> {
  /** Undefined: no mail server is configured. */
  readonly send: Send | undefined;
  /** Called for each attempt. Undefined: there is nothing to mail, such as for an address without an account. */
  readonly letters: Readonly<Record<MailKind, (row: MailRow) => Promise<Letter | undefined>>>;
  readonly publicUrl: () => string;
  readonly log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
  readonly onMail: (kind: string, outcome: 'sent' | 'nothing' | 'retried' | 'failed') => void;
}

/** Waits before the second, third, … attempt. */
const backoffMs: readonly number[] = [minuteMs, 5 * minuteMs, 30 * minuteMs, 2 * hourMs, 12 * hourMs];
/** Longer than an attempt. Afterwards another process tries, and the mail may arrive twice, with the same link. */
const leaseMs = 2 * minuteMs;
const claimMax = 4;

export interface Mails {
  /** Whether this installation sends mail. */
  readonly configured: boolean;
  /** Stores a mail, which is sent after the commit, and tried again until its link ends. */
  write(
    tx: Transaction,
    mail: { readonly id: string; readonly kind: MailKind; readonly email: string; readonly expiresAt: Date },
  ): Promise<void>;
  run(signal: AbortSignal): Promise<void>;
}

/** Mails links to people: an outbox, whose rows contain no token. */
export function createMails(options: MailsOptions): Mails {
  const { db, clock, bus, send, letters, publicUrl, log, onMail } = options;

  async function deliver(over: Send, row: MailRow): Promise<void> {
    const about = { mail_id: row.id, kind: row.kind };
    const letter = row.expires_at.getTime() > clock.now() ? await letters[row.kind as MailKind](row) : undefined;
    if (letter === undefined) {
      onMail(row.kind, 'nothing');
      await queries.deleteMail(db, row.id);
      return;
    }
    const here = publicUrl();
    const reason = await over({
      ...letter,
      text: `${letter.text}\n\n--\nOutrider, ${here}\n`,
      // The same in each attempt: a receiver can recognize a mail that arrives twice.
      messageId: `<${row.id}@${new URL(here).hostname}>`,
    }).then(() => undefined, reasonOf);
    if (reason === undefined) {
      log.info(about, 'account mail sent');
      onMail(row.kind, 'sent');
      await queries.deleteMail(db, row.id);
      return;
    }
    const next = clock.now() + (backoffMs[row.attempt_count - 1] ?? Infinity);
    const isLast = next >= row.expires_at.getTime();
    log.warn(
      { ...about, attempt_count: row.attempt_count, reason },
      isLast ? 'account mail could not be sent' : 'account mail could not be sent and will be tried again',
    );
    onMail(row.kind, isLast ? 'failed' : 'retried');
    if (isLast) await queries.deleteMail(db, row.id);
    else await queries.postponeMail(db, row.id, new Date(next));
  }

  const runner = createJobRunner({
    bus,
    clock,
    async chunk(now) {
      if (send === undefined) return false;
      const claimed = await queries.claimMails(db, claimMax, new Date(now), new Date(now + leaseMs));
      await Promise.all(claimed.map((row) => deliver(send, row)));
      return claimed.length > 0;
    },
    nextDue: async () => (send === undefined ? undefined : (await queries.nextMailDue(db))?.getTime()),
    onError: (error) => options.onError(error, 'account mails'),
  });

  return {
    configured: send !== undefined,
    async write(tx, { expiresAt, ...mail }) {
      if (send === undefined) return;
      await queries.insertMail(tx, { ...mail, due_at: new Date(clock.now()), expires_at: expiresAt });
      tx.afterCommit(runner.wake);
    },
    run: runner.run,
  };
}

/** The error's message on one line, cut at 500 characters. It may name the address, and never the link. */
const reasonOf = (error: unknown): string =>
  cut((error instanceof Error ? error.message : String(error)).replaceAll(/\s+/g, ' '), 500);
