import type { WorkspaceStage } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Companies } from '../companies/index.ts';
import type { Contact, Contacts } from '../contacts/index.ts';
import type { CustomFields } from '../custom-fields/index.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { invalid, notFound } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import {
  changeEvent,
  countBy,
  countedMax,
  ownerIn,
  ownerOf,
  refoldChunk,
  searchPattern,
  totalIn,
  totalOf,
  unknownTo,
} from '../records/index.ts';
import type { Editor, Owner, Reach, Total } from '../records/index.ts';
import { ofCompanyFollower, ofContactFollower } from './merging.ts';
import { projectKind, projectOnWire, withProjectFields, wrongDays } from './project.ts';
import type { NewProject, Project, ProjectChange, Stage } from './project.ts';
import {
  contactIdsOf,
  countContactsOf,
  countOfCompany,
  countProjects,
  deleteContact,
  deleteProject,
  deleteProjects,
  holdContacts,
  insertContacts,
  insertProject,
  leaveCompany,
  listProjects,
  lockOfCompanies,
  lockOfWorkspace,
  lockProject,
  projectsByIds,
  refoldProjects,
  updateProject,
} from './queries.ts';
import type { StoredFilter } from './queries.ts';

export interface ProjectsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
  readonly customFields: Pick<CustomFields, 'assertValid'>;
  readonly companies: Pick<Companies, 'hold' | 'idsByName' | 'idsByPartOfName'>;
  readonly contacts: Pick<Contacts, 'byIds'>;
}

/** What limits a list; a filter that is left out limits nothing. */
export interface ProjectFilter {
  readonly search?: string | undefined;
  /** Projects that have all of them. */
  readonly tags?: readonly string[] | undefined;
  readonly stage?: Stage | undefined;
  /** Projects of any of them. */
  readonly companyIds?: readonly string[] | undefined;
  readonly assignedTo?: string | undefined;
}

export type Projects = ReturnType<typeof createProjects>;

/** The most contacts that one call adds. */
export const contactsMax = 500;
/** The most contacts that an error names. */
const unknownMax = 50;

/** Ids of contacts that were added to a project, or removed from it. */
interface ContactsChange {
  readonly added?: readonly string[];
  readonly removed?: readonly string[];
}

export function createProjects(options: ProjectsOptions) {
  const { db } = options;
  return {
    /**
     * @throws ApiError `validation_failed` for invalid custom fields, days in the wrong order, or a company that the owner does not have
     * @example
     * await projects.create(editor, { name: 'Difference Engine rollout', company_id: company.id, value: 2_400_000 });
     */
    create: (editor: Editor, given: NewProject): Promise<Project> => create(options, editor, given),

    /** @throws ApiError `not_found` */
    get: (reach: Reach, id: string): Promise<Project> => get(db, reach, id),

    /** Whether it is a project of the owner. */
    has: async (on: Queryable, owner: Owner, id: string): Promise<boolean> =>
      (await projectsByIds(on, { organizationId: owner.organizationId }, [id])).some(
        ({ workspace_id: workspace }) => workspace === owner.workspaceId,
      ),

    /** A page, the newest first. */
    async page(reach: Reach, filter: ProjectFilter, slice: Slice): Promise<Total & { readonly rows: Project[] }> {
      const { stored, capped } = await storedFilter(options, reach, filter);
      const [rows, total] = await Promise.all([
        listProjects(db, reach, stored, slice),
        totalIn(db, reach, 'project', { ...stored, updatedSince: slice.updatedSince }, countProjects),
      ]);
      return { rows, total: total.total, capped: capped || total.capped };
    },

    /** `page` without counting, for lists by cursor. */
    list: async (reach: Reach, filter: ProjectFilter, slice: Slice): Promise<Project[]> =>
      listProjects(db, reach, (await storedFilter(options, reach, filter)).stored, slice),

    /** A change that changes nothing emits no event. @throws ApiError `not_found`, and as `create` */
    update: (editor: Editor, id: string, change: ProjectChange): Promise<Project> =>
      update(options, editor, id, change),

    /** @throws ApiError `not_found` */
    remove: (editor: Editor, id: string): Promise<void> => db.transaction((tx) => remove(options, tx, editor, id)),

    /** Adds contacts to a project, all or none; those already in it stay. @throws ApiError `not_found`, or `validation_failed` naming contacts that the project's owner does not have */
    addContacts: (
      editor: Editor,
      id: string,
      wanted: readonly string[],
    ): Promise<{ project: Project; added: number }> =>
      db.transaction((tx) => addContacts(options, tx, editor, id, wanted)),

    /** @throws ApiError `not_found`, also when the contact is not in the project */
    removeContact: (editor: Editor, id: string, contact: string): Promise<void> =>
      db.transaction(async (tx) => {
        const before = await locked(tx, editor, id);
        if ((await deleteContact(tx, id, contact)) === 0) throw notFound('Contact of the project');
        await contactsChanged(options, tx, editor, before, new Date(options.clock.now()), { removed: [contact] });
      }),

    /** Its live contacts, the newest first. @throws ApiError `not_found` */
    async contacts(reach: Reach, id: string, slice: Slice): Promise<Contact[]> {
      await get(db, reach, id);
      const ids = await contactIdsOf(db, id, slice);
      const found = new Map((await options.contacts.byIds(db, reach, ids)).map((contact) => [contact.id, contact]));
      return ids.flatMap((each) => found.get(each) ?? []);
    },

    /** The number of its live contacts. The caller checks that it may read the project. */
    totalContacts: async (id: string, updatedSince?: Date): Promise<Total> =>
      totalOf(await countContactsOf(db, id, updatedSince, countedMax + 1)),

    /** Deletes the projects of a workspace that is being deleted. */
    removeOfWorkspace: (async (tx, workspace, limit) => {
      const ids = await lockOfWorkspace(tx, workspace.workspaceId, limit);
      const removed = ids.length === 0 ? [] : await projectsByIds(tx, workspace, ids);
      await deleteProjects(tx, ids);
      const at = new Date(options.clock.now());
      await options.emitAll(
        tx,
        removed.map((project) => changeEvent(workspace, 'project.deleted', projectOnWire(project), at)),
      );
      await countBy(tx, workspace.organizationId, 'project', -removed.length);
      return removed.length;
    }) satisfies WorkspaceStage,

    /** Folds projects again that an earlier version wrote. @returns how many, at most `refoldChunk` */
    refold: (): Promise<number> => db.transaction((tx) => refoldProjects(tx, refoldChunk)),

    /** What the deletion of a company needs of its projects. */
    ofCompany: {
      count: (tx: Transaction, organization: OrganizationId, company: string, max: number): Promise<number> =>
        countOfCompany(tx, organization, company, max),

      release: (tx: Transaction, editor: Editor, companyIds: readonly string[], max: number): Promise<number> =>
        release(options, tx, editor, companyIds, max),

      /** Projects follow their company in a merge. */
      follower: ofCompanyFollower,
    },

    /** A contact's places follow it in a merge. */
    ofContact: { follower: ofContactFollower },
  };
}

async function create(options: ProjectsOptions, editor: Editor, given: NewProject): Promise<Project> {
  const { db, clock, ids, emitAll, customFields, companies } = options;
  const { organizationId: organization } = editor;
  await customFields.assertValid(db, organization, 'project', given.custom_fields);
  return db.transaction(async (tx) => {
    const at = new Date(clock.now());
    const named = await companyOf(companies, tx, ownerIn(editor), given);
    const blank = { ...projectKind.blank(ids.next(), editor, at), organization_id: organization };
    const project = withProjectFields(blank, given, named);
    const wrong = wrongDays(project, given);
    if (wrong !== undefined) throw invalid(wrong);
    await insertProject(tx, project);
    await emitAll(tx, [changeEvent(editor, 'project.created', projectOnWire(project), at)]);
    await countBy(tx, organization, 'project', 1);
    return project;
  });
}

async function update(
  { db, clock, emitAll, customFields, companies }: ProjectsOptions,
  editor: Editor,
  id: string,
  change: ProjectChange,
): Promise<Project> {
  await customFields.assertValid(db, editor.organizationId, 'project', change.custom_fields);
  return db.transaction(async (tx) => {
    // First, so that a caller without access to the project learns nothing about the company.
    const seen = await get(tx, editor, id);
    const named = await companyOf(companies, tx, ownerOf(editor, seen), change);
    const before = await locked(tx, editor, id);
    const at = new Date(clock.now());
    const after = { ...withProjectFields(before, change, named), updated_at: at };
    const wrong = wrongDays(after, change);
    if (wrong !== undefined) throw invalid(wrong);
    const changed = projectKind.changes(before, after);
    if (changed.length === 0) return before;
    await updateProject(tx, after);
    await emitAll(tx, [updatedEvent(editor, after, at, changed)]);
    return after;
  });
}

async function remove({ clock, emitAll }: ProjectsOptions, tx: Transaction, editor: Editor, id: string): Promise<void> {
  const { organizationId: organization } = editor;
  const project = await locked(tx, editor, id);
  await deleteProject(tx, organization, id);
  const at = new Date(clock.now());
  await emitAll(tx, [changeEvent(editor, 'project.deleted', projectOnWire(project), at)]);
  await countBy(tx, organization, 'project', -1);
}

async function addContacts(
  options: ProjectsOptions,
  tx: Transaction,
  editor: Editor,
  id: string,
  wanted: readonly string[],
): Promise<{ project: Project; added: number }> {
  const owner = ownerOf(editor, await get(tx, editor, id));
  const held = new Set((await holdContacts(tx, owner, wanted)).map((contact) => contact.id));
  const unknown = wanted.flatMap((contact, index) =>
    held.has(contact.toLowerCase()) ? [] : [[`contact_ids.${index}`, unknownTo(owner)] as const],
  );
  if (unknown.length > 0) throw invalid(Object.fromEntries(unknown.slice(0, unknownMax)));
  const before = await locked(tx, editor, id);
  const at = new Date(options.clock.now());
  const added = await insertContacts(tx, id, [...held].sort(), at);
  return {
    project: added.length === 0 ? before : await contactsChanged(options, tx, editor, before, at, { added }),
    added: added.length,
  };
}

/** A change of its contacts is a change of the project. */
async function contactsChanged(
  { emitAll }: ProjectsOptions,
  tx: Transaction,
  editor: Editor,
  before: Project,
  at: Date,
  change: ContactsChange,
): Promise<Project> {
  const after = { ...before, updated_at: at };
  await updateProject(tx, after);
  await emitAll(tx, [updatedEvent(editor, after, at, ['contacts'], change)]);
  return after;
}

async function release(
  { clock, emitAll }: ProjectsOptions,
  tx: Transaction,
  editor: Editor,
  companyIds: readonly string[],
  max: number,
): Promise<number> {
  const { organizationId: organization } = editor;
  const held = (await lockOfCompanies(tx, organization, companyIds, max)).map(({ id }) => id);
  if (held.length === 0) return 0;
  const at = new Date(clock.now());
  await leaveCompany(tx, organization, held, at);
  const projects = await projectsByIds(tx, editor, held);
  await emitAll(
    tx,
    projects.map((project) => updatedEvent(editor, project, at, ['company_id', 'company_name'])),
  );
  return held.length;
}

async function get(on: Queryable, reach: Reach, id: string): Promise<Project> {
  const [project] = await projectsByIds(on, reach, [id]);
  if (project === undefined) throw notFound('Project');
  return project;
}

async function locked(tx: Transaction, reach: Reach, id: string): Promise<Project> {
  if (!(await lockProject(tx, reach, id))) throw notFound('Project');
  return get(tx, reach, id);
}

/** Locks the company that a change names, before the project itself is locked. */
async function companyOf(
  companies: Pick<Companies, 'hold'>,
  tx: Transaction,
  owner: Owner,
  { company_id: company }: ProjectChange,
): Promise<ReadonlyMap<string, string>> {
  if (company == null) return new Map();
  const found = await companies.hold(tx, owner, [company]);
  if (!found.has(company)) throw invalid({ company_id: unknownTo(owner) });
  return found;
}

const updatedEvent = (
  editor: Editor,
  project: Project,
  at: Date,
  changed: string[],
  { added = [], removed = [] }: ContactsChange = {},
): ReturnType<typeof changeEvent> =>
  changeEvent(editor, 'project.updated', projectOnWire(project), at, {
    changed,
    contacts_added: added,
    contacts_removed: removed,
  });

/** `capped`: more companies have a matching name than are looked up. */
async function storedFilter(
  { companies }: ProjectsOptions,
  reach: Reach,
  { search = '', tags = [], stage, companyIds, assignedTo }: ProjectFilter,
): Promise<{ stored: StoredFilter; capped: boolean }> {
  const pattern = searchPattern(search);
  const [named, inPart] =
    pattern === undefined
      ? [undefined, undefined]
      : await Promise.all([
          companies.idsByName(reach, pattern, companyIds),
          companies.idsByPartOfName(reach, pattern, companyIds),
        ]);
  const namedIds = [...(named?.ids ?? []), ...(inPart?.groups.flatMap(({ ids }) => ids) ?? [])];
  return {
    stored: {
      pattern,
      namedIds: namedIds.length === 0 ? undefined : namedIds,
      tags: tags.length === 0 ? undefined : tags,
      stage,
      companyIds,
      assignedTo,
    },
    capped: named?.capped === true || inPart?.capped === true,
  };
}
