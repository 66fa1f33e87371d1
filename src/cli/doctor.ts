import { findPackage } from '../db/embedded/programs.ts';
import type { Config } from '../base/config.ts';
import { withConnection, withDatabase } from './database.ts';
import { examined, fail, ok, reasonOf } from './doctor-check.ts';
import type { Check, Finding } from './doctor-check.ts';
import { databaseChecks, usable } from './doctor-database.ts';
import { machineChecks } from './doctor-machine.ts';
import { isPresent, readSettings } from './installation.ts';

/** Checks what a start needs and the state of a running installation. Changes nothing. */
export async function doctorCommand(options: { json: boolean }): Promise<void> {
  const config = readSettings();
  const findings: Finding[] = [];
  const report = (finding: Finding): void => {
    if (finding.verdict === 'fail') process.exitCode = 1;
    findings.push(finding);
    if (!options.json) console.log(`${finding.verdict.padEnd(4)}  ${finding.check.padEnd(11)}  ${finding.says}`);
  };
  await examineDatabase(config, report);
  for (const check of machineChecks) report(await examined(check, config));
  if (options.json) console.log(JSON.stringify(findings));
  else console.log(summaryOf(findings));
}

const noneYet: Check<[Config]> = {
  name: 'database',
  run: async ({ dataDir }) => {
    // Fails if the PostgreSQL programs are missing.
    await findPackage();
    return ok(`embedded, none in ${dataDir} yet; the first start creates it`);
  },
};

async function examineDatabase(config: Config, report: (finding: Finding) => void): Promise<void> {
  // Checking must not create a database.
  if (!isPresent(config)) {
    report(await examined(noneYet, config));
    return;
  }
  await withDatabase(config, (database) =>
    withConnection(database.url, async (db) => {
      const first = await examined(usable, db, config, database);
      report(first);
      // Otherwise every other check would fail for the same reason.
      if (first.verdict !== 'fail')
        for (const check of databaseChecks) report(await examined(check, db, config, database));
    }),
  ).catch((error: unknown) => report({ check: 'database', ...fail(reasonOf(error)) }));
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return count('fail') > 0
    ? `${count('fail')} of ${findings.length} checks failed.`
    : count('warn') > 0
      ? `No check failed; ${count('warn')} ${count('warn') === 1 ? 'warning' : 'warnings'}.`
      : 'All checks passed.';
}
