import { dayMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Deps, Module } from '../../ops/index.ts';
import type { Submitter } from '../transport/transport.ts';
import { createBox } from './box.ts';
import type { BoxOptions, CapturingMailbox } from './box.ts';
import { expireCaptured, findCaptured } from './queries.ts';
import { capturedMessageRoutes } from './routes.ts';
import { createSimulator } from './runner.ts';

export type { CapturingMailbox } from './box.ts';
export { eraseCapturedMessages } from './erasure.ts';

export interface CaptureOptions extends Deps, Pick<BoxOptions, 'receive' | 'visit' | 'clocks'> {
  /** Days that captured messages are kept. */
  readonly retentionDays: number;
}

export interface Capture {
  readonly module: Module;
  /**
   * Stores the messages of a mailbox instead of sending them. A message that is submitted again is stored once, so a failure to store it is
   * always `deferred`.
   * @example
   * const submitter = isCapturing(mailbox) ? capture.submitterOf(mailbox) : smtpOf(mailbox);
   */
  submitterOf(mailbox: CapturingMailbox): Submitter;
  /** Looks for submitted messages by their Message-IDs. @returns undefined for a mailbox that does not send into the box */
  find(mailboxId: MailboxId, messageIds: readonly string[]): Promise<'found' | 'absent' | undefined>;
}

/** Messages of one deletion. */
const deleteChunk = 500;

export function createCapture(options: CaptureOptions): Capture {
  const { db, retentionDays, onError } = options;
  const simulator = createSimulator({ ...options, onError: (error) => onError(error, 'simulated recipients') });
  const box = createBox(options, simulator.wake);
  return {
    submitterOf: box.submitterOf,
    find: (mailboxId, messageIds) => findCaptured(db, mailboxId, messageIds),
    module: {
      routes: capturedMessageRoutes(box),
      role: 'mail',
      run: simulator.run,
      everyMinute: (nowMs) => expire(db, new Date(nowMs - retentionDays * dayMs)),
    },
  };
}

async function expire(db: Database, before: Date): Promise<void> {
  for (let count = deleteChunk; count === deleteChunk;) count = await expireCaptured(db, before, deleteChunk);
}
