import { existsSync, lstatSync } from 'node:fs';
import { stat, statfs } from 'node:fs/promises';
import { roles } from '../config.ts';
import type { Config } from '../config.ts';
import { clusterPath } from '../db/embedded/place.ts';
import { appliedNumber, readMigrations } from '../db/migrate.ts';
import { connect } from '../db/pool.ts';
import type { Database } from '../db/pool.ts';
import { parseCidrs } from '../cidr.ts';
import { resolveChecked, systemResolve } from '../delivery/egress.ts';
import { assertMasterKey } from '../vault/data-keys.ts';
import { withDatabase } from './database.ts';
import type { OpenDatabase } from './database.ts';
import { masterKeyPath, readMasterKey } from './master-key.ts';
import { databaseTime, liveProcesses, oldestDueMs, partitionsAmong, serverVersion } from './queries.ts';
import { readSettings } from './settings.ts';

export interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly check: string;
  /** What was found and, unless it is fine, what to do. */
  readonly says: string;
}

const gib = 1024 ** 3;
const dayMs = 86_400_000;
const skewWarnMs = 1_000;
const skewFailMs = 5_000;
/** A due delivery is picked up within moments; one that waits this long means that nobody delivers, or not fast enough. */
const dueWarnMs = 60_000;
const oldestVersion = 15;
/** Reserved for documentation (RFC 2606), so its look-up says nothing about anyone. */
const exampleHost = 'example.com';

export async function doctorCommand(options: { json: boolean }): Promise<void> {
  const config = readSettings();
  const report = (finding: Finding): void => {
    if (finding.verdict === 'fail') process.exitCode = 1;
    findings.push(finding);
    if (!options.json) console.log(`${finding.verdict.padEnd(4)}  ${finding.check.padEnd(11)}  ${finding.says}`);
  };
  const findings: Finding[] = [];
  // Looking must not make a database where there is none.
  if (config.databaseUrl === undefined && lstatSync(clusterPath(config.dataDir), { throwIfNoEntry: false }) === undefined) {
    report({ check: 'database', ...ok(`embedded, none in ${config.dataDir} yet; the first start makes it`) });
  } else {
    await withDatabase(config, async (database) => {
      const db = connect(database.url, { max: 2, applicationName: 'outrider cli' });
      try {
        for (const check of databaseChecks) report(await examined(check, db, config, database));
      } finally {
        await db.close();
      }
    }).catch((error: unknown) => report({ check: 'database', ...fail(reasonOf(error)) }));
  }
  for (const check of machineChecks) report(await examined(check, config));
  if (options.json) console.log(JSON.stringify(findings));
  else console.log(summaryOf(findings));
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number => findings.filter((finding) => finding.verdict === verdict).length;
  return count('fail') > 0
    ? `${count('fail')} of ${findings.length} checks failed.`
    : count('warn') > 0
      ? `Nothing fails; ${count('warn')} to look at.`
      : 'All is well.';
}

interface Check<Args extends readonly unknown[]> {
  readonly name: string;
  readonly run: (...args: Args) => Promise<Omit<Finding, 'check'>>;
}

async function examined<Args extends readonly unknown[]>(check: Check<Args>, ...args: Args): Promise<Finding> {
  try {
    return { check: check.name, ...(await check.run(...args)) };
  } catch (error) {
    return { check: check.name, verdict: 'fail', says: reasonOf(error) };
  }
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error));

const ok = (says: string): Omit<Finding, 'check'> => ({ verdict: 'ok', says });
const warn = (says: string): Omit<Finding, 'check'> => ({ verdict: 'warn', says });
const fail = (says: string): Omit<Finding, 'check'> => ({ verdict: 'fail', says });

const databaseChecks: readonly Check<[Database, Config, OpenDatabase]>[] = [
  {
    name: 'database',
    run: async (db, _config, { description }) => {
      const { version, number } = await serverVersion(db);
      const says = `PostgreSQL ${version}, ${description}`;
      return number >= oldestVersion * 10_000 ? ok(says) : fail(`${says}: Outrider needs ${oldestVersion} or newer. Upgrade the server.`);
    },
  },
  {
    name: 'migrations',
    run: async (db) => {
      const newest = (await readMigrations()).at(-1)?.number ?? 0;
      const applied = await appliedNumber(db);
      if (applied === newest) return ok(`up to date (${applied})`);
      return applied < newest
        ? fail(`${newest - applied} not applied. Run: outrider migrate (starting the server does it too)`)
        : fail(`the database is at ${applied}, this version knows ${newest}. Run the newer Outrider that wrote it.`);
    },
  },
  {
    name: 'master key',
    run: async (db, config) => {
      const key = await readMasterKey(config);
      if (key === undefined)
        return (await isFresh(db))
          ? ok('none yet; the first start makes one')
          : fail(`missing. Set OUTRIDER_MASTER_KEY, or put the key back at ${masterKeyPath(config)}.`);
      if (!(await isFresh(db))) await assertMasterKey(db, key);
      if (config.masterKey !== undefined) return ok(`${key.id}, from OUTRIDER_MASTER_KEY`);
      const path = masterKeyPath(config);
      return ((await stat(path)).mode & 0o077) === 0 ? ok(`${key.id}, in ${path}`) : warn(`${path} can be read by other accounts. Run: chmod 600 ${path}`);
    },
  },
  {
    name: 'clock',
    run: async (db) => {
      const before = Date.now();
      const skewMs = Math.abs((await databaseTime(db)) - (before + Date.now()) / 2);
      const says = `${Math.round(skewMs)} ms from the database's`;
      if (skewMs < skewWarnMs) return ok(says);
      const advice = `${says}. Leases and schedules compare clocks: run NTP on both machines.`;
      return skewMs < skewFailMs ? warn(advice) : fail(advice);
    },
  },
  {
    name: 'partitions',
    run: async (db) => {
      if (await isFresh(db)) return ok('none yet; the first start makes them');
      const days = [0, 1, 2].map((ahead) => new Date(Date.now() + ahead * dayMs).toISOString().slice(0, 10).replaceAll('-', ''));
      const wanted = days.flatMap((day) => ['events', 'delivery_log', 'attempts'].map((table) => `${table}_${day}`));
      const present = await partitionsAmong(db, wanted);
      const missing = wanted.filter((name) => !present.includes(name));
      return missing.length === 0
        ? ok('made for today and the next two days')
        : warn(`not made: ${missing.join(', ')}. A running server makes them every hour; or run: outrider migrate`);
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
        : warn(`${live.length} running, none with the role ${missing.join(' or ')}. Start one: outrider serve --roles ${missing.join(',')}`);
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
];

const isFresh = async (db: Database): Promise<boolean> => (await appliedNumber(db)) === 0;

const machineChecks: readonly Check<[Config]>[] = [
  {
    name: 'egress',
    run: async ({ egressAllow, allowHttpEndpoints }) => {
      const policy = { allow: parseCidrs(egressAllow), allowHttp: allowHttpEndpoints };
      const allowed = `public addresses by ${allowHttpEndpoints ? 'https or http' : 'https'}${policy.allow.length === 0 ? '' : `, and ${egressAllow}`}`;
      const resolution = await resolveChecked(exampleHost, policy, systemResolve);
      return resolution.ok
        ? ok(`names resolve; deliveries may go to ${allowed}`)
        : warn(`${exampleHost} ${resolution.reason}. Deliveries to names will fail: look at this machine's DNS. Allowed are ${allowed}.`);
    },
  },
  {
    name: 'disk',
    run: async ({ dataDir }) => {
      if (!existsSync(dataDir)) return ok(`${dataDir} is not there yet; the first start makes it`);
      const { bavail, bsize, blocks } = await statfs(dataDir);
      const free = bavail * bsize;
      const says = `${(free / gib).toFixed(1)} GiB free of ${((blocks * bsize) / gib).toFixed(1)} at ${dataDir}`;
      if (free > 2 * gib) return ok(says);
      const advice = `${says}. Make room, or keep less: OUTRIDER_RETENTION_DAYS.`;
      return free > gib / 4 ? warn(advice) : fail(advice);
    },
  },
];
