import type { Address } from '../../base/email-address.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Owner } from '../records/index.ts';
import { holdersOf, holdersOfFurther } from './addresses-queries.ts';
import type { Target } from './upsert-write.ts';

interface Row {
  readonly address: Address;
  readonly emails?: readonly Address[] | undefined;
}

/** Which rows of an upsert are about the same contact. */
interface Targets {
  /** The target of a row, which from then on has the addresses of the row, too; or why the row cannot have one. */
  of(row: Row, suppressed: { has(key: string): boolean }): Target | { readonly details: ErrorDetails };
  /** The targets that have rows. */
  used(): Target[];
}

const belongToSeveral = 'belong to different contacts';

/**
 * Finds the contacts that rows are about by any of their addresses, with one statement. The lock of suppressions must be held, so that the addresses of
 * contacts do not change; the exclusive one if rows have `emails`.
 */
export async function createTargets(tx: Transaction, owner: Owner, rows: readonly Row[]): Promise<Targets> {
  const byKey = new Map<string, Target>();
  // What rows with a single address need of primary addresses, the insert finds out.
  const holders = await (rows.some(({ emails }) => emails !== undefined) ? holdersOf : holdersOfFurther)(
    tx,
    owner,
    rows.flatMap(({ address, emails }) => (emails ?? [address]).map(({ key }) => key)),
  );
  for (const [id, [one, ...others]] of Map.groupBy(holders, (holder) => holder.id)) {
    if (one === undefined) continue;
    const address = { email: one.email, key: one.email_key };
    const target: Target = { contactId: id, address, emails: undefined, changes: [], rows: [] };
    for (const key of [address.key, one.of_key, ...others.map((holder) => holder.of_key)]) byKey.set(key, target);
  }
  return {
    of({ address, emails }, suppressed) {
      const addresses = emails ?? [address];
      const found = new Set(addresses.flatMap(({ key }) => byKey.get(key) ?? []));
      if (found.size > 1) return { details: { emails: belongToSeveral } };
      const [own] = found;
      const refused = addresses.find(({ key }) => suppressed.has(key) && (own === undefined || byKey.get(key) !== own));
      if (refused !== undefined)
        return { details: { emails: `${refused.email} is suppressed; lift the suppression first` } };
      const target = own ?? { contactId: undefined, address, emails: undefined, changes: [], rows: [] };
      if (emails !== undefined) target.emails = emails;
      for (const { key } of addresses) byKey.set(key, target);
      return target;
    },
    used: () => [...new Set(byKey.values())].filter((target) => target.rows.length > 0),
  };
}
