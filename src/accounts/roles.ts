import { resources } from '../auth/index.ts';

export const roles = ['owner', 'admin', 'member', 'viewer'] as const;
export type Role = (typeof roles)[number];

/** What only owners and admins read. */
const guarded: ReadonlySet<string> = new Set(['keys']);
/** What a member changes. */
const work = ['campaigns', 'contacts', 'crm', 'leads', 'mailboxes', 'replies', 'suppressions', 'warmup'] as const;

const viewer = resources.filter((resource) => !guarded.has(resource)).map((resource) => `${resource}:read`);

/** The scopes of a role. Only `*` lets a caller change owners; an admin cannot grant it, because no caller grants more than it has. */
export const scopesOfRole: Readonly<Record<Role, readonly string[]>> = {
  owner: ['*'],
  admin: ['read', 'write'],
  member: [...viewer, ...work.map((resource) => `${resource}:write`)],
  viewer,
};

/** A role that this version does not know (written by another version) may only read. */
export const roleOf = (text: string): Role => roles.find((role) => role === text) ?? 'viewer';

/** Whether a caller may make an owner, or change one. */
export const changesOwners = ({ scopes }: { readonly scopes: readonly string[] }): boolean => scopes.includes('*');
