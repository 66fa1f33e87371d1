/** Erasure of events, of a person from the event log and from idempotency keys, and the log's part of an export. */
import { announce } from '../db/bus.ts';
import { chunkBytesMax, chunkRowsMax } from '../db/erasure.ts';
import type { ErasureStage, Redactor } from '../db/erasure.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import { plainArray, sql } from '../db/sql.ts';
import { firstId } from '../base/ids.ts';
import type { EventId, OrganizationId } from '../base/ids.ts';
import { eraseDeliveries } from '../delivery/queue/erase.ts';
import type { ErasedEvent } from '../delivery/queue/erase.ts';
import type { Reach } from './queries.ts';

interface EventData {
  id: string;
  data: Buffer;
}

export interface StoredEvent extends EventData {
  type: string;
  occurred_at: Date;
}

/** A chunk of the event log with `id < before`, newest first. */
export const eventsBefore = (on: Queryable, organization: OrganizationId, before: string): Promise<StoredEvent[]> =>
  on.query(sql<StoredEvent>`
    SELECT id, type, occurred_at, data FROM (
      SELECT id, type, occurred_at, data, sum(octet_length(data)) OVER (ORDER BY id DESC) AS bytes, row_number() OVER (ORDER BY id DESC) AS row
      FROM (SELECT id, type, occurred_at, data FROM events WHERE organization_id = ${organization} AND id < ${before} ORDER BY id DESC LIMIT ${chunkRowsMax}) AS next
    ) AS sized WHERE bytes <= ${chunkBytesMax} OR row = 1 ORDER BY id DESC`);

const eventsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
): Promise<EventData[]> =>
  on.query(sql<EventData>`
    SELECT id, data FROM (
      SELECT id, data, sum(octet_length(data)) OVER (ORDER BY id) AS bytes, row_number() OVER (ORDER BY id) AS row
      FROM (SELECT id, data FROM events WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax}) AS next
    ) AS sized WHERE bytes <= ${chunkBytesMax} OR row = 1 ORDER BY id`);

/** Locks in the order of ids, so that two erasures of the same events cannot deadlock. */
const lockEvents = (tx: Transaction, organization: OrganizationId, ids: readonly string[]): Promise<EventData[]> =>
  tx.query(
    sql<EventData>`SELECT id, data FROM events WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) ORDER BY id FOR UPDATE`,
  );

const writeEvents = (
  tx: Transaction,
  organization: OrganizationId,
  rows: readonly { id: string; text: string }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE events e SET data = convert_to(n.text, 'UTF8')
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ text }) => text)}::text[]) AS n (id, text)
    WHERE e.organization_id = ${organization} AND e.id = n.id`);

/** Redacts these events. Reads them again under a lock, because another person's erasure may have changed them. @returns how many changed. */
export async function redactEvents(
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  redactor: Redactor,
): Promise<number> {
  if (ids.length === 0) return 0;
  const locked = await lockEvents(tx, organization, ids);
  const redacted = locked.flatMap(({ id, data }) => {
    const before = data.toString();
    const text = redactor.redactJson(before);
    return text === before ? [] : [{ id, text }];
  });
  return redacted.length === 0 ? 0 : writeEvents(tx, organization, redacted);
}

/** Redacts the events whose data is about the person. */
export const eraseEvents: ErasureStage = async (tx, { organizationId, position, endId, redactor }) => {
  const rows = await eventsAfter(tx, organizationId, position || firstId, endId);
  const found = rows.filter(({ data }) => redactor.recordSpeaksOf(data.toString())).map(({ id }) => id);
  return { position: rows.at(-1)?.id, changed: await redactEvents(tx, organizationId, found, redactor) };
};

/**
 * Erases the data of events and the responses to their deliveries, and cancels the pending ones.
 * @returns how many were erased; already erased events count, too, since a delivery may have been created in the meantime
 */
export async function eraseData(
  tx: Transaction,
  { organizationId: organization, workspaceId }: Reach,
  ids: readonly EventId[],
  nowMs: number,
): Promise<{ events: number; cancelled: number }> {
  const rows = await tx.query(sql<ErasedEvent>`
    SELECT id, workspace_id FROM events
    WHERE organization_id = ${organization} AND id = ANY(${plainArray(ids)}::uuid[]) AND (${workspaceId ?? null}::uuid IS NULL OR workspace_id = ${workspaceId ?? null})
    ORDER BY id FOR UPDATE`);
  if (rows.length === 0) return { events: 0, cancelled: 0 };
  await tx.execute(sql`
    UPDATE events SET data = 'null', traceparent = NULL, erased_at = ${new Date(nowMs)}
    WHERE organization_id = ${organization} AND id = ANY(${plainArray(rows.map(({ id }) => id))}::uuid[]) AND erased_at IS NULL`);
  const cancelled = await eraseDeliveries(tx, organization, rows, nowMs);
  // A delivery that a process has claimed is still in the queue, so it was cancelled.
  if (cancelled > 0) await announceErased(tx, rows);
  return { events: rows.length, cancelled };
}

/** A notice has at most 8,000 bytes. */
const announcedMax = 150;

async function announceErased(tx: Transaction, events: readonly ErasedEvent[]): Promise<void> {
  for (let from = 0; from < events.length; from += announcedMax)
    await announce(tx, { kind: 'erased', events: events.slice(from, from + announcedMax).map(({ id }) => id) });
}

const keysAfter = async (on: Queryable, organization: OrganizationId, after: string): Promise<string[]> =>
  (
    await on.query(
      sql<{
        key: string;
      }>`SELECT key FROM idempotency_keys WHERE organization_id = ${organization} AND key > ${after} ORDER BY key LIMIT ${chunkRowsMax * 4}`,
    )
  ).map(({ key }) => key);

const deleteKeys = (tx: Transaction, organization: OrganizationId, keys: readonly string[]): Promise<number> =>
  tx.execute(sql`DELETE FROM idempotency_keys WHERE organization_id = ${organization} AND key = ANY(${keys}::text[])`);

/** Deletes idempotency keys that callers built from the address; otherwise they would expire within days. */
export const eraseIdempotencyKeys: ErasureStage = async (tx, { organizationId, position, redactor }) => {
  const rows = await keysAfter(tx, organizationId, position);
  const found = rows.filter(redactor.keySpeaksOf);
  if (found.length > 0) await deleteKeys(tx, organizationId, found);
  return { position: rows.at(-1), changed: found.length };
};
