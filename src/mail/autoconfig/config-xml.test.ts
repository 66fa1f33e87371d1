import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import { readConfigXml } from './config-xml.ts';

const ada = parseAddress('Ada@acme.test') as Address;
const file = (servers: string): string => `<?xml version="1.0" encoding="UTF-8"?>
<clientConfig version="1.1"><emailProvider id="acme.test"><domain>acme.test</domain>${servers}</emailProvider></clientConfig>`;
const server = (
  element: string,
  type: string,
  host: string,
  port: number | string,
  socket: string,
  more = '',
): string =>
  `<${element} type="${type}"><hostname>${host}</hostname><port>${port}</port><socketType>${socket}</socketType>${more}</${element}>`;
const smtp = (...rest: readonly [string, number | string, string, string?]): string =>
  server('outgoingServer', 'smtp', ...rest);
const imap = (...rest: readonly [string, number | string, string, string?]): string =>
  server('incomingServer', 'imap', ...rest);

describe('a configuration file', () => {
  test('gives the first servers with TLS, implicit TLS before STARTTLS', () => {
    const settings = readConfigXml(
      file(
        server('incomingServer', 'pop3', 'pop.acme.test', 995, 'SSL') +
          imap('imap.acme.test', 143, 'STARTTLS') +
          imap('Imap.%EMAILDOMAIN%', 993, 'SSL', '<username>%EMAILLOCALPART%</username>') +
          smtp('plain.acme.test', 25, 'plain') +
          smtp('smtp.acme.test', 587, 'STARTTLS', '<username>%EMAILADDRESS%</username>'),
      ),
      ada,
    );
    assert.deepEqual(settings, {
      smtp: { host: 'smtp.acme.test', port: 587, security: 'starttls', username: 'Ada@acme.test' },
      imap: { host: 'imap.acme.test', port: 993, security: 'tls', username: 'Ada' },
      authHint: 'password',
    });
  });

  test('offers OAuth only if no password is accepted', () => {
    const hint = (...names: readonly string[]): string | undefined =>
      readConfigXml(
        file(smtp('a.test', 465, 'SSL', names.map((name) => `<authentication>${name}</authentication>`).join(''))),
        ada,
      )?.authHint;
    assert.equal(hint('OAuth2'), 'oauth');
    assert.equal(hint('OAuth2', 'password-cleartext'), 'password');
    assert.equal(hint(), 'password');
  });

  test('a server with a bad host, port or security is ignored', () => {
    for (const [host, port, socket] of [
      ['10.0.0.5', 465, 'SSL'],
      ['[::1]', 465, 'SSL'],
      ['smtp.acme.test/path', 465, 'SSL'],
      ['', 465, 'SSL'],
      ['smtp.acme.test', 0, 'SSL'],
      ['smtp.acme.test', '70000', 'SSL'],
      ['smtp.acme.test', 'x', 'SSL'],
      ['smtp.acme.test', 465, 'constructor'],
      ['smtp.acme.test', 25, 'plain'],
    ] as const)
      assert.equal(readConfigXml(file(smtp(host, port, socket)), ada), undefined, `${host} ${port} ${socket}`);
    assert.equal(readConfigXml(file(smtp('a.test', 465, 'SSL', '<username>a\u0000b</username>')), ada), undefined);
  });

  test('entities of a document type are not expanded', () => {
    const bomb = `<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/passwd">]>`;
    const settings = readConfigXml(
      bomb + file(smtp('smtp.acme.test', 465, 'SSL', '<username>&b;&f;&amp;</username>')),
      ada,
    );
    assert.equal(settings?.smtp.username, '&b;&f;&');
  });

  test('anything else is no configuration', () => {
    for (const text of [
      '',
      '<html><body>404</body></html>',
      '{"smtp":1}',
      '<'.repeat(60_000),
      '<a>'.repeat(20_000),
      `<outgoingServer type="smtp"><hostname>${'a'.repeat(60_000)}`,
      '\0\0\0',
    ])
      assert.equal(readConfigXml(text, ada), undefined);
  });
});
