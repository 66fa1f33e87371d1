import type { NamedWorkspace } from '../../auth/index.ts';
import { invalid } from '../../base/errors.ts';
import type { ApiError } from '../../base/errors.ts';
import type { Filter } from '../../delivery/filter.ts';
import type { Wire, Wires } from '../../delivery/wire.ts';
import type { Credentials } from './credentials.ts';
import { patternProblems } from './event-patterns.ts';
import type { EndpointRow } from './queries.ts';
import { headerProblems, unmasked } from './request-headers.ts';
import type { RequestHeaders } from './request-headers.ts';
import { secretProblem } from './secrets.ts';

/** An endpoint's settings, named like their columns and wire fields. Null: the dialect's default, or none. */
export interface EndpointSettings extends Credentials {
  readonly target_url: string;
  readonly events: readonly string[];
  readonly description: string;
  readonly dialect: string;
  readonly headers: RequestHeaders;
  /** Exact waits before the second, third, … attempt. */
  readonly retry_schedule_seconds: readonly number[] | null;
  readonly timeout_ms: number | null;
  readonly max_in_flight: number;
  readonly rate_limit_per_second: number | null;
  readonly ordering: 'none' | 'fifo';
  readonly filter: Filter | null;
  readonly signing: 'hmac' | 'ed25519';
  readonly is_active: boolean;
  /** Liquid; null: the dialect's body. */
  readonly body_template: string | null;
  readonly content_type: string | null;
}

type Given<T> = { readonly [Key in keyof T]?: T[Key] | undefined };
type Required = Pick<EndpointSettings, 'target_url' | 'events'>;

/** `secret`: the caller's own; it replaces the previous one immediately, whereas `rotateSecret` keeps both for a while. */
export type EndpointChange = Given<EndpointSettings & { readonly secret: string }>;
export type NewEndpoint = Required &
  Given<Omit<EndpointSettings, keyof Required> & NamedWorkspace & { readonly secret: string }>;

/** Settings that API callers cannot set: a pull endpoint's deliveries are fetched, and it may expire. */
export interface InternalSettings {
  readonly transport?: 'pull';
  readonly expiresAt?: Date;
}

export const defaults: Omit<EndpointSettings, keyof Required> = {
  description: '',
  dialect: 'defrost',
  headers: {},
  retry_schedule_seconds: null,
  timeout_ms: null,
  max_in_flight: 32,
  rate_limit_per_second: null,
  ordering: 'none',
  filter: null,
  signing: 'hmac',
  is_active: true,
  body_template: null,
  content_type: null,
  tls: null,
  oauth2: null,
};

/** The given fields without those that are undefined. */
export const defined = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    readonly [Key in keyof T]: Exclude<T[Key], undefined>;
  };

/** Where given headers take the values they mask from. */
export interface StoredHeaders {
  readonly values: RequestHeaders;
  /** The reason reported for a mask without a stored value. */
  readonly missing?: string | undefined;
}

/**
 * Checks settings against the dialect, without the network.
 * @returns the headers to store; undefined if none are given.
 * @throws ApiError `validation_failed`
 */
export function checkSettings(
  {
    events,
    signing,
    headers: given,
    secret,
  }: Pick<EndpointSettings, 'events' | 'signing'> & Given<{ headers: RequestHeaders; secret: string }>,
  wire: Wire,
  reservedPrefixes: readonly string[],
  stored: StoredHeaders,
): RequestHeaders | undefined {
  const { headers, problems: masks } = unmasked(given ?? {}, stored.values, stored.missing);
  const secretFault = secret === undefined ? undefined : secretProblem(secret, wire);
  const problems = {
    ...patternProblems(events, wire),
    ...(signing === 'ed25519' && wire.name !== 'standard'
      ? { signing: `the ${wire.name} dialect has no ed25519 signatures; use dialect standard` }
      : {}),
    ...headerProblems(given ?? {}, reservedPrefixes),
    ...masks,
    ...(secretFault === undefined ? {} : { secret: secretFault }),
  };
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return given === undefined ? undefined : headers;
}

type Plain = Omit<EndpointSettings, 'headers' | 'is_active' | keyof Credentials>;
type Columns<T> = { -readonly [Key in keyof T]: Key extends keyof Plain ? EndpointRow[Key] : never };

/** Settings as columns: event patterns without duplicates, a filter without conditions as null. */
export function columnsOf<T extends Partial<Plain>>(settings: T): Columns<T> {
  const { events, filter, retry_schedule_seconds: schedule, ...plain } = settings;
  const columns = {
    ...plain,
    ...(filter === undefined ? {} : { filter: filterOf(filter) }),
    ...(events === undefined ? {} : { events: [...new Set(events)] }),
    ...(schedule === undefined ? {} : { retry_schedule_seconds: schedule === null ? null : [...schedule] }),
  };
  return columns as Columns<T>;
}

const filterOf = (filter: Filter | null): Filter | null =>
  filter === null || Object.keys(filter).length === 0 ? null : filter;

export const activity = (
  active: boolean,
  at: Date,
): Pick<EndpointRow, 'is_active' | 'disabled_reason' | 'disabled_at'> =>
  active
    ? { is_active: true, disabled_reason: null, disabled_at: null }
    : { is_active: false, disabled_reason: 'manual', disabled_at: at };

/** @throws ApiError `validation_failed` for a name that is not a dialect */
export function wireNamed(wires: Wires, name: string): Wire {
  const wire = wires.get(name);
  if (wire === undefined) throw invalid({ dialect: `${name} is not a dialect` });
  return wire;
}

export const notForPull = (field: 'target_url' | 'headers'): ApiError =>
  invalid({ [field]: 'cannot be set: deliveries of this endpoint are fetched' });
