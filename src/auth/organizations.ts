import type { Clock } from '../base/clock.ts';
import { announce } from '../db/bus.ts';
import type { Bus } from '../db/bus.ts';
import type { Database, Queryable } from '../db/pool.ts';
import { ApiError, invalid, notFound, unreachable } from '../base/errors.ts';
import type { Ids, OrganizationId } from '../base/ids.ts';

import type { Vault } from '../encryption/vault.ts';
import { alertAddressProblem } from './alert-address.ts';
import { isPlan, plans } from './plans.ts';
import * as queries from './queries.ts';

/** Dependencies of this slice's functions. */
export interface Tenancy {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  /** Undefined where no calls are authenticated, as in the CLI. */
  readonly bus?: Pick<Bus, 'announce'> | undefined;
}

export interface Organization {
  readonly id: OrganizationId;
  readonly slug: string;
  readonly plan: string;
  /** Set on a sandbox. */
  readonly liveOrganizationId: OrganizationId | undefined;
  readonly alertEmail: string | undefined;
  /** 8 base32 characters that never change, in keys and in URLs that work without a key. */
  readonly tag: string;
  readonly createdAt: Date;
}

/** The column allows 63 characters, including the suffix `-sandbox`. */
const slugPattern = /^[a-z0-9][a-z0-9-]{0,54}$/;
const sandboxSuffix = '-sandbox';

const organizationOf = (row: queries.OrganizationRow): Organization => ({
  id: row.id,
  slug: row.slug,
  plan: row.plan,
  liveOrganizationId: row.live_organization_id ?? undefined,
  alertEmail: row.alert_email ?? undefined,
  tag: row.tag,
  createdAt: row.created_at,
});

const planProblem = (plan: string): Record<string, string> =>
  isPlan(plan) ? {} : { plan: `must be one of ${plans.join(', ')}` };

/**
 * Creates a live organization with a data key of its own.
 * @throws ApiError `validation_failed` for an invalid slug, plan or address; `conflict` if the slug is taken.
 */
export async function createOrganization(
  tenancy: Tenancy,
  input: { slug: string; plan: string; alertEmail?: string | undefined },
): Promise<Organization> {
  const addressProblem = input.alertEmail === undefined ? undefined : alertAddressProblem(input.alertEmail);
  const problems = {
    ...(slugPattern.test(input.slug)
      ? {}
      : { slug: 'must have 1 to 55 lowercase letters, digits or hyphens, and begin with a letter or digit' }),
    ...(input.slug.endsWith(sandboxSuffix)
      ? { slug: `must not end in ${sandboxSuffix}, which is reserved for sandboxes` }
      : {}),
    ...planProblem(input.plan),
    ...(addressProblem === undefined ? {} : { alert_email: addressProblem }),
  };
  if (Object.keys(problems).length > 0) throw invalid(problems);
  const row = await queries.insertOrganization(
    tenancy.db,
    newOrganization(tenancy, {
      slug: input.slug,
      plan: input.plan,
      alert_email: input.alertEmail ?? null,
      live_organization_id: null,
    }),
  );
  if (row === undefined) throw new ApiError('conflict', `The organization ${input.slug} already exists.`);
  return organizationOf(row);
}

export const listOrganizations = async (db: Queryable): Promise<Organization[]> =>
  (await queries.organizations(db)).map(organizationOf);

/** @throws ApiError `not_found` */
export async function organizationBySlug(db: Queryable, slug: string): Promise<Organization> {
  const row = await queries.organizationBySlug(db, slug);
  if (row === undefined) throw notFound(`Organization ${slug}`);
  return organizationOf(row);
}

/** @throws ApiError `not_found` */
export async function organizationById(db: Queryable, id: OrganizationId): Promise<Organization> {
  const row = await queries.organizationById(db, id);
  if (row === undefined) throw notFound('Organization');
  return organizationOf(row);
}

/**
 * Sets the plan of an organization and its sandbox, and notifies every process.
 * @throws ApiError `not_found`, `validation_failed` for an unknown plan, `conflict` for a sandbox's slug.
 */
export async function setPlan(tenancy: Tenancy, slug: string, plan: string): Promise<Organization> {
  const problem = planProblem(plan);
  if (Object.keys(problem).length > 0) throw invalid(problem);
  return tenancy.db.transaction(async (tx) => {
    const organization = await organizationBySlug(tx, slug);
    if (organization.liveOrganizationId !== undefined)
      throw new ApiError('conflict', `${slug} is a sandbox, and always has the plan of its live organization.`);
    await queries.updatePlan(tx, organization.id, plan, new Date(tenancy.clock.now()));
    await announce(tx, { kind: 'keys' });
    return { ...organization, plan };
  });
}

/** The organizations whose alerts are mailed to the address. */
export const organizationsAlerting = async (db: Queryable, email: string): Promise<OrganizationId[]> =>
  (await queries.organizationsAlerting(db, email)).map(({ id }) => id);

/** Sets where alerts about an organization are mailed; `undefined`: nowhere. */
export async function setAlertEmail(
  tenancy: Tenancy,
  id: OrganizationId,
  alertEmail: string | undefined,
): Promise<void> {
  await queries.updateAlertEmail(tenancy.db, id, alertEmail ?? null, new Date(tenancy.clock.now()));
}

/** The sandbox of a live organization, created on first use. Safe to call concurrently. */
export async function sandboxOf(tenancy: Tenancy, db: Queryable, live: Organization): Promise<Organization> {
  const present = await queries.sandboxOf(db, live.id);
  if (present !== undefined) return organizationOf(present);
  const row = newOrganization(tenancy, {
    slug: `${live.slug}${sandboxSuffix}`,
    plan: live.plan,
    alert_email: live.alertEmail ?? null,
    live_organization_id: live.id,
  });
  await queries.insertOrganization(db, row);
  // Another process may have created it first: use the stored row.
  const stored = await queries.sandboxOf(db, live.id);
  if (stored === undefined) throw unreachable(`no sandbox of ${live.slug} after its insert`);
  return organizationOf(stored);
}

function newOrganization(
  tenancy: Tenancy,
  given: Omit<queries.OrganizationRow, 'id' | 'tag' | 'created_at'>,
): queries.NewOrganization {
  const id = tenancy.ids.next<OrganizationId>();
  return { id, ...given, ...tenancy.vault.create(id), created_at: new Date(tenancy.clock.now()) };
}

/** The organization `default` of a new installation. @returns `created: true` in exactly one of the processes that start at the same time. */
export async function ensureDefaultOrganization(
  tenancy: Tenancy,
  db: Queryable,
): Promise<{ organization: Organization; created: boolean }> {
  const slug = 'default';
  const present = await queries.organizationBySlug(db, slug);
  if (present !== undefined) return { organization: organizationOf(present), created: false };
  const row = newOrganization(tenancy, { slug, plan: 'unlimited', alert_email: null, live_organization_id: null });
  const created = await queries.insertOrganization(db, row);
  return {
    organization: created === undefined ? await organizationBySlug(db, slug) : organizationOf(created),
    created: created !== undefined,
  };
}
