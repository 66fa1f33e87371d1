import { lstatSync } from 'node:fs';
import type { Tenancy } from '../auth/index.ts';
import { systemClock } from '../base/clock.ts';
import type { Config } from '../base/config.ts';
import { clusterPath } from '../db/embedded/place.ts';
import { appliedNumber, migrate, readMigrations } from '../db/migrate.ts';
import { connect } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { createIds } from '../base/ids.ts';
import { assertMasterKey, createVault } from '../encryption/vault.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { withDatabase } from './database.ts';
import { ensureMasterKey } from './master-key.ts';
import { readSettings } from './settings.ts';

export interface Installation {
  readonly config: Config;
  readonly db: Database;
  /** For a command that writes: with the master key that belongs to the database. */
  tenancy(): Promise<Tenancy>;
}

/** Opens a migrated database with the master key that belongs to it. */
export async function openTenancy(db: Database, config: Config): Promise<{ tenancy: Tenancy; masterKey: MasterKey }> {
  const masterKey = await ensureMasterKey(db, config);
  await assertMasterKey(db, masterKey);
  return { tenancy: { db, clock: systemClock, ids: createIds(systemClock), vault: createVault(masterKey) }, masterKey };
}

/**
 * Runs a command's work on the installation, beside a running server or without one.
 * @throws OperatorError where there is no installation yet: only a command that is meant to may `create` one.
 */
export async function withInstallation(
  work: (installation: Installation) => Promise<void>,
  { create = false } = {},
): Promise<void> {
  const config = readSettings();
  if (!create) assertPresent(config);
  await withDatabase(config, async ({ url, description }) => {
    const db = connect(url, { max: 4, applicationName: 'outrider cli' });
    try {
      await assertCurrentSchema(db, create, description);
      await work({ config, db, tenancy: async () => (await openTenancy(db, config)).tenancy });
    } finally {
      await db.close();
    }
  });
}

const startFirst =
  'Run the command in the folder of your server, or set OUTRIDER_DATA_DIR or DATABASE_URL as it has them. To begin here: outrider serve';

/** Looking must not make a database where there is none. @throws OperatorError; `otherwise` is what else the caller could do. */
export function assertPresent(config: Pick<Config, 'databaseUrl' | 'dataDir'>, otherwise = ''): void {
  if (!isPresent(config))
    throw new OperatorError(`There is no database in the data folder ${config.dataDir}. ${otherwise}${startFirst}`);
}

/** Of the embedded database, whether there is one; somebody else's is there. */
export const isPresent = ({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): boolean =>
  databaseUrl !== undefined || lstatSync(clusterPath(dataDir), { throwIfNoEntry: false }) !== undefined;

/** A server of another version may be running on an older schema, so it is not brought up to date in passing. */
async function assertCurrentSchema(db: Database, create: boolean, description: string): Promise<void> {
  const newest = (await readMigrations()).at(-1)?.number ?? 0;
  const applied = await appliedNumber(db);
  if (applied !== 0 && applied < newest)
    throw new OperatorError(
      'The database was written by an older Outrider. Bring it up to date first: outrider migrate',
    );
  if (applied === 0 && !create)
    throw new OperatorError(`The database (${description}) is empty: nothing was set up in it yet. ${startFirst}`);
  // Fresh: set up. Newer: refused with the reason.
  if (applied !== newest) await migrate(db);
}
