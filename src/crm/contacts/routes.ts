import { z } from 'zod';
import { namedWorkspace, ofWorkspace, within } from '../../auth/index.ts';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { parseAddressInQuery } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { sorts } from '../../db/in-order.ts';
import type { Position } from '../../db/in-order.ts';
import { listAnswers, listBody, listingOf, listQuery as anyListQuery } from '../../http/listing.ts';
import type { Listing } from '../../http/listing.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { contactStatuses } from '../../base/records/contact.ts';
import { inNamed, listQuery as recordListQuery, ownerQuery, recordRoutes, rowsOf } from '../records/index.ts';
import { emailsInput } from './addresses.ts';
import { onWire } from './contact.ts';
import type { Contact } from './contact.ts';
import type { ContactFunctions } from './contacts.ts';
import type { Tag } from './queries.ts';
import {
  changeInput,
  contactRow,
  idField,
  lawfulBasis,
  lawfulnessFields,
  linkCompanyBy,
  readRow,
  tagChange,
} from './input.ts';
import { contactExample, contactShape, rowShape, summaryShape, upsertAnswer } from './schemas.ts';

const tag = 'Contacts';
const id = z.object({ id: idField });
const rowsMax = 500;
/** 500 rows with long notes. */
const upsertBytesMax = 8 * 1024 * 1024;

const apiOf = ({ lock }: Pick<ContactFunctions, 'lock'>) =>
  recordRoutes<Contact>({
    tag,
    path: '/v1/contacts',
    noun: 'a contact',
    plural: 'contacts',
    scope: 'contacts',
    id,
    schema: contactShape,
    example: contactExample,
    lock,
    onWire: (contact, organization) => onWire(organization, contact),
  });
const taken = { description: 'Another contact has the address.' };

const upsertBody = z.strictObject({
  lawful_basis: lawfulBasis.describe(
    'Why you may process the data of these people (GDPR article 6). Applies to every row.',
  ),
  ...lawfulnessFields,
  link_company_by: linkCompanyBy.optional(),
  contacts: rowsOf(contactRow).min(1).max(rowsMax),
  ...namedWorkspace,
});

const change = z.strictObject({
  email: z
    .string()
    .max(1_000)
    .nullable()
    .optional()
    .describe(
      'The primary address. A new one replaces the one before; one of the further addresses changes places with it. Null removes the only address.',
    ),
  emails: emailsInput.optional(),
  ...changeInput,
});

const flag = z.enum(['true', 'false']).transform((value) => value === 'true');

/** @throws ApiError `validation_failed` */
function keyOfEmail(email: string): string {
  const address = parseAddressInQuery(email);
  if ('problem' in address) throw invalid({ email: address.problem });
  return address.key;
}

const listQuery = recordListQuery.extend({
  search: z
    .string()
    .max(200)
    .optional()
    .describe(
      'Words in name, email address, phone, job title and company name, in any order, ignoring case and accents. Company names match by the whole text, or by one of up to five words; at most the newest 200 matching companies are used. Without three letters or digits in a row, only the newest 320,000 contacts and 5,000 companies are searched.',
    ),
  company_id: idField.optional(),
  source_id: idField.optional(),
  owner: ownerQuery,
  status: z.enum(contactStatuses).optional(),
  email: z.string().max(1_000).optional().describe('Contacts with this address, primary or not, in any spelling.'),
  include_deleted: flag.optional().describe('Contacts deleted in the last 30 days, beside the live ones.'),
  deleted: flag.optional().describe('Contacts deleted in the last 30 days, instead of live ones.'),
});

export function contactRoutes(contacts: ContactFunctions, workspaces: WorkspaceDirectory): readonly Route[] {
  const api = apiOf(contacts);
  return [
    route({
      method: 'POST',
      path: '/v1/contacts',
      creates: true,
      tag,
      summary: 'Create or update up to 500 contacts',
      description:
        'Contacts are identified by any of their addresses. A field that is left out is not changed, null clears it; custom fields are merged by their keys. Suppressed addresses are skipped. Each row has a result, in the order sent: a bad row is `rejected` with the reason, and the others are written, in one transaction. Rows for the same contact apply one after the other: the later ones return `updated`, and together they are one change of the contact.',
      scope: 'contacts:write',
      boundKeys: 'own',
      operationId: 'upsertContacts',
      body: upsertBody,
      bodyBytesMax: upsertBytesMax,
      // A row with NUL characters is rejected like any other bad one.
      opaque: ['contacts'],
      bodyExample: {
        lawful_basis: 'legitimate_interests',
        contacts: [
          {
            email: 'ada@lovelace.example',
            first_name: 'Ada',
            last_name: 'Lovelace',
            job_title: 'Head of Research',
            tags: ['vip'],
          },
        ],
      },
      answers: {
        200: {
          description: 'The result of each row.',
          schema: z.object({ data: z.array(rowShape), summary: summaryShape }),
          example: {
            data: [{ email: 'ada@lovelace.example', status: 'created', id: contactExample.id }],
            summary: { created: 1, updated: 0, suppressed: 0, rejected: 0 },
          },
        },
      },
      handle: async ({ body: { contacts: rows, workspace_id: workspaceId, workspace, ...terms } }, principal) => {
        const editor = await inNamed(workspaces, principal, { workspace_id: workspaceId, workspace });
        const answer = upsertAnswer(rows, await contacts.upsertAll(editor, rows.map(readRow), terms));
        const { created, updated } = answer.summary;
        return { status: 200, body: answer, storedNothing: created + updated === 0 };
      },
    }),
    api.list(
      listQuery,
      (reach, { search, tag: tags, company_id: company, source_id: source, owner, status, deleted, ...asked }, slice) =>
        contacts.listed(
          reach,
          {
            search,
            tags,
            owner,
            status,
            deleted,
            withDeleted: asked.include_deleted,
            emailKey: asked.email === undefined ? undefined : keyOfEmail(asked.email),
            companyIds: company === undefined ? undefined : [company],
            sourceIds: source === undefined ? undefined : [source],
          },
          slice,
        ),
      {
        description:
          'With a filter, `total` is counted up to 10,000, with `search` or `tag` only as far as the page needs. `total_capped` is true when there may be more than `total`.',
      },
    ),
    lookupRoute(contacts, workspaces),

    api.get(contacts.get),
    api.update(
      change,
      (principal, of, { email, emails, ...given }) => contacts.update(principal, of, given, { email, emails }),
      {
        description:
          'Changes only the given fields; null clears a field. Custom fields are merged by their keys, tags are replaced. A contact without an address needs a first name.',
        bodyExample: { job_title: 'Countess', tags: ['vip', 'press'] },
        answers: { 409: taken },
      },
    ),
    api.remove(contacts.remove, {
      description: 'It can be restored for 30 days, and is then permanently deleted.',
    }),
    route({
      method: 'POST',
      path: '/v1/contacts/:id/tags',
      record: { ...api.record, readAt: '/v1/contacts/:id' },
      tag,
      summary: 'Add and remove tags of a contact',
      description:
        'Leaves the other tags as they are, so callers need not read the contact first, and do not overwrite tags that others add at the same time. A contact has at most 100 tags. Emits `contact.updated` if its tags change.',
      scope: 'contacts:write',
      boundKeys: 'own',
      operationId: 'changeContactTags',
      params: id,
      body: tagChange,
      bodyExample: { add: ['vip'], remove: ['prospect'] },
      answers: { 200: { ...api.answer, description: 'The contact.' } },
      handle: async ({ params, body }, principal) => ({
        status: 200,
        body: {
          data: onWire(principal.organizationId, await contacts.update(principal, params.id, { tag_change: body })),
        },
      }),
    }),
    route({
      method: 'POST',
      path: '/v1/contacts/:id/restore',
      creates: true,
      record: api.record,
      tag,
      summary: 'Restore a deleted contact',
      description:
        'Restores the contact as it was when it was deleted; if its company has been deleted since, without the company and its name. Emits `contact.created`.',
      scope: 'contacts:write',
      boundKeys: 'own',
      operationId: 'restoreContact',
      params: id,
      answers: { 200: api.answer, 409: taken },
      handle: async ({ params }, principal) => ({
        status: 200,
        body: { data: onWire(principal.organizationId, await contacts.restore(principal, params.id)) },
      }),
    }),
    tagsRoute(contacts),
  ];
}

const lookupRoute = (contacts: ContactFunctions, workspaces: WorkspaceDirectory): Route =>
  route({
    method: 'POST',
    path: '/v1/contacts/lookup',
    tag,
    summary: 'Look up contacts by up to 500 addresses',
    description:
      'Finds live contacts by any of their addresses, in any spelling and in the order of the addresses; a contact with several of them is found once. `missing` has the addresses, as sent, that no contact has.',
    scope: 'contacts:read',
    boundKeys: 'own',
    operationId: 'lookupContacts',
    body: z.strictObject({ emails: z.array(z.string().max(1_000)).min(1).max(rowsMax), ...ofWorkspace }),
    bodyBytesMax: upsertBytesMax,
    bodyExample: { emails: ['Ada@Lovelace.example', 'nobody@lovelace.example'] },
    answers: {
      200: {
        description: 'The contacts that were found.',
        schema: z.object({ data: z.array(contactShape), missing: z.array(z.string()) }),
        example: { data: [contactExample], missing: ['nobody@lovelace.example'] },
      },
    },
    handle: async ({ body }, principal) => {
      const reach = await inNamed(workspaces, principal, { workspace_id: body.workspace_id });
      const { found, missing } = await contacts.lookup(reach, body.emails);
      return { status: 200, body: { data: found.map((row) => onWire(principal.organizationId, row)), missing } };
    },
  });

const tagSort = z
  .enum(['name', '-name', ...sorts])
  .optional()
  .describe('Default: `name`. Tags do not change, so `updated_at` is the same as `created_at`: the first use.');

const tagQuery = anyListQuery.extend({ ...ofWorkspace, sort: tagSort });

const firstUseDigits = 15;
/** What a list by first use is in the order of, and its cursors have. */
const firstUseKey = ({ tag: name, created_at: at }: Tag): string =>
  `${String(at.getTime()).padStart(firstUseDigits, '0')} ${name}`;
function firstUseOf(key: string): Position {
  const at = new Date(Number(key.slice(0, firstUseDigits)));
  if (Number.isNaN(at.getTime())) throw invalid({ cursor: 'must be the next_cursor of a page of this list' });
  return { id: key.slice(firstUseDigits + 1), at };
}

/** Part of the list of tags; `byTime`: in the order of their first use. */
function tagListing({ sort = 'name', ...query }: z.output<typeof tagQuery>): { page: Listing; byTime: boolean } {
  const byTime = !sort.endsWith('name');
  const order = sort.startsWith('-') ? '-created_at' : 'created_at';
  const page = listingOf(`/v1/tags${byTime ? ' by time' : ''}`, { ...query, sort: order }, 'name');
  if (!byTime) return { page, byTime };
  const after = page.after && firstUseOf(page.after.id);
  return { page: { ...page, sort: order === 'created_at' ? 'updated_at' : '-updated_at', after }, byTime };
}

const tagsRoute = (contacts: ContactFunctions): Route =>
  route({
    method: 'GET',
    path: '/v1/tags',
    tag,
    summary: 'List the tags of contacts',
    description: 'Sorted by name. A tag is listed from its first use on, even if no contact has it any more.',
    scope: 'contacts:read',
    boundKeys: 'own',
    operationId: 'listTags',
    query: tagQuery,
    answers: listAnswers('A page of tags.', z.object({ name: z.string() }).meta({ id: 'Tag' }), { name: 'vip' }),
    handle: async ({ query }, principal) => {
      const { page, byTime } = tagListing(query);
      const [tags, total] = await contacts.tags(within(principal, query), page);
      const rows = tags.map((row) => ({ ...row, id: byTime ? firstUseKey(row) : row.tag }));
      const listing = { ...page, sort: '-created_at' } as const;
      return { status: 200, body: listBody(query, listing, rows, ({ tag: name }) => ({ name }), { total }) };
    },
  });
