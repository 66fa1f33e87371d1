/** Contacts of an organization, over the API. */
import assert from 'node:assert/strict';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Caller, Fields } from './caller.ts';
import type { Tenant } from './installation.ts';

export interface RowAnswer extends Fields {
  readonly email: string | null;
  readonly status: 'created' | 'updated' | 'suppressed' | 'rejected';
  readonly id?: string;
  readonly reason?: string;
}

/** A bulk upsert; fails unless it answers 200. */
export async function upsert(caller: Caller, contacts: readonly unknown[], terms: Fields = {}): Promise<RowAnswer[]> {
  const answer = await caller.api('POST', '/v1/contacts', { lawful_basis: 'consent', ...terms, contacts });
  assert.equal(answer.status, 200, answer.text);
  return answer.json.data as RowAnswer[];
}

/** Creates a contact by an upsert. @returns it as the API shows it. */
export async function contact(
  caller: Caller,
  fields: Fields,
  terms?: Fields,
): Promise<Fields & { readonly id: string }> {
  const [row] = await upsert(caller, [fields], terms);
  assert.ok(row?.id !== undefined, row?.reason);
  return (await caller.got('GET', `/v1/contacts/${row.id}`)) as Fields & { id: string };
}

/** The contacts of a page of the list. */
export const listed = async (caller: Caller, query = ''): Promise<Fields[]> =>
  (await caller.api('GET', `/v1/contacts${query === '' ? '?page_size=100' : query}`)).json.data as Fields[];

export interface ContactEvent {
  readonly type: string;
  readonly data: Fields;
}

/** The events about contacts, in order. */
export const contactEvents = async (
  db: Database,
  { organization }: Pick<Tenant, 'organization'>,
): Promise<ContactEvent[]> =>
  (
    await db.query(
      sql<{
        type: string;
        data: Buffer;
      }>`SELECT type, data FROM events WHERE organization_id = ${organization.id} AND type LIKE 'contact.%' ORDER BY id`,
    )
  ).map(({ type, data }) => ({ type, data: JSON.parse(data.toString()) as Fields }));
