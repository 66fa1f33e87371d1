import { ApiError, OperatorError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { parseCommandLine, UsageError } from './command.ts';
import type { Invocation } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, fullHelp, groupHelp } from './help.ts';

/**
 * Runs the command that these words name. What the operator can put right is one line on stderr; exit code 2 when the command line is
 * wrong, 1 for everything else.
 */
export async function main(words: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unread);
  try {
    const invocation = parseCommandLine(commands, words);
    if (invocation.kind === 'run') await invocation.run();
    else console.log(told(invocation));
  } catch (error) {
    console.error(`outrider: ${await explained(error)}`);
    // Whatever the command left open, such as an idle connection, does not hold up its end.
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

/**
 * Whoever read what is printed has left, as `head` does: the rest goes nowhere. The command goes on to its end, since it may have a database
 * to stop; a server has more to do than to print.
 */
function unread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function told(invocation: Exclude<Invocation, { kind: 'run' }>): string {
  switch (invocation.kind) {
    case 'version':
      return version();
    case 'help':
      return fullHelp(commands, version());
    case 'group help':
      return groupHelp(invocation.group);
    case 'command help':
      return commandHelp(invocation.command);
  }
}

async function explained(error: unknown): Promise<string> {
  if (error instanceof UsageError || error instanceof OperatorError || error instanceof ApiError) return error.message;
  const { isDatabaseAway, sqlState } = await import('../db/pool.ts');
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  // PostgreSQL, appendix A: 28 a wrong password or account, 3D a database that is not there, 42501 missing rights.
  if (/^(28|3D)|^42501$/.test(sqlState(error) ?? '')) return `The database refuses: ${message}`;
  if (isDatabaseAway(error)) return `The database does not answer: ${message || (error as { code?: string }).code}`;
  return stack ?? message;
}
