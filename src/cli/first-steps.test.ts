import assert from 'node:assert/strict';
import { test } from 'node:test';
import { firstKeyMessage, startMessage } from './first-steps.ts';
import type { Steps } from './first-steps.ts';

const url = 'http://localhost:8080';
const serve: Steps = { url, publicUrl: undefined, answers: true, mode: 'serve', first: 'made' };

test('the first start prints numbered commands that use the new key', () => {
  assert.match(firstKeyMessage('otr_live_x'), /^export OUTRIDER_KEY=otr_live_x$/m);
  for (const [mode, count] of [
    ['serve', 3],
    ['dev', 4],
  ] as const) {
    const message = startMessage({ ...serve, mode });
    assert.deepEqual(
      [...message.matchAll(/^(\d)\. /gm)].map(([, number]) => Number(number)),
      Array.from({ length: count }, (_, index) => index + 1),
    );
    assert.ok(message.includes(`in ${count === 3 ? 'three' : 'four'} commands`));
    assert.match(message, /`node \S+\/bin\/outrider\.mjs listen`/, 'a command for any folder');
    assert.equal(message.split('$OUTRIDER_KEY').length - 1, 3);
  }
});

test('a bootstrap key is not printed, and a later start prints no commands', () => {
  assert.match(startMessage({ ...serve, first: 'chosen' }), /export OUTRIDER_KEY=\$OUTRIDER_BOOTSTRAP_KEY\n/);
  const later = startMessage({ ...serve, first: undefined });
  assert.ok(!later.includes('curl') && later.includes(`${url}/docs/api`));
});

test('only dev warns that it allows local endpoints and uses one in its commands', () => {
  const dev = startMessage({ ...serve, mode: 'dev' });
  assert.match(dev, /endpoints on this machine and without TLS are allowed/);
  assert.ok(dev.includes('"target_url":"http://localhost:3000'));
  assert.ok(!startMessage(serve).includes('"target_url":"http:'));
});

test('without the role api the message names the probe paths and no command that needs the API', () => {
  const message = startMessage({ ...serve, answers: false });
  assert.match(
    message,
    /^Outrider works in the background\. Without the role api it serves only http:\/\/localhost:8080\/healthz, \/readyz and \/metrics\.$/m,
  );
  assert.ok(!message.includes('curl') && !message.includes('undefined'));
});

test('the message shows the local URL, which the commands and `listen` use, and the public URL', () => {
  for (const mode of ['serve', 'dev'] as const) {
    const here = 'http://localhost:8123';
    const message = startMessage({ ...serve, mode, url: here, publicUrl: 'https://outrider.example' });
    assert.match(message, /^Outrider listens on http:\/\/localhost:8123\nPublic URL: https:\/\/outrider\.example /);
    assert.ok(message.includes(`listen --url ${here}\``));
    assert.ok(message.includes(`curl -s ${here}/v1/webhooks`) && message.includes('https://outrider.example/docs/api'));
  }
});
