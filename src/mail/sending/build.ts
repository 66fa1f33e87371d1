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

export interface BuildOptions {
  readonly vault: Vault;
  /** The own key of a sending domain; undefined: its server signs, or nobody does. */
  readonly dkimKeyOf: (organization: OrganizationId, domain: string) => Promise<DkimKey | undefined>;
}

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
  // Google and Microsoft sign by themselves.
  const keyOf = ({ provider, organization_id: organization, domain }: MailboxState) => {
    if (provider !== 'smtp') return Promise.resolve(undefined);
    const name = `${organization} ${domain}`;
    const key = keys.get(name) ?? options.dkimKeyOf(organization, domain);
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
  const { raw } = buildMessage({
    from: { address: row.from_address, name: mailbox.display_name ?? undefined },
    to: { address: row.to_address },
    replyTo: mailbox.reply_to ?? undefined,
    subject: content.subject,
    text: content.text,
    html: content.html ?? undefined,
    signature: row.purpose === 'self_test' ? undefined : (mailbox.signature ?? undefined),
    messageId: row.message_id,
    inReplyTo: row.in_reply_to ?? undefined,
    references: content.references,
    date,
    timezone: mailbox.timezone,
    headers: content.headers,
    dkim: await keyOf(mailbox),
  });
  return { row, mailbox, content, raw, sealed: await vault.seal(tx, row.organization_id, raw, rawContext) };
}
