import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { companyKeyOf } from '../../base/company-domain.ts';
import { isFinal, leadAfter, leadStatuses, statusAfter, stopKinds, transitions } from './lead.ts';
import type { Lead, LeadFact, LeadStatus } from './lead.ts';

const at = new Date('2026-01-05T09:00:00.000Z');
const lead = (status: LeadStatus, more: Partial<Lead> = {}): Lead =>
  ({ id: '1', status, step: 0, due_at: at, blocked_reason: null, replied_at: null, ...more }) as Lead;
const facts = [...new Set(leadStatuses.flatMap((status) => Object.keys(transitions[status]) as LeadFact[]))];

describe('the states of a lead', () => {
  test('C12: a final lead changes only to another final status, unless a person adds it again or corrects what stopped it', () => {
    for (const status of leadStatuses.filter(isFinal))
      for (const fact of facts) {
        const next = statusAfter(status, fact, 1);
        if (next !== undefined && fact !== 'reopened' && fact !== 'misread')
          assert.ok(isFinal(next), `${status} after ${fact}: ${next}`);
      }
    for (const status of ['replied', 'bounced', 'unsubscribed', 'complained', 'meeting_booked'] as const)
      assert.equal(statusAfter(status, 'reopened', 1), undefined);
  });

  test('C11: every stop ends every open lead, and nothing begins after it', () => {
    for (const status of leadStatuses.filter((each) => !isFinal(each)))
      for (const kind of stopKinds) {
        const after = leadAfter(lead(status), kind === 'removed' ? 'skipped' : kind, {}, at);
        assert.ok(after !== undefined && isFinal(after.status));
        assert.equal(after.due_at, null);
        assert.equal(leadAfter(after, 'begun', {}, at), undefined);
      }
  });

  test('a lead that was not contacted is queued, not waiting', () => {
    assert.equal(statusAfter('held', 'resumed', 0), 'queued');
    assert.equal(statusAfter('held', 'resumed', 1), 'waiting');
    assert.equal(leadAfter(lead('sending'), 'accepted', { step: 1, due_at: at }, at)?.status, 'waiting');
  });

  test('a message in flight at a stop counts, without a next step', () => {
    const after = leadAfter(lead('replied', { step: 1 }), 'accepted', { step: 2, due_at: at }, at);
    assert.deepEqual([after?.status, after?.step, after?.due_at], ['replied', 2, null]);
  });
});

test('the company of a lead is the registrable domain, but not one at which anybody can have an address', () => {
  assert.equal(companyKeyOf(null, 'mail.lovelace.co.uk'), 'lovelace.co.uk');
  assert.equal(companyKeyOf(null, 'lovelace.example'), 'lovelace.example');
  assert.equal(companyKeyOf(null, 'gmail.com'), null);
  assert.equal(companyKeyOf('0199', 'gmail.com'), '0199');
});
