interface Waiting<Item, Found> extends PromiseWithResolvers<Found | undefined> {
  readonly item: Item;
}

/**
 * Asks for many items with few queries: one query at a time, for everything that was asked for during the one before. Callers that ask for
 * the same key share its answer.
 * @param query returns what it found, by key
 */
export function gathering<Item, Found>(
  batchMax: number,
  keyOf: (item: Item) => string,
  query: (items: readonly Item[]) => Promise<ReadonlyMap<string, Found>>,
): (item: Item) => Promise<Found | undefined> {
  const waiting = new Map<string, Waiting<Item, Found>>();
  let isRunning = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (waiting.size > 0) {
      const batch = [...waiting].slice(0, batchMax);
      for (const [key] of batch) waiting.delete(key);
      try {
        const found = await query(batch.map(([, { item }]) => item));
        for (const [key, { resolve }] of batch) resolve(found.get(key));
      } catch (error) {
        for (const [, { reject }] of batch) reject(error);
      }
    }
    isRunning = false;
  }

  return (item) => {
    const key = keyOf(item);
    const wanted = waiting.get(key) ?? { item, ...Promise.withResolvers<Found | undefined>() };
    waiting.set(key, wanted);
    if (!isRunning) void run();
    return wanted.promise;
  };
}
