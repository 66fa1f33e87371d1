import { parseAddress } from '../base/email-address.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import type { Transaction } from '../db/pool.ts';
import type { EmitAll } from '../events/index.ts';
import { idAt, lastId } from '../base/ids.ts';
import type { OrganizationId } from '../base/ids.ts';
import type { Suppressions } from '../crm/suppressions/index.ts';
import { removeContacts } from './person.ts';
import {
  activitiesAfter,
  deleteKeys,
  deliveriesAfter,
  endpointFrom,
  eraseAnswers,
  eraseImportErrors,
  eraseImports,
  eventsAfter,
  firstId,
  idsOfAddress,
  importErrorsAfter,
  inboundAfter,
  keysAfter,
  lockEvents,
  writeActivities,
  writeEvents,
  writeInbound,
} from './queries.ts';
import type { Erasure } from './queries.ts';
import { erased, reportSpeaksOf } from './redact.ts';
import type { Needles, Redactor } from './redact.ts';

/** One chunk's work for one person. */
export interface Chunk {
  readonly erasure: Pick<Erasure, 'organization_id' | 'position' | 'created_at'>;
  readonly needles: Needles;
  readonly redactor: Redactor;
  readonly at: Date;
}

/** What a chunk came to. */
export interface Walked {
  /** Of the last row looked at; undefined: there is no more. */
  readonly position: string | undefined;
  /** Rows that were changed. */
  readonly changed: number;
}

export interface Records {
  readonly suppressions: Pick<Suppressions, 'suppressed'>;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly emitAll: EmitAll;
}

type Stage = (tx: Transaction, chunk: Chunk, records: Records) => Promise<Walked>;

/** What was begun before the erasure is committed by then: what is newer than that is not of it. */
const settledMs = 60_000;

/** Where a walk along ids ends: what is written later is not of the person's past. */
const endOf = ({ created_at: at }: Chunk['erasure']): string => idAt(at.getTime() + settledMs);

const nothingLeft: Walked = { position: undefined, changed: 0 };

/** A contact that was being written while the person was erased. */
const contacts: Stage = async (
  tx,
  { erasure: { organization_id: organization, created_at: since }, needles, at },
  records,
) => {
  // Whoever lifts the suppression and writes the address again means it.
  const addresses = needles.addresses.map(parseAddress).filter((address) => 'key' in address);
  if ((await records.suppressions.suppressed(tx, organization, addresses)).size === 0) return nothingLeft;
  const found = await Promise.all(needles.addresses.map((address) => idsOfAddress(tx, organization, address)));
  const people = await records.contacts.byIds(tx, organization, found.flat());
  const late = people
    .filter(({ created_at: created }) => created.getTime() < since.getTime() + settledMs)
    .map(({ id }) => id);
  const removed = await removeContacts(tx, records, { organizationId: organization }, late, at);
  return { position: undefined, changed: removed.length };
};

/** Reads them again under a lock: another person's erasure may have been at it. @returns how many were changed. */
async function redactEvents(
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  redactor: Redactor,
): Promise<number> {
  if (ids.length === 0) return 0;
  const locked = await lockEvents(tx, organization, ids);
  const redacted = locked.map(({ id, data }) => ({
    id,
    before: data.toString(),
    text: redactor.redactJson(data.toString()),
  }));
  const different = redacted.filter(({ before, text }) => text !== before);
  return different.length === 0 ? 0 : writeEvents(tx, organization, different);
}

const events: Stage = async (tx, { erasure, redactor }) => {
  const { organization_id: organization } = erasure;
  const rows = await eventsAfter(tx, organization, erasure.position || firstId, endOf(erasure));
  const hits = rows.filter(({ data }) => redactor.recordSpeaksOf(data.toString())).map(({ id }) => id);
  return { position: rows.at(-1)?.id, changed: await redactEvents(tx, organization, hits, redactor) };
};

/** Endpoint by endpoint; the position is `endpoint/delivery`. */
const attempts: Stage = async (tx, { erasure: { organization_id: organization, position }, redactor }) => {
  const [begun = firstId, after = firstId] = position === '' ? [] : position.split('/');
  // Behind its last delivery the walk goes on with the endpoint after it.
  const endpoint = await endpointFrom(tx, organization, begun, after < lastId);
  if (endpoint === undefined) return nothingLeft;
  const deliveries = await deliveriesAfter(tx, endpoint, endpoint === begun ? after : firstId);
  const last = deliveries.at(-1);
  if (last === undefined) return { position: `${endpoint}/${lastId}`, changed: 0 };
  return {
    position: `${endpoint}/${last.id}`,
    changed: await eraseAnswers(tx, organization, deliveries, erased, redactor.expression),
  };
};

const inbound: Stage = async (tx, { erasure, redactor }) => {
  const { organization_id: organization } = erasure;
  const rows = await inboundAfter(tx, organization, erasure.position || firstId, endOf(erasure));
  const found = rows.filter((row) => reportSpeaksOf(redactor, row));
  // Only the report's id may have told whom it is about.
  const heard = found.flatMap(({ event_id: event }) => (event === null ? [] : [event]));
  await redactEvents(tx, organization, heard, redactor);
  const redacted = found
    .map(({ id, data, email_id: emailId, recipient }) => {
      const before = data.toString();
      const after = {
        id,
        text: redactor.redactJson(before),
        emailId: redactor.keySpeaksOf(emailId) ? erased : emailId,
        recipient: null,
      };
      return { ...after, differs: after.text !== before || after.emailId !== emailId || recipient !== null };
    })
    .filter(({ differs }) => differs);
  if (redacted.length > 0) await writeInbound(tx, organization, redacted);
  return { position: rows.at(-1)?.id, changed: redacted.length };
};

/** Those of others that name the person. */
const activities: Stage = async (tx, { erasure: { organization_id: organization, position }, redactor }) => {
  const rows = await activitiesAfter(tx, organization, position || firstId);
  const redacted = rows
    .filter(({ text }) => redactor.recordSpeaksOf(text))
    .map(({ id, text }) => ({ id, before: text, text: redactor.redactJson(text) }));
  const changed = redacted.length === 0 ? 0 : await writeActivities(tx, organization, redacted);
  return { position: rows.at(-1)?.id, changed };
};

/** What callers said of their files, and the columns: of a file without a header they are the first person's row. */
const imports: Stage = async (
  tx,
  { erasure: { organization_id: organization, position }, redactor: { expression } },
) => {
  if (expression === null) return nothingLeft;
  const { last, changed } = await eraseImports(tx, organization, position || firstId, expression, erased);
  return { position: last ?? undefined, changed };
};

/** Import by import; the position is `import/line`. */
const importErrors: Stage = async (tx, { erasure: { organization_id: organization, position }, redactor }) => {
  const [begun = firstId, line = '0'] = position === '' ? [] : position.split('/');
  const rows = await importErrorsAfter(tx, organization, { import: begun, line: Number(line) });
  const found = rows.filter(({ email, reason, blanked }) =>
    [email, reason, blanked].some((text) => text !== null && redactor.speaksOf(text)),
  );
  if (found.length > 0) await eraseImportErrors(tx, found, erased);
  const last = rows.at(-1);
  return { position: last === undefined ? undefined : `${last.import_id}/${last.line}`, changed: found.length };
};

/** Idempotency keys that a caller made of the address; they would go by themselves within days. */
const keys: Stage = async (tx, { erasure: { organization_id: organization, position }, redactor }) => {
  const rows = await keysAfter(tx, organization, position);
  const found = rows.filter(redactor.keySpeaksOf);
  if (found.length > 0) await deleteKeys(tx, organization, found);
  return { position: rows.at(-1), changed: found.length };
};

/** In this order: answers are taken away from deliveries of events that were redacted before. */
const stages = {
  contacts,
  events,
  inbound,
  activities,
  imports,
  import_errors: importErrors,
  keys,
  attempts,
} as const satisfies Record<string, Stage>;
type StageName = keyof typeof stages;
const names = Object.keys(stages) as StageName[];

export const firstStage: StageName = 'contacts';

export const stageOf = (name: string): Stage => {
  const stage = (stages as Readonly<Record<string, Stage>>)[name];
  if (stage === undefined) throw new Error(`There is no stage ${name}.`);
  return stage;
};

/** The stage after this one; undefined after the last. */
export const stageAfter = (name: string): StageName | undefined => names[names.indexOf(name as StageName) + 1];
