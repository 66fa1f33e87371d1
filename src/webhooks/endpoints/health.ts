import type { NewAlert } from '../../alerts/index.ts';
import type { Clock } from '../../base/clock.ts';
import type { Transaction } from '../../db/pool.ts';
import type { HealthChange } from '../../delivery/queue/health.ts';
import type { EmitAll } from '../../events/index.ts';
import { shownUrl } from './failure.ts';
import { reportedEndpoints } from './queries.ts';
import type { EndpointRow } from './queries.ts';

export interface HealthOptions {
  readonly clock: Clock;
  readonly emitAll: EmitAll;
  /** Stores an alert in the transaction of the change it reports. */
  readonly alert: (tx: Transaction, alert: NewAlert) => Promise<void>;
  /** Called for each report, for the log. */
  readonly onHealth: (change: HealthChange['change'], endpoint: Pick<EndpointRow, 'id' | 'organization_id'>) => void;
}

type Reported = Awaited<ReturnType<typeof reportedEndpoints>>[number];

/**
 * Reports endpoints that started or stopped failing, in the transaction that records it: `endpoint.failing` with an alert, and
 * `endpoint.recovered`. The endpoint itself never gets its own events. Others that fail on them may begin to fail, too, but the engine
 * reports each endpoint at most once an hour, so endpoints cannot keep each other busy.
 */
export const createHealthHandler =
  ({ clock, emitAll, alert, onHealth }: HealthOptions) =>
  async (tx: Transaction, changes: readonly HealthChange[]): Promise<readonly HealthChange[]> => {
    const rows = new Map(
      (
        await reportedEndpoints(
          tx,
          changes.map((change) => change.endpoint_id),
        )
      ).map((row) => [row.id, row]),
    );
    const reports = changes.flatMap((change) => {
      const row = rows.get(change.endpoint_id);
      return row === undefined ? [] : [{ change, row }];
    });
    await emitAll(
      tx,
      reports.map(({ change, row }) => ({
        organizationId: row.organization_id,
        workspaceId: row.workspace_id ?? undefined,
        occurredAtMs: clock.now(),
        except: [row.id],
        ...eventOf(change, row),
      })),
    );
    for (const { change, row } of reports) {
      if (change.change === 'failing')
        await alert(tx, { organizationId: row.organization_id, ...alertOf(change, row) });
      onHealth(change.change, row);
    }
    return reports.map(({ change }) => change);
  };

function eventOf(
  { change, since, ...health }: HealthChange,
  row: Reported,
): { type: 'endpoint.failing' | 'endpoint.recovered'; data: object } {
  const about = { endpoint_id: row.id, target_url: urlOf(row), failing_since: since.toISOString() };
  const at = health.last_delivered_at?.toISOString() ?? null;
  if (change === 'recovered') return { type: 'endpoint.recovered', data: { ...about, recovered_at: at } };
  const { consecutive_failures, last_error } = health;
  return {
    type: 'endpoint.failing',
    data: { ...about, consecutive_failures, last_delivered_at: at, last_error },
  };
}

/** A row of a newer version may have another form of URL. */
const urlOf = ({ target_url: url }: Reported): string => (URL.canParse(url) ? shownUrl(new URL(url)) : '');

const alertOf = (change: HealthChange, row: Reported): Pick<NewAlert, 'subject' | 'body'> => ({
  subject: `Webhook endpoint failing: ${URL.canParse(row.target_url) ? new URL(row.target_url).host : row.id}`,
  body: [
    `${change.consecutive_failures} attempts in a row failed to reach the webhook endpoint ${urlOf(row)}.`,
    '',
    `Endpoint:       ${row.id}${row.description === '' ? '' : ` (${row.description})`}`,
    `Last delivered: ${change.last_delivered_at?.toISOString() ?? 'never'}`,
    `Last error:     ${change.last_error ?? 'unknown'}`,
    '',
    'Deliveries are retried by its schedule. You will get no further alert about it for an hour. What it did not receive:',
    '',
    `  GET /v1/deliveries?endpoint_id=${row.id}&status=pending`,
  ].join('\n'),
});
