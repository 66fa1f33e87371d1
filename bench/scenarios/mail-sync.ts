import { ImapFlow } from 'imapflow';
import { sql } from '../../src/db/sql.ts';
import { mailServersMissing, startMailServers } from '../../test/harness/mail-servers.ts';
import type { MailServers } from '../../test/harness/mail-servers.ts';
import { median, round, type Scenario } from '../scenario.ts';
import { api, type Stage } from '../stage.ts';

const messages = Number(process.env['BENCH_MAIL_FOLDER'] ?? 20_000);
const rounds = 5;
const account = 'bob@two.test';
/** What the product reads of each message. */
const headers = ['Message-ID', 'In-Reply-To', 'References', 'From', 'Content-Type', 'X-Failed-Recipients'];

function* newsletters(): Generator<string> {
  for (let number = 0; number < messages; number += 1)
    yield `Return-Path: <news@d${number % 500}.test>\r\nFrom: News <news@d${number % 500}.test>\r\nTo: ${account}\r\nSubject: News ${number}\r\nMessage-ID: <${number}@news.test>\r\nDate: Mon, 5 Jan 2026 09:00:00 +0000\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${'A line of an ordinary newsletter, about as long as lines are.\r\n'.repeat(20)}`;
}

/** Reads the same of each message with the library alone. @returns messages per second, without the login */
async function bare(servers: MailServers): Promise<number> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: servers.imap.plain,
    secure: false,
    doSTARTTLS: false,
    auth: { user: account, pass: servers.password },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen('INBOX', { readOnly: true });
  const began = performance.now();
  let count = 0;
  for await (const { uid } of client.fetch('1:*', { uid: true, size: true, internalDate: true, headers }))
    count += uid > 0 ? 1 : 0;
  const rate = (count * 1_000) / (performance.now() - began);
  await client.logout();
  if (count !== messages) throw new Error(`read ${count} of ${messages} messages`);
  return rate;
}

interface Position {
  readonly uid: number;
  readonly atMs: number;
}

/** Waits until the product has read beyond a UID. */
async function position(stage: Stage, uid: number, timeoutMs = 120_000): Promise<Position> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    const [row] = await stage.db.query(
      sql<{ last_uid: number }>`SELECT last_uid FROM mailbox_folders WHERE role = 'inbox' AND last_uid >= ${uid}`,
    );
    if (row !== undefined) return { uid: row.last_uid, atMs: performance.now() };
    if (performance.now() > deadline) throw new Error('the mailbox was not read in time');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

export const mailSync: Scenario = {
  name: 'mail-sync',
  about: `reading a folder of ${messages.toLocaleString('en')} messages, compared with bare imapflow; needs Postfix and Dovecot`,
  async run(stage) {
    const missing = mailServersMissing();
    if (missing !== undefined) return { rows: [{ skipped: missing }], checks: [] };
    const servers = await startMailServers();
    try {
      let product = await stage.product();
      const login = { host: '127.0.0.1', security: 'none', username: account, password: servers.password };
      await api(product, 'POST', '/v1/mailboxes', {
        email: account,
        smtp: { ...login, port: servers.submission.plain },
        imap: { ...login, port: servers.imap.plain },
      });
      await position(stage, 0);
      await product.stop();
      await servers.fill(account, newsletters());
      // Dovecot fills its caches.
      await bare(servers);
      const rates: Record<'product' | 'bare', number[]> = { product: [], bare: [] };
      for (let turn = 0; turn < rounds; turn += 1) {
        rates.bare.push(await bare(servers));
        await stage.db.script("UPDATE mailbox_folders SET last_uid = 0 WHERE role = 'inbox'");
        product = await stage.product();
        // From the first batch, because logins of a starting process are spread over time.
        const first = await position(stage, 1);
        const last = await position(stage, messages);
        rates.product.push(((last.uid - first.uid) * 1_000) / (last.atMs - first.atMs));
        await product.stop();
      }
      const [ours, theirs] = [median(rates.product), median(rates.bare)];
      return {
        rows: [
          { what: 'product', 'messages/s': round(ours) },
          { what: 'bare imapflow', 'messages/s': round(theirs) },
          { what: 'product ÷ bare', 'messages/s': round(ours / theirs, 2) },
        ],
        checks: [
          { claim: `product ≥ 70 % of bare (is ${round((100 * ours) / theirs)} %)`, passed: ours / theirs >= 0.7 },
        ],
      };
    } finally {
      await servers.stop();
    }
  },
};
