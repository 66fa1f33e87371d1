import type { Queryable, Transaction } from '../db/pool.ts';
import { plainArray, sql } from '../db/sql.ts';
import type { EndpointId, EventId, OrganizationId } from '../base/ids.ts';
import { anyAt } from './spellings.ts';

/** The smallest UUID. */
export const firstId = '00000000-0000-0000-0000-000000000000';

// Erasures -------------------------------------------------------------------------------------------

export interface Erasure {
  id: string;
  organization_id: OrganizationId;
  contact_id: string;
  needles_sealed: Buffer | null;
  state: 'running' | 'completed';
  /** 1 or 2. */
  round: number;
  stage: string;
  position: string;
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

/** The newest first. */
export const listErasures = (
  on: Queryable,
  organization: OrganizationId,
  limit: number,
  offset: number,
): Promise<Erasure[]> =>
  on.query(
    sql<Erasure>`SELECT * FROM erasures WHERE organization_id = ${organization} ORDER BY id DESC LIMIT ${limit} OFFSET ${offset}`,
  );

export const countErasures = async (on: Queryable, organization: OrganizationId): Promise<number> =>
  (
    await on.query(
      sql<{ total: number }>`SELECT count(*) AS total FROM erasures WHERE organization_id = ${organization}`,
    )
  )[0]?.total ?? 0;

export const erasureById = async (
  on: Queryable,
  organization: OrganizationId,
  id: string,
): Promise<Erasure | undefined> =>
  (await on.query(sql<Erasure>`SELECT * FROM erasures WHERE organization_id = ${organization} AND id = ${id}`))[0];

/** How many are not over. */
export const unfinished = (on: Queryable): Promise<{ state: string; count: number }[]> =>
  on.query(
    sql<{
      state: string;
      count: number;
    }>`SELECT 'running' AS state, count(*) AS count FROM erasures WHERE state = 'running'`,
  );

/** Locks the one that has been due the longest, passing over those that another process has locked. */
export const takeDue = async (tx: Queryable, now: Date): Promise<Erasure | undefined> =>
  (
    await tx.query(
      sql<Erasure>`SELECT * FROM erasures WHERE state = 'running' AND due_at <= ${now} ORDER BY due_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
    )
  )[0];

/** When the next comes due, of those that are not due yet: a due one is locked, and so in another process's hands. */
export const nextDue = async (on: Queryable, now: Date): Promise<number | undefined> =>
  (
    await on.query(
      sql<{
        due_at: Date | null;
      }>`SELECT min(due_at) AS due_at FROM erasures WHERE state = 'running' AND due_at > ${now}`,
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

/** What was looked for is forgotten. */
export const complete = (tx: Queryable, id: string, at: Date): Promise<number> =>
  tx.execute(
    sql`UPDATE erasures SET state = 'completed', needles_sealed = NULL, position = '', finished_at = ${at} WHERE id = ${id}`,
  );

// The person's records -------------------------------------------------------------------------------

/** The address of a contact, live or deleted; undefined when there is no such contact. */
export const addressOf = async (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
): Promise<{ email_key: string | null } | undefined> =>
  (
    await on.query(
      sql<{
        email_key: string | null;
      }>`SELECT email_key FROM contacts WHERE organization_id = ${organization} AND id = ${contact}`,
    )
  )[0];

/** The ids of all contacts that have or had the address, live and deleted. */
export const idsOfAddress = async (on: Queryable, organization: OrganizationId, key: string): Promise<string[]> =>
  (
    await on.query(sql<{ id: string }>`
      SELECT id FROM contacts WHERE organization_id = ${organization} AND email_key = ${key} AND deleted_at IS NULL AND email_key IS NOT NULL
      UNION ALL
      SELECT id FROM contacts WHERE organization_id = ${organization} AND email_key = ${key} AND deleted_at IS NOT NULL`)
  ).map(({ id }) => id);

/** In the order in which contacts are locked. */
export const lockContacts = (
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<{ id: string; email_key: string | null }[]> =>
  tx.query(sql<{ id: string; email_key: string | null }>`
    SELECT id, email_key FROM contacts WHERE organization_id = ${organization} AND id = ANY(${plainArray(contacts)}::uuid[]) ORDER BY email_key, id FOR UPDATE`);

/** With their places in projects, which are locked first, as the deletion of a project removes its places in no order. */
export async function deleteContacts(
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<void> {
  await tx.execute(sql`
    SELECT FROM projects WHERE organization_id = ${organization} AND id IN (SELECT project_id FROM project_contacts WHERE contact_id = ANY(${plainArray(contacts)}::uuid[]))
    ORDER BY id FOR KEY SHARE`);
  await tx.execute(sql`DELETE FROM project_contacts WHERE contact_id = ANY(${plainArray(contacts)}::uuid[])`);
  await tx.execute(
    sql`DELETE FROM contacts WHERE organization_id = ${organization} AND id = ANY(${plainArray(contacts)}::uuid[])`,
  );
}

export interface ActivityRow {
  id: string;
  activity_type: string;
  contact_id: string | null;
  company_id: string | null;
  project_id: string | null;
  occurred_at: Date;
  metadata: Record<string, unknown>;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

/** The newest first. */
export const activitiesOf = (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
  limit: number,
): Promise<ActivityRow[]> =>
  on.query(sql<ActivityRow>`
    SELECT id, activity_type, contact_id, company_id, project_id, occurred_at, metadata, created_by, created_at, updated_at FROM activities
    WHERE organization_id = ${organization} AND contact_id = ${contact} ORDER BY id DESC LIMIT ${limit}`);

export const deleteActivities = (
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<ActivityRow[]> =>
  tx.query(sql<ActivityRow>`
    DELETE FROM activities WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contacts)}::uuid[])
    RETURNING id, activity_type, contact_id, company_id, project_id, occurred_at, metadata, created_by, created_at, updated_at`);

export const projectsOf = (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
  limit: number,
): Promise<{ id: string; name: string; since: Date }[]> =>
  on.query(sql<{ id: string; name: string; since: Date }>`
    SELECT p.id, p.name, pc.created_at AS since FROM project_contacts pc JOIN projects p ON p.id = pc.project_id
    WHERE pc.contact_id = ${contact} AND p.organization_id = ${organization} ORDER BY p.id DESC LIMIT ${limit}`);

// Walks: each statement reads no more than a chunk ----------------------------------------------------

/** A stored JSON text. */
export interface Stored {
  id: string;
  data: Buffer;
}

const rowsMax = 500;
/** One row is had however large it is. */
const bytesMax = 4 * 1024 * 1024;

/** Events with `after < id < before`, the oldest first. */
export const eventsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
): Promise<Stored[]> =>
  on.query(sql<Stored>`
    SELECT id, data FROM (
      SELECT id, data, sum(octet_length(data)) OVER (ORDER BY id) AS bytes, row_number() OVER (ORDER BY id) AS row
      FROM (SELECT id, data FROM events WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${rowsMax}) AS next
    ) AS sized WHERE bytes <= ${bytesMax} OR row = 1 ORDER BY id`);

export interface StoredEvent extends Stored {
  type: string;
  occurred_at: Date;
}

/** Events with `id < before`, the newest first. */
export const eventsBefore = (on: Queryable, organization: OrganizationId, before: string): Promise<StoredEvent[]> =>
  on.query(sql<StoredEvent>`
    SELECT id, type, occurred_at, data FROM (
      SELECT id, type, occurred_at, data, sum(octet_length(data)) OVER (ORDER BY id DESC) AS bytes, row_number() OVER (ORDER BY id DESC) AS row
      FROM (SELECT id, type, occurred_at, data FROM events WHERE organization_id = ${organization} AND id < ${before} ORDER BY id DESC LIMIT ${rowsMax}) AS next
    ) AS sized WHERE bytes <= ${bytesMax} OR row = 1 ORDER BY id DESC`);

/** By id, so that two erasures of the same event do not wait for each other in a circle. */
export const lockEvents = (tx: Queryable, organization: OrganizationId, ids: readonly string[]): Promise<Stored[]> =>
  tx.query(
    sql<Stored>`SELECT id, data FROM events WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) ORDER BY id FOR UPDATE`,
  );

export const writeEvents = (
  tx: Queryable,
  organization: OrganizationId,
  rows: readonly { id: string; text: string }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE events e SET data = convert_to(n.text, 'UTF8')
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ text }) => text)}::text[]) AS n (id, text)
    WHERE e.organization_id = ${organization} AND e.id = n.id`);

export interface StoredInbound extends Stored {
  email_id: string;
  recipient: string | null;
  type: string;
  occurred_at: Date;
  /** What subscribers heard of it. */
  event_id: string | null;
}

/** Inbound events with `after < id < before`, the oldest first. */
export const inboundAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
): Promise<StoredInbound[]> =>
  on.query(sql<StoredInbound>`
    SELECT id, type, occurred_at, email_id, recipient, event_id, data FROM (
      SELECT id, type, occurred_at, email_id, recipient, event_id, payload AS data, sum(octet_length(payload)) OVER (ORDER BY id) AS bytes, row_number() OVER (ORDER BY id) AS row
      FROM (SELECT * FROM inbound_events WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${rowsMax}) AS next
    ) AS sized WHERE bytes <= ${bytesMax} OR row = 1 ORDER BY id`);

/** Inbound events with `id < before`, the newest first. */
export const inboundBefore = (on: Queryable, organization: OrganizationId, before: string): Promise<StoredInbound[]> =>
  on.query(sql<StoredInbound>`
    SELECT id, type, occurred_at, email_id, recipient, event_id, data FROM (
      SELECT id, type, occurred_at, email_id, recipient, event_id, payload AS data, sum(octet_length(payload)) OVER (ORDER BY id DESC) AS bytes, row_number() OVER (ORDER BY id DESC) AS row
      FROM (SELECT * FROM inbound_events WHERE organization_id = ${organization} AND id < ${before} ORDER BY id DESC LIMIT ${rowsMax}) AS next
    ) AS sized WHERE bytes <= ${bytesMax} OR row = 1 ORDER BY id DESC`);

export const writeInbound = (
  tx: Queryable,
  organization: OrganizationId,
  rows: readonly { id: string; emailId: string; recipient: string | null; text: string }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE inbound_events i SET email_id = n.email_id, recipient = n.recipient, payload = convert_to(n.text, 'UTF8')
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ emailId }) => emailId)}::text[], ${rows.map(({ recipient }) => recipient)}::text[],
      ${rows.map(({ text }) => text)}::text[]) AS n (id, email_id, recipient, text)
    WHERE i.organization_id = ${organization} AND i.id = n.id`);

/** The organization's endpoint with the least id after this one, or this one itself; a deleted one too. */
export const endpointFrom = async (
  on: Queryable,
  organization: OrganizationId,
  from: string,
  itself: boolean,
): Promise<EndpointId | undefined> =>
  (
    await on.query(
      sql<{
        id: EndpointId;
      }>`SELECT id FROM endpoints WHERE organization_id = ${organization} AND id >= ${from} AND (id <> ${from} OR ${itself}) ORDER BY id LIMIT 1`,
    )
  )[0]?.id;

export const deliveriesAfter = (
  on: Queryable,
  endpoint: EndpointId,
  after: string,
): Promise<{ id: string; event_id: EventId }[]> =>
  on.query(sql<{ id: string; event_id: EventId }>`
    SELECT id, event_id FROM deliveries WHERE endpoint_id = ${endpoint} AND id > ${after} ORDER BY id LIMIT ${rowsMax * 2}`);

/**
 * Takes away what receivers answered to deliveries of events that were redacted, for they may have sent back what they got; and any other
 * answer in which an address stands.
 * @param deliveries in the order of their ids
 * @param expression finds the address; null: there is none
 * @returns how many attempts.
 */
export const eraseAnswers = (
  tx: Queryable,
  organization: OrganizationId,
  deliveries: readonly { id: string; event_id: EventId }[],
  mark: string,
  expression: string | null,
): Promise<number> =>
  tx.execute(sql`
    UPDATE attempts a SET response_headers = CASE WHEN a.response_headers IS NOT NULL THEN '{}' END, response_body = CASE WHEN a.response_body <> '' THEN ${mark}::text ELSE a.response_body END
    FROM unnest(${plainArray(deliveries.map(({ id }) => id))}::uuid[], ${plainArray(deliveries.map(({ event_id: event }) => event))}::uuid[]) AS d (id, event_id)
    LEFT JOIN events e ON e.organization_id = ${organization} AND e.id = d.event_id
    WHERE a.delivery_id = d.id AND a.delivery_id BETWEEN ${deliveries[0]?.id ?? firstId} AND ${deliveries.at(-1)?.id ?? firstId}
      AND (a.response_headers <> '{}' OR a.response_body NOT IN ('', ${mark}))
      AND (position(convert_to(${mark}, 'UTF8') IN e.data) > 0
        OR (a.response_body ~* ${anyAt} AND a.response_body ~* ${expression}) OR (a.response_headers ~* ${anyAt} AND a.response_headers ~* ${expression}))`);

export const activitiesAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
): Promise<{ id: string; text: string }[]> =>
  on.query(sql<{ id: string; text: string }>`
    SELECT id, metadata::text AS text FROM activities WHERE organization_id = ${organization} AND id > ${after} ORDER BY id LIMIT ${rowsMax / 5}`);

/** Of those that are still as they were read; the second round finds the others. */
export const writeActivities = (
  tx: Queryable,
  organization: OrganizationId,
  rows: readonly { id: string; before: string; text: string }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE activities a SET metadata = n.text::jsonb, search = chr(31)
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ before }) => before)}::text[], ${rows.map(({ text }) => text)}::text[]) AS n (id, before, text)
    WHERE a.organization_id = ${organization} AND a.id = n.id AND a.metadata::text = n.before AND a.metadata <> n.text::jsonb`);

/**
 * Of up to 100 imports from behind that one; those that are not over need their columns yet.
 * @returns the last one looked at, and how many were changed
 */
export const eraseImports = async (
  tx: Queryable,
  organization: OrganizationId,
  after: string,
  expression: string,
  mark: string,
): Promise<{ last: string | null; changed: number }> =>
  (
    await tx.query(sql<{ last: string | null; changed: number }>`
      WITH next AS (
        SELECT id, columns::text ~* ${expression} OR mapping::text ~* ${expression} AS in_columns FROM imports
        WHERE organization_id = ${organization} AND id > ${after} AND finished_at IS NOT NULL ORDER BY id LIMIT ${rowsMax / 5}
      ), changed AS (
        UPDATE imports i SET
          file_name = CASE WHEN file_name ~* ${expression} THEN ${mark} ELSE file_name END,
          lawful_basis_source = CASE WHEN lawful_basis_source ~* ${expression} THEN ${mark} ELSE lawful_basis_source END,
          mapping = CASE WHEN in_columns THEN '{}' ELSE mapping END,
          columns = CASE WHEN in_columns THEN (SELECT jsonb_agg(jsonb_build_array(${mark}::text, c.pair -> 1) ORDER BY c.place) FROM jsonb_array_elements(i.columns) WITH ORDINALITY AS c (pair, place))
            ELSE columns END
        FROM next n WHERE i.id = n.id AND (in_columns OR file_name ~* ${expression} OR lawful_basis_source ~* ${expression}) RETURNING i.id
      ) SELECT (SELECT id FROM next ORDER BY id DESC LIMIT 1) AS last, (SELECT count(*) FROM changed) AS changed`)
  )[0] ?? { last: null, changed: 0 };

export interface ImportErrorRow {
  import_id: string;
  line: number;
  email: string | null;
  reason: string;
  /** JSON of the values that were left out of the row. */
  blanked: string | null;
}

/** From behind that line of that import, import by import. */
export const importErrorsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: { readonly import: string; readonly line: number },
): Promise<ImportErrorRow[]> =>
  on.query(sql<ImportErrorRow>`
    SELECT e.import_id, e.line, e.email, e.reason, e.blanked::text AS blanked FROM imports i CROSS JOIN LATERAL (
      SELECT * FROM import_errors WHERE import_id = i.id AND (i.id > ${after.import} OR line > ${after.line}) ORDER BY line LIMIT ${rowsMax}
    ) e WHERE i.organization_id = ${organization} AND i.id >= ${after.import} ORDER BY i.id, e.line LIMIT ${rowsMax}`);

export const eraseImportErrors = (tx: Queryable, rows: readonly ImportErrorRow[], mark: string): Promise<number> =>
  tx.execute(sql`
    UPDATE import_errors e SET email = ${mark}, reason = ${mark}, blanked = CASE WHEN blanked IS NOT NULL THEN '[]'::jsonb END
    FROM unnest(${plainArray(rows.map((row) => row.import_id))}::uuid[], ${plainArray(rows.map((row) => row.line))}::bigint[]) AS n (import_id, line)
    WHERE e.import_id = n.import_id AND e.line = n.line`);

/** Whether anything of a file is still here whose import was begun before then. One that waits for its file has nothing of anybody. */
export const isImporting = async (on: Queryable, organization: OrganizationId, before: Date): Promise<boolean> =>
  (
    await on.query(
      sql<{
        busy: boolean;
      }>`SELECT EXISTS (
          SELECT FROM imports i WHERE i.organization_id = ${organization} AND i.finished_at IS NULL AND i.created_at <= ${before}
            AND EXISTS (SELECT FROM import_chunks c WHERE c.import_id = i.id)) AS busy`,
    )
  )[0]?.busy === true;

export const keysAfter = async (on: Queryable, organization: OrganizationId, after: string): Promise<string[]> =>
  (
    await on.query(
      sql<{
        key: string;
      }>`SELECT key FROM idempotency_keys WHERE organization_id = ${organization} AND key > ${after} ORDER BY key LIMIT ${rowsMax * 4}`,
    )
  ).map(({ key }) => key);

export const deleteKeys = (tx: Queryable, organization: OrganizationId, keys: readonly string[]): Promise<number> =>
  tx.execute(sql`DELETE FROM idempotency_keys WHERE organization_id = ${organization} AND key = ANY(${keys}::text[])`);
