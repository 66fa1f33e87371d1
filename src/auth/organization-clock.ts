import type { Clock } from '../base/clock.ts';
import type { OrganizationId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import { announce } from '../db/bus.ts';
import { clocksOf, isMoving } from './queries.ts';

/**
 * The clocks of organizations. A live organization has the real time; the clock of a sandbox may be ahead of it. Times of an organization's
 * records of mail are its clock's; the times at which a loop wakes are real ones.
 */
export interface OrganizationClocks {
  /** What time it is for an organization, in Unix milliseconds. */
  nowOf(on: Queryable, organization: OrganizationId): Promise<number>;
  /** How far clocks are ahead of the real time, in milliseconds: 0 for every organization but a sandbox that was moved. */
  aheadOf(on: Queryable, organizations: readonly OrganizationId[]): Promise<ReadonlyMap<OrganizationId, number>>;
  /** Says that something which was due has been done: a clock that is being moved may go on. Sent with the commit. */
  progressed(on: Queryable, organizations: readonly OrganizationId[]): Promise<void>;
}

/** Live organizations that are remembered. */
const liveMax = 10_000;

/**
 * Reads clocks where they are needed: a sandbox's from its row each time, so that a transaction which locks a mailbox sees the moves before it;
 * that an organization is live is remembered, because it stays so.
 * @example
 * const clocks = createOrganizationClocks({ clock });
 * const nowMs = await clocks.nowOf(tx, organizationId);
 */
export function createOrganizationClocks({ clock }: { readonly clock: Pick<Clock, 'now'> }): OrganizationClocks {
  const live = new Set<OrganizationId>();

  async function aheadOf(
    on: Queryable,
    organizations: readonly OrganizationId[],
  ): Promise<ReadonlyMap<OrganizationId, number>> {
    const ahead = new Map<OrganizationId, number>(organizations.map((id) => [id, 0]));
    const asked = [...ahead.keys()].filter((id) => !live.has(id));
    if (asked.length === 0) return ahead;
    if (live.size > liveMax) live.clear();
    for (const { id, is_sandbox: isSandbox, clock_ahead_ms: aheadMs } of await clocksOf(on, asked))
      if (isSandbox) ahead.set(id, aheadMs);
      else live.add(id);
    return ahead;
  }

  return {
    aheadOf,
    async progressed(on, organizations) {
      const sandboxes = [...new Set(organizations)].filter((id) => !live.has(id));
      if (sandboxes.length > 0 && (await isMoving(on, sandboxes))) await announce(on, { kind: 'clock' });
    },
    nowOf: async (on, organization) => clock.now() + ((await aheadOf(on, [organization])).get(organization) ?? 0),
  };
}
