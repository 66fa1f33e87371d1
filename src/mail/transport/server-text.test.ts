import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cleaner, secretsOf } from './server-text.ts';

const [username, secret] = ['ada@lovelace.test', 'correct horse battery staple'];
const clean = cleaner(secretsOf(username, secret));
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const withheld = '(The server repeated credentials; its text is not shown.)';

test('a text that repeats the secret in any form that was sent is withheld', () => {
  for (const echo of [
    secret,
    secret.replace(' ', '\r\n'),
    base64(secret),
    base64(`\0${username}\0${secret}`),
    base64(`user=${username}\u0001auth=Bearer ${secret}\u0001\u0001`),
    base64(`n,a=${username},\u0001host=mail.test\u0001auth=Bearer ${secret}\u0001\u0001`),
    `${base64(secret).slice(0, 10)}\r\n ${base64(secret).slice(10)}`,
  ])
    assert.equal(clean(`535 wrong: ${echo}`), withheld, echo);
});

test('other texts keep their words, without control characters, in at most 1,000 characters', () => {
  assert.equal(
    clean('535 5.7.8 Authentication\r\nfailed\u202E\u0000 for ada'),
    '535 5.7.8 Authentication failed for ada',
  );
  assert.equal(clean('é'.repeat(2_000)).length, 1_000);
  assert.ok(clean('😀'.repeat(2_000)).isWellFormed());
  assert.ok(clean(`x${'😀'.repeat(2_000)}`).isWellFormed());
});
