import { isDeepStrictEqual } from 'node:util';
import type { Principal } from '../../http/route.ts';
import type { KeyId, OrganizationId } from '../../base/ids.ts';

/** Who changes records; a `Principal` is one. Records belong to the organization, whatever the workspace. */
export interface Editor {
  readonly organizationId: OrganizationId;
  readonly keyId?: KeyId;
}

/** Who did it, as events say it. */
export const actorOf = ({ keyId }: Pick<Principal, 'keyId'> | Editor): { type: 'key' | 'system'; id: string | null } =>
  keyId === undefined ? { type: 'system', id: null } : { type: 'key', id: keyId };

/** The names of those fields whose values differ, in the order given. Dates, lists and objects are compared by what is in them. */
export const changedFields = <Row extends object>(
  before: Row,
  after: Row,
  fields: readonly (keyof Row & string)[],
): string[] => fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));

/** Values by key; null takes a value away. */
export type CustomValues = Readonly<Record<string, unknown>>;

/** Custom fields after a change: those given count, null takes one away, the others stay. */
export const mergedValues = (before: CustomValues, given: CustomValues): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));

/** In the order given, without repeats. */
export const tagsOf = (tags: readonly string[]): string[] => [
  ...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== '')),
];
