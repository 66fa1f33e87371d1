import { stat } from 'node:fs/promises';
import { roles } from '../base/config.ts';
import type { Config } from '../base/config.ts';
import { appliedNumber, readMigrations, rehearseMigrations } from '../db/migrate.ts';
import { durabilityOf, fsyncOff } from '../db/durability.ts';
import { isDatabaseAway, sqlState } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { assertMasterKey } from '../encryption/vault.ts';
import type { OpenDatabase } from './database.ts';
import { fail, ok, reasonOf, warn } from './doctor-check.ts';
import type { Check } from './doctor-check.ts';
import { masterKeyPath, readMasterKey } from './master-key.ts';
import {
  databaseAbilities,
  databaseTime,
  liveProcesses,
  mailboxCounts,
  oldestDueMs,
  partitionsAmong,
} from './queries.ts';
import type { Abilities } from './queries.ts';
import { dayMs } from '../base/clock.ts';

const skewWarnMs = 1_000;
const skewFailMs = 5_000;
/** A delivery is picked up within moments of falling due; if it waits this long, no process delivers, or not fast enough. */
const dueWarnMs = 60_000;
const oldestVersion = 15;

/** Whether a server could start on this database. The other checks depend on this one. */
export const usable: Check<[Database, Config, OpenDatabase]> = {
  name: 'database',
  run: async (db, config, { description }) => {
    let has: Abilities;
    try {
      has = await databaseAbilities(db);
    } catch (error) {
      if (!isDatabaseAway(error)) throw error;
      return fail(
        `${description}: does not answer: ${reasonOf(error)}. Check DATABASE_URL, and whether PostgreSQL is running and accepts this account.`,
      );
    }
    const says = `PostgreSQL ${has.version}, ${description}`;
    if (has.number < oldestVersion * 10_000)
      return fail(`${says}: Outrider needs ${oldestVersion} or newer. Upgrade the server.`);
    if (has.encoding !== 'UTF8')
      return fail(`${says}: the encoding is ${has.encoding}. Create the database again with ENCODING 'UTF8'.`);
    if (has.standby || has.read_only)
      return fail(
        `${says}: does not accept writes. Point DATABASE_URL at the primary server, and set default_transaction_read_only to off.`,
      );
    const account = `the account ${has.account}`;
    if (!has.creates || has.foreign_tables > 0)
      return fail(
        `${says}: ${account} may not ${has.creates ? 'change all tables' : 'create tables'}. Make it the owner of the database: ALTER DATABASE … OWNER TO ${has.account}`,
      );
    if (await isFresh(db)) {
      const problem = await rehearseMigrations(db).then(
        () => undefined,
        (error: unknown) => error,
      );
      if (problem !== undefined)
        return fail(`${says}: the first start would fail: ${reasonOf(problem)}. ${remedyOf(problem)}`);
    }
    return has.connections_free < config.databaseConnections
      ? warn(
          `${says}: only ${has.connections_free} of ${has.connections_max} connections are free, and a process opens up to ${config.databaseConnections}. Raise max_connections, or lower OUTRIDER_DATABASE_CONNECTIONS.`,
        )
      : ok(says);
  },
};

/** What to do about an error of the migrations, by SQLSTATE (PostgreSQL appendix A). */
function remedyOf(error: unknown): string {
  switch (sqlState(error)) {
    case '0A000':
    case '58P01':
      return "Install PostgreSQL's contrib modules, which contain pg_trgm (on Debian they are part of postgresql).";
    case '42501':
      return 'Make the account the owner of the database, or have an administrator run: CREATE EXTENSION pg_trgm';
    default:
      return 'Nothing was changed.';
  }
}

export const databaseChecks: readonly Check<[Database, Config, OpenDatabase]>[] = [
  {
    name: 'durability',
    run: async (db) => {
      const { fsync, full_page_writes: fullPages } = await durabilityOf(db);
      if (!fsync) return fail(fsyncOff);
      return fullPages
        ? ok('commits are written to disk')
        : warn('full_page_writes is off: a crash may damage pages, unless the file system writes pages atomically.');
    },
  },
  {
    name: 'migrations',
    run: async (db) => {
      const newest = await newestNumber();
      const applied = await appliedNumber(db);
      if (applied === newest) return ok(`up to date (${applied})`);
      return applied < newest
        ? fail(`${newest - applied} not applied. Run: outrider migrate (starting the server does the same)`)
        : fail(`the database is at ${applied}, this version at ${newest}. Run the newer Outrider that migrated it.`);
    },
  },
  {
    name: 'master key',
    run: async (db, config) => {
      const key = await readMasterKey(config);
      if (key === undefined)
        return (await isFresh(db))
          ? ok('none yet; the first start creates it')
          : fail(`missing. Set OUTRIDER_MASTER_KEY, or restore the key to ${masterKeyPath(config)}.`);
      if (!(await isFresh(db))) await assertMasterKey(db, key);
      if (config.masterKey !== undefined) return ok(`${key.id}, from OUTRIDER_MASTER_KEY`);
      const path = masterKeyPath(config);
      return ((await stat(path)).mode & 0o077) === 0
        ? ok(`${key.id}, in ${path}`)
        : warn(`${path} can be read by other accounts. Run: chmod 600 ${path}`);
    },
  },
  {
    name: 'clock',
    run: async (db) => {
      const before = Date.now();
      const skewMs = Math.abs((await databaseTime(db)) - (before + Date.now()) / 2);
      const says = `${Math.round(skewMs)} ms from the database's clock`;
      if (skewMs < skewWarnMs) return ok(says);
      const advice = `${says}. Leases and schedules compare clocks: run NTP on both machines.`;
      return skewMs < skewFailMs ? warn(advice) : fail(advice);
    },
  },
  {
    name: 'partitions',
    run: async (db) => {
      if (await isFresh(db)) return ok('none yet; the first start creates them');
      const days = [0, 1, 2].map((ahead) =>
        new Date(Date.now() + ahead * dayMs).toISOString().slice(0, 10).replaceAll('-', ''),
      );
      const wanted = days.flatMap((day) => ['events', 'delivery_log', 'attempts'].map((table) => `${table}_${day}`));
      const present = await partitionsAmong(db, wanted);
      const missing = wanted.filter((name) => !present.includes(name));
      return missing.length === 0
        ? ok('present for today and the next two days')
        : warn(`missing: ${missing.join(', ')}. A running server creates them every hour; or run: outrider migrate`);
    },
  },
  {
    name: 'processes',
    run: async (db, _config, database) => {
      if (await isFresh(db)) return ok('none');
      const live = database.own ? [] : await liveProcesses(db);
      if (live.length === 0) return ok('none is running');
      const missing = roles.filter((role) => !live.some((its) => its.includes(role)));
      return missing.length === 0
        ? ok(`${live.length} running`)
        : warn(
            `${live.length} running, none with the role ${missing.join(' or ')}. Start one with: outrider serve --roles ${missing.join(',')}`,
          );
    },
  },
  {
    name: 'deliveries',
    run: async (db) => {
      if (await isFresh(db)) return ok('none yet');
      const waitedMs = await oldestDueMs(db);
      if (waitedMs < dueWarnMs) return ok('none is overdue');
      return warn(
        `the oldest has been due for ${Math.round(waitedMs / 1_000)} s. Is a process with the role engine running, or is one endpoint slower than its events?`,
      );
    },
  },
  {
    name: 'mailboxes',
    run: async (db) => {
      if (await isFresh(db)) return ok('none yet');
      if (!(await isCurrent(db))) return ok('not checked before the migrations are applied');
      const counts = await mailboxCounts(db);
      const all = counts.reduce((sum, { count }) => sum + count, 0);
      if (all === 0) return ok('none');
      const ill = counts.filter(({ status }) => status === 'auth_failed' || status === 'degraded');
      if (ill.length === 0) return ok(`${all}, all well`);
      return warn(
        `${ill.map(({ status, count }) => `${count} ${status}`).join(' and ')} of ${all}. GET /v1/mailboxes says why, in status_reason; auth_failed needs new credentials.`,
      );
    },
  },
];

const newestNumber = async (): Promise<number> => (await readMigrations()).at(-1)?.number ?? 0;
const isCurrent = async (db: Database): Promise<boolean> => (await appliedNumber(db)) === (await newestNumber());
const isFresh = async (db: Database): Promise<boolean> => (await appliedNumber(db)) === 0;
