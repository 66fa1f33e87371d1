import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { hourMs, minuteMs } from '../../base/clock.ts';
import { Outrider } from '../../../sdk/src/index.ts';
import type { ServerEvent } from '../../../sdk/src/index.ts';
import type { Caller } from '../../../test/harness/caller.ts';
import { createTestDatabase } from '../../../test/harness/database.ts';
import type { TestDatabase } from '../../../test/harness/database.ts';
import { assertRefused, uuid } from '../../../test/harness/edge-routes.ts';
import { installationScene, startInstallation } from '../../../test/harness/installation.ts';
import type { Installation } from '../../../test/harness/installation.ts';

interface Attempts {
  readonly endpoints: readonly { readonly id: string; readonly delivered: number; readonly failed: number }[] | null;
}

describe('the stream of attempts', () => {
  let database: TestDatabase;
  const scene = installationScene(async () => {
    database = await createTestDatabase();
    return { databaseUrl: database.url };
  });
  after(() => database.drop());

  /** Opens a stream. @returns what it brought so far, and how it ended */
  async function follow(caller: Caller, query: Parameters<Outrider['deliveries']['streamAttempts']>[0] = {}) {
    const { url: baseUrl, key: apiKey } = caller;
    const leaving = new AbortController();
    const got: ServerEvent[] = [];
    let open = false;
    const client = new Outrider({ baseUrl, apiKey });
    const ended = (async () => {
      for await (const event of client.deliveries.streamAttempts(query, { signal: leaving.signal }))
        if (event.event === 'open') open = true;
        else got.push(event);
    })();
    scene.finally(() => leaving.abort());
    ended.catch(() => undefined);
    await scene.product.until(() => open, 'the stream is open');
    // The processes know that the organization is watched.
    await watching(scene.product);
    return { got, ended, leave: () => leaving.abort(), of: (id: string) => totalsOf(got, id) };
  }

  const watching = async (product: Installation): Promise<void> => {
    let round = false;
    product.bus.subscribe(() => (round = true));
    await product.db.execute({ name: '', text: 'SELECT pg_notify(\'outrider\', \'{"kind":"clock"}\')', values: [] });
    await product.until(() => round, 'earlier notices have arrived');
  };

  const totalsOf = (events: readonly ServerEvent[], id: string): [delivered: number, failed: number] => {
    const own = events.flatMap(({ data }) => (data as Attempts).endpoints?.filter((each) => each.id === id) ?? []);
    return [own.reduce((sum, { delivered }) => sum + delivered, 0), own.reduce((sum, { failed }) => sum + failed, 0)];
  };

  const passes = async (condition: () => boolean, what: string): Promise<void> =>
    scene.product.until(async () => {
      await scene.product.clock.advance(500);
      return condition();
    }, what);

  test('names the endpoints to which attempts were made, those of the reach only', async () => {
    const receiver = await scene.receive(({ body }, response) =>
      response.writeHead(body.includes('order.bad') ? 500 : 200).end(),
    );
    const [mine, other] = [await scene.product.tenant(), await scene.product.tenant()];
    const workspace = await mine.workspace('Acme');
    const bound = await mine.withKey({ workspaceId: workspace });
    const wide = await mine.register(receiver.url);
    const inside = await bound.register(receiver.url);
    const theirs = await other.register(receiver.url);
    const streams = {
      all: await follow(mine),
      one: await follow(mine, { endpoint_id: inside.id }),
      bound: await follow(bound),
      other: await follow(other),
    };
    await mine.publish('order.good');
    await mine.publish('order.bad');
    await bound.publish('order.good');
    await other.publish('order.good');
    await passes(
      () => streams.all.of(wide.id).join() === '2,1' && streams.other.of(theirs.id)[0] === 1,
      'the attempts are in the streams',
    );
    assert.deepEqual(streams.all.of(inside.id), [1, 0]);
    assert.deepEqual(streams.one.of(inside.id), [1, 0]);
    assert.deepEqual(streams.bound.of(inside.id), [1, 0]);
    for (const stream of [streams.one, streams.bound, streams.other]) assert.deepEqual(stream.of(wide.id), [0, 0]);
    assert.deepEqual(streams.all.of(theirs.id), [0, 0]);
    assertRefused(await bound.api('GET', `/v1/deliveries/stream?endpoint_id=${wide.id}`), 404, 'not_found');
    assertRefused(await mine.api('GET', `/v1/deliveries/stream?endpoint_id=${uuid}`), 404, 'not_found');
  });

  test('brings the attempts of other processes', async () => {
    const receiver = await scene.receive();
    const mine = await scene.product.tenant();
    const endpoint = await mine.register(receiver.url);
    const second = await startInstallation({ databaseUrl: database.url, clock: scene.product.clock });
    scene.finally(() => second.stop());
    const there = { ...mine, url: second.url } as Caller;
    const stream = await follow(there);
    await mine.publish('order.paid');
    await passes(() => stream.of(endpoint.id)[0] === 1, 'the attempt is in the stream');
  });

  test('ends when a key is revoked or expires and after an hour, and what it left behind is gone when the client leaves', async () => {
    const mine = await scene.product.tenant();
    const { key, id } = (await mine.got('POST', '/v1/keys', { name: 'short' })) as { key: string; id: string };
    const doomed = await follow({ ...mine, key });
    await mine.api('DELETE', `/v1/keys/${id}`);
    await doomed.ended;
    const expiry = new Date(scene.clock.now() + minuteMs).toISOString();
    const brief = await mine.got('POST', '/v1/keys', { name: 'brief', expires_at: expiry });
    const expired = await follow({ ...mine, key: String(brief['key']) });
    const long = await follow(mine);
    await scene.clock.advance(minuteMs);
    await expired.ended;
    await scene.clock.leap(hourMs);
    await long.ended;
    const left = await follow(mine);
    left.leave();
    await assert.rejects(left.ended, { name: 'AbortError' });
  });
});
