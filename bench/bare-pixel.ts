/**
 * The upper bound of this machine for tracked opens: bare node:http answers with a pixel, and writes one row for each request in batches.
 * No tokens, verdicts, events or figures.
 */
import { createServer } from 'node:http';
import pg from 'pg';

const db = new pg.Pool({ connectionString: process.env['DATABASE_URL'] ?? '', max: 1 });
const pixel = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64');

interface Hit {
  readonly token: string;
  readonly address: string;
  readonly userAgent: string;
  readonly at: string;
}

let waiting: Hit[] = [];
let writing = false;

async function write(): Promise<void> {
  while (waiting.length > 0) {
    const batch = waiting.slice(0, 500);
    waiting = waiting.slice(500);
    await db.query({
      name: 'hits',
      text: 'INSERT INTO bare_hits (token, address, user_agent, at) SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])',
      values: [
        batch.map(({ token }) => token),
        batch.map(({ address }) => address),
        batch.map(({ userAgent }) => userAgent),
        batch.map(({ at }) => at),
      ],
    });
  }
  writing = false;
}

const server = createServer(({ url = '', headers }, response) => {
  waiting.push({
    token: url.slice(url.lastIndexOf('/') + 1),
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
