import type { IncomingHttpHeaders } from 'node:http';
import { ApiError } from '../base/errors.ts';
import type { KeyId } from '../base/ids.ts';
import { sleep } from '../base/sleep.ts';
import { RecentMap } from '../auth/index.ts';
import type { Principal } from '../http/route.ts';
import type { Deps } from '../ops/index.ts';
import { assertSameOrigin, hashToken, isToken, tokenIn } from './cookie.ts';
import * as queries from './queries.ts';
import { roleOf, scopesOfRole } from './roles.ts';

const knownMax = 5_000;
const flushMs = 30_000;

/** A session, and what its person may do in each organization. */
interface Known {
  readonly expiresAtMs: number;
  readonly id: string;
  readonly seats: readonly Principal[];
}

/** Authenticates requests by the cookie of a session. */
export interface Sessions {
  /**
   * The person's principal in the organization that `outrider-organization` names (its id or slug, or that of its sandbox), or in that of
   * the person's oldest membership. Undefined: the request has no cookie of a session.
   * @throws ApiError `unauthorized`; `forbidden` for a change without proof of its origin, and for an organization without a role
   */
  authenticate(headers: IncomingHttpHeaders, method: string): Principal | Promise<Principal> | undefined;
  run(signal: AbortSignal): Promise<void>;
}

/** As for keys (`src/auth/principals.ts`), sessions are in memory while the bus reports changes, and queried otherwise. */
export function createSessions({
  db,
  clock,
  bus,
  publicUrl,
}: Pick<Deps, 'db' | 'clock' | 'bus'> & { readonly publicUrl: () => string }): Sessions {
  const known = new RecentMap<string, Known>(knownMax);
  const used = new Map<string, number>();
  let generation = 0;
  bus.subscribe((notice) => {
    if (notice !== undefined && notice.kind !== 'keys' && notice.kind !== 'workspace_deleted') return;
    generation += 1;
    known.clear();
  });

  async function find(token: string): Promise<Known | undefined> {
    const before = generation;
    const session = knownOf(await queries.seatsOf(db, hashToken(token)));
    if (session !== undefined && bus.connected && before === generation) known.set(token, session);
    return session;
  }

  function admit(session: Known | undefined, organization: string | undefined): Principal {
    const now = clock.now();
    if (session === undefined || session.expiresAtMs <= now)
      throw new ApiError('unauthorized', 'The session has ended. Sign in again.');
    used.set(session.id, now);
    const seat = seatIn(session, organization);
    // The same for an organization that does not exist.
    if (seat === undefined) throw new ApiError('forbidden', 'You have no role in this organization.');
    return seat;
  }

  async function flush(): Promise<void> {
    const batch = [...used];
    used.clear();
    if (batch.length === 0) return;
    // Not critical: the next use writes it again.
    await queries
      .markSessionsUsed(
        db,
        batch.map(([id]) => id),
        batch.map(([, at]) => at),
      )
      .catch(() => {});
  }

  return {
    authenticate(headers, method) {
      const token = tokenIn(headers, publicUrl());
      if (token === undefined) return undefined;
      const { 'outrider-organization': named } = headers;
      const organization = named === undefined ? undefined : String(named);
      assertSameOrigin(method, headers, publicUrl(), { cookie: true });
      const session = bus.connected ? known.get(token) : undefined;
      // The sandbox may have been created since the session was read.
      if (session !== undefined && seatIn(session, organization) !== undefined) return admit(session, organization);
      if (!isToken(token)) return admit(undefined, organization);
      return find(token).then((found) => admit(found, organization));
    },
    async run(signal) {
      while (!signal.aborted) {
        await sleep(clock, flushMs, signal);
        await flush();
      }
    },
  };
}

/** What the person may do in an organization, by its id or slug. @param organization undefined: that of the oldest membership */
const seatIn = ({ seats }: Known, organization: string | undefined): Principal | undefined =>
  seats.find(
    ({ organizationId: id, organizationSlug: slug }) =>
      organization === undefined || id === organization || slug === organization,
  );

function knownOf(rows: readonly queries.SeatRow[]): Known | undefined {
  const [first] = rows;
  if (first === undefined) return undefined;
  return {
    id: first.session_id,
    expiresAtMs: first.expires_at.getTime(),
    seats: rows.flatMap((row) =>
      row.role === null
        ? []
        : {
            organizationId: row.organization_id,
            organizationSlug: row.slug,
            plan: row.plan,
            sandbox: row.sandbox,
            workspaceId: row.workspace_id ?? undefined,
            keyId: row.person_id as unknown as KeyId,
            person: { id: row.person_id, sessionId: row.session_id, role: roleOf(row.role) },
            scopes: scopesOfRole[roleOf(row.role)],
          },
    ),
  };
}
