import { workspaceById } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { isDatabaseAway, sqlState } from '../../db/pool.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import { checkUrl, resolveChecked } from '../../base/egress.ts';
import type { EgressPolicy, Refusal, Resolve } from '../../base/egress.ts';
import type { Filter } from '../../delivery/endpoint.ts';
import type { Engine } from '../../delivery/engine.ts';
import type { Subscriptions } from '../../delivery/subscriptions.ts';
import type { Wire, Wires } from '../../delivery/wire.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import type { EndpointId, Ids, KeyId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Vault } from '../../encryption/vault.ts';
import { patternProblems, unheardOf } from './event-patterns.ts';
import {
  countEndpoints,
  deleteEndpoint,
  endpointById,
  endpointByNumber,
  endpoints,
  healthOf,
  insertEndpoint,
  lockEndpoint,
  nextEpoch,
  resetFailures,
  updateEndpoint,
} from './queries.ts';
import type { EndpointRow, HealthRow, Reach } from './queries.ts';
import { headerProblems, reservedPrefixesOf, unmasked } from './request-headers.ts';
import type { RequestHeaders } from './request-headers.ts';
import { isStandardSecret, prefixOf, secretProblem } from './secrets.ts';
import type { SigningKeys } from './signing-keys.ts';

/** Who acts on endpoints; a `Principal` is one. */
export interface Tenant extends Reach {
  readonly sandbox: boolean;
  readonly keyId?: KeyId;
}

/** What can be set on an endpoint, as the columns and fields are called. Null: the dialect's own, or none. */
export interface EndpointSettings {
  readonly target_url: string;
  readonly events: readonly string[];
  readonly description: string;
  readonly dialect: string;
  readonly headers: RequestHeaders;
  /** Waits before the second, third… attempt, kept to the second. */
  readonly retry_schedule_seconds: readonly number[] | null;
  readonly timeout_ms: number | null;
  readonly max_in_flight: number;
  readonly rate_limit_per_second: number | null;
  readonly ordering: 'none' | 'fifo';
  readonly filter: Filter | null;
  readonly signing: 'hmac' | 'ed25519';
  readonly is_active: boolean;
}

type Given<T> = { readonly [Key in keyof T]?: T[Key] | undefined };
/** `secret`: the caller's own, in the place of the one before at once; `rotateSecret` has both for a while. */
export type EndpointChange = Given<EndpointSettings & { readonly secret: string }>;
export type NewEndpoint = Pick<EndpointSettings, 'target_url' | 'events'> &
  Given<
    Omit<EndpointSettings, 'target_url' | 'events'> & { readonly workspace_id: WorkspaceId; readonly secret: string }
  >;

/** What no caller of the API sets: a pull endpoint's deliveries are fetched, and it may end by itself. */
export interface Hidden {
  readonly transport?: 'pull';
  readonly expiresAt?: Date;
}

export interface EndpointsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly wires: Wires;
  readonly subscriptions: Pick<Subscriptions, 'refresh'>;
  readonly engine: Pick<Engine, 'due' | 'release'>;
  readonly signingKeys: SigningKeys;
  /** The names of the event types that an organization has registered. */
  readonly ownTypes: (organizationId: OrganizationId) => Promise<readonly string[]>;
  readonly egress: EgressPolicy;
  readonly resolve: Resolve;
  readonly onRefused: (host: string, refusal: Refusal) => void;
  readonly onError: (error: unknown, during: string) => void;
}

export const endpointsMax = 1_000;
export const defaultOverlapSeconds = 86_400;
const releaseChunk = 5_000;

export type Endpoints = ReturnType<typeof createEndpoints>;

/** An endpoint's life. Every change is known to this process, and takes part in every event published after it, once its promise resolves. */
export function createEndpoints(options: EndpointsOptions) {
  const { db, clock, ids, vault, wires, signingKeys } = options;
  const reservedPrefixes = reservedPrefixesOf(wires);

  function wireNamed(name: string): Wire {
    const wire = wires.get(name);
    if (wire === undefined) throw invalid({ dialect: `there is no dialect ${name}` });
    return wire;
  }

  /** Runs a change in a transaction, then brings this process up to date. */
  async function change<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const result = await db.transaction(work);
    // The change stands whether or not this succeeds: a publish that does not know it yet finds out by the epoch.
    await options.subscriptions.refresh().catch((error: unknown) => options.onError(error, 'refresh'));
    return result;
  }

  async function locked(tx: Transaction, reach: Reach, id: EndpointId): Promise<EndpointRow> {
    const row = await lockEndpoint(tx, reach, id);
    if (row === undefined) throw notFound('Endpoint');
    return row;
  }

  async function save(tx: Transaction, row: EndpointRow): Promise<EndpointRow> {
    const saved = { ...row, updated_at: new Date(clock.now()) };
    await updateEndpoint(tx, saved, await nextEpoch(tx));
    return saved;
  }

  /** A name that has no address yet is accepted: each connection is checked again. */
  async function assertCallable(targetUrl: string, organization: OrganizationId): Promise<void> {
    if (/[\s\p{Cc}]/u.test(targetUrl)) throw invalid({ target_url: 'must not contain spaces or control characters' });
    const checked = checkUrl(targetUrl, options.egress);
    if (!checked.ok) throw uncallable(checked);
    const resolved = await resolveChecked(checked.url.hostname, options.egress, options.resolve, {
      clock,
      organization,
    });
    if (resolved.ok || resolved.cause === 'dns') return;
    options.onRefused(checked.url.hostname, resolved);
    throw uncallable(resolved);
  }

  async function workspaceFor(tenant: Tenant, wanted: WorkspaceId | undefined): Promise<WorkspaceId | null> {
    if (tenant.workspaceId !== undefined && wanted !== undefined && wanted !== tenant.workspaceId) {
      throw new ApiError(
        'forbidden',
        'A key that is bound to a workspace can only make endpoints of the same workspace.',
      );
    }
    if (wanted === undefined) return tenant.workspaceId ?? null;
    await workspaceById(db, tenant.organizationId, wanted).catch((error: unknown) => {
      throw error instanceof ApiError && error.error === 'not_found'
        ? invalid({ workspace_id: 'is not a workspace of this organization' })
        : error;
    });
    return wanted;
  }

  const secretColumns = async (
    on: Queryable,
    organizationId: OrganizationId,
    secret: string,
  ): Promise<Pick<EndpointRow, 'secret_sealed' | 'secret_prefix'>> => ({
    secret_sealed: await vault.seal(on, organizationId, secret, 'endpoint secret'),
    secret_prefix: prefixOf(secret),
  });

  async function sealedHeaders(
    on: Queryable,
    organizationId: OrganizationId,
    headers: RequestHeaders,
  ): Promise<Pick<EndpointRow, 'headers_sealed' | 'header_names'>> {
    const names = Object.keys(headers);
    return {
      header_names: names,
      headers_sealed:
        names.length === 0 ? null : await vault.seal(on, organizationId, JSON.stringify(headers), 'endpoint headers'),
    };
  }

  /** Undefined for a value that does not open: it can only be replaced. */
  async function opened(on: Queryable, row: EndpointRow, sealed: Buffer, context: string): Promise<string | undefined> {
    try {
      return (await vault.open(on, row.organization_id, sealed, context)).toString();
    } catch (error) {
      if (isDatabaseAway(error) || sqlState(error) !== undefined) throw error;
      return undefined;
    }
  }

  async function storedHeaders(on: Queryable, row: EndpointRow): Promise<RequestHeaders> {
    const text =
      row.headers_sealed === null ? undefined : await opened(on, row, row.headers_sealed, 'endpoint headers');
    return text === undefined ? {} : (JSON.parse(text) as RequestHeaders);
  }

  async function get(reach: Reach, id: EndpointId): Promise<EndpointRow> {
    const row = await endpointById(db, reach, id);
    if (row === undefined) throw notFound('Endpoint');
    return row;
  }

  return {
    /**
     * @returns the endpoint, and its secret, which is never shown again (but by a rotation, the new one).
     * @throws ApiError `validation_failed`; `conflict` past `endpointsMax`; `forbidden` for another workspace than the caller's.
     */
    async create(
      tenant: Tenant,
      input: NewEndpoint,
      hidden: Hidden = {},
    ): Promise<{ endpoint: EndpointRow; secret: string }> {
      const wire = wireNamed(input.dialect ?? 'defrost');
      const signing = input.signing ?? 'hmac';
      const { headers, problems } = unmasked(input.headers ?? {}, {});
      const secretReason = input.secret === undefined ? undefined : secretProblem(input.secret, wire);
      assertNone({
        ...patternProblems(input.events, wire),
        ...signingProblems(signing, wire),
        ...headerProblems(input.headers ?? {}, reservedPrefixes),
        ...problems,
        ...(secretReason === undefined ? {} : { secret: secretReason }),
      });
      const workspace = await workspaceFor(tenant, input.workspace_id);
      if (hidden.transport !== 'pull') await assertCallable(input.target_url, tenant.organizationId);

      const secret = input.secret ?? wire.newSecret();
      const at = new Date(clock.now());
      const active = input.is_active ?? true;
      const row: Omit<EndpointRow, 'number'> = {
        id: ids.next<EndpointId>(),
        organization_id: tenant.organizationId,
        workspace_id: workspace,
        transport: hidden.transport ?? 'push',
        target_url: input.target_url,
        description: input.description ?? '',
        dialect: wire.name,
        events: [...new Set(input.events)],
        filter: filterOf(input.filter),
        ...(await sealedHeaders(db, tenant.organizationId, headers)),
        signing,
        ...(await secretColumns(db, tenant.organizationId, secret)),
        previous_secret_sealed: null,
        previous_secret_expires_at: null,
        sign_with: 'new',
        retry_schedule_seconds: input.retry_schedule_seconds == null ? null : [...input.retry_schedule_seconds],
        timeout_ms: input.timeout_ms ?? null,
        max_in_flight: input.max_in_flight ?? 32,
        rate_limit_per_second: input.rate_limit_per_second ?? null,
        ordering: input.ordering ?? 'none',
        sandbox: tenant.sandbox,
        created_by: tenant.keyId ?? null,
        ...activity(active, at),
        expires_at: hidden.expiresAt ?? null,
        created_at: at,
        updated_at: at,
        public_key: null,
      };
      const endpoint = await change(async (tx) => {
        const publicKey = signing === 'ed25519' ? await signingKeys.ensure(tx, tenant.organizationId) : null;
        const number = await insertEndpoint(tx, row, await nextEpoch(tx), endpointsMax);
        if (number === undefined) {
          throw new ApiError(
            'conflict',
            `An organization has at most ${endpointsMax} endpoints. Delete one that is not needed.`,
          );
        }
        return { ...row, number, public_key: publicKey };
      });
      return { endpoint, secret };
    },

    /** The newest first. */
    async list(
      reach: Reach,
      page: { limit: number; offset: number },
    ): Promise<{ endpoints: EndpointRow[]; total: number }> {
      const [rows, total] = await Promise.all([
        endpoints(db, reach, page.limit, page.offset),
        countEndpoints(db, reach),
      ]);
      return { endpoints: rows, total };
    },

    /** @throws ApiError `not_found` */
    get,

    /** By its number within the organization. @throws ApiError `not_found` */
    async getByNumber(reach: Reach, number: number): Promise<EndpointRow> {
      const row = await endpointByNumber(db, reach, number);
      if (row === undefined) throw notFound('Endpoint');
      return row;
    },

    /** How deliveries to these of the caller's endpoints went; one that was never delivered to is missing. */
    async health(rows: readonly EndpointRow[]): Promise<ReadonlyMap<EndpointId, HealthRow>> {
      const found = await healthOf(
        db,
        rows.map(({ id }) => id),
      );
      return new Map(found.map((row) => [row.endpoint_id, row]));
    },

    /**
     * Changes the settings that are given. Deliveries already attempted keep the dialect that they were spoken in.
     * `is_active: true` enables without releasing what is held.
     * @throws ApiError `not_found`, `validation_failed`
     */
    async update(reach: Reach, id: EndpointId, given: EndpointChange): Promise<EndpointRow> {
      const before = await get(reach, id);
      const fields = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
        readonly [Key in keyof EndpointChange]: Exclude<EndpointChange[Key], undefined>;
      };
      if (Object.keys(fields).length === 0) return before;
      if (fields.target_url !== undefined && fields.target_url !== before.target_url) {
        if (before.transport === 'pull')
          throw invalid({ target_url: 'cannot be set: deliveries of this endpoint are fetched' });
        await assertCallable(fields.target_url, reach.organizationId);
      }
      return change(async (tx) => {
        const current = await locked(tx, reach, id);
        const {
          headers: givenHeaders,
          filter,
          events,
          retry_schedule_seconds: schedule,
          is_active: active,
          secret,
          ...plain
        } = fields;
        const wire = wireNamed(plain.dialect ?? current.dialect);
        const secretReason = secret === undefined ? undefined : secretProblem(secret, wire);
        const signing = plain.signing ?? current.signing;
        if (givenHeaders !== undefined && current.transport === 'pull')
          throw invalid({ headers: 'cannot be set: deliveries of this endpoint are fetched' });
        // Stored values are credentials for one origin: only who sends them again knows that the new one may have them.
        const moves =
          plain.target_url !== undefined &&
          originOf(plain.target_url) !== originOf(current.target_url) &&
          current.headers_sealed !== null;
        if (moves && givenHeaders === undefined) throw invalid({ headers: resend(current) });
        const { headers, problems } =
          givenHeaders === undefined
            ? { headers: undefined, problems: {} }
            : unmasked(
                givenHeaders,
                moves ? {} : await storedHeaders(tx, current),
                moves ? resend(current) : undefined,
              );
        assertNone({
          ...patternProblems(events ?? current.events, wire),
          ...signingProblems(signing, wire),
          ...headerProblems(givenHeaders ?? {}, reservedPrefixes),
          ...problems,
          ...(secretReason === undefined ? {} : { secret: secretReason }),
        });
        if (secret === undefined && wire.name !== current.dialect && wire.ownSecret === 'standard') {
          const stored = await opened(tx, current, current.secret_sealed, 'endpoint secret');
          if (stored === undefined || !isStandardSecret(stored))
            throw invalid({ dialect: `${wire.name} needs a secret that begins with whsec_; rotate the secret first` });
        }
        const at = new Date(clock.now());
        if (active === true && !current.is_active) await resetFailures(tx, id);
        return save(tx, {
          ...current,
          ...plain,
          ...(filter === undefined ? {} : { filter: filterOf(filter) }),
          ...(events === undefined ? {} : { events: [...new Set(events)] }),
          ...(schedule === undefined ? {} : { retry_schedule_seconds: schedule === null ? null : [...schedule] }),
          ...(headers === undefined ? {} : await sealedHeaders(tx, current.organization_id, headers)),
          ...(active === undefined || active === current.is_active ? {} : activity(active, at)),
          ...(secret === undefined
            ? {}
            : {
                ...(await secretColumns(tx, current.organization_id, secret)),
                previous_secret_sealed: null,
                previous_secret_expires_at: null,
              }),
          public_key: signing === 'ed25519' ? await signingKeys.ensure(tx, current.organization_id) : null,
        });
      });
    },

    /** What may be a slip in its patterns, in plain words: names are free, so they are accepted. */
    async warnings({ events, dialect, organization_id: organizationId }: EndpointRow): Promise<readonly string[]> {
      const wire = wireNamed(dialect);
      if (unheardOf(events, wire, []).length === 0) return [];
      return unheardOf(events, wire, await options.ownTypes(organizationId)).map(
        (pattern) =>
          `${pattern} matches no built-in event type and none that you registered (GET /v1/event-types): nothing comes until you publish such events.`,
      );
    },

    /** What waits for it ends as failed. @throws ApiError `not_found`, also when it was deleted before. */
    remove(reach: Reach, id: EndpointId): Promise<void> {
      return change(async (tx) => {
        await locked(tx, reach, id);
        await deleteEndpoint(tx, id, new Date(clock.now()), await nextEpoch(tx));
      });
    },

    /**
     * Signs with a new secret too, and with it alone once the overlap is over, so that a receiver can change in between. `signWith`: which of
     * them makes the headers that have room for one signature until then; the old one unless given. The secret before the old one ends at once.
     * @throws ApiError `not_found`, `validation_failed`
     */
    async rotateSecret(
      reach: Reach,
      id: EndpointId,
      given: {
        overlapSeconds?: number | undefined;
        secret?: string | undefined;
        signWith?: 'old' | 'new' | undefined;
      } = {},
    ): Promise<{ endpoint: EndpointRow; secret: string }> {
      return change(async (tx) => {
        const current = await locked(tx, reach, id);
        const wire = wireNamed(current.dialect);
        const problem = given.secret === undefined ? undefined : secretProblem(given.secret, wire);
        if (problem !== undefined) throw invalid({ secret: problem });
        const secret = given.secret ?? wire.newSecret();
        // One that cannot be read signs nothing, and would keep the endpoint unreadable.
        const isReadable = (await opened(tx, current, current.secret_sealed, 'endpoint secret')) !== undefined;
        const overlapMs = isReadable ? (given.overlapSeconds ?? defaultOverlapSeconds) * 1_000 : 0;
        const endpoint = await save(tx, {
          ...current,
          ...(await secretColumns(tx, current.organization_id, secret)),
          previous_secret_sealed: overlapMs === 0 ? null : current.secret_sealed,
          previous_secret_expires_at: overlapMs === 0 ? null : new Date(clock.now() + overlapMs),
          sign_with: given.signWith ?? 'old',
        });
        return { endpoint, secret };
      });
    },

    /**
     * Makes it active and forgets its failures. `releaseHeld`: what is held goes out now; otherwise it stays held until this is called
     * again with it, also on an active endpoint.
     * @returns the endpoint and how many deliveries were released.
     * @throws ApiError `not_found`
     */
    async enable(
      reach: Reach,
      id: EndpointId,
      releaseHeld: boolean,
    ): Promise<{ endpoint: EndpointRow; released: number }> {
      const endpoint = await change(async (tx) => {
        const current = await locked(tx, reach, id);
        await resetFailures(tx, id);
        return current.is_active ? current : save(tx, { ...current, ...activity(true, new Date(clock.now())) });
      });
      let released = 0;
      if (releaseHeld) {
        // Each chunk commits on its own: if this process dies in between, calling again releases the rest. A chunk skips rows whose outcome
        // is being written, so only an empty one is the end. Of a FIFO endpoint nothing newer goes before what is still held.
        for (let count = 1; count > 0; released += count) count = await options.engine.release(id, releaseChunk);
        if (released > 0) await options.engine.due(db, [id]);
      }
      return { endpoint, released };
    },
  };
}

const originOf = (url: string): string => (URL.canParse(url) ? new URL(url).origin : url);

const resend = ({ target_url: url }: EndpointRow): string =>
  `must be sent again, with its values, when target_url moves to another origin: the stored ones are for ${originOf(url)}. {} removes them`;

/** Who calls the API may be another than who runs it: each is told what to do. */
const uncallable = ({ reason, setting }: Refusal): ApiError =>
  invalid({
    target_url: setting === undefined ? reason : `${reason} (whoever runs this server can allow it: ${setting})`,
  });

const signingProblems = (signing: EndpointSettings['signing'], wire: Wire): ErrorDetails =>
  signing === 'ed25519' && wire.name !== 'standard'
    ? { signing: `the ${wire.name} dialect has no ed25519 signatures; use dialect standard` }
    : {};

/** A filter without conditions is none. */
const filterOf = (filter: Filter | null | undefined): Filter | null =>
  filter == null || Object.keys(filter).length === 0 ? null : filter;

const activity = (active: boolean, at: Date): Pick<EndpointRow, 'is_active' | 'disabled_reason' | 'disabled_at'> =>
  active
    ? { is_active: true, disabled_reason: null, disabled_at: null }
    : { is_active: false, disabled_reason: 'manual', disabled_at: at };

function assertNone(problems: ErrorDetails): void {
  if (Object.keys(problems).length > 0) throw invalid(problems);
}
