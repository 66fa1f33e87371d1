import { connect, indexPlans } from './pool.ts';
import type { Database } from './pool.ts';
import { createRequestDatabase, requestLimits } from './request-database.ts';
import type { RequestDatabase } from './request-database.ts';

/** For the engine and for publishing, so that a slow list never delays a delivery. */
const engineConnections = 5;

/** For jobs, heartbeats and probes, so that requests never delay them. */
const backgroundConnections = 3;

export interface Pools {
  readonly db: RequestDatabase;
  readonly engineDb: Database;
  close(): Promise<void>;
}

/**
 * The connection pools of a process. Nothing is connected before the first statement.
 * @param connections in total; requests get what the engine and background work leave, at least 2.
 */
export function createPools(
  url: string,
  connections: number,
  on: {
    /** A connection failed. */
    readonly onError: (error: Error) => void;
    /** A statement or transaction failed. */
    readonly onFailure: (error: unknown) => void;
  },
): Pools {
  const max = Math.max(2, connections - engineConnections - backgroundConnections);
  const db = createRequestDatabase({
    max,
    requests: connect(url, { ...on, max, settings: requestLimits }),
    background: connect(url, { ...on, max: backgroundConnections, applicationName: 'outrider background' }),
  });
  const engineDb = connect(url, {
    ...on,
    max: engineConnections,
    applicationName: 'outrider engine',
    settings: indexPlans,
  });
  return {
    db,
    engineDb,
    close: async () => {
      await Promise.all([db.close(), engineDb.close()]);
    },
  };
}
