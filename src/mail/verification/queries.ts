import type { OrganizationId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Evidence } from '../transport/smtp-probe.ts';
import type { DomainKind, History } from './verdict.ts';

export interface DomainRow {
  domain: string;
  kind: DomainKind;
  provider: string | null;
  checked_at: Date;
}

export const domainsOf = (on: Queryable, domains: readonly string[]): Promise<DomainRow[]> =>
  on.query(sql<DomainRow>`
    SELECT domain, kind, provider, checked_at FROM recipient_domains WHERE domain = ANY(${[...domains]}::text[])`);

/** Remembers what the DNS said. That it said nothing replaces nothing. */
export const saveDomains = (on: Queryable, rows: readonly DomainRow[]): Promise<number> =>
  on.execute(sql`
    INSERT INTO recipient_domains AS d (domain, kind, provider, checked_at)
    SELECT * FROM unnest(${rows.map(({ domain }) => domain)}::text[], ${rows.map(({ kind }) => kind)}::text[], ${rows.map(({ provider }) => provider)}::text[],
      ${rows.map(({ checked_at: at }) => at)}::timestamptz[]) AS n (domain) ORDER BY n.domain
    ON CONFLICT (domain) DO UPDATE SET kind = excluded.kind, provider = excluded.provider, checked_at = excluded.checked_at
    WHERE excluded.kind <> 'unknown' OR d.kind = 'unknown'`);

/** What was learned by asking a domain's server. */
export interface ProbeRow {
  domain: string;
  probed_at: Date | null;
  random_recipient: Evidence | null;
  random_at: Date | null;
}

export const probesOf = (on: Queryable, domains: readonly string[]): Promise<ProbeRow[]> =>
  on.query(sql<ProbeRow>`
    SELECT domain, probed_at, random_recipient, random_at FROM recipient_domains WHERE domain = ANY(${[...domains]}::text[]) ORDER BY probed_at NULLS FIRST`);

/** @returns false if another process has asked the domain's server since `before` */
export const takeProbe = async (on: Queryable, domain: string, now: Date, before: Date): Promise<boolean> =>
  (await on.execute(sql`
    UPDATE recipient_domains SET probed_at = ${now} WHERE domain = ${domain} AND (probed_at IS NULL OR probed_at <= ${before})`)) ===
  1;

/** Remembers what a domain's server said of a recipient that does not exist. */
export const saveRandom = (on: Queryable, domain: string, random: Evidence, at: Date): Promise<number> =>
  on.execute(
    sql`UPDATE recipient_domains SET random_recipient = ${random}, random_at = ${at} WHERE domain = ${domain}`,
  );

/** What happened last to messages from or to addresses. A message without a bounce after `settled` was delivered. */
export const historyOf = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  settled: Date,
): Promise<{ key: string; history: History | null }[]> =>
  on.query(sql<{ key: string; history: History | null }>`
    SELECT key, CASE WHEN bounced_at > coalesce(greatest(replied_at, delivered_at), '-infinity') THEN 'bounced' WHEN replied_at IS NOT NULL THEN 'replied'
      WHEN delivered_at IS NOT NULL THEN 'delivered' END AS history
    FROM (SELECT party_key AS key, max(created_at) FILTER (WHERE direction = 'inbound') AS replied_at, max(created_at) FILTER (WHERE status = 'bounced') AS bounced_at,
        max(created_at) FILTER (WHERE direction = 'outbound' AND (status = 'delivered' OR status = 'sent' AND sent_at < ${settled})) AS delivered_at
      FROM messages WHERE organization_id = ${organization} AND party_key = ANY(${[...keys]}::text[]) GROUP BY party_key) AS h`);

/** Domains that accepted mail for unknown recipients and never refused it at once. */
export const acceptingAll = async (
  on: Queryable,
  organization: OrganizationId,
  domains: readonly string[],
): Promise<ReadonlySet<string>> =>
  new Set(
    (
      await on.query(sql<{ domain: string }>`
        SELECT domain FROM domain_bounces WHERE organization_id = ${organization} AND domain = ANY(${[...domains]}::text[]) AND late > 0 AND immediate = 0`)
    ).map(({ domain }) => domain),
  );

export interface BounceRow {
  readonly organizationId: OrganizationId;
  readonly domain: string;
  readonly immediate: number;
  readonly late: number;
}

/** Counts hard bounces of domains. Rows are locked in the order of their keys. */
export const addBounces = (tx: Transaction, rows: readonly BounceRow[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO domain_bounces AS d (organization_id, domain, immediate, late)
    SELECT n.organization_id, n.domain, sum(n.immediate), sum(n.late)
    FROM unnest(${plainArray(rows.map(({ organizationId }) => organizationId))}::uuid[], ${rows.map(({ domain }) => domain)}::text[],
      ${plainArray(rows.map(({ immediate }) => immediate))}::int[], ${plainArray(rows.map(({ late }) => late))}::int[]) AS n (organization_id, domain, immediate, late)
    GROUP BY 1, 2 ORDER BY 1, 2
    ON CONFLICT (organization_id, domain) DO UPDATE SET immediate = d.immediate + excluded.immediate, late = d.late + excluded.late`);

// Leads that wait for a verdict -------------------------------------------------------------------

/** 'vrfy' as a number: the advisory lock of the process that verifies leads. */
const lockId = 0x76726679;

/** @returns false if another process verifies leads; the lock ends with the transaction */
export const takeTurn = async (tx: Transaction): Promise<boolean> =>
  (await tx.query(sql<{ taken: boolean }>`SELECT pg_try_advisory_xact_lock(${lockId}::bigint) AS taken`))[0]?.taken ===
  true;

export interface WaitingLead {
  id: string;
  campaign_id: string;
  organization_id: OrganizationId;
  sandbox: boolean;
  email: string;
  email_key: string;
  domain: string;
}

/** Leads without a verdict, of campaigns that need one: some of each campaign. */
export const waitingLeads = (on: Queryable, now: Date, limit: number): Promise<WaitingLead[]> =>
  on.query(sql<WaitingLead>`
    WITH waiting AS (
      SELECT c.id, o.live_organization_id IS NOT NULL AS sandbox, count(*) OVER () AS campaigns FROM campaigns c JOIN organizations o ON o.id = c.organization_id
      WHERE c.verification <> 'off' AND c.status IN ('draft', 'active', 'paused') AND EXISTS (
        SELECT FROM campaign_leads l WHERE l.campaign_id = c.id AND l.verdict IS NULL AND l.status = 'queued' AND (l.blocked_until IS NULL OR l.blocked_until <= ${now}))
      LIMIT 100)
    SELECT l.id, l.campaign_id, l.organization_id, w.sandbox, l.email, l.email_key, l.domain
    FROM waiting w CROSS JOIN LATERAL (
      SELECT id, campaign_id, organization_id, email, email_key, domain FROM campaign_leads
      WHERE campaign_id = w.id AND verdict IS NULL AND status = 'queued' AND (blocked_until IS NULL OR blocked_until <= ${now})
      ORDER BY id LIMIT ceil(${limit}::int / least(w.campaigns, 100)::float8)::int) AS l
    LIMIT ${limit}`);

/** Whether leads of an organization wait for a verdict. */
export const isVerifying = async (on: Queryable, organization: OrganizationId): Promise<boolean> =>
  (
    await on.query(sql<{ waits: boolean }>`
      SELECT EXISTS (SELECT FROM campaigns c JOIN campaign_leads l ON l.campaign_id = c.id AND l.verdict IS NULL AND l.status = 'queued'
        WHERE c.organization_id = ${organization} AND c.verification <> 'off' AND c.status IN ('draft', 'active', 'paused')) AS waits`)
  )[0]?.waits === true;

/** When a lead that waits for its domain's name servers is verified again. */
export const nextRetry = async (on: Queryable, now: Date): Promise<number | undefined> =>
  (
    await on.query(sql<{ at: Date | null }>`
      SELECT min(l.blocked_until) AS at FROM campaigns c JOIN campaign_leads l ON l.campaign_id = c.id
      WHERE c.verification <> 'off' AND c.status IN ('draft', 'active', 'paused') AND l.verdict IS NULL AND l.status = 'queued' AND l.blocked_until > ${now}`)
  )[0]?.at?.getTime();
