import type { Clock } from '../base/clock.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import { announce } from '../db/bus.ts';
import { Restart } from '../db/pool.ts';
import type { Database, Queryable, Transaction } from '../db/pool.ts';
import { notFound } from '../base/errors.ts';
import type { EmitAll } from '../events/index.ts';
import type { Ids, OrganizationId } from '../base/ids.ts';
import type { Editor } from '../crm/records/index.ts';
import type { Suppressions } from '../crm/suppressions/index.ts';
import type { Vault } from '../encryption/vault.ts';
import { removeContacts } from './person.ts';
import {
  addressOf,
  countErasures,
  erasureById,
  idsOfAddress,
  insertErasure,
  listErasures,
  lockContacts,
} from './queries.ts';
import type { Erasure } from './queries.ts';
import { needlesOf } from './redact.ts';
import { firstStage } from './stages.ts';

export interface EraseOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly emitAll: EmitAll;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly suppressions: Pick<Suppressions, 'suppress' | 'hashOf' | 'lock'>;
  /** Called when a job has begun. */
  readonly wake: () => void;
}

export const sealedAs = 'erasure';

export function createErasures({ db, clock, ids, vault, emitAll, contacts, suppressions, wake }: EraseOptions) {
  /** The contact and all others of its address. @throws ApiError `not_found` */
  async function personOf(
    on: Queryable,
    organization: OrganizationId,
    id: string,
  ): Promise<{ key: string | null; ids: readonly string[] }> {
    const found = await addressOf(on, organization, id);
    if (found === undefined) throw notFound('Contact');
    const { email_key: key } = found;
    return { key, ids: key === null ? [id] : [...new Set([id, ...(await idsOfAddress(on, organization, key))])] };
  }

  async function eraseIn(tx: Transaction, editor: Editor, id: string): Promise<Erasure> {
    const { organizationId: organization } = editor;
    const at = new Date(clock.now());
    await suppressions.lock(tx, organization);
    const person = await personOf(tx, organization, id);
    const locked = await lockContacts(tx, organization, person.ids);
    const own = locked.find((each) => each.id === id);
    if (own === undefined) throw notFound('Contact');
    if (own.email_key !== person.key) throw new Restart('The contact got another address before it was locked.');
    if (person.key !== null)
      await suppressions.suppress(tx, editor, [{ kind: 'email', value: person.key, reason: 'erased' }]);
    const removed = await removeContacts(
      tx,
      { contacts, emitAll },
      editor,
      locked.filter(({ email_key: key }) => key === person.key).map((each) => each.id),
      at,
    );
    const erasure = {
      id: ids.next<string>(),
      organization_id: organization,
      contact_id: id,
      hash: person.key === null ? null : await suppressions.hashOf(tx, organization, person.key),
      needles_sealed: await vault.seal(tx, organization, JSON.stringify(needlesOf(removed)), sealedAs),
      stage: firstStage,
      created_by: editor.keyId ?? null,
      created_at: at,
    };
    await insertErasure(tx, erasure);
    // An empty list: look everywhere. Whichever process looks first takes the job.
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
     * Removes a person: at once the contact, live or deleted, with all others of its address and their activities; the address stays
     * suppressed by its hash. What the log says of them is worked through by the job. @throws ApiError `not_found`
     */
    erase: (editor: Editor, id: string): Promise<Erasure> => db.transaction((tx) => eraseIn(tx, editor, id)),

    /** @throws ApiError `not_found` */
    async get(organization: OrganizationId, id: string): Promise<Erasure> {
      const found = await erasureById(db, organization, id);
      if (found === undefined) throw notFound('Erasure');
      return found;
    },

    page: (organization: OrganizationId, limit: number, offset: number): Promise<[Erasure[], number]> =>
      Promise.all([listErasures(db, organization, limit, offset), countErasures(db, organization)]),
  };
}
