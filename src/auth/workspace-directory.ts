import { z } from 'zod';
import { cut } from '../base/cut.ts';
import { ApiError, invalid, unreachable } from '../base/errors.ts';
import type { OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Bus } from '../db/bus.ts';
import { RequestRestart } from '../db/request-database.ts';
import { gathering } from './gathering.ts';
import type { Tenancy } from './organizations.ts';
import * as queries from './workspace-queries.ts';
import { RecentMap } from './recent-map.ts';
import { grants } from './scopes.ts';
import { externalId, foreign, missing, workspaceName } from './workspaces.ts';

/** How the body of a creating call names the workspace of its record; for `z.strictObject({ …namedWorkspace })`. */
export const namedWorkspace = {
  workspace_id: z.uuid().optional().describe('Default: the workspace that the key is bound to, if any.'),
  workspace: z
    .strictObject({
      external_id: externalId.describe('Your own id of the workspace.'),
      name: workspaceName.optional().describe('Of a new workspace. Default: the external id.'),
    })
    .optional()
    .describe(
      'Names the workspace by your own id, instead of `workspace_id`. It is created if it does not exist; that needs the scope `workspaces:write`.',
    ),
} as const;

const naming = z.object(namedWorkspace);
export type NamedWorkspace = z.output<typeof naming>;

/** Who names a workspace; a `Principal` is one. */
export interface WorkspaceCaller {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
  /** Needed to create a workspace. */
  readonly scopes?: readonly string[];
}

/** Finds the workspaces that callers name, from memory where that is safe. */
export interface WorkspaceDirectory {
  /**
   * Returns the workspace of a record that the caller creates: its own, or the one it names; null: none. A promise only if the database
   * must be queried.
   * @throws ApiError `forbidden` for a workspace other than the caller's, or to create one without the scope; `validation_failed`;
   * thrown or as a rejection
   */
  of(caller: WorkspaceCaller, named: NamedWorkspace): WorkspaceId | null | Promise<WorkspaceId | null>;
}

/** The half of them that were used last is always known. An entry takes about 300 bytes. */
const knownMax = 400_000;
const nameCharactersMax = 100;
/** Workspaces that one query looks for, or creates. */
const batchMax = 1_000;

interface Wanted {
  readonly organizationId: OrganizationId;
  readonly externalId: string;
}

const keyOf = ({ organizationId, externalId }: Wanted): string => `${organizationId} ${externalId}`;

const byKey = <Row extends queries.WorkspaceRow & { readonly organization_id: OrganizationId }>(
  rows: readonly Row[],
): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [keyOf({ organizationId: row.organization_id, externalId: row.external_id ?? '' }), row]));

/**
 * A publisher names the workspace of every event, so ids that exist are kept in memory. A notice of a deletion removes them on every
 * process; nothing is read from memory while the bus is down.
 * @example
 * const directory = createWorkspaceDirectory({ db, clock, ids, bus });
 * await directory.of(principal, { workspace: { external_id: 'customer-42' } });
 */
export function createWorkspaceDirectory({
  bus,
  ...given
}: Pick<Tenancy, 'db' | 'clock' | 'ids'> & { readonly bus: Pick<Bus, 'connected' | 'subscribe'> }): WorkspaceDirectory {
  // What is kept in memory, and what other requests wait for, must not depend on whether one request commits.
  const { clock, ids, db: own } = given;
  const db = own.apart;
  /** Null: deleted. */
  const owners = new RecentMap<WorkspaceId, OrganizationId | null>(knownMax);
  const byExternalId = new RecentMap<string, WorkspaceId>(knownMax);
  let generation = 0;
  bus.subscribe((notice) => {
    if (notice === undefined) {
      generation += 1;
      owners.clear();
      byExternalId.clear();
    } else if (notice.kind === 'workspace_deleted') {
      generation += 1;
      owners.set(notice.workspaceId as WorkspaceId, null);
    }
  });

  const owns = (organization: OrganizationId, id: WorkspaceId): boolean =>
    bus.connected && owners.get(id) === organization;

  /** @param before the generation in which its row was read: that row may not show a deletion since then. */
  function remember(organization: OrganizationId, row: queries.WorkspaceRow, before: number): WorkspaceId {
    if (!bus.connected || generation !== before) return row.id;
    owners.set(row.id, organization);
    if (row.external_id !== null)
      byExternalId.set(keyOf({ organizationId: organization, externalId: row.external_id }), row.id);
    return row.id;
  }

  const find = gathering(batchMax, keyOf, async (wanted: readonly Wanted[]) =>
    byKey(await queries.workspacesByExternalId(db, wanted)),
  );

  const create = gathering(batchMax, keyOf, async (wanted: readonly (Wanted & { readonly name: string })[]) =>
    byKey(await queries.insertNamed(db, wanted.map(rowOf))),
  );

  const rowOf = ({ organizationId, externalId, name }: Wanted & { readonly name: string }): queries.NamedRow => ({
    id: ids.next<WorkspaceId>(),
    organizationId,
    externalId,
    name,
    at: new Date(clock.now()),
  });

  async function findById(organization: OrganizationId, id: WorkspaceId): Promise<WorkspaceId> {
    const before = generation;
    const row = await queries.workspaceById(db, organization, id);
    if (row === undefined) throw missing();
    return remember(organization, row, before);
  }

  async function findOrCreate(
    { organizationId, workspaceId, scopes = [] }: WorkspaceCaller,
    { external_id: external, name }: NonNullable<NamedWorkspace['workspace']>,
  ): Promise<WorkspaceId> {
    const before = generation;
    const found = await find({ organizationId, externalId: external });
    if (found !== undefined) return remember(organizationId, found, before);
    if (workspaceId !== undefined) throw foreign();
    if (!grants(scopes, 'workspaces:write'))
      throw new ApiError(
        'forbidden',
        'No workspace has this external_id, and creating one needs the scope workspaces:write.',
      );
    const wanted = { organizationId, externalId: external, name: name ?? cut(external, nameCharactersMax) };
    // In the transaction of the request, which leaves nothing behind when it fails.
    const row = rowOf(wanted);
    const isFirst = own.insertFirst(row.id, async (tx) => {
      if ((await queries.insertNamed(tx, [row])).length === 0)
        throw new RequestRestart('Another request created the workspace.');
    });
    if (isFirst) return row.id;
    // Another call may have just created it.
    const created = (await create(wanted)) ?? (await find(wanted));
    if (created === undefined) throw unreachable('a workspace with this external id neither exists nor can be created');
    return remember(organizationId, created, before);
  }

  return {
    of(caller, { workspace_id: id, workspace }) {
      const { organizationId, workspaceId: bound } = caller;
      if (id !== undefined && workspace !== undefined)
        throw invalid({ workspace: 'cannot be combined with workspace_id' });
      const within = (found: WorkspaceId): WorkspaceId => {
        if (bound !== undefined && found !== bound) throw foreign();
        return found;
      };
      if (workspace !== undefined) {
        const known = byExternalId.get(keyOf({ organizationId, externalId: workspace.external_id }));
        return known !== undefined && owns(organizationId, known)
          ? within(known)
          : findOrCreate(caller, workspace).then(within);
      }
      if (id === undefined) return bound ?? null;
      const wanted = within(id as WorkspaceId);
      const isKnown = wanted === bound || owns(organizationId, wanted) || own.inserts(wanted);
      return isKnown ? wanted : findById(organizationId, wanted);
    },
  };
}
