import { minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { contactsForLeadsAfter } from '../../crm/contacts/index.ts';
import type { Bus } from '../../db/bus.ts';
import { chunkIn, createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { statusAfter } from '../campaigns/index.ts';
import type { Campaigns } from '../campaigns/index.ts';
import { add } from './add.ts';
import type { AddOptions } from './add.ts';
import { targetOf } from './campaign.ts';
import { nextAddition, postponeAddition, saveAddition, takeAddition } from './read-queries.ts';
import type { Addition } from './read-queries.ts';
import type { OrganizationTime } from './records.ts';

export interface AdditionsOptions extends AddOptions, OrganizationTime {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly campaigns: Pick<Campaigns, 'rowsOf' | 'stepsOf' | 'reconsider'>;
  readonly progressed: (on: Transaction, organizations: readonly OrganizationId[]) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

const chunkRows = 1_000;

/** Adds the contacts that match a filter, a chunk at a time: its leads and the progress commit together. */
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

async function addChunk(options: AdditionsOptions, tx: Transaction, addition: Addition): Promise<void> {
  const { campaigns, suppressions, clock } = options;
  const { id, organization_id: organization, campaign_id: campaignId, filter, after } = addition;
  // Suppressions are locked before anything that a chunk writes.
  await suppressions.hold(tx, organization);
  const [campaign] = await campaigns.rowsOf(tx, [campaignId]);
  const refused = campaign === undefined || 'refused' in statusAfter(campaign.status, 'add_leads');
  const contacts = refused ? [] : await contactsForLeadsAfter(tx, organization, filter, after, chunkRows);
  const last = contacts.at(-1)?.id;
  const nowMs = await options.nowOf(tx, organization);
  const result =
    campaign === undefined || last === undefined
      ? { added: 0, skipped: [] }
      : await add(options, tx, targetOf(campaign, await campaigns.stepsOf(tx, [campaignId])), contacts, nowMs);
  const isDone = contacts.length < chunkRows;
  await saveAddition(tx, id, {
    after: last ?? after,
    added: result.added,
    skipped: result.skipped.length,
    finishedAt: isDone ? new Date(nowMs) : null,
    dueAt: new Date(clock.now()),
  });
  // A campaign is not completed while leads are being added to it.
  if (isDone) await campaigns.reconsider(tx, [campaignId], nowMs);
  await options.progressed(tx, [organization]);
}
