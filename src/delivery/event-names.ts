import { canonicalTypes, isCanonical } from '../base/event-types.ts';
import type { CanonicalType } from '../base/event-types.ts';

/** Canonical types → a vendor's names for them. The vendor does not have types that are missing. */
export type Names = Readonly<Partial<Record<CanonicalType, string>>>;

/** Maps types to their own names. */
export const sameNames = (...types: readonly CanonicalType[]): Names =>
  Object.fromEntries(types.map((type) => [type, type]));

/** Only the vendor's events: types that callers publish themselves do not reach its endpoints. */
export const eventNameOf =
  (names: Names) =>
  (type: string): string | undefined =>
    isCanonical(type) ? names[type] : undefined;

/** The types that an endpoint of this dialect can subscribe to, in the order of the catalogue. Tests are sent only on request. */
export const subscribable = ({ eventName }: { eventName(type: string): string | undefined }): string[] => [
  ...new Set(canonicalTypes.filter((type) => type !== 'webhook.test').flatMap((type) => eventName(type) ?? [])),
];
