/** What the mail scenarios share: the sink, mailboxes that send to it without limits, and messages that wait. */
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from '../src/db/sql.ts';
import { api, type Server, type Stage } from './stage.ts';
import type { LoopOrder } from './smtp-loop.ts';

const file = (name: string): string => new URL(name, import.meta.url).pathname;

async function reply<T extends { readonly kind: string }>(
  child: ChildProcess,
  kind: T['kind'],
  timeoutMs = 600_000,
): Promise<T> {
  const signal = AbortSignal.timeout(timeoutMs);
  for (;;) {
    const [received] = (await once(child, 'message', { signal })) as [T];
    if (received.kind === kind) return received;
  }
}

export interface Sink {
  readonly port: number;
  /** PEM of the authority that signed its certificate, and a file with it. */
  readonly ca: string;
  readonly caFile: string;
  /** Counts from now on. @returns a promise that resolves when `count` messages have arrived */
  expect(count: number): Promise<{ readonly arrived: Promise<unknown> }>;
  /** The last message, in base64. */
  last(): Promise<string>;
  close(): Promise<void>;
}

export async function startSink(): Promise<Sink> {
  const child = fork(file('./smtp-sink.ts'));
  process.once('exit', () => child.kill('SIGKILL'));
  const { port, ca } = await reply<{ kind: 'ready'; port: number; ca: string }>(child, 'ready');
  const folder = await mkdtemp(join(tmpdir(), 'outrider-bench-ca-'));
  const caFile = join(folder, 'ca.pem');
  await writeFile(caFile, ca);
  return {
    port,
    ca,
    caFile,
    async expect(count) {
      const expecting = reply(child, 'expecting');
      child.send({ kind: 'expect', count });
      await expecting;
      return { arrived: reply(child, 'all') };
    },
    async last() {
      const answer = reply<{ kind: 'last'; raw: string }>(child, 'last');
      child.send({ kind: 'last' });
      return (await answer).raw;
    },
    async close() {
      child.disconnect();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Sends without the product. @returns messages per second */
export async function bareLoop(order: LoopOrder): Promise<number> {
  const child = fork(file('./smtp-loop.ts'));
  const done = once(child, 'message') as Promise<[{ seconds: number }]>;
  child.send(order);
  const [{ seconds }] = await done;
  child.disconnect();
  return order.count / seconds;
}

/** Starts the product, which trusts the sink. */
export const startSender = (stage: Stage, sink: Sink): Promise<Server> =>
  stage.product({ env: { NODE_EXTRA_CA_CERTS: sink.caFile } });

/** Mailboxes that send to the sink, paused, and one message that was sent as the model of all others. */
export async function makeMailboxes(stage: Stage, server: Server, sink: Sink, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const email = `sender${index}@bench.test`;
    const smtp = { host: 'localhost', port: sink.port, security: 'tls', username: email, password: 'secret' };
    const { data } = await api<{ data: { id: string } }>(server, 'POST', '/v1/mailboxes', {
      email,
      smtp,
      daily_limit: 10_000,
      max_hourly_per_domain: 30,
    });
    ids.push(data.id);
  }
  // The limits of the API protect mailboxes; here they must not decide.
  await stage.db.execute(sql`UPDATE mailboxes SET daily_limit = 1000000000, max_hourly_per_domain = 1000000000`);
  const { arrived } = await sink.expect(1);
  await api(server, 'POST', '/v1/messages', {
    mailbox_id: ids[0],
    to: 'grace@hopper.test',
    subject: 'The quarterly figures',
    text: 'Dear Grace,\n\nhere is a line of an ordinary message, about as long as lines are.\n'.repeat(8),
  });
  await arrived;
  await ended(stage);
  await each(server, ids, 'pause');
  return ids;
}

export async function each(server: Server, ids: readonly string[], call: 'pause' | 'resume'): Promise<void> {
  await Promise.all(ids.map((id) => api(server, 'POST', `/v1/mailboxes/${id}/${call}`)));
}

/** Resolves when no message is due or in flight. */
export async function ended(stage: Stage): Promise<void> {
  for (;;) {
    const [row] = await stage.db.query(sql<{ left: boolean }>`
      SELECT EXISTS (SELECT FROM messages WHERE holder IS NOT NULL AND status = 'sending') OR EXISTS (
        SELECT FROM mailboxes b CROSS JOIN (VALUES (0), (1), (2), (3)) AS p (priority) CROSS JOIN LATERAL (
          SELECT FROM messages w WHERE w.mailbox_id = b.id AND w.status IN ('claimed', 'deferred') AND w.priority = p.priority AND w.due_at <= now() LIMIT 1
        ) AS due) AS left`);
    if (row?.left === false) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Adds copies of the sent message, evenly over the mailboxes. Their recipients' domains are all different. */
export async function addMessages(
  stage: Stage,
  ids: readonly string[],
  count: number,
  due: 'now' | 'tomorrow',
): Promise<void> {
  const days = due === 'now' ? 0 : 1;
  await stage.db.execute(sql`
    INSERT INTO messages (id, organization_id, workspace_id, mailbox_id, direction, status, purpose, priority, message_id, from_address, to_address, party_key, party_domain, content, due_at,
      created_by, created_at)
    SELECT id, organization_id, workspace_id, (${ids}::uuid[])[1 + n % ${ids.length}::int], direction, 'claimed', purpose, priority, '<' || id || '@bench.test>', from_address,
      'r@d' || id || '.test', 'r@d' || id || '.test', 'd' || id || '.test', content, now() + ${days}::int * interval '1 day', created_by, created_at
    FROM (SELECT m.organization_id, m.workspace_id, m.direction, m.purpose, m.priority, m.from_address, m.content, m.created_by, m.created_at
      FROM messages m WHERE m.sent_at IS NOT NULL ORDER BY m.id LIMIT 1) model, (SELECT n, uuidv7() AS id FROM generate_series(1, ${count}::int) n) numbers`);
}

/** Deletes what was sent, but for the model, so that every measurement starts from the same state. */
export async function cleanMessages(stage: Stage): Promise<void> {
  await stage.db.script(`
    TRUNCATE message_raws, message_history, send_reservations, events, delivery_queue, delivery_log, attempts;
    DELETE FROM messages WHERE sent_at IS NOT NULL AND id <> (SELECT id FROM messages WHERE sent_at IS NOT NULL ORDER BY id LIMIT 1)`);
  for (const statement of [sql`VACUUM ANALYZE messages`, sql`VACUUM ANALYZE mailbox_pace`, sql`CHECKPOINT`])
    await stage.db.execute(statement);
}

/** Lets all mailboxes send what is due. @returns messages per second, from the first login to the last stored outcome */
export async function sendAll(
  stage: Stage,
  server: Server,
  sink: Sink,
  ids: readonly string[],
  count: number,
): Promise<number> {
  const { arrived } = await sink.expect(count);
  const began = performance.now();
  await each(server, ids, 'resume');
  await arrived;
  await ended(stage);
  const rate = (count * 1_000) / (performance.now() - began);
  await each(server, ids, 'pause');
  return rate;
}
