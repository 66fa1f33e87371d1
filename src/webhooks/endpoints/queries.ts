import { dayMs } from '../../base/clock.ts';
import { announce } from '../../db/bus.ts';
import { orderPart, sincePart } from '../../db/in-order.ts';
import type { Slice } from '../../db/in-order.ts';
import { first } from '../../db/pool.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import { assembled, joinParts, part, plainArray, sql } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';
import type { BodyTemplate } from '../../delivery/templates/body-template.ts';
import type { Filter } from '../../delivery/filter.ts';
import { firstId, idAt } from '../../base/ids.ts';
import type { EndpointId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import { unreachable } from '../../base/errors.ts';
import type { ShownTls } from './client-tls.ts';
import type { StoredOAuth2 } from './oauth2.ts';

/** An endpoint as it is stored. */
export interface EndpointRow {
  id: EndpointId;
  organization_id: OrganizationId;
  workspace_id: WorkspaceId | null;
  transport: 'push' | 'pull';
  target_url: string;
  description: string;
  dialect: string;
  events: string[];
  filter: Filter | null;
  headers_sealed: Buffer | null;
  /** The client certificate and the authorities as the API shows them; null: none. */
  tls: ShownTls | null;
  tls_sealed: Buffer | null;
  /** When the client certificate expires. */
  tls_expires_at: Date | null;
  oauth_client: StoredOAuth2 | null;
  oauth_secret_sealed: Buffer | null;
  body_template: string | null;
  content_type: string | null;
  header_names: string[];
  signing: 'hmac' | 'ed25519';
  secret_sealed: Buffer;
  secret_prefix: string;
  previous_secret_sealed: Buffer | null;
  previous_secret_expires_at: Date | null;
  /** During the overlap of a rotation: the secret that signs headers with room for one signature. */
  sign_with: 'old' | 'new';
  retry_schedule_seconds: number[] | null;
  timeout_ms: number | null;
  max_in_flight: number;
  rate_limit_per_second: number | null;
  ordering: 'none' | 'fifo';
  is_active: boolean;
  sandbox: boolean;
  /** Sequential within the organization; never reused. */
  number: number;
  /** The key that created it; null: none. */
  created_by: string | null;
  disabled_reason: string | null;
  disabled_at: Date | null;
  expires_at: Date | null;
  created_at: Date;
  updated_at: Date;
  /** Raw ed25519 key, if the endpoint signs with one. */
  public_key: Buffer | null;
}

/** The endpoints a caller sees: those of an organization, or of one of its workspaces. */
export interface Reach {
  readonly organizationId: OrganizationId;
  readonly workspaceId: WorkspaceId | undefined;
}

/**
 * Takes the next subscription epoch; the commit notifies the other processes. Until the commit no other endpoint of the installation can
 * change, so call this right before the endpoint's own write. Lock order: the endpoint's row first, then the epoch.
 */
export async function nextEpoch(tx: Transaction): Promise<number> {
  await announce(tx, { kind: 'endpoints' });
  const row = await first(tx, sql<{ value: number }>`UPDATE subscription_epoch SET value = value + 1 RETURNING value`);
  if (row === undefined) throw unreachable('subscription_epoch has no row');
  return row.value;
}

/**
 * Call after `nextEpoch`, whose lock keeps the number unique and the limit exact. During an upgrade, a process of the former version may write
 * deliveries without a key of the FIFO order (`fifo_from`).
 * @returns the number; undefined if the workspace, or the organization without its workspaces, already has `endpointsMax` endpoints.
 */
export const insertEndpoint = async (
  tx: Transaction,
  row: Omit<EndpointRow, 'number'>,
  epoch: number,
  endpointsMax: number,
): Promise<number | undefined> =>
  (
    await first(
      tx,
      sql<{ number: number }>`
    INSERT INTO endpoints (id, organization_id, workspace_id, transport, target_url, description, dialect, events, filter, headers_sealed, header_names, signing, secret_sealed, secret_prefix,
      retry_schedule_seconds, timeout_ms, max_in_flight, rate_limit_per_second, ordering, is_active, sandbox, disabled_reason, disabled_at, expires_at, epoch, number, created_by, created_at, updated_at,
      tls, tls_sealed, tls_expires_at, oauth_client, oauth_secret_sealed, body_template, content_type, fifo_from)
    SELECT ${row.id}, ${row.organization_id}, ${row.workspace_id}, ${row.transport}, ${row.target_url}, ${row.description}, ${row.dialect}, ${row.events}::text[], ${jsonText(row.filter)}::jsonb,
      ${row.headers_sealed}::bytea, ${row.header_names}::text[], ${row.signing}, ${row.secret_sealed}::bytea, ${row.secret_prefix}, ${row.retry_schedule_seconds}::int[], ${row.timeout_ms}::int,
      ${row.max_in_flight}, ${row.rate_limit_per_second}::float8, ${row.ordering}, ${row.is_active}, ${row.sandbox}, ${row.disabled_reason}, ${row.disabled_at}::timestamptz,
      ${row.expires_at}::timestamptz, ${epoch}, (SELECT coalesce(max(number), 0) + 1 FROM endpoints WHERE organization_id = ${row.organization_id}), ${row.created_by}::uuid, ${row.created_at}, ${row.updated_at},
      ${jsonText(row.tls)}::jsonb, ${row.tls_sealed}::bytea, ${row.tls_expires_at}::timestamptz, ${jsonText(row.oauth_client)}::jsonb, ${row.oauth_secret_sealed}::bytea, ${row.body_template}::text, ${row.content_type}::text,
      CASE WHEN ${row.ordering}::text <> 'fifo' THEN NULL
        WHEN EXISTS (SELECT FROM schema_migrations m WHERE name LIKE '%_fifo_keys' AND applied_at > ${new Date(row.created_at.getTime() - dayMs)}
          AND EXISTS (SELECT FROM schema_migrations WHERE applied_at < m.applied_at - interval '1 hour')) THEN ${idAt(row.created_at.getTime() + dayMs)}::uuid
        ELSE ${firstId}::uuid END
    WHERE (
      SELECT count(*) FROM (
        SELECT FROM endpoints WHERE organization_id = ${row.organization_id} AND workspace_id = ${row.workspace_id} AND deleted_at IS NULL
        UNION ALL
        SELECT FROM endpoints WHERE organization_id = ${row.organization_id} AND workspace_id IS NULL AND ${row.workspace_id}::uuid IS NULL AND deleted_at IS NULL
      ) mine
    ) < ${endpointsMax}
    RETURNING number`,
    )
  )?.number;

/**
 * Writes all columns that can change. What an endpoint that gets FIFO order already has in its queue has no key of the order (`fifo_from`): a
 * day is longer than the clocks of two processes can differ.
 */
export const updateEndpoint = (tx: Transaction, row: EndpointRow, epoch: number): Promise<number> =>
  tx.execute(sql`
    UPDATE endpoints SET target_url = ${row.target_url}, description = ${row.description}, dialect = ${row.dialect}, events = ${row.events}, filter = ${jsonText(row.filter)}::jsonb,
      headers_sealed = ${row.headers_sealed}, header_names = ${row.header_names}, signing = ${row.signing}, secret_sealed = ${row.secret_sealed}, secret_prefix = ${row.secret_prefix},
      previous_secret_sealed = ${row.previous_secret_sealed}, previous_secret_expires_at = ${row.previous_secret_expires_at}, sign_with = ${row.sign_with}, retry_schedule_seconds = ${row.retry_schedule_seconds},
      timeout_ms = ${row.timeout_ms}, max_in_flight = ${row.max_in_flight}, rate_limit_per_second = ${row.rate_limit_per_second},
      fifo_from = CASE WHEN ${row.ordering}::text = 'fifo' AND ordering <> 'fifo' THEN ${idAt(row.updated_at.getTime() + dayMs)}::uuid ELSE fifo_from END, ordering = ${row.ordering}, is_active = ${row.is_active},
      disabled_reason = ${row.disabled_reason}, disabled_at = ${row.disabled_at}, expires_at = ${row.expires_at}, updated_at = ${row.updated_at}, epoch = ${epoch},
      tls = ${jsonText(row.tls)}::jsonb, tls_sealed = ${row.tls_sealed}, tls_expires_at = ${row.tls_expires_at},
      oauth_client = ${jsonText(row.oauth_client)}::jsonb, oauth_secret_sealed = ${row.oauth_secret_sealed}, body_template = ${row.body_template}, content_type = ${row.content_type}
    WHERE id = ${row.id}`);

const jsonText = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

/** Keeps a template for the attempts that are made with it, and the endpoint's latest `max` in all. */
export async function keepTemplate(
  tx: Transaction,
  endpoint: EndpointId,
  { digest, text, contentType }: BodyTemplate,
  at: Date,
  max: number,
): Promise<void> {
  await tx.execute(sql`
    INSERT INTO body_templates (endpoint_id, digest, template, content_type, created_at) VALUES (${endpoint}, ${digest}, ${text}, ${contentType}, ${at})
    ON CONFLICT (endpoint_id, digest) DO UPDATE SET created_at = excluded.created_at`);
  await tx.execute(sql`
    DELETE FROM body_templates WHERE endpoint_id = ${endpoint} AND digest NOT IN (
      SELECT digest FROM body_templates WHERE endpoint_id = ${endpoint} ORDER BY created_at DESC, digest LIMIT ${max})`);
}

/** Marks endpoints as deleted, because their deliveries refer to them, and erases their credentials. */
export const deleteEndpoints = (
  tx: Transaction,
  ids: readonly EndpointId[],
  at: Date,
  epoch: number,
): Promise<number> =>
  tx.execute(sql`
    UPDATE endpoints SET deleted_at = ${at}, updated_at = ${at}, is_active = false, secret_sealed = '', previous_secret_sealed = NULL, headers_sealed = NULL, header_names = '{}', tls = NULL, tls_sealed = NULL, tls_expires_at = NULL,
      oauth_client = NULL, oauth_secret_sealed = NULL, body_template = NULL, content_type = NULL, epoch = ${epoch}
    WHERE id = ANY(${plainArray(ids)}::uuid[])`);

/** Deletes up to `limit` endpoints of a workspace. @returns how many. */
export async function deleteEndpointsOf(
  tx: Transaction,
  organization: OrganizationId,
  workspace: WorkspaceId,
  at: Date,
  limit: number,
): Promise<number> {
  const rows = await tx.query(sql<{ id: EndpointId }>`
    SELECT id FROM endpoints WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND deleted_at IS NULL
    ORDER BY id LIMIT ${limit} FOR NO KEY UPDATE`);
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  return deleteEndpoints(tx, ids, at, await nextEpoch(tx));
}

export const endpointById = (db: Queryable, reach: Reach, id: EndpointId): Promise<EndpointRow | undefined> =>
  first(
    db,
    sql<EndpointRow>`
      SELECT e.*, k.public_key FROM endpoints e LEFT JOIN signing_keys k ON e.signing = 'ed25519' AND k.organization_id = e.organization_id
      WHERE e.id = ${id} AND e.organization_id = ${reach.organizationId} AND (${reach.workspaceId ?? null}::uuid IS NULL OR e.workspace_id = ${reach.workspaceId ?? null}) AND e.deleted_at IS NULL`,
  );

export const endpointByNumber = (db: Queryable, reach: Reach, number: number): Promise<EndpointRow | undefined> =>
  first(
    db,
    sql<EndpointRow>`
      SELECT e.*, k.public_key FROM endpoints e LEFT JOIN signing_keys k ON e.signing = 'ed25519' AND k.organization_id = e.organization_id
      WHERE e.organization_id = ${reach.organizationId} AND e.number = ${number} AND (${reach.workspaceId ?? null}::uuid IS NULL OR e.workspace_id = ${reach.workspaceId ?? null}) AND e.deleted_at IS NULL`,
  );

/** As `endpointById`, with a lock on the row until the transaction ends. */
export const lockEndpoint = (tx: Transaction, reach: Reach, id: EndpointId): Promise<EndpointRow | undefined> =>
  first(
    tx,
    sql<EndpointRow>`
      SELECT e.*, k.public_key FROM endpoints e LEFT JOIN signing_keys k ON e.signing = 'ed25519' AND k.organization_id = e.organization_id
      WHERE e.id = ${id} AND e.organization_id = ${reach.organizationId} AND (${reach.workspaceId ?? null}::uuid IS NULL OR e.workspace_id = ${reach.workspaceId ?? null}) AND e.deleted_at IS NULL
      FOR NO KEY UPDATE OF e`,
  );

/** Which endpoints a list contains; undefined: any. */
export interface StoredFilter {
  readonly urls?: readonly string[] | undefined;
  readonly active?: boolean | undefined;
  readonly dialect?: string | undefined;
  /** A name or prefix that must be one of the endpoint's patterns, or be matched by one. */
  readonly event?: string | undefined;
}

/** The patterns that match a name or prefix: itself, `*`, and every prefix of it. */
const patternsOf = (event: string): readonly string[] => [
  '*',
  event,
  ...event.split('.').map((_, index, parts) => `${parts.slice(0, index + 1).join('.')}.*`),
];

/** The conditions of a list of endpoints `e`. */
const matching = ({ organizationId, workspaceId }: Reach, { urls, active, dialect, event }: StoredFilter): Part =>
  joinParts(
    [
      part`e.organization_id = ${organizationId} AND e.deleted_at IS NULL`,
      ...(workspaceId === undefined ? [] : [part`e.workspace_id = ${workspaceId}`]),
      ...(urls === undefined ? [] : [part`e.target_url = ANY(${urls}::text[])`]),
      ...(active === undefined ? [] : [part`e.is_active = ${active}`]),
      ...(dialect === undefined ? [] : [part`e.dialect = ${dialect}`]),
      ...(event === undefined ? [] : [part`e.events && ${patternsOf(event)}`]),
    ],
    ' AND ',
  );

export const endpoints = (db: Queryable, reach: Reach, filter: StoredFilter, slice: Slice): Promise<EndpointRow[]> =>
  db.query(
    assembled<EndpointRow>(part`
      SELECT e.*, k.public_key FROM endpoints e LEFT JOIN signing_keys k ON e.signing = 'ed25519' AND k.organization_id = e.organization_id
      WHERE ${matching(reach, filter)}${orderPart('e', slice)}`),
  );

export const countEndpoints = async (
  db: Queryable,
  reach: Reach,
  filter: StoredFilter,
  slice: Slice,
): Promise<number> =>
  (
    await first(
      db,
      assembled<{ total: number }>(
        part`SELECT count(*) AS total FROM endpoints e WHERE ${matching(reach, filter)}${sincePart('e', slice)}`,
      ),
    )
  )?.total ?? 0;

/** URLs of endpoints that may lead to a host. A host that is not in ASCII is stored as it was written. */
export const urlsAt = (
  db: Queryable,
  { organizationId: organization, workspaceId: workspace }: Reach,
  host: string,
): Promise<{ target_url: string }[]> =>
  db.query(sql<{ target_url: string }>`
    SELECT DISTINCT target_url FROM endpoints
    WHERE organization_id = ${organization} AND (${workspace ?? null}::uuid IS NULL OR workspace_id = ${workspace ?? null}) AND deleted_at IS NULL
      AND (strpos(lower(target_url), ${host}) > 0 OR target_url ~ '[^ -~]')`);

/** Those of the endpoints whose health is reported: enabled ones to which deliveries are sent. */
export const reportedEndpoints = (
  tx: Transaction,
  ids: readonly EndpointId[],
): Promise<Pick<EndpointRow, 'id' | 'organization_id' | 'workspace_id' | 'target_url' | 'description'>[]> =>
  tx.query(sql<Pick<EndpointRow, 'id' | 'organization_id' | 'workspace_id' | 'target_url' | 'description'>>`
    SELECT id, organization_id, workspace_id, target_url, description FROM endpoints
    WHERE id = ANY(${plainArray(ids)}::uuid[]) AND transport = 'push' AND is_active AND deleted_at IS NULL ORDER BY id`);

export const resetFailures = (tx: Transaction, id: EndpointId): Promise<number> =>
  tx.execute(sql`UPDATE endpoint_health SET consecutive_failures = 0 WHERE endpoint_id = ${id}`);

/**
 * Whether anything was delivered after `since`. Health is written only every few seconds, so the newest log rows are read too.
 * @param sinceId the smallest id at `since`.
 */
export const deliveredSince = async (tx: Queryable, id: EndpointId, since: Date, sinceId: string): Promise<boolean> =>
  (
    await first(
      tx,
      sql<{ recovered: boolean }>`
      SELECT EXISTS (SELECT FROM endpoint_health WHERE endpoint_id = ${id} AND last_delivered_at > ${since})
        OR EXISTS (
          SELECT FROM (SELECT state, completed_at FROM delivery_log WHERE endpoint_id = ${id} AND id >= ${sinceId} ORDER BY id DESC LIMIT 200) newest
          WHERE state = 'delivered' AND completed_at > ${since}
        ) AS recovered`,
    )
  )?.recovered === true;

/** Client certificates of enabled endpoints by state: `expired`, or `expiring` before `soon`. */
export const endingCertificates = (db: Queryable, now: Date, soon: Date): Promise<{ state: string; count: number }[]> =>
  db.query(sql<{ state: string; count: number }>`
    SELECT s.state, (
      SELECT count(*) FROM endpoints WHERE tls_expires_at > s.since AND tls_expires_at <= s.until AND is_active AND deleted_at IS NULL
    ) AS count
    FROM (VALUES ('expired', '-infinity'::timestamptz, ${now}::timestamptz), ('expiring', ${now}::timestamptz, ${soon}::timestamptz)) s (state, since, until)`);

// Statistics ----------------------------------------------------------------------------------------

export interface HourRow {
  hour: Date;
  attempts: number;
  succeeded: number;
  latency: number[];
  last_error: string | null;
}

export const hours = (db: Queryable, id: EndpointId, from: Date): Promise<HourRow[]> =>
  db.query(
    sql<HourRow>`SELECT hour, attempts, succeeded, latency, last_error FROM endpoint_stats WHERE endpoint_id = ${id} AND hour >= ${from} ORDER BY hour`,
  );

export interface HealthRow {
  consecutive_failures: number;
  last_delivered_at: Date | null;
  last_failed_at: Date | null;
  last_error: string | null;
}

export const health = (db: Queryable, id: EndpointId): Promise<HealthRow | undefined> =>
  first(
    db,
    sql<HealthRow>`SELECT consecutive_failures, last_delivered_at, last_failed_at, last_error FROM endpoint_health WHERE endpoint_id = ${id}`,
  );

export const healthOf = (
  db: Queryable,
  ids: readonly EndpointId[],
): Promise<(HealthRow & { endpoint_id: EndpointId })[]> =>
  db.query(
    sql<
      HealthRow & { endpoint_id: EndpointId }
    >`SELECT endpoint_id, consecutive_failures, last_delivered_at, last_failed_at, last_error FROM endpoint_health WHERE endpoint_id = ANY(${ids}::uuid[])`,
  );

/** Counts the deliveries in the queue, up to the `countedMax` oldest. */
export const waiting = async (
  db: Queryable,
  id: EndpointId,
  countedMax: number,
): Promise<{ pending: number; held: number }> =>
  (
    await db.query(sql<{ pending: number; held: number }>`
      SELECT count(*) FILTER (WHERE state = 'pending') AS pending, count(*) FILTER (WHERE state = 'held') AS held
      FROM (SELECT state FROM delivery_queue WHERE endpoint_id = ${id} ORDER BY id LIMIT ${countedMax}) oldest`)
  )[0] ?? { pending: 0, held: 0 };

// Signing keys --------------------------------------------------------------------------------------

export interface SigningKeyRow {
  id: string;
  organization_id: OrganizationId;
  public_key: Buffer;
  private_key_sealed: Buffer;
  created_at: Date;
}

/** An organization has one key: if several processes create it at the same time, the first insert wins. */
export const insertSigningKey = (tx: Transaction, row: SigningKeyRow): Promise<number> =>
  tx.execute(sql`
    INSERT INTO signing_keys (id, organization_id, public_key, private_key_sealed, created_at) VALUES (${row.id}, ${row.organization_id}, ${row.public_key}, ${row.private_key_sealed}, ${row.created_at})
    ON CONFLICT (organization_id) DO NOTHING`);

export const signingKey = (db: Queryable, organization: OrganizationId): Promise<SigningKeyRow | undefined> =>
  first(
    db,
    sql<SigningKeyRow>`SELECT id, organization_id, public_key, private_key_sealed, created_at FROM signing_keys WHERE organization_id = ${organization}`,
  );

export const publicKeys = (
  db: Queryable,
): Promise<{ id: string; organization_id: OrganizationId; public_key: Buffer }[]> =>
  db.query(
    sql<{
      id: string;
      organization_id: OrganizationId;
      public_key: Buffer;
    }>`SELECT id, organization_id, public_key FROM signing_keys ORDER BY id`,
  );
