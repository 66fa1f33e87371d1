import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { listOrganizations } from '../auth/index.ts';
import type { Config } from '../base/config.ts';
import type { Queryable } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { masterKeyOf, newKey } from '../encryption/cipher.ts';
import type { MasterKey } from '../encryption/cipher.ts';

type Where = Pick<Config, 'masterKey' | 'dataDir'>;

export const masterKeyPath = (config: Pick<Config, 'dataDir'>): string => join(config.dataDir, 'master.key');

/** Reads the master key from the environment or else the data folder; undefined if there is none. @throws OperatorError */
export async function readMasterKey(config: Where): Promise<MasterKey | undefined> {
  return config.masterKey === undefined ? readMasterKeyFile(masterKeyPath(config)) : masterKeyOf(config.masterKey);
}

/** Messages about a key file, with what to do. */
interface KeyFileProblems {
  readonly unreadable: (code: string) => string;
  readonly damaged: string;
}

const problemsOf = (path: string): KeyFileProblems => ({
  unreadable: (code) =>
    `The master key ${path} cannot be read (${code}). Run Outrider as the account that owns it, or set OUTRIDER_MASTER_KEY.`,
  damaged: `The master key ${path} is damaged: it must contain 32 bytes in base64. Restore it from your backup.`,
});

/** Undefined if the file does not exist. @throws OperatorError if it cannot be read or contains something else */
export async function readMasterKeyFile(path: string, problems = problemsOf(path)): Promise<MasterKey | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw new OperatorError(problems.unreadable(codeOf(cause)), { cause });
  }
  // Buffer.from ignores invalid characters, so a damaged key could pass as another key.
  if (!/^[A-Za-z0-9+/]{43}=\s*$/.test(text)) throw new OperatorError(problems.damaged);
  return masterKeyOf(text.trim());
}

/**
 * The master key of this installation, created on the first start. Never creates one if the database has organizations: a new key would
 * hide that the key which sealed their secrets is lost.
 * @throws OperatorError
 */
export async function ensureMasterKey(db: Queryable, config: Where): Promise<MasterKey> {
  const present = await readMasterKey(config);
  if (present !== undefined) return present;
  const path = masterKeyPath(config);
  if ((await listOrganizations(db)).length > 0) {
    throw new OperatorError(
      `The database has organizations, but the master key that sealed their secrets is missing. Set OUTRIDER_MASTER_KEY, or restore the key to ${path}.`,
    );
  }
  return writeMasterKey(path, newKey());
}

/** Writes the key file atomically and durably, readable only by its owner. */
export async function writeMasterKey(path: string, key: Buffer): Promise<MasterKey> {
  const text = key.toString('base64');
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(`${text}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await renameDurably(draft, path);
  } catch (cause) {
    throw new OperatorError(
      `The master key cannot be written to ${path} (${codeOf(cause)}). Make the folder writable, or set OUTRIDER_MASTER_KEY.`,
      { cause },
    );
  }
  return masterKeyOf(text);
}

/** Renames a file and syncs its folder, which makes the rename durable. */
export async function renameDurably(from: string, to: string): Promise<void> {
  await rename(from, to);
  const folder = await open(dirname(to), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

export const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : String(error);
