import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { assertRefused } from '../../../test/harness/edge-routes.ts';
import type { Caller, Fields } from '../../../test/harness/caller.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';

const at = '2026-01-05T09:00:00.000Z';

describe('capture mailboxes over HTTP', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  before(async () => {
    tenant = await scene.product.tenant();
  });

  let made = 0;
  const make = (fields: Fields = {}, caller: Caller = tenant): Promise<Fields> =>
    caller.got('POST', '/v1/mailboxes', { email: `m${(made += 1)}@hopper.example`, provider: 'capture', ...fields });
  const refusal = async (fields: Fields, status = 422, code = 'validation_failed'): Promise<Fields> =>
    assertRefused(
      await tenant.api('POST', '/v1/mailboxes', { email: 'new@hopper.example', provider: 'capture', ...fields }),
      status,
      code,
    ).details;

  test('a mailbox is created with the limits of its provider, listed, read and deleted', async () => {
    const mailbox = await make({ email: 'Grace@Hopper.example', display_name: 'Grace', timezone: 'europe/berlin' });
    assert.deepEqual(mailbox, {
      id: mailbox['id'],
      email: 'Grace@Hopper.example',
      role: 'sender',
      display_name: 'Grace',
      provider: 'capture',
      status: 'connected',
      status_reason: null,
      smtp: null,
      imap: null,
      daily_limit: 50,
      sent_today: 0,
      gap_seconds: { min: 90, max: 420 },
      max_hourly_per_domain: 5,
      timezone: 'Europe/Berlin',
      work_hours: { days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' },
      signature: null,
      reply_to: null,
      tracking_domain: null,
      warmup: { enabled: false },
      health: { score: null, band: null },
      workspace_id: null,
      connected_at: at,
      created_at: at,
      updated_at: at,
    });
    const path = `/v1/mailboxes/${String(mailbox['id'])}`;
    assert.deepEqual(await tenant.got('GET', path), mailbox);
    const { json } = await tenant.api('GET', '/v1/mailboxes?page_size=1');
    assert.deepEqual(json, { data: [mailbox], page: 1, page_size: 1, total: 1 });

    assert.equal((await tenant.api('DELETE', path)).status, 204);
    for (const [method, below] of [
      ['GET', ''],
      ['PATCH', ''],
      ['DELETE', ''],
      ['POST', '/check'],
      ['POST', '/pause'],
      ['POST', '/resume'],
    ] as const)
      assertRefused(await tenant.api(method, `${path}${below}`, method === 'PATCH' ? {} : undefined), 404, 'not_found');
    assert.deepEqual((await tenant.api('GET', '/v1/mailboxes')).json.data, []);
  });

  test('a change replaces the given fields only, and null clears a text', async () => {
    const mailbox = await make({ signature: 'Grace', reply_to: 'Team <team@hopper.example>', daily_limit: 20 });
    assert.equal(mailbox['reply_to'], 'team@hopper.example');
    const path = `/v1/mailboxes/${String(mailbox['id'])}`;
    const changed = await tenant.got('PATCH', path, {
      signature: null,
      daily_limit: 10_000,
      gap_seconds: { min: 100, max: 100 },
      work_hours: { days: [7, 1, 7], start: '08:30', end: '24:00' },
      tracking_domain: 'Links.Hopper.example',
    });
    assert.deepEqual(changed, {
      ...mailbox,
      signature: null,
      daily_limit: 10_000,
      gap_seconds: { min: 100, max: 100 },
      work_hours: { days: [1, 7], start: '08:30', end: '24:00' },
      tracking_domain: 'links.hopper.example',
    });
    assert.deepEqual(await tenant.got('PATCH', path, {}), changed);
  });

  test('bad settings are refused by name', async () => {
    for (const [fields, field, reason] of [
      [{ email: 'nobody' }, 'email', /not an email address/],
      [{ email: 'a@b.example\r\nBcc: c@d.example' }, 'email', /one email address/],
      [{ provider: 'carrier-pigeon' }, 'provider', /must be "smtp", "google", "microsoft" or "capture"/],
      [{ provider: 'google' }, 'provider', /GET \/v1\/oauth\/google\/start/],
      [{ provider: undefined }, 'smtp', /is required/],
      [{ smtp: { host: 'h', port: 1, security: 'tls', username: 'u', password: 'p' } }, 'smtp', /has no servers/],
      [{ timezone: 'Mars/Olympus' }, 'timezone', /IANA name/],
      [{ timezone: '+01:00' }, 'timezone', /IANA name/],
      [{ daily_limit: 0 }, 'daily_limit', /at least 1/],
      [{ daily_limit: 10_001 }, 'daily_limit', /at most 10000/],
      [{ email: 'ada@gmail.com', daily_limit: 501 }, 'daily_limit', /at most 500, the limit of Gmail/],
      [{ gap_seconds: { min: 9, max: 8 } }, 'gap_seconds.max', /not be less than min/],
      [{ max_hourly_per_domain: 31 }, 'max_hourly_per_domain', /at most 30/],
      [{ work_hours: { days: [1], start: '9:00', end: '17:00' } }, 'work_hours.start', /such as 09:00/],
      [{ work_hours: { days: [1], start: '17:00', end: '09:00' } }, 'work_hours.end', /after start/],
      [{ work_hours: { days: [8], start: '09:00', end: '17:00' } }, 'work_hours.days.0', /at most 7/],
      [{ display_name: 'Grace\r\nBcc: eve@example.com' }, 'display_name', /one line/],
      [{ display_name: '\ud800' }, 'display_name', /well-formed Unicode/],
      [{ signature: '\ud800' }, 'signature', /well-formed Unicode/],
      [{ reply_to: 'nobody' }, 'reply_to', /not an email address/],
      [{ tracking_domain: 'https://links.example.com/' }, 'tracking_domain', /host name/],
      [{ password: 'secret' }, 'password', /unknown field/],
    ] as const)
      assert.match(String((await refusal(fields))[field]), reason, field);
    const unreadable = { work_hours: { days: [1], start: '9:00', end: '17:00' } };
    assert.deepEqual(Object.keys(await refusal(unreadable)), ['work_hours.start']);
  });

  test('an organization has one mailbox per address, and may connect it again after deleting it', async () => {
    const mailbox = await make({ email: 'twice@hopper.example' });
    await refusal({ email: 'Twice@HOPPER.example' }, 409, 'conflict');
    await make({ email: 'twice@hopper.example' }, await scene.product.tenant());
    await tenant.api('DELETE', `/v1/mailboxes/${String(mailbox['id'])}`);
    assert.notEqual((await make({ email: 'twice@hopper.example' }))['id'], mailbox['id']);
  });

  test('a mailbox is paused and resumed, and its deletion is reported', async () => {
    const mailbox = await make();
    const path = `/v1/mailboxes/${String(mailbox['id'])}`;
    const status = async (action: string): Promise<unknown> =>
      (await tenant.got('POST', `${path}/${action}`))['status'];
    assert.deepEqual([await status('pause'), await status('pause')], ['paused', 'paused']);
    assert.deepEqual([await status('resume'), await status('resume')], ['connected', 'connected']);
    await tenant.api('DELETE', path);
    const about = { mailbox_id: mailbox['id'], email: mailbox['email'] };
    const events = (await tenant.api('GET', '/v1/events?event=mailbox.*&limit=2')).json.data as Fields[];
    const data = await Promise.all(
      events.map(async ({ id, event }) => [event, (await tenant.got('GET', `/v1/events/${String(id)}`))['data']]),
    );
    assert.deepEqual(data, [
      ['mailbox.disconnected', { ...about, reason: 'deleted' }],
      ['mailbox.connected', { ...about, reason: null }],
    ]);
  });

  test('scopes and workspaces decide who reaches a mailbox', async () => {
    const [reader, writer] = [
      await tenant.withKey({ scopes: ['mailboxes:read'] }),
      await tenant.withKey({ scopes: ['mailboxes:write'] }),
    ];
    const mailbox = await make({}, writer);
    const path = `/v1/mailboxes/${String(mailbox['id'])}`;
    assertRefused(await writer.api('GET', path), 403, 'forbidden');
    for (const [method, below] of [
      ['DELETE', ''],
      ['POST', '/check'],
      ['POST', '/pause'],
    ] as const)
      assertRefused(await reader.api(method, `${path}${below}`), 403, 'forbidden');

    const [one, other] = [await tenant.workspace('one'), await tenant.workspace('other')];
    const [bound, foreign] = [await tenant.withKey({ workspaceId: one }), await tenant.withKey({ workspaceId: other })];
    const own = await make({}, bound);
    assert.equal(own['workspace_id'], one);
    assert.equal((await make({ workspace_id: other }))['workspace_id'], other);
    assertRefused(
      await bound.api('POST', '/v1/mailboxes', { email: 'x@hopper.example', provider: 'capture', workspace_id: other }),
      403,
      'forbidden',
    );
    const listed = async (who: Caller): Promise<Fields[]> =>
      (await who.api('GET', '/v1/mailboxes')).json.data as Fields[];
    assert.deepEqual(await listed(bound), [own]);
    assert.equal((await listed(foreign)).length, 1);
    assertRefused(await foreign.api('GET', `/v1/mailboxes/${String(own['id'])}`), 404, 'not_found');
    assertRefused(await bound.api('GET', path), 404, 'not_found');
  });

  test('a capture mailbox has no servers to test', async () => {
    const { id } = await make();
    const check = await tenant.got('POST', `/v1/mailboxes/${String(id)}/check`);
    assert.deepEqual([check['ok'], check['stages']], [true, []]);
    assert.match(String((check['warnings'] as string[])[0]), /capture box/);
    const email = 'untested@hopper.example';
    assert.equal((await tenant.got('POST', '/v1/mailboxes/check', { email, provider: 'capture' }))['ok'], true);
    assertRefused(
      await tenant.api('PATCH', `/v1/mailboxes/${String(id)}`, { smtp: { port: 25 } }),
      422,
      'validation_failed',
    );
  });

  test('a mailbox of a sandbox is stored with its servers, which are not contacted', async () => {
    const sandbox = await tenant.withKey({ sandbox: true });
    const smtp = { host: 'SMTP.nowhere.invalid.', port: 465, security: 'tls', username: 'grace' };
    const mailbox = await make({ provider: 'smtp', smtp: { ...smtp, password: 'correct horse' } }, sandbox);
    assert.deepEqual([mailbox['status'], mailbox['smtp']], ['connected', { ...smtp, host: 'smtp.nowhere.invalid' }]);
    assert.equal((await sandbox.got('POST', `/v1/mailboxes/${String(mailbox['id'])}/check`))['ok'], true);
  });
});

describe('deleting a mailbox with waiting messages', () => {
  const scene = installationScene();

  test('they fail with a reason, and remain available', async () => {
    const tenant = await scene.product.tenant();
    const { id } = await tenant.got('POST', '/v1/mailboxes', { email: 'grace@hopper.example', provider: 'capture' });
    await tenant.got('POST', `/v1/mailboxes/${String(id)}/pause`);
    const message = await tenant.got('POST', '/v1/messages', {
      mailbox_id: id,
      to: 'ada@lovelace.example',
      subject: 'Hello',
      text: 'Hello',
    });
    assert.equal(message['status'], 'claimed');
    assert.equal((await tenant.api('DELETE', `/v1/mailboxes/${String(id)}`)).status, 204);
    const path = `/v1/messages/${String(message['id'])}`;
    await scene.product.until(async () => (await tenant.got('GET', path))['status'] === 'failed', 'the message failed');
    assert.match(JSON.stringify(await tenant.got('GET', path)), /mailbox_deleted/);
  });
});
