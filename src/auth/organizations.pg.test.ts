import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openTestTenancy } from '../../test/harness/edge.ts';
import type { TestTenancy } from '../../test/harness/edge.ts';
import { ApiError } from '../base/errors.ts';
import { allKeys, createKey } from './keys.ts';
import {
  createOrganization,
  listOrganizations,
  organizationById,
  organizationBySlug,
  sandboxOf,
  setAlertEmail,
  setPlan,
} from './organizations.ts';
import { createWorkspace, findWorkspace } from './workspaces.ts';

let tenancy: TestTenancy;
before(async () => {
  tenancy = await openTestTenancy();
});
after(() => tenancy.close());

const refused =
  (name: ApiError['error'], field?: string) =>
  (error: unknown): boolean =>
    error instanceof ApiError &&
    error.error === name &&
    (field === undefined || Object.keys(error.details ?? {}).includes(field));

test('an organization is created with its own data key and can be found', async () => {
  const made = await createOrganization(tenancy, { slug: 'first', plan: 'scale', alertEmail: 'ops@example.com' });
  assert.deepEqual(await organizationBySlug(tenancy.db, 'first'), made);
  assert.deepEqual(await organizationById(tenancy.db, made.id), made);
  assert.ok((await listOrganizations(tenancy.db)).some(({ id }) => id === made.id));
  const sealed = await tenancy.vault.seal(tenancy.db, made.id, 'a secret', 'test');
  assert.equal((await tenancy.vault.open(tenancy.db, made.id, sealed, 'test')).toString(), 'a secret');
  await setAlertEmail(tenancy, made.id, undefined);
  assert.equal((await organizationById(tenancy.db, made.id)).alertEmail, undefined);
});

test('invalid slugs, plans and addresses are refused', async () => {
  for (const slug of ['', 'Upper', '-x', 'x'.repeat(56), 'a b', 'acme-sandbox'])
    await assert.rejects(
      createOrganization(tenancy, { slug, plan: 'growth' }),
      refused('validation_failed', 'slug'),
      slug,
    );
  await assert.rejects(createOrganization(tenancy, { slug: 'ok', plan: 'gold' }), refused('validation_failed', 'plan'));
  await assert.rejects(
    createOrganization(tenancy, { slug: 'ok', plan: 'growth', alertEmail: 'ops@mail.local' }),
    refused('validation_failed', 'alert_email'),
  );
  await createOrganization(tenancy, { slug: 'x'.repeat(55), plan: 'growth' });
  await assert.rejects(createOrganization(tenancy, { slug: 'x'.repeat(55), plan: 'growth' }), refused('conflict'));
  assert.equal(
    (await sandboxOf(tenancy, tenancy.db, await organizationBySlug(tenancy.db, 'x'.repeat(55)))).slug.length,
    63,
  );
  await assert.rejects(organizationBySlug(tenancy.db, 'nobody'), refused('not_found'));
});

test('a change of plan applies to the organization and its sandbox, and is refused for a sandbox alone', async () => {
  const live = await createOrganization(tenancy, { slug: 'planned', plan: 'growth' });
  const sandbox = await sandboxOf(tenancy, tenancy.db, live);
  assert.equal(sandbox.plan, 'growth');
  await setPlan(tenancy, 'planned', 'enterprise');
  assert.equal((await organizationById(tenancy.db, live.id)).plan, 'enterprise');
  assert.equal((await organizationById(tenancy.db, sandbox.id)).plan, 'enterprise');
  await assert.rejects(setPlan(tenancy, 'planned-sandbox', 'free'), refused('conflict'));
  await assert.rejects(setPlan(tenancy, 'planned', 'gold'), refused('validation_failed', 'plan'));
  await assert.rejects(setPlan(tenancy, 'nobody', 'free'), refused('not_found'));
});

test('creating a key requires a plan with the API, known scopes and a future expiry', async () => {
  for (const plan of ['free', 'starter']) {
    const small = await createOrganization(tenancy, { slug: plan, plan });
    await assert.rejects(
      createKey(tenancy, small, { name: 'x', scopes: ['*'] }),
      (error) => refused('plan')(error) && new RegExp(`growth.*${plan}`).test(String(error)),
    );
  }
  const organization = await createOrganization(tenancy, { slug: 'keyed', plan: 'growth' });
  await assert.rejects(
    createKey(tenancy, organization, { name: 'x', scopes: ['nothing:at-all'] }),
    refused('validation_failed', 'scopes'),
  );
  await assert.rejects(
    createKey(tenancy, organization, { name: 'x', scopes: [] }),
    refused('validation_failed', 'scopes'),
  );
  await assert.rejects(
    createKey(tenancy, organization, { name: 'x', scopes: ['*'], expiresAt: new Date(tenancy.clock.now()) }),
    refused('validation_failed', 'expires_at'),
  );
  const made = await createKey(tenancy, organization, { name: 'x', scopes: ['contacts:read'] });
  const listed = (await allKeys(tenancy.db)).find(({ id }) => id === made.id);
  const { key: _, ...shown } = made;
  assert.deepEqual(listed, shown);
});

test('a workspace is found by name or by id', async () => {
  const organization = await createOrganization(tenancy, { slug: 'spaces', plan: 'growth' });
  const workspace = await createWorkspace(tenancy, organization.id, { name: 'client a', externalId: 'a-1' });
  assert.deepEqual(await findWorkspace(tenancy.db, organization.id, 'client a'), workspace);
  assert.deepEqual(await findWorkspace(tenancy.db, organization.id, 'a-1'), workspace);
  assert.deepEqual(await findWorkspace(tenancy.db, organization.id, workspace.id), workspace);
  await assert.rejects(findWorkspace(tenancy.db, organization.id, 'client b'), refused('not_found'));
});
