/** Leads and additions as callers read them. */
import type { Slice } from '../../db/in-order.ts';
import { finishedPart, inOrder, orderPart } from '../../db/in-order.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { assembled, columnPart, part, plainArray, sql } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { LeadFilter } from '../../crm/contacts/index.ts';
import type { Reach } from '../mailboxes/index.ts';
import { leadStatuses } from './lead.ts';
import type { Lead, LeadStatus } from './lead.ts';
import { leadColumns } from './queries.ts';

/** Leads of a campaign that the caller reaches. */
export function listLeads(
  on: Queryable,
  campaign: string,
  status: LeadStatus | undefined,
  slice: Slice,
): Promise<Lead[]> {
  if (slice.sort?.endsWith('updated_at') === true || slice.updatedSince !== undefined)
    return leadsOfStatuses(on, campaign, status === undefined ? leadStatuses : [status], slice);
  return on.query(
    // Two statements, so that each uses its own index.
    status === undefined
      ? assembled(part`
          SELECT ${leadColumns} FROM campaign_leads WHERE id IN (
            SELECT k.id FROM (SELECT lead_id AS id, campaign_id FROM lead_keys) AS k WHERE k.campaign_id = ${campaign}${orderPart('k', slice, 'created_at')}
          )${orderPart('campaign_leads', { sort: slice.sort ?? '-created_at', limit: slice.limit })}`)
      : inOrder(
          sql<Lead>`SELECT ${leadColumns} FROM campaign_leads WHERE campaign_id = ${campaign} AND status = ${status}`,
          'campaign_leads',
          slice,
        ),
  );
}

/** When a lead was last changed. That its next step was planned, or its contact merged, is no change. */
const changedAt = (of: string): Part => columnPart(of, 'last_event_at');

/** Leads with these statuses. The indexes have the leads of a status in the order of creation and of changes, so at most a page of each is read. */
const leadsOfStatuses = (
  on: Queryable,
  campaign: string,
  statuses: readonly LeadStatus[],
  slice: Slice,
  isListed: Part = part`true`,
): Promise<Lead[]> =>
  on.query(
    assembled<Lead>(part`
      SELECT l.* FROM unnest(${plainArray(statuses)}::text[]) AS s (status) CROSS JOIN LATERAL (
        SELECT ${leadColumns} FROM campaign_leads AS c
        WHERE c.campaign_id = ${campaign} AND c.status = s.status AND ${isListed}${orderPart('c', slice, changedAt('c'))}) AS l
      WHERE true${orderPart('l', { sort: slice.sort ?? '-created_at', limit: slice.limit }, changedAt('l'))}`),
  );

/** Leads of a campaign that get no message now: all but those that got every step, or whose message is given to a server. */
export const uncontacted = (on: Queryable, campaign: string, slice: Slice): Promise<Lead[]> =>
  leadsOfStatuses(
    on,
    campaign,
    leadStatuses.filter((status) => status !== 'finished'),
    slice,
    part`(c.status <> 'sending' OR c.blocked_reason IS NOT NULL)`,
  );

/** When the campaigns of contacts last wrote to them. */
export const lastSentOf = (
  on: Queryable,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<{ contact_id: string; at: Date }[]> =>
  on.query(sql<{ contact_id: string; at: Date }>`
    SELECT k.contact_id, max(l.last_sent_at) AS at FROM lead_keys k JOIN campaign_leads l ON l.id = k.lead_id AND l.last_sent_at IS NOT NULL
    WHERE k.contact_id = ANY(${plainArray(contacts)}::uuid[]) AND k.organization_id = ${organization} GROUP BY k.contact_id`);

export const leadById = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<Lead | undefined> =>
  first(
    on,
    sql<Lead>`
      SELECT ${leadColumns} FROM campaign_leads
      WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );

/** Leads of a contact, the newest first: of all campaigns, or of one. */
export const leadsOfContact = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  contact: string,
  limit: number,
  campaign?: string,
): Promise<Lead[]> =>
  on.query(sql<Lead>`
    SELECT ${leadColumns} FROM campaign_leads
    WHERE id IN (SELECT lead_id FROM lead_keys WHERE contact_id = ${contact} AND organization_id = ${organizationId})
      AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null}) AND (${campaign ?? null}::uuid IS NULL OR campaign_id = ${campaign ?? null})
    ORDER BY id DESC LIMIT ${limit}`);

export interface HistoryEntry {
  readonly id: string;
  readonly kind: string;
  readonly from_status: string | null;
  readonly to_status: string;
  readonly detail: Record<string, unknown>;
  readonly at: Date;
}

/** The oldest first. */
export const historyOf = (
  on: Queryable,
  organization: OrganizationId,
  lead: string,
  limit: number,
): Promise<HistoryEntry[]> =>
  on.query(sql<HistoryEntry>`
    SELECT id, kind, from_status, to_status, detail, at FROM lead_history WHERE lead_id = ${lead} AND organization_id = ${organization} ORDER BY id LIMIT ${limit}`);

/** Contacts that are added to a campaign in the background. */
export interface Addition {
  readonly id: string;
  readonly organization_id: OrganizationId;
  /** Only contacts of this workspace. */
  readonly workspace_id: WorkspaceId | null;
  readonly campaign_id: string;
  readonly filter: LeadFilter;
  /** Contacts of this segment instead of a filter. */
  readonly segment_id: string | null;
  /** It begins again after each round, and adds the contacts that entered the segment. */
  readonly follows: boolean;
  /** How many rounds are finished. */
  readonly rounds: number;
  readonly round_started_at: Date | null;
  readonly after: string;
  readonly added: number;
  readonly skipped: number;
  readonly created_at: Date;
  readonly finished_at: Date | null;
}

export const insertAddition = async (
  tx: Transaction,
  row: Pick<
    Addition,
    | 'id'
    | 'organization_id'
    | 'workspace_id'
    | 'campaign_id'
    | 'filter'
    | 'segment_id'
    | 'follows'
    | 'after'
    | 'created_at'
  > & {
    readonly due_at: Date;
  },
): Promise<Addition | undefined> =>
  first(
    tx,
    sql<Addition>`
      INSERT INTO lead_additions (id, organization_id, workspace_id, campaign_id, filter, segment_id, follows, after, due_at, created_at)
      VALUES (${row.id}, ${row.organization_id}, ${row.workspace_id}::uuid, ${row.campaign_id}, ${JSON.stringify(row.filter)}::jsonb, ${row.segment_id}, ${row.follows}, ${row.after}, ${row.due_at}, ${row.created_at}) RETURNING *`,
  );

/** Those of a campaign, the newest first. */
export const listAdditions = (on: Queryable, campaign: string, slice: Slice): Promise<Addition[]> =>
  on.query(
    inOrder(
      sql<Addition>`SELECT * FROM lead_additions WHERE campaign_id = ${campaign}`,
      'lead_additions',
      slice,
      finishedPart('lead_additions'),
    ),
  );

export const unfinishedAdditions = async (on: Queryable, campaign: string): Promise<number> =>
  (
    await first(
      on,
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM lead_additions WHERE campaign_id = ${campaign} AND finished_at IS NULL`,
    )
  )?.count ?? 0;

/** Locks the oldest one that is not finished, skipping those that another process has locked. */
export const takeAddition = (tx: Transaction, now: Date): Promise<Addition | undefined> =>
  first(
    tx,
    sql<Addition>`
      SELECT * FROM lead_additions WHERE finished_at IS NULL AND due_at <= ${now} ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );

/** When the next one is due, ignoring those that are due already: another process has locked them. */
export const nextAddition = async (on: Queryable, now: Date): Promise<number | undefined> =>
  (
    await first(
      on,
      sql<{
        due_at: Date | null;
      }>`SELECT min(due_at) AS due_at FROM lead_additions WHERE finished_at IS NULL AND due_at > ${now}`,
    )
  )?.due_at?.getTime();

/** When a sandbox's additions go on; for its clock, which does not wait for contacts that may enter a segment. */
export const additionsWait: Timed = {
  nextMs: async (on, organization) =>
    (
      await first(
        on,
        sql<{ due_at: Date | null }>`
        SELECT min(due_at) AS due_at FROM lead_additions WHERE finished_at IS NULL AND rounds = 0 AND organization_id = ${organization}`,
      )
    )?.due_at?.getTime() ?? null,
  shift: async (tx, organization, byMs) => {
    await tx.execute(sql`
      UPDATE lead_additions SET due_at = due_at - ${byMs}::bigint * interval '1 millisecond' WHERE finished_at IS NULL AND organization_id = ${organization}`);
  },
};

export const saveAddition = (
  tx: Transaction,
  id: string,
  progress: {
    readonly after: string;
    readonly added: number;
    readonly skipped: number;
    readonly rounds: number;
    readonly roundStartedAt: Date | null;
    readonly finishedAt: Date | null;
    readonly dueAt: Date;
  },
): Promise<number> =>
  tx.execute(sql`
    UPDATE lead_additions SET rounds = ${progress.rounds}, round_started_at = ${progress.roundStartedAt}, after = ${progress.after}, added = added + ${progress.added}, skipped = skipped + ${progress.skipped}, finished_at = ${progress.finishedAt}, due_at = ${progress.dueAt}
    WHERE id = ${id}`);

export const postponeAddition = (on: Queryable, id: string, until: Date): Promise<number> =>
  on.execute(sql`UPDATE lead_additions SET due_at = ${until} WHERE id = ${id}`);

/** Ends an addition. @returns undefined if the campaign has none with this id */
export const endAddition = (tx: Transaction, campaign: string, id: string, at: Date): Promise<Addition | undefined> =>
  first(
    tx,
    sql<Addition>`UPDATE lead_additions SET finished_at = coalesce(finished_at, ${at}) WHERE id = ${id} AND campaign_id = ${campaign} RETURNING *`,
  );

/** The contacts among these that are not leads of the campaign. */
export const notInCampaign = async (tx: Queryable, campaign: string, contacts: readonly string[]): Promise<string[]> =>
  (
    await tx.query(sql<{ id: string }>`
      SELECT c.id FROM unnest(${plainArray(contacts)}::uuid[]) AS c (id)
      WHERE NOT EXISTS (SELECT FROM lead_keys k WHERE k.contact_id = c.id AND k.campaign_id = ${campaign})`)
  ).map(({ id }) => id);

/** The leads of these contacts in a campaign. */
export const leadIdsIn = (
  on: Queryable,
  campaign: string,
  contacts: readonly string[],
): Promise<{ contact_id: string; lead_id: string }[]> =>
  on.query(sql<{ contact_id: string; lead_id: string }>`
    SELECT contact_id, lead_id FROM lead_keys WHERE campaign_id = ${campaign} AND contact_id = ANY(${plainArray(contacts)}::uuid[])`);
