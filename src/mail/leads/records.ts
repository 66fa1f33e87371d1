import { ApiError, invalid, notFound, unreachable } from '../../base/errors.ts';
import { firstId } from '../../base/ids.ts';
import type { Slice } from '../../db/in-order.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { contactsForLeads, leadOwners } from '../../crm/contacts/index.ts';
import type { LeadFilter } from '../../crm/contacts/index.ts';
import type { Segments } from '../../crm/segments/index.ts';
import { announce } from '../../db/bus.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Principal } from '../../http/route.ts';
import { assertAllowed } from '../campaigns/index.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import type { Reach } from '../mailboxes/index.ts';
import { add } from './add.ts';
import type { AddOptions, Skipped } from './add.ts';
import { answer, messagesMax, noFilter } from './answer.ts';
import type { AnswerOptions, LeadMessage, LeadReply } from './answer.ts';
import { targetOf } from './campaign.ts';
import { isOpen } from './lead.ts';
import type { Lead, LeadStatus } from './lead.ts';
import {
  endAddition,
  historyOf,
  insertAddition,
  lastSentOf,
  leadById,
  leadsOfContact,
  listAdditions,
  listLeads,
  unfinishedAdditions,
} from './read-queries.ts';
import type { Addition, HistoryEntry } from './read-queries.ts';
import { hold, resume, stop } from './stop.ts';
import type { Cause, ResumeOptions, StopOptions } from './stop.ts';

export interface OrganizationTime {
  /** An organization's own time, in Unix milliseconds. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
}

/** Contacts to add in the background: those that match a filter, or those of a segment. */
export interface Matching {
  readonly filter?: LeadFilter | undefined;
  readonly segmentId?: string | undefined;
  /** Also add contacts that enter the segment later. */
  readonly follows?: boolean | undefined;
}

export interface RecordsOptions extends AddOptions, StopOptions, ResumeOptions, OrganizationTime, AnswerOptions {
  readonly db: Database;
  readonly segments: Pick<Segments, 'selectionOf' | 'workspaceOf'>;
  readonly campaigns: Pick<Campaigns, 'get' | 'reconsider' | 'stepsOf'>;
}

export interface LeadDetail {
  readonly lead: Lead;
  readonly history: readonly HistoryEntry[];
  /** The oldest first. */
  readonly messages: readonly LeadMessage[];
}

const entriesMax = 200;
/** Additions of one campaign that are not finished. */
const additionsMax = 10;

/** How leads are added in a transaction of the caller, in which nothing is locked yet. */
function createAdding(options: RecordsOptions) {
  const { ids, campaigns, nowOf } = options;

  const addIn = async (
    tx: Transaction,
    campaign: Campaign,
    contactIds: readonly string[],
    reach: Pick<Reach, 'workspaceId'>,
  ): Promise<{ readonly added: number; readonly skipped: Skipped[] }> => {
    const organization = campaign.organization_id;
    const wanted = [...new Set(contactIds.map((id) => id.toLowerCase()))];
    await options.suppressions.hold(tx, organization);
    const owners = leadOwners({ organizationId: organization, workspaceId: campaign.workspace_id }, reach);
    const found = await contactsForLeads(tx, organization, owners, wanted);
    const steps = await campaigns.stepsOf(tx, [campaign.id]);
    const result = await add(options, tx, targetOf(campaign, steps), found, await nowOf(tx, organization));
    const known = new Set(found.map(({ id }) => id));
    const reasons = new Map(result.skipped.map((each) => [each.contact_id, each.reason]));
    for (const id of wanted) if (!known.has(id)) reasons.set(id, 'unknown_contact');
    // In the order of the request.
    return {
      added: result.added,
      skipped: wanted.flatMap((id) => {
        const reason = reasons.get(id);
        return reason === undefined ? [] : [{ contact_id: id, reason }];
      }),
    };
  };

  const startIn = async (
    tx: Transaction,
    campaign: Campaign,
    matching: Matching,
    { workspaceId }: Pick<Reach, 'workspaceId'>,
  ): Promise<Addition> => {
    if ((await unfinishedAdditions(tx, campaign.id)) >= additionsMax)
      throw new ApiError(
        'conflict',
        `${additionsMax} additions of this campaign are not finished. Wait for one to end.`,
      );
    const { filter = {}, segmentId = null, follows = false } = matching;
    // Refuses a segment that does not exist.
    if (segmentId !== null) {
      const reach = { organizationId: campaign.organization_id, workspaceId };
      await options.segments.selectionOf(reach, 'contact', { segment_id: segmentId }, tx);
      // Its contacts could not be leads of the campaign.
      const owner = await options.segments.workspaceOf(tx, campaign.organization_id, segmentId);
      if (owner != null && owner !== campaign.workspace_id)
        throw invalid({ segment_id: 'belongs to another workspace than the campaign' });
    }
    const now = new Date(await nowOf(tx, campaign.organization_id));
    const row = await insertAddition(tx, {
      id: ids.next(),
      organization_id: campaign.organization_id,
      workspace_id: workspaceId ?? null,
      campaign_id: campaign.id,
      filter,
      segment_id: segmentId,
      follows,
      after: firstId,
      due_at: new Date(0),
      created_at: now,
    });
    if (row === undefined) throw unreachable('an insert returned no row');
    // Wakes the runners of all processes.
    await announce(tx, { kind: 'due', endpoints: [] });
    return row;
  };

  return { addIn, startIn };
}

export type Records = ReturnType<typeof createRecords>;

/** Leads for callers of the API. */
export function createRecords(options: RecordsOptions) {
  const { db, campaigns, nowOf, messages } = options;

  const lead = async (reach: Reach, id: string, on: Queryable = db): Promise<Lead> => {
    const row = await leadById(on, reach, id);
    if (row === undefined) throw notFound('Lead');
    return row;
  };

  /** Changes one lead; one that the change does not concern stays as it is. */
  const changed = (
    principal: Principal,
    id: string,
    act: (tx: Transaction, row: Lead, cause: Cause) => Promise<unknown>,
  ): Promise<Lead> =>
    db.transaction(async (tx) => {
      const row = await lead(principal, id, tx);
      const atMs = await nowOf(tx, row.organization_id);
      await act(tx, row, { atMs, detail: { key_id: principal.keyId } });
      return lead(principal, id, tx);
    });

  const { addIn, startIn } = createAdding(options);

  return {
    /** Adds contacts to a campaign, in a transaction in which nothing is locked yet. */
    addIn,
    /** Begins to add contacts in the background. */
    startIn,

    /** @throws ApiError `not_found`; `conflict` for an archived campaign */
    add: async (reach: Reach, id: string, contactIds: readonly string[]) =>
      db.transaction(async (tx) => {
        const campaign = await campaigns.get(reach, id, tx);
        assertAllowed(campaign, 'add_leads');
        return addIn(tx, campaign, contactIds, reach);
      }),

    /** @throws ApiError `not_found`; `conflict` for an archived campaign, and while ten additions are not finished */
    addMatching: async (reach: Reach, id: string, matching: Matching): Promise<Addition> =>
      db.transaction(async (tx) => {
        const campaign = await campaigns.get(reach, id, tx);
        assertAllowed(campaign, 'add_leads');
        return startIn(tx, campaign, matching, reach);
      }),

    /** Ends an addition; leads that it added stay. @throws ApiError `not_found` */
    endAddition: async (reach: Reach, id: string, additionId: string): Promise<Addition> =>
      db.transaction(async (tx) => {
        const campaign = await campaigns.get(reach, id, tx);
        const nowMs = await nowOf(tx, campaign.organization_id);
        const row = await endAddition(tx, campaign.id, additionId, new Date(nowMs));
        if (row === undefined) throw notFound('Addition');
        await campaigns.reconsider(tx, [campaign.id], nowMs);
        return row;
      }),

    additions: async (reach: Reach, id: string, slice: Slice): Promise<Addition[]> =>
      listAdditions(db, (await campaigns.get(reach, id)).id, slice),

    /** @throws ApiError `not_found` */
    list: async (reach: Reach, id: string, status: LeadStatus | undefined, slice: Slice): Promise<Lead[]> =>
      listLeads(db, (await campaigns.get(reach, id)).id, status, slice),

    /** @throws ApiError `not_found` */
    lead,

    /** @throws ApiError `not_found` */
    get: async (reach: Reach, id: string): Promise<LeadDetail> => {
      const row = await lead(reach, id);
      const [history, newest] = await Promise.all([
        historyOf(db, row.organization_id, id, entriesMax),
        messages.list(reach, { ...noFilter, leadId: id }, { limit: messagesMax }),
      ]);
      return { lead: row, history, messages: newest.toReversed() };
    },

    /** The leads of a contact, newest first: of all campaigns, or of one. */
    ofContact: (reach: Reach, contact: string, limit: number, campaign?: string): Promise<Lead[]> =>
      leadsOfContact(db, reach, contact, limit, campaign),

    /** When campaigns last wrote to contacts; those without a message are missing. */
    lastSent: async (organization: OrganizationId, contacts: readonly string[]): Promise<ReadonlyMap<string, Date>> =>
      new Map((await lastSentOf(db, organization, contacts)).map((row) => [row.contact_id, row.at])),

    /** Holds a lead until it is resumed. @throws ApiError `not_found` */
    pause: (principal: Principal, id: string): Promise<Lead> =>
      changed(principal, id, async (tx, row, cause) => {
        const isPaused = row.status === 'held' && row.blocked_reason === 'manual';
        if (isOpen(row.status) && !isPaused) await hold(options, tx, [id], null, 'manual', cause);
      }),

    /** @throws ApiError `not_found` */
    resume: (principal: Principal, id: string): Promise<Lead> =>
      changed(principal, id, async (tx, row, cause) => {
        if (row.status !== 'held') return;
        await options.wakeCampaign(tx, row.campaign_id);
        await resume(options, tx, [id], cause);
      }),

    /** Ends an open lead; adding its contact again opens it again. @throws ApiError `not_found` */
    remove: (principal: Principal, id: string): Promise<Lead> =>
      changed(principal, id, (tx, row, cause) =>
        stop(options, tx, row.organization_id, { ids: [id] }, 'removed', cause),
      ),

    /**
     * Answers the person who wrote last in a lead's thread; see `answer.ts`.
     * @throws ApiError `not_found`; `conflict` if no message was sent to it yet; `validation_failed`
     */
    reply: async (principal: Principal, id: string, reply: LeadReply): Promise<LeadMessage> =>
      answer(options, principal, await lead(principal, id), reply),
  };
}
