import assert from 'node:assert/strict';
import type { MailboxId, OrganizationId, WorkspaceId } from '../../src/base/ids.ts';
import { createOrganizationClocks } from '../../src/auth/index.ts';
import { sql } from '../../src/db/sql.ts';
import { createCapture } from '../../src/mail/capture/index.ts';
import { buildMessage, messageIdOf } from '../../src/mail/mime/index.ts';
import type { Installation } from './installation.ts';

/** Captures a message of a mailbox, as its submitter does. @returns its id */
export async function captureMessage(
  product: Pick<Installation, 'db' | 'bus' | 'clock' | 'ids' | 'vault'>,
  mailbox: string,
  to = 'ada@lovelace.example',
): Promise<string> {
  const { db, clock, ids } = product;
  const [row] = await db.query(
    sql<{
      id: MailboxId;
      organization_id: OrganizationId;
      workspace_id: WorkspaceId | null;
      email: string;
    }>`SELECT id, organization_id, workspace_id, email FROM mailboxes WHERE id = ${mailbox}`,
  );
  assert.ok(row !== undefined);
  const { submitterOf } = createCapture({
    ...product,
    clocks: createOrganizationClocks(product),
    retentionDays: 30,
    onError: (error) => assert.fail(String(error)),
    visit: () => Promise.resolve(),
    receive: () => Promise.resolve({ kind: 'duplicate' }),
  });
  const messageId = messageIdOf(ids.next(), 'hopper.example');
  const { raw } = buildMessage({
    from: { address: row.email },
    to: { address: to },
    subject: 'Hello',
    text: 'Hello Ada',
    messageId,
    date: new Date(clock.now()),
    timezone: 'UTC',
  });
  const { outcome } = await submitterOf(row).submit(raw, { from: row.email, to }, AbortSignal.timeout(60_000));
  assert.equal(outcome, 'accepted');
  const [stored] = await db.query(
    sql<{ id: string }>`SELECT id FROM captured_messages WHERE mailbox_id = ${mailbox} AND message_id = ${messageId}`,
  );
  return stored?.id ?? assert.fail();
}
