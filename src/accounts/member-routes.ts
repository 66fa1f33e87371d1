import { z } from 'zod';
import { listAnswers, listBody, listingOf, listQuery, sliceOf } from '../http/listing.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { RecordTag, Route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import type { WorkspaceId } from '../base/ids.ts';
import type { Members } from './members.ts';
import { lockMember } from './queries.ts';
import type { InvitationRow, MemberRow } from './queries.ts';
import { roleOf, roles } from './roles.ts';
import { address } from './session-routes.ts';

const time = z.iso.datetime();
const tag = 'Accounts';
const role = z.enum(roles);
const params = z.object({ id: z.uuid() });
const workspace = z
  .uuid()
  .nullable()
  .describe(
    'The workspace that the person is limited to, as a key bound to it, with the role `member` or `viewer`; null: none.',
  );

const memberShape = z
  .object({
    id: z.uuid(),
    person_id: z.uuid().describe('What records of this person name in `created_by`, and events in `actor`.'),
    email: z.string(),
    name: z.string(),
    role,
    workspace_id: workspace,
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Member' });

const memberExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c42',
  person_id: '0199c9f0-5f4e-8c1e-9a33-0a6f2f9f1c40',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
  role: 'admin' as const,
  workspace_id: null,
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};

const invitationShape = z
  .object({
    id: z.uuid(),
    email: z.string(),
    role,
    workspace_id: workspace,
    invited_by: z.uuid().nullable().describe('The key or person that created it.'),
    created_at: time,
    expires_at: time,
  })
  .meta({ id: 'Invitation' });

const invitationExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c43',
  email: 'grace@example.com',
  role: 'member' as const,
  workspace_id: null,
  invited_by: '0199c9f0-5f4e-8c1e-9a33-0a6f2f9f1c40',
  created_at: '2026-01-05T09:00:00.000Z',
  expires_at: '2026-01-12T09:00:00.000Z',
};

const createdShape = invitationShape
  .extend({
    token: z.string().describe('For `POST /v1/invitations/accept`; returned only in this response.'),
    mailed: z.boolean().describe('Whether the link is also mailed to the address.'),
  })
  .meta({ id: 'CreatedInvitation' });

const memberOnWire = (row: MemberRow) => shown(memberShape, { ...row, role: roleOf(row.role) });
const invitationOnWire = (row: InvitationRow) =>
  shown(invitationShape, { ...row, email: row.email ?? '', role: roleOf(row.role) });

const record: RecordTag = {
  lock: (tx, { organizationId }, { id = '' }) => lockMember(tx, organizationId, id),
};
const one = (description: string) => ({ description, schema: dataOf(memberShape), example: { data: memberExample } });
const last = { 409: { description: 'It is the last owner of the organization.' } };
const about =
  'Only an owner, or a key with the scope `*`, can make an owner or change one. A sandbox has the members of its live organization; they are changed there.';

/** The routes of members and invitations. */
export const memberRoutes = (members: Members): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/members',
    tag,
    summary: 'List the people of the organization, newest first',
    scope: 'members:read',
    boundKeys: 'refused',
    operationId: 'listMembers',
    query: listQuery,
    answers: listAnswers('A page of members.', memberShape, memberExample),
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/members', query);
      const all = await members.list(principal);
      const changed = all.filter(({ updated_at: at }) => page.updatedSince === undefined || at >= page.updatedSince);
      return { status: 200, body: listBody(query, page, sliceOf(all, page), memberOnWire, { total: changed.length }) };
    },
  }),
  route({
    method: 'GET',
    record,
    path: '/v1/members/:id',
    tag,
    summary: 'Get a member',
    scope: 'members:read',
    boundKeys: 'refused',
    operationId: 'getMember',
    params,
    answers: { 200: one('The member.') },
    handle: async ({ params: { id } }, principal) => ({
      status: 200,
      body: { data: memberOnWire(await members.byId(principal, id)) },
    }),
  }),
  route({
    method: 'PATCH',
    record,
    path: '/v1/members/:id',
    tag,
    summary: 'Change the role or the workspace of a member',
    description: about,
    scope: 'members:write',
    boundKeys: 'refused',
    operationId: 'updateMember',
    params,
    body: z.strictObject({ role: role.optional(), workspace_id: workspace.optional() }),
    bodyExample: { role: 'viewer' },
    answers: { 200: one('The member.'), ...last },
    handle: async ({ params: { id }, body }, principal) => ({
      status: 200,
      body: {
        data: memberOnWire(
          await members.setRole(principal, id, {
            ...(body.role === undefined ? {} : { role: body.role }),
            ...(body.workspace_id === undefined ? {} : { workspaceId: body.workspace_id as WorkspaceId | null }),
          }),
        ),
      },
    }),
  }),
  route({
    method: 'DELETE',
    record,
    path: '/v1/members/:id',
    tag,
    summary: 'Remove a member',
    description: `The person's sessions lose the organization immediately, on every process; a person without any other role is deleted. Keys that the person created stay valid. ${about}`,
    scope: 'members:write',
    boundKeys: 'refused',
    operationId: 'removeMember',
    params,
    answers: { 204: { description: 'Removed.' }, ...last },
    handle: async ({ params: { id } }, principal) => {
      await members.remove(principal, id);
      return { status: 204 };
    },
  }),
  route({
    method: 'GET',
    path: '/v1/invitations',
    tag,
    summary: 'List open invitations, newest first',
    scope: 'members:read',
    boundKeys: 'refused',
    operationId: 'listInvitations',
    query: listQuery,
    answers: listAnswers('A page of invitations.', invitationShape, invitationExample),
    handle: async ({ query }, principal) => {
      const page = listingOf('/v1/invitations', query);
      const all = await members.invitations(principal);
      const recent = all.filter(({ created_at: at }) => page.updatedSince === undefined || at >= page.updatedSince);
      return {
        status: 200,
        body: listBody(query, page, sliceOf(all, page), invitationOnWire, { total: recent.length }),
      };
    },
  }),
  route({
    method: 'POST',
    path: '/v1/invitations',
    creates: true,
    tag,
    summary: 'Invite a person',
    description: `Returns a token that works once, for 7 days: pass it to the person, who accepts the invitation with it. If the installation sends mail, the link is also mailed to the address, at most 5 times an hour, and 50 times an hour for an organization; \`mailed\` says whether. Earlier invitations of the address end. ${about}`,
    scope: 'members:write',
    boundKeys: 'refused',
    operationId: 'createInvitation',
    body: z.strictObject({ email: address, role, workspace_id: workspace.default(null) }),
    bodyExample: { email: 'grace@example.com', role: 'member' },
    answers: {
      201: {
        description: 'The invitation.',
        schema: dataOf(createdShape),
        example: { data: { ...invitationExample, token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0', mailed: true } },
      },
      409: { description: 'The person is a member already.' },
    },
    handle: async ({ body }, principal) => {
      const { invitation, token, mailed } = await members.invite(principal, body.email, {
        role: body.role,
        workspaceId: body.workspace_id as WorkspaceId | null,
      });
      return {
        status: 201,
        body: { data: { ...invitationOnWire(invitation), token, mailed } },
        headers: { 'cache-control': 'no-store' },
      };
    },
  }),
  route({
    method: 'DELETE',
    path: '/v1/invitations/:id',
    tag,
    summary: 'Withdraw an invitation',
    scope: 'members:write',
    boundKeys: 'refused',
    operationId: 'withdrawInvitation',
    params,
    answers: { 204: { description: 'Withdrawn.' } },
    handle: async ({ params: { id } }, principal) => {
      await members.withdraw(principal, id);
      return { status: 204 };
    },
  }),
];
