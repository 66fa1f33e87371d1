import { hourMs, minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { ApiError, unreachable } from '../../base/errors.ts';
import type { Ids, KeyId, MailboxId } from '../../base/ids.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { Domains } from '../domains/index.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Mailboxes, Reach } from '../mailboxes/index.ts';
import type { OwnCopy } from '../receiving/index.ts';
import type { Sending } from '../sending/index.ts';
import { insertTest, lastTest, pendingTests, saveFiled, saveNotFiled, saveResult } from './queries.ts';
import type { SelfTestRow } from './queries.ts';
import { readCopy } from './reading.ts';

export interface SelfTestsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly mailboxes: Pick<Mailboxes, 'get' | 'settingsOf' | 'learnSavesSent'>;
  readonly domains: Pick<Domains, 'learnSelector'>;
  readonly sending: Pick<Sending, 'enqueue'>;
}

export type SelfTests = ReturnType<typeof createSelfTests>;

/** A copy is looked for this long. */
export const searchMs = 24 * hourMs;
/** While a self-test is younger and not found, no other one is begun. */
const pendingMs = 10 * minuteMs;
/** Providers file a copy at the time of sending; the next reading of Sent after this decides. */
const filingMs = minuteMs;

/** Messages from a mailbox to itself, which show what a provider does to messages on their way. */
export function createSelfTests(options: SelfTestsOptions) {
  const { db, clock, ids, mailboxes, domains, sending } = options;

  return {
    /**
     * Sends a message from a mailbox to itself, or returns the one that is on its way.
     * @throws ApiError `not_found`; `conflict` if the mailbox is not read
     */
    async begin(reach: Reach, mailboxId: MailboxId, createdBy: KeyId | undefined): Promise<SelfTestRow> {
      const mailbox = await mailboxes.get(reach, mailboxId);
      if (isCapturing(mailbox))
        throw new ApiError('conflict', 'A capture mailbox has no server that a self-test could show.');
      if (mailbox.imap === null)
        throw new ApiError(
          'conflict',
          'The mailbox is not read, so the message would not be found. Add IMAP settings.',
        );
      const now = new Date(clock.now());
      const before = await lastTest(db, mailboxId);
      if (before !== undefined && isPending(before, now.getTime())) return before;
      const to = parseAddress(mailbox.email);
      if (!('key' in to)) throw unreachable(`a mailbox with the address ${mailbox.email}`);
      const token = ids.next<string>().replaceAll('-', '');
      await db.transaction(async (tx) => {
        const [id] = await sending.enqueue(tx, [
          {
            mailbox,
            purpose: 'self_test',
            to,
            content: {
              subject: `Self-test ${token}`,
              text: 'This message tests the mailbox. You can delete it.',
              html: null,
              headers: {
                'List-Unsubscribe': `<mailto:${mailbox.email}?subject=unsubscribe>`,
                'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
              },
            },
            ...(createdBy === undefined ? {} : { createdBy }),
          },
        ]);
        if (id === undefined) throw unreachable('a self-test without an idempotency key was not stored');
        const { organization_id: organizationId } = mailbox;
        await insertTest(tx, {
          message_id: id,
          organization_id: organizationId,
          mailbox_id: mailboxId,
          token,
          created_at: now,
        });
      });
      return (await lastTest(db, mailboxId)) ?? Promise.reject(unreachable('a self-test that was just stored'));
    },

    /** The last self-test of a mailbox. @throws ApiError `not_found`: no such mailbox */
    async last(reach: Reach, mailboxId: MailboxId): Promise<SelfTestRow | undefined> {
      await mailboxes.get(reach, mailboxId);
      return lastTest(db, mailboxId);
    },

    /** Takes copies of own messages that the mailbox received, or that are in its Sent folder. */
    async onOwnCopies(tx: Transaction, copies: readonly OwnCopy[]): Promise<void> {
      const [one] = copies;
      if (one === undefined) return;
      const { organizationId, folder } = one;
      const mailboxId = one.mailboxId as MailboxId;
      const now = clock.now();
      if (folder === 'sent') {
        await learnFiled(tx, mailboxId, copies);
        return;
      }
      const pending = await pendingTests(tx, mailboxId, new Date(now - searchMs));
      for (const { own, message } of copies) {
        if (message === undefined) continue;
        const found = pending.find(
          (test) => test.message_id === own?.id || message.subject === `Self-test ${test.token}`,
        );
        if (found === undefined) continue;
        const result = readCopy(message, folder, found.domain, found.sent_message_id);
        await saveResult(tx, found.message_id, new Date(now), result);
        for (const { aligned, domain, selector } of result.signatures)
          if (aligned) await domains.learnSelector(tx, organizationId, domain, selector);
      }
    },

    /** Call it after Sent was read to its end: a copy that is not there by now was not filed. */
    async onSentRead(mailboxId: string): Promise<void> {
      const count = await saveNotFiled(db, mailboxId, new Date(clock.now() - filingMs));
      if (count > 0) await mailboxes.learnSavesSent(db, mailboxId as MailboxId, false);
    },
  };

  /** Where Outrider files no copies, the provider did. */
  async function learnFiled(tx: Transaction, mailboxId: MailboxId, copies: readonly OwnCopy[]): Promise<void> {
    const [mailbox] = await mailboxes.settingsOf(tx, [mailboxId]);
    for (const { own } of copies) if (own?.purpose === 'self_test') await saveFiled(tx, own.id);
    const isOthers = copies.some(({ own }) => own?.mailbox_id === mailboxId);
    if (mailbox?.saves_sent === null && isOthers) await mailboxes.learnSavesSent(tx, mailboxId, true);
  }
}

const failedStatuses: ReadonlySet<string> = new Set(['failed', 'bounced', 'not_found']);

const isPending = ({ found_at: foundAt, created_at: at, status }: SelfTestRow, nowMs: number): boolean =>
  foundAt === null && !failedStatuses.has(status) && nowMs - at.getTime() < pendingMs;

/** `sending`: it waits for its turn. `searching`: it was sent. `done`: found. `not_found`: sent, and not found within a day. */
export type Progress = 'sending' | 'searching' | 'done' | 'not_found' | 'failed';

export function progressOf({ found_at: foundAt, created_at: at, status }: SelfTestRow, nowMs: number): Progress {
  if (foundAt !== null) return 'done';
  if (failedStatuses.has(status)) return 'failed';
  if (['claimed', 'deferred', 'sending'].includes(status)) return 'sending';
  return nowMs - at.getTime() < searchMs ? 'searching' : 'not_found';
}
