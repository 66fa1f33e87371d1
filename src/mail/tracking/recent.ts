/** Keys of a generation. Past it, a new one begins early. */
const keysMax = 20_000;

/**
 * Entries by key that are forgotten some time after their last use, between one and two windows: two generations, of which the older is
 * dropped as a whole, because deleting from a large map one by one makes it slow.
 */
export function createGenerations<T>(windowMs: number): {
  get(key: string, atMs: number): T | undefined;
  set(key: string, value: T): void;
} {
  let newer = new Map<string, T>();
  let older = new Map<string, T>();
  let beganMs = -Infinity;
  return {
    get(key, atMs) {
      if (atMs - beganMs >= windowMs || newer.size >= keysMax) {
        older = atMs - beganMs >= 2 * windowMs ? new Map<string, T>() : newer;
        newer = new Map<string, T>();
        beganMs = atMs;
      }
      return newer.get(key) ?? older.get(key);
    },
    set: (key, value) => void newer.set(key, value),
  };
}

/** Values that were seen with a key lately, in the memory of one process. */
export interface Recent {
  /** Adds a value. @returns how many different ones there are in the window; `enough` if there are more */
  add(key: string, value: string, atMs: number): number;
  /** Whether other values may still matter: some were seen, and not enough. */
  isOpen(key: string, atMs: number): boolean;
}

/** @param enough more values of a key than this are not counted */
export function createRecent(windowMs: number, enough: number): Recent {
  const seen = createGenerations<readonly { readonly value: string; readonly atMs: number }[]>(windowMs);
  return {
    add(key, value, atMs) {
      const others = (seen.get(key, atMs) ?? []).filter((each) => each.value !== value && each.atMs > atMs - windowMs);
      const values = [...others, { value, atMs }].slice(-enough);
      seen.set(key, values);
      return values.length;
    },
    isOpen(key, atMs) {
      const { length } = seen.get(key, atMs) ?? [];
      return length > 0 && length < enough;
    },
  };
}
