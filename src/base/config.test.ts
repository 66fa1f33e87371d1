import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readConfig, settings } from './config.ts';
import { OperatorError } from './errors.ts';

/** For each setting, values that are accepted and values that are not. */
const values: Readonly<
  Record<keyof typeof settings, { readonly good: readonly string[]; readonly bad: readonly string[] }>
> = {
  port: { good: ['0', '8080', '65535'], bad: ['65536', '-1', '0x50', '1e3', '80 ', 'http', '8080/tcp'] },
  host: {
    good: ['0.0.0.0', '::', '::1', 'localhost', 'fe80::1%eth0', 'db_1.internal'],
    bad: ['http://localhost', 'localhost:80', '[::1]', 'a b', '-x'],
  },
  dataDir: { good: ['./data', '/var/lib/outrider'], bad: [' ', 'a\0b'] },
  databaseUrl: {
    good: [
      'postgres://localhost/outrider',
      'postgresql://u:p%25@db.example.com:5432/outrider?sslmode=verify-full',
      'postgres:///outrider?host=/run/postgresql',
      'postgres://localhost',
    ],
    bad: [
      'mysql://localhost/x',
      'localhost/x',
      'postgres:/x',
      'postgres://a,b/x',
      'postgres://u:p#w@h/x',
      'postgres://u:p%zz@h/x',
      'postgres://h:99999/x',
      'postgres://h/a/b',
      'postgres://h/x?sslmode=on',
      'postgres://h/x?sslrootcert=/absent.pem',
    ],
  },
  databaseConnections: { good: ['10', '200'], bad: ['9', '201', 'many'] },
  masterKey: {
    good: [`${'A'.repeat(43)}=`, 'A'.repeat(43)],
    bad: [
      'secret',
      'A'.repeat(44),
      `${'A'.repeat(42)}!=`,
      `${'A'.repeat(43)}=\n`,
      `${'A'.repeat(20)} ${'A'.repeat(22)}=`,
    ],
  },
  publicUrl: {
    good: ['https://outrider.example', 'http://10.0.0.1:8080/', 'https://example.com/outrider'],
    bad: ['outrider.example', 'ftp://x', 'https://u:p@x', 'https://x?a', 'https://x#a', 'https://'],
  },
  bootstrapKey: { good: [`otr_${'a'.repeat(28)}`], bad: ['secret', `otr_${'a'.repeat(27)}`, `otr_${'ä'.repeat(28)}`] },
  egressAllow: {
    good: ['10.0.0.0/8', ' ::1 , 127.0.0.1/32 '],
    bad: ['10.0.0.0/33', '10.0.0.0/8,', 'localhost', 'true'],
  },
  egressProxy: {
    good: ['http://proxy.internal:3128', 'https://u:p%23@10.0.0.1', 'http://[::1]:8080/'],
    bad: ['proxy:3128', 'socks5://proxy', 'http://', 'http://proxy/path', 'http://proxy/?a', 'http://u:p%zz@proxy'],
  },
  googleClientId: { good: ['1234-abc.apps.googleusercontent.com'], bad: ['a b', 'ä', 'a\nb'] },
  googleClientSecret: { good: ['GOCSPX-abc_def'], bad: ['a b', 'a'.repeat(501)] },
  microsoftClientId: { good: ['11111111-2222-3333-4444-555555555555'], bad: ['a b'] },
  microsoftClientSecret: { good: ['abc~DEF.ghi'], bad: ['a b'] },
  microsoftTenant: {
    good: ['common', 'Acme.onmicrosoft.com', '11111111-2222-3333-4444-555555555555'],
    bad: ['a/b', '../x', 'a b'],
  },
  allowHttpEndpoints: { good: ['true', 'no', '1'], bad: ['maybe', '2'] },
  corsOrigins: {
    good: ['https://app.example.com, http://localhost:5173', 'HTTPS://App.example.com'],
    bad: [
      '*',
      'https://*.example.com',
      'app.example.com',
      'https://app.example.com/',
      'https://user@app.example.com',
      'null',
    ],
  },
  portalOrigins: {
    good: ['https://app.example.com'],
    bad: ['*', 'https://app.example.com/'],
  },
  failingAfter: { good: ['1', '1000'], bad: ['0', '1001', 'x'] },
  trustedProxies: {
    good: ['10.0.0.0/8,fd00::/8', '0.0.0.0/0'],
    bad: ['nope', '1', 'true', 'loopback', '10.0.0.0/8;10.1.0.0/16'],
  },
  roles: { good: ['api', 'engine, api', 'mail'], bad: ['post', ',', 'api engine'] },
  smtpUrl: {
    good: ['smtp://localhost:25', 'smtps://u:p%25@mail.example.com/'],
    bad: ['mail.example.com', 'http://mail.example.com', 'smtp://', 'smtp://h/x', 'smtp://u:%@h'],
  },
  smtpFrom: {
    good: ['alerts@example.com', 'Outrider <outrider@localhost>', '"Acme, Inc." <a@b.example>', 'Œuvre <a@b.example>'],
    bad: [
      'nope',
      'Acme, Inc <a@b.example>',
      'a@b.example, c@d.example',
      'A <a@b.example',
      'a b@c.example',
      'a@b.example\nBcc: c@d.example',
      'A <>',
    ],
  },
  smtpProbeFrom: {
    good: ['probe@verify.example', 'a.b+c@mail-1.acme.example'],
    bad: ['nope', 'a@localhost', 'A <a@b.example>', 'a@b.example\r\nDATA', 'a b@c.example', 'a@-b.example'],
  },
  retentionDays: { good: ['1', '3650'], bad: ['0', '3651', '30d', '1.5'] },
  maxInFlight: { good: ['1', '10000'], bad: ['0', '10001'] },
  shutdownSeconds: { good: ['0', '600'], bad: ['601', '20s'] },
  metricsToken: {
    good: ['a'.repeat(16), 'c2VjcmV0LXNlY3JldA=='],
    bad: ['a'.repeat(15), 'a token with spaces', 'ä'.repeat(16), 'a'.repeat(257)],
  },
  logFormat: { good: ['json', 'text'], bad: ['pretty', 'JSON'] },
  logLevel: { good: ['silent', 'debug'], bad: ['verbose', 'INFO'] },
};

describe('settings', () => {
  for (const [name, { good, bad }] of Object.entries(values)) {
    const setting: { variable: string; secret?: boolean } = settings[name as keyof typeof settings];
    test(`${setting.variable} accepts valid values and refuses others`, () => {
      for (const text of good) assert.doesNotThrow(() => readConfig({ [setting.variable]: text }), text);
      for (const text of bad) {
        assert.throws(
          () => readConfig({ [setting.variable]: text }),
          (error) => {
            assert.ok(error instanceof OperatorError, text);
            assert.ok(error.message.startsWith(setting.variable), error.message);
            assert.match(error.message, /[^.]\.$/, 'one full stop');
            if (setting.secret === true) assert.ok(!error.message.includes(text), 'a secret is not shown');
            return true;
          },
          text,
        );
      }
    });
  }

  test('numbers are checked against the range that help and docs show', () => {
    for (const { variable, type } of Object.values(settings)) {
      const [, min, max] = /, (\d+) to (\d+)$/.exec(type) ?? [];
      if (max === undefined) continue;
      for (const text of [min, max]) assert.doesNotThrow(() => readConfig({ [variable]: text }), variable);
      assert.throws(() => readConfig({ [variable]: String(Number(max) + 1) }), /whole number/);
    }
    assert.equal(Object.values(settings).filter(({ type }) => / to \d/.test(type)).length, 6);
  });

  test('an unknown OUTRIDER_ variable is refused by name, and an empty one counts as not set', () => {
    assert.throws(() => readConfig({ OUTRIDER_PROT: '1' }), /OUTRIDER_PROT is not a setting/);
    assert.deepEqual(readConfig({ OUTRIDER_PORT: '', OUTRIDER_SMTP_FROM: '' }), readConfig({}));
  });
});
