import type { FetchMessageObject, ImapFlow } from 'imapflow';
import { dayMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { rawBytesMax } from '../receiving/index.ts';
import type { Batch, Known } from '../receiving/index.ts';
import type { ReadRole } from './folders.ts';
import { headerNames, interestOf, readHeaders } from './interest.ts';
import type { Headers } from './interest.ts';
import type { FolderRow, ReadUpTo } from './queries.ts';

/** A mailbox that is read. */
export interface ReadMailbox {
  readonly id: string;
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | null;
  /** As addresses are compared. */
  readonly address: string;
}

export interface ScanOptions {
  readonly client: ImapFlow;
  readonly clock: Clock;
  readonly mailbox: ReadMailbox;
  /** What is known of the Message-IDs and senders of a batch of headers. */
  readonly known: (mailbox: ReadMailbox, headers: readonly Headers[]) => Promise<Known>;
  /** Which of these Message-IDs the mailbox has received and stored. */
  readonly stored: (mailbox: ReadMailbox, messageIds: readonly string[]) => Promise<ReadonlySet<string>>;
  /** Stores messages and what `alongside` writes in one transaction. */
  readonly receive: (batch: Batch) => Promise<unknown>;
  readonly savePosition: (tx: Transaction | undefined, folder: string, position: ReadUpTo) => Promise<unknown>;
  /** A message that is too long, or that the server did not return. */
  readonly onSkipped: (folder: string, uid: number, reason: string) => void;
}

/** Mail from before the first reading, in which only copies of sent messages, and replies and reports to them, count. */
const lookBackMs = 30 * dayMs;
/** After a change of UIDVALIDITY, mail this much older than the newest message is compared again: dates are the server's. */
const overlapMs = 2 * dayMs;
/** Messages whose headers are fetched by one command, and compared by one statement. */
const batchMax = 2_000;
/** Bodies fetched by one command; a longer message is fetched alone. */
const batchBytesMax = 16 * 1024 * 1024;

/** What is to be read of a folder. */
export type Plan =
  | { readonly kind: 'nothing' }
  /** Everything after a UID. */
  | { readonly kind: 'new'; readonly afterUid: number; readonly count: number | undefined }
  /** Messages stored since a time; afterwards the position is `lastUid`. */
  | { readonly kind: 'first' | 'reset'; readonly since: Date; readonly lastUid: number };

/**
 * Compares a folder's stored position with what SELECT returned.
 * @param uidNext undefined if the server does not say
 * @example
 * planOf({ uidvalidity: 7, last_uid: 41, last_internal_at: at }, 7, 43, now) // { kind: 'new', afterUid: 41, count: 1 }
 */
export function planOf(
  folder: Pick<FolderRow, 'uidvalidity' | 'last_uid' | 'last_internal_at'>,
  uidvalidity: number,
  uidNext: number | undefined,
  nowMs: number,
): Plan {
  const { last_uid: lastUid, last_internal_at: lastAt } = folder;
  const end = (uidNext ?? 1) - 1;
  if (folder.uidvalidity === null || lastUid === null)
    return { kind: 'first', since: new Date(nowMs - lookBackMs), lastUid: end };
  if (folder.uidvalidity !== uidvalidity)
    return { kind: 'reset', since: new Date((lastAt?.getTime() ?? nowMs - lookBackMs) - overlapMs), lastUid: end };
  if (uidNext === undefined) return { kind: 'new', afterUid: lastUid, count: undefined };
  return end <= lastUid ? { kind: 'nothing' } : { kind: 'new', afterUid: lastUid, count: end - lastUid };
}

/**
 * Reads what is new in a folder, in batches of bounded size, each committed with the position that covers it. The folder is opened
 * read-only: nothing is marked as read.
 * @returns the folder with its new position
 * @throws the error of the connection or of the server; what was committed stays
 */
export async function scan(options: ScanOptions, folder: FolderRow, role: ReadRole): Promise<FolderRow> {
  const { client, clock } = options;
  const box = await client.mailboxOpen(folder.path, { readOnly: true });
  const uidvalidity = Number(box.uidValidity);
  // Without it, UIDs mean nothing: RFC 3501 §6.3.1 treats such a folder as one without UIDs.
  if (!Number.isSafeInteger(uidvalidity)) throw new Error('The server returned no UIDVALIDITY.');
  const plan = planOf(folder, uidvalidity, box.uidNext > 0 ? box.uidNext : undefined, clock.now());
  if (plan.kind === 'nothing') return folder;
  const uids = await uidsOf(client, plan, box.exists);
  const reader = new FolderReader(options, folder, role, uidvalidity, plan.kind === 'first');
  await reader.read(uids);
  const lastUid = plan.kind === 'new' ? (uids.at(-1) ?? plan.afterUid) : Math.max(plan.lastUid, uids.at(-1) ?? 0);
  return reader.finish(
    plan.kind === 'new' && plan.count !== undefined ? Math.max(lastUid, plan.afterUid + plan.count) : lastUid,
  );
}

/** The UIDs to read, in ascending order. */
async function uidsOf(client: ImapFlow, plan: Exclude<Plan, { kind: 'nothing' }>, exists: number): Promise<number[]> {
  if (plan.kind === 'new' && plan.count === 1) return [plan.afterUid + 1];
  if (exists === 0) return [];
  const query = plan.kind === 'new' ? { uid: `${plan.afterUid + 1}:*` } : { since: plan.since };
  const found = await client.search(query, { uid: true });
  if (!Array.isArray(found)) throw new Error('The server refused SEARCH.');
  // `n:*` contains the last message even if its UID is smaller (RFC 9051 §9, "seq-range").
  return plan.kind === 'new' ? found.filter((uid) => uid > plan.afterUid) : found;
}

/** One header of a batch. */
interface Row {
  readonly uid: number;
  readonly size: number;
  /** When the server stored it, in Unix milliseconds. */
  readonly internalMs: number;
  readonly headers: Headers;
}

class FolderReader {
  readonly #options: ScanOptions;
  readonly #folder: FolderRow;
  readonly #role: ReadRole;
  readonly #uidvalidity: number;
  readonly #isFirst: boolean;
  #lastInternalAt: Date;
  #lastUid: number | null = null;

  constructor(options: ScanOptions, folder: FolderRow, role: ReadRole, uidvalidity: number, isFirst: boolean) {
    this.#options = options;
    this.#folder = folder;
    this.#role = role;
    this.#uidvalidity = uidvalidity;
    this.#isFirst = isFirst;
    this.#lastInternalAt = isFirst ? new Date(options.clock.now()) : (folder.last_internal_at ?? new Date(0));
  }

  async read(uids: readonly number[]): Promise<void> {
    let fetching: Promise<Row[]> | undefined;
    for (let start = 0; start < uids.length; start += batchMax) {
      const batch = uids.slice(start, start + batchMax);
      const rows = await (fetching ?? this.#headers(batch));
      const next = uids.slice(start + batchMax, start + 2 * batchMax);
      // The server prepares the next headers while these are compared.
      fetching = next.length === 0 ? undefined : this.#headers(next);
      fetching?.catch(() => {});
      await this.#process(rows, batch.at(-1) ?? 0);
    }
  }

  async finish(lastUid: number): Promise<FolderRow> {
    if (lastUid !== this.#lastUid || this.#isFirst)
      await this.#options.savePosition(undefined, this.#folder.id, this.#positionAt(lastUid));
    return {
      ...this.#folder,
      uidvalidity: this.#uidvalidity,
      last_uid: lastUid,
      last_internal_at: this.#lastInternalAt,
      failures: 0,
      retry_at: null,
    };
  }

  #positionAt(lastUid: number): ReadUpTo {
    return { uidvalidity: this.#uidvalidity, lastUid, lastInternalAt: this.#lastInternalAt };
  }

  async #headers(uids: readonly number[]): Promise<Row[]> {
    const { client, clock } = this.#options;
    const wanted = new Set(uids);
    const isSent = this.#role === 'sent';
    const query = { uid: true, size: !isSent, internalDate: true, headers: isSent ? ['Message-ID'] : headerNames };
    const rows: Row[] = [];
    // One by one, so that only what was read of a hostile block is kept.
    for await (const message of client.fetch(rangesOf(uids), query, { uid: true })) {
      if (!wanted.delete(message.uid)) continue;
      rows.push({
        uid: message.uid,
        size: message.size ?? 0,
        internalMs: internalMsOf(message, clock.now()),
        headers: readHeaders(message.headers ?? nothing),
      });
    }
    return rows.sort((a, b) => a.uid - b.uid);
  }

  async #process(rows: readonly Row[], lastUid: number): Promise<void> {
    const { onSkipped } = this.#options;
    const { wanted, sightings } = await this.#compare(rows);
    let group: Row[] = [];
    let bytes = 0;
    for (const row of wanted) {
      if (row.size > rawBytesMax) {
        onSkipped(this.#folder.path, row.uid, `it has ${row.size} bytes`);
        continue;
      }
      if (group.length > 0 && bytes + row.size > batchBytesMax) {
        await this.#store(group, [], group.at(-1)?.uid ?? 0);
        [group, bytes] = [[], 0];
      }
      group.push(row);
      bytes += row.size;
    }
    const newest = rows.reduce((latest, { internalMs }) => Math.max(latest, internalMs), 0);
    if (newest > this.#lastInternalAt.getTime()) this.#lastInternalAt = new Date(newest);
    await this.#store(group, sightings, lastUid);
  }

  /** The messages whose bodies are to be read, and the Message-IDs of copies of our own. */
  async #compare(rows: readonly Row[]): Promise<{ wanted: readonly Row[]; sightings: readonly string[] }> {
    const { mailbox, known: knownOf, stored } = this.#options;
    const known = await knownOf(
      mailbox,
      rows.map(({ headers }) => headers),
    );
    const context = { role: this.#role, address: mailbox.address, known, lookBack: this.#isFirst };
    const sightings: string[] = [];
    const wanted: Row[] = [];
    for (const row of rows) {
      const interest = interestOf(row.headers, context);
      if (interest === 'body') wanted.push(row);
      else if (interest === 'sighting' && row.headers.messageId !== null) sightings.push(row.headers.messageId);
    }
    const ids = wanted.flatMap(({ headers }) => headers.messageId ?? []);
    const old = ids.length === 0 ? undefined : await stored(mailbox, ids);
    const isNew = ({ headers: { messageId } }: Row): boolean => messageId === null || old?.has(messageId) !== true;
    return { wanted: wanted.filter(isNew), sightings };
  }

  /** Fetches the bodies of some messages and commits them with the position after the last of them. */
  async #store(rows: readonly Row[], sightings: readonly string[], lastUid: number): Promise<void> {
    const { client, clock, mailbox, receive, savePosition, onSkipped } = this.#options;
    const position = this.#positionAt(lastUid);
    // The first reading starts again after an interruption: a position would turn the rest of it into new mail.
    const save = (tx: Transaction | undefined): Promise<unknown> =>
      this.#isFirst ? Promise.resolve() : savePosition(tx, this.#folder.id, position);
    this.#lastUid = lastUid;
    if (rows.length === 0 && sightings.length === 0) {
      await save(undefined);
      return;
    }
    const wanted = new Map(rows.map((row) => [row.uid, row]));
    const fetched =
      rows.length === 0
        ? []
        : await client.fetchAll(
            rows.map(({ uid }) => uid),
            { uid: true, internalDate: true, source: { maxLength: rawBytesMax + 1 } },
            { uid: true },
          );
    const messages = fetched
      .toSorted((a, b) => a.uid - b.uid)
      .flatMap((message) => {
        const { uid, source } = message;
        if (!wanted.delete(uid)) return [];
        if (source === undefined || source.length === 0 || source.length > rawBytesMax) {
          onSkipped(
            this.#folder.path,
            uid,
            source === undefined || source.length === 0 ? 'the server returned no bytes' : 'it is too long',
          );
          return [];
        }
        const position = { folderId: this.#folder.id, uidvalidity: this.#uidvalidity, uid };
        return [{ raw: source, receivedAt: new Date(internalMsOf(message, clock.now())), position }];
      });
    // The others were expunged in the meantime.
    await receive({
      organizationId: mailbox.organizationId,
      mailboxId: mailbox.id,
      folder: this.#role,
      messages,
      sightings,
      alongside: save,
    });
  }
}

/** A server's date, which must not be in the future: the search after a change of UIDVALIDITY starts at the newest one. */
function internalMsOf({ internalDate }: FetchMessageObject, nowMs: number): number {
  const atMs = internalDate === undefined ? Number.NaN : new Date(internalDate).getTime();
  return Number.isNaN(atMs) ? nowMs : Math.min(atMs, nowMs);
}

const nothing = Buffer.alloc(0);

/**
 * Names UIDs in ascending order as short as they can be named (RFC 9051 §9, "sequence-set").
 * @example
 * rangesOf([1, 2, 3, 7]) // '1:3,7'
 */
export function rangesOf(uids: readonly number[]): string {
  const ranges: string[] = [];
  for (let index = 0; index < uids.length; index += 1) {
    const start = uids[index];
    while (uids[index + 1] === (uids[index] ?? 0) + 1) index += 1;
    ranges.push(start === uids[index] ? `${start}` : `${start}:${uids[index]}`);
  }
  return ranges.join();
}
