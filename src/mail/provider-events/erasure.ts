/** Erasure of a person from what providers reported, and the reports' part of an export. */
import { chunkBytesMax, chunkRowsMax, erased } from '../../db/erasure.ts';
import type { ErasureStage, Redactor } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { redactEvents } from '../../events/index.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';

export interface StoredProviderEvent {
  id: string;
  email_id: string;
  recipient: string | null;
  type: string;
  occurred_at: Date;
  /** The event that was emitted for it. */
  event_id: string | null;
  /** JSON as the provider posted it. */
  data: Buffer;
}

/** A chunk of provider events with `id < before`, newest first. */
export const providerEventsBefore = (
  on: Queryable,
  organization: OrganizationId,
  before: string,
): Promise<StoredProviderEvent[]> =>
  on.query(sql<StoredProviderEvent>`
    SELECT id, type, occurred_at, email_id, recipient, event_id, data FROM (
      SELECT id, type, occurred_at, email_id, recipient, event_id, payload AS data, sum(octet_length(payload)) OVER (ORDER BY id DESC) AS bytes, row_number() OVER (ORDER BY id DESC) AS row
      FROM (SELECT * FROM inbound_events WHERE organization_id = ${organization} AND id < ${before} ORDER BY id DESC LIMIT ${chunkRowsMax}) AS next
    ) AS sized WHERE bytes <= ${chunkBytesMax} OR row = 1 ORDER BY id DESC`);

const providerEventsAfter = (
  on: Queryable,
  organization: OrganizationId,
  after: string,
  before: string,
): Promise<StoredProviderEvent[]> =>
  on.query(sql<StoredProviderEvent>`
    SELECT id, type, occurred_at, email_id, recipient, event_id, data FROM (
      SELECT id, type, occurred_at, email_id, recipient, event_id, payload AS data, sum(octet_length(payload)) OVER (ORDER BY id) AS bytes, row_number() OVER (ORDER BY id) AS row
      FROM (SELECT * FROM inbound_events WHERE organization_id = ${organization} AND id > ${after} AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax}) AS next
    ) AS sized WHERE bytes <= ${chunkBytesMax} OR row = 1 ORDER BY id`);

const writeProviderEvents = (
  tx: Transaction,
  organization: OrganizationId,
  rows: readonly { id: string; emailId: string; text: string }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE inbound_events i SET email_id = n.email_id, recipient = NULL, payload = convert_to(n.text, 'UTF8')
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ emailId }) => emailId)}::text[], ${rows.map(({ text }) => text)}::text[]) AS n (id, email_id, text)
    WHERE i.organization_id = ${organization} AND i.id = n.id`);

/** Whether a provider's report is about the person. A report that names another recipient is not, whatever its ids contain. */
export const reportSpeaksOf = (
  { speaksOf, recordSpeaksOf, keySpeaksOf }: Pick<Redactor, 'speaksOf' | 'recordSpeaksOf' | 'keySpeaksOf'>,
  { email_id: emailId, recipient, data }: Pick<StoredProviderEvent, 'email_id' | 'recipient' | 'data'>,
): boolean =>
  recipient === null
    ? recordSpeaksOf(data.toString()) || keySpeaksOf(emailId)
    : speaksOf(recipient) || speaksOf(data.toString()) || speaksOf(emailId);

/** Redacts reports about the person, and the events that were emitted for them. */
export const eraseProviderEvents: ErasureStage = async (tx, { organizationId, position, endId, redactor }) => {
  const rows = await providerEventsAfter(tx, organizationId, position || firstId, endId);
  const found = rows.filter((row) => reportSpeaksOf(redactor, row));
  // Where only the report's id names the person, the events stage did not find the emitted event.
  const emitted = found.flatMap(({ event_id: event }) => (event === null ? [] : [event]));
  await redactEvents(tx, organizationId, emitted, redactor);
  const redacted = found.flatMap(({ id, data, email_id: before, recipient }) => {
    const text = redactor.redactJson(data.toString());
    const emailId = redactor.keySpeaksOf(before) ? erased : before;
    return text === data.toString() && emailId === before && recipient === null ? [] : [{ id, text, emailId }];
  });
  if (redacted.length > 0) await writeProviderEvents(tx, organizationId, redacted);
  return { position: rows.at(-1)?.id, changed: redacted.length };
};
