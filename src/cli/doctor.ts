import { connect } from '../db/pool.ts';
import { findPackage } from '../db/embedded/programs.ts';
import type { Config } from '../base/config.ts';
import { withDatabase } from './database.ts';
import { examined, fail, ok, reasonOf } from './doctor-check.ts';
import type { Check, Finding } from './doctor-check.ts';
import { databaseChecks, usable } from './doctor-database.ts';
import { machineChecks } from './doctor-machine.ts';
import { isPresent } from './installation.ts';
import { readSettings } from './settings.ts';

/** Checks what a start needs, and how a running installation is. Changes nothing. */
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
    // The start needs the programs.
    await findPackage();
    return ok(`embedded, none in ${dataDir} yet; the first start makes it`);
  },
};

async function examineDatabase(config: Config, report: (finding: Finding) => void): Promise<void> {
  // Looking must not make a database where there is none.
  if (!isPresent(config)) {
    report(await examined(noneYet, config));
    return;
  }
  await withDatabase(config, async (database) => {
    const db = connect(database.url, { max: 2, applicationName: 'outrider cli' });
    try {
      const first = await examined(usable, db, config, database);
      report(first);
      // One reason is said once, not by every check that follows from it.
      if (first.verdict !== 'fail')
        for (const check of databaseChecks) report(await examined(check, db, config, database));
    } finally {
      await db.close();
    }
  }).catch((error: unknown) => report({ check: 'database', ...fail(reasonOf(error)) }));
}

function summaryOf(findings: readonly Finding[]): string {
  const count = (verdict: Finding['verdict']): number =>
    findings.filter((finding) => finding.verdict === verdict).length;
  return count('fail') > 0
    ? `${count('fail')} of ${findings.length} checks failed.`
    : count('warn') > 0
      ? `Nothing fails; ${count('warn')} to look at.`
      : 'All is well.';
}
