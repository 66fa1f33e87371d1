import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { JobRunner } from '../../db/jobs.ts';
import type { Deps } from '../../ops/index.ts';
import type { AuthFailure, Domains } from '../domains/index.ts';
import { activeOfDomain, forgetDomain, lockByIds, nextDomain, saveDomain, takeDomains } from './queries.ts';
import type { createStates, Pause, StatesOptions } from './states.ts';

/** A campaign pauses when the domain of one of its mailboxes has failed so long, in every reading. */
export const failingMs = 72 * hourMs;
const healthyAgainMs = dayMs;
const failingAgainMs = hourMs;
/** A process that dies while it reads keeps a domain for so long. */
const leaseMs = 5 * minuteMs;
const chunk = 20;

export interface DomainWatchOptions
  extends Pick<Deps, 'db' | 'bus' | 'clock' | 'onError'>, Pick<StatesOptions, 'nowOf'> {
  readonly states: Pick<ReturnType<typeof createStates>, 'act'>;
  readonly domains: Pick<Domains, 'read' | 'authFailingSince'>;
}

/**
 * Reads the DNS of the domains that active campaigns send from: once a day, and every hour while one fails. After 72 hours of failing
 * readings, its campaigns pause.
 */
export function createDomainWatch(options: DomainWatchOptions): JobRunner {
  const { db, bus, clock, onError } = options;
  return createJobRunner({
    bus,
    clock,
    onError: (error) => onError(error, 'domains of campaigns'),
    nextDue: async () => (await nextDomain(db))?.getTime(),
    async chunk(nowMs) {
      const taken = await takeDomains(db, new Date(nowMs), new Date(nowMs + leaseMs), chunk);
      await Promise.all(taken.map(({ organization_id: organization, domain }) => watch(options, organization, domain)));
      return taken.length > 0;
    },
  });
}

async function watch(options: DomainWatchOptions, organization: OrganizationId, domain: string): Promise<void> {
  const { db, clock, domains, states, nowOf } = options;
  if ((await activeOfDomain(db, organization, domain)).length === 0) {
    await forgetDomain(db, organization, domain);
    return;
  }
  await domains.read(organization, domain);
  const failure = await domains.authFailingSince(organization, domain);
  const pause = failure === undefined ? undefined : pauseOf(domain, failure);
  await db.transaction(async (tx) => {
    if (pause !== undefined) {
      const found = await activeOfDomain(tx, organization, domain);
      const locked = await lockByIds(
        tx,
        found.map(({ id }) => id),
      );
      const active = locked.filter(({ status }) => status === 'active');
      await states.act(tx, active, 'pause', await nowOf(tx, organization), pause);
    }
    const againMs = failure === undefined ? healthyAgainMs : failingAgainMs;
    await saveDomain(tx, organization, domain, new Date(clock.now() + againMs));
  });
}

/** Why campaigns of a domain pause; undefined: it does not fail for long enough. */
export function pauseOf(domain: string, { since, seenAt }: AuthFailure): Pause | undefined {
  const hours = (seenAt.getTime() - since.getTime()) / hourMs;
  if (hours * hourMs < failingMs) return undefined;
  return {
    reason: 'domain_auth',
    detail: `Receivers cannot authenticate mail of ${domain}: SPF, DKIM or DMARC has failed for ${Math.floor(hours)} hours, since ${since.toISOString()}. GET /v1/mailboxes/:id/dns says what to change. Then resume the campaign.`,
  };
}
