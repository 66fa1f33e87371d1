/** How the imports that wrote a contact follow it in a merge. */
import type { Transaction } from '../../db/pool.ts';
import { plainArray, plannedAnew, sql } from '../../db/sql.ts';
import type { Follower } from '../records/index.ts';

const replaceContact = (tx: Transaction, from: string, into: string): Promise<{ import_id: string }[]> =>
  tx.query(sql<{ import_id: string }>`
    UPDATE import_contacts i SET contact_id = ${into}
    WHERE contact_id = ${from} AND NOT EXISTS (SELECT FROM import_contacts o WHERE o.import_id = i.import_id AND o.contact_id = ${into}) RETURNING import_id`);

const removeContact = (tx: Transaction, contact: string): Promise<{ import_id: string }[]> =>
  tx.query(sql<{ import_id: string }>`DELETE FROM import_contacts WHERE contact_id = ${contact} RETURNING import_id`);

const contactBack = (tx: Transaction, from: string, into: string, imports: readonly string[]): Promise<number> =>
  tx.execute(
    plannedAnew(sql`
      UPDATE import_contacts i SET contact_id = ${from} FROM unnest(${plainArray(imports)}::uuid[]) AS m (id)
      WHERE i.import_id = m.id AND i.contact_id = ${into}`),
  );

const addBeside = (tx: Transaction, from: string, into: string, imports: readonly string[]): Promise<number> =>
  tx.execute(sql`
    INSERT INTO import_contacts (import_id, contact_id)
    SELECT o.import_id, ${from}::uuid FROM import_contacts o WHERE o.import_id = ANY(${plainArray(imports)}::uuid[]) AND o.contact_id = ${into} ON CONFLICT DO NOTHING`);

/** `state` has the imports that wrote both contacts. */
export const importsFollower: Follower = {
  kind: 'imports',
  async follow(tx, { fromId, intoId }) {
    const ids = (await replaceContact(tx, fromId, intoId)).map(({ import_id: id }) => id);
    const both = (await removeContact(tx, fromId)).map(({ import_id: id }) => id);
    return { ids, state: both.length === 0 ? undefined : both };
  },
  async goBack(tx, { fromId, intoId }, { ids, state }) {
    await contactBack(tx, fromId, intoId, ids);
    const both = (state ?? []) as readonly string[];
    if (both.length > 0) await addBeside(tx, fromId, intoId, both);
  },
};
