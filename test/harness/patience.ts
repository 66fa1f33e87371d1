/** Real time a test waits for what must come true before it says that it never will; only a machine that is overloaded comes near it. */
export const patienceMs = 60_000;
