import { z } from 'zod';
import { notFound } from '../../base/errors.ts';
import type { MailboxId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import { noStanding } from '../../mail/mailboxes/index.ts';
import type { MailboxRow } from '../../mail/mailboxes/index.ts';
import type { Domain } from '../vendor.ts';
import { account, accounts, anAccount } from './answers.ts';
import { metaOf, page, sliceOf } from './routes.ts';
import { foxreachSurface as surface } from './surface.ts';
import { uuidOf } from './wire-ids.ts';

const common = { surface, tag: 'FoxReach', boundKeys: 'own' } as const;
const path = '/api/v1/email-accounts';
/** Accepts any string as an id; a malformed id answers 404, not 422. */
const params = z.object({ id: z.string() });

function mailboxId({ id }: z.output<typeof params>): MailboxId {
  const uuid = uuidOf('acc', id);
  if (uuid === undefined) throw notFound('Mailbox');
  return uuid as MailboxId;
}

/** FoxReach's calls for email accounts, which are mailboxes. The vendor's API can neither create nor change one. */
export function accountRoutes({ analytics, mailboxes }: Pick<Domain, 'analytics' | 'mailboxes'>): readonly Route[] {
  const shown = async (principal: Principal, rows: readonly MailboxRow[]): Promise<object[]> => {
    const ids = rows.map(({ id }) => id);
    const [counts, standings, figures] = await Promise.all([
      mailboxes.sentToday(rows),
      mailboxes.standingOf(rows),
      analytics.mailboxes(principal.organizationId, ids),
    ]);
    return rows.map((mailbox) =>
      account.of({
        mailbox,
        sentToday: counts.get(mailbox.id) ?? 0,
        standing: standings.get(mailbox.id) ?? noStanding,
        figures: figures.get(mailbox.id),
      }),
    );
  };
  return [
    route({
      ...common,
      method: 'GET',
      path,
      summary: 'List email accounts, newest first',
      scope: 'mailboxes:read',
      query: page,
      answers: { 200: accounts('A page of email accounts.') },
      handle: async ({ query }, principal) => {
        const found = await mailboxes.list(principal, sliceOf(query));
        return { status: 200, body: { data: await shown(principal, found.rows), meta: metaOf(query, found) } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: `${path}/:id`,
      summary: 'Get an email account',
      scope: 'mailboxes:read',
      params,
      answers: { 200: anAccount('The email account.') },
      handle: async (request, principal) => {
        const row = await mailboxes.get(principal, mailboxId(request.params));
        return { status: 200, body: { data: (await shown(principal, [row]))[0] } };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: `${path}/:id`,
      summary: 'Disconnect an email account',
      scope: 'mailboxes:write',
      params,
      answers: { 204: { description: 'Deleted. Its waiting messages fail.' } },
      handle: async (request, principal) => {
        await mailboxes.remove(principal, mailboxId(request.params));
        return { status: 204 };
      },
    }),
  ];
}
