/** Erasure of a person from activities, and their part of an export. */
import { chunkRowsMax } from '../../db/erasure.ts';
import type { ErasureStage } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Emit } from '../../events/index.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { actorOf } from '../records/index.ts';
import type { Editor } from '../records/index.ts';
import { activityOnWire } from './activity.ts';
import type { Activity } from './activity.ts';
import { activityColumns } from './queries.ts';

/** A contact's activities, newest first. */
export const activitiesOfContact = (
  on: Queryable,
  organization: OrganizationId,
  contact: string,
  limit: number,
): Promise<Activity[]> =>
  on.query(sql<Activity>`
    SELECT ${activityColumns} FROM activities
    WHERE organization_id = ${organization} AND contact_id = ${contact} ORDER BY id DESC LIMIT ${limit}`);

const deleteOfContacts = (
  tx: Transaction,
  organization: OrganizationId,
  contacts: readonly string[],
): Promise<Activity[]> =>
  tx.query(sql<Activity>`
    DELETE FROM activities WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contacts)}::uuid[])
    RETURNING ${activityColumns}`);

/**
 * Deletes the activities of erased contacts. The caller emits the events and counts the records.
 * @returns an `activity.deleted` event for each, with `erased: true` and without metadata.
 */
export async function eraseActivitiesOf(
  tx: Transaction,
  editor: Editor,
  contacts: readonly string[],
  at: Date,
): Promise<Parameters<Emit>[1][]> {
  const { organizationId } = editor;
  return (await deleteOfContacts(tx, organizationId, contacts)).map((activity) => ({
    organizationId,
    type: 'activity.deleted',
    occurredAtMs: at.getTime(),
    data: { ...activityOnWire({ ...activity, metadata: {} }), actor: actorOf(editor), erased: true },
  }));
}

interface Metadata {
  id: string;
  text: string;
}

const metadataAfter = (on: Queryable, organization: OrganizationId, after: string): Promise<Metadata[]> =>
  on.query(sql<Metadata>`
    SELECT id, metadata::text AS text FROM activities WHERE organization_id = ${organization} AND id > ${after} ORDER BY id LIMIT ${chunkRowsMax / 5}`);

/** Writes only rows that have not changed since they were read; the second round finds the others. */
const writeMetadata = (
  tx: Transaction,
  organization: OrganizationId,
  rows: readonly (Metadata & { before: string })[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE activities a SET metadata = n.text::jsonb, search = chr(31)
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ before }) => before)}::text[], ${rows.map(({ text }) => text)}::text[]) AS n (id, before, text)
    WHERE a.organization_id = ${organization} AND a.id = n.id AND a.metadata::text = n.before AND a.metadata <> n.text::jsonb`);

/** Redacts activities of other contacts that mention the person. */
export const eraseActivities: ErasureStage = async (tx, { organizationId, position, redactor }) => {
  const rows = await metadataAfter(tx, organizationId, position || firstId);
  const redacted = rows
    .filter(({ text }) => redactor.recordSpeaksOf(text))
    .map(({ id, text }) => ({ id, before: text, text: redactor.redactJson(text) }));
  const changed = redacted.length === 0 ? 0 : await writeMetadata(tx, organizationId, redacted);
  return { position: rows.at(-1)?.id, changed };
};
