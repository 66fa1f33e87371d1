import type { Database } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { assertMasterKey, rotateMasterKey } from '../encryption/vault.ts';
import { masterKeyOf, newKey } from '../encryption/cipher.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { withConnection, withDatabase } from './database.ts';
import { assertPresent, readSettings } from './installation.ts';
import { masterKeyPath, readMasterKey, readMasterKeyFile, renameDurably, writeMasterKey } from './master-key.ts';
import { liveProcesses } from './queries.ts';

/**
 * Replaces the master key. The new key is stored durably before the database changes and replaces the old one after that, so running the
 * same command again finishes a rotation interrupted at any point.
 */
export async function rotateMasterKeyCommand(options: { 'new-key-file': string | undefined }): Promise<void> {
  const config = readSettings();
  assertPresent(config);
  const given = options['new-key-file'] === undefined ? undefined : await readNewKey(options['new-key-file']);
  await withDatabase(config, ({ url, own }) =>
    withConnection(url, async (db) => {
      if (!own) await assertNothingRuns(db);
      const from = await readMasterKey(config);
      if (from === undefined)
        throw new OperatorError(
          `There is no master key to replace: OUTRIDER_MASTER_KEY is not set and ${masterKeyPath(config)} does not exist.`,
        );
      if (given?.id === from.id)
        throw new OperatorError(
          `${options['new-key-file'] ?? ''} contains the current master key: a rotation needs another one.`,
        );
      if (config.masterKey === undefined) await rotateFile(db, masterKeyPath(config), from, given);
      else await rotateVariable(db, from, given);
    }),
  );
}

/** @throws OperatorError about this file rather than about the current master key */
async function readNewKey(path: string): Promise<MasterKey> {
  const key = await readMasterKeyFile(path, {
    unreadable: (code) => `The new master key cannot be read from ${path} (${code}). Nothing was changed.`,
    damaged: `${path} does not contain a master key: expected 32 bytes in base64, as \`openssl rand -base64 32\` prints them. Nothing was changed.`,
  });
  if (key === undefined) throw new OperatorError(`The file ${path} does not exist. Nothing was changed.`);
  return key;
}

/** A running process unwraps data keys on first use, and would fail on one wrapped with the new master key. */
async function assertNothingRuns(db: Database): Promise<void> {
  const live = await liveProcesses(db);
  if (live.length > 0) {
    throw new OperatorError(
      `${live.length === 1 ? 'A process is' : `${live.length} processes are`} running on this database (a killed process counts for 15 s). Stop all processes first; the rotation takes only a moment.`,
    );
  }
}

async function rotateFile(db: Database, path: string, from: MasterKey, given: MasterKey | undefined): Promise<void> {
  const next = `${path}.new`;
  const to = given ?? (await readMasterKeyFile(next)) ?? masterKeyOf(newKey().toString('base64'));
  await writeMasterKey(next, to.key);
  // Rotates nothing if an earlier rotation was interrupted between the commit and the rename.
  const rotated = await rotateMasterKey(db, from, to);
  const backup = `${path}.${from.id}`;
  await writeMasterKey(backup, from.key);
  await renameDurably(next, path);
  console.log(
    `Replaced the master key ${from.id} by ${to.id} for ${organizations(rotated)}. The new key is in ${path}. The old key is kept in ${backup}: delete it when no backup needs it any more.`,
  );
}

async function rotateVariable(db: Database, from: MasterKey, given: MasterKey | undefined): Promise<void> {
  const to = given ?? masterKeyOf(newKey().toString('base64'));
  await assertMasterKey(db, from);
  // Printed before anything changes: the database must never depend on a key that nobody has seen.
  if (given === undefined) console.log(`OUTRIDER_MASTER_KEY=${to.key.toString('base64')}`);
  const rotated = await rotateMasterKey(db, from, to);
  console.error(
    `Replaced the master key ${from.id} by ${to.id} for ${organizations(rotated)}. Set OUTRIDER_MASTER_KEY to ${given === undefined ? 'the value above' : 'the key in that file'} before the next start.`,
  );
}

const organizations = (count: number): string => (count === 1 ? '1 organization' : `${count} organizations`);
