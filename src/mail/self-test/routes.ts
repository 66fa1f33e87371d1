import { z } from 'zod';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import type { Reach } from '../mailboxes/index.ts';
import type { SelfTestRow } from './queries.ts';
import { progressOf } from './self-tests.ts';
import type { SelfTests } from './self-tests.ts';

const result = z.string().nullable();

const selfTestShape = z.object({
  id: z.uuid().describe('The id of the message.'),
  mailbox_id: z.uuid(),
  status: z
    .enum(['sending', 'searching', 'done', 'not_found', 'failed'])
    .describe('`searching`: sent, and not found in the mailbox yet; after a day `not_found`.'),
  error: z.string().nullable().describe('Why the message was not sent.'),
  folder: z.string().nullable().describe('Where the copy was found: `inbox` or `junk`.'),
  authentication: z
    .object({ spf: result, dkim: result, dmarc: result })
    .nullable()
    .describe(
      'What the receiving server recorded in Authentication-Results, such as `pass`; null if it recorded nothing.',
    ),
  signatures: z
    .array(
      z.object({
        domain: z.string(),
        selector: z.string(),
        aligned: z.boolean().describe('DMARC accepts it for the domain of the mailbox.'),
        covers_list_unsubscribe: z.boolean().describe('One-click unsubscription (RFC 8058) is protected by it.'),
      }),
    )
    .nullable()
    .describe('DKIM signatures of the copy.'),
  message_id: z
    .object({ sent: z.string(), received: z.string().nullable(), rewritten: z.boolean() })
    .nullable()
    .describe('Whether a server replaced the Message-ID.'),
  filed_in_sent: z
    .boolean()
    .nullable()
    .describe('Whether the provider filed a copy in Sent by itself; null while that is not known.'),
  found_at: z.iso.datetime().nullable(),
  created_at: z.iso.datetime(),
});

const example: z.input<typeof selfTestShape> = {
  id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f525',
  mailbox_id: '0199c9f2-0a44-7e55-b0c3-91d2e7a6f501',
  status: 'done',
  error: null,
  folder: 'inbox',
  authentication: { spf: 'pass', dkim: 'pass', dmarc: 'pass' },
  signatures: [{ domain: 'hopper.example', selector: 's1', aligned: true, covers_list_unsubscribe: true }],
  message_id: {
    sent: '<agm4t4qkir7flmgdshjophwves@hopper.example>',
    received: '<agm4t4qkir7flmgdshjophwves@hopper.example>',
    rewritten: false,
  },
  filed_in_sent: true,
  found_at: '2026-01-05T09:00:12.000Z',
  created_at: '2026-01-05T09:00:00.000Z',
};

const onWire = (row: SelfTestRow, nowMs: number): z.output<typeof selfTestShape> => ({
  id: row.message_id,
  mailbox_id: row.mailbox_id,
  status: progressOf(row, nowMs),
  error: row.error,
  folder: row.result?.folder ?? null,
  authentication: row.result?.authentication ?? null,
  signatures: row.result === null ? null : [...row.result.signatures],
  message_id: row.result?.message_id ?? null,
  filed_in_sent: row.filed,
  found_at: row.found_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
});

const reachOf = ({ organizationId, workspaceId }: Principal): Reach => ({ organizationId, workspaceId });

export function selfTestRoutes(selfTests: SelfTests, clock: Pick<Clock, 'now'>): readonly Route[] {
  const common = { path: '/v1/mailboxes/:id/self-test', tag: 'Mailboxes', boundKeys: 'own' } as const;
  const params = z.object({ id: z.uuid() });
  const schema = dataOf(selfTestShape);
  return [
    route({
      ...common,
      method: 'POST',
      creates: true,
      summary: 'Send a message from a mailbox to itself',
      description:
        'It takes the way of every message and is found by reading the mailbox. Its copy shows what the provider does: whether SPF, DKIM and DMARC pass, whether the signature is aligned and protects List-Unsubscribe, whether the Message-ID was replaced, and whether the provider files a copy in Sent. Counts against the daily limit. A self-test that was begun less than 10 minutes ago and not found yet is returned instead of a second one.',
      scope: 'mailboxes:write',
      operationId: 'sendSelfTest',
      params,
      answers: {
        202: {
          description: 'The self-test. Read it with GET until its status is `done`.',
          schema,
          example: {
            data: {
              ...example,
              status: 'sending',
              folder: null,
              authentication: null,
              signatures: null,
              message_id: null,
              filed_in_sent: null,
              found_at: null,
            },
          },
        },
        404: { description: 'No such mailbox.' },
        409: { description: 'The mailbox is not read.' },
      },
      handle: async ({ params: { id } }, principal) => ({
        status: 202,
        body: {
          data: onWire(await selfTests.begin(reachOf(principal), id as MailboxId, principal.keyId), clock.now()),
        },
      }),
    }),
    route({
      ...common,
      method: 'GET',
      summary: 'Get the last self-test of a mailbox',
      scope: 'mailboxes:read',
      operationId: 'getSelfTest',
      params,
      answers: {
        200: {
          description: 'The last self-test; null if there was none.',
          schema: dataOf(selfTestShape.nullable()),
          example: { data: example },
        },
        404: { description: 'No such mailbox.' },
      },
      handle: async ({ params: { id } }, principal) => {
        const row = await selfTests.last(reachOf(principal), id as MailboxId);
        return { status: 200, body: { data: row === undefined ? null : onWire(row, clock.now()) } };
      },
    }),
  ];
}
