import { createContext, Script } from 'node:vm';

/** Runs synchronous work and answers what it answers, or `tooLong` after `limitMs`; the work is broken off then, wherever it stands. */
export type TimeLimit = <T>(limitMs: number, work: () => T) => T | typeof tooLong;

export const tooLong = Symbol('too long');

/**
 * The watchdog is that of node:vm: it stops a loop, a recursion and a regular expression that backtracks alike. It costs about 0.1 ms,
 * so it is for work that may be long, not for every check.
 */
export function createTimeLimit(): TimeLimit {
  const slot: { work: () => unknown } = { work: () => undefined };
  const script = new Script('work()');
  let context: ReturnType<typeof createContext> | undefined;
  return <T>(limitMs: number, work: () => T) => {
    slot.work = work;
    try {
      return script.runInContext((context ??= createContext(slot)), { timeout: limitMs }) as T;
    } catch (error) {
      // An Error of the other context: not an instance of ours.
      if ((error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return tooLong;
      throw error;
    } finally {
      slot.work = () => undefined;
    }
  };
}
