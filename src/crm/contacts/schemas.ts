import { z } from 'zod';
import { exampleIds } from '../../events/index.ts';
import { sentText } from '../records/index.ts';
import { contactKind } from './contact.ts';
import type { UpsertResult } from './upsert.ts';

export const contactShape = contactKind.shape
  .extend({ deleted_at: z.iso.datetime().nullable() })
  .meta({ id: 'Contact' });

export const contactExample: z.input<typeof contactShape> = {
  ...contactKind.example(exampleIds.contact),
  deleted_at: null,
};

export const rowShape = z
  .object({
    email: z.string().nullable().describe('As it was sent; null when no text was sent.'),
    status: z.enum(['created', 'updated', 'suppressed', 'rejected']),
    id: z.uuid().optional().describe('The id of the contact, if there is one.'),
    reason: z.string().optional().describe('Why it was rejected.'),
  })
  .meta({ id: 'ContactRow' });
type Row = z.input<typeof rowShape>;

export const summaryShape = z.object({ created: z.int(), updated: z.int(), suppressed: z.int(), rejected: z.int() });

/** The results of the rows: a contact that already had the values of its row counts as updated. */
export function upsertAnswer(
  rows: readonly unknown[],
  results: readonly UpsertResult[],
): { data: Row[]; summary: z.input<typeof summaryShape> } {
  const summary = { created: 0, updated: 0, suppressed: 0, rejected: 0 };
  const data = results.map((result, index): Row => {
    const status = result.status === 'unchanged' || result.status === 'restored' ? 'updated' : result.status;
    summary[status] += 1;
    return {
      email: sentText(rows[index], 'email') ?? null,
      status,
      ...('id' in result ? { id: result.id } : {}),
      ...('reason' in result ? { reason: result.reason } : {}),
    };
  });
  return { data, summary };
}
