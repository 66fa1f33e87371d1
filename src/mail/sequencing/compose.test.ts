import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { threadOf } from './compose.ts';

const first = { messageId: '<1@hopper.example>', subject: 'Spring launch' };
const second = { messageId: '<2@mail.example>', subject: 'Re: Spring launch' };
const other = { messageId: '<3@hopper.example>', subject: 'Something else' };

describe('C9: threads', () => {
  for (const [what, subject, earlier, expected] of [
    ['the first message begins one', 'Spring launch', [], { subject: 'Spring launch', references: [] }],
    [
      'a message without a subject answers the last one',
      '',
      [first],
      { subject: 'Re: Spring launch', references: [first.messageId] },
    ],
    [
      'so does one with the same subject',
      'RE: re: Spring launch ',
      [first],
      { subject: 'Re: Spring launch', references: [first.messageId] },
    ],
    [
      'with the whole chain',
      '',
      [first, second],
      { subject: 'Re: Spring launch', references: [first.messageId, second.messageId] },
    ],
    [
      'a new subject begins a new one',
      'Something else',
      [first, second],
      { subject: 'Something else', references: [] },
    ],
    [
      'the chain begins with the last subject',
      '',
      [first, second, other],
      { subject: 'Re: Something else', references: [other.messageId] },
    ],
    [
      'another mailbox begins a new one with the subject of the last',
      '',
      [first, { ...second, isForeign: true }],
      { subject: 'Spring launch', references: [] },
    ],
    [
      'which it then continues',
      '',
      [{ ...first, isForeign: true }, second],
      { subject: 'Re: Spring launch', references: [second.messageId] },
    ],
  ] as const)
    test(what, () => assert.deepEqual(threadOf(subject, earlier), expected));
});
