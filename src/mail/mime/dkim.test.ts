import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, test } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import fc from 'fast-check';
import { buildMessage } from './build.ts';
import type { MessageInput } from './build.ts';
import { messageIdOf } from './message-id.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const record = `v=DKIM1; k=rsa; p=${publicKey.export({ type: 'spki', format: 'der' }).toString('base64')}`;
const message: MessageInput = {
  from: { address: 'grace@hopper.example', name: 'Grace Höpper' },
  to: { address: 'ada@lovelace.example' },
  subject: 'Ein größeres Angebot',
  text: 'Hello Ada,\n\n\ttabs  and   spaces \n\n\n',
  html: '<p>Hello Ada</p>',
  messageId: messageIdOf('0199c9f2-0a44-7e55-b0c3-91d2e7a6f525', 'hopper.example'),
  date: new Date('2026-01-05T09:00:00Z'),
  timezone: 'Europe/Berlin',
  headers: {
    'List-Unsubscribe': '<https://t.example/u/abc>, <mailto:grace@hopper.example?subject=unsubscribe-abc>',
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  },
  dkim: { domain: 'hopper.example', selector: 's1', privateKey },
};

/** mailauth's verdict: it shares no code with ours. */
async function verdict(raw: Buffer): Promise<{ result: string | undefined; signed: string[]; aligned: unknown }> {
  const { results } = await dkimVerify(raw, {
    resolver: (name, type) => {
      assert.equal(`${type} ${name}`, 'TXT s1._domainkey.hopper.example');
      return Promise.resolve([[record]]);
    },
  });
  assert.equal(results.length, 1);
  const [only] = results;
  const signed = /h=([^;]*);/.exec(raw.toString())?.[1]?.replaceAll(/\s/g, '').split(':') ?? [];
  return { result: only?.status.result, signed, aligned: only?.status.aligned };
}

describe('the DKIM signature', () => {
  test('is valid and aligned for an independent verifier, and covers one-click unsubscription', async () => {
    const { result, signed, aligned } = await verdict(buildMessage(message).raw);
    assert.deepEqual([result, aligned], ['pass', 'hopper.example']);
    for (const name of ['list-unsubscribe', 'list-unsubscribe-post', 'message-id', 'content-type'])
      assert.ok(signed.includes(name), name);
    assert.equal(signed.filter((name) => name === 'from').length, 2, 'From is signed once more than it is present');
  });

  test('is invalid after a change, and after a second From or Subject was added', async () => {
    const raw = buildMessage(message).raw.toString('latin1');
    const changes = [
      raw.replace('Hello Ada', 'Hello Eve'),
      raw.replace('From:', 'From: eve@evil.example\r\nFrom:'),
      raw.replace('Subject:', 'Subject: Invoice\r\nSubject:'),
      raw.replace('One-Click', 'Two-Click'),
    ];
    for (const changed of changes) {
      assert.notEqual(changed, raw);
      assert.notEqual((await verdict(Buffer.from(changed, 'latin1'))).result, 'pass');
    }
  });

  test('stays valid if a relay folds headers and adds spaces', async () => {
    const raw = buildMessage(message).raw.toString('latin1');
    const relayed = raw.replace('\r\nTo: ', '\r\nTO:   ').replace('Hello Ada,\r\n', 'Hello Ada, \t\r\n');
    assert.notEqual(relayed, raw);
    assert.equal((await verdict(Buffer.from(relayed, 'latin1'))).result, 'pass');
  });

  test('is valid for any content', async () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 300 }).filter((each) => !each.includes('\0'));
    const subject = text.filter((each) => !/\p{Cc}/u.test(each) && each.length <= 500);
    await fc.assert(
      fc.asyncProperty(text, text, subject, async (body, html, title) => {
        const { raw } = buildMessage({ ...message, subject: title, text: `.${body}`, html });
        assert.equal((await verdict(raw)).result, 'pass');
      }),
      { numRuns: 50 },
    );
  });
});
