import assert from 'node:assert/strict';
import { sql } from '../../src/db/sql.ts';
import type { Database } from '../../src/db/pool.ts';
import type { Caller, Fields } from '../harness/caller.ts';
import type { Tenant } from '../harness/installation.ts';
import type { Dialect, Expected, Fault, Headers, Request, Settings, Stored } from './dialect.ts';
import { send } from './requests.ts';
import type { Answered } from './requests.ts';

/** An endpoint that was created through a vendor's API. */
export interface Made {
  readonly row: Stored;
  readonly secret: string;
  /** In the form of this API. */
  readonly id: string;
}

/** A program written for one vendor's API. */
export interface Client {
  readonly url: string;
  readonly key: string;
  /** Sends a request, and asserts that the answer has rate-limit headers. */
  call(request: Request, headers?: Headers): Promise<Answered>;
  /** Asserts that the answer is exactly this one. */
  gets(request: Request, expected: Expected): Promise<Answered>;
  /** Asserts that the answer is the vendor's refusal of this fault, and that no endpoint changed. */
  refused(request: Request, fault: Fault, what: string, headers?: Headers): Promise<void>;
  make(settings: Settings): Promise<Made>;
  /** The organization's endpoints, newest first. */
  stored(): Promise<Stored[]>;
}

/** Creates a client. The last argument has the key and the URL of the product. */
export function clientOf(
  { api, name }: Dialect,
  db: Database,
  { organization }: Pick<Tenant, 'organization'>,
  { url, key }: Pick<Caller, 'url' | 'key'>,
): Client {
  const presented = api.keyPlaces[0]?.(key) ?? assert.fail();

  const call: Client['call'] = async (request, headers = presented) => {
    const answer = await send(url, request, headers);
    for (const header of ['x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset']) {
      assert.match(
        answer.headers.get(header) ?? '',
        /^\d+$/,
        `${header} of ${request.method} ${request.path}: ${answer.status}`,
      );
    }
    return answer;
  };

  const client: Client = {
    url,
    key,
    call,
    async gets(request, { status, body }) {
      const answer = await call(request);
      assert.deepEqual(
        { status: answer.status, body: answer.text === '' ? undefined : (JSON.parse(answer.text) as unknown) },
        { status, body },
      );
      if (body !== undefined) assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8');
      return answer;
    },
    async refused(request, fault, what, headers) {
      const before = await endpointsDigest(db);
      const answer = await call(request, headers);
      const expected = api.refusals[fault];
      const seen = `${name}, ${what}: ${answer.status} ${answer.text}`;
      assert.equal(answer.status, expected.status, seen);
      const { error } = expected.body.safeParse(JSON.parse(answer.text));
      assert.equal(error, undefined, `${seen}\n${error?.message}`);
      assert.equal(await endpointsDigest(db), before, `${seen}; an endpoint changed`);
    },
    async make(settings) {
      const request = api.create(api.fields(settings));
      const answer = await call(request);
      const [row = assert.fail(answer.text)] = await client.stored();
      const shown = JSON.parse(answer.text) as Fields;
      const secret = settings.secret ?? api.secretOf(shown);
      assert.ok(typeof secret === 'string', answer.text);
      const expected = api.created(row, settings.secret === undefined ? secret : undefined);
      assert.deepEqual({ status: answer.status, body: shown }, expected);
      return { row, secret, id: api.idOf(row) };
    },
    stored: () =>
      db.query(sql<Stored>`
        SELECT e.*, h.consecutive_failures, h.last_delivered_at FROM endpoints e LEFT JOIN endpoint_health h ON h.endpoint_id = e.id
        WHERE e.organization_id = ${organization.id} AND e.deleted_at IS NULL ORDER BY e.id DESC`),
  };
  return client;
}

/** Changes whenever any endpoint of the installation does. */
async function endpointsDigest(db: Database): Promise<string> {
  const [row] = await db.query(
    sql<{ digest: string }>`SELECT md5(string_agg(e::text, E'\n' ORDER BY id)) AS digest FROM endpoints e`,
  );
  return row?.digest ?? '';
}
