import type { Slice } from '../../db/in-order.ts';
import { createHmac, randomUUID } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { NewAlert } from '../../alerts/index.ts';
import { workspaceFor } from '../../auth/index.ts';
import { dayMs, hourMs } from '../../base/clock.ts';
import { alreadyExists, ApiError, invalid, notFound } from '../../base/errors.ts';
import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { sqlState } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Deps } from '../../ops/index.ts';
import { checkHost, ownershipRecord } from './host-check.ts';
import type { Challenge, HostCheckOptions, HostReport, OwnershipRecord } from './host-check.ts';
import { readHost } from './host-name.ts';
import { unseenMaxMs } from './hosts.ts';
import type { HostsOptions } from './hosts.ts';
import {
  countHosts,
  holderOf,
  hostById,
  insertHost,
  listHosts,
  lockHost,
  loseHost,
  removeHost,
  saveHostCheck,
  takeHostsDue,
} from './queries.ts';
import type { HostRow, Reach } from './queries.ts';
import type { Signers } from './signers.ts';
import { pixelNumber, tokenOf } from './token.ts';

export interface OwnHostsOptions
  extends
    Pick<Deps, 'db' | 'clock' | 'ids' | 'onError'>,
    Omit<HostCheckOptions, 'clock' | 'target'>,
    Pick<HostsOptions, 'publicUrl' | 'baseUrl'> {
  readonly signers: Signers;
  readonly alert: (tx: Transaction, alert: NewAlert) => Promise<void>;
}

/** Verified hosts are checked again after this; failing ones after an hour. */
const againMs = dayMs;
const failedAgainMs = hourMs;
/** In a minute, by each process. */
const batch = 10;
export const hostsMax = 200;

const taken = (host: string): string =>
  `Another organization of this installation has verified ${host}, and its TXT record is still there. Delete that record, or use another name below your domain.`;

export type OwnHosts = ReturnType<typeof createOwnHosts>;

/** Hosts of organizations that links lead over, and whether they lead here. */
export function createOwnHosts(options: OwnHostsOptions) {
  const { db, clock, ids, signers, alert, onError, publicUrl, baseUrl } = options;
  const target = publicUrl === undefined ? undefined : new URL(publicUrl).hostname;

  async function get(reach: Reach, id: string): Promise<HostRow> {
    const row = await hostById(db, reach, id);
    if (row === undefined) throw notFound('Tracking domain');
    return row;
  }

  /** A token for one check: nobody has it before, and only who has the organization's key can answer it. */
  async function challengeOf(organization: OrganizationId): Promise<Challenge> {
    const { tag, key } = await signers.of(db, organization);
    const token = tokenOf(key, tag, { sendKey: randomUUID(), number: pixelNumber });
    return { path: `/t/h/${token}`, proof: proofOf(key, token) };
  }

  const recordOf = async ({
    host,
    organization_id: organization,
  }: Pick<HostRow, 'host' | 'organization_id'>): Promise<OwnershipRecord> =>
    ownershipRecord(host, (await signers.of(db, organization)).tag);

  async function check(row: HostRow): Promise<HostReport> {
    const { host, organization_id: organization } = row;
    const owner = { record: await recordOf(row), isProven: row.verified_at !== null };
    const report = await checkHost({ ...options, target }, host, organization, await challengeOf(organization), owner);
    const isNew = report.problem === null && !owner.isProven;
    const holder = isNew ? await holderOf(db, organization, host) : undefined;
    const isHeld = holder !== undefined && report.proofs.includes((await recordOf(holder)).value);
    try {
      if (!isHeld) {
        await save(row, report.problem, holder);
        return report;
      }
    } catch (error) {
      // It was verified by another organization during the check.
      if (sqlState(error) !== '23505') throw error;
    }
    await save(row, taken(host));
    return { ...report, problem: taken(host) };
  }

  /** @param loser the host of the organization that had verified it, and cannot prove that it owns it */
  const save = ({ id, host, organization_id: organizationId }: HostRow, problem: string | null, loser?: HostRow) =>
    db.transaction(async (tx) => {
      const before = await lockHost(tx, id);
      if (before === undefined) return;
      if (loser !== undefined) {
        await loseHost(tx, loser.id, lost(host), new Date(clock.now()));
        await alert(tx, { organizationId: loser.organization_id, ...alertOf(host, lost(host)) });
      }
      const nowMs = clock.now();
      const verifiedAt = verifiedAfter(before.verified_at, problem, nowMs);
      await saveHostCheck(tx, id, { verified_at: verifiedAt, checked_at: new Date(nowMs), problem });
      if (before.verified_at !== null && verifiedAt === null)
        await alert(tx, {
          organizationId,
          ...alertOf(host, `For three days, requests to it have not arrived here. ${problem ?? ''}`),
        });
    });

  return {
    get,
    recordOf,

    list: (reach: Reach, slice: Slice): Promise<HostRow[]> => listHosts(db, reach, slice),

    /**
     * Adds a host. Links do not lead over it before `verify`.
     * @throws ApiError `validation_failed`; `conflict`; `forbidden` for a workspace other than the caller's
     */
    async add(caller: Reach, given: string, wanted: WorkspaceId | undefined): Promise<HostRow> {
      const read = readHost(given, [target ?? [], new URL(baseUrl()).hostname].flat());
      if ('problem' in read) throw invalid({ host: read.problem });
      const { host } = read;
      const organization = caller.organizationId;
      const workspace = await workspaceFor(db, caller, wanted);
      if ((await countHosts(db, organization)) >= hostsMax)
        throw new ApiError('conflict', `An organization has at most ${hostsMax} tracking domains. Delete one.`);
      const row = {
        id: ids.next<string>(),
        organization_id: organization,
        workspace_id: workspace,
        host,
        created_at: new Date(clock.now()),
      };
      if ((await insertHost(db, row)) === 0) throw alreadyExists('Tracking domain', 'host', host);
      return { ...row, verified_at: null, checked_at: null, problem: null };
    },

    /**
     * Checks now that a host leads here. One that did before is used for 3 more days if it does not.
     * @throws ApiError `not_found`
     */
    async verify(reach: Reach, id: string): Promise<{ readonly row: HostRow; readonly report: HostReport }> {
      const report = await check(await get(reach, id));
      return { row: await get(reach, id), report };
    },

    /** Links that were sent work as long as the host leads here. @throws ApiError `not_found` */
    async remove(reach: Reach, id: string): Promise<void> {
      await removeHost(db, reach.organizationId, (await get(reach, id)).id);
    },

    /** The answer to a challenge. @returns undefined for a token that nobody wrote */
    async answer(token: string): Promise<string | undefined> {
      const read = await signers.check(token);
      return read === undefined ? undefined : proofOf((await signers.of(db, read.organizationId)).key, token);
    },

    /** Checks again verified hosts whose time has come. */
    async checkDue(nowMs: number): Promise<void> {
      const due = await takeHostsDue(
        db,
        { now: new Date(nowMs), before: new Date(nowMs - againMs), failedBefore: new Date(nowMs - failedAgainMs) },
        batch,
      );
      await Promise.all(
        due.map((row) => check(row).catch((error: unknown) => onError(error, 'check of a tracking domain'))),
      );
    },
  };
}

const proofOf = (key: KeyObject, token: string): string =>
  createHmac('sha256', key).update(`tracking host ${token}`).digest('base64url');

/** When a host was last seen to lead here, after a check; null: it is not verified, or not any more. */
export const verifiedAfter = (before: Date | null, problem: string | null, nowMs: number): Date | null => {
  if (problem === null) return new Date(nowMs);
  return before !== null && nowMs - before.getTime() <= unseenMaxMs ? before : null;
};

const lost = (host: string): string =>
  `Another organization of this installation has proved by a DNS record that ${host} belongs to it.`;

const alertOf = (host: string, problem: string): Omit<NewAlert, 'organizationId'> => ({
  subject: `Tracking domain cannot be used: ${host}`,
  body: [
    `New messages do not use ${host}: their opens and clicks are not tracked over it. Links in sent messages work as long as it leads here.`,
    '',
    problem,
    '',
    'Correct it, then call POST /v1/tracking-domains/:id/verify.',
  ].join('\n'),
});
