import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { scratchFor } from '../../test/harness/embedded.ts';
import { startSmtp } from '../../test/harness/smtp.ts';
import { readConfig } from '../base/config.ts';
import { connect } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { examined } from './doctor-check.ts';
import type { Finding } from './doctor-check.ts';
import { databaseChecks, usable } from './doctor-database.ts';
import { machineChecks } from './doctor-machine.ts';

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'outrider-doctor-'));
});
after(() => rm(folder, { recursive: true }));

const machine = (name: string, environment: Readonly<Record<string, string>>): Promise<Finding> => {
  const check = machineChecks.find((each) => each.name === name) ?? assert.fail(name);
  return examined(check, readConfig({ OUTRIDER_PORT: '0', ...environment }));
};
const assertFinding = ({ verdict, says }: Finding, wanted: Finding['verdict'], pattern: RegExp): void => {
  assert.match(says, pattern);
  assert.equal(verdict, wanted, says);
};

test('doctor fails while fsync is off and names the setting to change', async (t) => {
  const examine = databaseChecks.find(({ name }) => name === 'durability') ?? assert.fail();
  const findingOn = async (settings: Readonly<Record<string, string>>): Promise<Finding> => {
    const { url } = await (await scratchFor(t)).start({ settings });
    const db = connect(url, { max: 1 });
    try {
      return await examined(examine, db, readConfig({}), {
        url,
        description: 'here',
        own: false,
        stop: async () => {},
      });
    } finally {
      await db.close();
    }
  };
  assertFinding(await findingOn({ fsync: 'off' }), 'fail', /^fsync is off.* Set fsync = on/);
  assertFinding(await findingOn({ full_page_writes: 'off' }), 'warn', /^full_page_writes is off/);
});

describe('doctor checks the database', () => {
  let database: TestDatabase;
  let db: Database;
  before(async () => {
    database = await createTestDatabase();
    db = connect(database.url, { max: 2 });
  });
  after(async () => {
    await db.close();
    await database.drop();
  });
  const examine = (on: Database, environment: Readonly<Record<string, string>> = {}): Promise<Finding> =>
    examined(usable, on, readConfig(environment), { url: '', description: 'here', own: false, stop: async () => {} });
  /** Another account on the same database. */
  async function as(account: string, work: (other: Database) => Promise<void>): Promise<void> {
    const other = connect(database.url, { max: 1, settings: { role: account } });
    try {
      await work(other);
    } finally {
      await other.close();
    }
  }

  test('a database that a server can use passes, whether or not it has tables', async () => {
    assertFinding(await examine(db), 'ok', /^PostgreSQL \d+\S*.*, here$/);
    await db.script('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    assertFinding(await examine(db), 'ok', /here$/);
    assert.deepEqual(
      await db.query(sql`SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace`),
      [],
      'the rehearsal leaves no tables behind',
    );
    const other = connect(database.url, { max: 1, settings: { default_transaction_read_only: 'on' } });
    assertFinding(await examine(other), 'fail', /does not accept writes\. Point DATABASE_URL at the primary/);
    await other.close();
  });

  test('mailboxes that cannot log in are counted', async () => {
    const check = databaseChecks.find(({ name }) => name === 'mailboxes') ?? assert.fail();
    const own = await createTestDatabase();
    const on = connect(own.url, { max: 1 });
    const counted = () =>
      examined(check, on, readConfig({}), { url: '', description: 'here', own: false, stop: async () => {} });
    try {
      assertFinding(await counted(), 'ok', /^none$/);
      await on.execute(sql`
        INSERT INTO organizations (id, slug, plan, data_key, master_key_id, created_at, updated_at)
        VALUES ('0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d01', 'doctor', 'scale', '', '', now(), now())`);
      for (const [index, status] of ['connected', 'auth_failed', 'degraded', 'auth_failed'].entries())
        await on.execute(sql`
          INSERT INTO mailboxes (id, organization_id, email, email_key, domain, provider, sandbox, status, status_changed_at, daily_limit, gap_min_seconds, gap_max_seconds,
            max_hourly_per_domain, timezone, work_hours, created_at, updated_at)
          VALUES (gen_random_uuid(), '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d01', ${`a${index}@b.test`}, ${`a${index}@b.test`}, 'b.test', 'smtp', false, ${status}, now(), 50, 90, 420, 20, 'UTC', '{}', now(), now())`);
      assertFinding(await counted(), 'warn', /^2 auth_failed and 1 degraded of 4\. GET \/v1\/mailboxes says why/);
    } finally {
      await on.close();
      await own.drop();
    }
  });

  test('anything that would prevent the start is reported, with what to do', async () => {
    const account = `doctor_${Date.now()}`;
    await db.script(`CREATE ROLE ${account}; REVOKE CREATE ON SCHEMA public FROM PUBLIC`);
    try {
      await as(account, async (other) =>
        assertFinding(
          await examine(other),
          'fail',
          new RegExp(`may not create tables\\. Make it the owner of the database: .* OWNER TO ${account}`),
        ),
      );
      await db.script(`GRANT CREATE ON SCHEMA public TO ${account}; CREATE TABLE somebodys (x integer)`);
      await as(account, async (other) => assertFinding(await examine(other), 'fail', /may not change all tables/));
      // The rehearsal itself: a migration cannot be applied.
      await db.script('DROP TABLE somebodys; CREATE VIEW organizations AS SELECT 1');
      assertFinding(
        await examine(db),
        'fail',
        /the first start would fail: relation "organizations" already exists\. Nothing was changed\./,
      );
      await db.script('DROP VIEW organizations');
    } finally {
      await db.script(`DROP OWNED BY ${account}; DROP ROLE ${account}`);
    }
  });
});

describe('doctor checks the machine', () => {
  test('an unwritable data folder fails if it is needed', async () => {
    assertFinding(await machine('data folder', { OUTRIDER_DATA_DIR: folder }), 'ok', /is writable/);
    assertFinding(
      await machine('data folder', { OUTRIDER_DATA_DIR: join(folder, 'a', 'b') }),
      'ok',
      /does not exist yet/,
    );
    assert.deepEqual(await readdir(folder), [], 'no file is left behind');
    await writeFile(join(folder, 'file'), '');
    assertFinding(
      await machine('data folder', { OUTRIDER_DATA_DIR: join(folder, 'file', 'data') }),
      'fail',
      /file is not writable \(E\w+\)\. Make the account .* OUTRIDER_DATA_DIR/,
    );
    const away = { DATABASE_URL: 'postgres://localhost/x', OUTRIDER_MASTER_KEY: `${'A'.repeat(43)}=` };
    assertFinding(await machine('data folder', { OUTRIDER_DATA_DIR: '/proc/none', ...away }), 'ok', /not needed/);
  });

  test('the disk check follows a symbolic link to the database', async () => {
    const data = join(folder, 'data');
    await mkdir(join(folder, 'elsewhere'));
    await mkdir(data);
    await symlink(join(folder, 'elsewhere'), join(data, 'postgres'));
    assert.ok(
      (await machine('disk', { OUTRIDER_DATA_DIR: data })).says.endsWith(`at ${join(folder, 'elsewhere')}`) ||
        process.platform === 'darwin',
    );
    assertFinding(
      await machine('disk', { DATABASE_URL: 'postgres://localhost/x' }),
      'ok',
      /not checked: the database is external/,
    );
  });

  test('the HTTP port must be free or used by Outrider', async (t) => {
    const other = createServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')).listen(
      0,
      '127.0.0.1',
    );
    t.after(() => other.close());
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const here = { OUTRIDER_HOST: '127.0.0.1', OUTRIDER_PORT: String(port) };
    assertFinding(await machine('http', here), 'fail', new RegExp(`Port ${port} is in use\\. Set OUTRIDER_PORT`));
    assertFinding(
      await machine('http', { OUTRIDER_HOST: '192.0.2.1', OUTRIDER_PORT: '8080' }),
      'fail',
      /Check OUTRIDER_HOST/,
    );
    assertFinding(await machine('http', {}), 'ok', /a free port is chosen/);
  });

  test('the SMTP server is checked with its user and password', async (t) => {
    const smtp = await startSmtp();
    t.after(() => smtp.close());
    assertFinding(await machine('smtp', {}), 'ok', /not set: alerts are logged and stored/);
    assertFinding(
      await machine('smtp', { OUTRIDER_SMTP_URL: smtp.url }),
      'warn',
      /answers, but many servers reject the sender/,
    );
    const from = { OUTRIDER_SMTP_FROM: 'alerts@example.com' };
    assertFinding(
      await machine('smtp', { OUTRIDER_SMTP_URL: smtp.url, ...from }),
      'ok',
      /answers; alerts are sent from alerts@example\.com/,
    );
    const wrong = smtp.url.replace('user:', 'nobody:');
    assertFinding(
      await machine('smtp', { OUTRIDER_SMTP_URL: wrong, ...from }),
      'fail',
      /refuses the user or the password\. Check OUTRIDER_SMTP_URL/,
    );
    const refused = await machine('smtp', { OUTRIDER_SMTP_URL: 'smtp://user:secret@127.0.0.1:1', ...from });
    assertFinding(refused, 'fail', /127\.0\.0\.1:1 cannot be used \(connect ECONNREFUSED/);
    assert.ok(!refused.says.includes('secret'));
    assert.deepEqual(smtp.mails, []);
  });
});
