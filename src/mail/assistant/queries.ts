import type { OrganizationId } from '../../base/ids.ts';
import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';

export interface AssistantRow {
  readonly organization_id: OrganizationId;
  readonly url: string;
  readonly model: string;
  /** Sealed; null: none is sent. */
  readonly key: Buffer | null;
  readonly daily_budget: number;
  readonly used_day: string | null;
  readonly used: number;
  readonly problem: string | null;
  readonly problem_at: Date | null;
  /** How often in a row it could not be asked. */
  readonly failures: number;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const assistantOf = (on: Queryable, organization: OrganizationId): Promise<AssistantRow | undefined> =>
  first(
    on,
    sql<AssistantRow>`
      SELECT organization_id, url, model, key, daily_budget, used_day::text AS used_day, used, problem, problem_at, failures, created_at, updated_at
      FROM assistants WHERE organization_id = ${organization}`,
  );

/** Replaces the assistant, which is then asked without delay. What was used of its budget stays. */
export const saveAssistant = (
  on: Queryable,
  row: Pick<AssistantRow, 'organization_id' | 'url' | 'model' | 'key' | 'daily_budget' | 'updated_at'>,
): Promise<number> =>
  on.execute(sql`
    INSERT INTO assistants (organization_id, url, model, key, daily_budget, created_at, updated_at)
    VALUES (${row.organization_id}, ${row.url}, ${row.model}, ${row.key}, ${row.daily_budget}, ${row.updated_at}, ${row.updated_at})
    ON CONFLICT (organization_id) DO UPDATE SET url = excluded.url, model = excluded.model, key = excluded.key, daily_budget = excluded.daily_budget, problem = NULL,
      problem_at = NULL, free_at = NULL, failures = 0, updated_at = excluded.updated_at`);

export const deleteAssistant = async (on: Queryable, organization: OrganizationId): Promise<number> => {
  await on.execute(sql`DELETE FROM assistant_jobs WHERE organization_id = ${organization}`);
  return on.execute(sql`DELETE FROM assistants WHERE organization_id = ${organization}`);
};

/** Takes one request of the day's budget. @returns whether there was one left */
export const takeRequest = async (on: Queryable, organization: OrganizationId, day: string): Promise<boolean> =>
  (await on.execute(sql`
    UPDATE assistants SET used_day = ${day}::date, used = CASE WHEN used_day = ${day}::date THEN used ELSE 0 END + 1
    WHERE organization_id = ${organization} AND CASE WHEN used_day = ${day}::date THEN used ELSE 0 END < daily_budget`)) >
  0;

/** Stores how the last request went. */
export const settleRequest = (
  on: Queryable,
  organization: OrganizationId,
  problem: string | null,
  at: Date,
): Promise<number> =>
  on.execute(sql`
    UPDATE assistants SET problem = ${problem}, problem_at = CASE WHEN ${problem}::text IS NOT NULL THEN ${at}::timestamptz END
    WHERE organization_id = ${organization}`);

/** Remembers replies to ask about, if their organization has an assistant and is no sandbox. @returns how many */
export const addJobs = (
  on: Queryable,
  organization: OrganizationId,
  replyIds: readonly string[],
  at: Date,
): Promise<number> =>
  on.execute(sql`
    INSERT INTO assistant_jobs (reply_id, organization_id, created_at, due_at, attempts)
    SELECT id, ${organization}, ${at}::timestamptz, ${at}::timestamptz, 0 FROM unnest(${replyIds}::uuid[]) AS id
    WHERE EXISTS (SELECT FROM assistants a JOIN organizations o ON o.id = a.organization_id
      WHERE a.organization_id = ${organization} AND o.live_organization_id IS NULL)`);

export interface Job {
  readonly reply_id: string;
  readonly organization_id: OrganizationId;
  readonly created_at: Date;
  readonly attempts: number;
}

/**
 * Takes a question of the organization whose assistant has been free longest: the question that was asked longest ago. No other process
 * takes one of this organization before `until`. Organizations with questions are found by one index look-up each.
 */
export const claimJob = (on: Queryable, now: Date, until: Date): Promise<Job | undefined> =>
  first(
    on,
    sql<Job>`
      WITH RECURSIVE waiting (organization_id) AS (
        (SELECT organization_id FROM assistant_jobs ORDER BY organization_id LIMIT 1)
        UNION ALL
        SELECT (SELECT j.organization_id FROM assistant_jobs j WHERE j.organization_id > w.organization_id ORDER BY j.organization_id LIMIT 1)
        FROM waiting w WHERE w.organization_id IS NOT NULL
      ), free AS (
        SELECT a.organization_id FROM assistants a JOIN waiting w ON w.organization_id = a.organization_id
        WHERE a.free_at IS NULL OR a.free_at <= ${now} ORDER BY a.free_at NULLS FIRST LIMIT 1 FOR UPDATE OF a SKIP LOCKED
      ), taken AS (
        UPDATE assistants a SET free_at = ${until} FROM free f WHERE a.organization_id = f.organization_id
      )
      UPDATE assistant_jobs j SET due_at = ${now}, attempts = j.attempts + 1
      FROM free f CROSS JOIN LATERAL (
        SELECT reply_id FROM assistant_jobs WHERE organization_id = f.organization_id ORDER BY due_at LIMIT 1) AS d
      WHERE j.reply_id = d.reply_id RETURNING j.reply_id, j.organization_id, j.created_at, j.attempts`,
  );

/**
 * Lets an assistant be asked again from a time on, unless it was claimed or replaced since.
 * @param failures how often in a row it could not be asked
 */
export const releaseAssistant = (
  on: Queryable,
  organization: OrganizationId,
  until: Date,
  freeAt: Date,
  failures: number,
): Promise<number> =>
  on.execute(sql`
    UPDATE assistants SET free_at = ${freeAt}, failures = ${failures} WHERE organization_id = ${organization} AND free_at = ${until}`);

export const deleteJob = (on: Queryable, replyId: string): Promise<number> =>
  on.execute(sql`DELETE FROM assistant_jobs WHERE reply_id = ${replyId}`);

/** Removes jobs that waited too long for a budget. */
export const expireJobs = (on: Queryable, before: Date): Promise<number> =>
  on.execute(sql`DELETE FROM assistant_jobs WHERE reply_id IN
    (SELECT reply_id FROM assistant_jobs WHERE created_at < ${before} LIMIT 1000 FOR UPDATE SKIP LOCKED)`);

/** When the next assistant with questions may be asked. */
export const nextDue = async (on: Queryable): Promise<number | undefined> => {
  const row = await first(
    on,
    sql<{ free_at: Date | null }>`
      WITH RECURSIVE waiting (organization_id) AS (
        (SELECT organization_id FROM assistant_jobs ORDER BY organization_id LIMIT 1)
        UNION ALL
        SELECT (SELECT j.organization_id FROM assistant_jobs j WHERE j.organization_id > w.organization_id ORDER BY j.organization_id LIMIT 1)
        FROM waiting w WHERE w.organization_id IS NOT NULL
      )
      SELECT a.free_at FROM assistants a JOIN waiting w ON w.organization_id = a.organization_id ORDER BY a.free_at NULLS FIRST LIMIT 1`,
  );
  return row && (row.free_at?.getTime() ?? 0);
};

/** Locks the assistant until the transaction ends. */
export const lockAssistant = (tx: Queryable, organization: OrganizationId): Promise<number> =>
  tx.execute(sql`SELECT FROM assistants WHERE organization_id = ${organization} FOR UPDATE`);
