/**
 * The upper bound of this machine: the same path with the bare libraries (HTTP in, one batched insert, HMAC, HTTP out, one batched completion),
 * durable at the same points, over the same tables. No API keys, limits, validation, leases, retries, lanes or isolation.
 */
import { createHmac, createSecretKey, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import pg from 'pg';
import { Pool } from 'undici';
import { v7 } from 'uuid';

const target = new URL(process.env['TARGET_URL'] ?? '');
const db = new pg.Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 4 });
const out = new Pool(target.origin, { connections: 64 });
const organization = v7();
const endpoint = v7();
const secret = createSecretKey(randomBytes(32));

interface Publish {
  id: string;
  delivery: string;
  type: string;
  data: Buffer;
  done: () => void;
}
interface Outcome {
  publish: Publish;
  status: number;
  headers: string;
  ms: number;
  answer: string;
}

/** Batches items: each `write` takes the items queued in the meantime, up to 500; at most `lanes` writes run at a time. */
function batched<T>(lanes: number, write: (items: T[]) => Promise<void>): (item: T) => void {
  const queue: T[] = [];
  let running = 0;
  const pump = (): void => {
    while (running < lanes && queue.length > 0) {
      const items = queue.splice(0, 500);
      running += 1;
      void write(items).finally(() => {
        running -= 1;
        pump();
      });
    }
  };
  return (item) => {
    queue.push(item);
    if (queue.length === 1) setImmediate(pump);
  };
}
const list = (values: readonly unknown[]): string => `{${values.join(',')}}`;

const commit = batched<Publish>(2, async (items) => {
  let at = 1;
  const offsets = items.map((item) => (at += item.data.length) - item.data.length);
  await db.query({
    name: 'insert',
    text: `WITH e AS (
      INSERT INTO events (organization_id, id, type, data, occurred_at, created_at)
      SELECT $1, id, type, substring($2::bytea FROM o FOR l), now(), now() FROM unnest($3::uuid[], $4::text[], $5::int[], $6::int[]) t (id, type, o, l))
      INSERT INTO delivery_queue (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, schedule_base, due_at, created_at)
      SELECT $7, d, $1, e, t, 'event', 'pending', 0, 0, now() + interval '45 s', now() FROM unnest($8::uuid[], $3::uuid[], $4::text[]) x (d, e, t)`,
    values: [
      organization,
      Buffer.concat(items.map((item) => item.data)),
      list(items.map((item) => item.id)),
      items.map((item) => item.type),
      list(offsets),
      list(items.map((item) => item.data.length)),
      endpoint,
      list(items.map((item) => item.delivery)),
    ],
  });
  for (const item of items) {
    item.done();
    waiting.push(item);
  }
  send();
});

const complete = batched<Outcome>(1, async (items) => {
  await db.query({
    name: 'complete',
    text: `WITH o AS (SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::text[], $4::int[], $5::text[]) o (id, status, headers, ms, answer)),
      gone AS (DELETE FROM delivery_queue q USING o WHERE q.endpoint_id = $6 AND q.id = o.id RETURNING q.*, o.status),
      logged AS (INSERT INTO delivery_log (endpoint_id, id, organization_id, event_id, event_type, kind, state, attempt_count, created_at, completed_at, last_status_code)
        SELECT endpoint_id, id, organization_id, event_id, event_type, kind, 'delivered', 1, created_at, now(), status FROM gone)
      INSERT INTO attempts (delivery_id, number, started_at, duration_ms, dialect, target_url, request_headers, status_code, response_headers, response_body)
      SELECT id, 1, now(), ms, 'defrost', $7, headers, status, '{}', answer FROM o`,
    values: [
      list(items.map((item) => item.publish.delivery)),
      list(items.map((item) => item.status)),
      items.map((item) => item.headers),
      list(items.map((item) => Math.round(item.ms))),
      items.map((item) => item.answer),
      endpoint,
      target.href,
    ],
  });
});

const waiting: Publish[] = [];
let inFlight = 0;
function send(): void {
  while (inFlight < 64 && waiting.length > 0) {
    const publish = waiting.shift();
    if (publish === undefined) return;
    inFlight += 1;
    void deliver(publish).finally(() => {
      inFlight -= 1;
      send();
    });
  }
}

async function deliver(publish: Publish): Promise<void> {
  const began = performance.now();
  const timestamp = String(Math.floor(Date.now() / 1_000));
  const body = Buffer.concat([
    Buffer.from(
      `{"event":"${publish.type}","occurred_at":"${new Date().toISOString()}","organization_id":"${organization}","data":`,
    ),
    publish.data,
    Buffer.from('}'),
  ]);
  const headers = {
    'content-type': 'application/json',
    'webhook-id': publish.id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${createHmac('sha256', secret).update(`${publish.id}.${timestamp}.`).update(body).digest('base64')}`,
    'x-defrost-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    'x-defrost-delivery-id': publish.delivery,
    'x-defrost-timestamp': timestamp,
  };
  const { statusCode, body: answer } = await out.request({ method: 'POST', path: target.pathname, headers, body });
  complete({
    publish,
    status: statusCode,
    headers: JSON.stringify(headers),
    ms: performance.now() - began,
    answer: await answer.text(),
  });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const { event, data } = JSON.parse(Buffer.concat(chunks).toString()) as { event: string; data: unknown };
    const id = v7();
    const done = (): void =>
      void response
        .writeHead(202, { 'content-type': 'application/json' })
        .end(JSON.stringify({ data: { id, event, deliveries: 1 } }));
    commit({ id, delivery: v7(), type: event, data: Buffer.from(JSON.stringify(data)), done });
  });
});
server.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () =>
  process.send?.({ port: (server.address() as { port: number }).port }),
);
process.on('disconnect', () => process.exit(0));
