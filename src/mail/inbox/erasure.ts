/** Erasure of a person from replies, and the replies' part of an export. */
import { addressKey } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { chunkRowsMax, erased, nothingLeft } from '../../db/erasure.ts';
import type { ErasureProgress, PersonChunk } from '../../db/erasure.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { plainArray, sql } from '../../db/sql.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { ReplyClass } from '../replies/index.ts';
import { blankReceived } from '../sending/index.ts';
import { openDetails } from './details.ts';
import { referralKeys } from './referral-key.ts';
import { detailsContext } from './reply.ts';
import type { ClassSource, Details } from './reply.ts';

/** Without details, a reply is read as erased. An empty one is not found again. */
const blank = (
  tx: Transaction,
  organization: OrganizationId,
  { keys, contactIds, before }: { keys: readonly string[]; contactIds: readonly string[]; before: string },
): Promise<number> =>
  tx.execute(sql`
    UPDATE replies SET details = '', referral_key = '', from_key = ${erased}, contact_id = NULL WHERE id IN (
      SELECT id FROM replies WHERE organization_id = ${organization} AND from_key = ANY(${[...keys]}::text[]) AND id < ${before}
      UNION SELECT id FROM replies WHERE organization_id = ${organization} AND contact_id = ANY(${plainArray(contactIds)}::uuid[]) AND id < ${before}
      LIMIT ${chunkRowsMax})`);

interface Sealed {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly details: Buffer;
}

/** Locks replies that are older than `referral_key`. */
const lockUnkeyed = (tx: Transaction, organization: OrganizationId): Promise<Sealed[]> =>
  tx.query(sql<Sealed>`
    SELECT id, organization_id, details FROM replies WHERE organization_id = ${organization} AND referral_key IS NULL ORDER BY id LIMIT ${chunkRowsMax} FOR UPDATE`);

const writeKeys = (tx: Transaction, rows: readonly { readonly id: string; readonly key: Buffer }[]): Promise<number> =>
  tx.execute(sql`
    UPDATE replies r SET referral_key = n.key FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ key }) => key)}::bytea[]) AS n (id, key)
    WHERE r.id = n.id`);

/** Locks replies of others that name the person. */
const lockNaming = (
  tx: Transaction,
  organization: OrganizationId,
  keys: readonly Buffer[],
  before: string,
): Promise<Sealed[]> =>
  tx.query(sql<Sealed>`
    SELECT id, organization_id, details FROM replies
    WHERE organization_id = ${organization} AND referral_key = ANY(${[...keys]}::bytea[]) AND referral_key <> '' AND id < ${before} ORDER BY id LIMIT ${chunkRowsMax} FOR UPDATE`);

const writeDetails = (
  tx: Transaction,
  rows: readonly { readonly id: string; readonly details: Buffer }[],
): Promise<number> =>
  tx.execute(sql`
    UPDATE replies r SET details = n.details, referral_key = '' FROM unnest(${plainArray(rows.map(({ id }) => id))}::uuid[], ${rows.map(({ details }) => details)}::bytea[]) AS n (id, details)
    WHERE r.id = n.id`);

type ReplyVault = Pick<Vault, 'open' | 'seal' | 'mac'>;

/** Gives a chunk of old replies their keys. @returns how many */
async function keyOld(tx: Transaction, vault: ReplyVault, organization: OrganizationId): Promise<number> {
  const rows = await lockUnkeyed(tx, organization);
  if (rows.length === 0) return 0;
  const details = await Promise.all(rows.map((row) => openDetails(vault, tx, row)));
  const referrals = details.map(({ referral }) => referral);
  const keys = await referralKeys(vault, tx, organization, referrals);
  return writeKeys(
    tx,
    rows.map(({ id }, index) => ({ id, key: keys[index] ?? Buffer.alloc(0) })),
  );
}

/** Removes what others wrote about the person. @returns how many replies were changed */
async function redactNaming(
  tx: Transaction,
  vault: ReplyVault,
  organization: OrganizationId,
  keys: readonly Buffer[],
  before: string,
): Promise<number> {
  const rows = await lockNaming(tx, organization, keys, before);
  if (rows.length === 0) return 0;
  await blankReceived(
    tx,
    organization,
    rows.map(({ id }) => id),
  );
  return writeDetails(
    tx,
    await Promise.all(
      rows.map(async (row) => {
        const { returnDate = null } = await openDetails(vault, tx, row);
        // The text does not show which part is about whom.
        const details: Details = { text: erased, reasons: [], referral: null, returnDate };
        return {
          id: row.id,
          details: await vault.seal(tx, organization, JSON.stringify(details), detailsContext),
        };
      }),
    ),
  );
}

/** Empties replies of the person, and those of others that name them. Their classes and times stay for the figures. */
export async function eraseReplies(
  tx: Transaction,
  { organizationId, endId, vault, needles: { addresses, contactIds } }: PersonChunk & { readonly vault: ReplyVault },
): Promise<ErasureProgress> {
  const more: ErasureProgress = { position: endId, changed: 0 };
  if ((await keyOld(tx, vault, organizationId)) === chunkRowsMax) return more;
  const keys = addresses.flatMap((address) => [addressKey(address) ?? [], address.toLowerCase()].flat());
  const own = await blank(tx, organizationId, { keys, contactIds, before: endId });
  if (own === chunkRowsMax) return { ...more, changed: own };
  const named = await referralKeys(
    vault,
    tx,
    organizationId,
    addresses.map((email) => ({ email })),
  );
  const others = await redactNaming(tx, vault, organizationId, named, endId);
  // An empty reply is not found again.
  return others === chunkRowsMax ? { ...more, changed: own + others } : { ...nothingLeft, changed: own + others };
}

/** A reply of an export, sealed. */
export interface PersonReply {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly classification: ReplyClass;
  readonly source: ClassSource;
  readonly return_date: string | null;
  readonly details: Buffer;
  readonly received_at: Date;
}

/** Replies of a person, the newest first. @param key the address as addresses are compared; null: none */
export const repliesOfPerson = (
  on: Queryable,
  organization: OrganizationId,
  keys: readonly string[],
  contact: string,
  limit: number,
): Promise<PersonReply[]> =>
  on.query(sql<PersonReply>`
    SELECT id, organization_id, campaign_id, lead_id, classification, source, return_date::text AS return_date, details, received_at FROM replies WHERE id IN (
      SELECT id FROM replies WHERE organization_id = ${organization} AND from_key = ANY(${[...keys]}::text[])
      UNION SELECT id FROM replies WHERE organization_id = ${organization} AND contact_id = ${contact}
    ) ORDER BY received_at DESC, id DESC LIMIT ${limit}`);
