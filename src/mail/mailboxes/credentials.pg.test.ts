import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { installationScene } from '../../../test/harness/installation.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

const secrets = ['correct-horse-battery', 'staple-of-imap', 'another-staple'];

/** Every row of every table as text; bytes in hexadecimal. */
async function dump(db: Database): Promise<string> {
  const tables = await db.query(sql<{ name: string }>`
    SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT relispartition`);
  const rows: unknown[] = [];
  for (const { name } of tables)
    rows.push(await db.query({ name: `dump of ${name}`, text: `SELECT t::text AS row FROM ${name} t`, values: [] }));
  return JSON.stringify(rows);
}

/** How a secret could appear. */
const spellings = (secret: string): string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  Buffer.from(secret).toString('base64').replaceAll('=', ''),
];

describe('credentials', () => {
  const scene = installationScene();

  test('passwords appear in no response, no line of the log and no row of the database', async () => {
    // Of a sandbox, so that the servers are stored without being contacted.
    const caller = await (await scene.product.tenant()).withKey({ sandbox: true });
    const receiver = await scene.receive();
    await caller.register(receiver.url, { events: ['*'], dialect: 'standard' });
    const [smtpSecret = '', imapSecret = '', newSecret = ''] = secrets;
    const server = { host: 'mail.hopper.example', security: 'tls', username: 'grace' };
    const body = {
      email: 'grace@hopper.example',
      smtp: { ...server, port: 465, password: smtpSecret },
      imap: { ...server, port: 993, password: imapSecret },
    };
    const created = await caller.api('POST', '/v1/mailboxes', body);
    const { id } = created.json.data as { id: MailboxId };
    const path = `/v1/mailboxes/${id}`;
    const answers = [
      created,
      await caller.api('POST', '/v1/mailboxes/check', body),
      await caller.api('POST', '/v1/mailboxes', body),
      await caller.api('POST', '/v1/mailboxes', { ...body, email: 'nobody' }),
      await caller.api('POST', '/v1/mailboxes', { ...body, smtp: { ...body.smtp, port: 993 } }),
      await caller.api('GET', path),
      await caller.api('GET', '/v1/mailboxes'),
      await caller.api('PATCH', path, { imap: { password: newSecret } }),
      await caller.api('POST', `${path}/check`),
      await caller.api('GET', `/api/v1/mailboxes/${id}`),
    ];
    assert.deepEqual(
      answers.map(({ status }) => status),
      [201, 200, 409, 422, 422, 200, 200, 200, 200, 200],
    );
    const { mailboxes } = scene.product.mail;
    const login = async (protocol: 'smtp' | 'imap') => (await mailboxes.credentialsOf(protocol, [id])).get(id);
    assert.deepEqual(await Promise.all([login('smtp'), login('imap')]), [
      { password: smtpSecret },
      { password: newSecret },
    ]);
    await scene.product.until(() => receiver.arrivals.length > 0, 'mailbox.connected arrived');

    const places = {
      response: answers.map(({ text }) => text).join('\n'),
      delivery: receiver.arrivals.map((arrival) => arrival.body).join('\n'),
      log: JSON.stringify(scene.product.logged),
      database: await dump(scene.product.db),
    };
    for (const [place, text] of Object.entries(places)) {
      for (const spelling of secrets.flatMap(spellings))
        assert.ok(!text.includes(spelling), `${spelling} in a ${place}`);
    }
    assert.ok(places.database.includes('mail.hopper.example'), 'the dump has the mailbox');

    assert.equal((await caller.api('DELETE', path)).status, 204);
    const [row] = await scene.product.db.query(
      sql<{ credentials: Buffer | null }>`SELECT credentials FROM mailboxes WHERE id = ${id}`,
    );
    assert.deepEqual(row, { credentials: null });
    assert.equal((await mailboxes.credentialsOf('smtp', [id])).size, 0);
  });
});
