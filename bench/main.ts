/**
 * `npm run bench [-- --scenario NAME[,NAME]]`: starts everything, measures, and prints a table and JSON. Exits with 1 when an event was lost
 * or a limit was exceeded. Quote ratios: absolute figures differ between machines and between runs.
 */
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';
import { campaignsScenario } from './scenarios/campaigns.ts';
import { cost } from './scenarios/cost.ts';
import { dialectCosts } from './scenarios/dialects.ts';
import { fanout } from './scenarios/fanout.ts';
import { imports } from './scenarios/imports.ts';
import { isolation } from './scenarios/isolation.ts';
import { latency } from './scenarios/latency.ts';
import { logSize } from './scenarios/log-size.ts';
import { mail } from './scenarios/mail.ts';
import { mailMemory } from './scenarios/mail-memory.ts';
import { mailSync } from './scenarios/mail-sync.ts';
import { mailWaiting } from './scenarios/mail-waiting.ts';
import { memory } from './scenarios/memory.ts';
import { ordinary } from './scenarios/ordinary.ts';
import { pages } from './scenarios/pages.ts';
import { records } from './scenarios/records.ts';
import { retries } from './scenarios/retries.ts';
import { segments } from './scenarios/segments.ts';
import { throughput } from './scenarios/throughput.ts';
import { tracking } from './scenarios/tracking.ts';
import { twoProcesses } from './scenarios/two-processes.ts';
import { workspaces } from './scenarios/workspaces.ts';
import { facts, openStage } from './stage.ts';

const scenarios: readonly Scenario[] = [
  throughput,
  latency,
  ordinary,
  fanout,
  cost,
  dialectCosts,
  isolation,
  retries,
  twoProcesses,
  imports,
  logSize,
  memory,
  records,
  segments,
  mail,
  mailMemory,
  mailWaiting,
  mailSync,
  campaignsScenario,
  tracking,
  workspaces,
  pages,
];
/** Take minutes; run only by name or with `--all`. */
const long: ReadonlySet<Scenario> = new Set([
  logSize,
  memory,
  records,
  segments,
  mail,
  mailMemory,
  mailWaiting,
  mailSync,
  campaignsScenario,
  tracking,
  workspaces,
  pages,
]);

const { values } = parseArgs({
  options: { scenario: { type: 'string' }, all: { type: 'boolean' }, help: { type: 'boolean' } },
});
const requested = values.scenario?.split(',').map((name) => (name === 'ceiling' ? 'throughput' : name));
/** `mail` stands for all scenarios of mail. */
const isNamed = (scenario: Scenario, name: string): boolean =>
  scenario.name === name || (name === 'mail' && scenario.name.startsWith('mail-'));
const unknown = requested?.find((name) => !scenarios.some((scenario) => isNamed(scenario, name)));
if (values.help === true || unknown !== undefined) {
  if (unknown !== undefined) console.error(`Unknown scenario "${unknown}".`);
  console.log(
    [
      'npm run bench [-- --scenario NAME[,NAME] | --all]',
      ...scenarios.map(
        (scenario) => `  ${scenario.name.padEnd(14)} ${scenario.about}${long.has(scenario) ? ' (takes minutes)' : ''}`,
      ),
    ].join('\n'),
  );
  process.exit(unknown === undefined ? 0 : 1);
}

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const chosen = scenarios.filter((scenario) =>
  requested === undefined
    ? values.all === true || !long.has(scenario)
    : requested.some((name) => isNamed(scenario, name)),
);
const results: Record<string, unknown> = {};
let failed = false;
for (const scenario of chosen) {
  console.log(`\n${scenario.name}: ${scenario.about}`);
  const stage = await openStage(scenario.settings);
  try {
    results['machine'] ??= await facts(stage.db);
    const { rows, checks } = await scenario.run(stage);
    console.table(rows);
    for (const { claim, passed } of checks)
      if (!passed || !claim.includes('none missing')) console.log(`  ${passed ? 'ok  ' : 'FAIL'} ${claim}`);
    failed ||= checks.some(({ passed }) => !passed);
    results[scenario.name] = { rows, checks };
  } catch (error) {
    failed = true;
    console.error(`  FAIL ${error instanceof Error ? error.message : String(error)}`);
    results[scenario.name] = { error: String(error) };
  } finally {
    await stage.close();
  }
}
console.log(`\n${JSON.stringify(results)}`);
process.exit(failed ? 1 : 0);
