import { z } from 'zod';
import { ApiError } from '../../base/errors.ts';
import { own } from '../../base/own.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { CheckInput, CheckReport } from '../transport/check.ts';

/** One stage of the test of one protocol, as the API shows it. */
export const stageShape = z
  .object({
    protocol: z.enum(['smtp', 'imap']),
    stage: z.enum(['dns', 'tcp', 'tls', 'greeting', 'auth', 'capabilities', 'sender', 'folders']),
    ok: z.boolean(),
    code: z.string().optional().describe('What is wrong, for programs, such as `wrong_password`.'),
    message: z.string().describe('What happened and, after a failure, what to do.'),
    server_said: z.string().optional().describe("The server's own words."),
  })
  .meta({ id: 'MailboxCheckStage' });

export type CheckResult = Pick<CheckReport, 'ok' | 'stages' | 'warnings'>;

/** Tests the servers of a mailbox. Never rejects; ends within 30 s. */
export type LiveTest = (input: CheckInput, organization: OrganizationId) => Promise<CheckResult>;

/** The field that is most likely wrong when a stage fails. */
const fields: Readonly<Record<string, string>> = {
  'smtp dns': 'smtp.host',
  'smtp tcp': 'smtp.port',
  'smtp tls': 'smtp.security',
  'smtp greeting': 'smtp.port',
  'smtp capabilities': 'smtp.security',
  'smtp auth': 'smtp.password',
  'smtp sender': 'email',
  'imap dns': 'imap.host',
  'imap tcp': 'imap.port',
  'imap tls': 'imap.security',
  'imap greeting': 'imap.port',
  'imap capabilities': 'imap.security',
  'imap auth': 'imap.password',
  'imap folders': 'imap.username',
};

/** The error for a mailbox whose live test failed: nothing is stored. `details` also has all `stages`. */
export function failedTest({ stages }: Pick<CheckResult, 'stages'>): ApiError {
  const failed = stages.filter(({ ok }) => !ok);
  const details = Object.fromEntries(
    failed.map((stage) => [own(fields, `${stage.protocol} ${stage.stage}`) ?? stage.protocol, stage.message]),
  );
  return new ApiError(
    'validation_failed',
    `The mailbox was tested and not stored: ${Object.entries(details)
      .map(([field, reason]) => `${field}: ${reason}`)
      .join('; ')}`,
    { details, members: { stages } },
  );
}
