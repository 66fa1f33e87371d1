import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { promisify } from 'node:util';

const module = new URL('./log.ts', import.meta.url).href;

/** Runs in its own process, because the log writes to stdout, and at the latest when the process exits. */
async function logged(script: string): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--input-type=module',
    '-e',
    `import { createLog } from '${module}'; const log = createLog('info'); ${script}`,
  ]);
  return stdout;
}

test('an error is logged with its type, message, code and causes, and without other properties', async () => {
  const line = await logged(
    `const error = Object.assign(new Error('broke', { cause: new Error('reset') }), { code: '57P01', client: { secretKey: 4711 }, detail: 'row' }); log.warn({ err: error }, 'x');`,
  );
  const { err } = JSON.parse(line) as { err: Record<string, unknown> };
  assert.deepEqual(Object.keys(err).toSorted(), ['cause', 'code', 'message', 'stack', 'type']);
  assert.equal(err['code'], '57P01');
  assert.doesNotMatch(line, /4711|secretKey|"row"/);
});

test('a process whose log has no reader any more continues, and exits normally', async () => {
  const script = `import { createLog } from '${module}'; const log = createLog('info'); process.stdin.once('data', () => { for (let n = 0; n < 1e3; n++) log.info({ n }, 'unread'); console.error('went on'); process.exit(); });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
  child.stdout.destroy();
  await once(child.stdout, 'close');
  child.stdin.on('error', () => {}).end('now');
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  assert.deepEqual(await once(child, 'close'), [0, null]);
  assert.equal(said, 'went on\n');
});

test('possible secrets are redacted, and lines below the level are not written', async () => {
  const line = await logged(
    `log.debug('unseen'); log.info({ secret: 'whsec_1', request: { authorization: 'Bearer otr_live_1' } }, 'seen');`,
  );
  assert.doesNotMatch(line, /whsec_1|otr_live_1|unseen/);
  assert.match(line, /"msg":"seen"/);
});
