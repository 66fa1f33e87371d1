import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { ApiError } from '../../base/errors.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { validationMessages } from '../../base/validation-messages.ts';
import { campaignStatuses, transitions } from './campaign.ts';
import type { Step } from './campaign.ts';
import { verdictOn } from './guards.ts';
import { campaignInput, stepInput } from './input.ts';
import { positionsOf, replaceSequence } from './steps.ts';

const now = new Date('2026-11-29T09:00:00Z');
const campaign = { id: 'c', organization_id: 'o' as OrganizationId };

function edit(
  steps: readonly Step[],
  given: readonly { readonly id?: string | undefined; readonly [field: string]: unknown }[],
  isContacted = true,
  lastPosition = steps.length,
) {
  let id = 0;
  const options = { campaign, steps, lastPosition, isContacted, now, nextId: () => `new-${(id += 1)}` };
  return replaceSequence(
    options,
    given.map(({ id: given, ...step }) => ({ ...stepInput.parse({ body: 'Hi', ...step }), id: given })),
  );
}
const made = edit([], [{ subject: 'One' }, {}, { delay_days: 3 }], false).changed.map((step) => ({
  ...step,
  updated_at: new Date(0),
}));
const [one = assert.fail(), two = assert.fail(), three = assert.fail()] = made;
const as = ({ id, subject, delay_days: days }: Step) => ({ id, subject, delay_days: days });

describe('replaceSequence', () => {
  test('a new sequence gets positions and delays', () => {
    assert.deepEqual(
      made.map(({ position, delay_days: days, variants }) => [position, days, variants]),
      [
        [1, 0, []],
        [2, 1, []],
        [3, 3, []],
      ],
    );
    assert.equal(edit(made, made.map(as)).changed.length, 0);
  });

  test('steps stay where they are, new ones come between them or after all that ever were', () => {
    const { changed, isReplanned } = edit(made, [as(one), { body: 'New' }, as(three), { body: 'Last' }], true, 7);
    assert.deepEqual(
      changed.map(({ id, position, deleted_at: deleted }) => [id, position, deleted]),
      [
        ['new-1', 2, null],
        ['new-2', 8, null],
        [two.id, 2, now],
      ],
    );
    assert.ok(isReplanned);
  });

  test('a changed text counts the revision and moves no due time', () => {
    const { changed, isReplanned } = edit(made, [{ ...as(one), body: 'Hello' }, as(two), as(three)]);
    assert.deepEqual([changed.map(({ id, revision }) => [id, revision]), isReplanned], [[[one.id, 2]], false]);
  });

  test('a text that is no template is refused where it was written; an old one stays', () => {
    const depth = `${'{a|'.repeat(6)}b${'}'.repeat(6)}`;
    assert.throws(() => edit([], [{ subject: 'One', body: 'Hi {{first_name' }]), /sequence\.0\.body: /);
    assert.throws(() => edit(made, [as(one), { ...as(two), body: depth }]), /sequence\.1\.body: nests groups deeper/);
    const variants = [{ body: 'Hi' }, { subject: '{{ a', weight: 2 }];
    assert.throws(() => edit([], [{ body: 'Hi', variants }]), /sequence\.0\.variants\.1\.subject: /);
    const old = { ...one, body: '{{' };
    assert.equal(edit([old], [{ ...as(old), body: '{{' }]).changed.length, 0);
  });

  test('the order holds once leads were contacted', () => {
    const turned = [as(two), as(one), as(three)];
    assert.throws(() => edit(made, turned), /sequence: must keep the order/);
    assert.deepEqual(
      edit(made, turned, false).changed.map(({ id, position }) => [id, position]),
      [
        [two.id, 1],
        [one.id, 2],
      ],
    );
    assert.throws(() => edit(made, [{ body: 'All new' }]), /sequence: has no id of a present step/);
    assert.equal(edit(made, []).changed.length, 3);
  });

  test('unknown and repeated ids are named', () => {
    assert.throws(
      () => edit(made, [as(one), as(one), { id: 'x' }]),
      (error) =>
        error instanceof ApiError &&
        assert.deepEqual(error.details, {
          'sequence.1.id': 'is used twice',
          'sequence.2.id': 'is not a step of this campaign; leave it out for a new step',
        }) === undefined,
    );
    assert.throws(() => edit(made, [{ variants: [{ id: 'x', weight: 1 }] }], false), /sequence.0.variants.0.id/);
  });

  test('positions always rise, and kept ones stay', () => {
    const kept = fc.array(fc.boolean(), { maxLength: 50 });
    fc.assert(
      fc.property(kept, fc.nat(50), (flags, more) => {
        const before = flags.map((is, index) => (is ? index + 1 : undefined));
        const positions = positionsOf(before, flags.length + more);
        assert.equal(positions.length, flags.length);
        positions.forEach((position, index) => {
          assert.ok(index === 0 || position > (positions[index - 1] ?? 0));
          assert.ok(before[index] === undefined || before[index] === position);
        });
      }),
    );
  });
});

describe('campaignInput', () => {
  const problems = (sequence: object): string[] => {
    const result = stepInput.safeParse(sequence, { error: validationMessages });
    return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  };
  test('names what is wrong with variants and subjects', () => {
    assert.deepEqual(problems({ body: 'Hi', variants: [{ weight: 0 }, { weight: 5, enabled: false }] }), [
      'variants: must contain an enabled variant whose weight is above 0',
    ]);
    assert.match(problems({ body: 'Hi', variants: Array.from({ length: 1_000 }, () => ({})) })[0] ?? '', /at most 20/);
    assert.deepEqual(problems({ body: 'Hi', subject: 'Hi\r\nBcc: x@y.example' }), [
      'subject: must be one line without control characters',
    ]);
    assert.deepEqual(problems({ body: 'Hi', variants: [{ enabled: false, weight: 0 }] }), []);
    assert.equal(campaignInput({ name: 'Spring launch' }).verification, 'risky');
  });
});

describe('states of campaigns', () => {
  test('every action has an answer in every status, and those that can be repeated can', () => {
    for (const status of campaignStatuses) assert.equal(Object.keys(transitions[status]).length, 10);
    assert.equal(transitions.active.launch, 'active');
    assert.equal(transitions.paused.pause, 'paused');
    assert.equal(transitions.archived.archive, 'archived');
  });
});

describe('C15: guards', () => {
  const from = { sent: 0, bounced: 0, complained: 0 };
  const on = (totals: object, guards = from, status: 'active' | 'completed' | 'paused' = 'active', isAdding = false) =>
    verdictOn({ status, guards_from: guards }, { open: 10, ...from, ...totals }, isAdding);

  test('pause at 5 % bounces after 50 messages, with the numbers', () => {
    assert.equal(on({ sent: 49, bounced: 20 }), undefined);
    assert.equal(on({ sent: 60, bounced: 2 }), undefined);
    assert.deepEqual(on({ sent: 60, bounced: 3 }), {
      action: 'pause',
      reason: 'bounce_guard',
      detail:
        '3 of 60 messages bounced (5 %); a campaign pauses at 5 %. Verify the addresses of the leads, then resume it.',
    });
  });

  test('pause at 0.1 % complaints after 100 messages', () => {
    assert.equal(on({ sent: 99, complained: 1 }), undefined);
    assert.equal(on({ sent: 1_001, complained: 1 }), undefined);
    assert.match(
      JSON.stringify(on({ sent: 1_000, complained: 1 })),
      /"complaint_guard".*1 of 1000 messages were reported as spam \(0\.1 %\)/,
    );
  });

  test('count from the time at which a person let the campaign go on', () => {
    const resumed = { sent: 60, bounced: 10, complained: 3 };
    assert.equal(on({ ...resumed, sent: 109 }, resumed), undefined);
    assert.equal(on({ ...resumed, sent: 110, bounced: 12 }, resumed), undefined);
    assert.ok(on({ ...resumed, sent: 110, bounced: 13 }, resumed));
  });

  test('C16: a campaign without open leads is completed, unless more are coming, and reopened by new ones', () => {
    assert.deepEqual(on({ open: 0 }), { action: 'complete' });
    assert.equal(on({ open: 0 }, from, 'active', true), undefined);
    assert.equal(on({ open: 0 }, from, 'paused'), undefined);
    assert.deepEqual(on({}, from, 'completed'), { action: 'reopen' });
    assert.equal(on({ open: 0 }, from, 'completed'), undefined);
  });
});
