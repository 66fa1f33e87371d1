import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { columns, plainArray, sql } from '../db/sql.ts';
import type { OrganizationId, PersonId, WorkspaceId } from '../base/ids.ts';

// Persons -------------------------------------------------------------------------------------------

export interface PersonRow {
  readonly id: PersonId;
  readonly email: string;
  readonly name: string;
  readonly password_hash: string;
  readonly created_at: Date;
}

export const personColumns = columns(['id', 'email', 'name', 'password_hash', 'created_at']);

export const personByEmail = (db: Queryable, email: string): Promise<PersonRow | undefined> =>
  first(db, sql<PersonRow>`SELECT ${personColumns} FROM account_persons WHERE lower(email) = lower(${email})`);

export const personById = (db: Queryable, id: PersonId): Promise<PersonRow | undefined> =>
  first(db, sql<PersonRow>`SELECT ${personColumns} FROM account_persons WHERE id = ${id}`);

/** @returns false if the address has an account. */
export const insertPerson = async (db: Queryable, row: PersonRow): Promise<boolean> =>
  (await db.execute(sql`
    INSERT INTO account_persons (id, email, name, password_hash, created_at, updated_at)
    VALUES (${row.id}, ${row.email}, ${row.name}, ${row.password_hash}, ${row.created_at}, ${row.created_at})
    ON CONFLICT (lower(email)) DO NOTHING`)) === 1;

export const setPassword = (db: Queryable, id: PersonId, hash: string, at: Date): Promise<number> =>
  db.execute(sql`UPDATE account_persons SET password_hash = ${hash}, updated_at = ${at} WHERE id = ${id}`);

export const anyPerson = async (db: Queryable): Promise<boolean> =>
  (await db.query(sql<{ id: string }>`SELECT id FROM account_persons LIMIT 1`)).length > 0;

/** Deletes a person who is a member of no organization, with the sessions. */
export const deletePersonWithoutRole = (db: Queryable, id: PersonId): Promise<number> =>
  db.execute(sql`
    DELETE FROM account_persons p WHERE p.id = ${id} AND NOT EXISTS (SELECT FROM account_memberships m WHERE m.person_id = p.id)`);

// Sessions ------------------------------------------------------------------------------------------

export interface SessionRow {
  readonly id: string;
  readonly person_id: PersonId;
  readonly user_agent: string | null;
  readonly address: string;
  readonly created_at: Date;
  readonly last_used_at: Date;
  readonly expires_at: Date;
}

export const sessionColumns = columns([
  'id',
  'person_id',
  'user_agent',
  'address',
  'created_at',
  'last_used_at',
  'expires_at',
]);

export const insertSession = (db: Queryable, hash: Buffer, row: SessionRow): Promise<number> =>
  db.execute(sql`
    INSERT INTO account_sessions (id, person_id, token_hash, user_agent, address, created_at, last_used_at, expires_at)
    VALUES (${row.id}, ${row.person_id}, ${hash}, ${row.user_agent}, ${row.address}, ${row.created_at}, ${row.created_at}, ${row.expires_at})`);

/** Ends all but the newest sessions of a person. */
export const trimSessions = (db: Queryable, person: PersonId, kept: number): Promise<number> =>
  db.execute(sql`
    DELETE FROM account_sessions WHERE id IN (
      SELECT id FROM account_sessions WHERE person_id = ${person} ORDER BY id DESC OFFSET ${kept})`);

export const sessionsOf = (db: Queryable, person: PersonId, now: Date): Promise<SessionRow[]> =>
  db.query(
    sql<SessionRow>`SELECT ${sessionColumns} FROM account_sessions WHERE person_id = ${person} AND expires_at > ${now}`,
  );

export const deleteSessionByToken = (db: Queryable, hash: Buffer): Promise<number> =>
  db.execute(sql`DELETE FROM account_sessions WHERE token_hash = ${hash}`);

/** Ends a session of the person or, for a caller who manages the members of `organization`, of one of them. */
export const deleteSession = (
  db: Queryable,
  id: string,
  person: PersonId | null,
  organization: OrganizationId | null,
): Promise<number> =>
  db.execute(sql`
    DELETE FROM account_sessions s WHERE s.id = ${id} AND (s.person_id = ${person}::uuid
      OR EXISTS (SELECT FROM account_memberships m WHERE m.person_id = s.person_id AND m.organization_id = ${organization}::uuid))`);

export const deleteSessionsOf = (db: Queryable, person: PersonId): Promise<number> =>
  db.execute(sql`DELETE FROM account_sessions WHERE person_id = ${person}`);

export const deleteOtherSessions = (db: Queryable, person: PersonId, kept: string): Promise<number> =>
  db.execute(sql`DELETE FROM account_sessions WHERE person_id = ${person} AND id <> ${kept}`);

export const markSessionsUsed = (db: Queryable, ids: readonly string[], usedAtMs: readonly number[]): Promise<number> =>
  db.execute(sql`
    UPDATE account_sessions s SET last_used_at = greatest(s.last_used_at, to_timestamp(u.at / 1000.0))
    FROM unnest(${plainArray(ids)}::uuid[], ${plainArray(usedAtMs)}::bigint[]) AS u (id, at) WHERE s.id = u.id`);

export const expireSessions = (db: Queryable, now: Date): Promise<number> =>
  db.execute(sql`DELETE FROM account_sessions WHERE expires_at <= ${now}`);

/** A session with one organization in which its person has a role: the organization itself, or its sandbox. */
export interface SeatRow {
  readonly session_id: string;
  readonly person_id: PersonId;
  readonly expires_at: Date;
  readonly role: string | null;
  readonly workspace_id: WorkspaceId | null;
  readonly organization_id: OrganizationId;
  readonly slug: string;
  readonly plan: string;
  readonly sandbox: boolean;
}

/**
 * The seats of a session, of the oldest membership first, each organization before its sandbox. A member limited to a workspace has none in
 * the sandbox, and none at all once the workspace is deleted.
 */
export const seatsOf = (db: Queryable, tokenHash: Buffer): Promise<SeatRow[]> =>
  db.query(sql<SeatRow>`
    SELECT s.id AS session_id, s.person_id, s.expires_at, m.role, m.workspace_id, o.id AS organization_id, o.slug, o.plan, o.live_organization_id IS NOT NULL AS sandbox
    FROM account_sessions s
    LEFT JOIN account_memberships m ON m.person_id = s.person_id
      AND NOT EXISTS (SELECT FROM workspaces w WHERE w.id = m.workspace_id AND w.deleted_at IS NOT NULL)
    LEFT JOIN organizations o ON o.id = m.organization_id OR (o.live_organization_id = m.organization_id AND m.workspace_id IS NULL)
    WHERE s.token_hash = ${tokenHash} ORDER BY m.id, o.live_organization_id IS NOT NULL`);

// Members -------------------------------------------------------------------------------------------

export interface MemberRow {
  readonly id: string;
  readonly person_id: PersonId;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  /** Null: the whole organization. */
  readonly workspace_id: WorkspaceId | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const members = (db: Queryable, organization: OrganizationId): Promise<MemberRow[]> =>
  db.query(sql<MemberRow>`
    SELECT m.id, m.person_id, p.email, p.name, m.role, m.workspace_id, m.created_at, m.updated_at
    FROM account_memberships m JOIN account_persons p ON p.id = m.person_id WHERE m.organization_id = ${organization}`);

/** Where a person has a role, deleted workspaces aside. */
export const membershipsOf = (
  db: Queryable,
  person: PersonId,
): Promise<(MemberRow & { readonly organization_id: OrganizationId })[]> =>
  db.query(sql<MemberRow & { readonly organization_id: OrganizationId }>`
    SELECT m.id, m.organization_id, m.person_id, p.email, p.name, m.role, m.workspace_id, m.created_at, m.updated_at
    FROM account_memberships m JOIN account_persons p ON p.id = m.person_id
    WHERE m.person_id = ${person} AND NOT EXISTS (SELECT FROM workspaces w WHERE w.id = m.workspace_id AND w.deleted_at IS NOT NULL) ORDER BY m.id`);

export const lockMember = (tx: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  tx.execute(
    sql`SELECT FROM account_memberships WHERE organization_id = ${organization} AND id = ${id} FOR NO KEY UPDATE`,
  );

/** Adds a member. One who is already a member keeps role and workspace, unless the new role is `owner`. */
export const insertMember = (
  db: Queryable,
  row: {
    id: string;
    organization: OrganizationId;
    person: PersonId;
    role: string;
    workspace: WorkspaceId | null;
    at: Date;
  },
): Promise<number> =>
  db.execute(sql`
    INSERT INTO account_memberships AS m (id, organization_id, person_id, role, workspace_id, created_at, updated_at)
    VALUES (${row.id}, ${row.organization}, ${row.person}, ${row.role}, ${row.workspace}, ${row.at}, ${row.at})
    ON CONFLICT (organization_id, person_id) DO UPDATE SET role = EXCLUDED.role, workspace_id = EXCLUDED.workspace_id, updated_at = EXCLUDED.updated_at
    WHERE EXCLUDED.role = 'owner'`);

export const setRole = (
  db: Queryable,
  id: string,
  { role, workspaceId, at }: { readonly role: string; readonly workspaceId: WorkspaceId | null; readonly at: Date },
): Promise<number> =>
  db.execute(
    sql`UPDATE account_memberships SET role = ${role}, workspace_id = ${workspaceId}, updated_at = ${at} WHERE id = ${id}`,
  );

export const deleteMember = (db: Queryable, id: string): Promise<number> =>
  db.execute(sql`DELETE FROM account_memberships WHERE id = ${id}`);

/** Where a person has a role, each organization before its sandbox. */
export const organizationsOf = (
  db: Queryable,
  person: PersonId,
): Promise<{ id: string; slug: string; sandbox: boolean; live_organization_id: string | null; role: string }[]> =>
  db.query(sql<{ id: string; slug: string; sandbox: boolean; live_organization_id: string | null; role: string }>`
    SELECT o.id, o.slug, o.live_organization_id IS NOT NULL AS sandbox, o.live_organization_id, m.role
    FROM account_memberships m
    JOIN organizations o ON o.id = m.organization_id OR (o.live_organization_id = m.organization_id AND m.workspace_id IS NULL)
    WHERE m.person_id = ${person} ORDER BY m.id, o.live_organization_id IS NOT NULL`);

/**
 * Whether the person has a role in the organization, or in the live organization of this sandbox.
 * @param workspace in which the person acts; null: in the whole organization
 */
export const isMember = async (
  db: Queryable,
  organization: OrganizationId,
  person: PersonId,
  workspace: WorkspaceId | null,
): Promise<boolean> =>
  (
    await db.query(sql<{ id: string }>`
      SELECT m.id FROM account_memberships m JOIN organizations o ON o.id = ${organization}
      WHERE m.person_id = ${person} AND m.organization_id = coalesce(o.live_organization_id, o.id)
        AND (m.workspace_id IS NULL OR m.workspace_id = ${workspace}::uuid)`)
  ).length > 0;

// Invitations ---------------------------------------------------------------------------------------

export interface InvitationRow {
  readonly id: string;
  readonly organization_id: OrganizationId;
  /** Null: the operator's link. */
  readonly email: string | null;
  readonly role: string;
  /** Null: the whole organization. */
  readonly workspace_id: WorkspaceId | null;
  readonly invited_by: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

export const invitationColumns = columns([
  'id',
  'organization_id',
  'email',
  'role',
  'workspace_id',
  'invited_by',
  'created_at',
  'expires_at',
]);

export const insertInvitation = (db: Queryable, hash: Buffer, row: InvitationRow): Promise<number> =>
  db.execute(sql`
    INSERT INTO account_invitations (id, organization_id, email, role, workspace_id, token_hash, invited_by, created_at, expires_at)
    VALUES (${row.id}, ${row.organization_id}, ${row.email}, ${row.role}, ${row.workspace_id}, ${hash}, ${row.invited_by}, ${row.created_at}, ${row.expires_at})`);

/** Invitations of people; the operator's links are not shown. */
export const invitations = (db: Queryable, organization: OrganizationId, now: Date): Promise<InvitationRow[]> =>
  db.query(sql<InvitationRow>`
    SELECT ${invitationColumns} FROM account_invitations WHERE organization_id = ${organization} AND email IS NOT NULL AND expires_at > ${now}`);

export const invitationByToken = (db: Queryable, hash: Buffer, now: Date): Promise<InvitationRow | undefined> =>
  first(
    db,
    sql<InvitationRow>`
      SELECT ${invitationColumns} FROM account_invitations i WHERE token_hash = ${hash} AND expires_at > ${now}
        AND NOT EXISTS (SELECT FROM workspaces w WHERE w.id = i.workspace_id AND w.deleted_at IS NOT NULL)`,
  );

export const invitationById = (db: Queryable, id: string): Promise<InvitationRow | undefined> =>
  first(db, sql<InvitationRow>`SELECT ${invitationColumns} FROM account_invitations WHERE id = ${id}`);

/** Uses up an invitation. @returns false if another request did. */
export const takeInvitation = async (db: Queryable, id: string): Promise<boolean> =>
  (await db.execute(sql`DELETE FROM account_invitations WHERE id = ${id}`)) === 1;

/** The operator's links that end later than `after`. */
export const operatorLinks = (
  db: Queryable,
  organization: OrganizationId,
  after: Date,
): Promise<{ id: string; token_hash: Buffer }[]> =>
  db.query(sql<{ id: string; token_hash: Buffer }>`
    SELECT id, token_hash FROM account_invitations WHERE organization_id = ${organization} AND email IS NULL AND expires_at > ${after}`);

/** Ends the operator's links once the first person exists: the link of the setup must not make a second owner. */
export const endSetup = (db: Queryable): Promise<number> =>
  db.execute(sql`
    DELETE FROM account_invitations WHERE email IS NULL AND (SELECT count(*) FROM (SELECT FROM account_persons LIMIT 2) p) = 1`);

export const deleteInvitation = (db: Queryable, organization: OrganizationId, id: string): Promise<number> =>
  db.execute(
    sql`DELETE FROM account_invitations WHERE organization_id = ${organization} AND id = ${id} AND email IS NOT NULL`,
  );

/** A new invitation replaces the earlier ones of the address. */
export const deleteInvitationsTo = (db: Queryable, organization: OrganizationId, email: string): Promise<number> =>
  db.execute(
    sql`DELETE FROM account_invitations WHERE organization_id = ${organization} AND lower(email) = lower(${email})`,
  );

export const expireInvitations = (db: Queryable, now: Date): Promise<number> =>
  db.execute(sql`DELETE FROM account_invitations WHERE expires_at <= ${now}`);

// Deleted workspaces --------------------------------------------------------------------------------

/** Removes up to `max` members who are limited to one, with the accounts of those who have no other role. */
export const deleteMembersOfDeletedWorkspaces = (
  tx: Queryable,
  max: number,
): Promise<(MemberRow & { readonly organization_id: OrganizationId })[]> =>
  tx.query(sql<MemberRow & { readonly organization_id: OrganizationId }>`
    WITH gone AS (
      DELETE FROM account_memberships d USING account_persons p
      WHERE p.id = d.person_id AND d.id = ANY (ARRAY(
        SELECT m.id FROM account_memberships m JOIN workspaces w ON w.id = m.workspace_id AND w.deleted_at IS NOT NULL LIMIT ${max} FOR UPDATE OF m SKIP LOCKED))
      RETURNING d.id, d.organization_id, d.person_id, p.email, p.name, d.role, d.workspace_id, d.created_at, d.updated_at),
    persons AS (
      DELETE FROM account_persons p USING gone g WHERE p.id = g.person_id
        AND NOT EXISTS (SELECT FROM account_memberships m WHERE m.person_id = p.id AND m.id NOT IN (SELECT id FROM gone)))
    SELECT * FROM gone ORDER BY id`);

export const deleteInvitationsToDeletedWorkspaces = (db: Queryable): Promise<number> =>
  db.execute(sql`
    DELETE FROM account_invitations i USING workspaces w WHERE w.id = i.workspace_id AND w.deleted_at IS NOT NULL`);
