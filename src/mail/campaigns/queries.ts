import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { countedIn, inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { Depth } from '../../ops/index.ts';
import type { Campaign, CampaignStatus, Step, StepOutline } from './campaign.ts';

/** The campaigns a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

const campaignFields = [
  'id',
  'organization_id',
  'workspace_id',
  'name',
  'goal',
  'context',
  'icp',
  'status',
  'pause_reason',
  'pause_detail',
  'schedule',
  'daily_limit',
  'new_leads_limit',
  'tracking',
  'stop',
  'unsubscribe',
  'topic_id',
  'verification',
  'cooldown_days',
  'company_max',
  'new_leads_first',
  'send_now_until',
  'starts_at',
  'waits_for_start',
  'started_at',
  'completed_at',
  'guards_from',
  'revision',
  'replan_after',
  'reopen_finished',
  'created_by',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof Campaign)[];
export const campaignColumns = columns(campaignFields, 'c');

export const stepColumns = columns(
  [
    'id',
    'organization_id',
    'campaign_id',
    'position',
    'name',
    'subject',
    'body',
    'format',
    'delay_days',
    'delay_hours',
    'business_days',
    'send_only_if_no_reply',
    'variants',
    'revision',
    'created_at',
    'updated_at',
    'deleted_at',
  ] satisfies (keyof Step)[],
  's',
);

// Campaigns ---------------------------------------------------------------------------------------

export const byId = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<Campaign | undefined> =>
  first(
    on,
    sql<Campaign>`
    SELECT ${campaignColumns} FROM campaigns c
    WHERE c.id = ${id} AND c.organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR c.workspace_id = ${workspaceId ?? null})`,
  );

/** Campaigns of any organization, in no order. */
export const rowsOf = (on: Queryable, ids: readonly string[]): Promise<Campaign[]> =>
  on.query(sql<Campaign>`SELECT ${campaignColumns} FROM campaigns c WHERE c.id = ANY(${plainArray(ids)}::uuid[])`);

/** Locks campaigns of any organization, in the order in which all lock them. Leads can still be added to them. */
export const lockByIds = (tx: Transaction, ids: readonly string[]): Promise<Campaign[]> =>
  tx.query(sql<Campaign>`
    SELECT ${campaignColumns} FROM campaigns c WHERE c.id = ANY(${plainArray(ids)}::uuid[]) ORDER BY c.id FOR NO KEY UPDATE`);

/** A page of campaigns, newest first. */
export const listed = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  status: CampaignStatus | undefined,
  slice: Slice,
): Promise<Campaign[]> =>
  on.query(
    inOrder(
      // Two statements, so that each uses its own index.
      status === undefined
        ? sql<Campaign>`
          SELECT ${campaignColumns} FROM campaigns c
          WHERE c.organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR c.workspace_id = ${workspaceId ?? null})`
        : sql<Campaign>`
          SELECT ${campaignColumns} FROM campaigns c
          WHERE c.organization_id = ${organizationId} AND c.status = ${status} AND (${workspaceId ?? null}::uuid IS NULL OR c.workspace_id = ${workspaceId ?? null})`,
      'c',
      slice,
    ),
  );

export const counted = async (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  status: CampaignStatus | undefined,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      on,
      countedIn(
        sql<{ count: number }>`
    SELECT count(*) AS count FROM campaigns
    WHERE organization_id = ${organizationId} AND (${status ?? null}::text IS NULL OR status = ${status ?? null}) AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
        'campaigns',
        slice,
      ),
    )
  )?.count ?? 0;

/** Campaigns of a workspace that are not archived. */
export const unarchivedOf = async (
  on: Queryable,
  organization: OrganizationId,
  workspace: WorkspaceId,
): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      SELECT id FROM campaigns WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND status <> 'archived' ORDER BY id`)
  ).map(({ id }) => id);

export const insert = (tx: Transaction, row: Campaign): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaigns (id, organization_id, workspace_id, name, goal, context, icp, status, schedule, daily_limit, new_leads_limit, tracking, stop, unsubscribe, topic_id, verification,
      cooldown_days, company_max, new_leads_first, starts_at, guards_from, revision, reopen_finished, created_by, created_at, updated_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.name}, ${row.goal}, ${row.context}, ${JSON.stringify(row.icp)}::jsonb, ${row.status},
      ${JSON.stringify(row.schedule)}::jsonb, ${row.daily_limit}, ${row.new_leads_limit}, ${JSON.stringify(row.tracking)}::jsonb, ${JSON.stringify(row.stop)}::jsonb, ${row.unsubscribe}, ${row.topic_id}::uuid,
      ${row.verification}, ${row.cooldown_days}, ${row.company_max}, ${row.new_leads_first}, ${row.starts_at}, ${JSON.stringify(row.guards_from)}::jsonb, ${row.revision},
      ${row.reopen_finished}, ${row.created_by}, ${row.created_at}, ${row.updated_at})`);

/** Writes what an edit changes. */
export const saveEdit = (tx: Transaction, row: Campaign): Promise<number> =>
  tx.execute(sql`
    UPDATE campaigns SET name = ${row.name}, goal = ${row.goal}, context = ${row.context}, schedule = ${JSON.stringify(row.schedule)}::jsonb, daily_limit = ${row.daily_limit},
      new_leads_limit = ${row.new_leads_limit}, tracking = ${JSON.stringify(row.tracking)}::jsonb, stop = ${JSON.stringify(row.stop)}::jsonb, unsubscribe = ${row.unsubscribe}, topic_id = ${row.topic_id}::uuid,
      verification = ${row.verification}, cooldown_days = ${row.cooldown_days}, company_max = ${row.company_max}, new_leads_first = ${row.new_leads_first}, starts_at = ${row.starts_at},
      waits_for_start = ${row.waits_for_start}, revision = ${row.revision}, replan_after = ${row.replan_after}, reopen_finished = ${row.reopen_finished}, updated_at = ${row.updated_at}
    WHERE id = ${row.id}`);

/** Writes what a change of the status changes. */
export const saveStatus = (tx: Transaction, row: Campaign): Promise<number> =>
  tx.execute(sql`
    UPDATE campaigns SET status = ${row.status}, revision = ${row.revision}, pause_reason = ${row.pause_reason}, pause_detail = ${row.pause_detail}, started_at = ${row.started_at}, completed_at = ${row.completed_at},
      starts_at = ${row.starts_at}, guards_from = ${JSON.stringify(row.guards_from)}::jsonb, updated_at = ${row.updated_at}
    WHERE id = ${row.id}`);

/** A launched draft waits for its start. */
export const saveWaiting = (tx: Transaction, id: string): Promise<number> =>
  tx.execute(sql`UPDATE campaigns SET waits_for_start = true, revision = revision + 1 WHERE id = ${id}`);

export const deleteCampaign = (tx: Transaction, id: string): Promise<number> =>
  tx.execute(sql`DELETE FROM campaigns WHERE id = ${id}`);

/** Campaigns that may have to change their status, and whether leads are still added to them. */
export const watched = (
  on: Queryable,
  ids: readonly string[],
): Promise<(Pick<Campaign, 'id' | 'status' | 'guards_from'> & { readonly adding: boolean })[]> =>
  on.query(sql<Pick<Campaign, 'id' | 'status' | 'guards_from'> & { readonly adding: boolean }>`
    SELECT c.id, c.status, c.guards_from, EXISTS (SELECT FROM lead_additions a WHERE a.campaign_id = c.id AND a.finished_at IS NULL)
        OR EXISTS (SELECT FROM discovery_jobs j WHERE j.campaign_id = c.id AND j.finished_at IS NULL) AS adding
    FROM campaigns c WHERE c.id = ANY(${plainArray(ids)}::uuid[]) AND c.status IN ('active', 'completed')`);

/** Searches for leads of a campaign. */
export interface Search {
  readonly campaign_id: string;
  /** The last one. */
  readonly job_id: string;
  readonly job_status: string;
  readonly error: string | null;
  /** Why it goes on later. */
  readonly waiting: string | null;
  readonly unfinished: number;
  readonly searched: number;
  readonly accepted: number;
  readonly added: number;
  readonly without_lawful_basis: number;
}

/** What was added to campaigns in the background, and how many have not finished a round; campaigns without any are missing. */
export const additionsTo = (
  on: Queryable,
  campaigns: readonly string[],
): Promise<{ campaign_id: string; unfinished: number; added: number; skipped: number }[]> =>
  on.query(sql<{ campaign_id: string; unfinished: number; added: number; skipped: number }>`
    SELECT campaign_id, count(*) FILTER (WHERE finished_at IS NULL AND rounds = 0) AS unfinished, sum(added)::bigint AS added, sum(skipped)::bigint AS skipped
    FROM lead_additions WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) GROUP BY campaign_id`);

/** Searches for leads of campaigns: the sums of all, and the last one. Campaigns without any are missing. */
export const searchesFor = (on: Queryable, campaigns: readonly string[]): Promise<Search[]> =>
  on.query(sql<Search>`
    SELECT DISTINCT ON (j.campaign_id) j.campaign_id, j.id AS job_id, j.status AS job_status, j.error, j.waiting, s.unfinished, s.searched, s.accepted, s.added, s.without_lawful_basis
    FROM discovery_jobs j JOIN (
      SELECT campaign_id, count(*) FILTER (WHERE finished_at IS NULL) AS unfinished, sum((counts ->> 'searched')::bigint)::bigint AS searched, sum((counts ->> 'accepted')::bigint)::bigint AS accepted,
        sum((counts ->> 'added')::bigint)::bigint AS added, sum((counts ->> 'without_lawful_basis')::bigint)::bigint AS without_lawful_basis
      FROM discovery_jobs WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) GROUP BY campaign_id) AS s ON s.campaign_id = j.campaign_id
    WHERE j.campaign_id = ANY(${plainArray(campaigns)}::uuid[]) ORDER BY j.campaign_id, j.id DESC`);

/** Why verifiers of organizations gave no answer the last time. */
export const verifierProblems = (
  on: Queryable,
  organizations: readonly OrganizationId[],
): Promise<{ organization_id: OrganizationId; problem: string }[]> =>
  on.query(sql<{ organization_id: OrganizationId; problem: string }>`
    SELECT organization_id, problem FROM verifiers WHERE organization_id = ANY(${plainArray(organizations)}::uuid[]) AND problem IS NOT NULL`);

/** Campaigns by status, for a gauge. */
export const depths = (on: Queryable): Promise<Depth[]> =>
  on.query(sql<Depth>`SELECT status AS state, count(*) AS count FROM campaigns GROUP BY status ORDER BY status`);

// Steps -------------------------------------------------------------------------------------------

/** The steps of campaigns in their order. Without those that were deleted. */
export const stepsOf = (on: Queryable, campaigns: readonly string[]): Promise<Step[]> =>
  on.query(sql<Step>`
    SELECT ${stepColumns} FROM campaign_steps s
    WHERE s.campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND s.deleted_at IS NULL ORDER BY s.campaign_id, s.position`);

/** As `stepsOf`, without their texts. */
export const outlinesOf = (on: Queryable, campaigns: readonly string[]): Promise<StepOutline[]> =>
  on.query(sql<StepOutline>`
    SELECT id, campaign_id, position, delay_days, delay_hours, business_days, send_only_if_no_reply FROM campaign_steps
    WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND deleted_at IS NULL ORDER BY campaign_id, position`);

/** The greatest position that a step of the campaign ever had. */
export const lastPosition = async (on: Queryable, campaign: string): Promise<number> =>
  (
    await first(
      on,
      sql<{ last: number | null }>`SELECT max(position) AS last FROM campaign_steps WHERE campaign_id = ${campaign}`,
    )
  )?.last ?? 0;

/** Inserts new steps, and writes those that exist. */
export const saveSteps = (tx: Transaction, steps: readonly Step[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaign_steps (id, organization_id, campaign_id, position, name, subject, body, format, delay_days, delay_hours, business_days, send_only_if_no_reply, variants, revision,
      created_at, updated_at, deleted_at)
    SELECT * FROM unnest(${plainArray(steps.map(({ id }) => id))}::uuid[], ${plainArray(steps.map((step) => step.organization_id))}::uuid[],
      ${plainArray(steps.map((step) => step.campaign_id))}::uuid[], ${plainArray(steps.map(({ position }) => position))}::float8[], ${steps.map(({ name }) => name)}::text[],
      ${steps.map(({ subject }) => subject)}::text[], ${steps.map(({ body }) => body)}::text[], ${plainArray(steps.map(({ format }) => format))}::text[],
      ${plainArray(steps.map((step) => step.delay_days))}::int[], ${plainArray(steps.map((step) => step.delay_hours))}::int[], ${plainArray(steps.map((step) => step.business_days))}::bool[],
      ${plainArray(steps.map((step) => step.send_only_if_no_reply))}::bool[], ${steps.map(({ variants }) => JSON.stringify(variants))}::jsonb[],
      ${plainArray(steps.map(({ revision }) => revision))}::int[], ${steps.map((step) => step.created_at)}::timestamptz[], ${steps.map((step) => step.updated_at)}::timestamptz[],
      ${steps.map((step) => step.deleted_at)}::timestamptz[])
    ON CONFLICT (id) DO UPDATE SET position = excluded.position, name = excluded.name, subject = excluded.subject, body = excluded.body, format = excluded.format,
      delay_days = excluded.delay_days, delay_hours = excluded.delay_hours, business_days = excluded.business_days, send_only_if_no_reply = excluded.send_only_if_no_reply,
      variants = excluded.variants, revision = excluded.revision, updated_at = excluded.updated_at, deleted_at = excluded.deleted_at`);

// Mailboxes ---------------------------------------------------------------------------------------

/** The mailboxes of campaigns, those that were disconnected too, in the order in which they were added. */
export const mailboxesOf = (
  on: Queryable,
  campaigns: readonly string[],
): Promise<{ campaign_id: string; mailbox_id: MailboxId }[]> =>
  on.query(sql<{ campaign_id: string; mailbox_id: MailboxId }>`
    SELECT campaign_id, mailbox_id FROM campaign_mailboxes
    WHERE campaign_id = ANY(${plainArray(campaigns)}::uuid[]) ORDER BY campaign_id, added_at, mailbox_id`);

/** Those of these mailboxes that exist in the organization, and the workspace of each. */
export const existingMailboxes = (
  on: Queryable,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<{ id: MailboxId; workspace_id: WorkspaceId | null; role: string }[]> =>
  on.query(sql<{ id: MailboxId; workspace_id: WorkspaceId | null; role: string }>`
    SELECT id, workspace_id, role FROM mailboxes WHERE id = ANY(${plainArray(ids)}::uuid[]) AND organization_id = ${organization} AND deleted_at IS NULL`);

export const insertMailboxes = (
  tx: Transaction,
  { id, organization_id: organization }: Pick<Campaign, 'id' | 'organization_id'>,
  mailboxes: readonly MailboxId[],
  at: Date,
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaign_mailboxes (campaign_id, mailbox_id, organization_id, added_at)
    SELECT ${id}::uuid, mailbox_id, ${organization}::uuid, ${at}::timestamptz FROM unnest(${plainArray(mailboxes)}::uuid[]) AS n (mailbox_id)
    ON CONFLICT DO NOTHING`);

export const deleteMailboxes = (tx: Transaction, campaign: string, mailboxes: readonly MailboxId[]): Promise<number> =>
  tx.execute(sql`
    DELETE FROM campaign_mailboxes WHERE campaign_id = ${campaign} AND mailbox_id = ANY(${plainArray(mailboxes)}::uuid[])`);

/** The active campaigns of mailboxes, with the calendars of their leads. */
export const activeOf = (
  on: Queryable,
  mailboxes: readonly MailboxId[],
): Promise<(Campaign & { mailbox_id: MailboxId; calendars: string[] })[]> =>
  on.query(sql<Campaign & { mailbox_id: MailboxId; calendars: string[] }>`
    SELECT m.mailbox_id, ${campaignColumns}, ARRAY(SELECT k.calendar FROM campaign_calendars k WHERE k.campaign_id = c.id ORDER BY k.calendar) AS calendars
    FROM campaign_mailboxes m JOIN campaigns c ON c.id = m.campaign_id
    WHERE m.mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND c.status = 'active' ORDER BY m.mailbox_id, c.id`);

/** Active campaigns of these mailboxes all of whose mailboxes were disconnected. */
export const withoutMailbox = (on: Queryable, mailboxes: readonly MailboxId[]): Promise<{ id: string }[]> =>
  on.query(sql<{ id: string }>`
    SELECT DISTINCT c.id FROM campaign_mailboxes m JOIN campaigns c ON c.id = m.campaign_id
    WHERE m.mailbox_id = ANY(${plainArray(mailboxes)}::uuid[]) AND c.status = 'active' AND NOT EXISTS (
      SELECT FROM campaign_mailboxes o JOIN mailboxes b ON b.id = o.mailbox_id WHERE o.campaign_id = c.id AND b.deleted_at IS NULL)`);

// Domains -----------------------------------------------------------------------------------------

/** Watches the domains that a campaign sends from; the DNS of new ones is read at `at`. Capture mailboxes have no DNS to look at. */
export const watchDomains = (tx: Transaction, campaigns: readonly string[], at: Date): Promise<number> =>
  tx.execute(sql`
    INSERT INTO campaign_domains (organization_id, domain, read_at)
    SELECT DISTINCT b.organization_id, b.domain, ${at}::timestamptz FROM campaign_mailboxes m JOIN mailboxes b ON b.id = m.mailbox_id
    WHERE m.campaign_id = ANY(${plainArray(campaigns)}::uuid[]) AND b.deleted_at IS NULL AND b.provider <> 'capture' AND NOT b.sandbox
    ORDER BY 1, 2 ON CONFLICT DO NOTHING`);

/** Takes domains whose DNS is to be read now, for a while. */
export const takeDomains = (
  on: Queryable,
  now: Date,
  until: Date,
  limit: number,
): Promise<{ organization_id: OrganizationId; domain: string }[]> =>
  on.query(sql<{ organization_id: OrganizationId; domain: string }>`
    UPDATE campaign_domains d SET read_at = ${until}
    FROM (SELECT organization_id, domain FROM campaign_domains WHERE read_at <= ${now} ORDER BY read_at LIMIT ${limit} FOR UPDATE SKIP LOCKED) AS n
    WHERE d.organization_id = n.organization_id AND d.domain = n.domain RETURNING d.organization_id, d.domain`);

/** When a domain is to be read next. */
export const nextDomain = async (on: Queryable): Promise<Date | undefined> =>
  (await first(on, sql<{ read_at: Date }>`SELECT read_at FROM campaign_domains ORDER BY read_at LIMIT 1`))?.read_at;

export const saveDomain = (on: Queryable, organization: OrganizationId, domain: string, at: Date): Promise<number> =>
  on.execute(sql`
    UPDATE campaign_domains SET read_at = ${at} WHERE organization_id = ${organization} AND domain = ${domain}`);

export const forgetDomain = (on: Queryable, organization: OrganizationId, domain: string): Promise<number> =>
  on.execute(sql`DELETE FROM campaign_domains WHERE organization_id = ${organization} AND domain = ${domain}`);

/** The active campaigns that send from a domain. */
export const activeOfDomain = (
  on: Queryable,
  organization: OrganizationId,
  domain: string,
): Promise<{ id: string }[]> =>
  on.query(sql<{ id: string }>`
    SELECT DISTINCT c.id FROM mailboxes b JOIN campaign_mailboxes m ON m.mailbox_id = b.id JOIN campaigns c ON c.id = m.campaign_id
    WHERE b.organization_id = ${organization} AND b.domain = ${domain} AND b.deleted_at IS NULL AND b.provider <> 'capture' AND NOT b.sandbox AND c.status = 'active'`);

// Today -------------------------------------------------------------------------------------------

/** What campaigns sent on a local day of their own, and how many leads are due before its end (at most `max`). */
export const today = (
  on: Queryable,
  days: readonly { readonly id: string; readonly day: string; readonly until: Date }[],
  max: number,
): Promise<{ campaign_id: string; sent: number; due: number }[]> =>
  on.query(sql<{ campaign_id: string; sent: number; due: number }>`
    SELECT n.id AS campaign_id, coalesce(d.sent, 0) AS sent, l.due
    FROM unnest(${plainArray(days.map(({ id }) => id))}::uuid[], ${plainArray(days.map(({ day }) => day))}::date[], ${days.map(({ until }) => until)}::timestamptz[]) AS n (id, day, until)
    LEFT JOIN campaign_days d ON d.campaign_id = n.id AND d.day = n.day
    CROSS JOIN LATERAL (SELECT count(*) AS due FROM (
      SELECT FROM campaign_leads l WHERE l.campaign_id = n.id AND l.status IN ('queued', 'waiting') AND l.due_at < n.until LIMIT ${max}) AS counted) AS l`);
