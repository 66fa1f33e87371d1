export interface Finding {
  readonly verdict: 'ok' | 'warn' | 'fail';
  readonly check: string;
  /** The result and, unless the verdict is `ok`, what to do. */
  readonly says: string;
}

type Result = Omit<Finding, 'check'>;

export interface Check<Args extends readonly unknown[]> {
  readonly name: string;
  readonly run: (...args: Args) => Promise<Result>;
}

export const ok = (says: string): Result => ({ verdict: 'ok', says });
export const warn = (says: string): Result => ({ verdict: 'warn', says });
export const fail = (says: string): Result => ({ verdict: 'fail', says });

export async function examined<Args extends readonly unknown[]>(check: Check<Args>, ...args: Args): Promise<Finding> {
  try {
    return { check: check.name, ...(await check.run(...args)) };
  } catch (error) {
    return { check: check.name, ...fail(reasonOf(error)) };
  }
}

export const reasonOf = (error: unknown): string =>
  error instanceof Error ? error.message || String((error as { code?: unknown }).code) : String(error);
