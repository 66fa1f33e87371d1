/** Ends of what a test opened. The runner calls `endTest` after each test of every file: a hook on import would apply to one file of a process. */
const ends: (() => Promise<void>)[] = [];

/** Registers work for the end of the running test; the last registered is done first. */
export const atTestEnd = (end: () => Promise<void>): void => void ends.push(end);

export async function endTest(): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}
