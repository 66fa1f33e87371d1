import { z } from 'zod';
import { ApiError, notFound } from '../../base/errors.ts';
import { saveVerdicts } from '../../crm/contacts/index.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { Reach as CrmReach } from '../../crm/records/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import { reasons } from './verdict.ts';
import type { Reason } from './verdict.ts';
import { verifyOne } from './verification.ts';
import type { VerificationOptions } from './verification.ts';

/** Contacts by id, deleted ones too. */
export type ContactsOf = (on: Queryable, reach: CrmReach, ids: readonly string[]) => Promise<Contact[]>;

const shape = z
  .object({
    email: z.string(),
    verdict: z.enum(['deliverable', 'risky', 'undeliverable', 'unknown']),
    reasons: z
      .array(z.enum(Object.keys(reasons) as [Reason, ...Reason[]]))
      .describe('What speaks for the verdict, the decisive ones first.'),
    suggestion: z.string().nullable().describe('The address that was probably intended.'),
    provider: z
      .string()
      .nullable()
      .describe("Who receives the domain's mail, by its mail exchangers; null: not known."),
    verified_at: z.iso.datetime(),
  })
  .meta({ id: 'Verification' });

export const verificationRoutes = (
  options: VerificationOptions & { readonly contactsOf: ContactsOf },
): readonly Route[] => [
  route({
    method: 'POST',
    path: '/v1/contacts/:id/verify',
    tag: 'Contacts',
    summary: "Verify a contact's address",
    description:
      'Judges the address by its form, the DNS, what happened to earlier messages and, if there is one, the verifier of the organization, and stores the verdict with the contact. No message is sent. Mail servers of recipients are asked only if the operator has set `OUTRIDER_SMTP_PROBE_FROM`.',
    scope: 'contacts:write',
    boundKeys: 'own',
    operationId: 'verifyContact',
    params: z.object({ id: z.uuid() }),
    answers: {
      200: {
        description: 'The verdict.',
        schema: dataOf(shape),
        example: {
          data: {
            email: 'info@lovelace.example',
            verdict: 'risky',
            reasons: ['role', 'domain_accepts_mail'],
            suggestion: null,
            provider: 'google',
            verified_at: '2026-01-05T09:00:00.000Z',
          },
        },
      },
      409: { description: 'The contact has no address.' },
    },
    handle: async ({ params, signal }, principal) => {
      const { organizationId, sandbox } = principal;
      const [contact] = await options.contactsOf(options.db, principal, [params.id]);
      if (contact === undefined || contact.deleted_at !== null) throw notFound('Contact');
      if (contact.email === null)
        throw new ApiError('conflict', 'The contact has no address. Add one, then verify it.');
      const finding = await verifyOne(options, { id: organizationId, sandbox }, contact.email, signal);
      const at = new Date(await options.nowOf(options.db, organizationId));
      const address = parseAddress(contact.email);
      if ('key' in address)
        await options.db.transaction((tx) => saveVerdicts(tx, principal, [{ ...finding, key: address.key }], at));
      const { isOpen: _isOpen, waits: _waits, ...shown } = finding;
      return { status: 200, body: { data: { email: contact.email, ...shown, verified_at: at.toISOString() } } };
    },
  }),
];
