import { z } from 'zod';
import type { Bus } from '../db/bus.ts';
import type { Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { route, type Route } from '../http/route.ts';
import type { ClockOffset } from './clock-offset.ts';
import type { CommitFailures } from './commit-failures.ts';

const checkTimeoutMs = 2_000;

/** Whether the database answers, within two seconds. */
export const answers = (db: Queryable): Promise<boolean> =>
  Promise.race([
    db.query(sql`SELECT 1`).then(
      () => true,
      () => false,
    ),
    new Promise<boolean>((resolve) => setTimeout(() => resolve(false), checkTimeoutMs).unref()),
  ]);

const schema = z.object({ status: z.string() });

/** Answers 200 while the process accepts connections; a stopping process does not. */
export const healthRoute: Route = route({
  method: 'GET',
  path: '/healthz',
  probe: true,
  tag: 'Operations',
  summary: 'Liveness: the process is running',
  scope: null,
  answers: { 200: { description: 'Alive', schema, example: { status: 'ok' } } },
  handle: () => ({ status: 200, body: { status: 'ok' } }),
});

/** The 401 of `/readyz` and `/metrics`. */
export const tokenMissing = {
  description: 'The operator has set `OUTRIDER_METRICS_TOKEN`, and the request does not present it.',
};

/** Answers 200 while the process can work; 503 while the database is unavailable or cannot write to its disk, or the clocks differ. */
export const readyRoute = (
  db: Queryable,
  bus: Bus,
  clocks: Pick<ClockOffset, 'isReady' | 'offsetMs'>,
  failures: Pick<CommitFailures, 'storage'>,
): Route =>
  route({
    method: 'GET',
    path: '/readyz',
    probe: true,
    tag: 'Operations',
    summary: 'Readiness: the process can take work',
    scope: null,
    answers: {
      200: { description: 'Ready', schema, example: { status: 'ready' } },
      401: tokenMissing,
      503: { description: 'Not ready; `status` says why', schema, example: { status: 'database unavailable' } },
    },
    handle: async () => {
      if (!(await answers(db)) || !bus.connected) return { status: 503, body: { status: 'database unavailable' } };
      if (failures.storage !== undefined)
        return { status: 503, body: { status: failures.storage === 'disk_full' ? 'disk full' : 'disk error' } };
      if (!clocks.isReady)
        return {
          status: 503,
          body: { status: `clock differs from the database clock by ${(clocks.offsetMs / 1_000).toFixed(1)} s` },
        };
      return { status: 200, body: { status: 'ready' } };
    },
  });
