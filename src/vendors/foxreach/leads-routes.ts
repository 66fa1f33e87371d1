import { z } from 'zod';
import { grants } from '../../auth/index.ts';
import { contactStatuses } from '../../crm/contacts/index.ts';
import type { Contact, Following, UpsertResult } from '../../crm/contacts/index.ts';
import { ownerIn } from '../../crm/records/index.ts';
import type { Editor } from '../../crm/records/index.ts';
import type { Transaction } from '../../db/pool.ts';
import { notFound } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import type { Domain } from '../vendor.ts';
import { aLead, anImport, aTimeline, lead, leads } from './answers.ts';
import { contactsOf, defaultSource, importAnswer, importRow, leadChange, newLead } from './leads.ts';
import type { ImportRow, LeadFields } from './leads.ts';
import { metaOf, page, sliceOf } from './routes.ts';
import { foxreachSurface as surface } from './surface.ts';
import { timelineOf } from './timeline.ts';
import { uuidOf } from './wire-ids.ts';

const common = { surface, tag: 'FoxReach', boundKeys: 'own' } as const;
/** Accepts any string as an id; a malformed id answers 404, not 422. */
const params = z.object({ id: z.string() });
const importMax = 1_000;
/** 1,000 leads with long notes. */
const importBytesMax = 8 * 1024 * 1024;

const listQuery = page.extend({
  search: z.string().max(200).optional(),
  status: z.enum(contactStatuses).optional(),
  tags: z
    .string()
    .max(2_000)
    .transform((tags) =>
      tags
        .split(',')
        .map((each) => each.trim())
        .filter((each) => each !== ''),
    )
    .optional()
    .describe('Separated by commas. Finds leads that have all of them.'),
});

function contactId({ id }: z.output<typeof params>): string {
  const uuid = uuidOf('cld', id);
  if (uuid === undefined) throw notFound('Lead');
  return uuid;
}

const noTimes: ReadonlyMap<string, Date> = new Map();
const latest = (one: Date | undefined, other: Date | undefined): Date | undefined =>
  one === undefined || (other !== undefined && other > one) ? other : one;

/** Creates each good lead, restores deleted ones if asked, and reports the others by row. */
async function importLeads(
  domain: Domain,
  principal: Principal,
  leads: readonly unknown[],
  restoreSoftDeleted: boolean,
) {
  const { contacts, customFields, sources } = domain;
  const names = { customFields, sources };
  const isOut = ({ lead: { status } }: { readonly lead: LeadFields }): boolean => status === 'unsubscribed';
  const rows = leads.map(importRow);
  const good = rows.flatMap((row) => ('problem' in row ? [] : [row]));
  const keys = good.map(({ address }) => address.key);
  // A deleted lead is a duplicate too, unless the import restores it; a restored lead keeps its source.
  const deleted = await contacts.restorable(ownerIn(principal), keys);
  const tried = restoreSoftDeleted ? good : good.filter(({ address }) => !deleted.has(address.key));
  const results = await contacts.upsertAll(
    principal,
    async (tx, editor) => {
      const changes = await contactsOf(
        tx,
        names,
        editor,
        tried.map(({ address, lead }): LeadFields =>
          lead.source === undefined && !deleted.has(address.key) ? { ...lead, source: defaultSource } : lead,
        ),
      );
      return tried.map(({ address }, index) => ({ address, fields: changes[index] ?? {} }));
    },
    { keepExisting: true, restoreDeleted: restoreSoftDeleted },
    tried.some(isOut)
      ? (tx, editor, written) => {
          const isWritten = (index: number): boolean => ['created', 'restored'].includes(written[index]?.status ?? '');
          const out = tried.filter((row, index) => isOut(row) && isWritten(index));
          return optOut(
            domain,
            tx,
            editor,
            out.map(({ address }) => address.key),
          );
        }
      : undefined,
  );
  const byRow = new Map<ImportRow, UpsertResult>(
    tried.flatMap((row, index) => (results[index] === undefined ? [] : [[row, results[index]]])),
  );
  return importAnswer(rows, byRow);
}

/** The vendor has no other call to record that somebody opted out. */
async function optOut(
  { suppressions }: Pick<Domain, 'suppressions'>,
  tx: Transaction,
  editor: Editor,
  keys: readonly (string | null)[],
): Promise<void> {
  const rows = keys.flatMap((value) =>
    value === null ? [] : [{ kind: 'email' as const, value, reason: 'unsubscribed' as const }],
  );
  await suppressions.suppress(tx, editor, rows);
}

/** Contacts that get no email, whatever their status. */
async function suppressedOf(
  { suppressions }: Domain,
  organization: OrganizationId,
  rows: readonly Contact[],
): Promise<ReadonlySet<string>> {
  const addressed = rows.flatMap(({ id, email_key: key, workspace_id: workspaceId }) =>
    key === null ? [] : [{ id, key, domain: key.slice(key.lastIndexOf('@') + 1), workspaceId }],
  );
  const kinds = await suppressions.known(organization, addressed);
  return new Set(addressed.flatMap(({ id }, index) => (kinds[index] === undefined ? [] : [id])));
}

/** FoxReach's calls for leads: `/api/v1/leads`. Contacts created here have no lawful basis until the native API sets one. */
export function leadRoutes(domain: Domain): readonly Route[] {
  const { contacts, activities, customFields, sources } = domain;
  const names = { customFields, sources };
  /** Leads as answered. `lastContactedAt` is null for a key that may not read activities. */
  const shown = async (rows: readonly Contact[], principal: Principal): Promise<object[]> => {
    const { organizationId, scopes } = principal;
    const ids = rows.map(({ id }) => id);
    const [recorded, sent, suppressed] = await Promise.all([
      grants(scopes, 'crm:read') ? activities.lastContacted(principal, ids) : noTimes,
      grants(scopes, 'crm:read') ? domain.leads.records.lastSent(organizationId, ids) : noTimes,
      suppressedOf(domain, organizationId, rows),
    ]);
    return rows.map((contact) =>
      lead.of({
        contact,
        lastContactedAt: latest(recorded.get(contact.id), sent.get(contact.id)),
        isSuppressed: suppressed.has(contact.id),
      }),
    );
  };
  const optingOut = ({ status }: LeadFields): Following<Contact> | undefined =>
    status === 'unsubscribed' ? (tx, editor, { email_key: key }) => optOut(domain, tx, editor, [key]) : undefined;
  const answer = async (row: Contact, principal: Principal) => ({ data: (await shown([row], principal))[0] });

  return [
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/leads',
      summary: 'List leads, newest first',
      scope: 'contacts:read',
      query: listQuery,
      answers: { 200: leads('A page of leads.') },
      handle: async ({ query: { page: number, pageSize, ...filter } }, principal) => {
        const asked = { page: number, pageSize };
        const found = await contacts.pageByReach(principal, filter, sliceOf(asked));
        const meta = metaOf(asked, found);
        return { status: 200, body: { data: await shown(found.rows, principal), meta } };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/leads',
      creates: true,
      summary: 'Create a lead',
      scope: 'contacts:write',
      body: newLead,
      answers: { 201: aLead('The lead.'), 409: { description: 'A lead with this email already exists.' } },
      handle: async ({ body: { email, source = defaultSource, ...given } }, principal) => {
        const lead = { ...given, source };
        const made = await contacts.create(
          principal,
          async (tx, editor) => ({ email, ...(await contactsOf(tx, names, editor, [lead]))[0] }),
          optingOut(lead),
        );
        return { status: 201, body: await answer(made, principal) };
      },
    }),
    route({
      ...common,
      method: 'POST',
      path: '/api/v1/leads/import',
      creates: true,
      summary: 'Create up to 1,000 leads; existing leads do not change',
      scope: 'contacts:write',
      body: z.strictObject({
        // Each lead is parsed separately, so that a bad one does not stop the others.
        leads: z.array(z.unknown()).min(1).max(importMax),
        restoreSoftDeleted: z.boolean().default(true),
      }),
      bodyBytesMax: importBytesMax,
      // A lead with NUL characters is reported like any other bad one.
      opaque: ['leads'],
      answers: { 200: anImport('The counts of created and restored leads, and which rows are duplicates or wrong.') },
      handle: async ({ body: { leads, restoreSoftDeleted } }, principal) => ({
        status: 200,
        body: { data: await importLeads(domain, principal, leads, restoreSoftDeleted) },
      }),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/leads/:id',
      summary: 'Get a lead',
      scope: 'contacts:read',
      params,
      answers: { 200: aLead('The lead.') },
      handle: async (request, principal) => ({
        status: 200,
        body: await answer(await contacts.get(principal, contactId(request.params)), principal),
      }),
    }),
    route({
      ...common,
      method: 'PATCH',
      path: '/api/v1/leads/:id',
      summary: 'Change a lead',
      scope: 'contacts:write',
      params,
      body: leadChange,
      answers: {
        200: aLead('The changed lead.'),
        409: { description: 'Another lead with this email already exists.' },
      },
      handle: async (request, principal) => {
        const { email, ...lead } = request.body;
        const id = contactId(request.params);
        const after = await contacts.update(
          principal,
          id,
          async (tx, editor) => (await contactsOf(tx, names, editor, [lead]))[0] ?? {},
          { email },
          optingOut(lead),
        );
        return { status: 200, body: await answer(after, principal) };
      },
    }),
    route({
      ...common,
      method: 'DELETE',
      path: '/api/v1/leads/:id',
      summary: 'Delete a lead',
      scope: 'contacts:write',
      params,
      answers: { 204: { description: 'Deleted. An import can restore it for 30 days.' } },
      handle: async (request, principal) => {
        await contacts.remove(principal, contactId(request.params));
        return { status: 204 };
      },
    }),
    route({
      ...common,
      method: 'GET',
      path: '/api/v1/leads/:id/activity',
      summary: 'List what happened with a lead, newest first',
      description:
        'Recorded activities, messages to and from the lead, and the campaigns that it is in. Messages need the scope `mailboxes:read`, campaigns `campaigns:read`.',
      scope: ['contacts:read', 'crm:read'] as const,
      params,
      answers: { 200: aTimeline('The timeline of the lead, and its campaigns.') },
      handle: async (request, principal) => {
        const { id } = await contacts.get(principal, contactId(request.params));
        return { status: 200, body: { data: await timelineOf(domain, principal, id) } };
      },
    }),
  ];
}
