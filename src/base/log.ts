import { isatty } from 'node:tty';
import pino, { type Logger } from 'pino';
import type { LogFormat } from './config.ts';
import { textLine } from './log-text.ts';

export type { Logger };

/** Fields that could carry a secret into a log by accident; the code logs none of them on purpose. */
export const redacted: readonly string[] = [
  'secret',
  'key',
  'authorization',
  'password',
  '*.secret',
  '*.key',
  '*.authorization',
  '*.password',
  'headers.authorization',
  'headers["x-api-key"]',
];

/** What is told of an error. pg hangs its whole client on some, with SQL and connection secrets; `detail` can hold values of rows. */
function shownError(error: unknown): unknown {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return {
    type: error.name,
    message: error.message,
    ...(code === undefined ? {} : { code }),
    stack: error.stack,
    ...(error.cause === undefined ? {} : { cause: shownError(error.cause) }),
  };
}

/** Lines wait for this many bytes or half a second, whichever is first: one write a line costs more than the line. */
const bufferBytes = 16_384;
const flushMs = 500;

/**
 * Lines on stdout. What is buffered is written when the process exits in any way but `kill -9`.
 * @param format undefined: text on a terminal, JSON for programs.
 */
export function createLog(level: string, format: LogFormat = isatty(1) ? 'text' : 'json'): Logger {
  const destination = pino.destination({ fd: 1, sync: true });
  // Whoever read the log is gone: the product goes on without it, and keeps no lines for it.
  let unread = false;
  let failed = false;
  destination.on('error', (error: NodeJS.ErrnoException) => {
    failed = true;
    unread ||= error.code === 'EPIPE';
  });
  // Gathered here: with a `minLength` the destination copies all that waits at every line, 8 KB for each delivery.
  let lines: string[] = [];
  let length = 0;
  const write = (): void => {
    const text = lines.join('');
    lines = [];
    length = 0;
    if (!unread && text !== '') destination.write(text);
  };
  setInterval(write, flushMs).unref();
  process.once('exit', () => {
    failed = false;
    write();
    // It tries for ever where nothing can be written.
    if (!failed) destination.flushSync();
  });
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: [...redacted], censor: '[redacted]' },
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: shownError },
    },
    {
      write(json: string) {
        const line = format === 'text' ? textLine(json) : json;
        lines.push(line);
        length += line.length;
        if (length >= bufferBytes) write();
      },
    },
  );
}
