import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readReport } from '../bounces/index.ts';
import { buildMessage, messageIdOf, parseMessage } from '../mime/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { rawOf, reactionOf, simulatedOf } from './simulated.ts';
import type { Original } from './simulated.ts';

const now = new Date('2026-01-05T09:00:00Z');
const messageId = messageIdOf('0199c9f2-0a44-7e55-b0c3-91d2e7a6f525', 'hopper.example');
const originalTo = (to: string): Original => ({
  from: 'grace@hopper.example',
  to,
  raw: buildMessage({
    from: { address: 'grace@hopper.example', name: 'Grace Hopper' },
    to: { address: to },
    subject: 'Größe zählt',
    text: 'Hello Ada,\nhow are you?',
    messageId,
    references: ['<0@simulator.test>'],
    inReplyTo: '<0@simulator.test>',
    date: now,
    timezone: 'Europe/Berlin',
    headers: { 'List-Unsubscribe': '<https://t.example/u/abc>' },
  }).raw,
});
const back = '<1@simulator.test>';

async function comesBack(what: string): Promise<ParsedMessage> {
  const to = `ada+${what}@simulator.test`;
  assert.equal(simulatedOf(to), what);
  const reaction = reactionOf(what, now);
  assert.ok(reaction !== undefined);
  const message = await parseMessage(await rawOf(reaction, originalTo(to), back, now));
  assert.ok(!('skipped' in message));
  assert.deepEqual([message.messageId, message.date], [back, now]);
  return message;
}

describe('a simulated recipient', () => {
  for (const [what, verdict, status] of [
    ['delivered', 'delivered', '2.0.0'],
    ['bounce', 'hard', '5.1.1'],
    ['softbounce', 'soft', '5.2.2'],
  ] as const)
    test(`"${what}" sends a delivery report about the message`, async () => {
      const message = await comesBack(what);
      assert.equal(message.from?.address, 'mailer-daemon@simulator.test');
      const report = readReport(message);
      assert.equal(report.kind, what === 'delivered' ? 'not_a_bounce' : 'bounce');
      assert.equal(report.originalMessageId, messageId);
      assert.deepEqual(
        report.recipients.map((each) => [each.address, each.verdict, each.status]),
        [[`ada+${what}@simulator.test`, verdict, status]],
      );
    });

  test('"complaint" sends a feedback report about the message', async () => {
    const { kind, feedbackType, recipients, originalMessageId } = readReport(await comesBack('complaint'));
    assert.deepEqual(
      [kind, feedbackType, recipients.map(({ address }) => address), originalMessageId],
      ['complaint', 'abuse', ['ada+complaint@simulator.test'], messageId],
    );
  });

  for (const [what, text] of [
    ['reply', /Thank you for your message/],
    ['interested', /sounds interesting/],
    ['notinterested', /not interested/],
    ['unsubscribe', /remove me/],
  ] as const)
    test(`"${what}" replies in the thread and quotes the message`, async () => {
      const message = await comesBack(what);
      assert.match(message.text, text);
      assert.match(message.text, /\n> Hello Ada,\n> how are you\?/);
      assert.equal(message.subject, 'Re: Größe zählt');
      assert.equal(message.from?.address, `ada+${what}@simulator.test`);
      assert.deepEqual(message.to, [{ address: 'grace@hopper.example', name: 'Grace Hopper' }]);
      assert.equal(message.inReplyTo, messageId);
      assert.deepEqual(message.references, ['<0@simulator.test>', messageId]);
      assert.equal(message.headers.get('auto-submitted'), undefined);
    });

  test('"ooo" answers automatically, with the day of the return', async () => {
    const { text, subject, headers } = await comesBack('ooo');
    assert.match(text, /back on 12 January 2026/);
    assert.equal(subject, 'Automatic reply: Größe zählt');
    assert.deepEqual(headers.get('auto-submitted'), ['auto-replied']);
  });

  test('does nothing at other addresses', () => {
    for (const address of [
      'ada@simulator.test',
      'ada+constructor@simulator.test',
      'ada+bounce@simulator.test.example',
      'ada+bounce@hopper.example',
      'bounce@simulator.test',
    ])
      assert.equal(simulatedOf(address), undefined, address);
  });
});

describe('the reaction of a recipient', () => {
  test('is a block that is read as one', async () => {
    const raw = await rawOf({ kind: 'bounce', bounce: 'block' }, originalTo('ada@exämple.test'), back, now);
    assert.ok(raw.every((octet) => octet < 128));
    const message = await parseMessage(raw);
    assert.ok(!('skipped' in message));
    assert.deepEqual(
      readReport(message).recipients.map(({ address, verdict }) => [address, verdict]),
      [['ada@xn--exmple-cua.test', 'block']],
    );
  });

  test('is a reply from somebody else, also to a message that cannot be read', async () => {
    const raw = Buffer.from('X: y\r\n'.repeat(10_000));
    const reply = await rawOf(
      { kind: 'reply', text: 'Hi', from: 'bob@lovelace.example' },
      { from: 'grace@hopper.example', to: 'ada@lovelace.example', raw },
      back,
      now,
    );
    const message = await parseMessage(reply);
    assert.ok(!('skipped' in message));
    assert.deepEqual([message.from?.address, message.to[0]?.address], ['bob@lovelace.example', 'grace@hopper.example']);
  });
});
