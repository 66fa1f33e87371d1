import { createHash } from 'node:crypto';
import { cut } from '../../base/cut.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { ParsedMessage } from '../mime/index.ts';
import type { Reading } from '../replies/index.ts';
import { contentContext, rawContext } from '../sending/index.ts';
import type { KnownMessage } from '../sending/index.ts';
import type { Batch, Received } from './incoming.ts';
import { answersOf } from './kind.ts';
import type { Kind } from './kind.ts';
import type { KnownOptions } from './known.ts';
import { effectiveConfidence } from './match.ts';
import type { Match } from './match.ts';
import { insertReceived } from './queries.ts';
import type { NewReceived, ReceivingMailbox } from './queries.ts';
import type { ReadMessage } from './reading.ts';

/** A stored message that answers one of ours. */
export interface ReceivedReply {
  /** `messages.id`. */
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  readonly mailboxId: string;
  readonly answered: KnownMessage;
  /** The lead and the campaign of that message. */
  readonly leadId: string | null;
  readonly campaignId: string | null;
  /** How it is known what it answers. Below `effectiveConfidence` it is shown, and changes nothing. */
  readonly match: Pick<Match, 'by' | 'confidence'>;
  /** What it means. */
  readonly reading: Reading;
  /** The sender, and in the form in which addresses are compared. */
  readonly from: string;
  readonly fromKey: string;
  readonly contactId: string | null;
  /** With angle brackets (RFC 5322 §3.6.4). */
  readonly messageId: string;
  readonly subject: string;
  /** With what it quotes. */
  readonly text: string;
  readonly receivedAt: Date;
}

/** A calendar (RFC 5545) in a stored message. */
export interface ReceivedCalendar {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  /** The sender's address, in the form in which addresses are compared. */
  readonly fromKey: string;
  readonly calendar: string;
  /** Of the mailbox: an IANA name. */
  readonly timezone: string;
  readonly receivedAt: Date;
}

export interface StoreOptions extends Pick<KnownOptions, 'contactIds'> {
  readonly ids: Ids;
  readonly vault: Vault;
}

/** What is stored of a batch. */
export interface Stored {
  /** What became of each message. */
  readonly outcomes: readonly Received[];
  readonly replies: readonly ReceivedReply[];
  /** The calendars of stored messages. */
  readonly calendars: readonly ReceivedCalendar[];
}

export const skipped: Received = { kind: 'skipped' };

/** Stores the replies of a batch, and other messages from contacts. */
export async function store(
  { ids, vault, contactIds }: StoreOptions,
  tx: Transaction,
  { organizationId, mailboxId }: Batch,
  mailbox: ReceivingMailbox,
  read: readonly (ReadMessage | undefined)[],
  kinds: readonly (Kind | undefined)[],
  matches: readonly (Match | undefined)[],
): Promise<Stored> {
  const contacts = await contactIds(
    tx,
    { organizationId, workspaceId: mailbox.workspace_id },
    [...new Set(read.map((each) => each?.sender.key ?? ''))].filter((key) => key !== ''),
  );
  const rows: NewReceived[] = [];
  const replies: ReceivedReply[] = [];
  const calendars = new Map<string, ReceivedCalendar>();
  const outcomes = await Promise.all(
    kinds.map(async (kind, index): Promise<Received> => {
      const [each, match] = [read[index], matches[index]];
      if (kind === undefined || each === undefined) return skipped;
      if (kind.kind !== 'message') return { kind: kind.kind };
      const { found, parsed, sender } = each;
      const known = contacts.get(sender.key) ?? null;
      // Nothing is stored of what others write to the mailbox.
      if (match === undefined && known === null) return { kind: 'unmatched' };
      const id = ids.next<string>();
      const messageId = parsed.messageId ?? madeUpId(found.raw);
      const answered = match?.answered;
      const contactId =
        match === undefined || match.confidence < effectiveConfidence ? known : (answered?.contact_id ?? known);
      if (match !== undefined)
        replies.push({
          id,
          organizationId,
          workspaceId: mailbox.workspace_id,
          mailboxId,
          answered: match.answered,
          leadId: match.answered.lead_id,
          campaignId: match.answered.campaign_id,
          match: { by: match.by, confidence: match.confidence },
          reading: match.by === 'unsubscribe_token' ? optedOut(each.reading) : each.reading,
          from: sender.address,
          fromKey: sender.key,
          contactId,
          messageId,
          subject: parsed.subject,
          text: parsed.text,
          receivedAt: found.receivedAt,
        });
      const { calendar } = parsed.forMachines;
      if (calendar !== '')
        calendars.set(id, {
          organizationId,
          workspaceId: mailbox.workspace_id,
          fromKey: sender.key,
          calendar,
          timezone: mailbox.timezone,
          receivedAt: found.receivedAt,
        });
      rows.push({
        id,
        organization_id: organizationId,
        workspace_id: mailbox.workspace_id,
        mailbox_id: mailboxId,
        message_id: messageId,
        in_reply_to: answersOf(parsed)[0] ?? null,
        reply_to_id: answered?.id ?? null,
        contact_id: contactId,
        campaign_id: answered?.campaign_id ?? null,
        lead_id: answered?.lead_id ?? null,
        from_address: sender.address,
        to_address: mailbox.email,
        party_key: sender.key,
        party_domain: sender.domain,
        content: await vault.seal(tx, organizationId, contentOf(parsed), contentContext),
        raw: await vault.seal(tx, organizationId, found.raw, rawContext),
        created_at: found.receivedAt,
        folder_id: found.position?.folderId ?? null,
        uidvalidity: found.position?.uidvalidity ?? null,
        uid: found.position?.uid ?? null,
      });
      return { kind: 'stored', id };
    }),
  );
  if (rows.length === 0) return { outcomes, replies: [], calendars: [] };
  const stored = await insertReceived(tx, rows);
  return {
    outcomes: outcomes.map((outcome) =>
      outcome.kind === 'stored' && !stored.has(outcome.id) ? { kind: 'duplicate' } : outcome,
    ),
    replies: replies.filter(({ id }) => stored.has(id)),
    calendars: [...calendars].flatMap(([id, calendar]) => (stored.has(id) ? [calendar] : [])),
  };
}

/** A message with the token of an opt-out, which mail programs send without a text. */
const optedOut = (reading: Reading): Reading => ({
  ...reading,
  classification: 'unsubscribe_request',
  confidence: 1,
  reasons: ['token: of the opt-out', ...reading.reasons],
});

/** Names a message without a Message-ID by its bytes, so that it is stored once. */
const madeUpId = (raw: Buffer): string => `<${createHash('sha256').update(raw).digest('hex')}@no-message-id.invalid>`;

const headerCharactersMax = 64 * 1024;

function contentOf({ subject, text, html, headers, references }: ParsedMessage): string {
  let room = headerCharactersMax;
  const kept = [...headers].flatMap(([name, values]): [string, string][] => {
    const value = cut(values.join('\n'), room);
    room -= value.length;
    return value === '' ? [] : [[name, value]];
  });
  return JSON.stringify({ subject, text, html: html ?? null, headers: Object.fromEntries(kept), references });
}
