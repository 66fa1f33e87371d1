import { z } from 'zod';
import type { OrganizationClocks } from '../../auth/index.ts';
import { dayMs } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import { cursorBody, cursorListQuery, listingOf } from '../../http/listing.ts';
import { cursorPageOf, dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import { actionKinds } from './actions.ts';
import { actedOn, actionsOfLetters, placementsOf } from './queries.ts';
import type { DoneRow, PlacementRow } from './queries.ts';

export interface RoutesOptions {
  readonly db: Database;
  readonly clocks: OrganizationClocks;
  readonly mailboxes: Pick<Mailboxes, 'get'>;
}

const count = z.int().min(0);
const time = z.iso.datetime();
const places = { inbox: count, spam: count, other: count, missing: count, open: count };

const placementShape = z
  .object({
    mailbox_id: z.uuid(),
    since: time,
    providers: z.array(
      z.object({
        provider: z
          .string()
          .describe('Whose mail the receivers are, such as `google`; of captured mailboxes their domain.'),
        seeds: z.boolean().describe('Measured by seed mailboxes.'),
        ...places,
        inbox_rate: z.number().nullable().describe('inbox / (inbox + spam).'),
      }),
    ),
  })
  .meta({ id: 'MailboxPlacement' });

const id = '0199c9f3-4c18-7a9b-8d27-5e0b6c3f8a30';
const placementExample: z.input<typeof placementShape> = {
  mailbox_id: id,
  since: '2026-01-05T09:00:00.000Z',
  providers: [
    { provider: 'google', seeds: true, inbox: 19, spam: 1, other: 0, missing: 0, open: 2, inbox_rate: 0.95 },
    { provider: 'microsoft', seeds: true, inbox: 8, spam: 2, other: 0, missing: 1, open: 0, inbox_rate: 0.8 },
  ],
};

const placementOnWire = ({
  inbox,
  spam,
  ...row
}: PlacementRow): z.input<typeof placementShape>['providers'][number] => ({
  ...row,
  inbox,
  spam,
  inbox_rate: inbox + spam === 0 ? null : inbox / (inbox + spam),
});

const messageShape = z
  .object({
    id: z.uuid().describe('Of the warm-up message that the mailbox received.'),
    actions: z.array(
      z.object({
        action: z.enum(actionKinds),
        state: z.enum(['waiting', 'done']),
        outcome: z
          .string()
          .nullable()
          .describe(
            '`done`; `present`: it was so before; `gone`: the owner has moved or deleted the message, which is left alone; `sent`: of a reply; `simulated`: in the capture box; `unreachable`, `failed`, `mailbox_deleted`.',
          ),
        at: time
          .nullable()
          .describe('When it was done, or is due; null: a reply that the limits of the mailbox hold back.'),
      }),
    ),
  })
  .meta({ id: 'WarmupMessage' });

const messageExample: z.input<typeof messageShape> = {
  id,
  actions: [
    { action: 'move', state: 'done', outcome: 'done', at: '2026-01-05T10:12:00.000Z' },
    { action: 'read', state: 'done', outcome: 'done', at: '2026-01-05T10:31:00.000Z' },
    { action: 'file', state: 'waiting', outcome: null, at: '2026-01-05T11:20:00.000Z' },
  ],
};

const isAction = (kind: string): kind is (typeof actionKinds)[number] =>
  (actionKinds as readonly string[]).includes(kind);

/** @param aheadMs of the organization's clock: what is due has real times, what was done those of the clock */
const messageOnWire = (id: string, rows: readonly DoneRow[], aheadMs: number): z.input<typeof messageShape> => ({
  id,
  actions: rows
    .flatMap(({ kind, done_at: done, due_at: due, outcome }) => {
      if (!isAction(kind)) return [];
      const at = done ?? (due === null ? null : new Date(due.getTime() + aheadMs));
      const state = done === null ? ('waiting' as const) : ('done' as const);
      return [{ action: kind, state, outcome, at: at?.toISOString() ?? null }];
    })
    .sort((a, b) => actionKinds.indexOf(a.action) - actionKinds.indexOf(b.action)),
});

const common = { tag: 'Mailboxes', boundKeys: 'own', method: 'GET', scope: 'mailboxes:read' } as const;
const params = z.object({ id: z.uuid() });
const noSuchMailbox = { 404: { description: 'No such mailbox.' } } as const;

/** Where messages of a mailbox arrived, and what was done in it. */
export function exchangeRoutes({ db, clocks, mailboxes }: RoutesOptions): readonly Route[] {
  return [
    route({
      ...common,
      path: '/v1/mailboxes/:id/placement',
      summary: 'Show where messages of a mailbox arrive',
      description:
        'Of the warm-up messages that it sent: in the inbox, in spam, in another folder, or nowhere within a day, by the provider of their receivers. Mailboxes of the role `seed` receive only, so that what they receive is not influenced.',
      operationId: 'getMailboxPlacement',
      params,
      query: z.strictObject({ days: z.coerce.number().int().min(1).max(90).default(30) }),
      answers: {
        200: { description: 'The placement.', schema: dataOf(placementShape), example: { data: placementExample } },
        ...noSuchMailbox,
      },
      async handle({ params: { id: mailboxId }, query: { days } }, principal) {
        const mailbox = await mailboxes.get(principal, mailboxId as MailboxId);
        const since = new Date((await clocks.nowOf(db, mailbox.organization_id)) - days * dayMs);
        const rows = await placementsOf(db, mailbox.id, since);
        return {
          status: 200,
          body: {
            data: { mailbox_id: mailbox.id, since: since.toISOString(), providers: rows.map(placementOnWire) },
          },
        };
      },
    }),
    route({
      ...common,
      path: '/v1/mailboxes/:id/warmup/messages',
      summary: 'List what was done with warm-up messages in a mailbox',
      description:
        'The messages that the mailbox received, newest first, and what Outrider does with each: it moves them out of spam, reads, flags, answers and files them. Other messages are never touched.',
      operationId: 'listWarmupMessages',
      params,
      query: cursorListQuery,
      answers: {
        200: {
          description: 'The messages, newest first.',
          schema: cursorPageOf(messageShape),
          example: { data: [messageExample], next_cursor: null },
        },
        ...noSuchMailbox,
      },
      async handle({ params: { id: mailboxId }, query }, principal) {
        const mailbox = await mailboxes.get(principal, mailboxId as MailboxId);
        const page = listingOf(`/v1/mailboxes/${mailbox.id}/warmup/messages`, query);
        const rows = (await actedOn(db, mailbox.id, page)).map((row) => ({ ...row, created_at: row.updated_at }));
        const letters = rows.map((row) => row.id);
        const actions = Map.groupBy(await actionsOfLetters(db, mailbox.id, letters), (row) => row.letter_id);
        const ahead = await clocks.aheadOf(db, [mailbox.organization_id]);
        const aheadMs = ahead.get(mailbox.organization_id) ?? 0;
        return {
          status: 200,
          body: cursorBody(page, rows, (row) => messageOnWire(row.id, actions.get(row.id) ?? [], aheadMs)),
        };
      },
    }),
  ];
}
