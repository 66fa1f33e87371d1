import { z } from 'zod';
import { namedWorkspace } from '../../auth/index.ts';
import type { WorkspaceDirectory } from '../../auth/index.ts';
import { domainWithoutWww } from '../../base/company-domain.ts';
import { parseAddress } from '../../base/email-address.ts';
import { invalid, unreachable } from '../../base/errors.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { inNamed, listQuery, parseRow, recordRoutes, rowsOf, sentText } from '../records/index.ts';
import { lockAlone, reasons } from './queries.ts';
import type { Suppression } from './queries.ts';
import type { NewSuppression, Suppressions } from './suppressions.ts';

const tag = 'Suppressions';
/** Only an erasure sets `erased`. */
const givenReasons = ['unsubscribed', 'hard_bounce', 'complaint', 'manual', 'import'] as const;
const rowsMax = 1_000;
const bytesMax = 2 * 1024 * 1024;

const shape = z
  .object({
    id: z.uuid(),
    email: z
      .string()
      .nullable()
      .describe('In the form in which addresses are compared. Null for a domain and for an erased address.'),
    domain: z.string().nullable(),
    workspace_id: z.uuid().nullable().describe('Null: for the whole organization, with all its workspaces.'),
    reason: z.enum(reasons),
    created_by: z.uuid().nullable().describe('The key that added it.'),
    created_at: z.iso.datetime(),
    message_id: z
      .uuid()
      .nullable()
      .describe('The message that bounced or was complained about; its events have what the server said.'),
    inbound_event_id: z
      .uuid()
      .nullable()
      .describe("The provider's report that it follows from; see GET /v1/inbound-events/{id}."),
  })
  .meta({ id: 'Suppression' });
const example: z.input<typeof shape> = {
  id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f525',
  email: 'ada@lovelace.example',
  domain: null,
  workspace_id: null,
  reason: 'unsubscribed',
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  message_id: null,
  inbound_event_id: null,
};
/** The suppression as the API shows it. */
export const onWire = ({
  id: own,
  workspace_id: workspaceId,
  kind,
  value,
  reason,
  created_by: createdBy,
  created_at: at,
  message_id: messageId,
  inbound_event_id: inboundEventId,
}: Suppression): z.input<typeof shape> => ({
  id: own,
  email: kind === 'email' ? value : null,
  domain: kind === 'domain' ? value : null,
  workspace_id: workspaceId,
  reason,
  created_by: createdBy,
  created_at: at.toISOString(),
  message_id: messageId,
  inbound_event_id: inboundEventId,
});

const api = recordRoutes({
  tag,
  path: '/v1/suppressions',
  noun: 'a suppression',
  plural: 'suppressions',
  scope: 'suppressions',
  id: z.object({ id: z.uuid() }),
  schema: shape,
  example,
  lock: (tx, { organizationId }) => lockAlone(tx, organizationId),
  onWire,
});

const query = listQuery.omit({ tag: true }).extend({
  search: z
    .string()
    .max(1_000)
    .optional()
    .describe(
      'An exact domain, or an exact address, which also finds suppressions of its domain and of the domains above it. Erased addresses are found, too.',
    ),
  reason: z.enum(reasons).optional(),
});

const addition = z.strictObject({
  email: z.string().max(1_000).optional(),
  domain: z.string().max(1_000).optional().describe('Includes all its subdomains. `www` before it is left out.'),
  reason: z.enum(givenReasons).default('manual'),
});
const body = addition
  .extend({
    suppressions: rowsOf(addition).min(1).max(rowsMax).optional().describe('Many suppressions instead of one.'),
    ...namedWorkspace,
  })
  .refine(
    ({ email, domain, suppressions }) =>
      [email, domain, suppressions].filter((each) => each !== undefined).length === 1,
    {
      path: ['email'],
      message: 'is required unless domain or suppressions is given; send exactly one of the three',
    },
  )
  .meta({ oneOf: ['email', 'domain', 'suppressions'].map((field) => ({ required: [field] })) });

const rowShape = z
  .object({
    email: z.string().optional().describe('As it was sent; missing when no text was sent.'),
    domain: z.string().optional(),
    status: z.enum(['created', 'exists', 'rejected']),
    id: z.uuid().optional(),
    reason: z.string().optional().describe('Why it was rejected.'),
  })
  .meta({ id: 'SuppressionRow' });
const summaryShape = z.object({ created: z.int(), exists: z.int(), rejected: z.int() });

type Addition = z.output<typeof addition>;
type Row = z.input<typeof rowShape>;

function read({
  email,
  domain,
  reason,
}: Addition): NewSuppression | { readonly field: 'email' | 'domain'; readonly problem: string } {
  if (email !== undefined && domain !== undefined)
    return { field: 'domain', problem: 'must not be given together with email' };
  if (email !== undefined) {
    const address = parseAddress(email);
    return 'key' in address
      ? { kind: 'email', value: address.key, reason }
      : { field: 'email', problem: address.problem };
  }
  if (domain === undefined) return { field: 'email', problem: 'is required unless domain is given' };
  const value = domainWithoutWww(domain);
  return value === undefined
    ? { field: 'domain', problem: 'must be a domain, such as lovelace.example; its subdomains are included' }
    : { kind: 'domain', value, reason };
}

/** Reads one row of a list. */
function readRow(row: unknown): NewSuppression | { readonly problem: string } {
  const parsed = parseRow(addition, row);
  if ('problem' in parsed) return parsed;
  const wanted = read(parsed.data);
  return 'problem' in wanted ? { problem: `${wanted.field}: ${wanted.problem}` } : wanted;
}

/** The address or domain that was sent, for the result. */
function echoOf(row: unknown): Pick<Row, 'email' | 'domain'> {
  const [email, domain] = [sentText(row, 'email'), sentText(row, 'domain')];
  return { ...(email === undefined ? {} : { email }), ...(domain === undefined ? {} : { domain }) };
}

export const suppressionRoutes = (suppressions: Suppressions, workspaces: WorkspaceDirectory): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/suppressions',
    creates: true,
    record: api.record,
    tag,
    summary: 'Suppress an address or a domain, or many',
    description: `No more email is sent to the address or the domain: from the workspace that the body names or the key is bound to, otherwise from the whole organization with all its workspaces. An existing suppression stays as it is, with its first reason. With \`suppressions\` (1 to ${rowsMax.toLocaleString('en')}), each row has a result, in the order sent: a bad row is \`rejected\` with the reason, the others are added.`,
    scope: 'suppressions:write',
    boundKeys: 'own',
    operationId: 'createSuppressions',
    body,
    bodyBytesMax: bytesMax,
    // A row with NUL characters is rejected like any other bad one.
    opaque: ['suppressions'],
    bodyExample: { email: 'ada@lovelace.example', reason: 'unsubscribed' },
    answers: {
      200: {
        description: 'The suppression already existed; or, for a list, the result of each row.',
        schema: z.union([z.object({ data: shape }), z.object({ data: z.array(rowShape), summary: summaryShape })]),
        example: {
          data: [{ email: 'ada@lovelace.example', status: 'created', id: example.id }],
          summary: { created: 1, exists: 0, rejected: 0 },
        },
      },
      201: { description: 'The suppression.', schema: z.object({ data: shape }), example: { data: example } },
    },
    handle: async ({ body: { workspace_id: workspaceId, workspace, ...given } }, principal) => {
      const editor = await inNamed(workspaces, principal, { workspace_id: workspaceId, workspace });
      if (given.suppressions === undefined) {
        const wanted = read(given);
        if ('problem' in wanted) throw invalid({ [wanted.field]: wanted.problem });
        const [made] = await suppressions.add(editor, [wanted]);
        if (made === undefined) throw unreachable('no result for the suppression');
        return { status: made.created ? 201 : 200, body: { data: onWire(made.suppression) } };
      }
      const rows = given.suppressions.map((row) => ({ row, wanted: readRow(row) }));
      const made = await suppressions.add(
        editor,
        rows.flatMap(({ wanted }) => ('problem' in wanted ? [] : [wanted])),
      );
      let next = 0;
      const data = rows.map(({ row, wanted }): Row => {
        if ('problem' in wanted) return { ...echoOf(row), status: 'rejected', reason: wanted.problem };
        const answer = made[next++];
        if (answer === undefined) throw unreachable(`no result for row ${next - 1}`);
        return { ...echoOf(row), status: answer.created ? 'created' : 'exists', id: answer.suppression.id };
      });
      const count = (status: Row['status']): number => data.filter((row) => row.status === status).length;
      const summary = { created: count('created'), exists: count('exists'), rejected: count('rejected') };
      return { status: 200, body: { data, summary }, storedNothing: summary.rejected === data.length };
    },
  }),
  api.list(
    query,
    (reach, { search, reason }, slice) => suppressions.page(reach, { search, reason, withDomains: true }, slice),
    {
      description:
        '`search` shows whether an address is suppressed, and by what: it finds the suppressions of the address itself, of its domain and of the domains above it. An empty list means that the address is not suppressed. A key that is bound to a workspace sees the suppressions of its workspace only: those of the whole organization apply, too.',
    },
  ),
  api.get(suppressions.get),
  api.remove(suppressions.remove, {
    summary: 'Lift a suppression',
    description:
      'The address or domain can be emailed again, unless the workspace or the whole organization suppresses it, too. Emits `suppression.deleted`. A key that is bound to a workspace gets 403 for a suppression of the whole organization.',
  }),
];
