import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SourceError } from '../source.ts';
import { assertSuccess, bodyFaults, readAnswer, requestOf, urlFault } from './exchange.ts';
import { pageFrom, pagesMax, placeOf } from './place.ts';
import { providerInput } from './settings.ts';
import type { ProviderSettings } from './settings.ts';

function settingsOf(fields: object): ProviderSettings {
  const {
    auth,
    name: _,
    ...settings
  } = providerInput.parse({
    name: 'People',
    url: 'https://api.people.example/search?titles={titles}',
    fields: { email: 'emails.0.value', external_id: 'id', employees: 'org.size' },
    items: 'data.people',
    ...fields,
  });
  return {
    ...settings,
    auth:
      auth === null
        ? null
        : 'header' in auth
          ? { kind: 'header', name: auth.header }
          : { kind: 'query', name: auth.query },
  };
}
const problemOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    assert.ok(error instanceof SourceError);
    return error.message;
  }
  return assert.fail('nothing was wrong');
};
const answerOf = (value: unknown): string => JSON.stringify(value);

describe('a provider', () => {
  test('is asked with the criteria, the secret and the page', () => {
    const icp = { titles: ['Head of R&D', 'CTO'] };
    const header = settingsOf({
      auth: { header: 'X-Key', value: 's' },
      paging: { kind: 'page', size: 50, size_parameter: 'n' },
    });
    const { url, request } = requestOf(header, 's', icp, '3');
    assert.equal(url, 'https://api.people.example/search?titles=Head+of+R%26D%2CCTO&page=3&n=50');
    assert.deepEqual(request.headers, { accept: 'application/json', 'user-agent': 'Outrider', 'X-Key': 's' });
    const post = settingsOf({
      method: 'POST',
      body: { q: { titles: '{titles}' }, all: true, text: 'in {titles}, not { id }' },
      paging: { kind: 'offset', size: 10 },
    });
    assert.deepEqual(JSON.parse(requestOf(post, null, icp, null).request.body ?? ''), {
      q: { titles: icp.titles },
      all: true,
      text: 'in Head of R&D,CTO, not { id }',
      offset: 0,
    });
    const query = settingsOf({ auth: { query: 'key', value: 's' }, paging: { kind: 'next_url', next: 'next' } });
    assert.equal(
      requestOf(query, 's', icp, 'https://api.people.example/search?after=9').url,
      'https://api.people.example/search?after=9&key=s',
    );
    assert.match(
      problemOf(() => requestOf(query, 's', icp, 'https://old.example/search?after=9')),
      /replaced/,
    );
  });

  test('placeholders that mean nothing are found', () => {
    assert.equal(urlFault('https://x.example/{titles}?c={countries}'), undefined);
    assert.equal(urlFault('https://x.example/{titles}/{nothing}'), '{nothing} means nothing');
    for (const url of ['https://x.example/{titles', 'https://x.example/titles}', 'https://x.example/{{titles}}'])
      assert.match(urlFault(url) ?? '', /brace without its counterpart|means nothing/);
    assert.deepEqual(
      Object.keys(bodyFaults({ q: '{nope}', r: ['pre {titles}', 'pre {nope}'], '{titles}': 1 }, 'body')),
      ['body.q', 'body.r.1', 'body.{titles}'],
    );
    assert.deepEqual(bodyFaults({ query: 'query { people { id } } {}', n: null }, 'body'), {});
    assert.deepEqual(bodyFaults(undefined, 'body'), {});
  });

  test('pages end: an empty page, a short one, no cursor, the same cursor; another origin is refused', () => {
    const people = [{ id: 1, emails: [{ value: 'ada@lovelace.example' }], org: { size: '11-50' } }];
    const next = (paging: object, answer: object, cursor: string | null): unknown =>
      readAnswer(settingsOf({ paging }), answerOf({ data: { people }, ...answer }), cursor, 0).next;
    assert.equal(next({ kind: 'page' }, {}, null), '2');
    assert.equal(next({ kind: 'page', size: 2 }, {}, '4'), null);
    assert.equal(next({ kind: 'page' }, { data: { people: [] } }, '4'), null);
    assert.equal(next({ kind: 'offset', size: 1 }, {}, '7'), '8');
    assert.equal(next({ kind: 'cursor', next: 'more' }, { more: 'abc' }, null), 'abc');
    assert.equal(next({ kind: 'cursor', next: 'more' }, { more: 'abc' }, 'abc'), null);
    for (const more of [false, null, '', ' ', {}])
      assert.equal(next({ kind: 'cursor', next: 'more' }, { more }, 'a'), null);
    const long = 'x'.repeat(8_000);
    assert.equal(next({ kind: 'cursor', next: 'more' }, { more: long }, null), long);
    assert.equal(next({ kind: 'cursor', next: 'more' }, { more: 'a  b' }, null), 'a  b');
    assert.match(
      problemOf(() => next({ kind: 'cursor', next: 'more' }, { more: `${long}x` }, null)),
      /^"more" of the answer is longer than 8000 characters/,
    );
    assert.equal(
      next({ kind: 'next_url', next: 'more' }, { more: '/search?p=2' }, null),
      'https://api.people.example/search?p=2',
    );
    assert.match(
      problemOf(() => next({ kind: 'next_url', next: 'more' }, { more: 'https://evil.example/' }, null)),
      /another origin/,
    );
    const { candidates } = readAnswer(settingsOf({}), answerOf({ data: { people } }), null, 0);
    assert.deepEqual(
      [candidates[0]?.externalId, candidates[0]?.email, candidates[0]?.traits.employees],
      ['1', 'ada@lovelace.example', { min: 11, max: 50 }],
    );
  });

  test('an address with invisible characters stays as it is, and is none', () => {
    const values = ['bell\u0007@prov.example', ' ada@prov.example\n', 'a\ud800@prov.example', 7];
    const people = values.map((value, id) => ({ id, emails: [{ value }] }));
    const { candidates } = readAnswer(settingsOf({}), answerOf({ data: { people } }), null, 0);
    assert.deepEqual(
      candidates.map(({ email, traits }) => [email, traits.domains]),
      [
        ['bell\u0007@prov.example', []],
        ['ada@prov.example', ['prov.example']],
        [null, []],
        [null, []],
      ],
    );
  });

  test('a search ends although the pages do not', () => {
    const settings = settingsOf({ paging: { kind: 'page' } });
    const answer = (id: number) =>
      readAnswer(
        settings,
        answerOf({ data: { people: [{ id, emails: [{ value: `p${id}@lovelace.example` }] }] } }),
        null,
        0,
      );
    const first = pageFrom(placeOf(null), answer(1));
    assert.deepEqual(placeOf(first.next).at, '2');
    const repeated = pageFrom(placeOf(first.next), answer(1));
    assert.deepEqual(
      [repeated.candidates, repeated.next, repeated.problems],
      [[], null, ['Page 2 has the same people as the one before.']],
    );
    let cursor: string | null = null;
    let pages = 0;
    do {
      pages += 1;
      cursor = pageFrom(placeOf(cursor), answer(pages)).next;
    } while (cursor !== null);
    assert.equal(pages, pagesMax);
  });

  test('an answer that does not fit the settings says what is missing and what is there', () => {
    const read = (value: unknown, fields: object = {}) => readAnswer(settingsOf(fields), answerOf(value), null, 0);
    assert.equal(
      problemOf(() => readAnswer(settingsOf({}), '<html>', null, 0)),
      'The answer is not JSON.',
    );
    assert.equal(
      problemOf(() => read({ results: [], total: 0 })),
      'The answer has no list at "data.people": it has "results", "total".',
    );
    assert.equal(
      problemOf(() => read({ a: 1 }, { items: '' })),
      'The answer is no list: it has "a".',
    );
    assert.equal(
      problemOf(() => read({ data: { people: [{ mail: 'x' }, { mail: 'y' }] } })),
      'None of the 2 records has an address at "emails.0.value"; the first: it has "mail".',
    );
    assert.match(
      problemOf(() => read({ data: { people: Array.from({ length: 1_001 }, () => ({})) } })),
      /at most 1000/,
    );
    const some = read({
      data: { people: [{ id: 1, emails: [{ value: 'a@x.example' }] }, { id: 2 }, null, 'x', { constructor: 1 }] },
    });
    assert.deepEqual([some.candidates.length, some.missing], [2, { email: 4, external_id: 3, employees: 5 }]);
  });

  test('refusals are final, overload is not', () => {
    const failure = (status: number, text = '', headers = {}): SourceError => {
      try {
        assertSuccess({ status, text, headers: new Headers(headers) }, 0);
      } catch (error) {
        if (error instanceof SourceError) return error;
      }
      return assert.fail();
    };
    assert.deepEqual(
      [401, 403, 404, 302].map((status) => failure(status).retryMs),
      [null, null, null, null],
    );
    assert.deepEqual(
      [500, 503, 429, 408].map((status) => failure(status).retryMs),
      [0, 0, 0, 0],
    );
    assert.equal(failure(429, '', { 'retry-after': '90' }).retryMs, 90_000);
    assert.equal(failure(429, '', { 'retry-after': '999999' }).retryMs, 3_600_000);
    assert.equal(failure(503, '', { 'retry-after': 'Thu, 01 Jan 1970 00:02:00 GMT' }).retryMs, 120_000);
    assert.equal(failure(503, '', { 'retry-after': 'soon' }).retryMs, 0);
    assert.match(failure(302).message, /status 302: redirects are not followed, so set the URL that it leads to\.$/);
    assert.match(failure(402, '{"error":{"message":"No credit left."}}').message, /status 402: No credit left\.$/);
    assertSuccess({ status: 204, text: '', headers: new Headers() }, 0);
  });
});
