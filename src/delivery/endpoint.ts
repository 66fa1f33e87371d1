import type { KeyObject } from 'node:crypto';
import type { EndpointId, OrganizationId, WorkspaceId } from '../base/ids.ts';
import type { ClientCredentials } from './access-tokens.ts';
import type { Matches } from './filter.ts';
import type { RetryPolicy } from './retry.ts';
import type { BodyTemplate } from './templates/body-template.ts';
import type { TlsIdentity } from './transport/connection.ts';
import type { SigningSecret, Wire, WireAttempt } from './wire.ts';

/** An endpoint as the engine uses it: secrets opened, URL parsed, defaults filled in. */
export interface Endpoint {
  readonly id: EndpointId;
  readonly organizationId: OrganizationId;
  /** Undefined: it belongs to the organization itself. */
  readonly workspaceId: WorkspaceId | undefined;
  /** `none`: this process cannot read the endpoint, so its deliveries stay pending. */
  readonly transport: 'push' | 'pull' | 'none';
  readonly url: URL;
  readonly wire: Wire;
  readonly events: readonly string[];
  /** Undefined: it gets every event it subscribed to. */
  readonly filter: Matches | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly secret: SigningSecret;
  /** `signsAlone`: until it expires, it signs the headers that carry a single signature. */
  readonly previousSecret:
    | { readonly secret: SigningSecret; readonly expiresAtMs: number; readonly signsAlone: boolean }
    | undefined;
  readonly signingKey: KeyObject | undefined;
  /** Its client certificate and authorities. */
  readonly tls: TlsIdentity | undefined;
  /** It sends an access token with each delivery. */
  readonly oauth2: ClientCredentials | undefined;
  /** Its bodies are made from it. */
  readonly template: BodyTemplate | undefined;
  readonly retry: RetryPolicy;
  readonly timeoutMs: number;
  readonly maxInFlight: number;
  readonly ratePerSecond: number | undefined;
  readonly fifo: boolean;
  readonly isActive: boolean;
  readonly sandbox: boolean;
}

/** Matches `*`, `contact.*` or a full name against the name of an event type. */
export const patternMatches = (pattern: string, name: string): boolean =>
  pattern === '*' || pattern === name || (pattern.endsWith('.*') && name.startsWith(pattern.slice(0, -1)));

/** Types of events for a query: any of these, or any with this prefix. */
export interface TypeFilter {
  readonly types: readonly string[];
  readonly prefix: string | null;
}

/** The types that a pattern matches; all of them begin with the prefix of `*`, which is empty. */
export const typeFilter = (pattern: string): TypeFilter =>
  pattern === '*' || pattern.endsWith('.*')
    ? { types: [], prefix: pattern.slice(0, -1) }
    : { types: [pattern], prefix: null };

/** Whether an endpoint subscribed to a type, by the name in its dialect or the canonical one. */
export function wants(endpoint: Pick<Endpoint, 'wire' | 'events'>, type: string): boolean {
  const name = endpoint.wire.eventName(type);
  return (
    name !== undefined &&
    endpoint.events.some((pattern) => patternMatches(pattern, name) || patternMatches(pattern, type))
  );
}

/** An endpoint of a workspace gets only the events of that workspace; one without a workspace gets all events of its organization. */
export const reaches = (endpoint: Pick<Endpoint, 'workspaceId'>, workspaceId: WorkspaceId | undefined): boolean =>
  endpoint.workspaceId === undefined || endpoint.workspaceId === workspaceId;

/** Returns the current secret and, while a rotation overlaps, the previous one; and which of them makes a single signature. */
export function secretsAt(
  { secret, previousSecret: previous }: Pick<Endpoint, 'secret' | 'previousSecret'>,
  nowMs: number,
): Pick<WireAttempt, 'secrets' | 'loneSecret'> {
  if (previous === undefined || previous.expiresAtMs <= nowMs) return { secrets: [secret], loneSecret: secret };
  return { secrets: [secret, previous.secret], loneSecret: previous.signsAlone ? previous.secret : secret };
}

/** How long a delivery may wait in memory and still be sent under its lease. */
const leaseSlackMs = 30_000;

/** How long a process may lease a delivery of this endpoint, in milliseconds. */
export const leaseMs = (endpoint: Pick<Endpoint, 'timeoutMs'>): number => endpoint.timeoutMs + leaseSlackMs;

/** The longest lease: that of an endpoint with the longest timeout. */
export const leaseMaxMs = leaseMs({ timeoutMs: 60_000 });
