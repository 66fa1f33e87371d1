import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { parseCidrs } from '../../base/cidr.ts';
import { authority, certificate } from '../../../test/harness/certificates.ts';
import { eventually, TestClock } from '../../../test/harness/clock.ts';
import type { Fault, FaultStage } from '../../../test/harness/fault-smtp-faults.ts';
import { startFaultSmtp } from '../../../test/harness/fault-smtp.ts';
import type { FaultSmtp } from '../../../test/harness/fault-smtp.ts';
import { trusting } from './connection.ts';
import { createSmtpSubmitter } from './smtp.ts';
import type { Submission, Submitter } from './transport.ts';

const stages: readonly FaultStage[] = [
  'connect',
  'tls',
  'greeting',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'rcpt',
  'data',
  'body',
  'final',
];

const reply = (code: number, text: string): Fault => ({ kind: 'reply', code, text });
const faults: readonly Fault[] = [
  { kind: 'close' },
  { kind: 'reset' },
  { kind: 'silence' },
  { kind: 'partial' },
  { kind: 'partial', close: true },
  { kind: 'garbage', bytes: 'HTTP/1.1 400 Bad Request\r\n\r\n' },
  { kind: 'garbage', bytes: Uint8Array.from({ length: 2_000 }, (_, index) => (index * 7) % 256) },
  { kind: 'flood', bytes: 2_000_000, line: '250-more\r\n' },
  { kind: 'flood', bytes: 2_000_000, line: '250 ok\r\n' },
  { kind: 'flood', bytes: 2_000_000, line: 'x' },
  reply(250, '2.0.0 ok'),
  reply(354, 'go on'),
  reply(421, '4.3.2 closing'),
  reply(451, '4.3.0 later'),
  reply(503, '5.5.1 bad sequence'),
  reply(550, '5.1.1 no such user'),
  { kind: 'reply', code: 554, text: '5.7.1 no', close: true },
];

const never = new AbortController().signal;

/** The message was complete at the server, which did not refuse it. */
const wasTaken = (server: FaultSmtp, id: string): boolean =>
  server.messages.some(({ messageId, outcome }) => messageId === id && outcome !== 'refused');

describe('SMTP submission to servers that fail', () => {
  const closing: (() => Promise<unknown>)[] = [];
  let server: FaultSmtp;
  let secureContext: ReturnType<typeof trusting>;
  before(async () => {
    const ca = await authority('Test CA');
    const { private: key, cert } = await certificate('mail.test', ca);
    secureContext = trusting(ca.cert);
    server = await startFaultSmtp({ security: 'starttls', credentials: { key, cert } });
    closing.push(() => server.close());
  });
  after(async () => {
    for (const close of closing.reverse()) await close();
  });

  const submitterTo = (clock: TestClock): Submitter => {
    const submitter = createSmtpSubmitter(
      { host: 'mail.test', port: server.port, security: 'starttls', username: 'ada@lovelace.test' },
      { password: 'correct horse battery staple' },
      {
        policy: { allow: parseCidrs('127.0.0.1'), allowHttp: false },
        resolve: async () => [{ address: '127.0.0.1', family: 4 }],
        clock,
        secureContext,
      },
    );
    closing.push(() => submitter.close());
    return submitter;
  };
  const envelope = { from: 'ada@lovelace.test', to: 'grace@hopper.test' };
  const messageOf = (id: string): Buffer => Buffer.from(`Message-ID: ${id}\r\nSubject: hello\r\n\r\nHello\r\n`);

  let count = 0;
  for (const stage of stages)
    test(`whatever happens at ${stage}, a message that was taken is never reported as not sent`, async () => {
      for (const fault of faults) {
        // To the client, that is an acceptance.
        if (stage === 'body' && fault.kind === 'reply' && fault.code === 250) continue;
        const what = `${stage}: ${JSON.stringify(fault).slice(0, 80)}`;
        const clock = new TestClock();
        const submitter = submitterTo(clock);
        const [id, next] = [`<m${count++}@lovelace.test>`, `<m${count++}@lovelace.test>`];
        server.faults = { [stage]: fault };
        let submission: Submission | undefined;
        void submitter.submit(messageOf(id), envelope, never).then((result) => (submission = result));
        let aheadMs = 200;
        await eventually(async () => {
          await clock.advance((aheadMs *= 2));
          return submission !== undefined;
        }, what);
        assert.ok(submission !== undefined);
        const { outcome } = submission;
        if (outcome === 'accepted') assert.ok(wasTaken(server, id), `${what}: accepted, and the server has nothing`);
        else if (outcome !== 'unknown') assert.ok(!wasTaken(server, id), `${what}: ${outcome}, and the server has it`);
        else assert.ok(['data', 'body', 'final'].includes(stage), `${what}: unknown before the body`);

        server.faults = {};
        const recovered = await submitter.submit(messageOf(next), envelope, never);
        assert.equal(recovered.outcome, 'accepted', `${what}: the next message: ${JSON.stringify(recovered)}`);
        await submitter.close();
        assert.equal(clock.pending, 0, `${what}: timers are left`);
      }
    });
});
