import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import PostalMime from 'postal-mime';
import { resetToken } from '../../src/accounts/index.ts';
import { hourMs, minuteMs } from '../../src/base/clock.ts';
import { sql } from '../../src/db/sql.ts';
import { callerOf } from '../harness/caller.ts';
import { eventually } from '../harness/clock.ts';
import type { Answer } from '../harness/edge.ts';
import { assertRefused } from '../harness/edge-routes.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';
import { startSmtp } from '../harness/smtp.ts';
import type { SmtpServer } from '../harness/smtp.ts';
import { passwordAt } from '../harness/totp.ts';

const password = 'correct horse battery staple';
const next = 'seven lean herons at dusk';

/** A mail with a link. */
interface Linked {
  readonly id: string;
  readonly subject: string;
  readonly text: string;
  readonly token: string;
}

describe('mails with links for people', () => {
  let smtp: SmtpServer;
  let refuses = false;
  const scene = installationScene(async () => {
    smtp = await startSmtp(() => refuses);
    const smtpFrom = 'Outrider <outrider@example.com>';
    return { config: { roles: ['api'], smtpUrl: smtp.url, smtpFrom } };
  });
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });
  after(() => smtp.close());
  beforeEach(async () => {
    refuses = false;
    // Limits are by the hour.
    await scene.clock.leap(hourMs);
  });

  const api = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> =>
    callerOf(scene.product.url, '').api(method, path, body, headers);
  /** The attempt was refused and the next one is set: the clock may move. */
  const refused = (attempt: number, waitMs: number): Promise<void> =>
    eventually(async () => {
      const due = new Date(scene.clock.now() + waitMs);
      const waiting = sql`SELECT FROM account_mails WHERE attempt_count = ${attempt} AND due_at = ${due}`;
      return (await scene.product.db.query(waiting)).length === 1;
    }, `attempt ${attempt} was refused`);
  const all = (): Promise<void> =>
    eventually(
      async () => (await scene.product.db.query(sql`SELECT FROM account_mails`)).length === 0,
      'no mail waits',
    );

  async function mailsTo(address: string): Promise<Linked[]> {
    await all();
    return Promise.all(
      smtp.mails
        .filter(({ to }) => to.includes(address))
        .map(async ({ text }) => {
          const mail = await PostalMime.parse(text);
          assert.equal(mail.from?.address, 'outrider@example.com');
          assert.deepEqual(
            mail.to?.map((each) => each.address),
            [address],
          );
          const [link = '', token = ''] = /http:\S+#token=([\w-]{43})$/m.exec(mail.text ?? '') ?? [];
          const page = mail.subject?.startsWith('Invitation') === true ? 'invitation' : 'reset';
          assert.equal(link, `${scene.product.app.url}/${page}#token=${token}`);
          return { id: mail.messageId ?? '', subject: mail.subject ?? '', text: mail.text ?? '', token };
        }),
    );
  }
  const lastTo = async (address: string): Promise<Linked> => (await mailsTo(address)).at(-1) ?? assert.fail();

  let people = 0;
  /** A person who joined by the link that was mailed. */
  async function person() {
    people += 1;
    const email = `person-${people}@example.com`;
    await scene.clock.leap(minuteMs);
    const invited = await tenant.got('POST', '/v1/invitations', { email, role: 'viewer' });
    const { token } = await lastTo(email);
    assert.deepEqual([invited['mailed'], invited['token']], [true, token]);
    const joined = await api('POST', '/v1/invitations/accept', { token, name: 'Ada', password });
    assert.equal(joined.status, 201, joined.text);
    const cookie = joined.headers.get('set-cookie')?.split(';')[0] ?? '';
    const call = (method: string, path: string, body?: unknown) =>
      api(method, path, body, { cookie, 'sec-fetch-site': 'same-origin' });
    return { email, call };
  }
  const request = (email: string, headers?: Record<string, string>) =>
    api('POST', '/v1/password-resets', { email }, headers);
  const accept = (token: string, more: object = {}, headers?: Record<string, string>) =>
    api('POST', '/v1/password-resets/accept', { token, password: next, ...more }, headers);
  async function linkFor(email: string): Promise<Linked> {
    assert.equal((await request(email)).status, 202);
    return lastTo(email);
  }
  const signIn = (email: string, secret: string) => api('POST', '/v1/sessions', { email, password: secret });

  test('a person who forgot the password sets a new one with the link, once, and is signed out elsewhere', async () => {
    const { email, call } = await person();
    const first = await linkFor(email);
    assert.equal(first.subject, 'Set a new password for Outrider');
    assert.ok(first.text.includes(email) && first.text.includes('If it was not you'));
    // A new request replaces the link.
    assert.equal((await request(email.toUpperCase())).status, 202);
    const { token } = await lastTo(email);
    assert.notEqual(token, first.token);
    assertRefused(await accept(first.token), 401, 'unauthorized');
    const [stored] = await scene.product.db.query(sql<{ text: string }>`
      SELECT string_agg(r::text, ' ') AS text FROM account_resets r`);
    assert.ok(!stored?.text.includes(token));

    assert.ok(assertRefused(await accept(token, { password: 'short' }), 422, 'validation_failed').details['password']);
    const both = await Promise.all([accept(token), accept(token)]);
    assert.deepEqual(
      both.map(({ status }) => status).toSorted((a, b) => a - b),
      [201, 401],
    );
    const done = both.find(({ status }) => status === 201) ?? assert.fail();
    assert.match(done.headers.get('set-cookie') ?? '', /^outrider_session=[\w-]{43}; Path=\/; .*HttpOnly/);
    const cookie = done.headers.get('set-cookie')?.split(';')[0] ?? '';
    assert.equal((await api('GET', '/v1/me', undefined, { cookie })).status, 200);
    await eventually(async () => (await call('GET', '/v1/me')).status === 401, 'the session before has ended');
    assertRefused(await accept(token), 401, 'unauthorized');
    await scene.clock.leap(minuteMs);
    assertRefused(await signIn(email, password), 401, 'unauthorized');
    assert.equal((await signIn(email, next)).status, 201);
    assert.ok(scene.product.logged.some(({ msg }) => msg === 'password reset'));
    assert.ok(!JSON.stringify(scene.product.logged).includes(token));
    const metrics = await (await fetch(`${scene.product.url}/metrics`)).text();
    assert.match(metrics, /^outrider_account_mails_total\{kind="reset",outcome="sent"\} [1-9]/m);
  });

  test('the answer does not tell whether the address has an account, and requests are limited alike', async () => {
    const { email } = await person();
    const seen = async (to: string): Promise<unknown[]> => {
      await scene.clock.leap(hourMs);
      const answers: unknown[] = [];
      for (let count = 0; count <= 5; count += 1) {
        const { status, text } = await request(to);
        answers.push([status, text.replace(/"request_id":"[^"]*"/, '')]);
        await all();
      }
      return answers;
    };
    const [known, unknown] = [await seen(email), await seen('nobody@example.com')];
    assert.deepEqual(known, unknown);
    assert.deepEqual(
      known.map((each) => (each as unknown[])[0]),
      [202, 202, 202, 202, 202, 429],
    );
    assert.deepEqual([(await mailsTo(email)).length, (await mailsTo('nobody@example.com')).length], [6, 0]);
  });

  test('links that are used up, expired, made up or of another kind set no password', async () => {
    const { email, call } = await person();
    const invited = await tenant.got('POST', '/v1/invitations', { email: 'other@example.com', role: 'viewer' });
    const stale = await linkFor(email);
    for (const token of ['x', 'a'.repeat(43), `${stale.token}=`, String(invited['token'])])
      assertRefused(await accept(token), 401, 'unauthorized');
    // Nor is a reset an invitation.
    const joining = { token: stale.token, name: 'Eve', password };
    assertRefused(await api('POST', '/v1/invitations/accept', joining), 401, 'unauthorized');
    await scene.clock.leap(hourMs);
    assertRefused(await accept(stale.token), 401, 'unauthorized');

    // The person remembered it, and chose another one.
    const { token } = await linkFor(email);
    const change = { current_password: password, new_password: 'four quiet otters at noon' };
    assert.equal((await call('PUT', '/v1/me/password', change)).status, 204);
    assertRefused(await accept(token), 401, 'unauthorized');
    await all();
  });

  test('pages of other origins, and addresses that are none, are refused', async () => {
    for (const headers of [{ origin: 'https://evil.example' }, { 'sec-fetch-site': 'cross-site' }]) {
      assertRefused(await request('ada@example.com', headers), 403, 'forbidden');
      assertRefused(await accept('a'.repeat(43), {}, headers), 403, 'forbidden');
    }
    for (const email of [
      'ada@example.com\r\nBcc: eve@example.com',
      'ada@example.com\nSubject: x',
      'ada@example.com,eve@example.com',
      'Ada <ada@example.com>',
      'ada@example.com%0d%0aBcc:eve@example.com',
      '"ada\r\n"@example.com',
      'ada',
      '',
    ]) {
      assert.ok(assertRefused(await request(email), 422, 'validation_failed').details['email'], email);
      const invited = await tenant.api('POST', '/v1/invitations', { email, role: 'viewer' });
      assert.ok(assertRefused(invited, 422, 'validation_failed').details['email'], email);
    }
    await all();
  });

  test('an account with one-time passwords needs one, and a wrong one leaves the link valid', async () => {
    const { email, call } = await person();
    const { secret } = (await call('POST', '/v1/me/totp', { password })).json.data as { secret: string };
    const code = (): string => passwordAt(secret, scene.clock.now());
    assert.equal((await call('POST', '/v1/me/totp/confirm', { code: code() })).status, 200);
    await scene.clock.leap(minuteMs);
    const { token } = await linkFor(email);
    assertRefused(await accept(token), 401, 'second_factor_required');
    assertRefused(await accept(token, { code: '12345678' }), 401, 'unauthorized');
    await scene.clock.leap(minuteMs);
    assertRefused(await signIn(email, next), 401, 'unauthorized');
    assert.equal((await accept(token, { code: code() })).status, 201);
    // Guesses are counted for the person, whatever the link.
    const quarter = 15 * minuteMs;
    await scene.clock.leap(quarter - (scene.clock.now() % quarter));
    const again = await linkFor(email);
    for (let count = 0; count < 10; count += 1) {
      assertRefused(await accept(again.token, { code: '12345678' }), 401, 'unauthorized');
      await scene.clock.leap(minuteMs);
    }
    assertRefused(await accept(again.token, { code: '12345678' }), 429, 'rate_limit');
  });

  test('a mail that the server refuses is tried again with the same link, while the link is valid', async () => {
    const { email } = await person();
    refuses = true;
    await request(email);
    await refused(1, minuteMs);
    refuses = false;
    await scene.clock.advance(minuteMs);
    const mail = await lastTo(email);
    assert.equal((await accept(mail.token)).status, 201);
    // A process that died before it deleted the row: the mail is tried again, and does not renew the link.
    const id = mail.id.slice(1, 37);
    const count = (await mailsTo(email)).length;
    const at = new Date(scene.clock.now());
    await scene.product.db.execute(sql`
      INSERT INTO account_mails (id, kind, email, due_at, attempt_count, expires_at)
      VALUES (${id}, 'reset', ${email}, ${at}, 1, ${new Date(at.getTime() + hourMs)})`);
    await scene.clock.advance(minuteMs);
    assert.equal((await mailsTo(email)).length, count);
    assertRefused(await accept(mail.token), 401, 'unauthorized');

    refuses = true;
    await request(email);
    for (const [index, minutes] of [1, 5, 30].entries()) {
      await refused(index + 1, minutes * minuteMs);
      await scene.clock.advance(minutes * minuteMs);
    }
    await all();
    assert.equal((await mailsTo(email)).length, count);
    assert.ok(scene.product.logged.some(({ msg }) => msg === 'account mail could not be sent'));
  });

  test('invitations to an address are mailed 5 times an hour, and none that was withdrawn', async () => {
    const invite = () => tenant.got('POST', '/v1/invitations', { email: 'invited@example.com', role: 'viewer' });
    const mailed: unknown[] = [];
    for (let count = 0; count <= 5; count += 1) {
      const { mailed: each, token } = await invite();
      mailed.push(each);
      if (each === true) assert.equal((await lastTo('invited@example.com')).token, token);
    }
    assert.deepEqual(mailed, [true, true, true, true, true, false]);
    const { text, subject } = await lastTo('invited@example.com');
    assert.equal(subject, `Invitation to ${tenant.organization.slug} on Outrider`);
    assert.ok(text.includes('with the role viewer'));

    refuses = true;
    await scene.clock.leap(hourMs);
    const { id } = await invite();
    await refused(1, minuteMs);
    assert.equal((await tenant.api('DELETE', `/v1/invitations/${String(id)}`)).status, 204);
    refuses = false;
    await scene.clock.advance(minuteMs);
    assert.equal((await mailsTo('invited@example.com')).length, 5);
  });

  test("the operator's link sets a password, and replaces the mailed one", async () => {
    const { email } = await person();
    const mailed = await linkFor(email);
    await scene.clock.leap(1);
    const token = (await resetToken(scene.product.tenancy, email)) ?? assert.fail();
    assert.equal(await resetToken(scene.product.tenancy, 'nobody@example.com'), undefined);
    assertRefused(await accept(mailed.token), 401, 'unauthorized');
    assert.equal((await accept(token)).status, 201);
  });
});
