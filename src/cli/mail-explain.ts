import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import { readReport } from '../mail/bounces/index.ts';
import type { ReportedRecipient } from '../mail/bounces/index.ts';
import { parseMessage } from '../mail/mime/index.ts';
import { readReply } from '../mail/replies/index.ts';

/** Prints what each message is, and what it says of its recipients; the exit code is 1 if one cannot be read. */
export async function mailExplainCommand(files: readonly string[]): Promise<void> {
  for (const file of files) {
    const raw = await bytesOf(file);
    if (raw instanceof Error) {
      process.stderr.write(`${file}: ${raw.message}\n`);
      process.exitCode = 1;
    } else if (!process.stdout.write(`${JSON.stringify({ file, ...(await explain(raw)) })}\n`))
      await once(process.stdout, 'drain');
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
  const { kind, because, recipients } = readReport(message);
  const report = { recipients: recipients.map(recipientOf) };
  if (kind !== 'reply' && kind !== 'auto_reply' && because !== 'person') return { kind, ...report };
  const { automatic, ...reply } = readReply(message, new Date());
  // A message that answers none is read as a reply only if a program sent it.
  if (kind === 'not_a_bounce' && !automatic) return { kind, ...report };
  return { kind: automatic ? 'auto_reply' : kind, ...report, reply };
}

/** The verdicts of the command are fewer: refusals of the message or its sender are blocks, and a limit is a matter of time. */
const recipientOf = ({ address, verdict, reason, status, action }: ReportedRecipient) => ({
  address,
  verdict: verdict === 'auth' || verdict === 'policy' ? 'block' : verdict === 'limit' ? 'soft' : verdict,
  reason,
  status,
  action,
});
