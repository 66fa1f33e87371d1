import type { Scope } from '../http/route.ts';

/** What scopes can name. Keys may already be made for the resources whose routes are still to come. */
export const resources = [
  'campaigns',
  'contacts',
  'crm',
  'events',
  'inbound',
  'keys',
  'leads',
  'mailboxes',
  'organization',
  'replies',
  'suppressions',
  'tracking',
  'warmup',
  'webhooks',
  'workspaces',
] as const;

/** All a key's scopes can say: everything, all reads, all writes, or one resource's reads or writes. */
export const scopeNames: readonly string[] = [
  '*',
  'read',
  'write',
  ...resources.flatMap((resource) => [`${resource}:read`, `${resource}:write`]),
];

/** Does a key with `scopes` have `needed`? Writing does not imply reading: a publisher's key cannot read what others published. */
export function grants(scopes: readonly string[], needed: Scope): boolean {
  return scopes.includes(needed) || scopes.includes('*') || scopes.includes(needed.slice(needed.indexOf(':') + 1));
}

/** Those of `wanted` that a holder of `own` may not hand on. */
export function beyond(own: readonly string[], wanted: readonly string[]): string[] {
  return wanted.filter(
    (scope) =>
      !own.includes(scope) &&
      !own.includes('*') &&
      !(scope.includes(':') && own.includes(scope.slice(scope.indexOf(':') + 1))),
  );
}
