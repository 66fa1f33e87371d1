/** Mailboxes that send to a test server, as rows: the API would test each one first. */
import { parseAddress } from '../../src/base/email-address.ts';
import type { MailboxId, OrganizationId, WorkspaceId } from '../../src/base/ids.ts';
import { sql } from '../../src/db/sql.ts';
import type { Installation } from './installation.ts';

export interface SenderMailbox {
  readonly organizationId: OrganizationId;
  readonly port: number;
  /** Default: one that no other mailbox of the test has. */
  readonly email?: string;
  readonly workspaceId?: WorkspaceId;
  readonly dailyLimit?: number;
  readonly hourlyPerDomain?: number;
  readonly gapSeconds?: readonly [min: number, max: number];
  readonly timezone?: string;
  readonly savesSent?: boolean;
}

let made = 0;

/** Inserts a connected mailbox whose SMTP server listens on this machine without TLS. */
export async function makeSenderMailbox(
  { db, ids, vault, clock }: Pick<Installation, 'db' | 'ids' | 'vault' | 'clock'>,
  settings: SenderMailbox,
): Promise<MailboxId> {
  const {
    organizationId,
    workspaceId = null,
    port,
    dailyLimit = 1_000,
    hourlyPerDomain = 1_000,
    gapSeconds: [min, max] = [90, 420],
  } = settings;
  const id = ids.next<MailboxId>();
  const email = settings.email ?? `sender-${(made += 1)}@hopper.example`;
  const address = parseAddress(email);
  if ('problem' in address) throw new Error(address.problem);
  const server = JSON.stringify({ host: '127.0.0.1', port, security: 'none', username: email });
  const credentials = await vault.seal(
    db,
    organizationId,
    JSON.stringify({ smtp: { password: 'secret' } }),
    'mailbox credentials',
  );
  const hours = JSON.stringify({ days: [1, 2, 3, 4, 5], start: '08:00', end: '18:00' });
  const now = new Date(clock.now());
  await db.execute(sql`
    INSERT INTO mailboxes (id, organization_id, workspace_id, email, email_key, domain, provider, sandbox, smtp, credentials, status, status_changed_at, daily_limit, gap_min_seconds,
      gap_max_seconds, max_hourly_per_domain, timezone, work_hours, saves_sent, connected_at, created_at, updated_at)
    VALUES (${id}, ${organizationId}, ${workspaceId}, ${email}, ${address.key}, ${address.domain}, 'smtp', false, ${server}::jsonb, ${credentials}, 'connected', ${now}, ${dailyLimit}, ${min},
      ${max}, ${hourlyPerDomain}, ${settings.timezone ?? 'Europe/London'}, ${hours}::jsonb, ${settings.savesSent ?? null}, ${now}, ${now}, ${now})`);
  return id;
}
