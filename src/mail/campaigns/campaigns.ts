import { workspaceFor } from '../../auth/index.ts';
import { ApiError, invalid, notFound, preconditionFailed } from '../../base/errors.ts';
import { firstId } from '../../base/ids.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import type { Ids, KeyId, MailboxId, WorkspaceId } from '../../base/ids.ts';
import { ownerOf, unknownTo } from '../../crm/records/index.ts';
import type { Topics } from '../../crm/topics/index.ts';
import { announce } from '../../db/bus.ts';
import { Restart } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { totalsOf } from '../analytics/index.ts';
import { icpSnapshot } from '../icp/index.ts';
import type { Campaign, CampaignStatus, Step } from './campaign.ts';
import type { CampaignChange, CampaignInput, StepInput } from './input.ts';
import {
  byId,
  counted,
  deleteCampaign,
  deleteMailboxes,
  existingMailboxes,
  insert,
  insertMailboxes,
  lastPosition,
  listed,
  lockByIds,
  mailboxesOf,
  saveEdit,
  saveSteps,
  stepsOf,
} from './queries.ts';
import type { Reach } from './queries.ts';
import { assertAllowed } from './states.ts';
import type { createStates, StatesOptions } from './states.ts';
import { replaceSequence } from './steps.ts';

/** Who acts on campaigns; a `Principal` is one. */
export interface Tenant extends Reach {
  readonly keyId?: KeyId;
}

/** What happens to the leads of a mailbox that is removed from a campaign. */
export interface MailboxLeads {
  /** How many open leads of a campaign each mailbox has; one without any is missing. */
  countOpen(
    on: Queryable,
    campaignId: string,
    mailboxIds: readonly MailboxId[],
  ): Promise<ReadonlyMap<MailboxId, number>>;
  /**
   * Gives the open leads of mailboxes to another one, or finishes them (`to` null). Locks messages, leads and figures.
   * @throws ApiError `conflict` while a message of one of them is on its way
   */
  leave(
    tx: Transaction,
    campaign: Pick<Campaign, 'id' | 'organization_id'>,
    from: readonly MailboxId[],
    to: MailboxId | null,
    nowMs: number,
  ): Promise<void>;
}

export interface OperationsOptions extends Pick<StatesOptions, 'nowOf' | 'wake'> {
  readonly topics: Pick<Topics, 'holdFor'>;
  readonly db: Database;
  readonly ids: Ids;
  readonly states: ReturnType<typeof createStates>;
  /** Called when a mailbox is removed from a campaign. Leads are composed after campaigns. */
  readonly mailboxLeads: () => MailboxLeads;
}

/** A sequence, computed from what it is. */
export type SequenceChange = (steps: readonly Step[], campaign: Campaign) => readonly StepInput[];

interface Change extends Partial<CampaignChange> {
  readonly edit?: SequenceChange;
}

export type Operations = ReturnType<typeof createOperations>;

const missing = (): never => {
  throw notFound('Campaign');
};

/** Creates, reads, changes and deletes campaigns. */
export function createOperations(options: OperationsOptions) {
  const { db, states, nowOf } = options;

  const get = async (reach: Reach, id: string, on: Queryable = db): Promise<Campaign> =>
    (await byId(on, reach, id)) ?? missing();

  /** Does an action that changes only the status. */
  const acted = (reach: Reach, id: string, action: 'pause' | 'archive'): Promise<Campaign> =>
    db.transaction(async (tx) => {
      const { organization_id: organization } = await get(reach, id, tx);
      const [row] = await states.act(tx, await lockByIds(tx, [id]), action, await nowOf(tx, organization));
      return row ?? missing();
    });

  return {
    /** @throws ApiError `not_found` */
    get,

    /** A page of campaigns, newest first. */
    async list(
      reach: Reach,
      status: CampaignStatus | undefined,
      page: Paged,
    ): Promise<{ rows: Campaign[]; total: number }> {
      const [rows, total] = await Promise.all([
        listed(db, reach, status, page),
        totalFor(page, () => counted(db, reach, status, page)),
      ]);
      return { rows, total };
    },

    /**
     * Creates a draft with its steps and mailboxes.
     * @throws ApiError `forbidden` for a workspace other than the caller's; `validation_failed`
     * @example
     * const campaign = await campaigns.create(tx, principal, campaignInput({ name: 'Spring launch' }));
     */
    create: (tx: Transaction, tenant: Tenant, input: CampaignInput): Promise<Campaign> =>
      create(options, tx, tenant, input),

    /**
     * Changes a campaign; see "Edit while running" in docs/campaigns.md.
     * @param isExpected whether the change was made on this revision; undefined: on any
     * @throws ApiError `not_found`; `precondition_failed`; `conflict` for an archived campaign, or a mailbox with open leads; `validation_failed`
     */
    change: (
      reach: Reach,
      id: string,
      given: CampaignChange,
      isExpected?: (revision: number) => boolean,
    ): Promise<Campaign> => db.transaction((tx) => change(options, tx, reach, id, given, isExpected)),

    /**
     * Changes a sequence that is computed from the present steps, while the campaign is locked.
     * @throws ApiError as `change`, and what `edit` throws
     */
    changeSequence: (reach: Reach, id: string, edit: SequenceChange): Promise<Campaign> =>
      db.transaction((tx) => change(options, tx, reach, id, { edit })),

    /** Deletes a draft. @throws ApiError `not_found`; `conflict` if it was launched */
    remove: (reach: Reach, id: string): Promise<void> =>
      db.transaction(async (tx) => {
        await get(reach, id, tx);
        const [row] = await lockByIds(tx, [id]);
        assertAllowed(row ?? missing(), 'delete');
        await deleteCampaign(tx, id);
      }),

    /** Nothing more begins. Does nothing to a paused one. @throws ApiError `not_found`; `conflict` */
    pause: (reach: Reach, id: string): Promise<Campaign> => acted(reach, id, 'pause'),

    /** Sends what is due, at the pace of its mailboxes. @throws ApiError `not_found`; `conflict` */
    resume: (reach: Reach, id: string): Promise<Campaign> =>
      db.transaction(async (tx) => {
        const { organization_id: organization } = await get(reach, id, tx);
        await states.goOn(tx, id, 'resume', await nowOf(tx, organization));
        // It may be completed already.
        return get(reach, id, tx);
      }),

    /** Ends a campaign for good. @throws ApiError `not_found` */
    archive: (reach: Reach, id: string): Promise<Campaign> => acted(reach, id, 'archive'),
  };
}

async function create(
  { ids, nowOf, topics }: OperationsOptions,
  tx: Transaction,
  tenant: Tenant,
  input: CampaignInput,
): Promise<Campaign> {
  const { organizationId } = tenant;
  const workspace = await workspaceFor(tx, tenant, input.workspace_id ?? undefined);
  const mailboxes = await usable(tx, { organizationId, workspaceId: tenant.workspaceId }, workspace, input.mailbox_ids);
  if (input.topic_id !== null)
    await topics.holdFor(tx, tenant, { organizationId, workspaceId: workspace }, input.topic_id);
  const now = new Date(await nowOf(tx, organizationId));
  const row: Campaign = {
    id: ids.next(),
    organization_id: organizationId,
    workspace_id: workspace,
    name: input.name,
    goal: input.goal,
    context: input.context,
    icp: await icpSnapshot(tx, organizationId, workspace, input.icp),
    status: 'draft',
    pause_reason: null,
    pause_detail: null,
    schedule: input.schedule,
    daily_limit: input.daily_limit,
    new_leads_limit: input.new_leads_limit,
    tracking: input.tracking,
    stop: input.stop,
    unsubscribe: input.unsubscribe,
    topic_id: input.topic_id,
    verification: input.verification,
    cooldown_days: input.cooldown_days,
    company_max: input.company_max,
    new_leads_first: input.new_leads_first,
    send_now_until: null,
    starts_at: input.starts_at === null ? null : new Date(input.starts_at),
    waits_for_start: false,
    started_at: null,
    completed_at: null,
    guards_from: { sent: 0, bounced: 0, complained: 0 },
    revision: 1,
    replan_after: null,
    reopen_finished: false,
    created_by: tenant.keyId ?? null,
    created_at: now,
    updated_at: now,
  };
  const sequence = {
    campaign: row,
    steps: [],
    lastPosition: 0,
    isContacted: false,
    now,
    nextId: () => ids.next<string>(),
  };
  const { changed } = replaceSequence(sequence, input.sequence);
  await insert(tx, row);
  if (changed.length > 0) await saveSteps(tx, changed);
  if (mailboxes.length > 0) await insertMailboxes(tx, row, mailboxes, now);
  return row;
}

/** Checks that a campaign of a workspace can send from mailboxes. @throws ApiError `validation_failed` */
async function usable(
  on: Queryable,
  reach: Reach,
  workspace: WorkspaceId | null,
  ids: readonly string[],
): Promise<MailboxId[]> {
  if (ids.length === 0) return [];
  const found = new Map((await existingMailboxes(on, reach.organizationId, ids)).map((row) => [row.id as string, row]));
  const problems: Record<string, string> = {};
  ids.forEach((id, index) => {
    const row = found.get(id);
    const isSeen = row !== undefined && (reach.workspaceId === undefined || row.workspace_id === reach.workspaceId);
    if (!isSeen) problems[`mailbox_ids.${index}`] = unknownTo({ ...reach, workspaceId: reach.workspaceId ?? null });
    else if (row.workspace_id !== null && row.workspace_id !== workspace)
      problems[`mailbox_ids.${index}`] = 'belongs to another workspace than the campaign';
    else if (row.role === 'seed') problems[`mailbox_ids.${index}`] = 'is a seed, which only receives';
  });
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return [...new Set(ids)] as MailboxId[];
}

async function change(
  options: OperationsOptions,
  tx: Transaction,
  reach: Reach,
  id: string,
  given: Change,
  isExpected?: (revision: number) => boolean,
): Promise<Campaign> {
  const { states, nowOf, topics } = options;
  const seen = (await byId(tx, reach, id)) ?? missing();
  if (isExpected?.(seen.revision) === false) throw preconditionFailed();
  assertAllowed(seen, 'edit');
  const nowMs = await nowOf(tx, seen.organization_id);
  if (given.topic_id !== undefined && given.topic_id !== null && given.topic_id !== seen.topic_id)
    await topics.holdFor(tx, reach, ownerOf({ organizationId: seen.organization_id }, seen), given.topic_id);
  // Mailboxes, messages and leads are locked before the campaign.
  if (seen.status === 'active') await states.wakeOf(tx, [id]);
  const mailboxes = await changedMailboxes(options, tx, reach, seen, given, nowMs);
  const [row] = await lockByIds(tx, [id]);
  if (row === undefined) return missing();
  if (row.revision !== seen.revision || row.status !== seen.status) throw new Restart();
  const now = new Date(nowMs);
  const edit = await changedSteps(options, tx, row, given, now);
  const after = edited(row, given, now, edit.isReplanned);
  await deleteMailboxes(tx, id, mailboxes.removed);
  if (mailboxes.added.length > 0) await insertMailboxes(tx, row, mailboxes.added, now);
  if (mailboxes.added.length > 0 && row.status === 'active') await states.watch(tx, [id]);
  if (edit.changed.length > 0) await saveSteps(tx, edit.changed);
  await saveEdit(tx, after);
  // For its new plan, and its start.
  if (after.replan_after !== null || after.waits_for_start) await announce(tx, { kind: 'due', endpoints: [] });
  return after;
}

/** Which mailboxes join and leave; leads of those that leave go on elsewhere or end. */
async function changedMailboxes(
  { mailboxLeads, wake }: OperationsOptions,
  tx: Transaction,
  reach: Reach,
  campaign: Campaign,
  { mailbox_ids: wanted, reassign_to: heir, finish }: CampaignChange,
  nowMs: number,
): Promise<{ readonly added: readonly MailboxId[]; readonly removed: readonly MailboxId[] }> {
  if (heir !== undefined && finish === true) throw invalid({ finish: 'must not be given together with reassign_to' });
  if (wanted === undefined) return { added: [], removed: [] };
  const before = (await mailboxesOf(tx, [campaign.id])).map(({ mailbox_id: mailbox }) => mailbox);
  // A mailbox that was disconnected may stay.
  const joining = wanted.filter((mailbox) => !before.includes(mailbox as MailboxId));
  const added = await usable(tx, reach, campaign.workspace_id, joining).catch((error: unknown) => {
    throw inPlace(error, wanted, joining);
  });
  const removed = before.filter((mailbox) => !wanted.includes(mailbox));
  if (heir !== undefined && !wanted.includes(heir)) throw invalid({ reassign_to: 'must be one of mailbox_ids' });
  if (campaign.status === 'active') await wake(tx, added);
  if (removed.length === 0) return { added, removed };
  if (heir === undefined && finish !== true) {
    const open = await mailboxLeads().countOpen(tx, campaign.id, removed);
    const [first] = open;
    if (first !== undefined)
      throw new ApiError(
        'conflict',
        `The mailbox ${first[0]} has ${first[1].toLocaleString('en')} open leads in this campaign. Send \`reassign_to\` with another mailbox of the campaign, or \`finish: true\` to end them.`,
      );
  } else await mailboxLeads().leave(tx, campaign, removed, (heir ?? null) as MailboxId | null, nowMs);
  return { added, removed };
}

/** An error about some of the items of `mailbox_ids`, with their places among all of them. */
function inPlace(error: unknown, all: readonly string[], some: readonly string[]): unknown {
  if (!(error instanceof ApiError) || error.details === undefined) return error;
  return invalid(
    Object.fromEntries(
      Object.entries(error.details).map(([path, problem]) => {
        const mailbox = some[Number(path.slice(path.indexOf('.') + 1))] ?? '';
        return [`mailbox_ids.${all.indexOf(mailbox)}`, problem];
      }),
    ),
  );
}

async function changedSteps(
  { ids }: OperationsOptions,
  tx: Transaction,
  campaign: Campaign,
  { sequence, edit }: Change,
  now: Date,
): Promise<{ readonly changed: readonly Step[]; readonly isReplanned: boolean }> {
  if (sequence === undefined && edit === undefined) return { changed: [], isReplanned: false };
  const [steps, last, totals] = [
    await stepsOf(tx, [campaign.id]),
    await lastPosition(tx, campaign.id),
    await totalsOf(tx, [campaign.id]),
  ];
  return replaceSequence(
    {
      campaign,
      steps,
      lastPosition: last,
      isContacted: (totals.get(campaign.id)?.contacted ?? 0) > 0,
      now,
      nextId: () => ids.next<string>(),
    },
    sequence ?? edit?.(steps, campaign) ?? [],
  );
}

/** A campaign with what is given. */
function edited(row: Campaign, given: CampaignChange, now: Date, isReplanned: boolean): Campaign {
  const schedule = given.schedule ?? row.schedule;
  // Due times count business days, and calendars may be those of leads: both follow from the schedule.
  const replans =
    isReplanned || given.reopen_finished === true || JSON.stringify(schedule) !== JSON.stringify(row.schedule);
  const of = <Key extends keyof CampaignChange & keyof Campaign>(key: Key): Campaign[Key] =>
    given[key] === undefined ? row[key] : (given[key] as Campaign[Key]);
  return {
    ...row,
    name: of('name'),
    goal: of('goal'),
    context: of('context'),
    schedule,
    daily_limit: of('daily_limit'),
    new_leads_limit: of('new_leads_limit'),
    tracking: of('tracking'),
    stop: of('stop'),
    unsubscribe: of('unsubscribe'),
    topic_id: of('topic_id'),
    verification: of('verification'),
    cooldown_days: of('cooldown_days'),
    company_max: of('company_max'),
    new_leads_first: of('new_leads_first'),
    starts_at:
      given.starts_at === undefined ? row.starts_at : given.starts_at === null ? null : new Date(given.starts_at),
    // Without a time there is nothing to wait for.
    waits_for_start: row.waits_for_start && given.starts_at !== null,
    revision: row.revision + 1,
    ...(replans
      ? { replan_after: firstId, reopen_finished: row.reopen_finished || given.reopen_finished === true }
      : {}),
    updated_at: now,
  };
}
