import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { ApiError, unreachable } from '../../base/errors.ts';
import { firstId } from '../../base/ids.ts';
import type { Bus } from '../../db/bus.ts';
import { chunkIn, createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { Emit } from '../../events/index.ts';
import type { Companies } from '../companies/index.ts';
import type { Contacts } from '../contacts/index.ts';
import { editorOf } from '../records/index.ts';
import type { Failures } from '../records/index.ts';
import type { Segments, SelectionRequest } from '../segments/index.ts';
import type { Suppressions } from '../suppressions/index.ts';
import { companyChange } from '../companies/index.ts';
import { contactChange, contactFieldsOf } from './change.ts';
import { endJob } from './end.ts';
import { errorsMax, piecesOf } from './job.ts';
import type { BulkJob } from './job.ts';
import { addPieces, advance, continueLater, nextDue, pieceOf, postpone, saveSelected, takeDue } from './queries.ts';

export interface RunnerOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly emit: Emit;
  readonly contacts: Pick<Contacts, 'changeMany' | 'removeMany' | 'byIds'>;
  readonly companies: Pick<Companies, 'changeMany' | 'removeMany' | 'byIds'>;
  readonly suppressions: Pick<Suppressions, 'removeMany' | 'after' | 'byIds'>;
  readonly segments: Pick<Segments, 'selectionOf'>;
  readonly onError: (error: unknown) => void;
}

/** After an internal error a job waits this long; after this many in a row it fails. */
const faultPauseMs = minuteMs;
const faultsMax = 5;
/** Suppressions selected in one transaction. */
const suppressionRows = 5_000;
/** Every record has a time of creation. */
const everything: SelectionRequest = { filter: { field: 'created_at', op: 'exists' } };

/** Works through jobs a chunk at a time, organizations in turn. Any number of processes share them. */
export function createRunner(options: RunnerOptions): JobRunner {
  const { db, clock, emit, onError } = options;

  async function putOff(job: BulkJob): Promise<void> {
    const faults = await postpone(db, job.id, new Date(clock.now() + faultPauseMs));
    if (faults < faultsMax) return;
    const error = 'An internal error occurred. What was changed before stays.';
    await db.transaction((tx) => endJob(tx, emit, job.id, 'failed', new Date(clock.now()), error));
  }

  /** Commits the records, their events and the progress together. */
  async function work(tx: Transaction, job: BulkJob): Promise<void> {
    if (job.selected_to !== null) return select(options, tx, job, job.selected_to);
    const now = new Date(clock.now());
    const ids = job.action === 'export' ? undefined : await pieceOf(tx, job.id, job.next_piece);
    if (ids === undefined) return endJob(tx, emit, job.id, 'completed', now);
    const failures = await changed(options, tx, job, ids);
    if (failures === undefined) {
      await continueLater(tx, job.id, now);
      return;
    }
    const errors = [...failures].map(([id, reason]) => ({ id, reason }));
    const kept = errors.slice(0, Math.max(0, errorsMax - job.errors.length));
    await advance(tx, job, ids.length - errors.length, errors.length, kept, now);
  }

  return createJobRunner({
    ...options,
    chunk: chunkIn({ db, takeDue, work, postpone: putOff, onError }),
    nextDue: (nowMs) => nextDue(db, nowMs),
  });
}

/** Records created after the job are not part of it: ids begin with their time. */
async function select(options: RunnerOptions, tx: Transaction, job: BulkJob, after: string): Promise<void> {
  const now = new Date(options.clock.now());
  let chunk: Awaited<ReturnType<typeof nextIds>>;
  try {
    chunk = await nextIds(options, tx, job, after);
  } catch (error) {
    // The segment, or a custom field of the filter, was deleted in the meantime.
    if (!(error instanceof ApiError)) throw error;
    return endJob(tx, options.emit, job.id, 'failed', now, error.message);
  }
  const ids = chunk.ids.filter((id) => id < job.id);
  const isThrough = chunk.next === null || chunk.next > job.id;
  if (ids.length > 0) await addPieces(tx, job.id, piecesOf(ids));
  await saveSelected(tx, job.id, isThrough ? null : chunk.next, ids.length, now);
}

async function nextIds(
  { segments, suppressions }: RunnerOptions,
  tx: Transaction,
  job: BulkJob,
  after: string,
): Promise<{ readonly ids: readonly string[]; readonly next: string | null }> {
  const { entity, selection } = job;
  const reach = editorOf(job);
  if (entity === 'suppression') {
    const ids = (await suppressions.after(tx, reach, after, suppressionRows)).map(({ id }) => id);
    return { ids, next: ids.length < suppressionRows ? null : (ids.at(-1) ?? null) };
  }
  const request = 'filter' in selection || 'segment_id' in selection ? (selection as SelectionRequest) : everything;
  return (await segments.selectionOf(reach, entity, request, tx)).chunk(tx, after === firstId ? undefined : after);
}

/** Changes the records of a piece. @returns undefined if the piece is to be continued in another transaction */
async function changed(
  { contacts, companies, suppressions }: RunnerOptions,
  tx: Transaction,
  job: BulkJob,
  ids: readonly string[],
): Promise<Failures | undefined> {
  const editor = editorOf(job);
  switch (`${job.entity} ${job.action}`) {
    case 'contact update':
      return contacts.changeMany(tx, editor, ids, contactFieldsOf(contactChange.parse(job.change)));
    case 'contact delete':
      return contacts.removeMany(tx, editor, ids);
    case 'company update':
      return companies.changeMany(tx, editor, ids, companyChange.parse(job.change));
    case 'company delete':
      return companies.removeMany(tx, editor, ids);
    case 'suppression delete':
      return suppressions.removeMany(tx, editor, ids);
    default:
      throw unreachable(`a job to ${job.action} a ${job.entity}`);
  }
}
