import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { isDatabaseAway, type Database, type Queryable } from '../db/pool.ts';
import { sql } from '../db/sql.ts';
import { unreachable } from '../base/errors.ts';
import type { EndpointId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import { wants, type Endpoint, type Filter } from './endpoint.ts';
import { signingSecret } from './sign.ts';
import type { Wire, Wires } from './wire.ts';

/** What the engine needs from outside to open an endpoint's row. */
export interface EndpointOpener {
  readonly wires: Wires;
  openSecret(db: Queryable, organizationId: OrganizationId, sealed: Buffer, context: string): Promise<Buffer>;
  signingKeyOf(organizationId: OrganizationId): Promise<KeyObject>;
  /** Called when an endpoint cannot be read, because its dialect is of a newer version or its secret does not open. */
  onUnreadable(id: EndpointId, error: unknown): void;
}

interface EndpointRow {
  id: EndpointId;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  transport: 'push' | 'pull';
  target_url: string;
  dialect: string;
  events: string[];
  filter: Filter | null;
  headers_sealed: Buffer | null;
  signing: 'hmac' | 'ed25519';
  secret_sealed: Buffer;
  previous_secret_sealed: Buffer | null;
  previous_secret_expires_at: Date | null;
  sign_with: 'old' | 'new';
  retry_schedule_seconds: number[] | null;
  timeout_ms: number | null;
  max_in_flight: number;
  rate_limit_per_second: number | null;
  ordering: 'none' | 'fifo';
  is_active: boolean;
  sandbox: boolean;
  deleted: boolean;
}

/** Every endpoint of the installation, in memory, as of one subscription epoch. */
export interface Subscriptions {
  /** The epoch that this process knows. A publish under any other one writes nothing, and refreshes first. */
  readonly epoch: number;
  get(id: EndpointId): Endpoint | undefined;
  /** The number of endpoints that cannot be read. They are read again with each change of any endpoint. */
  readonly unreadable: number;
  /** Endpoints subscribed to the type, including disabled ones, whose deliveries are held. The caller applies `passes`. */
  subscribers(organizationId: OrganizationId, type: string): readonly Endpoint[];
  /** Reads what changed since the known epoch. Concurrent calls share one read that begins after the call. */
  refresh(): Promise<void>;
  /** Called with the ids of endpoints that were changed or deleted, after each refresh. */
  onChange(listener: (changed: readonly EndpointId[]) => void): void;
}

export function createSubscriptions(db: Database, opener: EndpointOpener): Subscriptions {
  const endpoints = new Map<EndpointId, Endpoint>();
  const unreadable = new Set<EndpointId>();
  const byOrganization = new Map<OrganizationId, Map<EndpointId, Endpoint>>();
  // Matching by pattern is slow, so a type's subscribers are determined once per epoch.
  const byType = new Map<OrganizationId, Map<string, readonly Endpoint[]>>();
  const listeners: ((changed: readonly EndpointId[]) => void)[] = [];
  let epoch = -1;
  let running: Promise<void> | undefined;
  let next: Promise<void> | undefined;

  function put(id: EndpointId, organizationId: OrganizationId, endpoint: Endpoint | undefined): void {
    byType.delete(organizationId);
    let mine = byOrganization.get(organizationId);
    if (mine === undefined) byOrganization.set(organizationId, (mine = new Map<EndpointId, Endpoint>()));
    if (endpoint === undefined) {
      endpoints.delete(id);
      mine.delete(id);
    } else {
      endpoints.set(id, endpoint);
      mine.set(id, endpoint);
    }
  }

  async function open(row: EndpointRow): Promise<Endpoint> {
    const wire = opener.wires.get(row.dialect);
    if (wire === undefined) throw new Error(`This version does not support the dialect "${row.dialect}".`);
    const { transport, signing, ordering, filter } = rowShape.parse(row);
    const reveal = async (sealed: Buffer, context: string): Promise<string> =>
      (await opener.openSecret(db, row.organization_id, sealed, context)).toString();
    return {
      id: row.id,
      organizationId: row.organization_id,
      workspaceId: row.workspace_id ?? undefined,
      transport,
      url: new URL(row.target_url),
      wire,
      events: row.events,
      filter: filter ?? undefined,
      headers:
        row.headers_sealed === null
          ? {}
          : headersShape.parse(JSON.parse(await reveal(row.headers_sealed, 'endpoint headers'))),
      secret: signingSecret(await reveal(row.secret_sealed, 'endpoint secret')),
      previousSecret:
        row.previous_secret_sealed === null || row.previous_secret_expires_at === null
          ? undefined
          : {
              secret: signingSecret(await reveal(row.previous_secret_sealed, 'endpoint secret')),
              expiresAtMs: row.previous_secret_expires_at.getTime(),
              signsAlone: row.sign_with === 'old',
            },
      signingKey: signing === 'ed25519' ? await opener.signingKeyOf(row.organization_id) : undefined,
      retry: {
        scheduleSeconds: row.retry_schedule_seconds ?? wire.retryScheduleSeconds,
        exact: row.retry_schedule_seconds !== null,
      },
      timeoutMs: row.timeout_ms ?? wire.timeoutMs,
      maxInFlight: row.max_in_flight,
      ratePerSecond: row.rate_limit_per_second ?? undefined,
      fifo: ordering === 'fifo',
      isActive: row.is_active,
      sandbox: row.sandbox,
    };
  }

  /** A row that cannot be read must not prevent others from being read. */
  async function openOrKeep(row: EndpointRow): Promise<Endpoint | undefined> {
    const wasUnreadable = unreadable.delete(row.id);
    if (row.deleted) return undefined;
    try {
      return await open(row);
    } catch (error) {
      if (isDatabaseAway(error)) throw error;
      unreadable.add(row.id);
      if (!wasUnreadable) opener.onUnreadable(row.id, error);
      return kept(row, opener.wires.get(row.dialect));
    }
  }

  async function read(): Promise<void> {
    // The epoch first: all its endpoints are committed, so rows read afterwards are at least as new.
    const [current] = await db.query(sql<{ value: number }>`SELECT value FROM subscription_epoch`);
    if (current === undefined || current.value === epoch) return;
    const rows = await db.query(sql<EndpointRow>`
      SELECT id, organization_id, workspace_id, transport, target_url, dialect, events, filter, headers_sealed, signing, secret_sealed,
        previous_secret_sealed, previous_secret_expires_at, sign_with, retry_schedule_seconds, timeout_ms, max_in_flight, rate_limit_per_second,
        ordering, is_active, sandbox, deleted_at IS NOT NULL AS deleted
      FROM endpoints WHERE (epoch > ${epoch} OR id = ANY (${[...unreadable]}::uuid[])) AND (deleted_at IS NULL OR ${epoch} >= 0)`);
    const opened = await Promise.all(rows.map(openOrKeep));
    for (const [index, row] of rows.entries()) put(row.id, row.organization_id, opened[index]);
    epoch = current.value;
    const changed = rows.map((row) => row.id);
    for (const listener of listeners) listener(changed);
  }

  return {
    get epoch() {
      return epoch;
    },
    get: (id) => endpoints.get(id),
    get unreadable() {
      return unreadable.size;
    },
    subscribers(organizationId, type) {
      let types = byType.get(organizationId);
      if (types === undefined) byType.set(organizationId, (types = new Map<string, readonly Endpoint[]>()));
      let found = types.get(type);
      if (found === undefined) {
        found = [...(byOrganization.get(organizationId)?.values() ?? [])].filter((endpoint) => wants(endpoint, type));
        // Callers choose the types, so their memory is limited.
        if (types.size >= 1_000) types.clear();
        types.set(type, found);
      }
      return found;
    },
    refresh() {
      if (running === undefined) {
        running = read().finally(() => (running = undefined));
        return running;
      }
      // The running read may have begun before the caller's change, so one more follows it, shared by all callers that wait.
      next ??= running
        .catch(() => {})
        .then(() => {
          next = undefined;
          return this.refresh();
        });
      return next;
    },
    onChange: (listener) => listeners.push(listener),
  };
}

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** Columns in which a newer version may have written other values. */
const rowShape = z.object({
  transport: z.enum(['push', 'pull']),
  signing: z.enum(['hmac', 'ed25519']),
  ordering: z.enum(['none', 'fifo']),
  filter: z.record(z.string(), z.union([scalar, z.array(scalar)])).nullable(),
});
const headersShape = z.record(z.string(), z.string());

/**
 * Stands for an endpoint that this process cannot read. It gets a delivery for every event that matches its patterns: one that its filter
 * excludes can still be recognized later, one that was never written cannot. Nothing is sent.
 */
const kept = (row: EndpointRow, wire: Wire = unknownWire): Endpoint => ({
  id: row.id,
  organizationId: row.organization_id,
  workspaceId: row.workspace_id ?? undefined,
  transport: 'none',
  url: new URL('about:blank'),
  wire,
  events: row.events,
  filter: undefined,
  headers: {},
  secret: signingSecret('unreadable'),
  previousSecret: undefined,
  signingKey: undefined,
  retry: { scheduleSeconds: [], exact: true },
  timeoutMs: wire.timeoutMs,
  maxInFlight: 1,
  ratePerSecond: undefined,
  fifo: row.ordering === 'fifo',
  isActive: row.is_active,
  sandbox: row.sandbox,
});

const neverSent = (): never => {
  throw unreachable('nothing is sent to an endpoint that cannot be read');
};
const unknownWire: Wire = {
  name: 'unknown',
  retryScheduleSeconds: [],
  timeoutMs: 15_000,
  whenExhausted: 'nothing',
  ownSecret: 'any',
  headerPrefixes: [],
  eventName: (type) => type,
  body: neverSent,
  headers: neverSent,
  newSecret: neverSent,
};
