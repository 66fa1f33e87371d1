import { ApiError, OperatorError } from '../base/errors.ts';
import { version } from '../base/version.ts';
import { parseCommandLine, UsageError } from './command.ts';
import type { Invocation } from './command.ts';
import { commands } from './commands.ts';
import { commandHelp, fullHelp, groupHelp } from './help.ts';

/**
 * Runs a command line. Prints errors that the operator can fix as one line on stderr. Exit code 2 for an invalid command line, 1 for any
 * other error.
 */
export async function main(words: readonly string[]): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', unread);
  try {
    const invocation = parseCommandLine(commands, words);
    if (invocation.kind === 'run') await invocation.run();
    else console.log(helpFor(invocation));
  } catch (error) {
    console.error(`outrider: ${await explained(error)}`);
    // An open handle, such as an idle connection, must not keep the process alive.
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

/**
 * The reader of the output has closed it, as `head` does. The command continues without output, because it may have to stop a database, or
 * be a server.
 */
function unread(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EPIPE') throw error;
}

function helpFor(invocation: Exclude<Invocation, { kind: 'run' }>): string {
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
  // PostgreSQL appendix A: 28 is a wrong password or account, 3D an unknown database, 42501 a missing privilege.
  if (/^(28|3D)|^42501$/.test(sqlState(error) ?? '')) return `The database refuses: ${message}`;
  if (isDatabaseAway(error)) return `The database does not answer: ${message || (error as { code?: string }).code}`;
  return stack ?? message;
}
