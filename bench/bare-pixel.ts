/**
 * The upper bound of this machine for tracked opens: bare node:http answers with a pixel, and writes one row for each request in batches,
 * into a table with the same columns and indexes. No tokens, verdicts, events or figures, and no message is marked as opened.
 */
import { createServer } from 'node:http';
import pg from 'pg';
import { v4, v7 } from 'uuid';

const db = new pg.Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 1 });
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

const organization = v7();

interface Hit {
  readonly id: string;
  readonly message: string;
  readonly address: string;
  readonly userAgent: string;
  readonly at: string;
}

const list = (values: readonly string[]): string => `{${values.join(',')}}`;
let waiting: Hit[] = [];
let writing = false;

async function write(): Promise<void> {
  while (waiting.length > 0) {
    const batch = waiting.slice(0, 500);
    waiting = waiting.slice(500);
    await db.query({
      name: 'hits',
      text: `INSERT INTO bare_hits (id, organization_id, message_id, kind, verdict, reasons, address, user_agent, at)
        SELECT id, $1, message, 'open', 'human', '{}', address, agent, at
        FROM unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[]) t (id, message, address, agent, at)`,
      values: [
        organization,
        list(batch.map(({ id }) => id)),
        list(batch.map(({ message }) => message)),
        batch.map(({ address }) => address),
        batch.map(({ userAgent }) => userAgent),
        batch.map(({ at }) => at),
      ],
    });
  }
  writing = false;
}

const server = createServer(({ headers }, response) => {
  waiting.push({
    id: v7(),
    message: v4(),
    address: String(headers['x-forwarded-for']),
    userAgent: headers['user-agent'] ?? '',
    at: new Date().toISOString(),
  });
  if (!writing) {
    writing = true;
    setImmediate(() => void write());
  }
  response.writeHead(200, { 'content-type': 'image/gif', 'cache-control': 'no-store' }).end(pixel);
});
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as { port: number }).port }));
process.on('disconnect', () => process.exit(0));
