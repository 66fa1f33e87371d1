import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { readReport } from '../mail/bounces/index.ts';
import type { ReportedRecipient } from '../mail/bounces/index.ts';
import { parseMessage } from '../mail/mime/index.ts';
import { readReply } from '../mail/replies/index.ts';

/** Prints what each message is, and what it says; the exit code is 1 if one cannot be read. */
export async function mailExplainCommand(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const raw = await bytesOf(file);
    if (raw instanceof Error) {
      process.stderr.write(`${file}: ${raw.message}\n`);
      process.exitCode = 1;
    } else if (!process.stdout.write(`${JSON.stringify({ file, ...(await explain(raw)) })}\n`) && !(await drained()))
      return;
  }
}

/** Waits until more may be written. @returns false if the reader has read enough, as `head` does */
async function drained(): Promise<boolean> {
  try {
    await once(process.stdout, 'drain');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EPIPE') return false;
    throw error;
  }
}

async function bytesOf(file: string): Promise<Buffer | Error> {
  try {
    return file === '-' ? await buffer(process.stdin) : readFileSync(file);
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function explain(raw: Buffer) {
  const message = await parseMessage(raw);
  if ('skipped' in message) return { kind: 'not_a_bounce', recipients: [], skipped: message.skipped };
  const report = readReport(message);
  const recipients = report.recipients.map(recipientOf);
  if (report.kind !== 'reply' && report.kind !== 'auto_reply') return { kind: report.kind, recipients };
  const { text, classification, confidence, reasons, automatic, return_date } = readReply(message, new Date());
  // What a machine wrote may be known by its words alone.
  const kind = automatic ? 'auto_reply' : report.kind;
  const from = message.from?.address;
  if (automatic && recipients.length === 0 && from !== undefined)
    recipients.push({ address: from, verdict: null, reason: 'vacation', status: '', action: '' });
  return { kind, recipients, reply: { text, classification, confidence, reasons, return_date } };
}

/** The verdicts of the command are fewer: refusals of the message or its sender are blocks, and a limit is a matter of time. */
const recipientOf = ({ address, verdict, reason, status, action }: ReportedRecipient) => ({
  address,
  verdict: verdict === 'auth' || verdict === 'policy' ? 'block' : verdict === 'limit' ? 'soft' : verdict,
  reason,
  status,
  action,
});
