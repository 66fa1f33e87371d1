import { ApiError } from '../base/errors.ts';
import type { Scope } from '../http/route.ts';

/** The resources that scopes can name. Some have no routes yet; keys can already be created for them. */
export const resources = [
  'campaigns',
  'contacts',
  'crm',
  'events',
  'inbound',
  'keys',
  'leads',
  'mailboxes',
  'members',
  'organization',
  'replies',
  'suppressions',
  'tracking',
  'warmup',
  'webhooks',
  'workspaces',
] as const;

/** Every scope a key can have: everything, all reads, all writes, or the reads or writes of one resource. */
export const scopeNames: readonly string[] = [
  '*',
  'read',
  'write',
  ...resources.flatMap((resource) => [`${resource}:read`, `${resource}:write`]),
];

/**
 * Whether a key with `scopes` has the scope `needed`. Write does not imply read: a publisher's key cannot read what others published.
 * @example
 * grants(['write'], 'events:write'); // true
 */
export function grants(scopes: readonly string[], needed: Scope): boolean {
  return scopes.includes(needed) || scopes.includes('*') || scopes.includes(needed.slice(needed.indexOf(':') + 1));
}

/** For routes whose scopes depend on the request, too. @throws ApiError `forbidden`, naming the scopes that the key lacks */
export function assertScopes(
  { scopes, person }: { readonly scopes: readonly string[]; readonly person?: { readonly role: string } | undefined },
  needed: readonly Scope[],
): void {
  const missing = needed.filter((scope) => !grants(scopes, scope));
  if (missing.length > 0)
    throw new ApiError(
      'forbidden',
      `This needs the scope${missing.length === 1 ? '' : 's'} ${missing.join(', ')}; ${person === undefined ? `the key has ${scopes.join(', ')}` : `your role is ${person.role}`}.`,
    );
}

/** Those of `wanted` that a key with the scopes `own` must not grant. */
export function beyond(own: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter(
    (scope) =>
      !own.includes(scope) &&
      !own.includes('*') &&
      !(scope.includes(':') && own.includes(scope.slice(scope.indexOf(':') + 1))),
  );
}
