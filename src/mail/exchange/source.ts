import { dayMs, dayOf, hourMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { announce } from '../../db/bus.ts';
import type { Transaction } from '../../db/pool.ts';
import { count } from '../health/index.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Ask, Candidate, MessageChange, MessageSource, Stored, Veto } from '../sending/index.ts';
import type { SenderRow } from './member-queries.ts';
import { choicesOf, limitOf, perDayOf, takingPart } from './members.ts';
import { activeLetters, capturingOf, dueReplies, insertTasks, settleLetters } from './queries.ts';
import type { Letter, NewTask } from './queries.ts';
import { priority, take } from './take.ts';
import type { TakeOptions } from './take.ts';
import { nextLetterAt } from './times.ts';

export interface SourceOptions extends TakeOptions {
  readonly clock: Pick<Clock, 'now'>;
}

/** Without a partner, a mailbox looks again: another one may take part by then. A sandbox's clock stops at each look. */
const lookAfterMs = (mailbox: Ask['mailbox']): number => (isCapturing(mailbox) ? dayMs : 4 * hourMs);
/** A letter that is older is not answered any more. */
const answerMs = 7 * dayMs;
/** After this time a letter that was not found is looked for. */
const missingMs = dayMs;
const deliverMs = 1_000;

/** The letters and answers of the exchange, as a source of messages. */
export function createSource(options: SourceOptions): MessageSource {
  return {
    purpose: 'warmup',
    offer,
    take: (tx, chosen, store) => take(options, tx, chosen, store),
    confirm,
    settled: (tx, changes) => settled(options, tx, changes),
  };
}

async function offer(tx: Transaction, asks: readonly Ask[]): ReturnType<MessageSource['offer']> {
  const senders = await takingPart(tx, asks);
  const offers = new Map<MailboxId, { candidates: Candidate[]; nextMs: number | null; limit: null }>();
  const writing: Ask[] = [];
  for (const ask of asks) {
    const { mailbox, nowMs } = ask;
    const sender = senders.get(mailbox.id);
    // It cannot see what it receives: both ends must be ours.
    if (sender === undefined || (mailbox.imap === null && !isCapturing(mailbox))) continue;
    const perDay = perDayOf(sender, mailbox);
    const atMs = nextLetterAt(nowMs, {
      mailboxId: mailbox.id,
      timezone: mailbox.timezone,
      workHours: mailbox.work_hours,
      perDay,
      today: sender.today,
      lastMs: sender.last_at?.getTime() ?? null,
    });
    offers.set(mailbox.id, {
      candidates: [],
      nextMs: atMs === null || atMs > nowMs ? atMs : nowMs + lookAfterMs(mailbox),
      limit: null,
    });
    if (atMs !== null && atMs <= nowMs) writing.push(ask);
  }
  await addReplies(tx, asks, senders, offers);
  if (writing.length === 0) return offers;
  const choices = await choicesOf(tx, writing, senders);
  for (const { mailbox, nowMs } of writing) {
    const [own, choice] = [offers.get(mailbox.id), choices.get(mailbox.id)];
    if (own === undefined || choice === undefined) continue;
    if (choice.receiver === undefined) own.nextMs = Math.min(choice.untilMs ?? Infinity, nowMs + lookAfterMs(mailbox));
    else
      own.candidates.push({
        id: `letter ${mailbox.id} ${choice.receiver.mailboxId} ${choice.relation}`,
        mailboxId: mailbox.id,
        domain: choice.receiver.domain,
        priority,
        atMs: nowMs,
        ignoresHours: false,
      });
  }
  return offers;
}

/** Answers come before letters: somebody waits for them. */
async function addReplies(
  tx: Transaction,
  asks: readonly Ask[],
  senders: ReadonlyMap<MailboxId, SenderRow>,
  offers: ReadonlyMap<MailboxId, { candidates: Candidate[]; nextMs: number | null }>,
): Promise<void> {
  const answering = asks.filter(({ mailbox }) => {
    const sender = senders.get(mailbox.id);
    return offers.has(mailbox.id) && sender !== undefined && sender.today < limitOf(sender);
  });
  if (answering.length === 0) return;
  const since = Math.min(...answering.map(({ nowMs }) => nowMs)) - answerMs;
  const due = await dueReplies(
    tx,
    answering.map(({ mailbox }) => mailbox.id),
    new Date(since),
  );
  for (const { mailbox, nowMs } of answering) {
    const seen = new Set<string>();
    for (const reply of due) {
      if (reply.receiver_id !== mailbox.id || seen.has(reply.to_domain)) continue;
      seen.add(reply.to_domain);
      offers.get(mailbox.id)?.candidates.push({
        id: `reply ${reply.message_id}`,
        mailboxId: mailbox.id,
        domain: reply.to_domain,
        priority,
        atMs: nowMs,
        ignoresHours: false,
      });
    }
  }
}

/** A stored letter that a server deferred is not sent from a mailbox that does not take part any more. */
async function confirm(tx: Transaction, stored: readonly Stored[]): Promise<ReadonlyMap<string, Veto>> {
  const active = await activeLetters(
    tx,
    stored.map(({ messageId }) => messageId),
  );
  return new Map(
    stored.flatMap(({ messageId }) =>
      active.has(messageId) ? [] : [[messageId, { reason: 'warmup_stopped', waits: false }] as const],
    ),
  );
}

const hasLeft = (status: MessageChange['status']): boolean => status === 'sent' || status === 'delivered';

/** What became of letters: when each was sent, and that some will not arrive. */
async function settled({ clock }: SourceOptions, tx: Transaction, changes: readonly MessageChange[]): Promise<void> {
  const relevant = changes.filter(({ fact }) => fact !== 'begun' && fact !== 'deferred' && fact !== 'returned');
  if (relevant.length === 0) return;
  const last = new Map(relevant.map((change) => [change.messageId, change]));
  const rows = await settleLetters(
    tx,
    [...last.values()].map(({ messageId, status, atMs }) => ({
      id: messageId,
      sentAt: hasLeft(status) ? new Date(atMs) : null,
      failed: status === 'failed' || status === 'bounced' || status === 'not_found',
    })),
  );
  const left = rows.filter((row) => {
    const change = last.get(row.message_id);
    return change !== undefined && hasLeft(change.status) && !hasLeft(change.before);
  });
  if (left.length === 0) return;
  const simulated = await capturingOf(
    tx,
    left.map((row) => row.receiver_id),
  );
  await insertTasks(
    tx,
    left.flatMap((row) => tasksOf(row, simulated.has(row.receiver_id), clock.now())),
  );
  count(
    tx,
    left
      .filter(({ answers }) => answers !== null)
      .map((row) => ({
        mailboxId: row.mailbox_id,
        organizationId: row.organization_id,
        day: dayOf((row.sent_at ?? row.begun_at).getTime()),
        warmup_replied: 1,
      })),
  );
  await announce(tx, { kind: 'due', endpoints: [] });
}

/** A captured letter is delivered here; whether one arrived is looked up after a day. */
function tasksOf(row: Letter, simulated: boolean, realMs: number): NewTask[] {
  const task = {
    letterId: row.message_id,
    mailboxId: row.receiver_id,
    organizationId: row.receiver_organization_id,
    simulated,
  };
  const look: NewTask = { ...task, kind: 'look', dueAt: new Date(realMs + missingMs) };
  return simulated ? [{ ...task, kind: 'deliver', dueAt: new Date(realMs + deliverMs) }, look] : [look];
}
