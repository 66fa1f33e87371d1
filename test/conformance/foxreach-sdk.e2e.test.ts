import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { sql } from '../../src/db/sql.ts';
import { captureMessage } from '../harness/captured.ts';
import { makeMailbox, makeSent } from '../harness/imap-scene.ts';
import { installationScene } from '../harness/installation.ts';
import type { Tenant } from '../harness/installation.ts';

const runFile = promisify(execFile);
const script = fileURLToPath(new URL('foxreach-sdk.py', import.meta.url));
/** Of `foxreach` and `foxreach-cli` on PyPI: all that there are. */
const versions = ['0.2.0', '0.1.0'];

const folder = await mkdtemp(join(tmpdir(), 'outrider-foxreach-'));
after(() => rm(folder, { recursive: true, force: true }));

/** Installs the SDK and its command line. @returns why it could not */
async function install(version: string): Promise<string | undefined> {
  const path = join(folder, version);
  try {
    await runFile('python3', ['-m', 'venv', path], { timeout: 60_000 });
    const packages = [`foxreach==${version}`, `foxreach-cli==${version}`];
    const options = ['-q', '--disable-pip-version-check', '--retries', '1'];
    await runFile(join(path, 'bin', 'pip'), ['install', ...options, ...packages], { timeout: 100_000 });
    return undefined;
  } catch {
    return `python3 with venv and pip, or foxreach ${version} from PyPI, is missing`;
  }
}

const reasons = await Promise.all(versions.map(install));

for (const [index, version] of versions.entries()) {
  const missing = reasons[index];
  describe(`foxreach ${version} from PyPI`, { skip: missing ?? false }, () => {
    const scene = installationScene(() => ({ config: { roles: ['api'] } }));

    /** A contact with a call, a sent message and its reply. */
    async function writtenTo(tenant: Tenant): Promise<void> {
      const to = 'written-to@records.example';
      const organizationId = tenant.organization.id;
      const contact = await scene.product.crm.contacts.create({ organizationId }, { email: to });
      const mailbox = await makeMailbox(scene.product, { organizationId, email: 'other@records.example' });
      const captured = await captureMessage(scene.product, mailbox.id, to);
      const { message_id: messageId } = await tenant.got('GET', `/v1/captured-messages/${captured}`);
      const id = await makeSent(scene.product, mailbox, { messageId: String(messageId), to });
      await scene.product.db.execute(sql`UPDATE messages SET contact_id = ${contact.id} WHERE id = ${id}`);
      const text = 'Sounds interesting. Please tell me more.';
      await tenant.got('POST', `/v1/captured-messages/${captured}/reply`, { text });
      await tenant.got('POST', '/v1/activities', { contact_id: contact.id, activity_type: 'call' });
    }

    /** Makes the calls for some resources. @returns what failed, by name */
    async function failuresOf(...parts: readonly string[]): Promise<Record<string, string>> {
      const tenant = await scene.product.tenant();
      for (const name of ['account', 'spare'])
        await tenant.got('POST', '/v1/mailboxes', { email: `${name}@records.example`, provider: 'capture' });
      await writtenTo(tenant);
      const { stdout } = await runFile(join(folder, version, 'bin', 'python'), [script, ...parts], {
        env: {
          PATH: process.env['PATH'],
          HOME: folder,
          FOXREACH_BASE_URL: `${tenant.url}/api/v1`,
          FOXREACH_API_KEY: tenant.key,
          ACCOUNT_EMAIL: 'account@records.example',
        },
        timeout: 110_000,
      });
      const results = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { readonly name: string; readonly error: string | null });
      assert.equal(results.length, parts.length);
      return Object.fromEntries(results.flatMap(({ name, error }) => (error === null ? [] : [[name, error]])));
    }

    test('every call of the SDK answers what its documentation says', async () => {
      assert.deepEqual(await failuresOf('leads', 'webhooks', 'email_accounts', 'templates', 'inbox', 'errors'), {});
      // Of another organization, for the quota of 100 calls a minute.
      assert.deepEqual(await failuresOf('campaigns'), {});
    });

    test('every command of the command line works', async () => {
      assert.deepEqual(await failuresOf('cli_leads', 'cli_accounts', 'cli_templates', 'cli_webhooks', 'cli_inbox'), {});
      assert.deepEqual(await failuresOf('cli_campaigns'), {});
    });
  });
}
