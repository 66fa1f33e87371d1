import type { IncomingHttpHeaders } from 'node:http';
import type { z } from 'zod';
import type { ApiError } from '../base/errors.ts';
import type { KeyId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { Decision } from './rate-limit.ts';

/** What a key may do: everything, every read or write, or one resource's. */
export type Scope =
  `${'contacts' | 'crm' | 'suppressions' | 'webhooks' | 'events' | 'inbound' | 'keys' | 'workspaces' | 'organization'}:${'read' | 'write'}`;

/** The organization on whose behalf a request is made, and what it may do there. */
interface Identity {
  readonly organizationId: OrganizationId;
  readonly organizationSlug: string;
  readonly plan: string;
  readonly sandbox: boolean;
  /** Set on a key that is bound to a workspace, see `BoundKeys`. */
  readonly workspaceId: WorkspaceId | undefined;
  readonly scopes: readonly string[];
}

/** A caller with an API key. */
export interface Principal extends Identity {
  readonly keyId: KeyId;
  /** Unix milliseconds at which the key ends; not set on one that does not. */
  readonly keyExpiresAt?: number | undefined;
}

/** A caller without a key, found by a route's `identify`. It has not proved who it is: the handler checks that over the body. */
export interface Unproved extends Identity {
  /** Registered source of the request. It has a quota of its own. */
  readonly sourceId: string;
}

export interface RouteRequest<Params, Query, Body> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The body as it came, decoded as UTF-8; empty when there was none. */
  readonly rawBody: string;
  /** Of a route that `streams`: the body as it comes, to be read once. Ends with an ApiError when it is too large or breaks off. */
  readonly stream: AsyncIterable<Buffer>;
  readonly headers: IncomingHttpHeaders;
  readonly requestId: string;
  /** Aborted when the caller hangs up. */
  readonly signal: AbortSignal;
}

export interface Reply {
  readonly status: number;
  /** Sent as JSON; none on 204. A string or bytes are sent as they are, with the `content-type` of `headers`. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  readonly description: string;
  readonly schema?: z.ZodType;
  readonly example?: unknown;
  /** `application/json` when not said. */
  readonly contentType?: string;
  /** Further media types that the same answer can have, such as `text/csv` of a list on request. */
  readonly also?: Readonly<Record<string, { readonly schema: z.ZodType; readonly example: unknown }>>;
}

/**
 * One HTTP operation as data: the server registers it, the API document describes it and the isolation test walks over it.
 * Paths have `:name` parameters. Objects in `params`, `query` and `body` are strict: an unknown field is refused by its name.
 */
export type Route = RouteShape & Access;

/** Who may call a route. */
export type Access =
  /** Open to anyone; the handler gets no principal. */
  | { readonly scope: null; readonly boundKeys?: never }
  | {
      /**
       * What a key needs: the scope of every kind of record that the answer shows or the call changes, but for the exceptions in
       * docs/security.md; of several, all. `any`: a key, whatever its scopes.
       */
      readonly scope: Scope | readonly [Scope, ...Scope[]] | 'any';
      readonly boundKeys: BoundKeys;
    };

/**
 * What a key that is bound to a workspace may do. `own`: reach the records of its workspace; the handler filters by `principal.workspaceId`.
 * `refused`: nothing, because the records belong to the whole organization: 403.
 */
export type BoundKeys = 'own' | 'refused';

interface RouteShape {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** The native API's when not said. Of routes with the same method and path, the first whose surface finds a key takes the request. */
  readonly surface?: Surface;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** Finds a caller that has no key; what it returns is passed to `handle`, which verifies it. Undefined: the request needs a key. */
  readonly identify?: (
    headers: IncomingHttpHeaders,
    query: Readonly<Record<string, unknown>>,
  ) => Promise<Unproved> | undefined;
  /** Name of the operation in the API document; made of method and path when not said. */
  readonly operationId?: string;
  readonly params?: z.ZodType;
  readonly query?: z.ZodType;
  /** The request headers that it reads, by their names, each of text; they are checked, and stay in `headers` as they came. */
  readonly headers?: z.ZodObject;
  readonly body?: z.ZodType;
  readonly bodyExample?: unknown;
  /** Largest body in bytes; 256 KiB when not said. */
  readonly bodyBytesMax?: number;
  /** The media type of a body that is handed over as `stream` while it arrives, such as a file; there is no `body` then. */
  readonly streams?: string;
  /** A long poll: one organization may have fewer of these in progress than of other requests. */
  readonly waits?: true;
  /** Answered even while every connection is in use, so that a health check never fails for that. */
  readonly probe?: true;
  /**
   * What is kept as it is written, so that numbers in it may be anything: the whole body, or fields of it at any depth. Elsewhere a number that
   * would be rounded is refused.
   */
  readonly verbatim?: 'body' | readonly string[];
  /** Body fields, at any depth, that are kept as bytes: NUL characters, which PostgreSQL's text cannot hold, are let through in them. */
  readonly opaque?: readonly string[];
  /** Left out of the API document: pages and their assets. */
  readonly undocumented?: true;
  readonly answers: Readonly<Record<number, Answer>>;
  readonly handle: (request: RouteRequest<never, never, never>, principal: Principal) => Promise<Reply> | Reply;
}

/** All that a key needs for a route. */
export const scopesOf = ({ scope }: Pick<Route, 'scope'>): Scope[] =>
  scope === null || scope === 'any' ? [] : [scope].flat();

/** How one public API is spoken at its edge: where callers put the key, what counts a call, what an error looks like. */
export interface Surface {
  readonly name: string;
  /** What its paths begin with, such as `/api/v1/`: an unknown path below it is answered in its shape. */
  readonly prefix: string;
  /** The key where callers of this API put it; undefined: there is none. */
  presentedKey(headers: IncomingHttpHeaders): string | undefined;
  /** Told to a caller without a key. */
  readonly howToPresent: string;
  /** What its API document says that routes do not. */
  readonly described: SurfaceDescription;
  /** A quota of each key, beside the plan's of its organization. */
  readonly keyQuota?: Quota;
  /** @param route undefined: the path is none of ours. @param decision what the rate limit said, if it was asked. */
  errorReply(error: ApiError, route: Route | undefined, decision: Decision | undefined): Reply;
}

export interface SurfaceDescription {
  readonly title: string;
  /** OpenAPI security schemes; any one of them is enough. */
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

/** `Retry-After` of an error that has one (RFC 9110 §10.2.3). */
export const retryHeaders = (error: ApiError): Record<string, string> =>
  error.retryAfterSeconds === undefined ? {} : { 'retry-after': String(error.retryAfterSeconds) };

/** A key in `Authorization`, as the scheme of an API document. */
export const bearerScheme: SecurityScheme = {
  type: 'http',
  scheme: 'bearer',
  description: 'An API key: `otr_live_…`, or `otr_test_…` of the sandbox.',
};

type Inferred<T> = T extends z.ZodType ? z.output<T> : undefined;

/** Declares a route; the handler's request is typed by the schemas. */
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
