/** A person, erasures over the API, and a search of all tables for traces of the person. */
import assert from 'node:assert/strict';
import type { Database } from '../../src/db/pool.ts';
import { sql } from '../../src/db/sql.ts';
import type { Caller, Fields } from './caller.ts';
import { asTimePasses } from './installation.ts';
import type { Installation } from './installation.ts';

export const email = 'Zephyrine.Quux@Quux-Mail.example';
/** Its second address. */
export const secondEmail = 'zephyrine@quux-home.example';
export const person = {
  email,
  emails: [
    { email, primary: true },
    { email: secondEmail, primary: false },
  ],
  first_name: 'Zephyrine',
  last_name: 'Quuxington',
  phone: '+44 20 7946 0999',
  notes: 'Collects zithers',
  tags: ['zitherist'],
};
/** None of these may remain, in upper or lower case. */
const traces = ['zephyrine', 'quux', '7946 0999', '79460999', 'zithers'];

export interface ErasureView extends Fields {
  readonly id: string;
  readonly state: string;
}

export const erase = async (who: Caller, id: string): Promise<ErasureView> =>
  (await who.got('POST', `/v1/contacts/${id}/erase`)) as ErasureView;
export const look = async (who: Caller, id: string): Promise<ErasureView> =>
  (await who.got('GET', `/v1/erasures/${id}`)) as ErasureView;

/** Waits until the erasure is complete. @returns it as the API shows it. */
export async function finished(product: Installation, who: Caller, id: string): Promise<ErasureView> {
  await asTimePasses(
    product,
    async () => (await look(who, id)).state === 'completed',
    'the erasure is complete',
    10_000,
  );
  return look(who, id);
}

/** The tables in which a row, as text and with its bytes decoded, contains a trace of the person; partitions count as their table. */
export async function tablesWith(db: Database): Promise<string[]> {
  const found = new Set<string>();
  const tables = await db.query(
    sql<{
      name: string;
    }>`SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  assert.ok(tables.length > 20);
  for (const { name } of tables) {
    const rows = await db.query<{ text: string }>({
      name: '',
      text: `SELECT t::text AS text FROM "${name}" t`,
      values: [],
    });
    for (const { text } of rows) {
      const bytes = [...text.matchAll(/x([0-9a-f]{2,})/g)].map(([, hex = '']) => Buffer.from(hex, 'hex').toString());
      const all = [text, ...bytes].join('\n').toLowerCase();
      if (traces.some((trace) => all.includes(trace)))
        found.add(name.replace(/_\d{8}$|_p?\d{4}_\d\d_\d\d$|_default$/, ''));
    }
  }
  return [...found].sort();
}
