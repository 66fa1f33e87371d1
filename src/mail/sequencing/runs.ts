import type { Clock } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { Bus } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Reach as CrmReach } from '../../crm/records/index.ts';
import { Restart } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Campaigns } from '../campaigns/index.ts';
import { idsAfter, insertCalendars, openStatuses } from '../leads/index.ts';
import type { Leads } from '../leads/index.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import {
  dueStarts,
  isReplanning,
  nextReplan,
  nextStart,
  saveReplan,
  startOfSandbox,
  takeReplanTurn,
} from './queries.ts';
import { replanned } from './replan.ts';

export interface RunsOptions {
  readonly db: Database;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly clock: Clock;
  readonly campaigns: Pick<Campaigns, 'activate' | 'wake' | 'rowsOf' | 'lock' | 'stepsOf'>;
  readonly leads: Pick<Leads, 'lock' | 'change'>;
  readonly contactsOf: (on: Queryable, reach: CrmReach, ids: readonly string[]) => Promise<Contact[]>;
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  /** Something was done for organizations, whose clocks may go on. */
  readonly progressed: (on: Queryable, organizations: readonly OrganizationId[]) => Promise<void>;
  readonly onError: (error: unknown, during: string) => void;
}

const startsMax = 10;
const chunkRows = 1_000;

/** What campaigns do by themselves: they start at their time, and compute due times again after edits. */
export function createRuns(options: RunsOptions): { readonly run: JobRunner['run']; readonly timed: readonly Timed[] } {
  const { db, onError } = options;
  const starts = createJobRunner({
    ...options,
    chunk: (nowMs) => startDue(options, nowMs),
    nextDue: () => nextStart(db),
    onError: (error) => onError(error, 'starts of campaigns'),
  });
  const replans = createJobRunner({
    ...options,
    chunk: () => db.transaction((tx) => replanChunk(options, tx)),
    nextDue: () => Promise.resolve(undefined),
    onError: (error) => onError(error, 'new plans of campaigns'),
  });
  const still = (): Promise<void> => Promise.resolve();
  return {
    async run(signal) {
      await Promise.all([starts.run(signal), replans.run(signal)]);
    },
    timed: [
      // Starts are times of the organization's clock: they need no shift.
      { nextMs: startOfSandbox, shift: still },
      { nextMs: async (on, organization) => ((await isReplanning(on, organization)) ? 0 : null), shift: still },
    ],
  };
}

/** Starts campaigns whose time has come. Another process may do the same: a campaign that is active is not started again. */
async function startDue({ db, campaigns, nowOf, progressed }: RunsOptions, nowMs: number): Promise<boolean> {
  const due = await dueStarts(db, new Date(nowMs), startsMax);
  const outcomes = await Promise.allSettled(
    due.map(({ id, organization_id: organization }) =>
      db.transaction(async (tx) => {
        await campaigns.activate(tx, id, await nowOf(tx, organization));
        await progressed(tx, [organization]);
      }),
    ),
  );
  const failure = outcomes.find(({ status }) => status === 'rejected');
  if (failure?.status === 'rejected') throw failure.reason;
  return due.length > 0;
}

/** Computes the due times of the next leads again: they and the progress commit together. @returns false if there is nothing to do */
async function replanChunk(options: RunsOptions, tx: Transaction): Promise<boolean> {
  const { campaigns, leads } = options;
  if (!(await takeReplanTurn(tx))) return false;
  const id = await nextReplan(tx);
  if (id === undefined) return false;
  const [seen] = await campaigns.rowsOf(tx, [id]);
  if (seen?.replan_after == null) throw new Restart();
  const organization = seen.organization_id;
  const nowMs = await options.nowOf(tx, organization);
  // Mailboxes are locked before leads, and leads before campaigns.
  if (seen.status === 'active') await campaigns.wake(tx, [id]);
  const statuses = seen.reopen_finished ? ([...openStatuses, 'finished'] as const) : openStatuses;
  const ids = await idsAfter(tx, id, seen.replan_after, statuses, chunkRows);
  const locked = await leads.lock(tx, ids);
  const [campaign] = await campaigns.lock(tx, [id]);
  // It was edited before it was locked.
  if (campaign?.revision !== seen.revision || campaign.status !== seen.status) throw new Restart();
  const contactIds = locked.flatMap((lead) => lead.contact_id ?? []);
  const places = new Map<string, Contact>(
    (campaign.schedule.use_lead_timezone
      ? await options.contactsOf(tx, { organizationId: organization }, contactIds)
      : []
    ).map((contact) => [String(contact.id), contact]),
  );
  const steps = await campaigns.stepsOf(tx, [id]);
  const changes = locked.flatMap(
    (lead) => replanned({ lead, campaign, steps, place: places.get(lead.contact_id ?? ''), nowMs }) ?? [],
  );
  const calendars = new Set(changes.flatMap(({ patch }) => patch?.calendar ?? []));
  if (calendars.size > 0) await insertCalendars(tx, organization, id, [...calendars]);
  await saveReplan(tx, id, ids.length < chunkRows ? null : (ids.at(-1) ?? null));
  await leads.change(tx, changes);
  await options.progressed(tx, [organization]);
  return true;
}
