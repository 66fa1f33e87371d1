import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { LanguageCode } from './bank/index.ts';

/** What decides how much a mailbox may send. */
export interface SenderRow {
  readonly mailbox_id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly reply_rate: number;
  readonly language: LanguageCode;
  readonly same: boolean;
  readonly others: boolean;
  readonly letters: number;
  /** Null: it has begun no letter. */
  readonly partners: number | null;
  /** Of all that is paced, today; null: not known yet. */
  readonly cap: number | null;
  readonly in_campaign: boolean;
  /** Letters and answers of the local day, without those that failed. */
  readonly today: number;
  readonly last_at: Date | null;
}

/** The mailboxes that take part, of those asked. `since`: the start of the mailbox's day. */
export const sendersOf = (
  on: Queryable,
  asked: readonly { readonly mailboxId: MailboxId; readonly since: Date }[],
): Promise<SenderRow[]> =>
  on.query(sql<SenderRow>`
    SELECT w.mailbox_id, w.organization_id, w.reply_rate, w.language, coalesce(e.allow_same_organization, false) AS same, coalesce(e.allow_other_organizations, false) AS others,
      coalesce(e.letters, 0) AS letters, e.partners, p.governed_limit AS cap,
      EXISTS (SELECT FROM campaign_mailboxes c JOIN campaigns k ON k.id = c.campaign_id WHERE c.mailbox_id = w.mailbox_id AND k.status = 'active') AS in_campaign,
      (SELECT count(*) FROM exchange_letters l WHERE l.mailbox_id = w.mailbox_id AND l.begun_at >= a.since AND NOT l.failed) AS today,
      (SELECT max(l.begun_at) FROM exchange_letters l WHERE l.mailbox_id = w.mailbox_id AND l.begun_at >= a.since AND l.answers IS NULL) AS last_at
    FROM unnest(${plainArray(asked.map(({ mailboxId }) => mailboxId))}::uuid[], ${asked.map(({ since }) => since)}::timestamptz[]) AS a (id, since)
    JOIN warmups w ON w.mailbox_id = a.id AND w.enabled AND NOT w.paused
    LEFT JOIN exchange_members e ON e.mailbox_id = w.mailbox_id LEFT JOIN mailbox_pace p ON p.mailbox_id = w.mailbox_id`);

/** A mailbox that another one may perhaps write to. */
export interface PartnerRow {
  readonly sender_id: MailboxId;
  readonly mailbox_id: MailboxId;
  readonly organization_id: OrganizationId;
  readonly email: string;
  readonly email_key: string;
  readonly domain: string;
  readonly display_name: string | null;
  readonly mail_provider: string;
  readonly is_seed: boolean;
  readonly capturing: boolean;
  readonly language: LanguageCode | null;
  readonly same: boolean;
  readonly others: boolean;
  readonly last_at: Date | null;
}

/**
 * The mailboxes that others may perhaps write to, those of whom each has heard for the longest time first. `relationOf` decides.
 */
export const partnersOf = (
  on: Queryable,
  senders: readonly {
    readonly mailboxId: MailboxId;
    readonly organizationId: OrganizationId;
    readonly others: boolean;
    readonly capturing: boolean;
  }[],
  limit: number,
): Promise<PartnerRow[]> =>
  on.query(sql<PartnerRow>`
    SELECT s.id AS sender_id, f.* FROM unnest(${plainArray(senders.map(({ mailboxId }) => mailboxId))}::uuid[],
      ${plainArray(senders.map(({ organizationId }) => organizationId))}::uuid[], ${plainArray(senders.map(({ others }) => others))}::boolean[],
      ${plainArray(senders.map(({ capturing }) => capturing))}::boolean[]) AS s (id, organization_id, others, capturing)
    CROSS JOIN LATERAL (
      SELECT b.id AS mailbox_id, b.organization_id, b.email, b.email_key, b.domain, b.display_name, b.provider AS mail_provider, b.role = 'seed' AS is_seed,
        (b.sandbox OR b.provider = 'capture') AS capturing, w.language, coalesce(e.allow_same_organization, false) AS same,
        coalesce(e.allow_other_organizations, false) AS others, p.last_at
      FROM (
        SELECT id FROM mailboxes WHERE organization_id = s.organization_id AND deleted_at IS NULL
        UNION ALL
        SELECT mailbox_id FROM exchange_members WHERE allow_other_organizations AND s.others AND NOT s.capturing AND organization_id <> s.organization_id) AS c
        JOIN mailboxes b ON b.id = c.id LEFT JOIN warmups w ON w.mailbox_id = b.id LEFT JOIN exchange_members e ON e.mailbox_id = b.id
        LEFT JOIN exchange_pairs p ON p.low_id = least(s.id, b.id) AND p.high_id = greatest(s.id, b.id)
      WHERE b.deleted_at IS NULL AND b.status = 'connected' AND b.id <> s.id AND (b.sandbox OR b.provider = 'capture') = s.capturing AND (s.capturing OR b.imap IS NOT NULL)
        AND (b.role = 'seed' AND b.organization_id = s.organization_id OR w.enabled AND NOT w.paused)
      ORDER BY p.last_at NULLS FIRST, b.id LIMIT ${limit}) AS f`);

/** Takes pairs for a letter, unless one was exchanged within the gap: of two mailboxes that begin together, one does. @returns those it took */
export const takePairs = (
  tx: Transaction,
  rows: readonly { readonly low: MailboxId; readonly high: MailboxId; readonly at: Date }[],
  gapMs: number,
): Promise<{ low_id: MailboxId; high_id: MailboxId }[]> =>
  tx.query(sql<{ low_id: MailboxId; high_id: MailboxId }>`
    INSERT INTO exchange_pairs AS p (low_id, high_id, last_at)
    SELECT low, high, at FROM unnest(${plainArray(rows.map(({ low }) => low))}::uuid[], ${plainArray(rows.map(({ high }) => high))}::uuid[],
      ${rows.map(({ at }) => at)}::timestamptz[]) AS n (low, high, at) ORDER BY low, high
    ON CONFLICT (low_id, high_id) DO UPDATE SET last_at = excluded.last_at WHERE p.last_at <= excluded.last_at - ${gapMs}::bigint * interval '1 millisecond'
    RETURNING low_id, high_id`);

/** Counts letters. @returns how many each mailbox had begun before */
export const countLetters = (
  tx: Transaction,
  rows: readonly {
    readonly mailboxId: MailboxId;
    readonly organizationId: OrganizationId;
    readonly partners: number;
  }[],
): Promise<{ mailbox_id: MailboxId; before: number }[]> =>
  tx.query(sql<{ mailbox_id: MailboxId; before: number }>`
    INSERT INTO exchange_members AS e (mailbox_id, organization_id, letters, partners)
    SELECT id, organization, 1, partners FROM unnest(${plainArray(rows.map(({ mailboxId }) => mailboxId))}::uuid[],
      ${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${plainArray(rows.map(({ partners }) => partners))}::int[])
      AS n (id, organization, partners) ORDER BY id
    ON CONFLICT (mailbox_id) DO UPDATE SET letters = e.letters + 1, partners = excluded.partners RETURNING mailbox_id, letters - 1 AS before`);

/** What the owner of a mailbox allows. */
export interface Allowed {
  readonly same: boolean;
  readonly others: boolean;
}

export const allowedOf = async (on: Queryable, mailbox: MailboxId): Promise<Allowed> => {
  const [row] = await on.query(sql<Allowed>`
    SELECT allow_same_organization AS same, allow_other_organizations AS others FROM exchange_members WHERE mailbox_id = ${mailbox}`);
  return row ?? { same: false, others: false };
};

export const saveAllowed = (
  tx: Transaction,
  mailbox: MailboxId,
  organization: OrganizationId,
  { same, others }: Allowed,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO exchange_members (mailbox_id, organization_id, allow_same_organization, allow_other_organizations) VALUES (${mailbox}, ${organization}, ${same}, ${others})
    ON CONFLICT (mailbox_id) DO UPDATE SET allow_same_organization = excluded.allow_same_organization, allow_other_organizations = excluded.allow_other_organizations`);

/** Whether warm-up is on. */
export const settingsOf = async (
  on: Queryable,
  mailbox: MailboxId,
): Promise<{ enabled: boolean; paused: boolean } | undefined> =>
  (
    await on.query(
      sql<{ enabled: boolean; paused: boolean }>`SELECT enabled, paused FROM warmups WHERE mailbox_id = ${mailbox}`,
    )
  )[0];
