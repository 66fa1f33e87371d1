import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { EventId, OrganizationId } from '../base/ids.ts';
import type { CanonicalType } from '../base/event-types.ts';
import { dialects } from './wires.ts';
import type { DialectName } from './wires.ts';

const bodyOf = (dialect: DialectName, type: string, data: string): string =>
  dialects[dialect]
    .body({
      id: '019b8d6c-0b00-7000-8000-000000000001' as EventId,
      organizationId: '019b8d6c-0b00-7000-8000-000000000002' as OrganizationId,
      type,
      data: Buffer.from(data),
      occurredAtMs: Date.UTC(2026, 0, 5, 9),
      sandbox: false,
    })
    .toString();

/** JSON that a parse and stringify would change: large numbers, signs, notations, escapes, repeated names, order and spacing. */
const awkward = '{"id":9007199254740993,"n":[1.0,-0,1e2,1E+400, 0.10],"s":"\\u0041\\/","a":1,"a":2,"10":1,"2":2}';

describe('published values reach receivers byte for byte', () => {
  /** Types of each dialect, and members whose values it passes on. */
  const passed: readonly [DialectName, CanonicalType, ...string[]][] = [
    ['standard', 'email.sent', 'email_id', 'anything'],
    ['defrost', 'email.sent', 'email_id', 'anything'],
    ['defrost', 'campaign.paused', 'campaign_id', 'anything'],
    ['defrost', 'campaign.completed', 'campaign_id', 'anything'],
    ['foxreach', 'email.sent', 'email_id', 'campaign_id', 'contact_id', 'step', 'subject'],
    ['foxreach', 'email.bounced', 'bounce_type'],
    ['foxreach', 'contact.created', 'id', 'custom_fields', 'tags'],
    ['foxreach', 'contact.updated', 'custom_fields'],
    ['foxreach', 'campaign.completed', 'campaign_id', 'name', 'status'],
    ['foxreach', 'reply.classified', 'reply_id', 'previous_classification'],
    ['foxreach', 'webhook.test', 'endpoint_id', 'message'],
    ['mailpanda', 'email.clicked', 'email_id', 'campaign_id', 'url'],
    ['warmysender', 'email.opened', 'email_id', 'contact_id', 'anything', 'of_their_own'],
    ['warmysender', 'warmup.health_changed', 'score', 'custom_fields'],
    ['driftwood', 'contact.created', 'id', 'custom_fields'],
    ['driftwood', 'contact.updated', 'custom_fields'],
    ['driftwood', 'project.updated', 'id', 'anything'],
  ];
  for (const [dialect, type, ...members] of passed) {
    test(`${dialect}: ${type}`, () => {
      for (const member of members) {
        for (const value of [awkward, '9007199254740993', '-12345678901234567890.0', '1.0', '-0', '1e2', '"\\u0041"']) {
          const body = bodyOf(
            dialect,
            type,
            `{"actor":{"type":"system"},"changed":["custom_fields"],"${member}":${value},"erased":true}`,
          );
          assert.ok(body.includes(`:${value}`), `${member} ${value}: ${body}`);
          JSON.parse(body);
        }
      }
    });
  }

  test('defrost: the reason is appended to the bytes, unless the publisher gave one', () => {
    const data = (type: string, text: string): string =>
      /"data":(.*)}$/s.exec(bodyOf('defrost', type, text))?.[1] ?? assert.fail();
    assert.equal(data('campaign.paused', '{ "id": 9007199254740993 }'), '{ "id": 9007199254740993 ,"reason":"paused"}');
    assert.equal(data('campaign.completed', '{}'), '{"reason":"finished"}');
    assert.equal(data('campaign.completed', ' {\n} '), ' {\n"reason":"finished"} ');
    for (const own of ['{"reason":"budget","id":1.0}', '{"re\\u0061son":null}', '{"reason":{"reason":1}}'])
      assert.equal(data('campaign.paused', own), own);
    assert.equal(data('campaign.paused', '{"inner":{"reason":1}}'), '{"inner":{"reason":1},"reason":"paused"}');
    for (const type of ['constructor', '__proto__', 'toString']) assert.equal(data(type, '{"n":1.0}'), '{"n":1.0}');
  });

  test('driftwood: members that are not part of the record are removed; the rest keeps its bytes', () => {
    const body = bodyOf(
      'driftwood',
      'project.updated',
      '{"id":1.0,"changed":[], "actor" : {"a":1},"\\u0063ontacts_added":[1],"a":1,"a":12345678901234567890}',
    );
    assert.match(body, /"data":\{"id":1\.0,"a":1,"a":12345678901234567890\}\}$/);
  });

  test('warmysender: a step of any size is converted to an index', () => {
    for (const [step, index] of [
      ['9007199254740993', '9007199254740992'],
      ['1', '0'],
      ['2.0', '1'],
      ['null', 'null'],
      ['"1"', '"1"'],
    ])
      assert.ok(bodyOf('warmysender', 'email.sent', `{"step":${step}}`).includes(`"stepIndex":${index},`), step);
  });

  test('an event whose data was deleted has a valid body in every dialect', () => {
    for (const [dialect, type] of passed) JSON.parse(bodyOf(dialect, type, 'null'));
  });
});
