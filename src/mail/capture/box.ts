import type { Slice } from '../../db/in-order.ts';
import type { OrganizationClocks } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { ApiError, notFound } from '../../base/errors.ts';
import type { Ids, MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { messageIdOf, parseMessage } from '../mime/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import type { Receive, Received } from '../receiving/index.ts';
import type { Answer, Envelope, Submission, Submitter } from '../transport/transport.ts';
import { capturedById, insertCaptured, listCaptured } from './queries.ts';
import type { Captured, CapturedFilter, CapturedRow, Reach } from './queries.ts';
import { delayOf, domainOfReaction, rawOf, simulatedOf } from './simulated.ts';
import type { Original, Reaction, Visit } from './simulated.ts';

export interface BoxOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly ids: Ids;
  readonly vault: Vault;
  /** The door for all received messages. */
  readonly receive: Receive;
  /** Fetches what the recipient of an HTML body would: its pixel, or its first link. */
  readonly visit: (
    organization: OrganizationId,
    html: string,
    kind: Visit,
    browser: { readonly address: string; readonly userAgent: string },
  ) => Promise<unknown>;
}

/** The mailbox that sends. */
export interface CapturingMailbox {
  readonly id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
}

/** Contexts of what is sealed. */
const subjectContext = 'captured subject';
export const rawContext = 'captured message';

export interface ListedMessage extends Omit<CapturedRow, 'subject'> {
  readonly subject: string;
}

export interface ReadMessage extends Captured {
  readonly opened: Buffer;
  /** Undefined if it is too complex to be read. */
  readonly parsed: ParsedMessage | undefined;
}

export type Box = ReturnType<typeof createBox>;

/** The box inside the installation. */
export function createBox(options: BoxOptions, wake: () => void) {
  const { db, vault, ids, clocks } = options;
  return {
    /** @see createCapture */
    submitterOf: (mailbox: CapturingMailbox): Submitter => ({
      ready: () => Promise.resolve(undefined),
      submit: (raw, envelope) => submit(options, wake, mailbox, raw, envelope),
      close: () => Promise.resolve(),
    }),

    /** The messages with an id less than `before`, newest first. */
    async list(reach: Reach, filter: CapturedFilter, slice: Slice): Promise<ListedMessage[]> {
      const rows = await listCaptured(db, reach, filter, slice);
      return Promise.all(
        rows.map(async (row) => ({
          ...row,
          subject: (await vault.open(db, row.organization_id, row.subject, subjectContext)).toString(),
        })),
      );
    },

    /** @throws ApiError `not_found` */
    async get(reach: Reach, id: string): Promise<ReadMessage> {
      const row = await capturedById(db, reach, id);
      if (row === undefined) throw notFound('Captured message');
      const opened = await vault.open(db, row.organization_id, row.raw, rawContext);
      const parsed = await parseMessage(opened);
      return { ...row, opened, parsed: 'skipped' in parsed ? undefined : parsed };
    },

    /**
     * Lets a recipient react.
     * @throws ApiError `not_found`; `conflict` if the mailbox was deleted
     */
    async react(reach: Reach, id: string, reaction: Reaction): Promise<Returned> {
      const row = await capturedById(db, reach, id);
      if (row === undefined) throw notFound('Captured message');
      const returned = await returnTo(
        options,
        row,
        reaction,
        ids.next(),
        new Date(await clocks.nowOf(db, row.organization_id)),
      );
      const kind: string = returned.received.kind;
      if (kind === 'skipped') throw new ApiError('conflict', 'The mailbox of the message was deleted.');
      return returned;
    },
  };
}

/** What came back, and what became of it. */
export interface Returned {
  readonly messageId: string;
  readonly received: Received;
}

/**
 * Builds the message that comes back and gives it to the mailbox.
 * @param seed the id from which its Message-ID is made: with the same one, it is received once
 */
export async function returnTo(
  { vault, db, receive }: Pick<BoxOptions, 'vault' | 'db' | 'receive'>,
  row: Captured,
  reaction: Reaction,
  seed: string,
  now: Date,
): Promise<Returned> {
  const raw = await vault.open(db, row.organization_id, row.raw, rawContext);
  const original: Original = { from: row.from_address, to: row.to_address, raw };
  const messageId = messageIdOf(seed, domainOfReaction(reaction, original));
  const received = await receive({
    organizationId: row.organization_id,
    mailboxId: row.mailbox_id,
    raw: await rawOf(reaction, original, messageId, now),
    receivedAt: now,
    folder: 'inbox',
  });
  return { messageId, received };
}

const userAgent =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';

/** Opens or clicks a message, as a person: with a browser, and from an address that no other recipient has (RFC 3849). */
export async function visitTo(
  { vault, db, visit }: Pick<BoxOptions, 'vault' | 'db' | 'visit'>,
  row: Captured,
  kind: Visit,
): Promise<void> {
  const parsed = await parseMessage(await vault.open(db, row.organization_id, row.raw, rawContext));
  const html = 'skipped' in parsed ? undefined : parsed.html;
  if (html === undefined) return;
  const groups = row.id.replaceAll('-', '').slice(8).match(/.{4}/g) ?? [];
  await visit(row.organization_id, html, kind, { address: `2001:db8:${groups.join(':')}`, userAgent });
}

const answer = (code: number, enhanced: string, text: string): Answer => ({
  stage: 'body',
  code,
  enhanced,
  text: `${code} ${enhanced} ${text}`,
});

async function submit(
  { db, vault, ids, clock, clocks }: BoxOptions,
  wake: () => void,
  { id: mailboxId, organization_id: organizationId, workspace_id: workspaceId }: CapturingMailbox,
  raw: Buffer,
  { from, to }: Envelope,
): Promise<Submission> {
  const parsed = await parseMessage(raw);
  const { messageId, subject } = 'skipped' in parsed ? { messageId: undefined, subject: '' } : parsed;
  const address = parseAddress(to);
  if (messageId === undefined || 'problem' in address)
    return {
      outcome: 'rejected',
      cause: 'content',
      answer: answer(554, '5.6.0', 'The message has no Message-ID, or no valid recipient'),
    };
  const simulated = simulatedOf(address.key) ?? null;
  try {
    const [nowMs, sealedSubject, sealedRaw] = await Promise.all([
      clocks.nowOf(db, organizationId),
      vault.seal(db, organizationId, subject, subjectContext),
      vault.seal(db, organizationId, raw, rawContext),
    ]);
    await insertCaptured(db, {
      id: ids.next(),
      organization_id: organizationId,
      workspace_id: workspaceId,
      mailbox_id: mailboxId,
      message_id: messageId,
      from_address: from,
      to_address: to,
      to_key: address.key,
      subject: sealedSubject,
      raw: sealedRaw,
      received_at: new Date(nowMs),
      simulated,
      simulate_at: simulated === null ? null : new Date(clock.now() + delayOf(simulated)),
    });
  } catch (error) {
    // Safe to submit again, whether or not it was stored: a message is stored once.
    return {
      outcome: 'deferred',
      cause: 'transient',
      answer: answer(451, '4.3.0', `It could not be stored: ${String(error)}`.slice(0, 900)),
    };
  }
  if (simulated !== null) wake();
  return { outcome: 'accepted', answer: answer(250, '2.0.0', 'Stored in the capture box') };
}
