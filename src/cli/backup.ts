import { readFile, stat } from 'node:fs/promises';
import { dumpDatabase } from '../db/backup/dump.ts';
import type { Progress } from '../db/backup/dump.ts';
import { readBackup, writeBackup } from '../db/backup/file.ts';
import type { Header } from '../db/backup/file.ts';
import { assertReadable, restoreDatabase } from '../db/backup/restore.ts';
import type { Config } from '../base/config.ts';
import { OperatorError } from '../base/errors.ts';
import { openWithPassphrase, sealWithPassphrase } from '../encryption/passphrase.ts';
import type { SealedWithPassphrase } from '../encryption/passphrase.ts';
import { masterKeyOf } from '../encryption/cipher.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { version } from '../base/version.ts';
import { withDatabase } from './database.ts';
import { assertPresent, readSettings } from './installation.ts';
import { codeOf, masterKeyPath, readMasterKey, writeMasterKey } from './master-key.ts';
import { stopSignal } from './stop.ts';

export interface BackupOptions {
  readonly 'passphrase-file': string | undefined;
}

const keyContext = 'master key in a backup';
const passphraseCharactersMin = 12;
const progressEveryMs = 2_000;
const mib = 2 ** 20;

export async function backupCommand(options: BackupOptions, path: string): Promise<void> {
  const config = readSettings();
  // Registered first, so that an interrupt stops a database that this command starts.
  const signal = stopSignal();
  assertPresent(config);
  const passphrase = await readPassphrase(options['passphrase-file']);
  const masterKey = passphrase === undefined ? undefined : await readMasterKey(config);
  if (passphrase !== undefined && masterKey === undefined)
    throw new OperatorError(
      `There is no master key to include: OUTRIDER_MASTER_KEY is not set and ${masterKeyPath(config)} does not exist.`,
    );
  const master_key =
    passphrase === undefined || masterKey === undefined
      ? null
      : await sealWithPassphrase(masterKey.key, passphrase, keyContext);
  const rest = { version: version(), created_at: new Date().toISOString(), master_key };
  await withDatabase(config, ({ url }) => writeBackup(path, dumpDatabase(url, rest, progressTo('Saving')), signal));
  const { size } = await stat(path);
  console.log(
    `Saved the database to ${path} (${(size / mib).toFixed(1)} MiB). ${master_key === null ? 'It does not contain the master key: store that separately, or include it with --passphrase-file.' : 'It contains the master key, encrypted with the passphrase.'}`,
  );
}

export async function restoreCommand(options: BackupOptions, path: string): Promise<void> {
  const config = readSettings();
  const signal = stopSignal();
  const passphrase = await readPassphrase(options['passphrase-file']);
  const backup = await readBackup(path);
  await assertReadable(backup.header);
  const missing = await missingMasterKey(config, backup.header, passphrase);
  await withDatabase(config, async ({ url, description }) => {
    const keyPath = masterKeyPath(config);
    await restoreDatabase(url, backup, {
      progress: progressTo('Restoring'),
      signal,
      beforeCommit: async () => {
        if (missing !== undefined) await writeMasterKey(keyPath, missing.key);
      },
    });
    console.log(
      `Restored ${path}, created by Outrider ${backup.header.version} at ${backup.header.created_at}, into the database (${description}).`,
    );
    if (missing !== undefined) console.log(`Its master key is stored in ${keyPath}.`);
    console.log(
      'The next start sends the deliveries that were pending at the time of the backup: do not run it alongside the original.',
    );
  });
}

/**
 * The master key to write, from the backup; undefined if the right one is already present.
 * @throws OperatorError if the backup's secrets could not be opened after the restore
 */
async function missingMasterKey(
  config: Config,
  header: Header,
  passphrase: string | undefined,
): Promise<MasterKey | undefined> {
  const present = await readMasterKey(config);
  const wanted = header.master_key_id;
  if (passphrase !== undefined && header.master_key === null)
    throw new OperatorError('The backup does not contain a master key: leave --passphrase-file out.');
  const included =
    passphrase === undefined || header.master_key === null
      ? undefined
      : await openIncluded(header.master_key, passphrase);
  if (present !== undefined) {
    if (wanted === null || present.id === wanted) return undefined;
    throw new OperatorError(
      `The backup's secrets are sealed with the master key ${wanted}, but this installation has ${present.id}. Set OUTRIDER_MASTER_KEY to the backup's key, or choose an empty data folder. Nothing was changed.`,
    );
  }
  if (included === undefined && wanted !== null)
    throw new OperatorError(
      header.master_key === null
        ? `The backup's secrets are sealed with the master key ${wanted}, which it does not contain. Set OUTRIDER_MASTER_KEY to that key, or store it in ${masterKeyPath(config)}. Nothing was changed.`
        : 'The backup contains the master key. Give its passphrase with --passphrase-file FILE, or set OUTRIDER_MASTER_KEY. Nothing was changed.',
    );
  return included;
}

async function openIncluded(sealed: SealedWithPassphrase, passphrase: string): Promise<MasterKey> {
  const key = await openWithPassphrase(sealed, passphrase, keyContext);
  if (key === undefined)
    throw new OperatorError('The passphrase does not open the master key of this backup. Nothing was changed.');
  return masterKeyOf(key.toString('base64'));
}

async function readPassphrase(path: string | undefined): Promise<string | undefined> {
  if (path === undefined) return undefined;
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new OperatorError(`The passphrase file ${path} cannot be read (${codeOf(cause)}).`, { cause });
  });
  const passphrase = text.replace(/\r?\n$/, '');
  if (passphrase.length < passphraseCharactersMin)
    throw new OperatorError(
      `The passphrase in ${path} is too short: it needs at least ${passphraseCharactersMin} characters. Generate one with: openssl rand -base64 24`,
    );
  return passphrase;
}

/** Prints a line to stderr every two seconds. */
function progressTo(verb: string): Progress {
  let nextAt = performance.now() + progressEveryMs;
  return (table, position, tables, bytes) => {
    if (performance.now() < nextAt) return;
    nextAt = performance.now() + progressEveryMs;
    console.error(`${verb} table ${position} of ${tables} (${table}); ${(bytes / mib).toFixed(0)} MiB of rows so far.`);
  };
}
