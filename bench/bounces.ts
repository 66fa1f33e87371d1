/**
 * `node bench/bounces.ts DIRECTORY`: how many bounces a second are read, of the `.eml` files of a directory, next to Sisimai if Perl has it
 * (`apt-get install libsisimai-perl`). Each reads the files sixty times in a process of its own, in three turns; the ratio is their median.
 * Node runs as `npm start` runs it.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readReport } from '../src/mail/bounces/index.ts';
import { parseMessage } from '../src/mail/mime/index.ts';

const rounds = 60;
const turns = 3;
const [directory = '.', mode] = process.argv.slice(2);
const files = readdirSync(directory)
  .filter((name) => name.endsWith('.eml'))
  .map((name) => join(directory, name));

const sisimai = `
use Sisimai; my ($rounds, @files) = @ARGV; my @before = times;
for (1..$rounds) { for my $file (@files) { Sisimai->can('rise') ? Sisimai->rise($file) : Sisimai->make($file) } }
my @after = times; print $rounds * @files / ($after[0] + $after[1] - $before[0] - $before[1]);`;

/** Messages for each second of CPU time. */
async function own(): Promise<number> {
  const before = process.cpuUsage();
  for (let round = 0; round < rounds; round += 1)
    for (const file of files) {
      const message = await parseMessage(readFileSync(file));
      if (!('skipped' in message)) readReport(message);
    }
  const { user, system } = process.cpuUsage(before);
  return (rounds * files.length) / ((user + system) / 1_000_000);
}

/** What a process of its own prints; 0 if it cannot run. */
const printed = (command: string, args: readonly string[]): number => {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 20 });
  return status === 0 ? Number(stdout) : 0;
};

if (mode === 'own') process.stdout.write(String(await own()));
else {
  const results = Array.from({ length: turns }, () => ({
    outrider: printed(process.execPath, ['--max-semi-space-size=16', fileURLToPath(import.meta.url), directory, 'own']),
    sisimai: printed('perl', ['-e', sisimai, String(rounds), ...files]),
  }));
  const ratios = results.map((result) => result.outrider / result.sisimai).toSorted((a, b) => a - b);
  const shown = results.map((result) => `${result.outrider.toFixed(0)} : ${result.sisimai.toFixed(0)}`);
  const ratio = results.some((result) => result.sisimai === 0) ? 'Perl has no Sisimai' : ratios[1]?.toFixed(1);
  console.log(`${files.length} files, messages a CPU second, Outrider : Sisimai: ${shown.join(', ')}; ratio ${ratio}`);
}
