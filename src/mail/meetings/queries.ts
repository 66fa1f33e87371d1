import { inOrder } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { columns, sql } from '../../db/sql.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Reach } from '../mailboxes/index.ts';
import type { MeetingStatus } from './decide.ts';

export interface MeetingRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly source: string;
  readonly source_id: string | null;
  readonly status: MeetingStatus;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string | null;
  /** The address of who booked, as addresses are compared; empty if it is not known. */
  readonly party_key: string;
  readonly starts_at: Date;
  readonly ends_at: Date | null;
  /** Sealed; empty once the person is erased. */
  readonly details: Buffer;
  readonly reported_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
}

const meetingColumnNames = [
  'id',
  'organization_id',
  'workspace_id',
  'source',
  'source_id',
  'status',
  'campaign_id',
  'lead_id',
  'contact_id',
  'party_key',
  'starts_at',
  'ends_at',
  'details',
  'reported_at',
  'created_at',
  'updated_at',
] as const satisfies readonly (keyof MeetingRow)[];
export const meetingColumns = columns(meetingColumnNames);

/** The meeting with one of these keys, the newest if there are several. */
export const meetingByKeys = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly Buffer[],
): Promise<MeetingRow | undefined> =>
  first(
    on,
    sql<MeetingRow>`
      SELECT ${meetingColumns} FROM meetings
      WHERE id IN (SELECT meeting_id FROM meeting_keys WHERE organization_id = ${organization} AND key = ANY(${[...keys]}::bytea[])) ORDER BY id DESC LIMIT 1`,
  );

/** A meeting of a lead at a time. */
export const meetingAt = (on: Queryable, lead: string, startsAt: Date): Promise<MeetingRow | undefined> =>
  first(
    on,
    sql<MeetingRow>`
      SELECT ${meetingColumns} FROM meetings WHERE lead_id = ${lead} AND starts_at = ${startsAt} AND status = 'booked' ORDER BY id LIMIT 1`,
  );

/** Stores a meeting with its keys. Waits for a transaction that is storing the same meeting. @returns false if its first key is taken */
export const insertMeeting = async (tx: Transaction, row: MeetingRow, keys: readonly Buffer[]): Promise<boolean> =>
  (await tx.execute(sql`
    WITH own AS (
      INSERT INTO meeting_keys (organization_id, key, meeting_id)
      VALUES (${row.organization_id}::uuid, ${keys[0] ?? null}::bytea, ${row.id}::uuid) ON CONFLICT DO NOTHING RETURNING key
    ), others AS (
      INSERT INTO meeting_keys (organization_id, key, meeting_id)
      SELECT ${row.organization_id}::uuid, key, ${row.id}::uuid FROM unnest(${keys.slice(1)}::bytea[]) AS n (key) WHERE EXISTS (SELECT FROM own) ON CONFLICT DO NOTHING
    )
    INSERT INTO meetings (id, organization_id, workspace_id, source, source_id, status, campaign_id, lead_id, contact_id, party_key, starts_at, ends_at, details, reported_at, created_at, updated_at)
    SELECT ${row.id}::uuid, ${row.organization_id}::uuid, ${row.workspace_id}::uuid, ${row.source}, ${row.source_id}::uuid, ${row.status}, ${row.campaign_id}::uuid, ${row.lead_id}::uuid,
      ${row.contact_id}::uuid, ${row.party_key}, ${row.starts_at}::timestamptz, ${row.ends_at}::timestamptz, ${row.details}::bytea, ${row.reported_at}::timestamptz, ${row.created_at}::timestamptz,
      ${row.created_at}::timestamptz
    WHERE EXISTS (SELECT FROM own)`)) === 1;

/** More keys of a meeting; those of another one stay. */
export const addKeys = (
  tx: Transaction,
  { id, organization_id: organization }: Pick<MeetingRow, 'id' | 'organization_id'>,
  keys: readonly Buffer[],
): Promise<number> =>
  tx.execute(sql`
    INSERT INTO meeting_keys (organization_id, key, meeting_id)
    SELECT ${organization}::uuid, key, ${id}::uuid FROM unnest(${[...keys]}::bytea[]) AS n (key) ORDER BY key ON CONFLICT DO NOTHING`);

/** Writes a report, unless the same or a newer one was written in the meantime. @returns whether it did */
export const updateMeeting = async (
  tx: Transaction,
  row: Pick<MeetingRow, 'id' | 'status' | 'starts_at' | 'ends_at' | 'details' | 'reported_at' | 'updated_at'>,
): Promise<boolean> =>
  (await tx.execute(sql`
    UPDATE meetings SET status = ${row.status}, starts_at = ${row.starts_at}, ends_at = ${row.ends_at}, details = ${row.details}::bytea, reported_at = ${row.reported_at}, updated_at = ${row.updated_at}
    WHERE id = ${row.id} AND (reported_at < ${row.reported_at}
      OR (reported_at = ${row.reported_at} AND (status <> ${row.status} OR starts_at <> ${row.starts_at})))`)) === 1;

export interface MeetingFilter {
  readonly status?: MeetingStatus | undefined;
  readonly campaign_id?: string | undefined;
  readonly lead_id?: string | undefined;
  readonly contact_id?: string | undefined;
}

/** Meetings that the caller reaches. */
export const listMeetings = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  { status, campaign_id: campaign, lead_id: lead, contact_id: contact }: MeetingFilter,
  slice: Slice,
): Promise<MeetingRow[]> =>
  on.query(
    inOrder(
      sql<MeetingRow>`
    SELECT ${meetingColumns} FROM meetings
    WHERE organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})
      AND (${status ?? null}::text IS NULL OR status = ${status ?? null}) AND (${campaign ?? null}::uuid IS NULL OR campaign_id = ${campaign ?? null})
      AND (${lead ?? null}::uuid IS NULL OR lead_id = ${lead ?? null}) AND (${contact ?? null}::uuid IS NULL OR contact_id = ${contact ?? null})`,
      'meetings',
      slice,
    ),
  );

export const meetingById = (
  on: Queryable,
  { organizationId, workspaceId }: Reach,
  id: string,
): Promise<MeetingRow | undefined> =>
  first(
    on,
    sql<MeetingRow>`
      SELECT ${meetingColumns} FROM meetings
      WHERE id = ${id} AND organization_id = ${organizationId} AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})`,
  );
