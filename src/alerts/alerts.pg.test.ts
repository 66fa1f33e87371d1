import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer as createTcpServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, afterEach, before, beforeEach, describe, test } from 'node:test';
import { callRoute, principalOf } from '../../test/harness/calling.ts';
import { eventually, TestClock } from '../../test/harness/clock.ts';
import { createTestDatabase } from '../../test/harness/database.ts';
import type { TestDatabase } from '../../test/harness/database.ts';
import { makeOrganization } from '../../test/harness/engine.ts';
import { startSmtp } from '../../test/harness/smtp.ts';
import type { SmtpServer } from '../../test/harness/smtp.ts';
import { createIds, type OrganizationId } from '../base/ids.ts';
import { connect } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { Principal, Route } from '../http/route.ts';
import { createAlerts, systemMail } from './index.ts';
import { backoffMs } from './outbox.ts';
import { dayMs } from '../base/clock.ts';

describe('alerts', () => {
  let database: TestDatabase;
  let clock: TestClock;
  const stops: (() => Promise<void> | void)[] = [];

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database.drop());
  beforeEach(() => {
    clock = new TestClock();
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
    await database.drop();
    database = await createTestDatabase();
  });

  /** The outbox alone: a whole installation would do an hour of other work for each hour that the clock advances. */
  async function install(smtpUrl?: string) {
    const logged: { fields: object; msg: string }[] = [];
    const log = (fields: object, msg: string): void => void logged.push({ fields, msg });
    const errors: unknown[] = [];
    const db = connect(database.url);
    const ids = createIds(clock);
    const alerts = createAlerts({
      db,
      clock,
      ids,
      mail: systemMail({ smtpUrl, smtpFrom: 'Outrider <outrider@example.com>' }, clock),
      publicUrl: () => 'https://outrider.example',
      log: { info: log, warn: log },
      onError: (error) => errors.push(error),
    });
    const stopping = new AbortController();
    const running = alerts.run(stopping.signal);
    stops.push(async () => {
      stopping.abort();
      await running;
      await db.close();
    });
    const until = (condition: () => boolean | Promise<boolean>, what: string): Promise<void> =>
      eventually(condition, what, () => errors);
    const call = (principal: Principal, method: Route['method'], path: string) =>
      callRoute(alerts.routes, principal, method, path);
    return { db, ids, alerts, errors, logged, until, call };
  }
  type Installation = Awaited<ReturnType<typeof install>>;
  const smtp = async (refuse?: (count: number) => boolean): Promise<SmtpServer> => {
    const server = await startSmtp(refuse);
    stops.push(() => server.close());
    return server;
  };
  const organization = async (on: Installation, alertEmail: string | null): Promise<OrganizationId> => {
    const id = await makeOrganization(on.db, on.ids, `acme-${Math.random().toString(36).slice(2)}`);
    await on.db.execute(sql`UPDATE organizations SET alert_email = ${alertEmail} WHERE id = ${id}`);
    return id;
  };
  const write = (
    on: Installation,
    organizationId: OrganizationId,
    subject = 'Endpoint disabled: ä.example',
  ): Promise<void> =>
    on.db.transaction((tx) => on.alerts.write(tx, { organizationId, subject, body: 'It failed.\nSix times.' }));

  interface Shown {
    status: string;
    subject: string;
    last_error: string | null;
    attempt_count: number;
    sent_at: string | null;
  }
  const list = async (
    on: Installation,
    organizationId: OrganizationId,
    query = '',
  ): Promise<{ data: Shown[]; next_cursor: string | null }> =>
    (await on.call(principalOf(organizationId), 'GET', `/v1/alerts${query}`)).body as {
      data: Shown[];
      next_cursor: string | null;
    };
  const status = async (on: Installation, organizationId: OrganizationId): Promise<string | undefined> =>
    (await list(on, organizationId)).data[0]?.status;

  test("an alert is mailed to the organization's address after its transaction commits", async () => {
    const server = await smtp();
    const here = await install(server.url);
    const id = await organization(here, 'ops@example.com');
    await assert.rejects(
      here.db.transaction(async (tx) => {
        await here.alerts.write(tx, { organizationId: id, subject: 'never', body: 'never' });
        throw new Error('rolled back');
      }),
    );
    await write(here, id);
    await here.until(async () => (await status(here, id)) === 'sent', 'the alert was sent');
    assert.equal(server.mails.length, 1);
    const [{ to, text } = assert.fail()] = server.mails;
    assert.deepEqual(to, ['ops@example.com']);
    assert.match(text, /^From: Outrider <outrider@example\.com>$/m);
    assert.match(text, /^Auto-Submitted: auto-generated$/m);
    assert.match(text, /^Message-ID: <[0-9a-f-]{36}@outrider\.example>$/m);
    assert.match(text, /It failed\.\r\nSix times\./);
    assert.match(text, /https:\/\/outrider\.example\/v1\/alerts/);
    const [shown] = (await list(here, id)).data;
    assert.deepEqual(
      [shown?.subject, shown?.attempt_count, shown?.last_error, shown?.sent_at],
      ['Endpoint disabled: ä.example', 1, null, '2026-01-05T09:00:00.000Z'],
    );
  });

  test('an alert of a sandbox without an address is mailed to its live organization', async () => {
    const server = await smtp();
    const here = await install(server.url);
    const live = await organization(here, 'live@example.com');
    const sandbox = await organization(here, null);
    await here.db.execute(sql`UPDATE organizations SET live_organization_id = ${live} WHERE id = ${sandbox}`);
    await write(here, sandbox);
    await here.until(() => server.mails.length === 1, 'the alert was sent');
    assert.deepEqual(server.mails[0]?.to, ['live@example.com']);
  });

  test('without a mail server or an address, alerts are logged without their text and kept', async () => {
    const mute = await install();
    const id = await organization(mute, 'ops@example.com');
    await write(mute, id);
    await mute.until(async () => (await status(mute, id)) === 'kept', 'the alert was kept');
    assert.match((await list(mute, id)).data[0]?.last_error ?? '', /no mail server/);
    assert.ok(mute.logged.some(({ msg }) => /OUTRIDER_SMTP_URL/.test(String(msg))));
    assert.ok(!JSON.stringify(mute.logged).includes('Six times'));

    const server = await smtp();
    const here = await install(server.url);
    const nowhere = await organization(here, null);
    await write(here, nowhere);
    await here.until(async () => (await status(here, nowhere)) === 'kept', 'the alert was kept');
    assert.match((await list(here, nowhere)).data[0]?.last_error ?? '', /no alert address/);
    // Neither is mailed later, because it would be outdated.
    await clock.leap(dayMs);
    assert.deepEqual(server.mails, []);
  });

  test('a refused mail is retried after 1 m, 5 m, 30 m, 2 h and 12 h, then kept', async () => {
    const server = await smtp(() => true);
    const here = await install(server.url);
    const id = await organization(here, 'ops@example.com');
    await write(here, id);
    /** The attempt is over and the next one is set for then. */
    const attempted = (count: number, nextMs: number | undefined): Promise<void> =>
      here.until(
        async () =>
          nextMs === undefined
            ? (await status(here, id)) === 'kept'
            : (
                await here.db.query(
                  sql`SELECT FROM alerts WHERE attempt_count = ${count} AND due_at = ${new Date(nextMs)} AND last_error IS NOT NULL`,
                )
              ).length === 1,
        `attempt ${count}`,
      );
    for (const [index, wait] of backoffMs.entries()) {
      await attempted(index + 1, clock.now() + wait);
      await clock.advance(wait - 1);
      assert.equal(server.tries(), index + 1);
      await clock.advance(1);
    }
    await attempted(6, undefined);
    const [alert] = (await list(here, id)).data;
    assert.deepEqual([alert?.status, alert?.attempt_count], ['kept', 6]);
    assert.match(alert?.last_error ?? '', /451 4\.3\.2 not now/);
    await clock.leap(dayMs);
    assert.equal(server.tries(), 6);
    assert.deepEqual(here.errors, []);
  });

  test('two processes do not mail the same alert twice', async () => {
    const server = await smtp();
    const [here, there] = [await install(server.url), await install(server.url)];
    const ids = await Promise.all(
      Array.from({ length: 5 }, (_, index) => organization(here, `ops${index}@example.com`)),
    );
    await Promise.all(
      ids.flatMap((id) =>
        Array.from({ length: 6 }, (_, index) => write(index % 2 === 0 ? here : there, id, `alert ${id} ${index}`)),
      ),
    );
    for (const id of ids)
      await here.until(
        async () => (await list(here, id)).data.every((alert) => alert.status === 'sent'),
        'all were sent',
      );
    const subjects = server.mails.map(({ text }) => /^Subject: (.*)$/m.exec(text)?.[1]);
    assert.equal(new Set(subjects).size, 30);
    assert.equal(subjects.length, 30);
  });

  test('an address gets 10 mails an hour and 50 a day, over all organizations that name it; further alerts are kept', async () => {
    const server = await smtp();
    const here = await install(server.url);
    const live = await organization(here, 'Stranger@Example.com');
    const other = await organization(here, 'stranger@example.com');
    const sandbox = await organization(here, null);
    await here.db.execute(sql`UPDATE organizations SET live_organization_id = ${live} WHERE id = ${sandbox}`);
    const all = [live, other, sandbox];
    const settled = async (): Promise<string[]> =>
      (await Promise.all(all.map(async (id) => (await list(here, id, '?limit=100')).data)))
        .flat()
        .map((alert) => alert.status);
    async function burst(hour: number): Promise<number> {
      const before = server.mails.length;
      await Promise.all(Array.from({ length: 15 }, (_, index) => write(here, all[index % 3] ?? live)));
      await here.until(
        async () => (await settled()).every((each) => each !== 'waiting'),
        `all of hour ${hour} are sent or kept`,
      );
      return server.mails.length - before;
    }
    for (let hour = 0; hour < 5; hour += 1) {
      assert.equal(await burst(hour), 10);
      await clock.leap(3_600_000);
    }
    assert.equal(await burst(5), 0);
    assert.match((await list(here, other)).data[0]?.last_error ?? '', /at most 10 alerts an hour and 50 a day/);
    const notes = server.mails.filter(({ text }) => /Further alerts are not mailed for now/.test(text));
    assert.equal(notes.length, 5);
    await clock.leap(19 * 3_600_000);
    assert.equal(await burst(24), 10);
    // The mails already sent for an organization also count for its new address.
    await here.db.execute(sql`UPDATE organizations SET alert_email = 'other@example.com' WHERE id = ${other}`);
    const before = server.mails.length;
    await Promise.all(Array.from({ length: 10 }, () => write(here, other)));
    await here.until(async () => (await settled()).every((each) => each !== 'waiting'), 'all are sent or kept');
    assert.equal(server.mails.length - before < 10, true);
    assert.deepEqual(here.errors, []);
  });

  test('an invalid address stored before addresses were checked gets no mail', async () => {
    const server = await smtp();
    const here = await install(server.url);
    const id = await organization(here, 'ops@mail.local');
    await write(here, id);
    await here.until(async () => (await status(here, id)) === 'kept', 'the alert was kept');
    assert.match((await list(here, id)).data[0]?.last_error ?? '', /mail\.local is a private name/);
    assert.deepEqual(server.mails, []);
  });

  test('an alert left by a process that ended before mailing it is mailed by another', async () => {
    const server = await smtp();
    const here = await install(server.url);
    const id = await organization(here, 'ops@example.com');
    await here.until(() => clock.isSet(300_000), 'the outbox sleeps');
    // Inserted as if by another process, so this one is not woken.
    await here.db.execute(sql`
      INSERT INTO alerts (id, organization_id, subject, body, created_at, due_at, attempt_count)
      VALUES (${here.ids.next()}, ${id}, 'left behind', '', ${new Date(clock.now())}, ${new Date(clock.now())}, 0)`);
    await clock.advance(300_000);
    await here.until(() => server.mails.length === 1, 'it was mailed');
  });

  test('a mail server that never answers does not block the process permanently', async () => {
    const silent = createTcpServer((socket) => {
      stops.push(() => void socket.destroy());
    });
    silent.listen(0, '127.0.0.1');
    await once(silent, 'listening');
    stops.push(() => void silent.close());
    const here = await install(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`);
    const id = await organization(here, 'ops@example.com');
    const connected = once(silent, 'connection');
    await write(here, id);
    await connected;
    await clock.advance(60_000);
    await here.until(
      async () => /within 60 s/.test((await list(here, id)).data[0]?.last_error ?? ''),
      'it was given up',
    );
    assert.equal(await status(here, id), 'waiting');
  });

  test('the list of one organization is paged by cursor, newest first', async () => {
    const here = await install();
    const [mine, theirs] = [await organization(here, null), await organization(here, null)];
    for (const subject of ['one', 'two', 'three']) await write(here, mine, subject);
    await write(here, theirs, 'theirs');
    const first = await list(here, mine, '?limit=2');
    assert.deepEqual(
      first.data.map(({ subject }) => subject),
      ['three', 'two'],
    );
    const second = await list(here, mine, `?limit=2&cursor=${first.next_cursor}`);
    assert.deepEqual([second.data.map(({ subject }) => subject), second.next_cursor], [['one'], null]);
    await assert.rejects(here.call(principalOf(mine), 'GET', '/v1/alerts?cursor=x'), { error: 'validation_failed' });
  });
});
