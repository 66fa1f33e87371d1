import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { firstId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { contactsForLeads, contactsForLeadsAfter, leadOwners } from '../../crm/contacts/index.ts';
import type { ContactForLead } from '../../crm/contacts/index.ts';
import type { Segments } from '../../crm/segments/index.ts';
import type { Bus } from '../../db/bus.ts';
import { chunkIn, createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { statusAfter } from '../campaigns/index.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import { add } from './add.ts';
import type { AddOptions } from './add.ts';
import { targetOf } from './campaign.ts';
import { nextAddition, notInCampaign, postponeAddition, saveAddition, takeAddition } from './read-queries.ts';
import type { Addition } from './read-queries.ts';
import type { OrganizationTime } from './records.ts';

export interface AdditionsOptions extends AddOptions, OrganizationTime {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly campaigns: Pick<Campaigns, 'rowsOf' | 'stepsOf' | 'reconsider'>;
  readonly segments: Pick<Segments, 'exists' | 'selectionOf'>;
  readonly progressed: (on: Transaction, organizations: readonly OrganizationId[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

const chunkRows = 1_000;
/**
 * An addition that follows a segment begins again after this time, or after `restShare` times the duration of its last round if that is longer:
 * a large segment takes at most a twentieth of a process.
 */
const restMs = minuteMs;
const restShare = 20;

/** Adds the contacts that match a filter or belong to a segment, a chunk at a time: its leads and the progress commit together. */
export function createAdditions(options: AdditionsOptions): JobRunner {
  const { db, clock, onError } = options;
  return createJobRunner({
    ...options,
    chunk: chunkIn({
      db,
      takeDue: (tx, nowMs) => takeAddition(tx, new Date(nowMs)),
      work: (tx, addition: Addition) => addChunk(options, tx, addition),
      postpone: ({ id }) => postponeAddition(db, id, new Date(clock.now() + minuteMs)),
      onError,
    }),
    nextDue: (nowMs) => nextAddition(db, new Date(nowMs)),
  });
}

/** Contacts to add, and where the next chunk begins; null: there is none. */
interface Found {
  readonly contacts: readonly ContactForLead[];
  readonly next: string | null;
}

async function nextContacts(
  options: AdditionsOptions,
  tx: Transaction,
  addition: Addition,
  campaign: Campaign,
): Promise<Found> {
  const { organization_id: organization, campaign_id: campaignId, filter, segment_id: segment, after } = addition;
  const reach = { organizationId: organization, workspaceId: addition.workspace_id ?? undefined };
  const owners = leadOwners({ organizationId: organization, workspaceId: campaign.workspace_id }, reach);
  if (segment === null) {
    const contacts = await contactsForLeadsAfter(tx, organization, owners, filter, after, chunkRows);
    return { contacts, next: contacts.length < chunkRows ? null : (contacts.at(-1)?.id ?? null) };
  }
  const selection = await options.segments.selectionOf(reach, 'contact', { segment_id: segment }, tx);
  const { ids, next } = await selection.chunk(tx, after);
  const wanted = addition.rounds === 0 ? ids : await notInCampaign(tx, campaignId, ids);
  return { contacts: wanted.length === 0 ? [] : await contactsForLeads(tx, organization, owners, wanted), next };
}

async function addChunk(options: AdditionsOptions, tx: Transaction, addition: Addition): Promise<void> {
  const { campaigns, suppressions, clock } = options;
  const { id, organization_id: organization, campaign_id: campaignId, segment_id: segment } = addition;
  // Suppressions are locked before anything that a chunk writes.
  await suppressions.hold(tx, organization);
  const [campaign] = await campaigns.rowsOf(tx, [campaignId]);
  const refused =
    campaign === undefined ||
    'refused' in statusAfter(campaign.status, 'add_leads') ||
    (segment !== null && !(await options.segments.exists(tx, organization, segment)));
  const { contacts, next } = refused
    ? { contacts: [], next: null }
    : await nextContacts(options, tx, addition, campaign);
  const nowMs = await options.nowOf(tx, organization);
  const result =
    campaign === undefined || contacts.length === 0
      ? { added: 0, skipped: [] }
      : await add(options, tx, targetOf(campaign, await campaigns.stepsOf(tx, [campaignId])), contacts, nowMs);
  const isThrough = next === null;
  const isDone = isThrough && (refused || !addition.follows);
  const now = clock.now();
  const startedMs = addition.round_started_at?.getTime() ?? now;
  await saveAddition(tx, id, {
    after: next ?? firstId,
    added: result.added,
    // A contact that cannot be added is counted once.
    skipped: addition.rounds === 0 ? result.skipped.length : 0,
    rounds: addition.rounds + (isThrough ? 1 : 0),
    roundStartedAt: isThrough ? null : new Date(startedMs),
    finishedAt: isDone ? new Date(nowMs) : null,
    dueAt: new Date(isThrough ? now + Math.max(restMs, (now - startedMs) * restShare) : now),
  });
  // A campaign is not completed while leads are being added to it.
  if (isDone) await campaigns.reconsider(tx, [campaignId], nowMs);
  await options.progressed(tx, [organization]);
}
