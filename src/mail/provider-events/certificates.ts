import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Clock } from '../../base/clock.ts';
import { hourMs, minuteMs } from '../../base/clock.ts';
import { ApiError } from '../../base/errors.ts';
import { fetchChecked } from '../../base/fetch-checked.ts';
import type { FetchOptions } from '../../base/fetch-checked.ts';
import type { OrganizationId } from '../../base/ids.ts';

export interface CertificatesOptions {
  readonly clock: Clock;
  readonly network: Pick<FetchOptions, 'policy' | 'resolve' | 'ca'> & {
    readonly originOf?: ((host: string) => string) | undefined;
  };
}

export interface Certificates {
  /**
   * The public key of the certificate at a URL, which the caller has checked; undefined if there is no valid one.
   * @param by whose source the post is for
   * @throws ApiError `unavailable` if the URL does not answer: the provider posts again
   */
  keyOf(url: string, by: OrganizationId): Promise<KeyObject | undefined>;
  /** Calls a URL that the caller has checked, to agree to a subscription. @throws ApiError `unavailable` if it is refused */
  confirm(url: string, by: OrganizationId): Promise<void>;
}

const keptMs = 24 * hourMs;
const keptMax = 20;
/** Of one organization: a caller who knows its source can name any number of certificates. */
const fetchesPerMinute = 20;
const timeoutMs = 5_000;
const bytesMax = 64 * 1024;

/** Certificates by which a provider's posts are verified, each fetched once a day, through the egress guard. */
export function createCertificates({ clock, network }: CertificatesOptions): Certificates {
  const kept = new Map<
    string,
    { readonly untilMs: number; readonly certificate: Promise<X509Certificate | undefined> }
  >();
  const { originOf } = network;
  let fetches: { readonly by: OrganizationId; readonly atMs: number }[] = [];

  async function fetched(url: string, by: OrganizationId): Promise<{ readonly status: number; readonly text: string }> {
    const { hostname, pathname, search } = new URL(url);
    const nowMs = clock.now();
    fetches = fetches.filter(({ atMs }) => atMs > nowMs - minuteMs);
    if (fetches.filter((each) => each.by === by).length >= fetchesPerMinute) throw unanswered(hostname);
    fetches.push({ by, atMs: nowMs });
    const at = originOf === undefined ? url : `${originOf(hostname)}${pathname}${search}`;
    try {
      return await fetchChecked(at, {}, { ...network, clock, timeoutMs, bytesMax });
    } catch (error) {
      throw unanswered(hostname, error);
    }
  }

  async function certificateAt(url: string, by: OrganizationId): Promise<X509Certificate | undefined> {
    const { status, text } = await fetched(url, by);
    if (status >= 500 || status === 429) throw unanswered(new URL(url).hostname);
    try {
      return status === 200 ? new X509Certificate(text) : undefined;
    } catch {
      return undefined;
    }
  }

  return {
    async keyOf(url, by) {
      const nowMs = clock.now();
      let found = kept.get(url);
      if (found === undefined || found.untilMs <= nowMs) {
        if (kept.size >= keptMax) kept.clear();
        found = { untilMs: nowMs + keptMs, certificate: certificateAt(url, by) };
        kept.set(url, found);
        found.certificate.catch(() => kept.delete(url));
      }
      const certificate = await found.certificate;
      if (certificate === undefined) {
        kept.delete(url);
        return undefined;
      }
      const { validFromDate: from, validToDate: to } = certificate;
      return from.getTime() <= nowMs && nowMs <= to.getTime() ? certificate.publicKey : undefined;
    },

    async confirm(url, by) {
      const { status } = await fetched(url, by);
      if (status !== 200) throw unanswered(new URL(url).hostname);
    },
  };
}

const unanswered = (host: string, cause?: unknown): ApiError =>
  new ApiError('unavailable', `${host} did not answer as expected. Post again later.`, {
    retryAfterSeconds: 30,
    cause,
  });
