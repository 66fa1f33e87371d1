import { readReport } from '../bounces/index.ts';
import type { Report } from '../bounces/index.ts';
import { parseMessage } from '../mime/index.ts';
import type { ParsedMessage } from '../mime/index.ts';
import { readReply } from '../replies/index.ts';
import type { Reading } from '../replies/index.ts';
import type { Found } from './incoming.ts';
import { senderOf } from './kind.ts';
import type { MessageSender } from './kind.ts';

/** A message that was read, before anything is known of it. */
export interface ReadMessage {
  readonly found: Found;
  readonly parsed: ParsedMessage;
  readonly sender: MessageSender;
  readonly report: Report;
  /** What it means if it is a reply. */
  readonly reading: Reading;
}

/** Reads a message. Whatever it is, the mailbox goes on. @returns why it was not read, as a sentence */
export async function readFound(found: Found): Promise<ReadMessage | string> {
  try {
    const parsed = await parseMessage(found.raw);
    if ('skipped' in parsed) return parsed.detail;
    const report = readReport(parsed);
    return { found, parsed, sender: senderOf(parsed), report, reading: readingOf(parsed, report, found.receivedAt) };
  } catch (error) {
    return `The message could not be read: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Messages that programs send about others, and that are no bounces and no complaints. */
const notices: ReadonlySet<string> = new Set(['read_receipt', 'aggregate_report']);

/**
 * Reads a message that may be a reply. What cannot be read, because it is encrypted or wrapped, is named in the reasons: a person has to look.
 * @param report what the message says as a report
 */
function readingOf(message: ParsedMessage, report: Report, receivedAt: Date): Reading {
  const reading = readReply(message, receivedAt);
  const isNotice = notices.has(report.because) || report.feedbackType !== undefined;
  const obstacle = reading.text === '' ? obstacleOf(message) : undefined;
  return {
    ...reading,
    ...(isNotice ? { classification: 'auto_reply', confidence: 1, automatic: true, return_date: null } : {}),
    reasons: [
      ...(isNotice ? [`report: ${report.because}`] : []),
      ...(obstacle === undefined ? [] : [`content: ${obstacle}`]),
      ...reading.reasons,
    ],
  };
}

/** Why a message has no text that can be read. */
function obstacleOf({ forMachines: { types }, attachments }: ParsedMessage): string {
  const has = (pattern: RegExp): boolean => types.some((type) => pattern.test(type));
  if (has(/^application\/(?:x-)?pkcs7-mime$/)) return 'encrypted or signed as a whole with S/MIME';
  if (has(/^application\/pgp-encrypted$/)) return 'encrypted with PGP';
  if (has(/ms-tnef$/) || attachments.some(({ filename = '' }) => /^winmail\.dat$/i.test(filename)))
    return 'wrapped by Outlook (TNEF)';
  return attachments.length > 0 ? 'only attachments' : 'empty';
}
