import type { Queryable } from '../../db/pool.ts';
import type { Endpoint } from '../../delivery/endpoint.ts';
import { payloads } from './queries.ts';
import type { Candidate, Replay } from './replay.ts';

/** Payloads read at a time to be filtered: at most 12.5 MiB. */
export const payloadsMax = 50;

/** Candidates that pass the endpoint's current filter. It applies to `all` only: past deliveries are replayed whatever the filter. */
export async function passing(
  db: Queryable,
  { status, organization_id: organization }: Pick<Replay, 'status' | 'organization_id'>,
  { filter }: Pick<Endpoint, 'filter'>,
  candidates: readonly Candidate[],
): Promise<ReadonlySet<Candidate>> {
  if (status !== 'all' || filter === undefined || candidates.length === 0) return new Set(candidates);
  const events = candidates.map((candidate) => candidate.event_id);
  const rows = await payloads(db, organization, events);
  const data = new Map(rows.map((row) => [row.id, row.data]));
  return new Set(
    candidates.filter(({ event_id: id }) => {
      const payload = data.get(id);
      return payload !== undefined && filter(JSON.parse(payload.toString()));
    }),
  );
}
