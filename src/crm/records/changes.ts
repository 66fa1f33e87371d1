import { isDeepStrictEqual } from 'node:util';
import type { CanonicalType } from '../../base/event-types.ts';
import { actorWith } from '../../base/ids.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Owner, Reach } from './reach.ts';

/** Who changes records; a `Principal` is one. Creates records in the workspace that it reaches. */
export interface Editor extends Reach {
  readonly keyId?: KeyId;
}

/** Who created a job, as the editor of its records. */
export const editorOf = ({
  organization_id: organizationId,
  workspace_id: workspaceId,
  created_by: keyId,
}: {
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly created_by: string | null;
}): Editor => ({
  organizationId,
  workspaceId: workspaceId ?? undefined,
  ...(keyId === null ? {} : { keyId: keyId as KeyId }),
});

/** The editor as events show it. */
export const actorOf = ({ keyId }: Pick<Editor, 'keyId'>): { type: 'key' | 'user' | 'system'; id: string | null } =>
  keyId === undefined ? { type: 'system', id: null } : actorWith(keyId);

/**
 * The event of a change, for the endpoints of the record's workspace.
 * @param record the record as the API shows it
 * @param more further fields, such as `changed` of an update; `actor` follows
 */
export const changeEvent = (
  editor: Editor,
  type: CanonicalType,
  record: object,
  at: Date,
  more: object = {},
): Parameters<EmitAll>[1][number] => ({
  organizationId: editor.organizationId,
  workspaceId: workspaceOf(record),
  type,
  data: { ...record, ...more, actor: actorOf(editor), ...(erasable.has(type) ? { erased: false } : {}) },
  occurredAtMs: at.getTime(),
});

const workspaceOf = (record: { readonly workspace_id?: string | null }): WorkspaceId | undefined =>
  (record.workspace_id ?? undefined) as WorkspaceId | undefined;

/** Deletions that also happen without a trace of the record, by an erasure. */
const erasable: ReadonlySet<CanonicalType> = new Set(['contact.deleted', 'activity.deleted']);

/** The names of the fields whose values differ, in the order given. Dates, lists and objects are compared by value. */
export const changedFields = <Row extends object>(
  before: Row,
  after: Row,
  fields: readonly (keyof Row & string)[],
): string[] => fields.filter((field) => !isDeepStrictEqual(before[field], after[field]));

/** Values by key; null removes a value. */
export type CustomValues = Readonly<Record<string, unknown>>;

/** Custom fields after a change: given values replace those before, null removes one, the others stay. */
export const mergedValues = (before: CustomValues, given: CustomValues): Record<string, unknown> =>
  Object.fromEntries(Object.entries({ ...before, ...given }).filter(([, value]) => value !== null));

/** Tags trimmed, in the order given, without repeats. */
export const tagsOf = (tags: readonly string[]): string[] => [
  ...new Set(tags.map((tag) => tag.trim()).filter((tag) => tag !== '')),
];

/** The problem of an id that names no record of the owner. */
export const unknownTo = ({ workspaceId }: Owner): string =>
  workspaceId === null ? 'does not exist in this organization' : 'does not exist in this workspace';

/** The records of a change of many that were not changed, with the reason: by id. */
export type Failures = ReadonlyMap<string, string>;

/** @param found the records with these ids that exist */
export function notFoundOf(noun: string, ids: readonly string[], found: readonly { readonly id: string }[]): Failures {
  const known = new Set(found.map(({ id }) => id));
  return new Map(ids.flatMap((id) => (known.has(id) ? [] : [[id, `${noun} not found.`] as const])));
}
