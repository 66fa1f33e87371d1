/** A terminal and npm both pass on one Ctrl-C; only what comes later than this is a second one. */
const sameKeyPressMs = 500;

/**
 * Aborts when this process is asked to end: SIGTERM, SIGINT, SIGHUP, or the end of a parent that talks to it over IPC.
 * A second SIGINT ends it at once, whatever is under way.
 * @param output for a command that prints until it is stopped: nobody reads this any more.
 */
export function stopSignal(output?: NodeJS.WriteStream): AbortSignal {
  const controller = new AbortController();
  let interruptedAt: number | undefined;
  const stop = (): void => controller.abort();
  process.on('SIGTERM', stop);
  process.on('SIGHUP', stop);
  process.on('SIGINT', () => {
    const now = performance.now();
    if (interruptedAt !== undefined && now - interruptedAt > sameKeyPressMs) process.exit(130);
    interruptedAt ??= now;
    stop();
  });
  process.on('disconnect', stop);
  output?.once('error', stop);
  // Listening for its end must not keep a process alive that has nothing left to do.
  process.channel?.unref();
  return controller.signal;
}
