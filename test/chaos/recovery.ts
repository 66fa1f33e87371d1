/** Measures the time from a `kill -9` to the next attempt of each delivery that the killed process held. */
export interface Recovery {
  /** @param survivor whether another process was ready to take over. If not, deliveries that still wait are measured from this kill. */
  killed(held: readonly string[], atMs: number, survivor: boolean): void;
  attempted(deliveryId: string): void;
  /** Stops measuring deliveries that wait, because they wait for the database. */
  forget(): void;
  /** Milliseconds, in ascending order. */
  readonly times: { readonly survivor: readonly number[]; readonly none: readonly number[] };
}

export function createRecovery(): Recovery {
  const waiting = new Map<string, { atMs: number; survivor: boolean }>();
  const times: Record<'survivor' | 'none', number[]> = { survivor: [], none: [] };
  const sorted = (all: readonly number[]): number[] => all.toSorted((a, b) => a - b);
  return {
    killed(held, atMs, survivor) {
      if (!survivor) for (const id of waiting.keys()) waiting.set(id, { atMs, survivor });
      for (const id of held) waiting.set(id, { atMs, survivor });
    },
    attempted(id) {
      const since = waiting.get(id);
      if (since === undefined) return;
      waiting.delete(id);
      times[since.survivor ? 'survivor' : 'none'].push(performance.now() - since.atMs);
    },
    forget: () => waiting.clear(),
    get times() {
      return { survivor: sorted(times.survivor), none: sorted(times.none) };
    },
  };
}

/** @param sorted in ascending order. @returns 0 if empty. */
export const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? 0;
