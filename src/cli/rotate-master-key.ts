import { connect } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { assertMasterKey, rotateMasterKey } from '../encryption/vault.ts';
import { masterKeyOf, newKey } from '../encryption/cipher.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { withDatabase } from './database.ts';
import { assertPresent } from './installation.ts';
import { masterKeyPath, readMasterKey, readMasterKeyFile, renameDurably, writeMasterKey } from './master-key.ts';
import { liveProcesses } from './queries.ts';
import { readSettings } from './settings.ts';

/**
 * Replaces the master key. The new key is durable before the database is changed and takes the old one's place after it, so that a
 * rotation that broke off at any point is finished by the same command.
 */
export async function rotateMasterKeyCommand(options: { 'new-key-file': string | undefined }): Promise<void> {
  const config = readSettings();
  assertPresent(config);
  const given = options['new-key-file'] === undefined ? undefined : await readNewKey(options['new-key-file']);
  await withDatabase(config, async ({ url, own }) => {
    const db = connect(url, { max: 2, applicationName: 'outrider cli' });
    try {
      if (!own) await assertNothingRuns(db);
      const from = await readMasterKey(config);
      if (from === undefined)
        throw new OperatorError(
          `There is no master key to replace: neither OUTRIDER_MASTER_KEY nor ${masterKeyPath(config)}.`,
        );
      if (given?.id === from.id)
        throw new OperatorError(
          `${options['new-key-file'] ?? ''} holds the master key that is in use: a rotation needs another one.`,
        );
      if (config.masterKey === undefined) await rotateFile(db, masterKeyPath(config), from, given);
      else await rotateVariable(db, from, given);
    } finally {
      await db.close();
    }
  });
}

/** @throws OperatorError about that file: the master key in use has no part in it. */
async function readNewKey(path: string): Promise<MasterKey> {
  const key = await readMasterKeyFile(path, {
    unreadable: (code) => `The new master key cannot be read from ${path} (${code}). Nothing was changed.`,
    damaged: `${path} does not hold a master key: expected 32 bytes in base64, as \`openssl rand -base64 32\` prints them. Nothing was changed.`,
  });
  if (key === undefined) throw new OperatorError(`There is no file ${path}. Nothing was changed.`);
  return key;
}

/** A running process unwraps an organization's key when it first needs it, and would fail on one wrapped with a key it does not have. */
async function assertNothingRuns(db: Database): Promise<void> {
  const live = await liveProcesses(db);
  if (live.length > 0) {
    throw new OperatorError(
      `${live.length === 1 ? 'A process is' : `${live.length} processes are`} running on this database (one that was killed counts for 15 s). Stop all of them first; the rotation itself takes a moment.`,
    );
  }
}

async function rotateFile(db: Database, path: string, from: MasterKey, given: MasterKey | undefined): Promise<void> {
  const next = `${path}.new`;
  const to = given ?? (await readMasterKeyFile(next)) ?? masterKeyOf(newKey().toString('base64'));
  await writeMasterKey(next, to.key);
  // Where the last rotation broke off between the database and the rename, there is nothing left to wrap.
  const rotated = await rotateMasterKey(db, from, to);
  const backup = `${path}.${from.id}`;
  await writeMasterKey(backup, from.key);
  await renameDurably(next, path);
  console.log(
    `Replaced the master key ${from.id} by ${to.id}, for ${organizations(rotated)}. It is in ${path}; the old one is kept in ${backup}: delete that once your backups no longer need it.`,
  );
}

async function rotateVariable(db: Database, from: MasterKey, given: MasterKey | undefined): Promise<void> {
  const to = given ?? masterKeyOf(newKey().toString('base64'));
  await assertMasterKey(db, from);
  // Shown before anything changes: a key that nobody has seen must not be the only one that opens the database.
  if (given === undefined) console.log(`OUTRIDER_MASTER_KEY=${to.key.toString('base64')}`);
  const rotated = await rotateMasterKey(db, from, to);
  console.error(
    `Replaced the master key ${from.id} by ${to.id}, for ${organizations(rotated)}. Set OUTRIDER_MASTER_KEY to ${given === undefined ? 'the value above' : 'the key of that file'} before the next start.`,
  );
}

const organizations = (count: number): string => (count === 1 ? '1 organization' : `${count} organizations`);
