import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Ids, KeyId, MailboxId } from '../../base/ids.ts';
import { announce } from '../../db/bus.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { messageIdOf } from '../mime/index.ts';
import { sealContent } from './content.ts';
import type { StoredContent } from './content.ts';
import { insertMessages, wakePaces } from './message-queries.ts';
import { isPaced } from './plan.ts';
import type { Purpose } from './plan.ts';

/** A message to be sent. */
export interface NewMessage {
  readonly mailbox: Pick<MailboxState, 'id' | 'organization_id' | 'workspace_id' | 'email' | 'domain'>;
  readonly purpose: Purpose;
  /** 1 to 3 for campaigns and warm-up; the lowest is sent first. 0, for other messages, comes before them all. */
  readonly priority?: 1 | 2 | 3;
  /** The recipient, as `parseAddress` reads it. */
  readonly to: { readonly email: string; readonly key: string; readonly domain: string };
  readonly content: StoredContent;
  readonly inReplyTo?: string;
  readonly replyToId?: string;
  readonly campaignId?: string;
  /** The topic of its campaign, which its links leave. */
  readonly topicId?: string;
  readonly leadId?: string;
  readonly contactId?: string;
  readonly step?: number;
  readonly stepId?: string;
  readonly variant?: string;
  /** A UUID of which one message exists at most. Its Message-ID is made from it. */
  readonly sendKey?: string;
  /** Not sent before; default: now. Unix milliseconds of the organization's clock. */
  readonly dueMs?: number;
  readonly createdBy?: KeyId;
  /** Keyed hashes. A message whose key exists is not enqueued; nor is one whose send key exists. */
  readonly idempotency?: { readonly key: Buffer; readonly request: Buffer };
}

export interface EnqueueOptions {
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly clocks: OrganizationClocks;
}

/** The payload of a notice is limited to 8,000 bytes. */
const namedMax = 100;

/** Tells every process that mailboxes may send, or that they changed. Sent with the commit. */
export const announceMail = (tx: Transaction, mailboxes: Iterable<MailboxId>, changed: boolean): Promise<void> => {
  const named = [...new Set(mailboxes)];
  return announce(tx, { kind: 'mail', mailboxes: named.length > namedMax ? [] : named, changed });
};

/**
 * Stores messages that are sent as soon as their mailboxes may, and announces them with the commit.
 * @returns the id of each message, in order; undefined where the idempotency key or the send key exists
 * @example
 * const [id] = await enqueue(tx, [{ mailbox, purpose: 'direct', to, content }]);
 */
export async function enqueue(
  options: EnqueueOptions,
  tx: Transaction,
  messages: readonly NewMessage[],
): Promise<readonly (string | undefined)[]> {
  if (messages.length === 0) return [];
  const { rows, inserted, ahead } = await store(options, tx, messages);
  const fresh = rows.filter(({ id }) => inserted.has(id));
  const woken = [...Map.groupBy(fresh, ({ mailboxId }) => mailboxId).values()].flatMap((own) =>
    own.slice(0, 1).map(({ mailboxId, organizationId }) => ({
      mailboxId,
      organizationId,
      atReal: new Date(Math.min(...own.map(({ dueAt }) => dueAt.getTime())) - (ahead.get(organizationId) ?? 0)),
      isPaced: own.every(({ purpose }) => isPaced(purpose)),
    })),
  );
  if (woken.length > 0) {
    await wakePaces(tx, woken, new Date(options.clock.now()));
    await announceMail(
      tx,
      woken.map(({ mailboxId }) => mailboxId),
      false,
    );
  }
  return rows.map(({ id }) => (inserted.has(id) ? id : undefined));
}

/** Stores messages in a turn of their mailboxes, which need not be woken. @returns as `enqueue` */
export async function storeTaken(
  options: EnqueueOptions,
  tx: Transaction,
  messages: readonly NewMessage[],
): Promise<readonly (string | undefined)[]> {
  if (messages.length === 0) return [];
  const { rows, inserted } = await store(options, tx, messages);
  return rows.map(({ id }) => (inserted.has(id) ? id : undefined));
}

async function store({ clock, ids, vault, clocks }: EnqueueOptions, tx: Transaction, messages: readonly NewMessage[]) {
  const ahead = await clocks.aheadOf(
    tx,
    messages.map(({ mailbox }) => mailbox.organization_id),
  );
  const rows = [];
  for (const { mailbox, purpose, to, ...message } of messages) {
    const id = ids.next<string>();
    const now = new Date(clock.now() + (ahead.get(mailbox.organization_id) ?? 0));
    rows.push({
      id,
      organizationId: mailbox.organization_id,
      workspaceId: mailbox.workspace_id,
      mailboxId: mailbox.id,
      purpose,
      priority: isPaced(purpose) ? (message.priority ?? 2) : 0,
      campaignId: message.campaignId ?? null,
      topicId: message.topicId ?? null,
      leadId: message.leadId ?? null,
      contactId: message.contactId ?? null,
      step: message.step ?? null,
      stepId: message.stepId ?? null,
      variant: message.variant ?? null,
      sendKey: message.sendKey ?? null,
      replyToId: message.replyToId ?? null,
      messageId: messageIdOf(message.sendKey ?? id, mailbox.domain),
      inReplyTo: message.inReplyTo ?? null,
      from: mailbox.email,
      to: to.email,
      partyKey: to.key,
      partyDomain: to.domain,
      content: await sealContent(vault, tx, mailbox.organization_id, message.content),
      dueAt: message.dueMs === undefined ? now : new Date(message.dueMs),
      idempotencyKey: message.idempotency?.key ?? null,
      idempotencyRequest: message.idempotency?.request ?? null,
      createdBy: message.createdBy ?? null,
      createdAt: now,
    });
  }
  return { rows, inserted: await insertMessages(tx, rows), ahead };
}
