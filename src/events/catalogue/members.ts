import { z } from 'zod';
import { builtIn, by, byExample, example, id, text, workspaceId } from './built-in.ts';

const role = z.enum(['owner', 'admin', 'member', 'viewer']);
const member = z.object({
  member_id: id('member').nullable().describe('Null: invited, and not a member yet.'),
  person_id: id('person')
    .nullable()
    .describe('What records of this person name in `created_by`, and events in `actor`.'),
  email: text,
  role,
  previous_role: role.nullable(),
  workspace_id: workspaceId.describe('The workspace that the member is limited to; null: none.'),
  ...by,
});
const memberExample = {
  member_id: example.key,
  person_id: example.user,
  email: 'grace@example.com',
  role: 'member' as const,
  previous_role: null,
  workspace_id: null,
  ...byExample,
};

/** People of an organization. The operator's links emit nothing until they are used. */
export const members = {
  'member.invited': builtIn('A person was invited.', member, { ...memberExample, member_id: null, person_id: null }),
  'member.joined': builtIn('A person accepted an invitation, and is the actor.', member, memberExample),
  'member.role_changed': builtIn('A member has another role, or is limited to another workspace.', member, {
    ...memberExample,
    role: 'admin',
    previous_role: 'member',
  }),
  'member.removed': builtIn('A member was removed.', member, memberExample),
};
