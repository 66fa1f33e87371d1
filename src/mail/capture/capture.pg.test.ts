import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { eventually } from '../../../test/harness/clock.ts';
import { installationScene } from '../../../test/harness/installation.ts';
import type { Tenant } from '../../../test/harness/installation.ts';
import { dayMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { sql } from '../../db/sql.ts';
import { buildMessage, messageIdOf, parseMessage } from '../mime/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import type { Incoming } from '../receiving/index.ts';
import { createCapture } from './index.ts';
import type { Capture } from './index.ts';

describe('the capture box', () => {
  const scene = installationScene(() => ({ config: { roles: ['api'] } }));
  let tenant: Tenant;
  let mailboxId: MailboxId;
  let capture: Capture;
  /** What came back, as `receiving` gets it. */
  let arrived: Incoming[];
  let failures: number;
  let errors: unknown[];
  beforeEach(async () => {
    tenant = await scene.product.tenant();
    const mailbox = await tenant.got('POST', '/v1/mailboxes', { email: 'grace@hopper.example', provider: 'capture' });
    mailboxId = String(mailbox['id']) as MailboxId;
    arrived = [];
    failures = 0;
    errors = [];
    capture = createCapture({
      clocks: scene.product.mail.clocks,
      ...scene.product,
      retentionDays: 30,
      onError: (error) => errors.push(error),
      visit: () => Promise.resolve(),
      receive: (message) => {
        if (failures > 0) {
          failures -= 1;
          return Promise.reject(new Error('the door is closed'));
        }
        arrived.push(message);
        return Promise.resolve({ kind: 'stored', id: scene.product.ids.next() });
      },
    });
  });

  const submit = (to: string, changes: { messageId?: string } = {}) => {
    const messageId = changes.messageId ?? messageIdOf(scene.product.ids.next(), 'hopper.example');
    const { raw } = buildMessage({
      from: { address: 'grace@hopper.example' },
      to: { address: to },
      subject: `To ${to}`,
      text: 'Hello',
      messageId,
      date: new Date(scene.clock.now()),
      timezone: 'UTC',
    });
    const submitter = capture.submitterOf({
      id: mailboxId,
      organization_id: tenant.organization.id,
      workspace_id: null,
    });
    return submitter.submit(raw, { from: 'grace@hopper.example', to }, AbortSignal.timeout(60_000));
  };
  const count = async (): Promise<number> => {
    const [row] = await scene.product.db.query(
      sql<{ count: number }>`SELECT count(*) AS count FROM captured_messages WHERE mailbox_id = ${mailboxId}`,
    );
    return row?.count ?? 0;
  };
  const read = async (message: Incoming | undefined): Promise<ParsedMessage> => {
    const parsed = await parseMessage(message?.raw ?? Buffer.alloc(0));
    assert.ok(!('skipped' in parsed));
    return parsed;
  };
  /** Runs the simulated recipients until `done`. */
  const running = async (done: () => boolean | Promise<boolean>, what: string): Promise<void> => {
    const stop = new AbortController();
    const run = capture.module.run?.(stop.signal);
    await eventually(async () => {
      await scene.clock.advance(1_000);
      return done();
    }, what);
    stop.abort();
    await run;
  };

  test('accepts a message, and stores one that is submitted again only once', async () => {
    const messageId = messageIdOf(scene.product.ids.next(), 'hopper.example');
    const outcomes = [
      await submit('ada@lovelace.example', { messageId }),
      await submit('ada@lovelace.example', { messageId }),
    ];
    assert.deepEqual(
      outcomes.map(({ outcome, answer: { code, enhanced } }) => [outcome, code, enhanced]),
      [
        ['accepted', 250, '2.0.0'],
        ['accepted', 250, '2.0.0'],
      ],
    );
    assert.equal(await count(), 1);
  });

  test('stores subject and bytes sealed', async () => {
    await submit('ada@lovelace.example');
    const [row] = await scene.product.db.query(
      sql<{ subject: Buffer; raw: Buffer }>`SELECT subject, raw FROM captured_messages WHERE mailbox_id = ${mailboxId}`,
    );
    assert.ok(row !== undefined && !row.raw.includes('Hello') && !row.subject.includes('ada'));
  });

  test('does not accept what it cannot store, and says so', async () => {
    const submitter = capture.submitterOf({
      id: mailboxId,
      organization_id: tenant.organization.id,
      workspace_id: null,
    });
    const envelope = { from: 'grace@hopper.example', to: 'ada@lovelace.example' };
    const nothing = await submitter.submit(Buffer.from('no headers'), envelope, AbortSignal.timeout(60_000));
    assert.deepEqual([nothing.outcome, await count()], ['rejected', 0]);
    const stranger = capture.submitterOf({
      id: scene.product.ids.next(),
      organization_id: tenant.organization.id,
      workspace_id: null,
    });
    const { raw } = buildMessage({
      from: { address: 'grace@hopper.example' },
      to: { address: 'ada@lovelace.example' },
      subject: '',
      text: 'Hello',
      messageId: '<1@hopper.example>',
      date: new Date(scene.clock.now()),
      timezone: 'UTC',
    });
    assert.equal((await stranger.submit(raw, envelope, AbortSignal.timeout(60_000))).outcome, 'deferred');
  });

  test('lets each simulated recipient act once, and no other recipient', async () => {
    const names = [
      'delivered',
      'bounce',
      'softbounce',
      'complaint',
      'reply',
      'interested',
      'notinterested',
      'ooo',
      'unsubscribe',
    ];
    for (const name of [...names, 'open', 'click']) await submit(`ada+${name}@simulator.test`);
    await submit('ada@lovelace.example');
    assert.equal(arrived.length, 0);
    await running(() => arrived.length >= names.length, 'each acted');
    await running(async () => (await due()) === 0, 'nothing is due');
    const messages = await Promise.all(arrived.map(read));
    assert.equal(new Set(messages.map(({ messageId }) => messageId)).size, names.length);
    const kinds = messages.map(({ forMachines, subject }) =>
      forMachines.feedback !== ''
        ? 'feedback'
        : forMachines.deliveryStatus !== ''
          ? 'delivery'
          : (subject.split(':')[0] ?? ''),
    );
    assert.deepEqual(
      ['Automatic reply', 'Re', 'delivery', 'feedback'].map((kind) => kinds.filter((each) => each === kind).length),
      [1, 4, 3, 1],
    );
    for (const { organizationId, mailboxId: to, folder } of arrived)
      assert.deepEqual([organizationId, to, folder], [tenant.organization.id, mailboxId, 'inbox']);
    assert.deepEqual(errors, []);
  });
  const due = async (): Promise<number> => {
    const [row] = await scene.product.db.query(
      sql<{
        count: number;
      }>`SELECT count(*) AS count FROM captured_messages WHERE mailbox_id = ${mailboxId} AND simulate_at IS NOT NULL`,
    );
    return row?.count ?? 0;
  };

  test('gives a reaction again with the same Message-ID if the process died before recording it', async () => {
    await submit('ada+interested@simulator.test');
    await running(async () => arrived.length === 1 && (await due()) === 0, 'it acted');
    // As if the transaction had not committed.
    await scene.product.db.execute(
      sql`UPDATE captured_messages SET simulate_at = ${new Date(scene.clock.now())} WHERE mailbox_id = ${mailboxId}`,
    );
    await running(() => arrived.length === 2, 'it acted again');
    const [one, other] = await Promise.all(arrived.map(read));
    assert.equal(one?.messageId, other?.messageId);
  });

  test('tries a reaction again a minute after it failed, and meanwhile lets the others act', async () => {
    failures = 1;
    await submit('ada+interested@simulator.test');
    await submit('bob+interested@simulator.test');
    await running(() => arrived.length === 1, 'the other acted');
    await running(() => arrived.length === 2, 'it is tried again');
    assert.match(String(errors[0]), /the door is closed/);
    assert.equal(errors.length, 1);
  });

  test('keeps messages for the retention', async () => {
    await submit('ada@lovelace.example');
    await capture.module.everyMinute?.(scene.clock.now() + 29 * dayMs);
    assert.equal(await count(), 1);
    await capture.module.everyMinute?.(scene.clock.now() + 31 * dayMs);
    assert.equal(await count(), 0);
  });
});
