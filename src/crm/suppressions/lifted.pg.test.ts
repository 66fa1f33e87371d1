import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { crmScene, toldOf } from '../../../test/harness/crm.ts';
import type { CrmInstallation } from '../../../test/harness/crm.ts';
import { testMasterKey } from '../../../test/harness/engine.ts';
import { sql } from '../../db/sql.ts';
import { contactIdsByEmail } from '../contacts/index.ts';
import type { Editor } from '../records/index.ts';
import { createVault } from '../../encryption/vault.ts';
import { createSuppressions } from './index.ts';
import type { NewSuppression, Suppression } from './index.ts';

describe('lifting a suppression', () => {
  const scene = crmScene();
  const { clock } = scene;
  let crm: CrmInstallation;
  let me: Editor;

  beforeEach(() => {
    ({ crm, me } = scene);
  });

  const ada = { kind: 'email', value: 'ada@lovelace.example', reason: 'complaint' } as const;
  const suppress = async (what: NewSuppression): Promise<Suppression> =>
    (await crm.suppressions.add(me, [what]))[0]?.suppression ?? assert.fail();
  const told = async (who = me) =>
    (await toldOf(crm, who.organizationId)).filter(({ type }) => type.startsWith('suppression.'));
  const key = () => ({ type: 'key', id: me.keyId });

  test('emits the address or domain, the live contact with the address, the reason and the actor', async () => {
    const contact = await crm.contacts.create(me, { email: 'Ada@lovelace.example' });
    const address = await suppress(ada);
    const domain = await suppress({ kind: 'domain', value: 'lovelace.example', reason: 'manual' });
    await crm.suppressions.remove(me, address.id);
    await crm.contacts.remove(me, contact.id);
    await crm.suppressions.remove({ organizationId: me.organizationId }, domain.id);
    const ofAddress = {
      suppression_id: address.id,
      workspace_id: null,
      email: ada.value,
      domain: null,
      contact_id: contact.id,
      reason: 'complaint',
    };
    const ofDomain = {
      suppression_id: domain.id,
      workspace_id: null,
      email: null,
      domain: 'lovelace.example',
      contact_id: null,
      reason: 'manual',
    };
    assert.deepEqual(await told(), [
      { type: 'suppression.created', data: { ...ofAddress, actor: key() } },
      { type: 'suppression.created', data: { ...ofDomain, actor: key() } },
      { type: 'suppression.deleted', data: { ...ofAddress, actor: key() } },
      { type: 'suppression.deleted', data: { ...ofDomain, actor: { type: 'system', id: null } } },
    ]);
  });

  test('of an erased address emits neither the address nor the contact that has it now', async () => {
    const { id } = await suppress(ada);
    await suppress({ ...ada, reason: 'erased' });
    await crm.suppressions.remove(me, id);
    const [, deleted] = await told();
    assert.deepEqual(deleted, {
      type: 'suppression.deleted',
      data: {
        suppression_id: id,
        workspace_id: null,
        email: null,
        domain: null,
        contact_id: null,
        reason: 'complaint',
        actor: key(),
      },
    });
    assert.equal((await crm.contacts.create(me, { email: ada.value })).email, ada.value);
  });

  test('emits once; unknown suppressions and those of another organization are not found and emit nothing', async () => {
    const { id } = await suppress(ada);
    const stranger = await crm.editor();
    await assert.rejects(crm.suppressions.remove(stranger, id), { error: 'not_found' });
    assert.deepEqual(await told(stranger), []);
    assert.equal((await crm.suppressions.get({ organizationId: me.organizationId }, id)).id, id);
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => crm.suppressions.remove(me, id)));
    assert.deepEqual(outcomes.map(({ status }) => status).toSorted(), ['fulfilled', 'rejected', 'rejected']);
    assert.deepEqual(
      (await told()).map(({ type }) => type),
      ['suppression.created', 'suppression.deleted'],
    );
  });

  test('has no effect and emits nothing if its transaction is rolled back', async () => {
    const { id } = await suppress(ada);
    const { db, ids } = crm;
    const failing = createSuppressions({
      workspaces: { of: () => null },
      db: {
        ...db,
        transaction: (work) =>
          db.transaction(async (tx) => {
            await work(tx);
            throw new Error('Connection terminated');
          }),
      },
      clock,
      ids,
      vault: createVault(testMasterKey),
      emitAll: crm.events.emitAll,
      contactIds: contactIdsByEmail,
    });
    await assert.rejects(failing.remove(me, id), /Connection terminated/);
    assert.deepEqual(
      (await told()).map(({ type }) => type),
      ['suppression.created'],
    );
    assert.equal((await crm.suppressions.get({ organizationId: me.organizationId }, id)).value, ada.value);
  });

  test('waits for transactions that write contacts, and for transactions that suppress', async () => {
    const { db, until } = crm;
    for (const hold of [crm.suppressions.hold, crm.suppressions.lock]) {
      const { id } = await suppress(ada);
      const lifting = await db.transaction(async (tx) => {
        await hold(tx, me.organizationId);
        const promise = crm.suppressions.remove(me, id).catch((error: unknown) => error);
        await until(
          async () =>
            (
              await db.query(
                sql`SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
              )
            ).length === 1,
          'the lifting waits',
        );
        assert.equal((await crm.suppressions.get({ organizationId: me.organizationId }, id)).id, id);
        return { promise };
      });
      assert.equal(await lifting.promise, undefined);
    }
  });
});
