import type { Clock } from '../base/clock.ts';
import type { EndpointId, OrganizationId } from '../base/ids.ts';

/** How an endpoint gets access tokens: OAuth 2.0 client credentials (RFC 6749 §4.4). One object per endpoint and epoch, which names its token. */
export interface ClientCredentials {
  readonly organizationId: OrganizationId;
  readonly endpointId: EndpointId;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | undefined;
  readonly audience: string | undefined;
  /** Where the request carries the client's id and secret: the header `authorization`, or the body. */
  readonly authentication: 'basic' | 'body';
  /** Authorities (PEM) that are trusted in addition to the system's. */
  readonly ca: string | undefined;
}

/**
 * A token, or why there is none: a sentence for the operator of the receiver. The token server was not reached or did not answer in time,
 * refused the client, or gave no token that can be used.
 */
export type Granted =
  | { readonly kind: 'token'; readonly token: string; readonly expiresInSeconds: number | undefined }
  | { readonly kind: 'unreachable' | 'refused' | 'invalid'; readonly message: string };

/** A request for a token that has ended, for logs and metrics. */
export interface TokenRequested {
  readonly credentials: ClientCredentials;
  readonly granted: Granted;
  readonly durationMs: number;
}

export interface AccessTokensOptions {
  readonly clock: Clock;
  /** Requests a token within a deadline. Never rejects. */
  readonly request: (credentials: ClientCredentials) => Promise<Granted>;
  readonly concurrentMax?: number;
  readonly concurrentPerOrganizationMax?: number;
}

/** The outcome of `obtain`. */
export type Obtained =
  | { readonly ok: true }
  | { readonly ok: false; readonly message: string; readonly durationMs: number };

/** The access tokens of endpoints, in the memory of this process. */
export interface AccessTokens {
  /** The token to send now; undefined: call `obtain`. Renews a token that ends soon in the background. */
  current(credentials: ClientCredentials): string | undefined;
  /** Gets a token. Calls for the same credentials share one request. Never rejects. */
  obtain(credentials: ClientCredentials): Promise<Obtained>;
  /** Call when the receiver answered 401 to this token. @returns whether to send again, with another one */
  refused(credentials: ClientCredentials, token: string): boolean;
}

interface State {
  token: { readonly text: string; readonly since: number; readonly until: number; renewAt: number } | undefined;
  /** The last failure, and until when it is not tried again. */
  failure: { readonly message: string; readonly until: number } | undefined;
  pending: Promise<Obtained> | undefined;
}

/** The lifetime of a token whose server states none. */
const lifetimeDefaultMs = 300_000;
/** A token is used for at least this time, so that a server with shorter ones is not called for every delivery. */
const lifetimeMinMs = 10_000;
const lifetimeMaxMs = 24 * 3_600_000;
/** A token is renewed when this much of its life is left, or a fifth of it. */
const renewMaxMs = 60_000;
/** After a failure the token server is left alone; attempts fail with the same reason. */
const restMs = 10_000;
/** A younger token that is refused is not replaced: the receiver refuses all of them. */
const replacedAfterMs = 30_000;

/**
 * Keeps the tokens of endpoints. How many are requested at a time is limited per organization, and organizations take turns, so that the
 * token server of one, which may never answer, does not delay another's.
 */
export function createAccessTokens({
  clock,
  request,
  concurrentMax = 256,
  concurrentPerOrganizationMax = 8,
}: AccessTokensOptions): AccessTokens {
  const states = new WeakMap<ClientCredentials, State>();
  const turns = new Turns(concurrentMax, concurrentPerOrganizationMax);

  function stateOf(credentials: ClientCredentials): State {
    let state = states.get(credentials);
    if (state === undefined)
      states.set(credentials, (state = { token: undefined, failure: undefined, pending: undefined }));
    return state;
  }

  async function fetch(credentials: ClientCredentials, state: State): Promise<Obtained> {
    const askedAt = clock.now();
    await turns.take(credentials.organizationId);
    const startedAt = clock.now();
    const granted = await request(credentials);
    turns.giveBack(credentials.organizationId);
    state.pending = undefined;
    const now = clock.now();
    if (granted.kind !== 'token') {
      state.failure = { message: granted.message, until: now + restMs };
      if (state.token !== undefined) state.token.renewAt = now + restMs;
      return { ok: false, message: granted.message, durationMs: Math.max(0, now - askedAt) };
    }
    const { token: text, expiresInSeconds } = granted;
    const stated = expiresInSeconds === undefined ? lifetimeDefaultMs : expiresInSeconds * 1_000;
    const life = Math.min(Math.max(stated, lifetimeMinMs), lifetimeMaxMs);
    state.failure = undefined;
    state.token = {
      text,
      since: now,
      until: startedAt + Math.max(life, now - startedAt + lifetimeMinMs),
      renewAt: startedAt + life - Math.min(renewMaxMs, life / 5),
    };
    return { ok: true };
  }

  function obtain(credentials: ClientCredentials): Promise<Obtained> {
    const state = stateOf(credentials);
    const { failure } = state;
    if (state.pending === undefined && failure !== undefined && clock.now() < failure.until)
      return Promise.resolve({ ok: false, message: failure.message, durationMs: 0 });
    return (state.pending ??= fetch(credentials, state));
  }

  return {
    current(credentials) {
      const { token, pending } = stateOf(credentials);
      const now = clock.now();
      if (token === undefined || token.until <= now) return undefined;
      if (token.renewAt <= now && pending === undefined) void obtain(credentials);
      return token.text;
    },
    obtain,
    refused(credentials, text) {
      const state = stateOf(credentials);
      const { token } = state;
      if (token === undefined || token.text !== text) return true;
      if (clock.now() - token.since < replacedAfterMs) return false;
      state.token = undefined;
      return true;
    },
  };
}

/** Limits what runs at a time, in total and per organization; the organizations that wait take turns. */
class Turns {
  readonly #max: number;
  readonly #perOrganizationMax: number;
  readonly #running = new Map<OrganizationId, number>();
  readonly #waiting = new Map<OrganizationId, (() => void)[]>();
  #total = 0;

  constructor(max: number, perOrganizationMax: number) {
    this.#max = max;
    this.#perOrganizationMax = perOrganizationMax;
  }

  take(organization: OrganizationId): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(organization);
      if (waiting === undefined) this.#waiting.set(organization, [resolve]);
      else waiting.push(resolve);
      this.#admit();
    });
  }

  giveBack(organization: OrganizationId): void {
    const left = (this.#running.get(organization) ?? 1) - 1;
    if (left === 0) this.#running.delete(organization);
    else this.#running.set(organization, left);
    this.#total -= 1;
    this.#admit();
  }

  #admit(): void {
    for (const [organization, waiting] of this.#waiting) {
      if (this.#total >= this.#max) return;
      const running = this.#running.get(organization) ?? 0;
      if (running >= this.#perOrganizationMax) continue;
      const next = waiting.shift();
      // To the end of the map: the others come first. The loop reaches it again, so it takes what is free.
      this.#waiting.delete(organization);
      if (waiting.length > 0) this.#waiting.set(organization, waiting);
      this.#running.set(organization, running + 1);
      this.#total += 1;
      next?.();
    }
  }
}
