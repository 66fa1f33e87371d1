import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { describe, test } from 'node:test';
import { contact, contactEvents, listed } from '../../../test/harness/contacts.ts';
import { eventsOf } from '../../../test/harness/crm.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Answer } from '../../../test/harness/edge.ts';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import { sql } from '../../db/sql.ts';
import type { ImportError } from './index.ts';

interface ImportView extends Fields {
  readonly id: string;
  readonly state: string;
  readonly columns: { column: string; field: string | null }[] | null;
  readonly progress: Record<string, number>;
}

const csv = { 'content-type': 'text/csv' };
const create = async (caller: Caller, options: Fields = {}): Promise<ImportView> =>
  (await caller.got('POST', '/v1/imports', { lawful_basis: 'consent', ...options })) as ImportView;
const put = (caller: Caller, id: string, file: string): Promise<Answer> =>
  caller.api('PUT', `/v1/imports/${id}/file`, file, csv);
const look = async (caller: Caller, id: string): Promise<ImportView> =>
  (await caller.got('GET', `/v1/imports/${id}`)) as ImportView;

/** Sends bytes that are not valid UTF-8. */
async function putBytes(caller: Caller, id: string, bytes: Buffer): Promise<Answer> {
  const answer = await fetch(`${caller.url}/v1/imports/${id}/file`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${caller.key}`, ...csv },
    body: new Uint8Array(bytes),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, text, json: JSON.parse(text) as Answer['json'] };
}

async function over(caller: Caller, id: string): Promise<ImportView> {
  await eventually(async () => (await look(caller, id))['finished_at'] !== null, 'the import has finished');
  return look(caller, id);
}

/** Imports a file. @returns the finished import. */
async function imported(caller: Caller, file: string, options: Fields = {}): Promise<ImportView> {
  const { id } = await create(caller, options);
  const answer = await put(caller, id, file);
  assert.equal(answer.status, 202, answer.text);
  return over(caller, id);
}

const counts = ({
  progress: { rows_read, created, updated, unchanged, restored, suppressed, rejected },
}: ImportView): unknown[] => [rows_read, created, updated, unchanged, restored, suppressed, rejected];

const errorsOf = async (caller: Caller, { id }: { id: string }, query = ''): Promise<ImportError[]> =>
  (await caller.api('GET', `/v1/imports/${id}/errors${query}`)).json.data as ImportError[];

describe('imports', () => {
  const scene = installationScene();
  const chunksOf = async (id: string): Promise<number> =>
    (
      await scene.product.db.query(
        sql<{ count: number }>`SELECT count(*) AS count FROM import_chunks WHERE import_id = ${id}`,
      )
    )[0]?.count ?? -1;

  test('a time zone is imported from columns named timezone, Time Zone or TZ', async () => {
    for (const [index, heading] of ['timezone', 'Time Zone', 'TZ'].entries()) {
      const me = await scene.product.tenant();
      const email = `ada${index}@lovelace.example`;
      const done = await imported(me, `Email,${heading}\n${email},Europe/Berlin\nno@hopper.example,Mars/Olympus\n`);
      assert.deepEqual(counts(done), [2, 1, 0, 0, 0, 0, 1]);
      assert.deepEqual(
        (await errorsOf(me, done)).map(({ reason }) => reason),
        ['timezone: must be the name of an IANA time zone, such as Europe/Berlin'],
      );
      assert.deepEqual(
        (await listed(me)).map(({ timezone }) => timezone),
        ['Europe/Berlin'],
      );
    }
  });

  test('a file creates contacts with one event each, updates or keeps existing ones and skips suppressed addresses', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    await me.got('POST', '/v1/custom-fields', { entity: 'contact', key: 'seats', type: 'number' });
    await me.api('POST', '/v1/suppressions', { suppressions: [{ email: 'stop@b.example' }] });
    const old = await contact(me, { email: 'Old@b.example', first_name: 'Old', notes: 'kept', tags: ['first'] });
    await contact(me, { email: 'same@b.example', first_name: 'Same', tags: ['fair'] });
    await me.register(receiver.url, { events: ['contact.*'], dialect: 'standard' });
    const file = [
      'E-Mail;First Name;Notes;Seats;Company;Status',
      'ada@b.example;Ada;"two\nlines; and a ""quote""";12;Engines;lead',
      'OLD@B.example;Older;;;;',
      'stop@b.example;Stop;;;;',
      'same@b.example;Same;;;;',
      '',
      ';;;;;',
      'nobody;No;;;;',
      'bob@b.example;Bob;;many;;',
    ].join('\r\n');
    const done = await imported(me, `\uFEFF${file}`, {
      tags: ['fair'],
      source: 'Trade fair',
      lawful_basis_source: 'booth',
      file_name: 'fair.csv',
    });
    assert.equal(done.state, 'completed');
    assert.deepEqual(counts(done), [6, 1, 2, 0, 0, 1, 2], 'an otherwise unchanged contact gets the source');
    assert.deepEqual(
      done.columns?.map(({ field }) => field),
      ['email', 'first_name', 'notes', 'custom_fields.seats', 'company_name', null],
    );
    assert.deepEqual([done.progress['percent'], done.progress['bytes_read']], [100, done.progress['bytes']]);
    assert.equal(await chunksOf(done.id), 0);
    const contacts = new Map((await listed(me)).map((each) => [each['email'], each]));
    const ada = contacts.get('ada@b.example');
    assert.deepEqual(
      [
        'first_name',
        'notes',
        'custom_fields',
        'company_name',
        'tags',
        'source_name',
        'lawful_basis',
        'lawful_basis_source',
        'status',
      ].map((field) => ada?.[field]),
      [
        'Ada',
        'two\nlines; and a "quote"',
        { seats: 12 },
        'Engines',
        ['fair'],
        'Trade fair',
        'consent',
        'booth',
        'active',
      ],
    );
    const older = contacts.get('Old@b.example');
    assert.deepEqual(
      [older?.['id'], older?.['first_name'], older?.['notes'], older?.['tags']],
      [old.id, 'Older', 'kept', ['first', 'fair']],
    );
    assert.equal(contacts.size, 3);
    assert.deepEqual(await errorsOf(me, done), [
      { line: 9, email: 'nobody', reason: 'email: is not an email address', blanked: null },
      {
        line: 10,
        email: 'bob@b.example',
        reason:
          'custom_fields.seats: must be a number from -9007199254740991 to 9007199254740991; for more digits, use a custom field of the type text',
        blanked: null,
      },
    ]);

    const again = await imported(me, file, { tags: ['fair'], source: 'Trade fair', lawful_basis_source: 'booth' });
    assert.deepEqual(counts(again), [6, 0, 0, 3, 0, 1, 2]);
    await eventually(() => receiver.arrivals.length >= 3, 'three events have been delivered');
    assert.deepEqual(
      (await contactEvents(scene.product.db, me)).map(({ type }) => type),
      ['contact.created', 'contact.created', 'contact.created', 'contact.updated', 'contact.updated'],
    );
    assert.equal(new Set(receiver.arrivals.map(({ id }) => id)).size, 3);
    const [event] = (await contactEvents(scene.product.db, me)).slice(-1);
    assert.deepEqual(event?.data['actor'], { type: 'key', id: done['created_by'] });
    const list = await me.api('GET', '/v1/imports?state=completed');
    assert.deepEqual(
      (list.json.data as ImportView[]).map(({ id }) => id),
      [again.id, done.id],
    );
    assert.equal(list.json['total'], 2);
  });

  test('a dry run reports counts and errors and writes nothing', async () => {
    const me = await scene.product.tenant();
    await contact(me, { email: 'old@b.example', first_name: 'Old' });
    const events = await contactEvents(scene.product.db, me);
    const file = 'email,first_name\nada@b.example,Ada\nADA@b.example,Ada\nold@b.example,New\nnobody,\n';
    const dry = await imported(me, file, { dry_run: true, source: 'Nowhere', tags: ['x'] });
    assert.deepEqual([dry.state, ...counts(dry)], ['completed', 4, 1, 2, 0, 0, 0, 1]);
    assert.equal((await errorsOf(me, dry)).length, 1);
    assert.equal((await listed(me)).length, 1);
    assert.deepEqual(await contactEvents(scene.product.db, me), events);
    assert.deepEqual((await me.api('GET', '/v1/sources')).json.data, []);
    assert.equal(
      (
        await scene.product.db.query(
          sql<object>`SELECT FROM delivery_queue WHERE organization_id = ${me.organization.id}`,
        )
      ).length,
      0,
    );
    assert.deepEqual(counts(await imported(me, file)), counts(dry));
  });

  test('rows with the same address, in one chunk or in several, become one contact', async () => {
    const me = await scene.product.tenant();
    const rows = Array.from({ length: 2_500 }, (_, n) => `person${n % 1_100}@b.example,Round ${Math.floor(n / 1_100)}`);
    const done = await imported(me, ['email,first_name', ...rows].join('\n'));
    assert.deepEqual(counts(done), [2_500, 1_100, 1_400, 0, 0, 0, 0]);
    assert.equal((await me.api('GET', '/v1/contacts')).json['total'], 1_100);
    assert.equal((await listed(me, '?search=person0@'))[0]?.['first_name'], 'Round 2');
  });

  test('deleted contacts are restored if requested', async () => {
    const me = await scene.product.tenant();
    const old = await contact(me, { email: 'old@b.example', first_name: 'Old' });
    await me.api('DELETE', `/v1/contacts/${old.id}`);
    const done = await imported(me, 'email,last_name\nold@b.example,Back\n', { restore_deleted: true });
    assert.deepEqual(counts(done), [1, 0, 0, 0, 1, 0, 0]);
    const back = await me.got('GET', `/v1/contacts/${old.id}`);
    assert.deepEqual([back['first_name'], back['last_name']], ['Old', 'Back']);
  });

  test('invalid rows are rejected individually with their line: quotes, lengths, columns, NUL, encodings', async () => {
    const me = await scene.product.tenant();
    const { id } = await create(me);
    const lines = [
      Buffer.from('email,first_name,notes'),
      Buffer.from('a1@b.example,"open'),
      Buffer.from('a2@b.example,ok'),
      Buffer.from('a3@b.example,6" pipe'),
      Buffer.concat([Buffer.from('a4@b.example,'), Buffer.alloc(10_000_000, 'x')]),
      Buffer.from('a5@b.example,ok'),
      Buffer.concat([Buffer.from('a6@b.example,"'), Buffer.alloc(300_000, `${'y'.repeat(99)}\n`)]),
      Buffer.from('"'),
      Buffer.from('a7@b.example,N\0L'),
      Buffer.from('a8@b.example,a,b,c'),
      Buffer.from('a9@b.example,é', 'latin1'),
      Buffer.from('b1@b.example,a,b,,,'),
      Buffer.from(`b2@b.example,${'z'.repeat(201)}`),
      Buffer.from('b3@b.example'),
    ];
    const answer = await putBytes(me, id, Buffer.concat(lines.flatMap((line) => [line, Buffer.from('\n')])));
    assert.equal(answer.status, 202, answer.text);
    const done = await over(me, id);
    assert.equal(done.state, 'completed');
    const errors: ImportError[] = [];
    for (let cursor = ''; ;) {
      const page = (await me.api('GET', `/v1/imports/${id}/errors?limit=100${cursor}`)).json as {
        data: ImportError[];
        next_cursor: string | null;
      };
      errors.push(...page.data);
      if (page.next_cursor === null || errors.length > 5_000) break;
      cursor = `&cursor=${page.next_cursor}`;
    }
    const reason = (line: number): string | undefined => errors.find((each) => each.line === line)?.reason;
    assert.match(reason(2) ?? '', /quote/);
    assert.match(reason(4) ?? '', /quote in the middle/);
    assert.match(reason(5) ?? '', /longer than 262144 bytes/);
    assert.match(reason(7) ?? '', /quote that is never closed/);
    assert.equal(reason(3), undefined);
    // The lines inside the broken quotes are read as rows, which have no address.
    assert.equal(reason(8), 'email: is not an email address');
    const after = 8 + 3_000;
    assert.match(reason(after) ?? '', /quote/);
    assert.match(reason(after + 1) ?? '', /NUL/);
    assert.equal(reason(after + 2), 'has 4 columns, the first line has 3');
    assert.equal(reason(after + 3), 'is not in UTF-8');
    assert.match(reason(after + 5) ?? '', /first_name: must have at most 200 characters/);
    assert.deepEqual(counts(done), [3_012, 4, 0, 0, 0, 0, 3_008]);
    assert.equal(errors.length, 3_008);
    const download = await me.api('GET', `/v1/imports/${id}/errors?format=csv`);
    assert.equal(download.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.match(download.text, /^line,email,reason,column,value\r\n2,,[^\r]*\r\n4,,[^]*\r\n$/);
    assert.equal(download.text.split('\r\n').length, 3_010);
    const found = (await listed(me)).map((each) => String(each['email'])).sort();
    assert.deepEqual(found, ['a2@b.example', 'a5@b.example', 'b1@b.example', 'b3@b.example']);
  });

  test('the first 100,000 rejected rows are stored, the others only counted', async () => {
    const me = await scene.product.tenant();
    const { id } = await create(me);
    await scene.product.db.execute(sql`UPDATE imports SET rejected = 99999 WHERE id = ${id}`);
    await put(me, id, 'email\n"=1,x@"\nb\nc\n');
    const done = await over(me, id);
    assert.deepEqual([done.progress['rejected'], done['errors_kept']], [100_002, 100_000]);
    assert.deepEqual(
      (await errorsOf(me, done)).map(({ line }) => line),
      [2],
    );
    assert.match((await me.api('GET', `/v1/imports/${id}/errors?format=csv`)).text, /\r\n2,"'=1,x@",/, 'not a formula');
    assertRefused(await me.api('GET', `/v1/imports/${id}/errors?cursor=x`), 422, 'validation_failed');
  });

  test('a line sep= before the header is not a row, and errors keep their line numbers', async () => {
    const me = await scene.product.tenant();
    const done = await imported(me, '\uFEFFsep=;\r\nemail;notes\r\nada@b.example;a, b, c\r\nnobody;\r\n');
    assert.deepEqual(counts(done), [2, 1, 0, 0, 0, 0, 1]);
    assert.equal((await listed(me))[0]?.['notes'], 'a, b, c');
    assert.deepEqual(
      (await errorsOf(me, done)).map(({ line, email }) => [line, email]),
      [[4, 'nobody']],
    );
  });

  test('an unreadable file is rejected immediately with the reason, and another can be sent', async () => {
    const me = await scene.product.tenant();
    const { id } = await create(me, { mapping: { Mail: 'email' } });
    const details = async (file: string | Buffer): Promise<Record<string, string>> =>
      assertRefused(await putBytes(me, id, Buffer.from(file)), 422, 'validation_failed').details;
    assert.deepEqual(await details(''), { file: 'is empty' });
    assert.match((await details(Buffer.from('\uFEFFMail\na@b.example', 'utf16le')))['file'] ?? '', /save it as UTF-8/);
    assert.match(
      (await details('Name\nx'))['mapping.Mail'] ?? '',
      /is not a column of the file; its columns are "Name"/,
    );
    assert.match((await details('Mail,"Name\nx'))['file'] ?? '', /quote/);
    assertRefused(await me.api('PUT', `/v1/imports/${id}/file`, { not: 'csv' }), 415, 'unsupported_media_type');
    assert.equal((await look(me, id)).state, 'uploading');
    assert.equal((await put(me, id, 'Mail\n')).status, 202);
    const done = await over(me, id);
    assert.deepEqual([done.state, ...counts(done)], ['completed', 0, 0, 0, 0, 0, 0, 0], 'a header without rows');
    assert.match(assertRefused(await put(me, id, 'Mail\n'), 409, 'conflict').message, /completed/);
  });

  test('options are validated when the import is created', async () => {
    const me = await scene.product.tenant();
    const details = async (body: Fields): Promise<string[]> =>
      Object.keys(assertRefused(await me.api('POST', '/v1/imports', body), 422, 'validation_failed').details);
    assert.deepEqual(await details({}), ['lawful_basis']);
    assert.deepEqual(await details({ lawful_basis: 'because' }), ['lawful_basis']);
    assert.deepEqual(await details({ lawful_basis: 'consent', mapping: { a: 'email', b: 'email' } }), ['mapping.b']);
    assert.deepEqual(await details({ lawful_basis: 'consent', mapping: { a: 'custom_fields.none' } }), ['mapping.a']);
    for (let n = 0; n < 50; n += 1) await create(me);
    assert.match(
      assertRefused(await me.api('POST', '/v1/imports', { lawful_basis: 'consent' }), 409, 'conflict').message,
      /50 imports/,
    );
  });

  test('an interrupted upload can be sent again; a new upload replaces an earlier one', async () => {
    const me = await scene.product.tenant();
    const { id } = await create(me);
    const open = () => {
      const request = httpRequest(`${me.url}/v1/imports/${id}/file`, {
        method: 'PUT',
        headers: { authorization: `Bearer ${me.key}`, ...csv },
      });
      const ended = new Promise<number | undefined>((resolve) => {
        request.on('response', (response) => resolve(response.resume().statusCode));
        request.on('error', () => resolve(undefined));
      });
      request.write(Buffer.concat([Buffer.from('email,notes\n'), Buffer.alloc(600_000, 'first@b.example,x\n')]));
      return { request, ended };
    };
    const uploadOf = async (): Promise<string | undefined> =>
      (await scene.product.db.query(sql<{ upload_id: string }>`SELECT upload_id FROM imports WHERE id = ${id}`))[0]
        ?.upload_id;
    const broken = open();
    await eventually(async () => (await chunksOf(id)) >= 2, 'some of it is stored');
    broken.request.destroy();
    await broken.ended;
    const before = await uploadOf();
    const first = open();
    await eventually(
      async () => (await uploadOf()) !== before && (await chunksOf(id)) >= 2,
      'some of the next is stored',
    );
    assert.equal((await put(me, id, 'email\nsecond@b.example\n')).status, 202);
    first.request.end(Buffer.alloc(600_000, 'first@b.example,x\n'));
    assert.equal(await first.ended, 409);
    assert.deepEqual(counts(await over(me, id)), [1, 1, 0, 0, 0, 0, 0]);
  });

  test('the end of an import is emitted once, with its counts and its creator', async () => {
    const receiver = await scene.receive();
    const me = await scene.product.tenant();
    await me.register(receiver.url, { events: ['import.*'], dialect: 'standard' });
    const file = 'email\nada@b.example\nnobody\n';
    const views = [await imported(me, file, { file_name: 'fair.csv', dry_run: true }), await imported(me, file)];
    const { id } = await create(me, { file_name: 'never.csv' });
    // Another key cancels the import of the first one.
    const other = await me.withKey({});
    for (let twice = 0; twice < 2; twice += 1) await other.got('POST', `/v1/imports/${id}/cancel`, {});
    views.push(await look(me, id));
    await eventually(() => receiver.arrivals.length === 3, 'all three arrived');
    const bodies = receiver.arrivals.map(
      ({ body }) => JSON.parse(body) as { type: string; timestamp: string; data: Fields },
    );
    const expected = views.map((view) => {
      const [rows_read, created, updated, unchanged, restored, suppressed, rejected] = counts(view);
      const { state, file_name, error, dry_run, created_at, finished_at, created_by } = view;
      const actor = { type: 'key', id: created_by };
      const became = { rows_read, created, updated, unchanged, restored, suppressed, rejected, blanked: 0 };
      return {
        type: `import.${state}`,
        timestamp: finished_at,
        data: {
          id: view.id,
          workspace_id: null,
          file_name,
          state,
          error,
          dry_run,
          ...became,
          created_at,
          finished_at,
          actor,
        },
      };
    });
    const byId = (a: { data: Fields }, b: { data: Fields }): number =>
      String(a.data['id']) < String(b.data['id']) ? -1 : 1;
    assert.deepEqual(bodies.sort(byId), expected.sort(byId));
    assert.deepEqual(
      expected.map(({ type, data: { dry_run, created, rejected } }) => [type, dry_run, created, rejected]),
      [
        ['import.completed', true, 1, 1],
        ['import.completed', false, 1, 1],
        ['import.cancelled', false, 0, 0],
      ],
    );
    const told = (await eventsOf(scene.product.db, me.organization.id)).filter(({ type }) =>
      type.startsWith('import.'),
    );
    assert.equal(told.length, 3);
  });

  test('an import that waits for its file can be cancelled; then it accepts no file', async () => {
    const me = await scene.product.tenant();
    const { id } = await create(me);
    const cancelled = await me.got('POST', `/v1/imports/${id}/cancel`, {});
    assert.equal(cancelled['state'], 'cancelled');
    assert.deepEqual(await me.got('POST', `/v1/imports/${id}/cancel`, {}), cancelled);
    assertRefused(await put(me, id, 'email\n'), 409, 'conflict');
    const done = await imported(me, 'email\na@b.example\n');
    assert.match(
      assertRefused(await me.api('POST', `/v1/imports/${done.id}/cancel`, {}), 409, 'conflict').message,
      /completed/,
    );
  });
});
