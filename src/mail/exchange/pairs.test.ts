import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dayMs, hourMs } from '../../base/clock.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import { localDayAt } from '../schedule/index.ts';
import { actionsOf } from './actions.ts';
import { choose, pairGapMs, relationOf } from './pairs.ts';
import type { Member, Possible } from './pairs.ts';
import { nextLetterAt } from './times.ts';

const member = (name: string, of = 'one', more: Partial<Member> = {}): Member => ({
  mailboxId: name as MailboxId,
  organizationId: of as OrganizationId,
  domain: `${name}.example`,
  isCapturing: false,
  isSeed: false,
  allowsSameOrganization: false,
  allowsOtherOrganizations: false,
  ...more,
});
const same = { allowsSameOrganization: true };
const others = { allowsOtherOrganizations: true };
const captured = { isCapturing: true };

test('two mailboxes exchange mail only if both owners allow it, and never within a domain', () => {
  const cases: [Member, Member, string | undefined][] = [
    [member('a'), member('b'), undefined],
    [member('a', 'one', same), member('b'), undefined],
    [member('a', 'one', same), member('b', 'one', same), 'same_organization'],
    [member('a', 'one', same), member('b', 'two', same), undefined],
    [member('a', 'one', others), member('b', 'two'), undefined],
    [member('a', 'one', others), member('b', 'two', others), 'other_organization'],
    [member('a', 'one', others), member('b', 'one', others), undefined],
    [member('a', 'one', others), member('b', 'two', { ...others, domain: 'mail.a.example' }), undefined],
    [member('a', 'one', same), member('a', 'one', same), undefined],
    [member('a', 'one', captured), member('b', 'one', captured), 'same_organization'],
    [member('a', 'one', { ...captured, ...same }), member('b', 'one', same), undefined],
    [member('a', 'one', { ...captured, ...others }), member('b', 'two', { ...captured, ...others }), undefined],
    [member('a'), member('s', 'one', { isSeed: true }), 'seed'],
    [member('a', 'one', others), member('s', 'two', { isSeed: true, ...others }), undefined],
    [member('s', 'one', { isSeed: true, ...same }), member('a', 'one', same), undefined],
  ];
  for (const [sender, receiver, relation] of cases)
    assert.equal(relationOf(sender, receiver), relation, JSON.stringify([sender, receiver]));
});

test('a pair exchanges one letter in seven days, whatever the cap', () => {
  for (const partners of [1, 4, 9]) {
    const sender = member('a', 'one', others);
    const all = Array.from({ length: partners }, (_, n) => member(`p${n}`, 'two', others));
    const last = new Map<string, number>();
    let sent = 0;
    for (let atMs = 0; atMs < 70 * dayMs; atMs += hourMs) {
      const possible: Possible[] = all.map((one) => ({ member: one, lastMs: last.get(one.mailboxId) ?? null }));
      const choice = choose(atMs, sender, sent, possible);
      if (choice.receiver === undefined) {
        assert.equal(choice.untilMs, Math.min(...last.values()) + pairGapMs);
        continue;
      }
      const before = last.get(choice.receiver.mailboxId);
      assert.ok(before === undefined || atMs - before >= pairGapMs);
      last.set(choice.receiver.mailboxId, atMs);
      sent += 1;
    }
    assert.equal(sent, partners * 10);
  }
});

test('other organizations come before the own one, and every third letter measures', () => {
  const sender = member('a', 'one', { ...same, ...others });
  const all: Possible[] = [
    { member: member('s', 'one', { isSeed: true }), lastMs: null },
    { member: member('c', 'one', same), lastMs: null },
    { member: member('b', 'two', others), lastMs: null },
  ];
  const relations = [0, 1, 2, 3].map((number) => {
    const choice = choose(0, sender, number, all);
    return choice.receiver === undefined ? undefined : choice.relation;
  });
  assert.deepEqual(relations, ['other_organization', 'other_organization', 'seed', 'other_organization']);
  const low = choose(0, sender, 0, all.slice(0, 2));
  assert.equal(low.receiver === undefined ? undefined : low.relation, 'same_organization');
  assert.deepEqual(choose(0, sender, 0, []), { receiver: undefined, untilMs: null });
});

const workHours = { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' };
const monday = Date.UTC(2026, 0, 5);

test('the letters of a day are spread over its work hours, and no more than allowed', () => {
  const days = new Map<string, number[]>();
  let lastMs: number | null = null;
  for (let nowMs = monday; nowMs < monday + 14 * dayMs - hourMs; nowMs += 5 * 60_000) {
    const { date } = localDayAt('Europe/Oslo', nowMs);
    const own = days.get(date) ?? [];
    days.set(date, own);
    const pace = { mailboxId: 'm', timezone: 'Europe/Oslo', workHours, perDay: 6, today: own.length, lastMs };
    const atMs = nextLetterAt(nowMs, pace);
    if (atMs === null || atMs > nowMs) continue;
    own.push(nowMs);
    lastMs = nowMs;
  }
  for (const [date, times] of days) {
    const weekday = new Date(date).getUTCDay();
    assert.equal(times.length, weekday === 0 || weekday === 6 ? 0 : 6, date);
    for (const [index, atMs] of times.slice(1).entries()) assert.ok(atMs - (times[index] ?? 0) >= 600_000, date);
  }
});

test('a mailbox that begins late in the day does not make up for the morning', () => {
  const nowMs = monday + 15 * hourMs;
  const pace = { mailboxId: 'm', timezone: 'UTC', workHours, perDay: 8, today: 0, lastMs: null };
  let count = 0;
  let lastMs: number | null = null;
  for (let atMs = nowMs; atMs < monday + dayMs; atMs += 60_000) {
    const next = nextLetterAt(atMs, { ...pace, today: count, lastMs });
    if (next !== null && next <= atMs) {
      count += 1;
      lastMs = atMs;
    }
  }
  assert.ok(count >= 2 && count <= 3, `${count}`);
  assert.equal(nextLetterAt(nowMs, { ...pace, workHours: { ...workHours, days: [] } }), null);
});

test('what is done with a letter is done in the work hours of its receiver, in order', () => {
  let replies = 0;
  for (let n = 0; n < 1_000; n += 1) {
    const receipt = {
      letterId: `letter ${n}`,
      placement: n % 2 === 0 ? ('spam' as const) : ('inbox' as const),
      isAnswer: n % 5 === 0,
      replyRate: 30,
      timezone: 'UTC',
      workHours,
    };
    const foundMs = monday + (n % 168) * hourMs;
    const actions = actionsOf(receipt, foundMs);
    const kinds = actions.map(({ kind }) => kind);
    assert.deepEqual(kinds.slice(0, n % 2 === 0 ? 2 : 1), n % 2 === 0 ? ['move', 'read'] : ['read']);
    assert.equal(kinds.at(-1), 'file');
    if (receipt.isAnswer) assert.ok(!kinds.includes('reply'));
    else if (kinds.includes('reply')) replies += 1;
    let before = foundMs + 10 * 60_000;
    for (const { atMs } of actions) {
      const at = new Date(atMs);
      assert.ok(
        atMs >= before && at.getUTCDay() % 6 !== 0 && at.getUTCHours() >= 9 && at.getUTCHours() < 17,
        at.toISOString(),
      );
      before = atMs;
    }
  }
  assert.ok(replies > 200 && replies < 280, `${replies} of 800`);
  const elsewhere = {
    letterId: 'x',
    placement: 'other',
    isAnswer: false,
    replyRate: 100,
    timezone: 'UTC',
    workHours,
  } as const;
  assert.deepEqual(actionsOf(elsewhere, monday), []);
});
