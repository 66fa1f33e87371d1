import { lstatSync } from 'node:fs';
import type { Tenancy } from '../auth/index.ts';
import { systemClock } from '../base/clock.ts';
import { readConfig } from '../base/config.ts';
import type { Config } from '../base/config.ts';
import { clusterPath } from '../db/embedded/place.ts';
import { appliedNumber, migrate, readMigrations } from '../db/migrate.ts';
import type { Database } from '../db/pool.ts';
import { OperatorError } from '../base/errors.ts';
import { createIds } from '../base/ids.ts';
import { assertMasterKey, createVault } from '../encryption/vault.ts';
import type { MasterKey } from '../encryption/cipher.ts';
import { withConnection, withDatabase } from './database.ts';
import { ensureMasterKey } from './master-key.ts';

/** How commands find a running server. These are not settings of the server, which refuses unknown variables. */
export const clientVariables = { url: 'OUTRIDER_URL', key: 'OUTRIDER_KEY' } as const;

/** @throws OperatorError that names the first variable with an invalid value */
export function readSettings(environment: Readonly<Record<string, string | undefined>> = process.env): Config {
  const own: readonly string[] = Object.values(clientVariables);
  return readConfig(Object.fromEntries(Object.entries(environment).filter(([name]) => !own.includes(name))));
}

export interface Installation {
  readonly config: Config;
  readonly db: Database;
  /** For commands that write; opens the vault with the database's master key. */
  tenancy(): Promise<Tenancy>;
}

/** The tenancy of a migrated database, with its master key. */
export async function openTenancy(db: Database, config: Config): Promise<{ tenancy: Tenancy; masterKey: MasterKey }> {
  const masterKey = await ensureMasterKey(db, config);
  await assertMasterKey(db, masterKey);
  return { tenancy: { db, clock: systemClock, ids: createIds(systemClock), vault: createVault(masterKey) }, masterKey };
}

/**
 * Runs a command's work on the installation, with or without a running server.
 * @throws OperatorError if there is no installation yet and the command may not `create` one
 * @example
 * await withInstallation(async ({ db }) => console.log(await listOrganizations(db)));
 */
export async function withInstallation(
  work: (installation: Installation) => Promise<void>,
  { create = false } = {},
): Promise<void> {
  const config = readSettings();
  if (!create) assertPresent(config);
  await withDatabase(config, ({ url, description }) =>
    withConnection(url, async (db) => {
      await assertCurrentSchema(db, create, description);
      await work({ config, db, tenancy: async () => (await openTenancy(db, config)).tenancy });
    }),
  );
}

const startFirst =
  'Run the command in the folder of your server, or set OUTRIDER_DATA_DIR or DATABASE_URL to the values of your server. To start a new installation here: outrider serve';

/** Keeps a command from creating a database. @param otherwise what else the caller could do. @throws OperatorError if there is no database */
export function assertPresent(config: Pick<Config, 'databaseUrl' | 'dataDir'>, otherwise = ''): void {
  if (!isPresent(config))
    throw new OperatorError(`There is no database in the data folder ${config.dataDir}. ${otherwise}${startFirst}`);
}

/** Whether the embedded database exists; an external one is assumed to exist. */
export const isPresent = ({ databaseUrl, dataDir }: Pick<Config, 'databaseUrl' | 'dataDir'>): boolean =>
  databaseUrl !== undefined || lstatSync(clusterPath(dataDir), { throwIfNoEntry: false }) !== undefined;

/** An older schema is not migrated implicitly, because a server of an older version may be using it. */
async function assertCurrentSchema(db: Database, create: boolean, description: string): Promise<void> {
  const newest = (await readMigrations()).at(-1)?.number ?? 0;
  const applied = await appliedNumber(db);
  if (applied !== 0 && applied < newest)
    throw new OperatorError('The database has the schema of an older Outrider. Migrate it first: outrider migrate');
  if (applied === 0 && !create) throw new OperatorError(`The database (${description}) is empty. ${startFirst}`);
  // Creates a new schema; throws if the schema is newer than this version.
  if (applied !== newest) await migrate(db);
}
