import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startMessage } from './first-steps.ts';

const url = 'http://localhost:8080';

test('the first start shows its key once, with its commands, each with a number', () => {
  for (const [mode, count] of [
    ['serve', 3],
    ['dev', 4],
  ] as const) {
    const message = startMessage({ url, answers: true, mode, firstKey: 'otr_live_x', bootstrapKey: false });
    assert.equal(message.split('otr_live_x').length - 1, 1);
    assert.deepEqual(
      [...message.matchAll(/^(\d)\. /gm)].map(([, number]) => Number(number)),
      Array.from({ length: count }, (_, index) => index + 1),
    );
    assert.ok(message.includes(`in ${count === 3 ? 'three' : 'four'} commands`));
    assert.match(message, /`node \S+\/bin\/outrider\.mjs listen`/, 'a command for any folder');
    assert.equal(message.split('$OUTRIDER_KEY').length - 1, 3);
  }
});

test('a bootstrap key is not shown, a later start shows no commands', () => {
  const chosen = startMessage({ url, answers: true, mode: 'serve', firstKey: undefined, bootstrapKey: true });
  assert.match(chosen, /export OUTRIDER_KEY=\$OUTRIDER_BOOTSTRAP_KEY\n/);
  const later = startMessage({ url, answers: true, mode: 'serve', firstKey: undefined, bootstrapKey: false });
  assert.ok(!later.includes('curl') && later.includes(`${url}/docs/api`));
});

test('only dev says that it is open, and only there is the endpoint on this machine', () => {
  const [serve, dev] = (['serve', 'dev'] as const).map((mode) => startMessage({ url, answers: true, mode, firstKey: 'k', bootstrapKey: false }));
  assert.match(String(dev), /endpoints on this machine and without TLS are allowed/);
  assert.ok(String(dev).includes('"target_url":"http://localhost:3000'));
  assert.ok(!String(serve).includes('"target_url":"http:'));
});

test('without the role api it shows what answers, and no command that would need the API', () => {
  const message = startMessage({ url, answers: false, mode: 'serve', firstKey: 'otr_live_x', bootstrapKey: false });
  assert.match(message, /^Outrider delivers\. Without the role api it answers no calls, only http:\/\/localhost:8080\/healthz, \/readyz and \/metrics\.$/m);
  assert.ok(message.includes('export OUTRIDER_KEY=otr_live_x') && !message.includes('curl') && !message.includes('undefined'));
});
