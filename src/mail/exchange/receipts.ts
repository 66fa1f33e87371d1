import type { OrganizationClocks } from '../../auth/index.ts';
import { dayMs, dayOf } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { Logger } from '../../base/log.ts';
import { announce } from '../../db/bus.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { count } from '../health/index.ts';
import type { DayDelta } from '../health/index.ts';
import type { ExchangePort, FoundLetter, Recognizable } from '../receiving/index.ts';
import { openContent } from '../sending/index.ts';
import { actionsOf } from './actions.ts';
import type { Placement } from './actions.ts';
import {
  insertTasks,
  lettersByHeader,
  lockLetters,
  openLetters,
  openSenders,
  placeLetters,
  receiversOf,
} from './queries.ts';
import type { Letter } from './queries.ts';

export interface ReceiptsOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly clocks: OrganizationClocks;
  readonly vault: Vault;
  readonly log: Pick<Logger, 'info'>;
}

/** Letters that were not found by then are not recognized by their texts. */
const openMs = 4 * dayMs;

/** A letter, and where it is. */
export interface PlacedLetter {
  readonly letterId: string;
  readonly placement: Placement;
  /** Message-ID as it was found; null: not known. */
  readonly header: string | null;
}

/**
 * Recognizes letters and answers among what mailboxes receive: by the stored Message-ID, and where a server replaced it, by their sender
 * and their whole text. Both ends are ours, so nothing in a letter has to say what it is.
 */
export function createReceipts(options: ReceiptsOptions): ExchangePort & {
  /** Records where letters are. Call it when nothing else is locked after it. */
  place(tx: Transaction, letters: readonly PlacedLetter[]): Promise<void>;
} {
  const since = (): Date => new Date(options.clock.now() - openMs);
  return {
    async known(on, mailboxId, headers, senders) {
      const [letters, open] = await Promise.all([
        headers.length === 0 ? [] : lettersByHeader(on, mailboxId, headers),
        senders.length === 0 ? [] : openSenders(on, mailboxId, senders, since()),
      ]);
      return { headers: new Set(letters.flatMap(headersOf)), senders: new Set(open) };
    },
    recognized: (tx, mailboxId, messages) => recognized(options, tx, mailboxId, messages, since()),
    found: (tx, letters) =>
      place(
        options,
        tx,
        letters.flatMap(({ letterId, folder, messageId }) => {
          const placement = placementOf(folder);
          return placement === undefined ? [] : [{ letterId, placement, header: messageId }];
        }),
      ),
    place: (tx, letters) => place(options, tx, letters),
  };
}

const headersOf = (letter: Letter): string[] => [letter.header, letter.delivered_header].filter((id) => id !== null);

/** A copy in Sent is the sender's. */
const placementOf = (folder: FoundLetter['folder']): Placement | undefined =>
  folder === 'inbox'
    ? 'inbox'
    : folder === 'junk'
      ? 'spam'
      : folder === 'sent' || folder === 'drafts'
        ? undefined
        : 'other';

async function recognized(
  { vault }: ReceiptsOptions,
  on: Queryable,
  mailboxId: string,
  messages: readonly (Recognizable | undefined)[],
  since: Date,
): ReturnType<ExchangePort['recognized']> {
  const ids = messages.flatMap((message) => (message === undefined ? [] : [...idsOf(message), ...message.answers]));
  const byHeader = new Map(
    (ids.length === 0 ? [] : await lettersByHeader(on, mailboxId, [...new Set(ids)])).flatMap((letter) =>
      headersOf(letter).map((header): [string, Letter] => [header, letter]),
    ),
  );
  const senders = new Set(
    messages.flatMap((message) =>
      message === undefined || idsOf(message).some((id) => byHeader.has(id)) || message.from === ''
        ? []
        : [message.from],
    ),
  );
  const open = senders.size === 0 ? [] : await openLetters(on, mailboxId, [...senders], since);
  const texts = new Map<string, string>();
  for (const { content, organization_id, email_key: from, message_id: id } of open) {
    // Its recipient was erased.
    if (content.length === 0) continue;
    const { subject, text } = await openContent(vault, on, { organization_id, content });
    texts.set(textKey(from, subject, text), id);
  }
  return messages.map((message) => {
    if (message === undefined) return undefined;
    const own = message.messageId === undefined ? undefined : byHeader.get(message.messageId);
    const letterId = own?.message_id ?? texts.get(textKey(message.from, message.subject, message.text));
    if (letterId !== undefined) return { letterId };
    // Somebody goes on with the conversation by hand, or a program answers: it is no reply to anything that the product has sent for people.
    return message.answers.some((id) => byHeader.has(id)) ? { letterId: null } : undefined;
  });
}

const idsOf = ({ messageId }: Recognizable): string[] => (messageId === undefined ? [] : [messageId]);

/** Servers wrap lines and trim their ends. */
const textKey = (from: string, subject: string, text: string): string =>
  JSON.stringify([from, subject, text].map((part) => part.replaceAll(/\s+/g, ' ').trim()));

async function place(
  { clock, clocks, log }: ReceiptsOptions,
  tx: Transaction,
  placed: readonly PlacedLetter[],
): Promise<void> {
  if (placed.length === 0) return;
  const byId = new Map(placed.map((one) => [one.letterId, one]));
  const rows = (await lockLetters(tx, [...byId.keys()])).filter((row) => {
    const next = byId.get(row.message_id)?.placement;
    // Where it was first found counts; what was missing may still arrive.
    return row.placement === null || (row.placement === 'missing' && next !== 'missing');
  });
  if (rows.length === 0) return;
  const organizations = rows.flatMap((row) => [row.organization_id, row.receiver_organization_id]);
  const ahead = await clocks.aheadOf(tx, organizations);
  const nowOf = (organization: Letter['organization_id']): number => clock.now() + (ahead.get(organization) ?? 0);
  const moves = rows.map((row) => ({ row, ...(byId.get(row.message_id) as PlacedLetter) }));
  await placeLetters(
    tx,
    moves.map(({ row, placement, header }) => ({
      id: row.message_id,
      placement,
      delivered: header === null || header === row.header ? null : header,
      at: new Date(nowOf(row.receiver_organization_id)),
    })),
  );
  count(
    tx,
    moves.flatMap(({ row, placement }) => deltasOf(row, placement, nowOf(row.receiver_organization_id))),
  );
  const receivers = new Map(
    (await receiversOf(tx, [...new Set(rows.map((row) => row.receiver_id))])).map((row) => [row.mailbox_id, row]),
  );
  const tasks = moves.flatMap(({ row, placement }) => {
    const receiver = receivers.get(row.receiver_id);
    if (receiver?.acts !== true) return [];
    const organizationId = row.receiver_organization_id;
    const receipt = {
      letterId: row.message_id,
      placement,
      isAnswer: row.answers !== null,
      replyRate: receiver.reply_rate,
      timezone: receiver.timezone,
      workHours: receiver.work_hours,
    };
    return actionsOf(receipt, nowOf(organizationId)).map(({ kind, atMs }) => ({
      letterId: row.message_id,
      kind,
      mailboxId: row.receiver_id,
      organizationId,
      simulated: receiver.simulated,
      dueAt: new Date(atMs - (ahead.get(organizationId) ?? 0)),
    }));
  });
  if (tasks.length > 0) {
    await insertTasks(tx, tasks);
    await announce(tx, { kind: 'due', endpoints: [] });
  }
  tx.afterCommit(() => {
    for (const { row, placement } of moves)
      log.info(
        {
          message_id: row.message_id,
          mailbox_id: row.mailbox_id,
          receiver_id: row.receiver_id,
          placement,
          provider: row.provider,
        },
        'a warm-up message was found, or is missing',
      );
  });
}

/** The placement counts for the day on which the letter was sent. */
function deltasOf(row: Letter, placement: Placement, nowMs: number): DayDelta[] {
  const { mailbox_id: mailboxId, organization_id: organizationId, placement: before } = row;
  const counter = placement === 'inbox' ? 'inboxed' : placement;
  const sent: DayDelta = {
    mailboxId,
    organizationId,
    day: dayOf((row.sent_at ?? row.begun_at).getTime()),
    [counter]: 1,
    ...(before === 'missing' ? { missing: -1 } : {}),
  };
  if (placement === 'missing') return [sent];
  const received = { mailboxId: row.receiver_id, organizationId: row.receiver_organization_id };
  return [sent, { ...received, day: dayOf(nowMs), received: 1 }];
}
