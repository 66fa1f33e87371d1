/** A body of up to this size is handled as soon as it has arrived: it takes a millisecond or two. */
const smallBytes = 32 * 1024;

/** Schedules the work on request bodies: a large one may block the event loop for several milliseconds. */
export interface LargeBodies {
  /** Runs the work immediately if the body is small, otherwise in the owner's turn. */
  run(owner: string, bytes: number, work: () => void): void;
}

/**
 * Handles one large body per turn of the event loop, alternating between organizations. Other events are handled in between, so many
 * large requests of one organization delay another's request by one body, not by all of them.
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
