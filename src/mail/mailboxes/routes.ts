import { z } from 'zod';
import { ofWorkspace, within } from '../../auth/index.ts';
import type { MailboxId, WorkspaceId } from '../../base/ids.ts';
import { listAnswers, listBody, listingOf, listQuery } from '../../http/listing.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Answer, Principal, RecordTag, Route } from '../../http/route.ts';
import type { Operations } from './mailboxes.ts';
import { lockByIds } from './queries.ts';
import type { MailboxRow } from './queries.ts';
import {
  checkResult,
  mailboxChange,
  mailboxExample,
  mailboxOnWire,
  mailboxShape,
  newMailbox,
  noStanding,
  testError,
} from './schemas.ts';
import type { Standing } from './schemas.ts';

export interface MailboxRoutesOptions {
  readonly mailboxes: Operations;
  readonly sentToday: (rows: readonly MailboxRow[]) => Promise<ReadonlyMap<MailboxId, number>>;
  readonly standingOf: (rows: readonly MailboxRow[]) => Promise<ReadonlyMap<MailboxId, Standing>>;
}

const common = { tag: 'Mailboxes', boundKeys: 'own' } as const;
const params = z.object({ id: z.uuid() });
const idOf = ({ id }: { id: string }): MailboxId => id as MailboxId;

const bodyExample: z.input<typeof newMailbox> = {
  email: mailboxExample.email,
  display_name: mailboxExample.display_name,
  smtp: { host: 'smtp.hopper.example', port: 465, security: 'tls', username: 'grace@hopper.example', password: '…' },
  imap: { host: 'imap.hopper.example', port: 993, security: 'tls', username: 'grace@hopper.example', password: '…' },
  timezone: 'Europe/Berlin',
};
const noSuchMailbox = { 404: { description: 'No such mailbox.' } } as const;
const aMailbox = (description: string): Answer => ({
  description,
  schema: dataOf(mailboxShape),
  example: { data: mailboxExample },
});
const failedStages = [
  { protocol: 'smtp', stage: 'dns', ok: true, message: 'smtp.hopper.example has an address.' },
  {
    protocol: 'smtp',
    stage: 'auth',
    ok: false,
    code: 'wrong_password',
    message: 'The server refused the password. Check the user name and the password.',
    server_said: '535 5.7.8 Error: authentication failed',
  },
];
const aCheck: Answer = {
  description: 'What was tested. A failed stage is not an error of this call.',
  schema: dataOf(checkResult),
  example: {
    data: {
      ok: false,
      stages: failedStages,
      warnings: [],
    },
  },
};

const record: RecordTag = {
  lock: (tx, _principal, { id = '' }) => lockByIds(tx, [id as MailboxId]),
  unstable: ['sent_today', 'health'],
};

const invalidOrFailed: Answer = {
  description: 'A field is invalid, or a stage of the test failed: `details.stages` lists all stages.',
  schema: testError,
  example: {
    error: {
      code: 'validation_failed',
      message: `The mailbox was tested and not stored: smtp.password: ${failedStages[1]?.message ?? ''}`,
      details: { 'smtp.password': failedStages[1]?.message, stages: failedStages },
    },
  },
};

export function mailboxRoutes({ mailboxes, sentToday, standingOf }: MailboxRoutesOptions): readonly Route[] {
  const shown = async (rows: readonly MailboxRow[]) => {
    const [counts, standings] = await Promise.all([sentToday(rows), standingOf(rows)]);
    return rows.map((row) => mailboxOnWire(row, counts.get(row.id) ?? 0, standings.get(row.id) ?? noStanding));
  };
  const one = async (row: MailboxRow) => ({ data: (await shown([row]))[0] });
  return [
    route({
      ...common,
      method: 'POST',
      record,
      path: '/v1/mailboxes',
      creates: true,
      namesWorkspace: true,
      summary: 'Connect a mailbox',
      description:
        'Logs in to both servers first, which takes up to 30 s; nothing is stored when a stage fails. Emits `mailbox.connected`. A mailbox of a sandbox sends into the capture box, and its servers are not contacted.',
      scope: 'mailboxes:write',
      operationId: 'createMailbox',
      body: newMailbox,
      bodyExample,
      answers: {
        201: aMailbox('The mailbox.'),
        403: { description: 'The key is bound to another workspace.' },
        409: { description: 'The organization already has a mailbox with this address.' },
        422: invalidOrFailed,
      },
      handle: async ({ body }, principal) => ({
        status: 201,
        body: await one(
          await mailboxes.create(principal, { ...body, workspace_id: body.workspace_id as WorkspaceId | undefined }),
        ),
      }),
    }),
    route({
      ...common,
      method: 'POST',
      path: '/v1/mailboxes/check',
      namesWorkspace: true,
      summary: 'Test the settings of a mailbox without storing it',
      description: 'Takes the body of `POST /v1/mailboxes`, and up to 30 s.',
      scope: 'mailboxes:write',
      operationId: 'testMailboxSettings',
      body: newMailbox,
      bodyExample,
      answers: { 200: aCheck },
      handle: async ({ body }, principal) => ({
        status: 200,
        body: {
          data: await mailboxes.check(principal, {
            ...body,
            workspace_id: body.workspace_id as WorkspaceId | undefined,
          }),
        },
      }),
    }),
    route({
      ...common,
      method: 'GET',
      path: '/v1/mailboxes',
      summary: 'List mailboxes, newest first',
      description: 'A key that is bound to a workspace sees only the mailboxes of that workspace.',
      scope: 'mailboxes:read',
      operationId: 'listMailboxes',
      query: listQuery.extend(ofWorkspace),
      answers: listAnswers('A page of mailboxes.', mailboxShape, mailboxExample),
      handle: async ({ query }, principal) => {
        const slice = listingOf('/v1/mailboxes', query);
        const { rows, total } = await mailboxes.list(within(principal, query), slice);
        const records = new Map((await shown(rows)).map((mailbox) => [mailbox.id, mailbox]));
        return { status: 200, body: listBody(query, slice, rows, ({ id }) => records.get(id), { total }) };
      },
    }),
    route({
      ...common,
      method: 'GET',
      record,
      path: '/v1/mailboxes/:id',
      summary: 'Get a mailbox',
      scope: 'mailboxes:read',
      operationId: 'getMailbox',
      params,
      answers: { 200: aMailbox('The mailbox, without its credentials.'), ...noSuchMailbox },
      handle: async (request, principal) => ({
        status: 200,
        body: await one(await mailboxes.get(principal, idOf(request.params))),
      }),
    }),
    route({
      ...common,
      method: 'PATCH',
      record,
      path: '/v1/mailboxes/:id',
      summary: 'Change a mailbox',
      description:
        'Changes the given fields. If they include `smtp` or `imap`, both servers are tested again, and nothing changes when a stage fails.',
      scope: 'mailboxes:write',
      operationId: 'updateMailbox',
      params,
      body: mailboxChange,
      bodyExample: { daily_limit: 40, signature: 'Grace' },
      answers: {
        200: aMailbox('The changed mailbox.'),
        ...noSuchMailbox,
        409: { description: 'Another request changed the servers in the meantime.' },
        422: invalidOrFailed,
      },
      handle: async (request, principal) => ({
        status: 200,
        body: await one(await mailboxes.update(principal, idOf(request.params), request.body)),
      }),
    }),
    route({
      ...common,
      method: 'DELETE',
      record,
      path: '/v1/mailboxes/:id',
      summary: 'Disconnect a mailbox',
      description:
        'Deletes its credentials. Waiting messages fail with a reason; a message in flight is finished. Past messages remain available. Emits `mailbox.disconnected`.',
      scope: 'mailboxes:write',
      operationId: 'deleteMailbox',
      params,
      answers: { 204: { description: 'Deleted.' }, ...noSuchMailbox },
      handle: async (request, principal) => {
        await mailboxes.remove(principal, idOf(request.params));
        return { status: 204 };
      },
    }),
    ...actionRoutes(mailboxes, one),
  ];
}

/** Testing, pausing and resuming a mailbox. */
function actionRoutes(mailboxes: Operations, one: (row: MailboxRow) => Promise<object>): readonly Route[] {
  /** A call that changes the status. */
  const action = (
    name: 'pause' | 'resume',
    about: { readonly summary: string; readonly description: string },
    act: (principal: Principal, id: MailboxId) => Promise<MailboxRow>,
  ): Route =>
    route({
      ...common,
      method: 'POST',
      path: `/v1/mailboxes/:id/${name}`,
      ...about,
      scope: 'mailboxes:write',
      operationId: `${name}Mailbox`,
      params,
      answers: { 200: aMailbox('The mailbox.'), ...noSuchMailbox },
      handle: async (request, principal) => ({
        status: 200,
        body: await one(await act(principal, idOf(request.params))),
      }),
    });

  return [
    route({
      ...common,
      method: 'POST',
      path: '/v1/mailboxes/:id/check',
      summary: 'Test a mailbox',
      description:
        'Logs in to its servers with the stored credentials. If every stage passes, a mailbox that was not connected is connected again.',
      scope: 'mailboxes:write',
      operationId: 'checkMailbox',
      params,
      answers: { 200: aCheck, ...noSuchMailbox },
      handle: async (request, principal) => ({
        status: 200,
        body: { data: await mailboxes.checkStored(principal, idOf(request.params)) },
      }),
    }),
    action(
      'pause',
      { summary: 'Pause a mailbox', description: 'It sends nothing until it is resumed, and is still read.' },
      mailboxes.pause,
    ),
    action(
      'resume',
      { summary: 'Resume a paused mailbox', description: 'A mailbox that is not paused stays as it is.' },
      mailboxes.resume,
    ),
  ];
}
