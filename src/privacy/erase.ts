import { lockContacts, personOf } from '../crm/contacts/index.ts';
import { totalFor } from '../http/listing.ts';
import type { Paged } from '../http/listing.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import { eraseMergesOf } from '../crm/merges/index.ts';
import type { Editor } from '../crm/records/index.ts';
import type { Suppressions } from '../crm/suppressions/index.ts';
import { announce } from '../db/bus.ts';
import { Restart } from '../db/pool.ts';
import type { Database, Transaction } from '../db/pool.ts';
import type { Vault } from '../encryption/vault.ts';
import type { EmitAll } from '../events/index.ts';
import type { Clock } from '../base/clock.ts';
import { notFound } from '../base/errors.ts';
import type { Ids, OrganizationId } from '../base/ids.ts';
import { removeContacts } from './person.ts';
import { countErasures, erasureById, insertErasure, listErasures } from './queries.ts';
import type { Erasure } from './queries.ts';
import { needlesOf } from './redact.ts';
import { firstStage } from './stages.ts';

export interface EraseOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly emitAll: EmitAll;
  readonly contacts: Pick<Contacts, 'byIds' | 'merging' | 'removed'>;
  readonly suppressions: Pick<Suppressions, 'suppress' | 'hashOf' | 'lock'>;
  /** Called after a job is created. */
  readonly wake: () => void;
}

/** The vault context of `erasures.needles_sealed`. */
export const sealedAs = 'erasure';

/**
 * Creates, reads and lists erasures.
 * @example
 * const { erase, get } = createErasures({ db, clock, ids, vault, emitAll, contacts, suppressions, wake: runner.wake });
 * const { id } = await erase(principal, contactId);
 * (await get(principal.organizationId, id)).state; // 'running' until both rounds of the job are complete
 */
export function createErasures({ db, clock, ids, vault, emitAll, contacts, suppressions, wake }: EraseOptions) {
  async function eraseIn(tx: Transaction, editor: Editor, id: string): Promise<Erasure> {
    const { organizationId: organization } = editor;
    const at = new Date(clock.now());
    await suppressions.lock(tx, organization);
    const person = await personOf(tx, organization, id);
    if (person === undefined) throw notFound('Contact');
    const locked = await lockContacts(tx, organization, person.contactIds);
    if (!locked.some((each) => each.id === id)) throw notFound('Contact');
    const keys = new Set(person.keys);
    if (locked.some(({ email_key: key }) => key !== null && !keys.has(key)) || locked.length < person.contactIds.length)
      throw new Restart('The addresses of the person changed before they were locked.');
    const [key = null] = person.keys;
    await suppressions.suppress(
      tx,
      editor,
      person.keys.map((value) => ({ kind: 'email', value, reason: 'erased' })),
    );
    const removed = await removeContacts(tx, { contacts, emitAll }, editor, person.contactIds, at);
    const merged = await eraseMergesOf(tx, organization, person.contactIds, contacts.merging.read);
    const erasure = {
      id: ids.next<string>(),
      organization_id: organization,
      contact_id: id,
      hash: key === null ? null : await suppressions.hashOf(tx, organization, key),
      needles_sealed: await vault.seal(tx, organization, JSON.stringify(needlesOf([...removed, ...merged])), sealedAs),
      stage: firstStage,
      created_by: editor.keyId ?? null,
      created_at: at,
    };
    await insertErasure(tx, erasure);
    // An empty list wakes the job runners of every process; the first to look takes the job.
    await announce(tx, { kind: 'due', endpoints: [] });
    tx.afterCommit(wake);
    return {
      ...erasure,
      state: 'running',
      round: 1,
      position: '',
      events: 0,
      attempts: 0,
      others: 0,
      finished_at: null,
    };
  }

  return {
    /**
     * Erases a person. Immediately removes the contact, live or deleted, with all other contacts of its addresses and their activities, and
     * suppresses the addresses by their hashes. A job then redacts the logs. @throws ApiError `not_found`
     */
    erase: (editor: Editor, id: string): Promise<Erasure> => db.transaction((tx) => eraseIn(tx, editor, id)),

    /** @throws ApiError `not_found` */
    async get(organization: OrganizationId, id: string): Promise<Erasure> {
      const found = await erasureById(db, organization, id);
      if (found === undefined) throw notFound('Erasure');
      return found;
    },

    page: (organization: OrganizationId, page: Paged): Promise<[Erasure[], number]> =>
      Promise.all([listErasures(db, organization, page), totalFor(page, () => countErasures(db, organization, page))]),
  };
}
