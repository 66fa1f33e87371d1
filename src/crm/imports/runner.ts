import { cut } from '../../base/cut.ts';
import type { Clock } from '../../base/clock.ts';
import { readRow } from '../contacts/index.ts';
import type { Contacts, UpsertResult, UpsertRow } from '../contacts/index.ts';
import type { Bus } from '../../db/bus.ts';
import { chunkIn, createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { Emit } from '../../events/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import { firstWindowBytes, linesIn, nextLine, readRows, tooLong, windowBytes } from './csv.ts';
import type { CsvRow } from './csv.ts';
import { editorOf } from '../records/index.ts';
import { endImport } from './end.ts';
import { errorsMax, noCounts } from './import.ts';
import type { BlankedValue, Counts, Import, ImportError } from './import.ts';
import { advance, insertContacts, insertErrors, nextDue, postpone, read, takeDue } from './queries.ts';
import { addressCell, isEmptyRow, upsertRow, valueFault, withoutBadValues } from './row.ts';
import type { CustomTypes } from './row.ts';

/** Rows in one transaction. 1,000 are no faster and use 20 MB more (bench/imports). */
const rowsMax = 250;
/** After an internal error an import waits this long; after this many in a row it fails. */
const faultPauseMs = 60_000;
const faultsMax = 5;
/** Longest text of the file that an error repeats. */
const shownMax = 320;

export interface RunnerOptions {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly contacts: Pick<Contacts, 'upsert'>;
  readonly customFields: Pick<CustomFields, 'list' | 'validator'>;
  readonly emit: Emit;
  /** Called with the counts of a chunk once it is committed; not for a dry run. */
  readonly onRows?: (counts: Counts) => void;
  readonly onError: (error: unknown) => void;
}

/** A row and its first line in the file. */
interface Placed {
  readonly line: number;
  readonly email: string | null;
  readonly row: UpsertRow;
  readonly blanked?: readonly BlankedValue[];
}

/** Works through running imports in turn, one chunk at a time, longest due first. Any number of processes share them. */
export function createRunner({
  db,
  bus,
  clock,
  contacts,
  customFields,
  emit,
  onRows = () => {},
  onError,
}: RunnerOptions): JobRunner {
  async function putOff(job: Import): Promise<void> {
    const faults = await postpone(db, job.id, new Date(clock.now() + faultPauseMs));
    if (faults < faultsMax) return;
    const error = `An internal error occurred at line ${job.line}. Contacts imported before it stay.`;
    await db.transaction((tx) => endImport(tx, emit, job.id, 'failed', new Date(clock.now()), error));
  }

  /** Commits the contacts, their events and the import's position together. */
  async function importChunk(tx: Transaction, job: Import): Promise<void> {
    const { bytes, rows, end, isLast } = await nextRows(tx, job);
    const first = end === 0 && !isLast ? await overlong(tx, job, bytes) : undefined;
    const placed = first === undefined ? await placedRows(tx, job, bytes, rows) : [first.placed];

    const upsert = (on: Transaction): Promise<UpsertResult[]> =>
      contacts.upsert(
        on,
        editorOf(job),
        placed.map(({ row }) => row),
        {
          lawful_basis: job.lawful_basis,
          ...(job.lawful_basis_source === null ? {} : { lawful_basis_source: job.lawful_basis_source }),
          restoreDeleted: job.restore_deleted,
          link_company_by: job.link_company_by ?? undefined,
          ...(job.tags.length === 0 ? {} : { addTags: job.tags }),
        },
      );
    const results = placed.length === 0 ? [] : job.dry_run ? await undone(tx, upsert) : await upsert(tx);

    const ids = new Set(results.flatMap((result) => ('id' in result ? [result.id] : [])));
    if (!job.dry_run && ids.size > 0) await insertContacts(tx, job.id, [...ids]);
    const errors = placed.flatMap(({ line, email }, index): ImportError[] => {
      const result = results[index];
      return result?.status === 'rejected'
        ? [{ line, email: shown(email), reason: cut(result.reason, 1_000), blanked: null }]
        : [];
    });
    const warnings = placed.flatMap(({ line, email, blanked = [] }, index): ImportError[] => {
      const status = results[index]?.status;
      if (blanked.length === 0 || status === 'rejected' || status === 'suppressed') return [];
      const reason = cut(blanked.map((value) => value.reason).join('; '), 1_000);
      return [{ line, email: shown(email), reason, blanked }];
    });
    const kept = [
      ...errors.slice(0, Math.max(0, errorsMax - job.rejected)),
      ...warnings.slice(0, Math.max(0, errorsMax - job.blanked)),
    ];
    if (kept.length > 0) await insertErrors(tx, job.id, kept);
    const position = job.position + (first?.bytes ?? end);
    const line = job.line + (first?.lines ?? linesIn(bytes, 0, end));
    const now = new Date(clock.now());
    const counts = counted(results, warnings.length);
    await advance(tx, job.id, position, line, counts, now);
    if (!job.dry_run) tx.afterCommit(() => onRows(counts));
    if (position >= job.bytes) await endImport(tx, emit, job.id, 'completed', now);
  }

  /** Reads the next rows from the small window, or from the large one if the small one contains no complete row. */
  async function nextRows(
    tx: Transaction,
    job: Import,
    length = firstWindowBytes,
  ): Promise<{ bytes: Buffer; rows: readonly CsvRow[]; end: number; isLast: boolean }> {
    const bytes = await read(tx, job.id, job.position, length);
    const isLast = job.position + bytes.length >= job.bytes;
    const isWhole = length === windowBytes;
    const { rows, end } = readRows({ bytes, delimiter: job.delimiter ?? ',', isLast, isWhole, rowsMax });
    return end > 0 || isLast || isWhole ? { bytes, rows, end, isLast } : nextRows(tx, job, windowBytes);
  }

  async function placedRows(tx: Transaction, job: Import, bytes: Buffer, rows: readonly CsvRow[]): Promise<Placed[]> {
    const columns = job.columns ?? [];
    const types: CustomTypes = columns.some(([, field]) => field?.startsWith('custom_fields.') === true)
      ? new Map((await customFields.list(job.organization_id, 'contact', tx)).map(({ key, type }) => [key, type]))
      : new Map();
    const faultsOf =
      job.on_bad_value === 'blank' ? await customFields.validator(tx, job.organization_id, 'contact') : undefined;
    const placed: Placed[] = [];
    let line = job.line;
    let reached = 0;
    for (const row of rows) {
      line += linesIn(bytes, reached, row.start);
      reached = row.start;
      if ('problem' in row) {
        placed.push({
          line,
          email: row.cells === undefined ? null : readable(addressCell(columns, row.cells)),
          row: { problem: row.problem },
        });
      } else if (!isEmptyRow(row.fields)) {
        placed.push({
          line,
          email: addressCell(columns, row.fields),
          ...rowOf(job, upsertRow(columns, types, row.fields, job), row.fields, faultsOf),
        });
      }
    }
    return placed;
  }

  /** Rejects a line that does not fit into a window, and finds its end. */
  async function overlong(
    tx: Transaction,
    job: Import,
    bytes: Buffer,
  ): Promise<{ placed: Placed; bytes: number; lines: number }> {
    let length = 0;
    let window = bytes;
    while (window.length > 0) {
      const next = nextLine(window, 0);
      length += next;
      // The second half of a split line end is skipped as an empty line, so it counts once.
      if (next < window.length || /[\r\n]/.test(String.fromCharCode(window[next - 1] ?? 0))) break;
      window = await read(tx, job.id, job.position + length, windowBytes);
    }
    return {
      placed: { line: job.line, email: null, row: { problem: tooLong } },
      bytes: length,
      lines: window.length === 0 ? 0 : 1,
    };
  }

  return createJobRunner({
    bus,
    clock,
    chunk: chunkIn({
      db,
      takeDue,
      work: importChunk,
      postpone: putOff,
      onError,
    }),
    nextDue: (nowMs) => nextDue(db, nowMs),
    onError,
  });
}

function rowOf(
  job: Import,
  given: ReturnType<typeof upsertRow>,
  cells: readonly string[],
  faultsOf: Parameters<typeof withoutBadValues>[1] | undefined,
): Pick<Placed, 'row' | 'blanked'> {
  if ('problem' in given) return { row: { problem: String(given['problem']) } };
  const { row, faults } =
    faultsOf === undefined ? { row: given, faults: new Map<string, string>() } : withoutBadValues(given, faultsOf);
  const blanked = (job.columns ?? []).flatMap(([column, field], index): BlankedValue[] => {
    const reason = faults.get(field ?? '');
    return reason === undefined
      ? []
      : [{ column: shown(column), value: shown(cells[index] ?? ''), reason: cut(reason, 1_000) }];
  });
  const fault = row['phone'] === undefined ? undefined : valueFault('phone', row['phone']);
  return {
    row:
      fault === undefined
        ? readRow(job.source_id === null ? row : { ...row, source_id: job.source_id })
        : { problem: fault },
    blanked,
  };
}

/** Null for text that was not UTF-8: it has U+FFFD where it could not be decoded. */
const readable = (text: string | null): string | null => (text?.includes('\ufffd') === true ? null : text);

/** Does the work of a dry run and rolls it back: nothing is stored or emitted. */
async function undone<T>(tx: Transaction, work: (tx: Transaction) => Promise<T>): Promise<T> {
  const rolledBack: (() => void)[] = [];
  await tx.execute(sql`SAVEPOINT dry_run`);
  try {
    return await work({
      query: tx.query,
      execute: tx.execute,
      beforeCommit: () => {},
      afterCommit: () => {},
      afterRollback: (callback) => rolledBack.push(callback),
    });
  } finally {
    await tx.execute(sql`ROLLBACK TO SAVEPOINT dry_run`);
    for (const callback of rolledBack) callback();
  }
}

function counted(results: readonly UpsertResult[], blanked: number): Counts {
  const counts = { ...noCounts, rows_read: results.length, blanked };
  for (const { status } of results) counts[status] += 1;
  return counts;
}

/** Text of the file as an error shows it, without NUL characters, which PostgreSQL cannot store. */
const shown = <T extends string | null>(text: T): T | string =>
  text === null ? text : cut(text.replaceAll('\0', ''), shownMax);
