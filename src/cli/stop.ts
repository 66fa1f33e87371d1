/** A terminal and npm both forward the same Ctrl-C; only a signal after this time counts as a second one. */
const sameKeyPressMs = 500;

/**
 * Aborts when this process should stop: on SIGTERM, SIGINT, SIGHUP, or when the parent closes the IPC channel.
 * A second SIGINT exits immediately.
 * @param output for a command that prints until it is stopped: also abort when this stream is closed
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
  // The listener must not keep the process alive.
  process.channel?.unref();
  return controller.signal;
}
