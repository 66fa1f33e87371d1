import type { DeletedWorkspace } from '../../auth/index.ts';
import type { MailboxId } from '../../base/ids.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Mailboxes } from '../mailboxes/index.ts';
import type { Module } from '../../ops/index.ts';
import { createOperations } from './campaigns.ts';
import type { Operations, OperationsOptions } from './campaigns.ts';
import type { ActiveCampaign, Campaign, StepOutline } from './campaign.ts';
import { createDomainWatch } from './domain-watch.ts';
import type { DomainWatchOptions } from './domain-watch.ts';
import {
  activeOf,
  depths,
  lockByIds,
  mailboxesOf,
  outlinesOf,
  rowsOf,
  unarchivedOf,
  withoutMailbox,
} from './queries.ts';
import { campaignRoutes } from './routes.ts';
import type { Context } from './shape.ts';
import { createStates } from './states.ts';
import { contextsOf, todayOf } from './views.ts';
import type { CampaignTotals, Pause, StatesOptions } from './states.ts';

export type {
  ActiveCampaign,
  Campaign,
  CampaignAction,
  CampaignStatus,
  PauseReason,
  Step,
  StepOutline,
  Variant,
} from './campaign.ts';
export { statusAfter } from './campaign.ts';
export type { MailboxLeads } from './campaigns.ts';
export { campaignFields, campaignInput, stepInput } from './input.ts';
export type { CampaignChange, CampaignInput, StepInput } from './input.ts';
export { campaignColumns, stepColumns, stepsOf } from './queries.ts';
export { aCampaign, campaignBytesMax, campaignReply } from './routes.ts';
export { campaignExample, campaignShape, pipelineShape } from './shape.ts';
export { assertAllowed } from './states.ts';
export type { CampaignTotals, Pause } from './states.ts';
export { campaignsOnWire } from './views.ts';

export interface CampaignsOptions
  extends
    Omit<StatesOptions, 'onDomains'>,
    Pick<OperationsOptions, 'ids' | 'mailboxLeads' | 'topics'>,
    Omit<DomainWatchOptions, 'states'> {
  readonly mailboxes: Pick<Mailboxes, 'listen'>;
}

/** A campaign with its figures. */
export interface ShownCampaign {
  readonly campaign: Campaign;
  readonly context: Context;
  readonly today: { readonly sent: number; readonly queued: number };
}

/** Campaigns of organizations: what they say, when they send, and their states. */
export interface Campaigns extends Operations {
  readonly module: Module;
  /** What campaigns of one organization are shown with, and what they sent today. */
  shown(rows: readonly Campaign[]): Promise<readonly ShownCampaign[]>;
  /** Locks campaigns of any organization, in the order of their ids, until the transaction ends. Leads can still be added to them. */
  lock(tx: Transaction, ids: readonly string[]): Promise<Campaign[]>;
  /** Archives the campaigns of a workspace that is being deleted. */
  archiveOfWorkspace(tx: Transaction, workspace: DeletedWorkspace): Promise<void>;
  /** Campaigns of any organization, in no order. */
  rowsOf(on: Queryable, ids: readonly string[]): Promise<Campaign[]>;
  /** What decides when the steps of campaigns are due, in their order, without deleted ones. */
  stepsOf(on: Queryable, ids: readonly string[]): Promise<StepOutline[]>;
  /** The active campaigns of mailboxes, with what decides when their steps are due. Two statements. */
  activeOf(on: Queryable, mailboxIds: readonly MailboxId[]): Promise<ActiveCampaign[]>;
  /** The mailboxes of campaigns, those that were disconnected too. */
  mailboxesOf(on: Queryable, campaignIds: readonly string[]): Promise<ReadonlyMap<string, readonly MailboxId[]>>;
  /** Launches a campaign: it starts, waits for its start, or is paused because it missed it. Call it before campaigns are locked. @throws ApiError `conflict` */
  activate(tx: Transaction, id: string, nowMs: number): Promise<Campaign>;
  /** Pauses locked campaigns, with the reason. @throws ApiError `conflict` */
  pauseLocked(tx: Transaction, campaigns: readonly Campaign[], pause: Pause, nowMs: number): Promise<Campaign[]>;
  /** Lets all mailboxes of campaigns look for messages. Before messages, leads and campaigns are locked. */
  wake(tx: Transaction, campaignIds: readonly string[]): Promise<void>;
  /** Changes what follows from new totals: completed when no lead is open, paused by a guard. Last in a transaction. */
  onTotals(tx: Transaction, totals: readonly CampaignTotals[], nowMs: number): Promise<void>;
  /** As `onTotals`, with the stored totals: once the last leads were added in the background. */
  reconsider(tx: Transaction, campaignIds: readonly string[], nowMs: number): Promise<void>;
}

/**
 * Composes the slice.
 * @example
 * const campaigns = createCampaigns({ db, ids, emitAll, log, nowOf, wake: sending.wake, release: sending.release, mailboxLeads: () => leads.mailboxLeads, … });
 * await db.transaction((tx) => campaigns.create(tx, principal, campaignInput({ name: 'Spring launch' })));
 */
export function createCampaigns(options: CampaignsOptions): Campaigns {
  const { mailboxes, nowOf } = options;
  const states = createStates({ ...options, onDomains: () => domainWatch.wake() });
  const domainWatch = createDomainWatch({ ...options, states });
  mailboxes.listen({
    async removed(tx, rows) {
      const found = await withoutMailbox(
        tx,
        rows.map(({ id }) => id),
      );
      const locked = await lockByIds(
        tx,
        found.map(({ id }) => id),
      );
      const [first] = locked.filter(({ status }) => status === 'active');
      if (first === undefined) return;
      await states.act(
        tx,
        locked.filter(({ status }) => status === 'active'),
        'pause',
        await nowOf(tx, first.organization_id),
        { reason: 'no_mailbox', detail: 'Its last mailbox was disconnected. Add a mailbox, then resume the campaign.' },
      );
    },
  });
  const operations = createOperations({ ...options, states });
  const { db } = options;
  return {
    ...operations,
    module: {
      role: 'mail',
      run: domainWatch.run,
      routes: campaignRoutes({ db, campaigns: operations }),
      unfinished: {
        metric: 'outrider_campaigns',
        help: 'Campaigns by status.',
        count: () => depths(db),
      },
    },
    async shown(rows) {
      const [first] = rows;
      if (first === undefined) return [];
      const contexts = await contextsOf(db, rows);
      const days = await todayOf(db, rows, await nowOf(db, first.organization_id));
      return rows.flatMap((campaign) => {
        const [context, day] = [contexts.get(campaign.id), days.get(campaign.id)];
        return context === undefined || day === undefined ? [] : [{ campaign, context, today: day }];
      });
    },
    lock: lockByIds,
    rowsOf,
    stepsOf: outlinesOf,
    async activeOf(on, mailboxIds) {
      const rows = await activeOf(on, mailboxIds);
      if (rows.length === 0) return [];
      const steps = Map.groupBy(
        await outlinesOf(on, [...new Set(rows.map(({ id }) => id))]),
        (step) => step.campaign_id,
      );
      return rows.map(({ mailbox_id: mailboxId, calendars, ...campaign }) => ({
        mailboxId,
        campaign,
        calendars,
        steps: steps.get(campaign.id) ?? [],
      }));
    },
    async mailboxesOf(on, campaignIds) {
      const rows = Map.groupBy(await mailboxesOf(on, campaignIds), (row) => row.campaign_id);
      return new Map([...rows].map(([id, of]) => [id, of.map((row) => row.mailbox_id)]));
    },
    async archiveOfWorkspace(tx, { organizationId, workspaceId }) {
      const rows = await lockByIds(tx, await unarchivedOf(tx, organizationId, workspaceId));
      if (rows.length > 0) await states.act(tx, rows, 'archive', await nowOf(tx, organizationId));
    },
    activate: states.launch,
    pauseLocked: (tx, campaigns, pause, nowMs) => states.act(tx, campaigns, 'pause', nowMs, pause),
    wake: states.wakeOf,
    onTotals: states.onTotals,
    reconsider: states.reconsider,
  };
}
