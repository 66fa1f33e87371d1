import { dayMs, dayOf, minuteMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { checkUrl } from '../../base/egress.ts';
import { ApiError, invalid, notFound } from '../../base/errors.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import type { OrganizationId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Opinion } from './verdict.ts';
import { deleteVerifier, reserve, saveVerifier, settleRequests, verifierOf } from './verifier-queries.ts';
import type { VerifierRow } from './verifier-queries.ts';
import { ask } from './verifier.ts';
import type { AnswerRule, Asked, Verifier } from './verifier.ts';

export interface VerifiersOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly network: Pick<FetchOptions, 'policy' | 'resolve' | 'ca'>;
}

/** What a caller sets. */
export interface VerifierInput {
  readonly url: string;
  readonly method: 'GET' | 'POST';
  readonly email_field: string;
  readonly auth: { readonly kind: 'header' | 'query'; readonly name: string; readonly value: string } | null;
  readonly answer: AnswerRule;
  readonly daily_budget: number;
  readonly requests_per_minute: number;
  readonly timeout_seconds: number;
}

export type Verifiers = ReturnType<typeof createVerifiers>;

const sealedAs = 'verifier secret';
const concurrentMax = 10;
/** After so many requests in a row without an answer, the others are not made. */
const failuresMax = 5;
/** The longest time for one batch: leads of other organizations wait for it. */
const batchMs = 20_000;

/** Verifiers that organizations ask over HTTP: any service with a JSON answer. */
export function createVerifiers(options: VerifiersOptions) {
  const { db, clock, vault, network } = options;

  const open = async (row: VerifierRow): Promise<Verifier> => ({
    url: row.url,
    method: row.method,
    emailField: row.email_field,
    auth:
      row.auth_kind === null || row.auth_name === null || row.auth_value === null
        ? null
        : {
            kind: row.auth_kind,
            name: row.auth_name,
            value: (await vault.open(db, row.organization_id, row.auth_value, sealedAs)).toString(),
          },
    answer: row.answer,
    timeoutMs: row.timeout_seconds * 1_000,
  });
  const get = async (organization: OrganizationId): Promise<VerifierRow> => {
    const row = await verifierOf(db, organization);
    if (row === undefined) throw notFound('Verifier');
    return row;
  };
  const take = (organization: OrganizationId, wanted: number) => {
    const nowMs = clock.now();
    return reserve(db, organization, wanted, { day: dayOf(nowMs), minute: new Date(nowMs - (nowMs % minuteMs)) });
  };

  return {
    /** @throws ApiError `not_found` */
    get,

    /** Sets the verifier of an organization. @throws ApiError `validation_failed` for a URL that must not be called */
    async set(organization: OrganizationId, input: VerifierInput): Promise<VerifierRow> {
      const { url, method, auth } = input;
      const checked = checkUrl(url.replaceAll('{email}', 'x'), network.policy);
      if (!checked.ok) throw invalid({ url: checked.reason });
      // Otherwise the address of a lead could name the host.
      if (new URL(url.replaceAll('{email}', 'y')).host !== checked.url.host)
        throw invalid({ url: 'must have {email} in its path or query only' });
      if (method === 'GET' && !url.includes('{email}'))
        throw invalid({ url: 'must contain {email}, unless method is POST' });
      await saveVerifier(db, {
        organization_id: organization,
        url,
        method,
        email_field: input.email_field,
        auth_kind: auth?.kind ?? null,
        auth_name: auth?.name ?? null,
        auth_value: auth === null ? null : await vault.seal(db, organization, auth.value, sealedAs),
        answer: input.answer,
        daily_budget: input.daily_budget,
        per_minute: input.requests_per_minute,
        timeout_seconds: input.timeout_seconds,
        updated_at: new Date(clock.now()),
      });
      return get(organization);
    },

    /** @throws ApiError `not_found` */
    async remove(organization: OrganizationId): Promise<void> {
      if ((await deleteVerifier(db, organization)) === 0) throw notFound('Verifier');
    },

    /** Asks about one address, and shows what was understood. @throws ApiError `not_found`, `rate_limit` */
    async check(organization: OrganizationId, email: string, signal: AbortSignal): Promise<Asked> {
      const verifier = await open(await get(organization));
      const { granted, left } = await take(organization, 1);
      if (granted === 0)
        throw new ApiError(
          'rate_limit',
          left === 0
            ? 'The daily budget of the verifier is spent.'
            : 'The verifier was asked too often in this minute.',
          { retryAfterSeconds: Math.ceil(waitMs(clock.now(), left, 0, 1) / 1_000) },
        );
      const asked = await ask(verifier, email, { ...network, clock, organization, signal });
      await settleRequests(db, organization, {
        unused: 0,
        problem: asked.verdict === null ? asked.problem : null,
        at: new Date(clock.now()),
      });
      return asked;
    },

    /**
     * Opinions on addresses. One that the verifier gave none on, or that its budget does not allow now, waits: it is never taken for valid.
     * @returns by address; empty without a verifier
     */
    async opinionsOf(
      organization: OrganizationId,
      emails: readonly string[],
      signal: AbortSignal,
    ): Promise<ReadonlyMap<string, Opinion>> {
      const row = emails.length === 0 ? undefined : await verifierOf(db, organization);
      if (row === undefined) return new Map();
      const verifier = await open(row);
      const { granted, left } = await take(organization, emails.length);
      const opinions = new Map<string, Opinion>();
      const asked = await askAll(verifier, emails.slice(0, granted), opinions, {
        ...network,
        clock,
        organization,
        signal,
      });
      if (granted > 0)
        await settleRequests(db, organization, {
          unused: granted - asked.made,
          problem: asked.problem,
          at: new Date(clock.now()),
        });
      emails
        .filter((email) => !opinions.has(email))
        .forEach((email, place) => {
          const { problem } = asked;
          opinions.set(
            email,
            problem !== null && place < granted - asked.made
              ? { waitMs: asked.waitMs, problem }
              : {
                  waitMs: waitMs(clock.now(), left, place, row.per_minute),
                  problem: left === 0 ? 'The daily budget of the verifier is spent.' : 'The verifier is asked later.',
                },
          );
        });
      return opinions;
    },
  };
}

/** Asks about addresses, and fills `opinions`; stops when the verifier fails, and after a time. */
async function askAll(
  verifier: Verifier,
  emails: readonly string[],
  opinions: Map<string, Opinion>,
  options: VerifiersOptions['network'] & {
    readonly clock: Clock;
    readonly organization: OrganizationId;
    readonly signal: AbortSignal;
  },
): Promise<{ readonly made: number; readonly problem: string | null; readonly waitMs: number }> {
  const { clock, signal } = options;
  const endMs = clock.now() + batchMs;
  const queue = emails.values();
  let [made, failures, isOver] = [0, 0, false];
  let last: { readonly problem: string; readonly waitMs: number } | undefined;
  const work = async (): Promise<void> => {
    for (const email of queue) {
      if (isOver || signal.aborted || clock.now() > endMs) return;
      made += 1;
      const asked = await ask(verifier, email, options);
      if (asked.verdict !== null) {
        failures = 0;
        opinions.set(email, { verdict: asked.verdict });
        continue;
      }
      failures += 1;
      last = asked;
      isOver ||= asked.ends || failures >= failuresMax;
      opinions.set(email, { waitMs: asked.waitMs, problem: asked.problem });
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrentMax, emails.length) }, work));
  return { made, problem: last?.problem ?? null, waitMs: last?.waitMs ?? minuteMs };
}

/** Until the next day if the budget is spent, otherwise until the minute in which it is the turn of this place. */
const waitMs = (nowMs: number, left: number, place: number, perMinute: number): number =>
  left === 0 ? dayMs - (nowMs % dayMs) : minuteMs - (nowMs % minuteMs) + Math.floor(place / perMinute) * minuteMs;
