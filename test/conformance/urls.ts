import type { InstallationOverrides } from '../harness/installation.ts';

/** A product as on the Internet: https only, no private addresses. Every name resolves to a public address, except inside.example. */
export const publicly = (): InstallationOverrides => ({
  config: { allowHttpEndpoints: false, egressAllow: '' },
  resolve: (host) =>
    Promise.resolve([{ address: host === 'inside.example' ? '10.0.0.5' : '93.184.215.14', family: 4 }]),
});

/** URLs that are refused, by what they are. */
export const badUrls: Readonly<Record<string, string>> = {
  'no URL': 'receiver.example/hook',
  'a path': '/hook',
  'ftp:': 'ftp://receiver.example/hook',
  'file:': 'file:///etc/passwd',
  'javascript:': 'javascript:alert(1)',
  'http: to a public host': 'http://receiver.example/hook',
  'https: without a host': 'https://',
  'a private address': 'https://10.0.0.5/hook',
  loopback: 'https://127.0.0.1/hook',
  'loopback, in decimal': 'https://2130706433/hook',
  'loopback, IPv6': 'https://[::1]/hook',
  'loopback, in full-width digits': 'https://１２７.0.0.1/hook',
  'the metadata address': 'https://169.254.169.254/latest/meta-data',
  localhost: 'https://localhost/hook',
  'a name of a private address': 'https://inside.example/hook',
  'a user and password': 'https://user:pass@receiver.example/hook',
  'a fragment': 'https://receiver.example/hook#part',
  'a space': 'https://receiver.example/a hook',
  'a line break': 'https://receiver.example/\nhook',
  '9 KB': `https://receiver.example/${'a'.repeat(9_000)}`,
  'a port that cannot be': 'https://receiver.example:99999/hook',
  'a host that cannot be': 'https://receiver|example/hook',
};

/** URLs that are accepted, and shown as they were written. */
export const goodUrls: Readonly<Record<string, string>> = {
  'a unicode host': 'https://bücher.example/hook',
  'a punycode host': 'https://xn--bcher-kva.example/hook',
  'a port and a query': 'https://receiver.example:8443/hook?shop=7&q=%20',
  'a unicode path': 'https://receiver.example/hook/ü',
  'a public address': 'https://93.184.215.14/hook',
  'upper case': 'HTTPS://Receiver.Example/Hook',
  '2,048 characters': `https://receiver.example/${'a'.repeat(2_048 - 25)}`,
};
