import type { Login, ServerSettings } from '../../src/mail/transport/transport.ts';
import type { MailboxId, OrganizationId } from '../../src/base/ids.ts';
import { parseAddress } from '../../src/base/email-address.ts';
import type { Queryable } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Installation } from './installation.ts';

export interface MadeMailbox {
  readonly id: MailboxId;
  readonly organizationId: OrganizationId;
  readonly email: string;
}

/** What a test says of a mailbox; `login` is for IMAP and SMTP. */
export interface MailboxInput {
  readonly organizationId: OrganizationId;
  readonly email: string;
  readonly imap?: ServerSettings;
  readonly smtp?: ServerSettings;
  readonly login?: Extract<Login, { password: string }>;
  readonly savesSent?: boolean;
}

/** Stores a mailbox as the API would, without the live test. */
export async function makeMailbox(
  { db, ids, vault, clock }: Pick<Installation, 'db' | 'ids' | 'vault' | 'clock'>,
  { organizationId, email, imap, smtp, login = { password: 'secret' }, savesSent }: MailboxInput,
): Promise<MadeMailbox> {
  const id = ids.next<MailboxId>();
  const now = new Date(clock.now());
  const credentials = await vault.seal(
    db,
    organizationId,
    JSON.stringify({ smtp: login, imap: login }),
    'mailbox credentials',
  );
  const hours = JSON.stringify({ days: [1, 2, 3, 4, 5, 6, 7], start: '00:00', end: '24:00' });
  await db.execute(sql`
    INSERT INTO mailboxes (id, organization_id, email, email_key, domain, provider, sandbox, smtp, imap, credentials, status, status_changed_at, daily_limit,
      gap_min_seconds, gap_max_seconds, max_hourly_per_domain, timezone, work_hours, saves_sent, created_at, updated_at)
    VALUES (${id}, ${organizationId}, ${email}, ${email.toLowerCase()}, ${email.slice(email.indexOf('@') + 1)}, 'smtp', false, ${smtp ?? null}::jsonb, ${imap ?? null}::jsonb,
      ${credentials}, 'connecting', ${now}, 50, 90, 420, 20, 'UTC', ${hours}::jsonb, ${savesSent ?? null}, ${now}, ${now})`);
  return { id, organizationId, email };
}

export interface SentInput {
  readonly messageId: string;
  readonly to: string;
  readonly status?: string;
  readonly deliveredMessageId?: string;
  readonly purpose?: string;
}

/** Stores a message as one that was sent from a mailbox. @returns its id */
export async function makeSent(
  { db, ids, vault, clock }: Pick<Installation, 'db' | 'ids' | 'vault' | 'clock'>,
  mailbox: MadeMailbox,
  { messageId, to, status = 'sent', deliveredMessageId, purpose = 'direct' }: SentInput,
): Promise<string> {
  const id = ids.next<string>();
  const address = parseAddress(to);
  if (!('key' in address)) throw new Error(address.problem);
  const { organizationId } = mailbox;
  const content = JSON.stringify({ subject: 'Hello', text: 'Hello', html: null, headers: {} });
  const sealed = await vault.seal(db, organizationId, content, 'message content');
  await db.execute(sql`
    INSERT INTO messages (id, organization_id, mailbox_id, direction, status, purpose, message_id, delivered_message_id, from_address, to_address, party_key,
      party_domain, content, created_at, sent_at)
    VALUES (${id}, ${organizationId}, ${mailbox.id}, 'outbound', ${status}, ${purpose}, ${messageId}, ${deliveredMessageId ?? null}, ${mailbox.email}, ${to}, ${address.key},
      ${address.domain}, ${sealed}, ${new Date(clock.now())}, ${new Date(clock.now())})`);
  return id;
}

export interface StoredRow {
  readonly id: string;
  readonly message_id: string;
  readonly from_address: string;
  readonly reply_to_id: string | null;
  readonly contact_id: string | null;
  readonly content: Buffer;
  readonly uid: number | null;
  readonly uidvalidity: number | null;
}

/** What a mailbox has received, the oldest first. */
export const receivedBy = (db: Queryable, mailboxId: string): Promise<StoredRow[]> =>
  db.query(sql<StoredRow>`
    SELECT id, message_id, from_address, reply_to_id, contact_id, content, uid, uidvalidity FROM messages
    WHERE mailbox_id = ${mailboxId} AND direction = 'inbound' ORDER BY id`);

/** The bytes of a message with these headers. */
export const rawMessage = (headers: Readonly<Record<string, string>>, body = 'Hello\r\n'): Buffer =>
  Buffer.from(
    `${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${body}`,
  );

/** A delivery report in the format of Postfix. */
export function deliveryReport(report: {
  readonly messageId: string;
  readonly of: string;
  readonly recipient: string;
  readonly action: string;
  readonly status: string;
  readonly diagnostic?: string;
}): Buffer {
  const { messageId, of, recipient, action, status, diagnostic = `${status} said no` } = report;
  return rawMessage(
    {
      From: 'MAILER-DAEMON@mail.test',
      To: 'ada@lovelace.example',
      'Message-ID': messageId,
      Subject: 'Undelivered Mail Returned to Sender',
      'MIME-Version': '1.0',
      'Content-Type': 'multipart/report; report-type=delivery-status; boundary="b"',
    },
    [
      '--b',
      'Content-Type: text/plain',
      '',
      'See below.',
      '--b',
      'Content-Type: message/delivery-status',
      '',
      'Reporting-MTA: dns; mail.test',
      '',
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      `Diagnostic-Code: smtp; ${diagnostic}`,
      '',
      '--b',
      'Content-Type: text/rfc822-headers',
      '',
      `Message-ID: ${of}`,
      'From: ada@lovelace.example',
      '',
      '--b--',
      '',
    ].join('\r\n'),
  );
}
