import type { WorkspaceStage } from '../../auth/index.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import { dayMs, type Clock } from '../../base/clock.ts';
import type { LawfulBasis } from '../contacts/index.ts';
import { announce } from '../../db/bus.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database } from '../../db/pool.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { Emit } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import type { Editor, Reach } from '../records/index.ts';
import type { Sources } from '../sources/index.ts';
import { columnsOf, mappingFaults } from './columns.ts';
import type { Column, Mapping } from './columns.ts';
import { readHeader, windowBytes } from './csv.ts';
import type { Header } from './csv.ts';
import { endImport } from './end.ts';
import { noCounts, unfinishedMax } from './import.ts';
import type { Import, ImportError, ImportState } from './import.ts';
import {
  abandoned,
  begin,
  beginUpload,
  byId,
  count,
  deleteFinished,
  deleteImports,
  errorsOf,
  insert,
  insertChunk,
  list,
  lockOfWorkspace,
} from './queries.ts';

export interface JobsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly customFields: CustomFields;
  readonly sources: Sources;
  readonly emit: Emit;
  /** How long a finished import and its errors are kept. */
  readonly retentionDays: number;
  /** Called when an import is ready to run. */
  readonly wake: () => void;
}

export interface NewImport {
  readonly fileName?: string | undefined;
  readonly mapping: Mapping;
  readonly lawfulBasis: LawfulBasis;
  readonly lawfulBasisSource?: string | null | undefined;
  readonly restoreDeleted: boolean;
  readonly dryRun: boolean;
  /** The name of a source; created if it does not exist. */
  readonly source?: string | undefined;
  readonly tags: readonly string[];
  readonly linkCompanyBy?: Import['link_company_by'] | undefined;
  readonly onBadValue?: Import['on_bad_value'];
  readonly dateOrder?: Import['date_order'];
  readonly decimalSeparator?: Import['decimal_separator'];
}

const errorsChunk = 10_000;

export type Jobs = ReturnType<typeof createJobs>;

/**
 * Creates, uploads, reads and cancels imports.
 * @example
 * const jobs = createJobs({ db, clock, ids, customFields, sources, emit, retentionDays, wake: runner.wake });
 * const { id } = await jobs.create(principal, { mapping: {}, lawfulBasis: 'consent', restoreDeleted: false, dryRun: false, tags: [] });
 * await jobs.upload(principal, id, createReadStream('contacts.csv')); // the runner then imports it
 */
export function createJobs({ db, clock, ids, customFields, sources, emit, retentionDays, wake }: JobsOptions) {
  const now = (): Date => new Date(clock.now());
  const ofContacts = (organization: OrganizationId) => customFields.list(organization, 'contact');

  async function get(reach: Reach, id: string): Promise<Import> {
    const found = await byId(db, reach, id);
    if (found === undefined) throw notFound('Import');
    return found;
  }

  /** The upload is no longer the current one of its import. */
  const superseded = (): ApiError =>
    new ApiError('conflict', 'The import was cancelled, or another upload replaced this one.');

  /** The header and columns of a file. @throws ApiError `validation_failed` if they cannot be read or do not match the mapping. */
  async function layoutOf(
    it: Import,
    first: Buffer,
    isLast: boolean,
  ): Promise<{ header: Header; columns: readonly Column[] }> {
    const header = readHeader(first, isLast);
    if ('problem' in header) throw invalid({ file: header.problem });
    const found = columnsOf(header.names, it.mapping, await ofContacts(it.organization_id));
    if ('faults' in found) throw invalid(found.faults);
    return { header, columns: found.columns };
  }

  return {
    get,

    list: (reach: Reach, state: ImportState | undefined, page: Paged): Promise<[Import[], number]> =>
      Promise.all([list(db, reach, state, page), totalFor(page, () => count(db, reach, state, page))]),

    /** The import then waits for its file. @throws ApiError `validation_failed`; `conflict` past `unfinishedMax`. */
    async create(editor: Editor, wanted: NewImport): Promise<Import> {
      const { organizationId: organization } = editor;
      const faults = mappingFaults(wanted.mapping, await ofContacts(organization));
      if (Object.keys(faults).length > 0) throw invalid(faults);
      return db.transaction(async (tx) => {
        const source =
          wanted.source === undefined || wanted.dryRun
            ? undefined
            : (await sources.ensure(tx, editor, wanted.source)).source;
        const it = waitingImport(ids.next(), editor, wanted, source?.id, now());
        if (!(await insert(tx, it)))
          throw new ApiError(
            'conflict',
            `${unfinishedMax} imports are running or waiting for their files. Wait for one to finish, or cancel one.`,
          );
        return it;
      });
    },

    /**
     * Stores the file as it arrives, in pieces that commit one by one, then starts the import. An interrupted upload can be sent again from
     * the beginning. The header is checked as soon as it has arrived.
     * @throws ApiError `not_found`; `conflict` if the import does not wait for a file; `validation_failed` if the file cannot be read: the
     * import then waits for another.
     */
    async upload(editor: Editor, id: string, file: AsyncIterable<Buffer>): Promise<Import> {
      const it = await get(editor, id);
      const upload = ids.next<string>();
      if (!(await db.transaction((tx) => beginUpload(tx, it.organization_id, id, upload))))
        throw new ApiError('conflict', `This import is ${it.state} and no longer accepts a file.`);
      let layout: Awaited<ReturnType<typeof layoutOf>> | undefined;
      let bytes = 0;
      for await (const { piece, isLast } of piecesOf(file)) {
        layout ??= await layoutOf(it, piece, isLast);
        if (!(await insertChunk(db, id, upload, bytes, piece))) throw superseded();
        bytes += piece.length;
      }
      if (layout === undefined) throw invalid({ file: 'is empty' });
      const { header, columns } = layout;
      return db.transaction(async (tx) => {
        const running = await begin(tx, id, upload, {
          bytes,
          delimiter: header.delimiter,
          columns,
          position: header.end,
          line: header.line,
          at: now(),
        });
        if (running === undefined) throw superseded();
        // An empty list wakes the job runners of every process; the first to look takes the import.
        await announce(tx, { kind: 'due', endpoints: [] });
        tx.afterCommit(wake);
        return running;
      });
    },

    /** Stops the import immediately; contacts already written stay. Idempotent. @throws ApiError `not_found`; `conflict` if it has finished. */
    async cancel(reach: Reach, id: string): Promise<Import> {
      await get(reach, id);
      await db.transaction((tx) => endImport(tx, emit, id, 'cancelled', now()));
      const it = await get(reach, id);
      if (it.state !== 'cancelled')
        throw new ApiError('conflict', `This import is ${it.state} and can no longer be cancelled.`);
      return it;
    },

    /** Errors of an import, which change as long as it runs. `after`: a line. @throws ApiError `not_found` */
    async errors(
      reach: Reach,
      id: string,
      { updatedSince, ...slice }: Parameters<typeof errorsOf>[2] & Pick<Slice, 'updatedSince'>,
    ): Promise<ImportError[]> {
      const { finished_at: finished } = await get(reach, id);
      if (updatedSince !== undefined && finished !== null && finished < updatedSince) return [];
      return errorsOf(db, id, slice);
    },

    /** All errors, one chunk at a time. @throws ApiError `not_found` */
    async *allErrors(reach: Reach, id: string): AsyncGenerator<ImportError[], void, undefined> {
      await get(reach, id);
      for (let after: string | undefined; ;) {
        const errors: ImportError[] = await errorsOf(db, id, { limit: errorsChunk, after });
        yield errors;
        if (errors.length < errorsChunk) return;
        after = errors.at(-1)?.line.toString();
      }
    },

    /** Cancels and deletes the imports of a workspace that is being deleted. */
    removeOfWorkspace: (async (tx, { workspaceId }, limit) => {
      const found = await lockOfWorkspace(tx, workspaceId, limit);
      for (const { id, finished_at: finished } of found)
        if (finished === null) await endImport(tx, emit, id, 'cancelled', now(), 'The workspace was deleted.');
      await deleteImports(
        tx,
        found.map(({ id }) => id),
      );
      return found.length;
    }) satisfies WorkspaceStage,

    /** Cancels imports that waited a day for their file, and deletes those past the retention. */
    async expire(nowMs: number): Promise<void> {
      for (const id of await abandoned(db, new Date(nowMs - dayMs)))
        await db.transaction((tx) =>
          endImport(tx, emit, id, 'cancelled', now(), 'The file was not uploaded within a day.'),
        );
      await deleteFinished(db, new Date(nowMs - retentionDays * dayMs));
    },
  };
}

/** The row of a new import, which waits for its file. */
function waitingImport(
  id: Import['id'],
  editor: Editor,
  wanted: NewImport,
  sourceId: Import['source_id'] | undefined,
  at: Date,
): Import {
  return {
    id,
    organization_id: editor.organizationId,
    workspace_id: editor.workspaceId ?? null,
    file_name: wanted.fileName ?? null,
    mapping: wanted.mapping,
    lawful_basis: wanted.lawfulBasis,
    lawful_basis_source: wanted.lawfulBasisSource ?? null,
    restore_deleted: wanted.restoreDeleted,
    dry_run: wanted.dryRun,
    source_id: sourceId ?? null,
    source_name: wanted.source ?? null,
    tags: wanted.tags,
    link_company_by: wanted.linkCompanyBy ?? null,
    on_bad_value: wanted.onBadValue ?? 'reject',
    date_order: wanted.dateOrder ?? 'ymd',
    decimal_separator: wanted.decimalSeparator ?? '.',
    state: 'uploading',
    error: null,
    bytes: 0,
    delimiter: null,
    columns: null,
    position: 0,
    line: 1,
    ...noCounts,
    faults: 0,
    created_by: editor.keyId ?? null,
    created_at: at,
    finished_at: null,
  };
}

/** Splits a stream into pieces of one window each; the last is shorter. Holds only the piece that is being filled. */
export async function* piecesOf(
  file: AsyncIterable<Buffer>,
): AsyncGenerator<{ readonly piece: Buffer; readonly isLast: boolean }, void, undefined> {
  let gathered: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of file) {
    gathered.push(chunk);
    bytes += chunk.length;
    // Whether a full piece is the last is known only from the next chunk or the end.
    while (bytes > windowBytes) {
      const all = Buffer.concat(gathered, bytes);
      yield { piece: all.subarray(0, windowBytes), isLast: false };
      const rest = all.subarray(windowBytes);
      gathered = [rest];
      bytes = rest.length;
    }
  }
  if (bytes > 0) yield { piece: Buffer.concat(gathered, bytes), isLast: true };
}
