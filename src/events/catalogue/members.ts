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
  'member.removed': builtIn(
    'A member was removed. The actor is the system if the workspace was deleted that the member was limited to.',
    member,
    memberExample,
  ),
  'member.signed_in': builtIn(
    'A person signed in, and is the actor. Each organization of the person gets one; a refused attempt emits none.',
    member,
    memberExample,
  ),
  'setting.changed': builtIn(
    'A person created, changed or deleted what is administered: an endpoint, a workspace, a mailbox, a domain, or a setting of the organization; or what the person signs in with, in each organization of the person. Calls with a key emit none.',
    z.object({
      kind: text.describe(
        '`endpoint`, `workspace`, `organization`, `mailbox`, `tracking_domain`, `dkim_key`, `event_type`, `event_retention`, `portal_brand`, `verifier`, `assistant`, `inbound_source` or `discovery_provider`; of the own account `password`, `passkey`, `second_factor` or `recovery_codes`.',
      ),
      action: text.describe(
        '`created`, `changed`, `deleted`, or the call on the record, such as `rotate-secret`; `reset` for a password that was forgotten.',
      ),
      record_id: text.nullable().describe('Null: a setting of the organization or of the own account.'),
      name: text.nullable().describe('What the record is called, such as the URL of an endpoint.'),
      fields: z.array(text).describe('Names of the fields of the call, without their values.'),
      ...by,
    }),
    {
      kind: 'endpoint',
      action: 'changed',
      record_id: example.endpoint,
      name: 'https://receiver.example/hooks',
      fields: ['events'],
      ...byExample,
    },
  ),
};
