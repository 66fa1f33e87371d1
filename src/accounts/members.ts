import { hash } from 'node:crypto';
import { lockOrganization, organizationById, workspaceFor } from '../auth/index.ts';
import { dayMs, hourMs } from '../base/clock.ts';
import { ApiError, invalid, notFound } from '../base/errors.ts';
import { actorWith } from '../base/ids.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Principal } from '../http/route.ts';
import type { Deps } from '../ops/index.ts';
import { hashToken, mintToken } from './cookie.ts';
import { linkToken } from './link-token.ts';
import type { MailRow } from './mail-queries.ts';
import type { Letter, Mails, MailsOptions } from './mails.ts';
import * as queries from './queries.ts';
import type { InvitationRow, MemberRow } from './queries.ts';
import { changesOwners, roleOf } from './roles.ts';
import type { Role } from './roles.ts';

const invitationMs = 7 * dayMs;
const ownerLinkMs = dayMs;
/** Mails an hour: invitations of an organization, and invitations to an address. */
const mailsOfOrganization = 50;
const mailsToAddress = 5;
/** Removed at a time. */
const removedMax = 200;

const ownersOnly = (): ApiError =>
  new ApiError('forbidden', 'Only an owner, or a key with the scope *, can make an owner or change one.');

function assertLive({ sandbox }: Principal): void {
  if (sandbox)
    throw new ApiError('forbidden', 'A sandbox has the members of its live organization: change them there.');
}

/** What a member may do, and where. */
export interface Seat {
  readonly role: Role;
  /** Null: in the whole organization. */
  readonly workspaceId: WorkspaceId | null;
}

/** @param before the workspace that the member has already @throws ApiError `validation_failed` */
async function assertSeat(
  tx: Queryable,
  principal: Principal,
  { role, workspaceId }: Seat,
  before: WorkspaceId | null = null,
): Promise<void> {
  if (workspaceId === null) return;
  if (role === 'owner' || role === 'admin')
    throw invalid({ role: 'must be member or viewer for a person who is limited to a workspace' });
  if (workspaceId !== before) await workspaceFor(tx, principal, workspaceId);
}

export interface Invited {
  readonly invitation: InvitationRow;
  /** Available only here. */
  readonly token: string;
  /** Whether the link is also mailed. */
  readonly mailed: boolean;
}

/** The mail of an invitation; undefined: it was accepted, withdrawn or replaced. */
export const invitationLetter =
  ({ db, vault, publicUrl }: Pick<Deps, 'db' | 'vault'> & Pick<MailsOptions, 'publicUrl'>) =>
  async ({ id }: MailRow): Promise<Letter | undefined> => {
    const invitation = await queries.invitationById(db, id);
    if (invitation?.email == null) return undefined;
    const { slug } = await organizationById(db, invitation.organization_id);
    const token = await linkToken(vault, db, invitation.organization_id, id, 'invitation');
    const here = publicUrl();
    return {
      to: invitation.email,
      subject: `Invitation to ${slug} on Outrider`,
      // No words of the inviter: it is a mail of the installation, to a person who may not know them.
      text: `You are invited to join the organization ${slug} at ${here}, with the role ${invitation.role}. Open this link by ${invitation.expires_at.toISOString().slice(0, 10)} to accept. It works once:

${here}/invitation#token=${token}

If you do not expect this, ignore this mail.`,
    };
  };

/**
 * Creates the link with which the operator makes an owner: it works once, within a day.
 * @returns the token
 */
export async function inviteOwner(
  { db, clock, ids }: Pick<Deps, 'clock' | 'ids'> & { readonly db: Queryable },
  organization: OrganizationId,
): Promise<string> {
  const token = mintToken();
  await inviteOwnerWith(db, { id: ids.next<string>(), token, organization, nowMs: clock.now() });
  return token;
}

/** As `inviteOwner`, with a token of the caller. */
export const inviteOwnerWith = (
  db: Queryable,
  {
    id,
    token,
    organization,
    nowMs,
  }: { readonly id: string; readonly token: string; readonly organization: OrganizationId; readonly nowMs: number },
): Promise<number> =>
  queries.insertInvitation(db, hashToken(token), {
    id,
    organization_id: organization,
    email: null,
    role: 'owner',
    workspace_id: null,
    invited_by: null,
    created_at: new Date(nowMs),
    expires_at: new Date(nowMs + ownerLinkMs),
  });

/** Emits what happened to the people of an organization, in the transaction that changed them. */
export function memberEvents({ clock, emit }: Pick<Deps, 'clock'> & { readonly emit: EmitMember }) {
  return (
    tx: Transaction,
    type: Parameters<EmitMember>[1]['type'],
    organizationId: OrganizationId,
    { actor, ...data }: MemberEvent & { readonly actor: string | null },
  ): Promise<unknown> =>
    emit(tx, {
      organizationId,
      workspaceId: undefined,
      type,
      data: { ...data, actor: actor === null ? { type: 'system', id: null } : actorWith(actor) },
      occurredAtMs: clock.now(),
    });
}

export interface MemberEvent {
  readonly member_id: string | null;
  readonly person_id: string | null;
  readonly email: string;
  readonly role: string;
  readonly previous_role: string | null;
  readonly workspace_id: WorkspaceId | null;
}

/** `emit` of the events slice. */
export type EmitMember = (
  tx: Transaction,
  event: {
    readonly organizationId: OrganizationId;
    readonly workspaceId: undefined;
    readonly type: 'member.invited' | 'member.joined' | 'member.role_changed' | 'member.removed' | 'member.signed_in';
    readonly data: unknown;
    readonly occurredAtMs: number;
  },
) => Promise<unknown>;

export type Members = ReturnType<typeof createMembers>;

/** The people of an organization, and invitations. */
export function createMembers({
  db,
  clock,
  ids,
  vault,
  bus,
  rateLimiter,
  mails,
  emit,
}: Pick<Deps, 'db' | 'clock' | 'ids' | 'vault' | 'bus'> & {
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
  readonly mails: Pick<Mails, 'write' | 'configured'>;
  readonly emit: EmitMember;
}) {
  const report = memberEvents({ clock, emit });

  async function memberById(on: Queryable, organization: OrganizationId, id: string): Promise<MemberRow> {
    const row = (await queries.members(on, organization)).find((member) => member.id === id);
    if (row === undefined) throw notFound('Member');
    return row;
  }

  /** The member, if the caller may change it and an owner stays. The organization is locked, so that two owners cannot remove each other. */
  async function changeable(
    tx: Queryable,
    principal: Principal,
    id: string,
    next: Role | 'same' | undefined,
  ): Promise<MemberRow> {
    assertLive(principal);
    await lockOrganization(tx, principal.organizationId);
    const all = await queries.members(tx, principal.organizationId);
    const member = all.find((each) => each.id === id);
    if (member === undefined) throw notFound('Member');
    if ((member.role === 'owner' || next === 'owner') && !changesOwners(principal)) throw ownersOnly();
    const isLast = member.role === 'owner' && all.filter(({ role }) => role === 'owner').length === 1;
    if (isLast && next !== 'owner' && next !== 'same')
      throw new ApiError('conflict', 'The last owner of an organization must stay.');
    return member;
  }

  /** Whether an invitation may be mailed: the invited person may be a stranger, who has not asked for mail. */
  async function maySend(organization: OrganizationId, email: string): Promise<boolean> {
    if (!mails.configured) return false;
    const stranger = hash('sha256', email.toLowerCase(), 'base64url');
    const counts = await Promise.all([
      rateLimiter.take(`invitations of ${organization}`, mailsOfOrganization, hourMs),
      rateLimiter.take(`invitations to ${stranger}`, mailsToAddress, hourMs),
    ]);
    return counts.every(({ allowed }) => allowed);
  }

  return {
    list: ({ organizationId }: Principal): Promise<MemberRow[]> => queries.members(db, organizationId),
    byId: ({ organizationId }: Principal, id: string): Promise<MemberRow> => memberById(db, organizationId, id),

    /** @throws ApiError `not_found`; `forbidden` for owners; `conflict` for the last owner; `validation_failed` */
    setRole: (principal: Principal, id: string, change: Partial<Seat>): Promise<MemberRow> =>
      db.transaction(async (tx) => {
        const before = await changeable(tx, principal, id, change.role ?? 'same');
        const role = change.role ?? roleOf(before.role);
        const workspaceId = change.workspaceId === undefined ? before.workspace_id : change.workspaceId;
        await assertSeat(tx, principal, { role, workspaceId }, before.workspace_id);
        await queries.setRole(tx, id, { role, workspaceId, at: new Date(clock.now()) });
        if (before.role !== role || before.workspace_id !== workspaceId)
          await report(tx, 'member.role_changed', principal.organizationId, {
            ...eventOf(before),
            role,
            previous_role: before.role,
            workspace_id: workspaceId,
            actor: principal.keyId,
          });
        await bus.announce(tx, { kind: 'keys' });
        return memberById(tx, principal.organizationId, id);
      }),

    /** Removes a member, and deletes the account of one who has no other role. Keys that the person created stay. @throws as `setRole` */
    remove: (principal: Principal, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        const member = await changeable(tx, principal, id, undefined);
        await queries.deleteMember(tx, id);
        await queries.deletePersonWithoutRole(tx, member.person_id);
        await report(tx, 'member.removed', principal.organizationId, { ...eventOf(member), actor: principal.keyId });
        await bus.announce(tx, { kind: 'keys' });
      }),

    /** Removes members whose workspace was deleted. The deletion removed them, so no one is the actor. */
    removeOfDeletedWorkspaces: (): Promise<void> =>
      db.transaction(async (tx) => {
        for (const member of await queries.deleteMembersOfDeletedWorkspaces(tx, removedMax))
          await report(tx, 'member.removed', member.organization_id, { ...eventOf(member), actor: null });
      }),

    /** Invites an address; earlier invitations of it end. @throws ApiError `forbidden`; `conflict` for a member */
    async invite(principal: Principal, email: string, { role, workspaceId }: Seat): Promise<Invited> {
      assertLive(principal);
      if (role === 'owner' && !changesOwners(principal)) throw ownersOnly();
      const { organizationId, keyId } = principal;
      const mailed = await maySend(organizationId, email);
      return db.transaction(async (tx) => {
        await assertSeat(tx, principal, { role, workspaceId });
        const same = (each: { readonly email: string }): boolean => each.email.toLowerCase() === email.toLowerCase();
        if ((await queries.members(tx, organizationId)).some(same))
          throw new ApiError('conflict', `${email} is a member already.`);
        const at = clock.now();
        const id = ids.next<string>();
        const token = await linkToken(vault, tx, organizationId, id, 'invitation');
        const invitation: InvitationRow = {
          id,
          organization_id: organizationId,
          email,
          role,
          workspace_id: workspaceId,
          invited_by: keyId,
          created_at: new Date(at),
          expires_at: new Date(at + invitationMs),
        };
        await queries.deleteInvitationsTo(tx, organizationId, email);
        await queries.insertInvitation(tx, hashToken(token), invitation);
        await report(tx, 'member.invited', organizationId, {
          member_id: null,
          person_id: null,
          email,
          role,
          previous_role: null,
          workspace_id: workspaceId,
          actor: keyId,
        });
        if (mailed) await mails.write(tx, { id, kind: 'invitation', email, expiresAt: invitation.expires_at });
        return { invitation, token, mailed };
      });
    },

    invitations: ({ organizationId }: Principal): Promise<InvitationRow[]> =>
      queries.invitations(db, organizationId, new Date(clock.now())),

    /** @throws ApiError `not_found` */
    async withdraw({ organizationId }: Principal, id: string): Promise<void> {
      if ((await queries.deleteInvitation(db, organizationId, id)) === 0) throw notFound('Invitation');
    },
  };
}

export const eventOf = ({ id, person_id, email, role, workspace_id }: MemberRow): MemberEvent => ({
  member_id: id,
  person_id,
  email,
  role,
  previous_role: null,
  workspace_id,
});
