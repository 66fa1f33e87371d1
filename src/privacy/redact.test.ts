import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reportSpeaksOf } from '../mail/provider-events/index.ts';
import { createRedactor, needlesOf } from './redact.ts';

const id = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c22';
const other = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c23';
const ada = {
  id,
  emails: [{ email: 'Ada@Bücher.example', primary: true }],
  first_name: 'Ada',
  last_name: 'Lovelace',
  phone: '+44 20 7946 0018',
};
const { speaksOf, recordSpeaksOf, keySpeaksOf, contains, redactJson } = createRedactor(needlesOf([ada]));
const redacted = (value: unknown): unknown => JSON.parse(redactJson(JSON.stringify(value)));

test('a person is found by id and address as a word of its own, in any case and spelling', () => {
  for (const text of [
    id.toUpperCase(),
    'ADA@BÜCHER.example',
    'to: <ada@xn--bcher-kva.example>, others',
    'mailto:ada@bücher.example.',
    '?email=ada@bücher.example&x',
    '?to=x%3Aada%40b%C3%BCcher.example',
    'ada@bücher.example',
  ])
    assert.ok(speaksOf(text), text);
  for (const text of [
    other,
    'nada@bücher.example',
    'x.ada@bücher.example',
    'ada@bücher.example.org',
    'ada@bücher.examples',
    'ada',
    'Ada Lovelace',
    '+44 20 7946 0018',
  ])
    assert.ok(!speaksOf(text), text);
});

test('in text, any sign ends an address, except a dot or hyphen followed by another label', () => {
  const address = 'ada@bücher.example';
  for (const before of [
    '',
    ' ',
    '<',
    '"',
    "'",
    '(',
    '[',
    '{',
    ':',
    ';',
    ',',
    '/',
    '=',
    '?',
    '&',
    '*',
    '**',
    '`',
    '|',
    '~',
    '#',
    '!',
    '$',
    '^',
    '- ',
    '-',
    '_',
    '+',
    '.',
    '...',
    '…',
    '“',
    '«',
    '\n',
    '\\n',
    '%20',
    '%2D',
  ])
    for (const after of [
      '',
      ' ',
      '>',
      '"',
      "'",
      ')',
      ']',
      '}',
      ':',
      ';',
      ',',
      '/',
      '=',
      '?',
      '&',
      '*',
      '`',
      '|',
      '~',
      '#',
      '!',
      '$',
      '^',
      '+',
      '_',
      '_1',
      '…',
      '”',
      '»',
      '\n',
      '\\n',
      '%20',
      '@',
    ])
      assert.ok(speaksOf(before + address + after), JSON.stringify(before + address + after));
  for (const after of [
    '-',
    '--',
    '-welcome',
    '-2026-01-05',
    '-welcome.',
    '-v1.2',
    '.',
    '...',
    '. Yes',
    '.-x',
    '.2',
    '.csv',
    '-2026.csv',
    '.2026.csv',
    '%2Dwelcome',
    '\\u002dwelcome',
    '&#45;welcome',
  ])
    assert.ok(speaksOf(`to ${address}${after}`), after);
  for (const after of [
    's',
    '1',
    'é',
    'e\u0301',
    '.org',
    '-mail.org',
    '-a-b.co.uk',
    '--x.org',
    '-mail.org.',
    '.csv.org',
    '-2026.csv.org',
    '%2Eorg',
    '%2Dmail%2Eorg',
  ])
    assert.ok(!speaksOf(`to ${address}${after}`), after);
  for (const before of ['n', 'é', 'e\u0301', 'x-', 'x.', 'x+', 'x_', 'x--', 'x%2D', '1.'])
    assert.ok(!speaksOf(`to ${before}${address}`), before);
});

test('in keys and ids the address is found anywhere, in names next to any sign', () => {
  const address = 'ADA@bücher.example';
  const anywhere = [
    address,
    `${address}-welcome`,
    `${address}.welcome`,
    `${address}.org`,
    `welcome-${address}`,
    `x.${address}_1`,
    `n${address}s`,
  ];
  for (const key of [...anywhere, id]) assert.ok(keySpeaksOf(key), key);
  for (const key of ['ad@bücher.example', 'ada.bücher.example', other]) assert.ok(!keySpeaksOf(key), key);
  for (const text of anywhere)
    for (const member of [
      'id',
      'message_id',
      'messageId',
      'ids',
      'key',
      'idempotency_key',
      'file_name',
      'fileName',
      'filename',
    ])
      assert.ok(
        recordSpeaksOf(JSON.stringify({ deep: [{ [member]: text }, { [member]: [text] }] })),
        `${member}: ${text}`,
      );
  for (const text of anywhere.slice(0, -1)) {
    assert.ok(recordSpeaksOf(JSON.stringify({ name: text })), text);
    assert.ok(recordSpeaksOf(JSON.stringify({ [text]: 1 })), text);
  }
  for (const json of [
    { name: `n${address}` },
    { [`${address}s`]: 1 },
    { note: `${address}.org` },
    { email: `x.${address}` },
    { valid: `n${address}` },
  ])
    assert.ok(!recordSpeaksOf(JSON.stringify(json)), JSON.stringify(json));
});

test('JSON is searched through its escapes, including member names', () => {
  assert.ok(speaksOf(String.raw`{"a":["\u0061da\u0040B\u00FCcher.example"]}`));
  assert.ok(speaksOf(String.raw`{"a\nda":{"\u0061da@b\u00fccher.example":1}}`));
  assert.ok(!speaksOf(String.raw`{"a":"n\u0061da@b\u00fccher.example"}`));
  assert.ok(speaksOf(`${'[{"a":'.repeat(20_000)}"\\u0061da@bücher.example"${'}]'.repeat(20_000)}`), 'at any depth');
});

test('contains() finds the address within a longer one', () => {
  for (const text of [
    'nada@bücher.example',
    'm-ada@bücher.example.org',
    'bounce+ada=xn--bcher-kva.example@mail.example',
    'x%2Dada%3Db%C3%BCcher.example',
  ])
    assert.ok(contains(text), text);
  for (const text of ['ada.bücher.example', 'ad@bücher.example', 'ada@', id, '']) assert.ok(!contains(text), text);
});

test("a provider's report is about its recipient; only without one does its id count", () => {
  const redactor = createRedactor(needlesOf([ada]));
  const report = (emailId: string, recipient: string | null): boolean =>
    reportSpeaksOf(redactor, { email_id: emailId, recipient, data: Buffer.from('{}') });
  assert.ok(report('msg_1', 'ADA@bücher.example'));
  assert.ok(report('m-ada@bücher.example', null));
  assert.ok(report('ada=bücher.example', null));
  assert.ok(!report('m-ada@bücher.example', 'm-ada@bücher.example'));
  assert.ok(!report('msg_1', null));
});

test('ids, kinds, times and plain numbers stay; all other text is redacted', () => {
  assert.deepEqual(
    redacted({
      id,
      message_id: 'msg_abc-1',
      workspaceId: other,
      status: 'active',
      bounce_type: 'hard',
      created_at: '2026-01-05T09:00:00.000Z',
      changed: ['email', 'job_title'],
      step: 2,
      machine: false,
      email: 'ada@bücher.example',
      notes: 'Born 10 December',
      tags: ['vip'],
      nested: [{ text: 'x', id: 7 }, 'y'],
      nothing: null,
    }),
    {
      id,
      message_id: 'msg_abc-1',
      workspaceId: other,
      status: 'active',
      bounce_type: 'hard',
      created_at: '2026-01-05T09:00:00.000Z',
      changed: ['email', 'job_title'],
      step: 2,
      machine: false,
      email: '[erased]',
      notes: '[erased]',
      tags: ['[erased]'],
      nested: [{ text: '[erased]', id: 7 }, '[erased]'],
      nothing: null,
    },
  );
});

test('ids, kinds, times and numbers are redacted if they contain personal data', () => {
  assert.deepEqual(
    redacted({
      customer_id: 'ada@bücher.example',
      user_id: 'ada.l',
      account_id: 'Mrs Lovelace of London',
      type: 'LOVELACE',
      reason: 'she did not like it',
      phone_id: '442079460018',
      tel: 442_079_460_018,
      born_at: '1815-12-10',
      created_at: 'ada',
      custom_fields: { age: 36, vip: true, id: 'x', birthday: '1815-12-10T00:00:00Z' },
      'Ada Lovelace': 1,
      'ada@bücher.example': { status: 'new' },
    }),
    {
      customer_id: '[erased]',
      user_id: '[erased]',
      account_id: '[erased]',
      type: '[erased]',
      reason: '[erased]',
      phone_id: '[erased]',
      tel: null,
      born_at: '[erased]',
      created_at: '[erased]',
      custom_fields: { age: null, vip: null, id: '[erased]', birthday: '[erased]' },
      '[erased]': { status: 'new' },
    },
  );
});

test('text that is not JSON, or nested too deep, is replaced as a whole; redacting twice changes nothing', () => {
  assert.equal(redactJson('to=ada@bücher.example'), '{"erased":true}');
  assert.equal(redactJson(`${'['.repeat(100_000)}"ada@bücher.example"${']'.repeat(100_000)}`), '{"erased":true}');
  const once = redactJson(JSON.stringify({ id, email: 'ada@bücher.example', tel: 442_079_460_018, __proto__: null }));
  assert.equal(redactJson(once), once);
});

test('a contact without an address is found by its id', () => {
  const nameless = createRedactor(needlesOf([{ id, emails: [], first_name: 'Ada', last_name: ' ', phone: null }]));
  assert.ok(nameless.speaksOf(`{"contact_id":"${id}"}`));
  assert.ok(!nameless.speaksOf('Ada'));
  assert.equal(nameless.redactJson('{"a":"x","n":5}'), '{"a":"[erased]","n":5}');
});

test('JSON that stays is kept as written, including numbers of any size', () => {
  assert.equal(
    redactJson('{"email":"Ada@Bücher.example","id":9007199254740993,"n":[1.0,-0],"phone":442079460018}'),
    '{"email":"[erased]","id":9007199254740993,"n":[1.0,-0],"phone":null}',
  );
});
