import type { Clock } from '../../base/clock.ts';
import type { Ids, MailboxId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Purpose } from './plan.ts';
import { insertHistory } from './settle-queries.ts';
import type { InFlight } from './settle.ts';

/** Files the bytes of a sent message in the Sent folder. `present`: they were there. */
export type AppendSent = (
  mailboxId: MailboxId,
  messageId: string,
  raw: Buffer,
  date: Date,
) => Promise<'filed' | 'present' | 'unavailable'>;

/** Warm-up mail is not filed, and a self-test asks whether the provider files a copy. */
const unfiled: ReadonlySet<string> = new Set<Purpose>(['warmup', 'self_test']);

/**
 * Files copies of sent messages, where the provider is known not to do it. A copy that cannot be filed, or that waits when the process ends,
 * is a note in the history and never a failed message.
 */
export function createSentCopies(options: {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly appendSent: AppendSent;
  readonly onError: (error: unknown) => void;
}): { add(flight: InFlight): void; finished(): Promise<unknown> } {
  const { db, clock, ids, appendSent, onError } = options;
  const working = new Set<Promise<void>>();

  async function file({ message, mailbox, raw, aheadMs }: InFlight): Promise<void> {
    const at = new Date(clock.now() + aheadMs);
    const filing = await appendSent(mailbox.id, message.message_id, raw, at).catch((error: unknown) => {
      onError(error);
      return 'unavailable' as const;
    });
    const kind = filing === 'unavailable' ? 'copy_failed' : 'copied';
    const entry = { messageId: message.id, id: ids.next<string>(), organizationId: message.organization_id, kind };
    await insertHistory(db, [{ ...entry, detail: { filing }, at }]);
  }

  return {
    add(flight) {
      const { mailbox, message } = flight;
      if (mailbox.saves_sent !== false || mailbox.imap === null || unfiled.has(message.purpose)) return;
      const work = file(flight)
        .catch(onError)
        .finally(() => working.delete(work));
      working.add(work);
    },
    finished: () => Promise.all(working),
  };
}
