import type { ParsedMessage } from '../mime/index.ts';
import type { Command, Reason } from './types.ts';

/** A message as the formats see it. */
export interface Notice {
  readonly message: ParsedMessage;
  /** Of its text; at most 3,000. */
  readonly lines: readonly string[];
  readonly from: string;
  readonly subject: string;
  header(name: string): string;
}

/** What a format finds about one recipient. */
export interface Found {
  readonly address: string;
  readonly others?: readonly string[];
  /** What was said, on one line. */
  readonly text: string;
  readonly action?: 'failed' | 'delayed';
  readonly command?: Command | undefined;
  readonly status?: string | undefined;
  readonly host?: string | undefined;
  readonly reason?: Reason;
  /** The text may go on where the message ends. */
  readonly isLast?: boolean;
}

/** How one family of servers writes its reports for people. */
export interface Format {
  readonly name: string;
  /** Whether the report is of this family. It must not match what a person wrote. */
  readonly matches: (notice: Notice) => boolean;
  readonly read: (notice: Notice) => readonly Found[];
}

const linesMax = 3_000;

export function noticeOf(message: ParsedMessage): Notice {
  const header = (name: string): string => message.headers.get(name)?.[0] ?? '';
  return {
    message,
    lines: message.text.split('\n', linesMax),
    from: `${message.from?.name ?? ''} <${message.from?.address ?? ''}>`,
    subject: message.subject,
    header,
  };
}

/** A server sent it, by its headers: persons do not write from these addresses, or with these fields. */
export function isFromDaemon({ message, from, header }: Notice): boolean {
  return (
    /mailer-?daemon|postmaster|mail[ ._-]?deliver|mail system|mail administrator|delivery (?:sub)?system|mdaemon|^ <>$/i.test(
      from,
    ) ||
    /^\s*<?\s*(?:mailer-daemon)?\s*>?\s*$/i.test(message.headers.get('return-path')?.[0] ?? 'none') ||
    message.headers.has('x-failed-recipients') ||
    /^auto-(?:replied|generated)/i.test(header('auto-submitted')) ||
    message.forMachines.deliveryStatus !== ''
  );
}
