import { ApiError } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { buildMessage } from '../mime/index.ts';
import type { DkimKey } from '../mime/index.ts';
import { rawsOf } from './claim-queries.ts';
import type { MessageRow } from './claim-queries.ts';
import { openContent, rawContext } from './content.ts';
import type { StoredContent } from './content.ts';
import type { Purpose } from './plan.ts';

export interface BuildOptions {
  readonly vault: Vault;
  /** The own key of a sending domain; undefined: its server signs, or nobody does. */
  readonly dkimKeyOf: (organization: OrganizationId, domain: string) => Promise<DkimKey | undefined>;
}

/** What the bytes of a message are made of, beside their time and signature. */
export interface ToBuild {
  readonly mailbox: Pick<MailboxState, 'display_name' | 'reply_to' | 'signature' | 'timezone'>;
  readonly purpose: Purpose;
  readonly from: string;
  readonly to: string;
  /** With angle brackets. */
  readonly messageId: string;
  readonly inReplyTo: string | null;
  readonly content: StoredContent;
}

/** The bytes of a message. Pure: the claim and previews call it. @throws ApiError `validation_failed` if it cannot be built */
export const bytesOf = (
  { mailbox, purpose, from, to, messageId, inReplyTo, content }: ToBuild,
  date: Date,
  dkim: DkimKey | undefined,
): Buffer =>
  buildMessage({
    from: { address: from, name: mailbox.display_name ?? undefined },
    to: { address: to },
    replyTo: mailbox.reply_to ?? undefined,
    subject: content.subject,
    text: content.text,
    html: content.html ?? undefined,
    signature: purpose === 'self_test' || purpose === 'warmup' ? undefined : (mailbox.signature ?? undefined),
    messageId,
    inReplyTo: inReplyTo ?? undefined,
    references: content.references,
    date,
    timezone: mailbox.timezone,
    headers: content.headers,
    dkim,
  }).raw;

/** The key with which messages of a mailbox are signed. Google and Microsoft sign by themselves. */
export const signingKey = (
  { dkimKeyOf }: Pick<BuildOptions, 'dkimKeyOf'>,
  { provider, organization_id: organization, domain }: MailboxState,
): Promise<DkimKey | undefined> => (provider === 'smtp' ? dkimKeyOf(organization, domain) : Promise.resolve(undefined));

/** A message with its bytes. */
export interface Built {
  readonly row: MessageRow;
  readonly mailbox: MailboxState;
  readonly content: StoredContent;
  readonly raw: Buffer;
  /** Null: they are stored already, since an earlier attempt. */
  readonly sealed: Buffer | null;
}

/** Builds the bytes of messages, or reads those of an earlier attempt: they never change. One that cannot be built is named with why. */
export async function buildRaw(
  options: BuildOptions,
  tx: Transaction,
  rows: readonly MessageRow[],
  mailboxOf: (row: MessageRow) => MailboxState,
  dateOf: (row: MessageRow) => Date,
): Promise<{ readonly messages: Built[]; readonly failed: { readonly id: string; readonly error: string }[] }> {
  const again = rows.filter(({ attempts }) => attempts > 0).map(({ id }) => id);
  const stored = new Map(
    again.length === 0 ? [] : (await rawsOf(tx, again)).map(({ message_id: id, raw }) => [id, raw] as const),
  );
  const keys = new Map<string, Promise<DkimKey | undefined>>();
  const keyOf = (mailbox: MailboxState) => {
    const name = `${mailbox.organization_id} ${mailbox.provider} ${mailbox.domain}`;
    const key = keys.get(name) ?? signingKey(options, mailbox);
    keys.set(name, key);
    return key;
  };
  const messages: Built[] = [];
  const failed: { id: string; error: string }[] = [];
  for (const row of rows) {
    const mailbox = mailboxOf(row);
    try {
      messages.push(await built(options, tx, row, mailbox, { stored: stored.get(row.id), keyOf, date: dateOf(row) }));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      failed.push({ id: row.id, error: `It cannot be built: ${error.message}` });
    }
  }
  return { messages, failed };
}

async function built(
  { vault }: BuildOptions,
  tx: Transaction,
  row: MessageRow,
  mailbox: MailboxState,
  {
    stored,
    keyOf,
    date,
  }: {
    readonly stored: Buffer | undefined;
    readonly keyOf: (mailbox: MailboxState) => Promise<DkimKey | undefined>;
    readonly date: Date;
  },
): Promise<Built> {
  const content = await openContent(vault, tx, row);
  if (stored !== undefined) {
    const raw = await vault.open(tx, row.organization_id, stored, rawContext);
    return { row, mailbox, content, raw, sealed: null };
  }
  const { purpose, from_address: from, to_address: to, message_id: messageId, in_reply_to: inReplyTo } = row;
  const raw = bytesOf({ mailbox, purpose, from, to, messageId, inReplyTo, content }, date, await keyOf(mailbox));
  return { row, mailbox, content, raw, sealed: await vault.seal(tx, row.organization_id, raw, rawContext) };
}
