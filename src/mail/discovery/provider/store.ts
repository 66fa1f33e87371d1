import { checkUrl } from '../../../base/egress.ts';
import { dayMs, dayOf, minuteMs } from '../../../base/clock.ts';
import type { Clock } from '../../../base/clock.ts';
import { ApiError, invalid, notFound } from '../../../base/errors.ts';
import { fetchChecked } from '../../../base/fetch-checked.ts';
import type { FetchOptions } from '../../../base/fetch-checked.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../../base/ids.ts';
import type { Reach } from '../../../crm/records/index.ts';
import type { Slice } from '../../../db/in-order.ts';
import type { Database, Queryable } from '../../../db/pool.ts';
import type { Vault } from '../../../encryption/vault.ts';
import type { Icp } from '../../icp/index.ts';
import { SourceError } from '../source.ts';
import type { Source } from '../source.ts';
import {
  assertSuccess,
  bodyFaults,
  everyPlaceholder,
  faultOf,
  filled,
  readAnswer,
  requestOf,
  urlFault,
} from './exchange.ts';
import type { Mapped } from './exchange.ts';
import { pageFrom, placeOf } from './place.ts';
import {
  deleteProvider,
  insertProvider,
  listProviders,
  providerById,
  replaceProvider,
  reserve,
  saveProblem,
} from './queries.ts';
import type { ProviderRow } from './queries.ts';
import type { ProviderInput } from './settings.ts';

export interface ProvidersOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly network: Pick<FetchOptions, 'policy' | 'resolve' | 'ca'>;
}

/** Providers of one organization. */
const providersMax = 100;
const bytesMax = 5 * 1024 * 1024;
const sealedAs = 'discovery provider secret';

/** What one request to a provider showed. */
export interface Trial {
  readonly problem: string | null;
  readonly url: string;
  readonly mapped: Mapped | null;
}

export type Providers = ReturnType<typeof createProviders>;

/**
 * HTTP APIs that name people, described by settings.
 * @example
 * const { id } = await providers.create(principal, null, providerInput.parse({ name: 'People', url: 'https://api.people.example/v1/search?titles={titles}', … }));
 */
export function createProviders(options: ProvidersOptions) {
  const { db, clock, vault, network } = options;

  const get = async (reach: Reach, id: string, on: Queryable = db): Promise<ProviderRow> => {
    const row = await providerById(on, reach, id);
    if (row === undefined) throw notFound('Discovery provider');
    return row;
  };

  async function rowOf(
    organization: OrganizationId,
    { name, auth, ...settings }: ProviderInput,
  ): Promise<Pick<ProviderRow, 'name' | 'settings' | 'secret' | 'updated_at'>> {
    assertUrl(options, settings.url);
    if (settings.method === 'GET' && settings.body !== undefined) throw invalid({ body: 'is only for POST' });
    const faults = bodyFaults(settings.body, 'body');
    if (Object.keys(faults).length > 0) throw invalid(faults);
    return {
      name,
      settings: {
        ...settings,
        auth:
          auth === null
            ? null
            : 'header' in auth
              ? { kind: 'header', name: auth.header }
              : { kind: 'query', name: auth.query },
      },
      secret: auth === null ? null : await vault.seal(db, organization, auth.value, sealedAs),
      updated_at: new Date(clock.now()),
    };
  }

  /** One request, within the budgets. @throws SourceError */
  async function ask(row: ProviderRow, icp: Icp, cursor: string | null, signal: AbortSignal): Promise<Mapped> {
    const nowMs = clock.now();
    const grant = await reserve(db, row.id, { day: dayOf(nowMs), minute: new Date(nowMs - (nowMs % minuteMs)) });
    if (!grant.isGranted)
      throw grant.left === 0
        ? new SourceError('The daily budget of the provider is spent.', dayMs - (nowMs % dayMs), { waits: true })
        : new SourceError('The provider was asked too often in this minute.', minuteMs - (nowMs % minuteMs), {
            waits: true,
          });
    const secret =
      row.secret === null ? null : (await vault.open(db, row.organization_id, row.secret, sealedAs)).toString();
    const { url, request } = requestOf(row.settings, secret, icp, cursor);
    let problem: string | null = null;
    try {
      const answer = await fetchChecked(url, request, {
        ...network,
        clock,
        organization: row.organization_id,
        signal,
        timeoutMs: row.settings.timeout_seconds * 1_000,
        bytesMax,
      });
      assertSuccess(answer, clock.now());
      return readAnswer(row.settings, answer.text, cursor, clock.now());
    } catch (error) {
      signal.throwIfAborted();
      const fault = withoutSecret(faultOf(error), secret);
      problem = fault.message;
      throw fault;
    } finally {
      await saveProblem(db, row.id, problem, new Date(clock.now()));
    }
  }

  return {
    get,

    list: (reach: Reach, slice: Slice): Promise<ProviderRow[]> => listProviders(db, reach, slice),

    /** @throws ApiError `validation_failed` for a URL that must not be called; `conflict` past `providersMax` */
    async create(
      organization: OrganizationId,
      workspace: WorkspaceId | null,
      input: ProviderInput,
    ): Promise<ProviderRow> {
      const row = await rowOf(organization, input);
      const id = options.ids.next<string>();
      const written = await insertProvider(
        db,
        { ...row, id, organization_id: organization, workspace_id: workspace, created_at: row.updated_at },
        providersMax,
      );
      if (written === 0) throw new ApiError('conflict', `An organization can have ${providersMax} providers.`);
      return get({ organizationId: organization }, id);
    },

    /** Replaces all settings, with the secret: otherwise a new URL would get the old secret. @throws ApiError `not_found`, `validation_failed` */
    async replace(reach: Reach, id: string, input: ProviderInput): Promise<ProviderRow> {
      await get(reach, id);
      await replaceProvider(db, id, await rowOf(reach.organizationId, input));
      return get(reach, id);
    },

    /** @throws ApiError `not_found` */
    async remove(reach: Reach, id: string): Promise<void> {
      await get(reach, id);
      await deleteProvider(db, id);
    },

    /** Asks for the first page, and shows what was understood. Stores nobody. @throws ApiError `not_found`, `rate_limit` */
    async test(reach: Reach, id: string, icp: Icp, signal: AbortSignal): Promise<Trial> {
      const row = await get(reach, id);
      const url = filled(row.settings.url, icp);
      try {
        return { problem: null, url, mapped: await ask(row, icp, null, signal) };
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        if (error.waits)
          throw new ApiError('rate_limit', error.message, {
            retryAfterSeconds: Math.ceil((error.retryMs ?? 0) / 1_000),
          });
        return { problem: error.message, url, mapped: null };
      }
    },

    /** The source of a provider. @throws SourceError if it was deleted */
    async sourceOf(reach: Reach, id: string): Promise<Source> {
      const row = await providerById(db, reach, id);
      if (row === undefined) throw new SourceError('The provider was deleted.', null);
      return {
        key: `provider:${id}`,
        name: row.name,
        licence: row.settings.licence,
        async search(_on, job, cursor, signal) {
          const place = placeOf(cursor);
          return pageFrom(place, await ask(row, job.icp, place.at, signal));
        },
      };
    },
  };
}

/** Some providers repeat the key that they refuse. */
const withoutSecret = (error: SourceError, secret: string | null): SourceError =>
  secret === null || !error.message.includes(secret)
    ? error
    : new SourceError(error.message.replaceAll(secret, '…'), error.retryMs, { waits: error.waits });

/** @throws ApiError `validation_failed` */
function assertUrl({ network }: Pick<ProvidersOptions, 'network'>, text: string): void {
  const fault = urlFault(text);
  if (fault !== undefined) throw invalid({ url: fault });
  if (text.includes('#')) throw invalid({ url: 'must have no fragment, because it is not sent' });
  // Otherwise a profile could name the host.
  const [empty, full] = [filled(text, {}), filled(text, everyPlaceholder)];
  if (URL.parse(empty)?.origin !== URL.parse(full)?.origin)
    throw invalid({ url: 'must have criteria in its path or query only' });
  const checked = checkUrl(empty, network.policy);
  if (!checked.ok) throw invalid({ url: checked.reason });
}
