import type { ImapFlow } from 'imapflow';
import type { OrganizationClocks } from '../../auth/index.ts';
import { dayOf, hourMs, minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import type { Bus } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { count } from '../health/index.ts';
import type { Receive } from '../receiving/index.ts';
import { rawContext } from '../sending/index.ts';
import { act, locate } from './on-server.ts';
import type { Result, Work } from './on-server.ts';
import { actionKinds } from './actions.ts';
import { endTasks, leaseTasks, lettersByIds, nextDueAt, postponeTasks, rawsOf, takeSimulated } from './queries.ts';
import type { Letter, Task, TaskEnd } from './queries.ts';
import type { PlacedLetter } from './receipts.ts';
import { folderOf } from './simulated.ts';

export interface WorkerOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly vault: Pick<Vault, 'open'>;
  readonly log: Pick<Logger, 'info'>;
  readonly place: (tx: Transaction, letters: readonly PlacedLetter[]) => Promise<void>;
  /** The door for received messages. */
  readonly receive: Receive;
  /** Works in a mailbox; undefined if that is not possible now. */
  readonly visit: <T>(mailboxId: string, work: (client: ImapFlow) => Promise<T>) => Promise<T | undefined>;
  /** Lets mailboxes ask for what they may send. */
  readonly wake: (tx: Transaction, mailboxIds: readonly MailboxId[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Simulated tasks in one transaction; and tasks of one mailbox over one connection. */
const batch = 20;
/** Mailboxes that are visited at a time. */
const visitsMax = 8;
/** Longer than a visit may take. */
const leaseMs = 5 * minuteMs;
/** A mailbox that cannot be visited is visited later, and given up after two days. */
const waitsMs = [10 * minuteMs, hourMs, 6 * hourMs, 12 * hourMs, 12 * hourMs, 12 * hourMs];

/**
 * Does what is due with letters that were received. On a server, tasks are leased: a process may die between an action and its record, and
 * the next one finds by the Message-ID that it was done. Simulated ones are done in the transaction that takes them.
 */
export function createExchangeWorker(options: WorkerOptions): JobRunner {
  const { db, bus, clock, onError } = options;
  return createJobRunner({
    bus,
    clock,
    chunk: async (nowMs) => (await simulate(options, nowMs)) || (await visitAll(options, nowMs)),
    nextDue: async () => (await nextDueAt(db, null))?.getTime(),
    onError,
  });
}

const byKind = (tasks: readonly Task[], kind: Task['kind']): Task[] => tasks.filter((task) => task.kind === kind);
const endOf = ({ letter_id, kind }: Pick<Task, 'letter_id' | 'kind'>, outcome: string, atMs: number): TaskEnd => ({
  letter_id,
  kind,
  outcome,
  at: new Date(atMs),
});

/** Captured letters arrive, and what their receivers do is recorded. */
async function simulate(options: WorkerOptions, nowMs: number): Promise<boolean> {
  const { db, clocks } = options;
  return db.transaction(async (tx) => {
    const taken = await takeSimulated(tx, new Date(nowMs), batch);
    if (taken.length === 0) return false;
    // The limits of mailboxes are locked before letters, so replies have a transaction of their own.
    const replies = byKind(taken, 'reply');
    const tasks = replies.length > 0 ? replies : taken;
    const organizations = tasks.map((task) => task.organization_id);
    const ahead = await clocks.aheadOf(tx, organizations);
    const atOf = (task: Task): number => nowMs + (ahead.get(task.organization_id) ?? 0);
    const letters = new Map(
      (
        await lettersByIds(
          tx,
          tasks.map((task) => task.letter_id),
        )
      ).map((row) => [row.message_id, row]),
    );
    await handOver(options, tx, replies);
    for (const task of byKind(tasks, 'deliver')) await deliver(options, tx, task, letters, atOf(task));
    await look(options, tx, byKind(tasks, 'look'), letters);
    const acted = tasks.filter(({ kind }) => kind !== 'reply');
    await finish(
      tx,
      acted.map((task) => endOf(task, 'simulated', atOf(task))),
      acted,
    );
    await clocks.progressed(tx, organizations);
    return true;
  });
}

/** A reply is sent by its mailbox, when the pacer allows it. */
async function handOver({ wake }: WorkerOptions, tx: Transaction, replies: readonly Task[]): Promise<void> {
  if (replies.length === 0) return;
  await wake(tx, [...new Set(replies.map((task) => task.mailbox_id))].sort());
  await postponeTasks(tx, replies, null);
}

async function deliver(
  { vault, receive }: WorkerOptions,
  tx: Transaction,
  task: Task,
  letters: ReadonlyMap<string, Letter>,
  atMs: number,
): Promise<void> {
  const letter = letters.get(task.letter_id);
  const [row] = letter === undefined ? [] : await rawsOf(tx, [task.letter_id]);
  if (letter === undefined || row === undefined) return;
  const folder = folderOf(row.from_address, row.to_address, letter.number);
  if (folder === undefined) return;
  await receive({
    organizationId: letter.receiver_organization_id,
    mailboxId: letter.receiver_id,
    raw: await vault.open(tx, row.organization_id, row.raw, rawContext),
    receivedAt: new Date(atMs),
    folder,
  });
}

/** Letters that were not found within a day are missing. */
async function look(
  { place }: WorkerOptions,
  tx: Transaction,
  tasks: readonly Task[],
  letters: ReadonlyMap<string, Letter>,
): Promise<void> {
  const open = tasks.flatMap(({ letter_id: id }) => (isOpen(letters.get(id)) ? [id] : []));
  await place(
    tx,
    open.map((letterId) => ({ letterId, placement: 'missing', header: null })),
  );
}

const isOpen = (letter: Letter | undefined): boolean => letter?.placement === null && !letter.failed;

/** Records what was done, once. */
async function finish(tx: Transaction, ends: readonly TaskEnd[], tasks: readonly Task[]): Promise<void> {
  if (ends.length === 0) return;
  const recorded = await endTasks(tx, ends);
  const rescued = recorded.flatMap(({ letter_id: id, kind }) => {
    const end = ends.find((one) => one.letter_id === id && one.kind === kind);
    const task = tasks.find((one) => one.letter_id === id && one.kind === kind);
    return kind === 'move' && end !== undefined && task !== undefined && end.outcome !== 'gone' ? [{ end, task }] : [];
  });
  count(
    tx,
    rescued.map(({ end, task }) => ({
      mailboxId: task.mailbox_id,
      organizationId: task.organization_id,
      day: dayOf(end.at.getTime()),
      rescued: 1,
    })),
  );
}

/** Does what is due in some mailboxes. */
async function visitAll(options: WorkerOptions, nowMs: number): Promise<boolean> {
  const leased: Task[][] = [];
  while (leased.length < visitsMax) {
    const tasks = await leaseTasks(options.db, new Date(nowMs), new Date(nowMs + leaseMs), batch);
    if (tasks.length === 0) break;
    leased.push(tasks);
  }
  await Promise.all(leased.map((tasks) => visitOne(options, tasks).catch(options.onError)));
  return leased.length > 0;
}

/** Does what is due in one mailbox. */
async function visitOne(options: WorkerOptions, tasks: readonly Task[]): Promise<void> {
  const { db } = options;
  const [first] = tasks;
  if (first === undefined) return;
  const replies = byKind(tasks, 'reply');
  if (replies.length > 0) await db.transaction((tx) => handOver(options, tx, replies));
  const others = tasks.filter(({ kind }) => kind !== 'reply');
  if (others.length === 0) return;
  const letters = new Map(
    (
      await lettersByIds(
        db,
        others.map((task) => task.letter_id),
      )
    ).map((row) => [row.message_id, row]),
  );
  const actions = others.filter((task) => task.kind !== 'look' && letters.has(task.letter_id));
  const looks = byKind(others, 'look').filter((task) => isOpen(letters.get(task.letter_id)));
  const open = looks.flatMap((task) => letters.get(task.letter_id) ?? []);
  const seen =
    actions.length + open.length === 0
      ? nothing
      : await options.visit(first.mailbox_id, async (client) => ({
          placed: open.length === 0 ? new Map<string, never>() : await locate(client, open.flatMap(headersOf)),
          results: actions.length === 0 ? [] : await act(client, workOf(actions, letters)),
        }));
  await db.transaction((tx) => record(options, tx, { tasks: others, looks: open, letters, seen }));
}

const nothing: Seen = { placed: new Map(), results: [] };
const headersOf = (letter: Letter): string[] => [letter.header, letter.delivered_header].filter((id) => id !== null);

interface Seen {
  readonly placed: ReadonlyMap<string, PlacedLetter['placement']>;
  readonly results: readonly Result[];
}

function workOf(tasks: readonly Task[], letters: ReadonlyMap<string, Letter>): Work[] {
  const order = (kind: Task['kind']): number => (actionKinds as readonly string[]).indexOf(kind);
  return [...Map.groupBy(tasks, (task) => task.letter_id)].flatMap(([letterId, own]) => {
    const letter = letters.get(letterId);
    if (letter === undefined) return [];
    const kinds = own.map(({ kind }) => kind).toSorted((a, b) => order(a) - order(b));
    return [{ letterId, header: letter.delivered_header ?? letter.header, kinds }];
  });
}

async function record(
  { clock, clocks, log, place }: WorkerOptions,
  tx: Transaction,
  {
    tasks,
    looks,
    letters,
    seen,
  }: {
    readonly tasks: readonly Task[];
    readonly looks: readonly Letter[];
    readonly letters: ReadonlyMap<string, Letter>;
    readonly seen: Seen | undefined;
  },
): Promise<void> {
  const [first] = tasks;
  if (first === undefined) return;
  const atMs = await clocks.nowOf(tx, first.organization_id);
  const ends: TaskEnd[] = [];
  const later: Task[] = [];
  for (const task of tasks) {
    const letter = letters.get(task.letter_id);
    const result = seen?.results.find(({ letterId, kind }) => letterId === task.letter_id && kind === task.kind);
    if (letter === undefined) ends.push(endOf(task, 'gone', atMs));
    else if (task.kind === 'look' && !isOpen(letter)) ends.push(endOf(task, letter.failed ? 'failed' : 'found', atMs));
    else if (task.kind === 'look' && seen !== undefined) ends.push(endOf(task, 'looked', atMs));
    else if (result !== undefined) ends.push(endOf(task, result.outcome, atMs));
    else if (task.tries > waitsMs.length) ends.push(endOf(task, 'unreachable', atMs));
    else later.push(task);
  }
  if (seen !== undefined)
    await place(
      tx,
      looks.map((letter) => {
        const header = headersOf(letter).find((id) => seen.placed.has(id));
        const placement = header === undefined ? undefined : seen.placed.get(header);
        return { letterId: letter.message_id, placement: placement ?? 'missing', header: header ?? null };
      }),
    );
  await finish(tx, ends, tasks);
  for (const [tries, own] of Map.groupBy(later, (task) => task.tries))
    await postponeTasks(tx, own, new Date(clock.now() + (waitsMs[tries - 1] ?? hourMs)));
  tx.afterCommit(() => {
    for (const { letter_id: messageId, kind, outcome } of ends)
      log.info(
        { mailbox_id: first.mailbox_id, message_id: messageId, action: kind, outcome },
        'an action on a warm-up message',
      );
  });
}
