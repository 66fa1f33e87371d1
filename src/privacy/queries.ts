import { countedIn, finishedPart, inOrder } from '../db/in-order.ts';
import type { Slice } from '../db/in-order.ts';
import { first } from '../db/pool.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import type { OrganizationId } from '../base/ids.ts';

export interface Erasure {
  id: string;
  organization_id: OrganizationId;
  contact_id: string;
  /** The sealed `Needles`; null once the erasure is complete. */
  needles_sealed: Buffer | null;
  state: 'running' | 'completed';
  /** 1 or 2. */
  round: number;
  stage: string;
  /** Where the next chunk of the stage starts; empty at the start of a stage. */
  position: string;
  /** Numbers of redacted events, attempts and other rows. */
  events: number;
  attempts: number;
  others: number;
  created_by: string | null;
  created_at: Date;
  finished_at: Date | null;
}

export type NewErasure = Pick<
  Erasure,
  'id' | 'organization_id' | 'contact_id' | 'needles_sealed' | 'stage' | 'created_by' | 'created_at'
> & {
  hash: Buffer | null;
};

export const insertErasure = (tx: Queryable, it: NewErasure): Promise<number> =>
  tx.execute(sql`
    INSERT INTO erasures (id, organization_id, contact_id, hash, needles_sealed, state, round, stage, position, events, attempts, others, due_at, created_by, created_at)
    VALUES (${it.id}, ${it.organization_id}, ${it.contact_id}, ${it.hash}, ${it.needles_sealed}, 'running', 1, ${it.stage}, '', 0, 0, 0, ${it.created_at}, ${it.created_by}, ${it.created_at})`);

export const listErasures = (on: Queryable, organization: OrganizationId, slice: Slice): Promise<Erasure[]> =>
  on.query(
    inOrder(
      sql<Erasure>`SELECT * FROM erasures WHERE organization_id = ${organization}`,
      'erasures',
      slice,
      finishedPart('erasures'),
    ),
  );

export const countErasures = async (on: Queryable, organization: OrganizationId, slice: Slice): Promise<number> =>
  (
    await on.query(
      countedIn(
        sql<{ total: number }>`SELECT count(*) AS total FROM erasures WHERE organization_id = ${organization}`,
        'erasures',
        slice,
        finishedPart('erasures'),
      ),
    )
  )[0]?.total ?? 0;

export const erasureById = (on: Queryable, organization: OrganizationId, id: string): Promise<Erasure | undefined> =>
  first(on, sql<Erasure>`SELECT * FROM erasures WHERE organization_id = ${organization} AND id = ${id}`);

/** The number of running erasures, in the shape that the metrics expect. */
export const unfinished = (on: Queryable): Promise<{ state: string; count: number }[]> =>
  on.query(
    sql<{
      state: string;
      count: number;
    }>`SELECT 'running' AS state, count(*) AS count FROM erasures WHERE state = 'running'`,
  );

/** Locks the erasure that has been due longest, skipping those that another process has locked. */
export const takeDue = (tx: Queryable, nowMs: number): Promise<Erasure | undefined> =>
  first(
    tx,
    sql<Erasure>`SELECT * FROM erasures WHERE state = 'running' AND due_at <= ${new Date(nowMs)} ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );

/** When the next erasure falls due, ignoring those already due: another process has locked them. */
export const nextDue = async (on: Queryable, nowMs: number): Promise<number | undefined> =>
  (
    await on.query(
      sql<{
        due_at: Date | null;
      }>`SELECT min(due_at) AS due_at FROM erasures WHERE state = 'running' AND due_at > ${new Date(nowMs)}`,
    )
  )[0]?.due_at?.getTime();

export const postpone = (on: Queryable, id: string, due: Date): Promise<number> =>
  on.execute(sql`UPDATE erasures SET due_at = ${due} WHERE id = ${id} AND state = 'running'`);

export interface Advance extends Pick<Erasure, 'round' | 'stage' | 'position' | 'events' | 'attempts' | 'others'> {
  readonly due: Date;
}

export const advance = (
  tx: Queryable,
  id: string,
  { round, stage, position, events, attempts, others, due }: Advance,
): Promise<number> =>
  tx.execute(sql`
    UPDATE erasures SET round = ${round}, stage = ${stage}, position = ${position}, events = events + ${events}, attempts = attempts + ${attempts}, others = others + ${others}, due_at = ${due}
    WHERE id = ${id}`);

/** Completes an erasure and deletes its needles. */
export const complete = (tx: Queryable, id: string, at: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE erasures SET state = 'completed', needles_sealed = NULL, position = '', finished_at = ${at} WHERE id = ${id}`,
  );
