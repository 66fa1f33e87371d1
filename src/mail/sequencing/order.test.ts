import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { candidatesMax, inOrder } from './order.ts';
import type { CampaignTurn, DueLead } from './order.ts';

const lead = (id: string, campaignId: string, more: Partial<DueLead> = {}): DueLead => ({
  id,
  campaignId,
  domain: `${id}.example`,
  dueMs: 0,
  isNew: false,
  ...more,
});
const turns = (...all: [string, Partial<CampaignTurn>?][]): Map<string, CampaignTurn> =>
  new Map(all.map(([id, turn]) => [id, { newLeadsFirst: false, servedMs: null, ...turn }]));
const idsOf = (...args: Parameters<typeof inOrder>): string[] => inOrder(...args).map(({ id }) => id);

describe('the order of candidates', () => {
  test('C7: follow-ups come before new leads, unless the campaign says otherwise', () => {
    const due = [lead('new', 'a', { isNew: true }), lead('old', 'a')];
    assert.deepEqual(idsOf(due, turns(['a'])), ['old', 'new']);
    assert.deepEqual(idsOf(due, turns(['a', { newLeadsFirst: true }])), ['new', 'old']);
  });

  test('C7: campaigns take turns: the one served longest ago comes first', () => {
    const due = ['a', 'b'].flatMap((campaign) => [1, 2].map((n) => lead(`${campaign}${n}`, campaign, { dueMs: n })));
    assert.deepEqual(idsOf(due, turns(['a', { servedMs: 2 }], ['b', { servedMs: 1 }])), ['b1', 'a1', 'b2', 'a2']);
    assert.deepEqual(idsOf(due, turns(['a', { servedMs: 2 }], ['b'])), ['b1', 'a1', 'b2', 'a2']);
  });

  test('C7: every lead is sent in the end, however the others are distributed', () => {
    const leads = fc.array(
      fc.record({
        campaign: fc.constantFrom('a', 'b', 'c'),
        domain: fc.nat({ max: 4 }),
        dueMs: fc.nat({ max: 9 }),
        isNew: fc.boolean(),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(leads, (made) => {
        let waiting = made.map(({ campaign, domain, dueMs, isNew }, index) =>
          lead(`${index}`, campaign, { domain: `${domain}`, dueMs, isNew }),
        );
        const served = turns(['a'], ['b'], ['c']);
        for (let now = 1; waiting.length > 0; now += 1) {
          const candidates = inOrder(waiting, served);
          assert.equal(new Set(candidates.map(({ domain }) => domain)).size, candidates.length);
          assert.ok(candidates.length <= candidatesMax);
          const [first] = candidates;
          assert.ok(first !== undefined, 'a due lead is never without a turn');
          served.set(first.campaignId, { newLeadsFirst: false, servedMs: now });
          waiting = waiting.filter(({ id }) => id !== first.id);
        }
      }),
    );
  });
});
