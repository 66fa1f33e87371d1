import type { ParsedMessage } from '../mime/index.ts';
import { readStatus } from './delivery-status.ts';
import type { Status } from './delivery-status.ts';
import type { Command, Reason } from './types.ts';

/** A message as the formats see it. */
export interface Notice {
  readonly message: ParsedMessage;
  /** Of its text; at most 3,000. */
  readonly lines: readonly string[];
  readonly from: string;
  readonly subject: string;
  /** A server sent it, by its headers: persons do not write from these addresses, or with these fields. */
  readonly isFromServer: boolean;
  /** Its fields of RFC 3464; undefined if it has none. */
  readonly status: Status | undefined;
  /** The first line that matches, of the first 200; -1 if none does. */
  firstLine(pattern: RegExp): number;
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

const openingLinesMax = 200;

export function noticeOf(message: ParsedMessage): Notice {
  const header = (name: string): string => message.headers.get(name)?.[0] ?? '';
  const from = `${message.from?.name ?? ''} <${message.from?.address ?? ''}>`;
  const lines = message.text.split('\n', linesMax);
  const openings = lines.slice(0, openingLinesMax);
  return {
    message,
    lines,
    from,
    subject: message.subject,
    isFromServer: isFromServer(message, from),
    status: message.forMachines.deliveryStatus === '' ? undefined : readStatus(message.forMachines.deliveryStatus),
    firstLine: (pattern) => openings.findIndex((line) => pattern.test(line)),
    header,
  };
}

const isFromServer = ({ headers, forMachines }: ParsedMessage, from: string): boolean =>
  forMachines.deliveryStatus !== '' ||
  headers.has('x-failed-recipients') ||
  /mailer-?daemon|postmaster|mail[ ._-]?deliver|mail system|mail administrator|delivery (?:sub)?system|mdaemon|courier mail server|^ <>$/i.test(
    from,
  ) ||
  /^\s*<?\s*(?:mailer-daemon)?\s*>?\s*$/i.test(headers.get('return-path')?.[0] ?? 'none') ||
  /^auto-(?:replied|generated)/i.test(headers.get('auto-submitted')?.[0] ?? '');
