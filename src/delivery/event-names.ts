import { canonicalTypes, isCanonical } from '../base/event-types.ts';
import type { CanonicalType } from '../base/event-types.ts';

/** Canonical types → the names a vendor has for them. What is not in it, the vendor has not. */
export type Names = Readonly<Partial<Record<CanonicalType, string>>>;

/** These types under their own names. */
export const sameNames = (...types: readonly CanonicalType[]): Names =>
  Object.fromEntries(types.map((type) => [type, type]));

/** A vendor's events alone: types that callers publish themselves do not reach endpoints of it. */
export const eventNameOf =
  (names: Names) =>
  (type: string): string | undefined =>
    isCanonical(type) ? names[type] : undefined;

/** What can be subscribed to in this dialect, in the order of the catalogue; a test is sent on request alone. */
export const subscribable = ({ eventName }: { eventName(type: string): string | undefined }): string[] => [
  ...new Set(canonicalTypes.filter((type) => type !== 'webhook.test').flatMap((type) => eventName(type) ?? [])),
];
