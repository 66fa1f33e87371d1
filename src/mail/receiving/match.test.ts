import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KnownMessage } from '../sending/index.ts';
import { deliveredTo, isOfOther } from './kind.ts';
import { matchOf, topicOf } from './match.ts';
import type { MatchFacts } from './match.ts';

const message = (id: string, to: string, lead: string | null = null): KnownMessage =>
  ({ id, party_key: to, lead_id: lead }) as KnownMessage;
const grace = 'grace@hopper.example';
const [first, second] = [message('1', grace, 'a'), message('2', grace, 'b')];
const nothing: MatchFacts = { named: [], optedOut: undefined, written: [], colleague: undefined };

describe('a received message answers', () => {
  for (const [what, from, subject, facts, expected] of [
    ['what it names', grace, '', { named: [first] }, ['reference', 1, '1']],
    [
      'what it names of its own, if it names others',
      grace,
      '',
      { named: [message('9', 'x@y.example'), first] },
      ['reference', 1, '1'],
    ],
    [
      'for somebody of its company',
      'boss@mail.hopper.example',
      '',
      { named: [first] },
      ['from_other_person', 0.9, '1'],
    ],
    ['as a stranger', 'ada@lovelace.example', '', { named: [first] }, ['stranger', 0.6, '1']],
    [
      'as a stranger where anybody has an address',
      'b@gmail.com',
      '',
      { named: [message('3', 'a@gmail.com')] },
      ['stranger', 0.6, '3'],
    ],
    ['what it opts out of', grace, '', { optedOut: first }, ['unsubscribe_token', 1, '1']],
    [
      'what has its subject',
      grace,
      'AW: Re: hello  World',
      { written: [{ message: first, subject: 'Hello world' }] },
      ['subject', 0.8, '1'],
    ],
    [
      'a lead, by an earlier subject',
      grace,
      'Re: One',
      {
        written: [
          { message: first, subject: 'Two' },
          { message: message('0', grace, 'a'), subject: 'One' },
        ],
      },
      ['subject', 0.8, '0'],
    ],
    [
      'one of two leads, by its subject',
      grace,
      'Re: One',
      {
        written: [
          { message: second, subject: 'Two' },
          { message: first, subject: 'One' },
        ],
      },
      ['sender', 0.6, '1'],
    ],
    [
      'the last, by its sender',
      grace,
      'A question',
      {
        written: [
          { message: second, subject: 'Two' },
          { message: first, subject: 'One' },
        ],
      },
      ['sender', 0.6, '2'],
    ],
    ['the last, without a subject', grace, 'Re:', { written: [{ message: first, subject: '' }] }, ['sender', 0.6, '1']],
    ['perhaps what a colleague got', 'x@hopper.example', 'Hi', { colleague: first }, ['domain', 0.3, '1']],
    ['nothing', 'x@y.example', 'Hi', {}, undefined],
  ] as const satisfies readonly (readonly [
    string,
    string,
    string,
    Partial<MatchFacts>,
    readonly [string, number, string] | undefined,
  ])[])
    test(what, () => {
      const match = matchOf({ from, subject }, { ...nothing, ...facts });
      assert.deepEqual(match && [match.by, match.confidence, match.answered.id], expected);
    });
});

test('a subject is compared without what programs put in front of it', () => {
  for (const subject of [
    'RE: AW: Hello',
    'Antw.: Hello',
    'SV: VS: hello',
    'Re[2]: Hello',
    '[EXTERNAL] Re: Hello',
    '回复：Hello',
    'Rif: R: HELLO',
    'Fwd: Hello',
  ])
    assert.equal(topicOf(subject), 'hello', subject);
  assert.equal(topicOf('Regarding: hello'), 'regarding: hello');
  assert.ok(topicOf('Re: '.repeat(100_000)).length > 0);
});

test('a message that was delivered to another mailbox belongs to that one', () => {
  const box = {
    id: '1',
    key: 'ada@lovelace.example',
    others: new Map([
      ['mary@lovelace.example', true],
      ['out@lovelace.example', false],
    ]),
  };
  const isOther = (...to: string[]): boolean =>
    isOfOther(deliveredTo({ headers: new Map([['delivered-to', to]]) }), box);
  assert.equal(isOther(), false);
  assert.equal(isOther('ada@lovelace.example'), false);
  assert.equal(isOther('ADA+sales@lovelace.example'), false);
  assert.equal(isOther('info@lovelace.example'), false);
  assert.equal(isOther('mary+x@lovelace.example'), true);
  assert.equal(isOther('mary@lovelace.example', 'ada@lovelace.example'), false);
  // It is not read: nobody else has the message.
  assert.equal(isOther('out@lovelace.example'), false);
});
