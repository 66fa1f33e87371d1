import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { hourMs, minuteMs } from '../../base/clock.ts';
import { deferralDelaysMs } from '../transport/answers.ts';
import type { Answer, Cause } from '../transport/transport.ts';
import { answerText, outcomeOf } from './outcomes.ts';
import { statuses, statusesBefore, transitions, waiting } from './state.ts';

const now = Date.UTC(2026, 0, 5, 9);
const answer: Answer = { stage: 'rcpt_to', code: 550, enhanced: '5.1.1', text: 'No such user' };
const refused = (cause: Cause, deferrals = 0, outcome: 'deferred' | 'rejected' = 'rejected') =>
  outcomeOf({ outcome, cause, answer }, deferrals, now);

describe('what an answer means', () => {
  test('M5: accepted is accepted, and unknown is lost and looked for after a minute', () => {
    const accepted = outcomeOf({ outcome: 'accepted', answer, messageId: '<new@outlook.example>' }, 0, now);
    assert.deepEqual([accepted.fact, accepted.messageId, accepted.error], ['accepted', '<new@outlook.example>', null]);
    const lost = outcomeOf({ outcome: 'unknown', answer }, 0, now);
    assert.deepEqual([lost.fact, lost.dueMs], ['lost', now + minuteMs]);
  });

  test('M14: only a hard refusal of the recipient marks it', () => {
    const causes: readonly Cause[] = [
      'hard',
      'mailbox_full',
      'greylisted',
      'block',
      'content',
      'needs_smtputf8',
      'mailbox_limit',
      'misconfigured',
      'auth',
      'auth_temporary',
      'domain_auth',
      'rate',
      'host',
      'transient',
    ];
    for (const cause of causes)
      for (const outcome of ['deferred', 'rejected'] as const)
        assert.equal(refused(cause, 99, outcome).bounce === 'hard', cause === 'hard', cause);
  });

  test('a refusal of the recipient says why in the words of Sisimai, a deferral does not', () => {
    assert.equal(refused('hard').judgement, 'userunknown');
    assert.equal(refused('transient', 0, 'deferred').judgement, undefined);
  });

  test('M15: what the mailbox, its domain or its server caused returns the message', () => {
    for (const cause of ['misconfigured', 'auth', 'auth_temporary', 'host'] as const) {
      const { fact, failure } = refused(cause);
      assert.deepEqual([fact, failure], ['returned', { cause, answer }]);
    }
    const rests = (['mailbox_limit', 'rate', 'domain_auth'] as const).map((cause) => refused(cause));
    assert.deepEqual(
      rests.map(({ fact, rest }) => [fact, rest?.untilMs, rest?.limit, rest?.halves]),
      [
        ['returned', 'window', 'provider_limit', false],
        ['returned', now + 2 * hourMs, 'provider_limit', true],
        ['returned', now + hourMs, 'domain_auth_failing', false],
      ],
    );
  });

  test('a deferral follows the schedule and then ends the message; a full mailbox ends as a soft bounce', () => {
    deferralDelaysMs.forEach((delayMs, deferrals) => {
      for (const cause of ['greylisted', 'transient', 'mailbox_full'] as const) {
        const { fact, dueMs } = refused(cause, deferrals, 'deferred');
        assert.deepEqual([fact, dueMs], ['deferred', now + delayMs]);
      }
    });
    const last = deferralDelaysMs.length;
    assert.deepEqual(
      (['greylisted', 'transient', 'mailbox_full'] as const).map((cause) => {
        const { fact, reason, bounce } = refused(cause, last, 'deferred');
        return [fact, reason, bounce];
      }),
      [
        ['failed', 'deferred', undefined],
        ['failed', 'deferred', undefined],
        ['bounced', 'mailbox_full', 'soft'],
      ],
    );
  });

  test('an answer is shown on one line, with each code once', () => {
    assert.equal(answerText(answer), '550 5.1.1 No such user');
    assert.equal(answerText({ ...answer, text: '5.1.1 No such\r\nuser' }), '550 5.1.1 No such user');
    assert.equal(answerText({ ...answer, text: '550 5.1.1 No such user' }), '550 5.1.1 No such user');
    assert.equal(answerText({ ...answer, code: null, enhanced: null, text: 'closed' }), 'closed');
  });
});

describe('statuses', () => {
  test('M6: nothing but a person or a late outcome makes an unknown message wait again', () => {
    const back = Object.entries(transitions.unknown).filter(([, status]) => waiting.includes(status));
    assert.deepEqual(Object.fromEntries(back), { deferred: 'deferred', returned: 'claimed', resent: 'claimed' });
  });

  test('a message that a server has had never waits again', () => {
    const end = new Set(['sent', 'delivered', 'bounced', 'failed']);
    for (const status of statuses.filter((each) => end.has(each)))
      for (const next of Object.values(transitions[status])) assert.ok(end.has(next), `${status} → ${next}`);
    assert.deepEqual(statusesBefore('begun'), ['claimed', 'deferred']);
  });
});
