/** Values that were seen with a key lately, in the memory of one process. */
export interface Recent {
  /** Adds a value. @returns how many different ones there are in the window */
  add(key: string, value: string, atMs: number): number;
}

const keysMax = 20_000;

export function createRecent(windowMs: number): Recent {
  const seen = new Map<string, Map<string, number>>();
  return {
    add(key, value, atMs) {
      const values = seen.get(key) ?? new Map<string, number>();
      for (const [each, at] of values) if (at <= atMs - windowMs) values.delete(each);
      values.set(value, atMs);
      // The key that was used longest ago is the first.
      seen.delete(key);
      seen.set(key, values);
      for (const oldest of seen.keys()) {
        if (seen.size <= keysMax) break;
        seen.delete(oldest);
      }
      return values.size;
    },
  };
}
