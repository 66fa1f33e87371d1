import { z } from 'zod';
import type { MailboxId } from '../../base/ids.ts';
import { cursorPage } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { givenServer, newSettings, noStanding, startsBeforeEnd, workHoursFields } from '../../mail/mailboxes/index.ts';
import type { MailboxRow, NewSettings } from '../../mail/mailboxes/index.ts';
import type { Domain } from '../vendor.ts';
import { aMailbox, mailbox, mailboxes as pageOfMailboxes } from './answers.ts';
import { page } from './routes.ts';
import { warmysenderSurface as surface } from './surface.ts';

const path = '/api/v1/mailboxes';
const common = { surface, tag: 'WarmySender', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const idOf = ({ id }: z.output<typeof params>): MailboxId => id as MailboxId;

const fields = newSettings.shape;
const settings = z.strictObject({
  displayName: fields.display_name,
  dailyLimit: fields.daily_limit,
  sendingWindow: z
    .strictObject({ ...workHoursFields, timezone: fields.timezone })
    .refine(...startsBeforeEnd)
    .optional()
    .describe('Local hours in which campaigns send.'),
  signature: fields.signature,
  trackingDomain: fields.tracking_domain,
});

const newMailbox = settings.extend({
  email: z.string().min(1, 'must not be empty').max(1_000),
  provider: z.enum(['smtp', 'capture']).default('smtp'),
  smtp: givenServer.optional(),
  imap: givenServer.optional(),
});
const mailboxChange = settings.extend({
  active: z.boolean().optional().describe('false pauses the mailbox, true resumes it.'),
});
/** As the vendor's clients send it. */
const listQuery = page.extend({
  email_address: z.string().max(1_000).optional(),
  warmup_enabled: z.enum(['true', 'false']).optional(),
});

const hoursOf = ({
  timezone,
  ...hours
}: NonNullable<z.output<typeof settings>['sendingWindow']>): Pick<NewSettings, 'work_hours' | 'timezone'> => ({
  work_hours: hours,
  timezone,
});

const settingsOf = ({
  displayName,
  dailyLimit,
  sendingWindow,
  signature,
  trackingDomain,
}: z.output<typeof settings>): NewSettings => {
  return {
    display_name: displayName,
    daily_limit: dailyLimit,
    ...(sendingWindow === undefined ? {} : hoursOf(sendingWindow)),
    signature,
    tracking_domain: trackingDomain,
  };
};

/**
 * WarmySender's calls for mailboxes: `/api/v1/mailboxes`. The vendor's pages name the calls and the settings, and its n8n node the pages and
 * the filters. Connecting a mailbox by API is ours.
 */
export function mailboxRoutes({ mailboxes, warmup: warmups }: Pick<Domain, 'mailboxes' | 'warmup'>): readonly Route[] {
  const shown = async (rows: readonly MailboxRow[]): Promise<ReadonlyMap<string, object>> => {
    const [counts, standings] = await Promise.all([mailboxes.sentToday(rows), mailboxes.standingOf(rows)]);
    return new Map(
      rows.map((row) => [
        row.id,
        mailbox.of({
          row,
          sentToday: counts.get(row.id) ?? 0,
          standing: standings.get(row.id) ?? noStanding,
        }),
      ]),
    );
  };
  const one = async (row: MailboxRow): Promise<object> => ({ data: (await shown([row])).get(row.id) });

  return [
    route({
      ...common,
      method: 'POST',
      path,
      creates: true,
      summary: 'Connect a mailbox',
      description: 'Logs in to its servers first, which takes up to 30 s; nothing is stored when that fails.',
      scope: 'mailboxes:write',
      body: newMailbox,
      answers: {
        201: aMailbox('The mailbox.'),
        409: { description: 'The organization already has a mailbox with this address.' },
      },
      handle: async ({ body: { email, provider, smtp, imap, ...given } }, principal) => ({
        status: 201,
        body: await one(await mailboxes.create(principal, { email, provider, smtp, imap, ...settingsOf(given) })),
      }),
    }),
    route({
      ...common,
      method: 'GET',
      path,
      summary: 'List mailboxes, newest first',
      description: 'Filters as the vendor does, by `email_address` and `warmup_enabled`.',
      scope: 'mailboxes:read',
      query: listQuery,
      answers: { 200: pageOfMailboxes('A page of mailboxes.') },
      handle: async ({ query: { limit, cursor, email_address: email, warmup_enabled: warmup } }, principal) => {
        const enabled = warmup === undefined ? undefined : await warmups.enabled(principal.organizationId);
        const among = enabled === undefined ? {} : { [warmup === 'true' ? 'only' : 'except']: enabled };
        const rows = await mailboxes.listFrom(principal, { cursor, email, ...among, limit: limit + 1 });
        const known = await shown(rows);
        const { data, next_cursor: next } = cursorPage(rows, limit, ({ id }) => known.get(id));
        return { status: 200, body: { data, pagination: { has_more: next !== null, next_cursor: next } } };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: `${path}/:id`,
      summary: 'Get a mailbox',
      scope: 'mailboxes:read',
      params,
      answers: { 200: aMailbox('The mailbox, without its passwords.') },
      handle: async (request, principal) => ({
        status: 200,
        body: await one(await mailboxes.get(principal, idOf(request.params))),
      }),
    }),
    route({
      ...common,
      method: 'PATCH',
      path: `${path}/:id`,
      summary: 'Change a mailbox',
      scope: 'mailboxes:write',
      params,
      body: mailboxChange,
      answers: { 200: aMailbox('The changed mailbox.') },
      handle: async (request, principal) => {
        const id = idOf(request.params);
        const { active, ...given } = request.body;
        const changed = await mailboxes.update(principal, id, settingsOf(given));
        const row = active === undefined ? changed : await mailboxes[active ? 'resume' : 'pause'](principal, id);
        return { status: 200, body: await one(row) };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: `${path}/:id`,
      summary: 'Disconnect a mailbox',
      scope: 'mailboxes:write',
      params,
      answers: { 204: { description: 'Deleted. Its waiting messages fail.' } },
      handle: async (request, principal) => {
        await mailboxes.remove(principal, idOf(request.params));
        return { status: 204 };
      },
    }),
  ];
}
