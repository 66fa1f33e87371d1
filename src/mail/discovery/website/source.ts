import type { Clock } from '../../../base/clock.ts';
import { fetchChecked } from '../../../base/fetch-checked.ts';
import type { FetchOptions } from '../../../base/fetch-checked.ts';
import { firstId } from '../../../base/ids.ts';
import { sleep } from '../../../base/sleep.ts';
import type { Companies, Company } from '../../../crm/companies/index.ts';
import type { Database, Queryable } from '../../../db/pool.ts';
import { scoreOf } from '../../icp/index.ts';
import type { DiscoveryJob, WebsiteSettings } from '../job.ts';
import type { Page, Source } from '../source.ts';
import { crawl } from './crawl.ts';
import { takeSlot } from './hosts.ts';
import { peopleOf } from './people.ts';

export interface WebsiteOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly network: Pick<FetchOptions, 'policy' | 'resolve' | 'ca'> & {
    readonly originOf?: ((host: string) => string) | undefined;
  };
  readonly companies: Pick<Companies, 'withDomainAfter'>;
  /** The version of this program. */
  readonly version: string;
}

/** The name by which `robots.txt` knows this crawler. */
const product = 'OutriderBot';
const pageTimeoutMs = 8_000;
/** Another search asks the same host: its turn comes soon, or later. */
const waitMaxMs = 15_000;
const companiesRows = 100;

/** Websites of companies: the pages on which they say who they are. One page of a search is one website. */
export function websiteSource(options: WebsiteOptions, settings: WebsiteSettings): Source {
  const { db, clock, network } = options;
  const userAgent = `${product}/${options.version}`;

  async function read(
    job: DiscoveryJob,
    domain: string,
    signal: AbortSignal,
  ): Promise<Pick<Page, 'candidates' | 'problems'>> {
    const { originOf = (host: string) => `https://${host}`, ...connection } = network;
    const { pages, problems } = await crawl(
      {
        fetch: (url, bytesMax) =>
          fetchChecked(
            url,
            {
              headers: { 'user-agent': userAgent, accept: 'text/html, application/xhtml+xml;q=0.9, text/plain;q=0.8' },
            },
            { ...connection, clock, organization: job.organization_id, signal, timeoutMs: pageTimeoutMs, bytesMax },
          ),
        pause: async (host, delayMs) => {
          const at = await takeSlot(db, host, new Date(clock.now()), delayMs);
          const waitMs = at - clock.now();
          if (waitMs > waitMaxMs) return false;
          await sleep(clock, Math.max(0, waitMs), signal);
          return !signal.aborted;
        },
        now: clock.now,
        product,
        originOf,
        signal,
      },
      domain,
    );
    signal.throwIfAborted();
    return { candidates: peopleOf(domain, pages, clock.now()), problems };
  }

  async function ofList(
    job: DiscoveryJob,
    domains: readonly string[],
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<Page> {
    const place = Number(cursor ?? 0);
    const domain = domains[place];
    if (domain === undefined) return { candidates: [], next: null };
    return { ...(await read(job, domain, signal)), next: place + 1 < domains.length ? String(place + 1) : null };
  }

  /** The next company whose known traits do not contradict the profile. */
  async function ofCompanies(
    on: Queryable,
    job: DiscoveryJob,
    cursor: string | null,
    signal: AbortSignal,
  ): Promise<Page> {
    const reach = { organizationId: job.organization_id, workspaceId: job.workspace_id };
    const rows = await options.companies.withDomainAfter(on, reach, cursor ?? firstId, companiesRows);
    const found = rows.find((company) => !contradicts(job, company));
    if (found?.domain == null) {
      const last = rows.at(-1);
      return { candidates: [], next: rows.length < companiesRows || last === undefined ? null : last.id };
    }
    return { ...(await read(job, found.domain, signal)), next: found.id };
  }

  return {
    key: 'website',
    name: 'company website',
    licence: null,
    search: (on, job, cursor, signal) =>
      settings.domains === undefined
        ? ofCompanies(on, job, cursor, signal)
        : ofList(job, settings.domains, cursor, signal),
  };
}

/** Whether what is known of a company excludes it, or misses what the profile says of companies. */
function contradicts(job: DiscoveryJob, company: Company): boolean {
  const { industries, sizes, exclude } = job.icp;
  const count = company.employee_count;
  const { isExcluded, reasons } = scoreOf(
    { ...(industries && { industries }), ...(sizes && { sizes }), ...(exclude && { exclude }) },
    {
      title: null,
      seniority: null,
      country: company.country,
      company: company.name,
      industry: company.industry,
      employees: count === null ? null : { min: count, max: count },
      technologies: [],
      texts: company.tags,
      domains: company.domain === null ? [] : [company.domain],
      emailStatus: null,
    },
  );
  return isExcluded || reasons.some(({ outcome }) => outcome === 'miss');
}
