/** Changes and deletes many contacts with a fixed number of statements for each owner, each with the event of the single change. */
import { Restart } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import { ApiError, sentence } from '../../base/errors.ts';
import { countBy, notFoundOf, ownerOf } from '../records/index.ts';
import type { Editor, Failures } from '../records/index.ts';
import { releaseAddresses } from './addresses-queries.ts';
import { contactEvent, contactKind, withBasis, withFields } from './contact.ts';
import type { Contact, ContactFields, Lawfulness, References } from './contact.ts';
import type { RemovalListener } from './of-workspace.ts';
import { byIds, lockLive, rememberTags, updateAll } from './queries.ts';
import { faultsOf, referencesIn } from './rules.ts';
import type { UpsertOptions } from './upsert.ts';

type Change = ContactFields & Lawfulness;

/** Makes the same change of each contact. Those that already are as wanted emit nothing. @returns those that cannot be changed, with the reason */
export async function changeMany(
  options: UpsertOptions,
  tx: Transaction,
  editor: Editor,
  ids: readonly string[],
  change: Change,
): Promise<Failures> {
  const { organizationId: organization } = editor;
  await options.suppressions.hold(tx, organization);
  const at = new Date(options.clock.now());
  const failures = new Map<string, string>();
  const referencesOf = new Map<string | null, References>();
  const seen = Map.groupBy(await byIds(tx, editor, ids), ({ workspace_id: workspace }) => workspace);
  for (const [workspace, contacts] of [...seen].toSorted(([a], [b]) => ((a ?? '') < (b ?? '') ? -1 : 1)))
    try {
      const owner = ownerOf(editor, { workspace_id: workspace });
      referencesOf.set(workspace, await referencesIn(options, tx, owner, change, at));
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      for (const { id } of contacts) failures.set(id, sentence(error.details ?? { contact: error.message }));
    }
  const locked = await byIds(tx, editor, await lockLive(tx, editor, ids));
  const written: { after: Contact; changed: string[] }[] = [];
  for (const before of locked) {
    if (failures.has(before.id)) continue;
    const references = referencesOf.get(before.workspace_id);
    if (references === undefined) throw new Restart('A contact was created in the meantime.');
    const after = withBasis(withFields(before, change, references), change, at);
    const faults = faultsOf(after, before);
    const changed = contactKind.changes(before, after);
    if (Object.keys(faults).length > 0) failures.set(before.id, sentence(faults));
    else if (changed.length > 0) written.push({ after: { ...after, updated_at: at }, changed });
  }
  const contacts = written.map(({ after }) => after);
  if (contacts.length > 0) await updateAll(tx, organization, contacts);
  await options.emitAll(
    tx,
    written.map(({ after, changed }) => contactEvent(editor, 'contact.updated', after, at, changed)),
  );
  if (change.tags !== undefined || change.tag_change !== undefined)
    for (const [workspace, own] of Map.groupBy(contacts, ({ workspace_id: each }) => each))
      await rememberTags(
        tx,
        ownerOf(editor, { workspace_id: workspace }),
        own.flatMap(({ tags }) => tags),
      );
  return new Map([...failures, ...notFoundOf('Contact', ids, locked)]);
}

/** Deletes contacts as the single deletion does. @returns those that do not exist */
export async function removeMany(
  { emitAll, clock }: UpsertOptions,
  removed: RemovalListener,
  tx: Transaction,
  editor: Editor,
  ids: readonly string[],
): Promise<Failures> {
  const { organizationId: organization } = editor;
  const at = new Date(clock.now());
  const contacts = await byIds(tx, editor, await lockLive(tx, editor, ids));
  if (contacts.length > 0) {
    await updateAll(
      tx,
      organization,
      contacts.map((contact) => ({ ...contact, deleted_at: at, updated_at: at })),
    );
    const several = contacts.filter(({ emails }) => emails.length > 1).map(({ id }) => id);
    if (several.length > 0) await releaseAddresses(tx, organization, several);
    await emitAll(
      tx,
      contacts.map((contact) => contactEvent(editor, 'contact.deleted', contact, at)),
    );
    await countBy(tx, organization, 'contact', -contacts.length);
    await removed(
      tx,
      organization,
      contacts.map(({ id }) => id),
    );
  }
  return notFoundOf('Contact', ids, contacts);
}
