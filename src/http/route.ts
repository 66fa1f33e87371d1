import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { ApiError } from '../base/errors.ts';
import type { Transaction } from '../db/pool.ts';
import type { KeyId, OrganizationId, PersonId, WorkspaceId } from '../base/ids.ts';
import type { Decision } from './rate-limit.ts';

/** A permission of a key: to read or to write one kind of resource. */
export type Scope =
  `${'campaigns' | 'contacts' | 'crm' | 'suppressions' | 'webhooks' | 'events' | 'inbound' | 'keys' | 'members' | 'mailboxes' | 'replies' | 'warmup' | 'workspaces' | 'organization'}:${'read' | 'write'}`;

/** The organization on whose behalf a request is made, and what it may do there. */
interface Identity {
  readonly organizationId: OrganizationId;
  readonly organizationSlug: string;
  readonly plan: string;
  readonly sandbox: boolean;
  /** Set on a key bound to a workspace, and on a person limited to one, see `BoundKeys`. */
  readonly workspaceId: WorkspaceId | undefined;
  readonly scopes: readonly string[];
}

/** A caller with an API key, or a person with a session. */
export interface Principal extends Identity {
  /** Of a person: the person's id (`isPersonId`), because what records name as `created_by` is either. */
  readonly keyId: KeyId;
  /** Set on a person. */
  readonly person?: { readonly id: PersonId; readonly sessionId: string; readonly role: string };
  /** Unix milliseconds at which the key expires; not set on a key without expiry. */
  readonly keyExpiresAt?: number | undefined;
}

/** A caller without a key, found by a route's `identify`. It has not proved who it is: the handler checks that over the body. */
export interface Unproved extends Identity {
  /** Registered source of the request. It has a quota of its own. */
  readonly sourceId: string;
}

export type Caller = Principal | Unproved;

export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as received, decoded as UTF-8; empty without a body. */
  readonly rawBody: string;
  /** The body of a route with `streams`, to be read once while it arrives. Throws an ApiError when it is too large or ends unexpectedly. */
  readonly stream: AsyncIterable<Buffer>;
  readonly headers: IncomingHttpHeaders;
  /** `HEAD` on routes of `GET`. */
  readonly method: string;
  /** The client's address, as trusted proxies report it. */
  readonly address: string;
  readonly requestId: string;
  /** Of the quota, with this request; undefined: it needed no key. */
  readonly decision: Decision | undefined;
  /** Aborts when the client disconnects. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; undefined for 204. A string or bytes are sent unchanged, with the `content-type` of `headers`. */
  readonly body?: unknown;
  /** A body that is sent part by part while it is produced, instead of `body`, with the `content-type` of `headers`. */
  readonly parts?: AsyncIterable<string>;
  readonly headers?: Readonly<Record<string, string>>;
  /** Nothing was stored, so a workspace that the request names is not created, and its `Idempotency-Key` is free. */
  readonly storedNothing?: boolean;
}

export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** `application/json` by default. */
  readonly contentType?: string;
  /** Further media types of the same response, such as `text/csv` for a list. */
  readonly also?: Readonly<Record<string, { readonly schema: z.ZodType; readonly example: unknown }>>;
}

/**
 * One HTTP operation as data: the server registers it, the API document describes it and the isolation test calls it.
 * Paths have `:name` parameters. Objects in `params`, `query` and `body` are strict: an unknown field is refused by name.
 */
export type Route = RouteShape & Access;

/** Who may call a route. */
export type Access =
  /** No authentication; the handler gets no principal. */
  | { readonly scope: null; readonly boundKeys?: never }
  | {
      /**
       * The scopes that a key needs, all of them: one for every kind of record that the request reads or changes, apart from the
       * exceptions in docs/security.md. `any`: any key, whatever its scopes.
       */
      readonly scope: Scope | readonly [Scope, ...Scope[]] | 'any';
      readonly boundKeys: BoundKeys;
    };

/**
 * What a key bound to a workspace may do. `own`: access the records of its workspace; the handler filters by `principal.workspaceId`.
 * `refused`: nothing (403), because the records belong to the whole organization. The same applies to people who are limited to a workspace;
 * `people`: they may, because it is about their own account, and keys may not.
 */
export type BoundKeys = 'own' | 'people' | 'refused';

interface RouteShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The native API by default. Of routes with the same method and path, the first whose surface finds a key takes the request. */
  readonly surface?: Surface;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Finds a caller that has no key; what it returns is passed to `handle`, which verifies it. Undefined: the request needs a key. */
  readonly identify?: (
    headers: IncomingHttpHeaders,
    query: Readonly<Record<string, unknown>>,
  ) => Promise<Unproved> | undefined;
  /** Name of the operation in the API document; derived from method and path by default. */
  readonly operationId?: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** The request headers that the handler reads, by name, each a string. They are validated; `headers` keeps them as received. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bodyExample?: unknown;
  /** Largest body in bytes; 256 KiB by default. */
  readonly bodyBytesMax?: number;
  /** Media types that JSON may have beside `application/json`, for senders that name it wrongly. */
  readonly alsoReads?: readonly string[];
  /** The media type of a body that the handler reads from `stream` while it arrives, such as a file. The route has no `body` then. */
  readonly streams?: string;
  /** A body of any media type is allowed, and not read. */
  readonly ignoresBody?: true;
  /**
   * Repeating the request would create another record. With the header `Idempotency-Key` the request is carried out once (`idempotency.ts`): all
   * that it changes through `db` is one transaction, whose commit follows the handler. What must follow the commit goes into
   * `afterCommit`. Such a route does not read `If-Match`.
   */
  readonly creates?: true;
  /** What the route reads, creates, changes or deletes: answers have an `ETag`, and changes read `If-Match` (`conditional.ts`). */
  readonly record?: RecordTag;
  /** The body has the fields `namedWorkspace`; the handler gets the id of the workspace that they name as `workspace_id`. */
  readonly namesWorkspace?: true;
  /** What people change by it is an event. The event is in the transaction of the change if the route creates, or has a record. */
  readonly audited?: true;
  /** A long poll: an organization may have fewer of these in progress than of other requests. */
  readonly waits?: true;
  /** Answered even while every connection is in use, so that health checks never fail for that reason. */
  readonly probe?: true;
  /**
   * Kept as received, so that any number is allowed: the whole body, or fields at any depth. Elsewhere a number that would be rounded is
   * refused.
   */
  readonly verbatim?: 'body' | readonly string[];
  /**
   * What is stored as bytes: NUL characters, which PostgreSQL's text cannot store, are allowed in it. The whole body, or fields at any
   * depth.
   */
  readonly opaque?: 'body' | readonly string[];
  /** Omitted from the API document: pages and their assets. */
  readonly undocumented?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (request: RouteRequest<never, never, never>, principal: Principal) => Promise<Reply> | Reply;
}

/** Whether the route belongs to an API, where requests are counted and unknown fields refused; false for pages and probes. */
export const isCounted = ({ surface, path }: Pick<Route, 'surface' | 'path'>): boolean =>
  surface !== undefined || path.startsWith('/v1/');

const changing: ReadonlySet<Route['method']> = new Set(['PATCH', 'PUT', 'DELETE']);

/** Whether the route changes a record and reads `If-Match`: a `POST` does if it names where its record is read. */
export const isConditional = ({ record, method, params }: Route): boolean =>
  record !== undefined && (changing.has(method) || (record.readAt !== undefined && params !== undefined));

/** The scopes that a key needs for a route: all of them. */
export const scopesOf = ({ scope }: Pick<Route, 'scope'>): Scope[] =>
  scope === null || scope === 'any' ? [] : [scope].flat();

/** Defines the `ETag` of a record and its lock. All routes of a record share one. */
export interface RecordTag {
  /**
   * Locks the record until the transaction ends. It may lock a record that the caller cannot read: the read by `GET` that follows refuses
   * it. Undefined: the handler checks `If-Match`.
   */
  readonly lock?: (tx: Transaction, principal: Principal, params: Readonly<Record<string, string>>) => Promise<unknown>;
  /** Members of `data` that change without a change of the record, or that only some of its answers have. */
  readonly unstable?: readonly string[];
  /** The path of `GET`, if it is not the route's. */
  readonly readAt?: string;
}

/** How one public API looks: where callers put the key, the quota of each key, the format of errors. */
export interface Surface {
  readonly name: string;
  /** The prefix of its paths, such as `/api/v1/`: errors for an unknown path below it have its format. */
  readonly prefix: string;
  /** Reads the key where callers of this API put it; undefined: none. */
  presentedKey(headers: IncomingHttpHeaders): string | undefined;
  /** The error message for a request without a key. */
  readonly howToPresent: string;
  /** What its API document needs beside the routes. */
  readonly described: SurfaceDescription;
  /** A quota for each key, in addition to the plan's quota for the organization. */
  readonly keyQuota?: Quota;
  /** Formats an error. @param route undefined for an unknown path. @param decision the rate limiter's, if it was asked. */
  errorReply(error: ApiError, route: Route | undefined, decision: Decision | undefined): Reply;
}

export interface SurfaceDescription {
  readonly title: string;
  /** OpenAPI security schemes; one of them is enough. */
  readonly security: Readonly<Record<string, SecurityScheme>>;
  /** The body of every error. */
  readonly error: z.ZodType;
}

export type SecurityScheme =
  | { readonly type: 'http'; readonly scheme: 'bearer'; readonly description: string }
  | { readonly type: 'apiKey'; readonly in: 'header'; readonly name: string; readonly description: string };

export interface Quota {
  readonly limit: number;
  readonly windowMs: number;
}

/** The `Retry-After` header of an error, if it has one (RFC 9110 §10.2.3). */
export const retryHeaders = (error: ApiError): Record<string, string> =>
  error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };

/** Headers of an error in an API that takes Bearer keys (RFC 6750 §3). */
export const bearerErrorHeaders = (error: ApiError): Record<string, string> => ({
  ...retryHeaders(error),
  ...(error.error === 'unauthorized' ? { 'www-authenticate': 'Bearer' } : {}),
});

/** A key in `Authorization`, as an OpenAPI security scheme. */
export const bearerScheme: SecurityScheme = {
  type: 'http',
  scheme: 'bearer',
  description: 'An API key: `otr_live_…`, or `otr_test_…` for a sandbox.',
};

/** What a handler gets of a schema. */
export type Inferred<T> = T extends z.ZodType ? z.output<T> : undefined;

/**
 * Declares a route; the schemas type the handler's request.
 *
 * @example
 * route({
 *   method: 'GET',
 *   path: '/v1/things/:id',
 *   tag: 'Things',
 *   summary: 'Get a thing',
 *   scope: 'crm:read',
 *   boundKeys: 'refused',
 *   params: z.object({ id: z.uuid() }),
 *   answers: { 200: { description: 'The thing.', schema: thingShape } },
 *   handle: async ({ params }, principal) => ({ status: 200, body: await thingById(principal.organizationId, params.id) }),
 * });
 */
export function route<
  P extends z.ZodType | undefined = undefined,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
  U extends Unproved = never,
>(
  definition: Omit<RouteShape, 'params' | 'query' | 'body' | 'identify' | 'handle'> &
    Access & {
      readonly params?: P;
      readonly query?: Q;
      readonly body?: B;
      readonly identify?: (
        headers: IncomingHttpHeaders,
        query: Readonly<Record<string, unknown>>,
      ) => Promise<U> | undefined;
      readonly handle: (
        request: RouteRequest<Inferred<P>, Inferred<Q>, Inferred<B>>,
        caller: Principal | U,
      ) => Promise<Reply> | Reply;
    },
): Route {
  return definition as unknown as Route;
}
