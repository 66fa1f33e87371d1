import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { crmScene } from '../../../test/harness/crm.ts';
import { sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Suppressions } from './index.ts';

describe('an erased address', () => {
  const scene = crmScene();
  let suppressions: Suppressions;
  let organizationId: OrganizationId;
  const ada = { kind: 'email', value: 'ada@lovelace.example' } as const;
  before(async () => {
    ({ suppressions } = scene.crm);
    ({ organizationId } = await scene.crm.editor());
  });

  for (const [what, address] of [
    ['suppressed before the erasure', ada],
    ['not suppressed before', { kind: 'email', value: 'grace@hopper.example' }],
  ] as const) {
    test(`${what} stays suppressed, and nothing reveals which address it was`, async () => {
      const { db } = scene.crm;
      if (address === ada) await suppressions.add({ organizationId }, [{ ...ada, reason: 'unsubscribed' }]);
      const told = async () => db.query(sql<{ data: Buffer }>`SELECT data FROM events ORDER BY id`);
      const before = (await told()).length;
      const [erased] = await suppressions.add({ organizationId }, [{ ...address, reason: 'erased' }]);
      const row = await suppressions.get({ organizationId }, String(erased?.suppression.id));
      assert.equal(row.value, null);
      assert.equal(row.reason, address === ada ? 'unsubscribed' : 'erased');
      for (const { data } of (await told()).slice(before))
        assert.ok(!data.toString().includes(address.value.split('@')[1] ?? ''), data.toString());
      const asked = { key: address.value, domain: address.value.split('@')[1] ?? '' };
      assert.deepEqual(
        await suppressions.suppressed(db, { organizationId, workspaceId: null }, [
          asked,
          { key: `other@${asked.domain}`, domain: asked.domain },
        ]),
        new Map([[asked.key, 'email']]),
      );
      assert.deepEqual(
        (await suppressions.page({ organizationId }, { search: address.value }, { limit: 5, offset: 0 })).rows,
        [row],
      );
      const [again] = await suppressions.add({ organizationId }, [{ ...address, reason: 'manual' }]);
      assert.deepEqual([again?.created, again?.suppression.value], [false, null]);
    });
  }
});
