import assert from 'node:assert/strict';
import { test } from 'node:test';
import { textLine } from './log-text.ts';

test('a text line has time, level, message and fields, and the stack of an error below', () => {
  const line = {
    level: 'info',
    time: '2026-01-05T09:00:00.000Z',
    event: 'order.paid',
    status_code: 200,
    host: 'a b',
    headers: { x: 1 },
    msg: 'delivery.finished',
  };
  assert.equal(
    textLine(`${JSON.stringify(line)}\n`),
    '2026-01-05T09:00:00.000Z INFO  delivery.finished event=order.paid status_code=200 host="a b" headers={"x":1}\n',
  );
  const failed = {
    level: 'error',
    time: 't',
    err: { type: 'Error', message: 'no', stack: 'Error: no\n    at x' },
    msg: 'broken',
  };
  assert.equal(textLine(JSON.stringify(failed)), 't ERROR broken\n    Error: no\n        at x\n');
  assert.equal(
    textLine(JSON.stringify({ level: 'warn', time: 't', name: 'x\nt INFO  forged', msg: 'm' })).split('\n').length,
    2,
    'a value begins no line',
  );
});
