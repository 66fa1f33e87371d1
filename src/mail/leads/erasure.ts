/** Erasure of a person from leads, their history and the filters of additions, and the leads' part of an export. */
import { addressKey } from '../../base/email-address.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureProgress, ErasureStage, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import { openStatuses } from './lead.ts';
import type { LeadStatus } from './lead.ts';

/** Locks leads of a person that have ended, a chunk of them. Open ones were added after the suppression was lifted. */
const lockEnded = async (
  tx: Transaction,
  organization: OrganizationId,
  { keys, contactIds, before }: { keys: readonly string[]; contactIds: readonly string[]; before: string },
): Promise<string[]> =>
  (
    await tx.query(sql<{ id: string }>`
      SELECT id FROM campaign_leads WHERE id IN (
        SELECT lead_id FROM lead_keys WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[])
        UNION SELECT lead_id FROM lead_keys WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contactIds)}::uuid[])
      ) AND id < ${before} AND status <> ALL(${plainArray(openStatuses)}::text[])
      ORDER BY id LIMIT ${chunkRowsMax} FOR UPDATE`)
  ).map(({ id }) => id);

/** The address is unique in a campaign, so each lead gets a placeholder of its own. */
const blank = (tx: Transaction, ids: readonly string[]): Promise<number> =>
  tx.execute(sql`
    WITH keys AS (
      UPDATE lead_keys SET email_key = ${erased} || lead_id, contact_id = NULL, company_key = NULL WHERE lead_id = ANY(${plainArray(ids)}::uuid[]))
    UPDATE campaign_leads SET email = ${erased}, email_key = ${erased} || id, domain = ${erased}, company_key = NULL, contact_id = NULL, calendar = '', blocked_detail = NULL
    WHERE id = ANY(${plainArray(ids)}::uuid[])`);

interface Detail {
  readonly lead_id: string;
  readonly id: string;
  readonly text: string;
}

const detailsOf = (on: Queryable, leads: readonly string[]): Promise<Detail[]> =>
  on.query(sql<Detail>`
    SELECT lead_id, id, detail::text AS text FROM lead_history WHERE lead_id = ANY(${plainArray(leads)}::uuid[]) AND detail <> '{}'`);

const writeDetails = (tx: Transaction, rows: readonly Detail[]): Promise<number> =>
  tx.execute(sql`
    UPDATE lead_history h SET detail = n.text::jsonb
    FROM unnest(${plainArray(rows.map((row) => row.lead_id))}::uuid[], ${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ text }) => text)}::text[]) AS n (lead_id, id, text)
    WHERE h.lead_id = n.lead_id AND h.id = n.id`);

/** Empties the leads of a person. Their statuses, steps and times stay for the figures of their campaigns. */
export async function eraseLeads(
  tx: Transaction,
  { organizationId, endId, redactor, needles: { addresses, contactIds } }: PersonChunk,
): Promise<ErasureProgress> {
  const keys = addresses.flatMap((address) => addressKey(address) ?? []);
  const ids = await lockEnded(tx, organizationId, { keys, contactIds, before: endId });
  if (ids.length === 0) return nothingLeft;
  const details = (await detailsOf(tx, ids)).filter(({ text }) => redactor.recordSpeaksOf(text));
  if (details.length > 0)
    await writeDetails(
      tx,
      details.map((row) => ({ ...row, text: redactor.redactJson(row.text) })),
    );
  // A lead that is empty is not found again.
  return { position: ids.length < chunkRowsMax ? undefined : ids.at(-1), changed: await blank(tx, ids) };
}

interface Filter {
  readonly id: string;
  readonly text: string;
}

const filtersAfter = (on: Queryable, organization: OrganizationId, after: string, before: string): Promise<Filter[]> =>
  on.query(sql<Filter>`
    SELECT a.id, a.filter::text AS text FROM campaigns c JOIN lead_additions a ON a.campaign_id = c.id
    WHERE c.organization_id = ${organization} AND a.id > ${after} AND a.id < ${before} AND a.finished_at IS NOT NULL ORDER BY a.id LIMIT ${chunkRowsMax}`);

const writeFilters = (tx: Transaction, rows: readonly Filter[]): Promise<number> =>
  tx.execute(sql`
    UPDATE lead_additions a SET filter = n.text::jsonb
    FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ text }) => text)}::text[]) AS n (id, text) WHERE a.id = n.id`);

/** Redacts the filters of finished additions that contain the address; an unfinished one still needs its filter. */
export const eraseAdditions: ErasureStage = async (tx, { organizationId, position, endId, redactor }) => {
  const rows = await filtersAfter(tx, organizationId, position || firstId, endId);
  const found = rows
    .filter(({ text }) => redactor.recordSpeaksOf(text))
    .map(({ id, text }) => ({ id, text: redactor.redactJson(text) }));
  return {
    position: rows.at(-1)?.id,
    changed: found.length === 0 ? 0 : await writeFilters(tx, found),
  };
};

/** A lead of an export. */
export interface PersonLead {
  readonly id: string;
  readonly campaign_id: string;
  readonly email: string;
  readonly status: LeadStatus;
  readonly step: number;
  readonly verdict: string | null;
  readonly last_sent_at: Date | null;
  readonly replied_at: Date | null;
  readonly created_at: Date;
  /** The oldest first. */
  readonly history: readonly { readonly kind: string; readonly at: string; readonly detail: unknown }[];
}

/** Leads of a person in all campaigns, the newest first. @param key the address as addresses are compared; null: none */
export const leadsOfPerson = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  contact: string,
  limit: number,
): Promise<PersonLead[]> =>
  on.query(sql<PersonLead>`
    SELECT l.id, l.campaign_id, l.email, l.status, l.step, l.verdict, l.last_sent_at, l.replied_at, l.created_at,
      (SELECT coalesce(jsonb_agg(jsonb_build_object('kind', h.kind, 'at', h.at, 'detail', h.detail) ORDER BY h.id), '[]') FROM lead_history h WHERE h.lead_id = l.id) AS history
    FROM campaign_leads l WHERE l.id IN (
      SELECT lead_id FROM lead_keys WHERE organization_id = ${organization} AND email_key = ANY(${[...keys]}::text[])
      UNION SELECT lead_id FROM lead_keys WHERE organization_id = ${organization} AND contact_id = ${contact}
    ) ORDER BY l.id DESC LIMIT ${limit}`);
