import { first } from '../../db/pool.ts';
import type { Queryable } from '../../db/pool.ts';
import { sql } from '../../db/sql.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { AnswerRule } from './verifier.ts';

export interface VerifierRow {
  readonly organization_id: OrganizationId;
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly email_field: string;
  readonly auth_kind: 'header' | 'query' | null;
  readonly auth_name: string | null;
  /** Sealed. */
  readonly auth_value: Buffer | null;
  readonly answer: AnswerRule;
  readonly daily_budget: number;
  readonly per_minute: number;
  readonly timeout_seconds: number;
  readonly used_day: string | null;
  readonly used: number;
  readonly problem: string | null;
  readonly problem_at: Date | null;
  readonly created_at: Date;
  readonly updated_at: Date;
}

export const verifierOf = (on: Queryable, organization: OrganizationId): Promise<VerifierRow | undefined> =>
  first(
    on,
    sql<VerifierRow>`
      SELECT organization_id, url, method, email_field, auth_kind, auth_name, auth_value, answer, daily_budget, per_minute, timeout_seconds, used_day::text AS used_day, used, problem,
        problem_at, created_at, updated_at
      FROM verifiers WHERE organization_id = ${organization}`,
  );

/** Replaces the verifier. What was used of its budget stays. */
export const saveVerifier = (
  on: Queryable,
  row: Omit<VerifierRow, 'used_day' | 'used' | 'problem' | 'problem_at' | 'created_at'>,
): Promise<number> =>
  on.execute(sql`
    INSERT INTO verifiers (organization_id, url, method, email_field, auth_kind, auth_name, auth_value, answer, daily_budget, per_minute, timeout_seconds, created_at, updated_at)
    VALUES (${row.organization_id}, ${row.url}, ${row.method}, ${row.email_field}, ${row.auth_kind}, ${row.auth_name}, ${row.auth_value}, ${JSON.stringify(row.answer)}::jsonb,
      ${row.daily_budget}, ${row.per_minute}, ${row.timeout_seconds}, ${row.updated_at}, ${row.updated_at})
    ON CONFLICT (organization_id) DO UPDATE SET url = excluded.url, method = excluded.method, email_field = excluded.email_field, auth_kind = excluded.auth_kind,
      auth_name = excluded.auth_name, auth_value = excluded.auth_value, answer = excluded.answer, daily_budget = excluded.daily_budget, per_minute = excluded.per_minute,
      timeout_seconds = excluded.timeout_seconds, problem = NULL, problem_at = NULL, updated_at = excluded.updated_at`);

export const deleteVerifier = (on: Queryable, organization: OrganizationId): Promise<number> =>
  on.execute(sql`DELETE FROM verifiers WHERE organization_id = ${organization}`);

/** What may be asked now. */
export interface Grant {
  readonly granted: number;
  /** Requests that are left today. */
  readonly left: number;
}

/** Takes requests from the budgets of the day and the minute, as many as are left of `wanted`. */
export const reserve = async (
  on: Queryable,
  organization: OrganizationId,
  wanted: number,
  { day, minute }: { readonly day: string; readonly minute: Date },
): Promise<Grant> =>
  (await first(
    on,
    sql<Grant>`
      UPDATE verifiers v SET used_day = ${day}::date, used = n.used + n.granted, used_minute = ${minute}::timestamptz, minute_used = n.minute_used + n.granted
      FROM (SELECT *, greatest(0, least(${wanted}::int, daily_budget - used, per_minute - minute_used)) AS granted
        FROM (SELECT organization_id, daily_budget, per_minute, CASE WHEN used_day = ${day}::date THEN used ELSE 0 END AS used,
            CASE WHEN used_minute = ${minute}::timestamptz THEN minute_used ELSE 0 END AS minute_used
          FROM verifiers WHERE organization_id = ${organization} FOR UPDATE) AS u) AS n
      WHERE v.organization_id = n.organization_id RETURNING n.granted, greatest(0, n.daily_budget - n.used - n.granted) AS left`,
  )) ?? { granted: 0, left: 0 };

/** Gives requests back that were not made, and stores how the others went. */
export const settleRequests = (
  on: Queryable,
  organization: OrganizationId,
  { unused, problem, at }: { readonly unused: number; readonly problem: string | null; readonly at: Date },
): Promise<number> =>
  on.execute(sql`
    UPDATE verifiers SET used = greatest(0, used - ${unused}), minute_used = greatest(0, minute_used - ${unused}), problem = ${problem},
      problem_at = CASE WHEN ${problem}::text IS NOT NULL THEN ${at}::timestamptz END
    WHERE organization_id = ${organization}`);

/** Locks the verifier until the transaction ends. */
export const lockVerifier = (tx: Queryable, organization: OrganizationId): Promise<number> =>
  tx.execute(sql`SELECT FROM verifiers WHERE organization_id = ${organization} FOR UPDATE`);
