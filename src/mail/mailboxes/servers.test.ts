import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dailyLimits, hostOf, savesSent, serverProblems } from './servers.ts';

test('a host is a name in ASCII, or an address', () => {
  for (const [given, host] of [
    ['SMTP.Example.com.', 'smtp.example.com'],
    ['  smtp.example.com ', 'smtp.example.com'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['mail', 'mail'],
    ['_smtp.example.com', '_smtp.example.com'],
    ['192.0.2.1', '192.0.2.1'],
    ['[2001:DB8::1]', '2001:db8::1'],
    ['2001:db8::1', '2001:db8::1'],
  ] as const)
    assert.equal(hostOf(given), host, given);
  for (const given of [
    '',
    '.',
    'smtp..example.com',
    'smtps://smtp.example.com',
    'smtp.example.com:465',
    'smtp.example.com/path',
    'user@smtp.example.com',
    'smtp example.com',
    'smtp%2eexample.com',
    '0x7f.1',
    '2130706433',
    '127.1',
    'fe80::1%eth0',
    `${'a'.repeat(64)}.example`,
    `${'a.'.repeat(130)}example`,
    'a\0b.example',
    'smtp.example.com\r\nQUIT',
    '-smtp.example.com',
  ])
    assert.equal(hostOf(given), undefined, JSON.stringify(given));
});

test('a well-known port has its own protection and protocol', () => {
  const problem = (protocol: 'smtp' | 'imap', port: number, security: 'tls' | 'starttls' | 'none') =>
    serverProblems(protocol, { host: 'mail.example.com', port, security });
  for (const [protocol, port, security] of [
    ['smtp', 465, 'tls'],
    ['smtp', 587, 'starttls'],
    ['smtp', 25, 'starttls'],
    ['smtp', 587, 'none'],
    ['smtp', 10_025, 'tls'],
    ['imap', 993, 'tls'],
    ['imap', 143, 'starttls'],
    ['imap', 10_143, 'starttls'],
  ] as const)
    assert.deepEqual(problem(protocol, port, security), {}, `${protocol} ${port} ${security}`);
  assert.deepEqual(problem('smtp', 465, 'starttls'), {
    'smtp.security': 'must be "tls" on port 465, which uses TLS from the first byte',
  });
  assert.deepEqual(problem('smtp', 587, 'tls'), {
    'smtp.security': 'must be "starttls" on port 587, which uses STARTTLS',
  });
  assert.deepEqual(problem('imap', 993, 'starttls'), {
    'imap.security': 'must be "tls" on port 993, which uses TLS from the first byte',
  });
  assert.deepEqual(problem('smtp', 993, 'tls'), {
    'smtp.port': 'is a port of IMAP; use 465 with tls, or 587 with starttls',
  });
  assert.deepEqual(problem('imap', 587, 'starttls'), {
    'imap.port': 'is a port of SMTP; use 993 with tls, or 143 with starttls',
  });
  assert.match(
    serverProblems('imap', { host: 'imaps://mail.example.com', port: 993, security: 'tls' })['imap.host'] ?? '',
    /without a scheme/,
  );
});

test('the daily limit is that of the provider', () => {
  assert.deepEqual(dailyLimits('gmail.com', undefined), { usual: 30, max: 500, whose: 'Gmail' });
  assert.equal(dailyLimits('hopper.example', 'smtp.gmail.com').max, 2_000);
  assert.equal(dailyLimits('hopper.example', 'smtp.office365.com').max, 10_000);
  assert.deepEqual(dailyLimits('hopper.example', undefined).usual, 50);
});

test('some providers file sent messages by themselves', () => {
  for (const host of ['smtp.gmail.com', 'smtp.office365.com', 'smtp.fastmail.com', 'smtp.zoho.eu'])
    assert.equal(savesSent(host), true, host);
  for (const host of ['smtp.hopper.example', 'notgmail.com', 'gmail.com.example'])
    assert.equal(savesSent(host), null, host);
});
