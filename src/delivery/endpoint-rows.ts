import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import type { Queryable } from '../db/pool.ts';
import { columns, plainArray, sql } from '../db/sql.ts';
import { unreachable } from '../base/errors.ts';
import type { EndpointId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { ClientCredentials } from './access-tokens.ts';
import type { Endpoint } from './endpoint.ts';
import { compileFilter } from './filter.ts';
import type { Filter } from './filter.ts';
import { signingSecret } from './sign.ts';
import { templateOf } from './templates/body-template.ts';
import type { Wire, Wires } from './wire.ts';

/** What the engine needs from outside to open an endpoint's row. */
export interface EndpointOpener {
  readonly wires: Wires;
  openSecret(db: Queryable, organizationId: OrganizationId, sealed: Buffer, context: string): Promise<Buffer>;
  signingKeyOf(organizationId: OrganizationId): Promise<KeyObject>;
  /** Called when an endpoint cannot be read, because its dialect is of a newer version or its secret does not open. */
  onUnreadable(id: EndpointId, error: unknown): void;
}

export interface EndpointRow {
  id: EndpointId;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  transport: 'push' | 'pull';
  target_url: string;
  dialect: string;
  events: string[];
  filter: Filter | null;
  headers_sealed: Buffer | null;
  tls_sealed: Buffer | null;
  oauth_client: unknown;
  body_template: string | null;
  content_type: string | null;
  oauth_secret_sealed: Buffer | null;
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
  epoch: number;
  deleted: boolean;
}

export const rowColumns = columns(
  [
    'id',
    'organization_id',
    'workspace_id',
    'transport',
    'target_url',
    'dialect',
    'events',
    'filter',
    'headers_sealed',
    'tls_sealed',
    'oauth_client',
    'body_template',
    'content_type',
    'oauth_secret_sealed',
    'signing',
    'secret_sealed',
    'previous_secret_sealed',
    'previous_secret_expires_at',
    'sign_with',
    'retry_schedule_seconds',
    'timeout_ms',
    'max_in_flight',
    'rate_limit_per_second',
    'ordering',
    'is_active',
    'sandbox',
    'epoch',
  ],
  'e',
);

/** Whose endpoints an event may reach: those of a workspace, or those that an organization has without a workspace. */
export interface Owner {
  readonly organizationId: OrganizationId;
  readonly workspaceId?: WorkspaceId | undefined;
}

/** Identifies an owner. Ids of workspaces and organizations never collide. */
export const ownerKey = ({ workspaceId, organizationId }: Owner): string => workspaceId ?? organizationId;

export const currentEpoch = async (db: Queryable): Promise<number | undefined> =>
  (await db.query(sql<{ value: number }>`SELECT value FROM subscription_epoch`))[0]?.value;

/** Endpoints that changed after a position, in order, deleted ones included. */
export const changedAfter = (
  db: Queryable,
  after: { readonly epoch: number; readonly id: string },
  limit: number,
): Promise<EndpointRow[]> =>
  db.query(sql<EndpointRow>`
    SELECT ${rowColumns}, e.deleted_at IS NOT NULL AS deleted FROM endpoints e
    WHERE e.epoch >= ${after.epoch} AND (e.epoch, e.id) > (${after.epoch}, ${after.id}::uuid) ORDER BY e.epoch, e.id LIMIT ${limit}`);

/**
 * All endpoints of the owners, and those with the ids; without deleted ones, in no order, some perhaps twice. `OFFSET 0` makes each look-up
 * an index scan of its own: PostgreSQL would otherwise join all endpoints of the installation (500 of 100,000: 4 ms instead of 17 s).
 */
export const endpointsOf = (
  db: Queryable,
  owners: readonly Owner[],
  ids: readonly EndpointId[],
): Promise<EndpointRow[]> => {
  const organizations = plainArray(owners.map(({ organizationId }) => organizationId));
  const workspaces = plainArray(owners.map(({ workspaceId }) => workspaceId ?? 'NULL'));
  return db.query(sql<EndpointRow>`
    SELECT ${rowColumns}, false AS deleted FROM unnest(${organizations}::uuid[], ${workspaces}::uuid[]) AS o (organization_id, workspace_id) CROSS JOIN LATERAL (
      SELECT * FROM endpoints WHERE organization_id = o.organization_id AND workspace_id = o.workspace_id AND deleted_at IS NULL OFFSET 0
    ) e
    UNION ALL
    SELECT ${rowColumns}, false FROM unnest(${organizations}::uuid[], ${workspaces}::uuid[]) AS o (organization_id, workspace_id) CROSS JOIN LATERAL (
      SELECT * FROM endpoints WHERE o.workspace_id IS NULL AND organization_id = o.organization_id AND workspace_id IS NULL AND deleted_at IS NULL OFFSET 0
    ) e
    UNION ALL
    SELECT ${rowColumns}, false FROM unnest(${plainArray(ids)}::uuid[]) AS i (id) CROSS JOIN LATERAL (
      SELECT * FROM endpoints WHERE id = i.id AND deleted_at IS NULL OFFSET 0
    ) e`);
};

const revealing =
  (db: Queryable, opener: EndpointOpener, organization: OrganizationId) =>
  async (sealed: Buffer, context: string): Promise<string> =>
    (await opener.openSecret(db, organization, sealed, context)).toString();

/** Opens a row. @throws Error if this version cannot read it */
export async function openEndpoint(db: Queryable, opener: EndpointOpener, row: EndpointRow): Promise<Endpoint> {
  const wire = opener.wires.get(row.dialect);
  if (wire === undefined) throw new Error(`This version does not support the dialect "${row.dialect}".`);
  const { transport, signing, ordering, filter } = rowShape.parse(row);
  const reveal = revealing(db, opener, row.organization_id);
  if (!URL.canParse(row.target_url)) throw new Error('The target URL cannot be parsed.');
  const tls =
    row.tls_sealed === null ? undefined : tlsShape.parse(JSON.parse(await reveal(row.tls_sealed, 'endpoint tls')));
  // The getter keeps what it uses in memory, and must not use the row.
  const { target_url: target } = row;
  let url: URL | undefined;
  return {
    id: row.id,
    organizationId: row.organization_id,
    workspaceId: row.workspace_id ?? undefined,
    transport,
    // Parsed when it is first used, since most endpoints in memory send nothing for long; then the same object, which names its connections.
    get url() {
      return (url ??= new URL(target));
    },
    wire,
    events: row.events,
    filter: filter === null ? undefined : compileFilter(filter),
    headers:
      row.headers_sealed === null
        ? noHeaders
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
    tls,
    oauth2:
      row.oauth_secret_sealed === null
        ? undefined
        : {
            ...credentialsOf(row.oauth_client),
            organizationId: row.organization_id,
            endpointId: row.id,
            clientSecret: await reveal(row.oauth_secret_sealed, 'endpoint oauth2'),
            ca: tls?.ca,
          },
    template:
      row.body_template === null ? undefined : templateOf(row.body_template, row.content_type ?? 'application/json'),
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

const noHeaders: Endpoint['headers'] = {};

/** Columns in which a newer version may have written other values. */
const rowShape = z.object({
  transport: z.enum(['push', 'pull']),
  signing: z.enum(['hmac', 'ed25519']),
  ordering: z.enum(['none', 'fifo']),
  filter: z.record(z.string(), z.unknown()).nullable(),
});
const headersShape = z.record(z.string(), z.string());
/** As the slice stores them (webhooks/endpoints/oauth2.ts). */
const oauth2Shape = z.object({
  token_url: z.string(),
  client_id: z.string(),
  scope: z.string().nullable(),
  audience: z.string().nullable(),
  client_authentication: z.enum(['basic', 'body']),
});

function credentialsOf(
  stored: unknown,
): Omit<ClientCredentials, 'organizationId' | 'endpointId' | 'clientSecret' | 'ca'> {
  const { token_url: tokenUrl, client_id: clientId, scope, audience, ...rest } = oauth2Shape.parse(stored);
  return {
    tokenUrl,
    clientId,
    scope: scope ?? undefined,
    audience: audience ?? undefined,
    authentication: rest.client_authentication,
  };
}

const tlsShape = z.object({ cert: z.string(), key: z.string(), ca: z.string() }).partial();

/**
 * Stands for an endpoint that this process cannot read. It gets a delivery for every event that matches its patterns: one that its filter
 * excludes can still be recognized later, one that was never written cannot. Nothing is sent.
 */
export const keptEndpoint = (row: EndpointRow, wire: Wire = unknownWire): Endpoint => ({
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
  tls: undefined,
  oauth2: undefined,
  template: undefined,
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
