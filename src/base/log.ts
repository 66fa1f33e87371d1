import { isatty } from 'node:tty';
import pino, { type Logger } from 'pino';
import type { LogFormat } from './config.ts';
import { textLine } from './log-text.ts';

export type { Logger };

/** Fields that could carry a secret into the log by accident. No code logs them on purpose. */
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

/** The parts of an error that are logged. pg attaches its whole client to some errors, with SQL and secrets; `detail` can contain row values. */
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

/** Lines are buffered up to this many bytes or half a second, whichever comes first: a write per line costs more than the line. */
const bufferBytes = 16_384;
const flushMs = 500;

/**
 * Creates the log, which writes lines to stdout. Buffered lines are written when the process exits in any way but `kill -9`.
 * @param format undefined: text on a terminal, JSON for programs.
 */
export function createLog(level: string, format: LogFormat = isatty(1) ? 'text' : 'json'): Logger {
  const destination = pino.destination({ fd: 1, sync: true });
  // The reader of the log has exited. The process continues and drops the lines.
  let unread = false;
  let failed = false;
  destination.on('error', (error: NodeJS.ErrnoException) => {
    failed = true;
    unread ||= error.code === 'EPIPE';
  });
  // Buffered here, because with a `minLength` pino's destination copies the whole buffer at every line: 8 KB per delivery.
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
    // It would retry forever if nothing can be written.
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
