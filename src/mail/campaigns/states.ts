import { hourMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { ApiError, unreachable } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Logger } from '../../base/log.ts';
import { Restart } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import { announce } from '../../db/bus.ts';
import { totalsOf } from '../analytics/index.ts';
import { startOf, statusAfter } from './campaign.ts';
import type { Campaign, CampaignAction, PauseReason } from './campaign.ts';
import { verdictOn } from './guards.ts';
import type { Watched } from './guards.ts';
import { lockByIds, mailboxesOf, rowsOf, saveStatus, saveWaiting, watchDomains, watched } from './queries.ts';

export interface StatesOptions {
  readonly emitAll: EmitAll;
  readonly log: Logger;
  /** An organization's own time. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  /** Lets mailboxes look for messages now. It locks what is locked before campaigns. */
  readonly wake: (tx: Transaction, mailboxIds: readonly MailboxId[]) => Promise<void>;
  /** Lets messages of a campaign go on that wait since it was paused. It locks messages, which are locked before campaigns. */
  readonly release: (tx: Transaction, organization: OrganizationId, campaignId: string) => Promise<void>;
  readonly clock: Clock;
  /** Called once campaigns may send from domains whose DNS is to be read. */
  readonly onDomains: () => void;
}

/** Why a campaign pauses: a code, and a sentence with the numbers. */
export interface Pause {
  readonly reason: PauseReason;
  readonly detail: string | null;
}

/** A campaign's totals, as `count` returns them. */
export interface CampaignTotals extends Watched {
  readonly campaign_id: string;
}

const passive: Readonly<Record<CampaignAction, string>> = {
  launch: 'launched',
  miss_start: 'paused',
  pause: 'paused',
  resume: 'resumed',
  complete: 'completed',
  reopen: 'reopened',
  archive: 'archived',
  add_leads: 'given leads',
  edit: 'changed',
  delete: 'deleted',
};

/** @throws ApiError `conflict` if the action is refused in the campaign's status */
export function assertAllowed(campaign: Pick<Campaign, 'status'>, action: CampaignAction): Campaign['status'] {
  const next = statusAfter(campaign.status, action);
  if ('refused' in next) throw new ApiError('conflict', `The campaign cannot be ${passive[action]}: ${next.refused}.`);
  return next.status;
}

/** Changes the statuses of campaigns: the only writer of them. Each change is an event and a line of the log. */
export function createStates(options: StatesOptions) {
  /** Does an action to locked campaigns. Those whose status stays are left out. @returns them as they are now */
  async function act(
    tx: Transaction,
    campaigns: readonly Campaign[],
    action: CampaignAction,
    nowMs: number,
    pause?: Pause,
  ): Promise<Campaign[]> {
    const after: Campaign[] = [];
    for (const before of campaigns) {
      const status = assertAllowed(before, action);
      const row = status === before.status ? before : await changed(tx, before, status, action, nowMs, pause);
      if (row !== before) await write(options, tx, before, row, nowMs);
      after.push(row);
    }
    await watch(
      tx,
      after.filter((row, index) => row !== campaigns[index] && row.status === 'active').map(({ id }) => id),
    );
    return after;
  }

  /** Lets the mailboxes of campaigns look. Before the campaigns are locked. */
  async function wakeOf(tx: Transaction, campaigns: readonly string[]): Promise<void> {
    const mailboxes = await mailboxesOf(tx, campaigns);
    await options.wake(tx, [...new Set(mailboxes.map(({ mailbox_id: id }) => id))]);
  }

  /** Starts or resumes a campaign. Call it before campaigns are locked. @throws ApiError `conflict` */
  async function goOn(tx: Transaction, id: string, action: 'launch' | 'resume', nowMs: number): Promise<Campaign> {
    await wakeOf(tx, [id]);
    const [seen] = await rowsOf(tx, [id]);
    if (seen !== undefined) await options.release(tx, seen.organization_id, id);
    const [row] = await act(tx, await lockByIds(tx, [id]), action, nowMs);
    if (row === undefined) throw unreachable(`no campaign ${id}`);
    await reconsider(tx, [id], nowMs);
    return row;
  }

  /** Launches a campaign, or lets it wait for its start. Call it before campaigns are locked. @throws ApiError `conflict` */
  async function launch(tx: Transaction, id: string, nowMs: number): Promise<Campaign> {
    const [seen] = await rowsOf(tx, [id]);
    if (seen === undefined) throw unreachable(`no campaign ${id}`);
    if (startOf(seen, nowMs) === 'starts') return goOn(tx, id, 'launch', nowMs);
    const [row] = await lockByIds(tx, [id]);
    // It changed before it was locked.
    if (row === undefined || startOf(row, nowMs) !== startOf(seen, nowMs)) throw new Restart();
    if (startOf(row, nowMs) === 'waits') {
      if (row.waits_for_start) return row;
      await saveWaiting(tx, id);
      await announce(tx, { kind: 'due', endpoints: [] });
      return { ...row, waits_for_start: true, revision: row.revision + 1 };
    }
    const lateHours = ((nowMs - (row.starts_at?.getTime() ?? nowMs)) / hourMs).toFixed(1);
    const detail = `Its start at ${row.starts_at?.toISOString() ?? ''} was missed by ${lateHours} hours. Resume it to start it now.`;
    const [late] = await act(tx, [row], 'miss_start', nowMs, { reason: 'late_start', detail });
    return late ?? row;
  }

  async function reconsider(tx: Transaction, ids: readonly string[], nowMs: number): Promise<void> {
    const totals = await totalsOf(tx, ids);
    await onTotals(
      tx,
      [...totals].map(([id, figures]) => ({ ...figures, campaign_id: id })),
      nowMs,
    );
  }

  async function onTotals(tx: Transaction, totals: readonly CampaignTotals[], nowMs: number): Promise<void> {
    const byId = new Map(totals.map((each) => [each.campaign_id, each]));
    const verdicts = new Map(
      (await watched(tx, [...byId.keys()])).flatMap((row) => {
        const figures = byId.get(row.id);
        const verdict = figures === undefined ? undefined : verdictOn(row, figures, row.adding);
        return verdict === undefined ? [] : [[row.id, verdict] as const];
      }),
    );
    if (verdicts.size === 0) return;
    for (const row of await lockByIds(tx, [...verdicts.keys()])) {
      const figures = byId.get(row.id);
      // It may have changed before it was locked.
      const verdict = figures === undefined ? undefined : verdictOn(row, figures, false);
      const decided = verdicts.get(row.id);
      if (verdict?.action !== decided?.action || verdict === undefined) continue;
      await act(tx, [row], verdict.action, nowMs, verdict.action === 'pause' ? verdict : undefined);
    }
  }

  /** Watches the DNS of the domains that active campaigns send from. */
  async function watch(tx: Transaction, campaigns: readonly string[]): Promise<void> {
    if (campaigns.length === 0) return;
    if ((await watchDomains(tx, campaigns, new Date(options.clock.now()))) > 0) tx.afterCommit(options.onDomains);
  }

  return {
    act,
    wakeOf,
    goOn,
    launch,
    watch,
    /**
     * Changes what follows from new totals of campaigns: completed when no lead is open, paused by a guard. Call it last in a transaction,
     * after the figures.
     */
    onTotals,
    /** As `onTotals`, with the stored totals: after leads were added, or a campaign went on. */
    reconsider,
  };

  async function changed(
    tx: Transaction,
    before: Campaign,
    status: Campaign['status'],
    action: CampaignAction,
    nowMs: number,
    pause: Pause | undefined,
  ): Promise<Campaign> {
    const now = new Date(nowMs);
    const row: Campaign = {
      ...before,
      status,
      pause_reason: null,
      pause_detail: null,
      revision: before.revision + 1,
      updated_at: now,
    };
    switch (status) {
      case 'active': {
        const started = { ...row, started_at: before.started_at ?? now, starts_at: null, completed_at: null };
        if (action === 'reopen') return started;
        const { sent = 0, bounced = 0, complained = 0 } = (await totalsOf(tx, [before.id])).get(before.id) ?? {};
        return { ...started, guards_from: { sent, bounced, complained } };
      }
      case 'paused':
        return { ...row, pause_reason: pause?.reason ?? 'user', pause_detail: pause?.detail ?? null };
      case 'completed':
        return { ...row, completed_at: now };
      default:
        return row;
    }
  }
}

async function write(
  { emitAll, log }: StatesOptions,
  tx: Transaction,
  before: Campaign,
  after: Campaign,
  nowMs: number,
): Promise<void> {
  await saveStatus(tx, after);
  const reason = reasonOf(after);
  const type = eventOf(before, after);
  if (type !== undefined)
    await emitAll(tx, [
      {
        organizationId: after.organization_id,
        workspaceId: after.workspace_id ?? undefined,
        type,
        data: {
          campaign_id: after.id,
          name: after.name,
          status: after.status,
          reason,
          detail: after.pause_detail,
        },
        occurredAtMs: nowMs,
      },
    ]);
  tx.afterCommit(() =>
    log[after.pause_reason === null || after.pause_reason === 'user' ? 'info' : 'warn'](
      {
        organization_id: after.organization_id,
        campaign_id: after.id,
        from: before.status,
        to: after.status,
        reason,
        detail: after.pause_detail,
      },
      'campaign.status',
    ),
  );
}

/** The reason in events. */
function reasonOf({ status, pause_reason: why }: Campaign): string | null {
  switch (status) {
    case 'paused':
      return why === null || why === 'user' ? 'paused' : why;
    case 'completed':
      return 'finished';
    case 'archived':
      return 'archived';
    default:
      return null;
  }
}

/** A campaign that is archived while it sends is paused for its receivers. */
function eventOf(
  before: Campaign,
  { status }: Campaign,
): 'campaign.started' | 'campaign.paused' | 'campaign.completed' | undefined {
  switch (status) {
    case 'active':
      return 'campaign.started';
    case 'paused':
      return 'campaign.paused';
    case 'completed':
      return 'campaign.completed';
    case 'archived':
      return before.status === 'active' ? 'campaign.paused' : undefined;
    case 'draft':
      return undefined;
  }
}
