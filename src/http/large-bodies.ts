/** Bytes up to which a body is handled right when it has arrived: a millisecond or two. */
const smallBytes = 32 * 1024;

/** Work on request bodies, of which a large one may take the event loop for several milliseconds. */
export interface LargeBodies {
  /** Runs the work now if the body is small, otherwise in the owner's turn. */
  run(owner: string, bytes: number, work: () => void): void;
}

/**
 * One large body in each turn of the event loop, organizations alternating: whatever arrived in the meantime is handled between two of them, so
 * that many large requests of one organization delay another's request by one body, not by all.
 */
export function createLargeBodies(): LargeBodies {
  const waiting = new Map<string, (() => void)[]>();
  let scheduled = false;

  function next(): void {
    scheduled = false;
    const turn = waiting.entries().next().value;
    if (turn === undefined) return;
    const [owner, queue] = turn;
    const work = queue.shift();
    waiting.delete(owner);
    if (queue.length > 0) waiting.set(owner, queue);
    if (waiting.size > 0) schedule();
    work?.();
  }

  function schedule(): void {
    if (scheduled) return;
    scheduled = true;
    setImmediate(next);
  }

  return {
    run(owner, bytes, work) {
      if (bytes <= smallBytes) return work();
      const queue = waiting.get(owner) ?? [];
      queue.push(work);
      waiting.set(owner, queue);
      schedule();
    },
  };
}
