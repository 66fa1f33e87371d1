import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { systemClock } from '../../base/clock.ts';
import type { EventId, OrganizationId } from '../../base/ids.ts';
import type { WireEvent } from '../wire.ts';
import { templateOf } from './body-template.ts';
import { createRenderer } from './liquid.ts';
import { createBodyRenderer } from './renderer.ts';

const eventOf = (data: unknown, organization = 'a'): WireEvent => ({
  id: 'e' as EventId,
  organizationId: organization as OrganizationId,
  type: 'order.paid',
  data: Buffer.from(JSON.stringify(data)),
  occurredAtMs: 0,
  sandbox: false,
});
const render = createRenderer();
const rendered = (template: string, data: unknown = {}, contentType = 'text/plain') =>
  render({ template, contentType, variables: '{"type":"order.paid"}', data: JSON.stringify(data) });
const failure = (template: string, data: unknown = {}, contentType = 'text/plain'): string => {
  const result = rendered(template, data, contentType);
  return result.kind === 'failed' ? result.message : assert.fail(result.text.slice(0, 200));
};

describe('templates of bodies', () => {
  test('values are printed, as JSON by the filter json', () => {
    const template =
      '{"text": {{ data.name | append: " paid" | json }}, "none": {{ data.none | json }}, "type": {{ type | json }}}';
    assert.deepEqual(rendered(template, { name: 'Zoë "Z"' }, 'application/json'), {
      kind: 'body',
      text: '{"text": "Zoë \\"Z\\" paid", "none": null, "type": "order.paid"}',
    });
  });

  test('nothing of the process, of files or of prototypes can be read', () => {
    for (const text of [
      '{{ data.constructor }}{{ data.__proto__ }}{{ constructor }}{{ data.list.constructor }}',
      '{{ process }}{{ global }}{{ data.name.constructor.name }}',
    ])
      assert.deepEqual(rendered(text, { name: 'x', list: [] }), { kind: 'body', text: '' });
    for (const text of ["{% include 'x' %}", "{% render '/etc/passwd' %}", "{% layout 'x' %}", '{% liquid x %}'])
      assert.match(failure(text), /^line 1, column 1: tag ".+" not found$/);
  });

  test('what is wrong is reported with its line', () => {
    assert.match(failure('a\n{{ data.x | nonsense }}'), /^line 2, column \d+: undefined filter: nonsense$/);
    assert.match(failure('{% if x %}'), /^line 1, column \d+: .+not closed/);
    assert.match(failure('{"text": {{ data.name }}}', { name: 'a"b' }, 'application/json'), /not JSON .+filter json/);
    assert.match(failure('{{ data.name }}', { name: 'x'.repeat(300_000) }), /larger than 256 KiB/);
  });

  test('endless templates and huge bodies end within limits, and others are rendered in between', async () => {
    const renderer = createBodyRenderer(systemClock);
    const loop =
      '{% for a in (1..100000) %}{% for b in (1..100000) %}{% for c in (1..100000) %}x{% endfor %}{% endfor %}{% endfor %}';
    const doubling = `{% assign s = "0123456789abcdef" %}${'{% assign s = s | append: s %}'.repeat(40)}{{ s }}`;
    const nested = '{% if true %}'.repeat(2_000) + '{% endif %}'.repeat(2_000);
    const wide = '{{ data.list }}'.repeat(2_000);
    const sorted = `${'{% assign l = data.list | sort | reverse | concat: data.list %}'.repeat(200)}{{ l | size }}`;
    // The thread is started before.
    await renderer.render(templateOf('x', 'text/plain'), eventOf({}));
    const began = performance.now();
    for (const text of [loop, doubling, nested, wide, sorted]) {
      const event = eventOf({ list: Array.from({ length: 20_000 }, (_, index) => `item ${index}`) }, 'bad');
      const bad = renderer.render(templateOf(text, 'text/plain'), event);
      const good = await renderer.render(templateOf('{{ data.n }}', 'text/plain'), eventOf({ n: 1 }, 'good'));
      assert.deepEqual(good, { kind: 'body', text: '1' });
      const result = await bad;
      if (text !== nested) assert.equal(result.kind, 'failed', text.slice(0, 40));
    }
    // Bounds, not measurements: five templates of at most a second each, whatever else this machine does.
    assert.ok(performance.now() - began < 30_000);
  });
});
