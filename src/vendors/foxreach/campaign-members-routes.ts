import { z } from 'zod';
import { ApiError } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Campaign } from '../../mail/campaigns/index.ts';
import { integer } from '../shape.ts';
import type { Domain } from '../vendor.ts';
import { answer, common, idIn, params, path } from './campaigns-routes.ts';
import { foxreachId, uuidOf } from './wire-ids.ts';

const accountsMax = 1_000;
const leadsMax = 10_000;

/** FoxReach's calls for the accounts and leads of campaigns. */
export function campaignMemberRoutes({
  campaigns,
  leads: { records },
}: Pick<Domain, 'campaigns' | 'leads'>): readonly Route[] {
  const idOf = ({ id }: { readonly id: string }): string => idIn('cmp', id, 'Campaign');
  const mailboxesOf = async (row: Campaign): Promise<readonly string[]> =>
    (await campaigns.shown([row]))[0]?.context.mailboxIds ?? [];
  return [
    route({
      ...common,
      method: 'POST',
      path: `${path}/:id/accounts`,
      creates: true,
      summary: 'Add email accounts to a campaign',
      scope: ['campaigns:write', 'mailboxes:read'] as const,
      params,
      body: z.strictObject({ accountIds: z.array(z.string().max(100)).min(1).max(accountsMax) }),
      answers: { 200: answer(z.object({ added: integer }), { added: 1 }, 'How many were added.') },
      handle: async (request, principal) => {
        const row = await campaigns.get(principal, idOf(request.params));
        const before = await mailboxesOf(row);
        const given = new Set(request.body.accountIds.map((id) => idIn('acc', id, 'Mailbox')));
        const added = [...given].filter((id) => !before.includes(id));
        if (added.length > 0) await campaigns.change(principal, row.id, { mailbox_ids: [...before, ...added] });
        return { status: 200, body: { data: { added: added.length } } };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: `${path}/:id/accounts/:accountId`,
      summary: 'Remove an email account from a campaign',
      description: 'Its leads continue from another account of the campaign; without one, they end.',
      scope: 'campaigns:write',
      params: z.object({ id: z.string(), accountId: z.string() }),
      answers: {
        200: answer(z.object({ removed: z.literal(true) }), { removed: true }, 'Removed.'),
        404: { description: 'Account not in campaign' },
      },
      handle: async (request, principal) => {
        const row = await campaigns.get(principal, idOf(request.params));
        const before = await mailboxesOf(row);
        const account = uuidOf('acc', request.params.accountId);
        if (account === undefined || !before.includes(account))
          throw new ApiError('not_found', 'Account not in campaign');
        const rest = before.filter((id) => id !== account);
        const [heir] = rest;
        const leads = heir === undefined ? ({ finish: true } as const) : { reassign_to: heir };
        await campaigns.change(principal, row.id, { mailbox_ids: rest, ...leads });
        return { status: 200, body: { data: { removed: true } } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: `${path}/:id/leads`,
      creates: true,
      summary: 'Add leads to a campaign',
      description: 'A lead is in a campaign once. One that was removed is added again.',
      scope: 'campaigns:write',
      params,
      body: z.strictObject({ leadIds: z.array(z.string().max(100)).min(1).max(leadsMax) }),
      bodyBytesMax: 1024 * 1024,
      answers: {
        200: answer(
          z.object({ added: integer, skipped: z.array(z.object({ leadId: z.string(), reason: z.string() })) }),
          { added: 1, skipped: [{ leadId: 'cld_0199c9f17b207d028f113c5a7e90b410', reason: 'already_in_campaign' }] },
          'How many were added, and the others with the reason.',
        ),
      },
      handle: async (request, principal) => {
        const { leadIds } = request.body;
        const ids = leadIds.flatMap((id) => uuidOf('cld', id) ?? []);
        const { added, skipped } = await records.add(principal, idOf(request.params), ids);
        const others = [
          ...skipped.map(({ contact_id: id, reason }) => ({ leadId: foxreachId('cld', id), reason })),
          ...leadIds.flatMap((leadId) =>
            uuidOf('cld', leadId) === undefined ? [{ leadId, reason: 'unknown_contact' }] : [],
          ),
        ];
        return { status: 200, body: { data: { added, skipped: others } } };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: `${path}/:id/leads/:leadId`,
      summary: 'Remove a lead from a campaign',
      description: 'It gets no more messages. What was sent to it stays in the figures.',
      scope: 'campaigns:write',
      params: z.object({ id: z.string(), leadId: z.string() }),
      answers: {
        200: answer(z.object({ removed: z.literal(true) }), { removed: true }, 'Removed.'),
        404: { description: 'Lead not in campaign' },
      },
      handle: async (request, principal) => {
        const { id } = await campaigns.get(principal, idOf(request.params));
        const contact = uuidOf('cld', request.params.leadId);
        const [row] = contact === undefined ? [] : await records.ofContact(principal, contact, 1, id);
        if (row === undefined || row.blocked_reason === 'removed')
          throw new ApiError('not_found', 'Lead not in campaign');
        await records.remove(principal, row.id);
        return { status: 200, body: { data: { removed: true } } };
      },
    }),
  ];
}
