/** Takes messages over SMTP with implicit TLS in a separate process, and counts them. */
import { authority, certificate } from '../test/harness/certificates.ts';
import { startFaultSmtp } from '../test/harness/fault-smtp.ts';

let taken = 0;
let expected = Number.POSITIVE_INFINITY;
let last: Buffer = Buffer.alloc(0);

const issuer = await authority('Bench CA');
const { private: key, cert } = await certificate('localhost', issuer);
const sink = await startFaultSmtp({
  security: 'tls',
  credentials: { key, cert },
  received({ raw }) {
    taken += 1;
    last = raw;
    if (taken === expected) process.send?.({ kind: 'all' });
  },
});

/** `expect` starts to count from 0; `last`: the last message, in base64. */
process.on('message', (message: { kind: 'expect'; count: number } | { kind: 'last' }) => {
  if (message.kind === 'expect') {
    taken = 0;
    expected = message.count;
    process.send?.({ kind: 'expecting' });
  } else process.send?.({ kind: 'last', raw: last.toString('base64') });
});
process.on('disconnect', () => process.exit(0));
process.send?.({ kind: 'ready', port: sink.port, ca: issuer.cert });
