/** Admits so many at a time under one key; the others wait in the order in which they came. */
export interface Gate {
  /**
   * Waits for admission.
   * @returns the function that makes room for the next one
   * @throws the signal's reason if it aborts first
   */
  enter(key: string, signal: AbortSignal): Promise<() => void>;
}

interface Queue {
  inside: number;
  readonly waiting: (() => void)[];
}

/**
 * Keeps a restart from opening the connections of hundreds of mailboxes to one provider at once, which trips its limits.
 * @param max how many are admitted at a time under one key
 * @example
 * const leave = await gate.enter('imap.example.com', signal);
 * try { await connect(); } finally { leave(); }
 */
export function createGate(max: number): Gate {
  const queues = new Map<string, Queue>();
  return {
    async enter(key, signal) {
      signal.throwIfAborted();
      const queue = queues.get(key) ?? { inside: 0, waiting: [] };
      queues.set(key, queue);
      const leave = (): void => {
        const next = queue.waiting.shift();
        if (next !== undefined) return next();
        queue.inside -= 1;
        if (queue.inside === 0) queues.delete(key);
      };
      if (queue.inside < max) queue.inside += 1;
      else {
        const admitted = Promise.withResolvers<void>();
        const abort = (): void => {
          queue.waiting.splice(queue.waiting.indexOf(admitted.resolve), 1);
          admitted.reject(signal.reason);
        };
        queue.waiting.push(admitted.resolve);
        signal.addEventListener('abort', abort, { once: true });
        await admitted.promise;
        signal.removeEventListener('abort', abort);
      }
      return leave;
    },
  };
}
