import { FetchError } from '../../../base/fetch-checked.ts';
import type { FetchAnswer } from '../../../base/fetch-checked.ts';
import { linkKinds, readPage } from './page.ts';
import type { LinkKind, PageContent } from './page.ts';
import { readRobots } from './robots.ts';

/** Pages of one site. */
export const pagesMax = 8;
/** Requests to one site: pages, redirects, robots.txt. */
export const requestsMax = 16;
const redirectsMax = 3;
/** Hosts of one site; each has rules of its own. */
const hostsMax = 3;
/** For one site, with all that is waited for. */
const siteMs = 60_000;
/** A longer pause than this between requests is not waited for: the site is left. */
const delayMaxMs = 10_000;
const delayMs = 1_000;
const robotsBytesMax = 512 * 1024;
const pageBytesMax = 1024 * 1024;
const problemsMax = 3;
const urlMax = 2_000;

/** Requests that a crawl makes, and how it waits. */
export interface CrawlOptions {
  /** One request, without following redirects. @throws FetchError */
  readonly fetch: (url: string, bytesMax: number) => Promise<FetchAnswer>;
  /** Waits until the host may be asked again. @returns false if that takes too long */
  readonly pause: (host: string, delayMs: number) => Promise<boolean>;
  readonly now: () => number;
  /** As `robots.txt` names it. */
  readonly product: string;
  /** `https://` and the host, except in tests. */
  readonly originOf: (host: string) => string;
  readonly signal: AbortSignal;
}

export interface CrawledPage extends PageContent {
  readonly url: string;
}

export interface Crawled {
  readonly pages: readonly CrawledPage[];
  /** Why there is nothing, or not everything. */
  readonly problems: readonly string[];
}

/** A page is left out, or, if `isFinal`, the rest of the site. */
class CrawlProblem extends Error {
  readonly isFinal: boolean;

  constructor(message: string, isFinal = false) {
    super(message);
    this.isFinal = isFinal;
  }
}

interface Rules {
  readonly mayFetch: (url: URL) => boolean;
  readonly delayMs: number;
}

/** The requests of one crawl. */
class Site {
  readonly #options: CrawlOptions;
  readonly #domain: string;
  readonly #endMs: number;
  readonly #rules = new Map<string, Rules | CrawlProblem>();
  readonly origin: string;
  #requests = 0;

  constructor(options: CrawlOptions, domain: string) {
    this.#options = options;
    this.#domain = domain;
    this.#endMs = options.now() + siteMs;
    this.origin = new URL(options.originOf(domain)).origin;
  }

  /** Whether a URL belongs to the site: its domain, or one below it, over HTTPS. */
  has({ origin, protocol, port, hostname }: URL): boolean {
    return (
      origin === this.origin ||
      (protocol === 'https:' && port === '' && (hostname === this.#domain || hostname.endsWith(`.${this.#domain}`)))
    );
  }

  /** Fetches a page that the rules of its host allow, following redirects within the site. @throws FetchError; CrawlProblem */
  read(start: URL): Promise<{ readonly url: URL; readonly answer: FetchAnswer }> {
    return this.#follow(start, async (url) => {
      const rules = await this.#rulesOf(url);
      if (!rules.mayFetch(url)) throw new CrawlProblem(`robots.txt does not allow ${url.pathname}.`);
      return this.#ask(url, pageBytesMax, rules.delayMs);
    });
  }

  async #follow(
    start: URL,
    ask: (url: URL) => Promise<FetchAnswer>,
  ): Promise<{ readonly url: URL; readonly answer: FetchAnswer }> {
    let url = start;
    for (let hop = 0; hop <= redirectsMax; hop += 1) {
      const answer = await ask(url);
      const to = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
      if (to === null) return { url, answer };
      const next = URL.parse(to, url.href);
      if (next === null) throw new CrawlProblem(`${url.pathname} redirects to no URL.`);
      next.hash = '';
      if (next.href.length > urlMax) throw new CrawlProblem(`${url.pathname} redirects to too long a URL.`);
      if (!this.has(next)) throw new CrawlProblem(`${url.pathname} redirects to another site.`);
      url = next;
    }
    throw new CrawlProblem(`${start.pathname} redirects more than ${redirectsMax} times.`);
  }

  async #ask(url: URL, bytesMax: number, pauseMs: number): Promise<FetchAnswer> {
    const { pause, now, fetch } = this.#options;
    if (this.#requests >= requestsMax) throw new CrawlProblem(`The site took ${requestsMax} requests.`, true);
    if (!(await pause(url.hostname, pauseMs)))
      throw new CrawlProblem(`${url.hostname} may not be asked again soon enough.`, true);
    if (now() >= this.#endMs) throw new CrawlProblem(`The site took more than ${siteMs / 1_000} s.`, true);
    this.#requests += 1;
    return fetch(url.href, bytesMax);
  }

  /** The robots.txt of a host. @throws CrawlProblem if the host is not read */
  async #rulesOf({ origin }: URL): Promise<Rules> {
    let rules = this.#rules.get(origin);
    if (rules === undefined) {
      rules =
        this.#rules.size < hostsMax
          ? await this.#readRules(origin)
          : new CrawlProblem(`Only ${hostsMax} hosts of a site are read.`);
      this.#rules.set(origin, rules);
    }
    if (rules instanceof CrawlProblem) throw rules;
    return rules;
  }

  /** RFC 9309: a host whose rules cannot be read is not read; one without any allows everything. */
  async #readRules(origin: string): Promise<Rules | CrawlProblem> {
    const file = new URL('/robots.txt', origin);
    const isFinal = origin === this.origin;
    try {
      const { answer } = await this.#follow(file, (url) => this.#ask(url, robotsBytesMax, delayMs));
      if (answer.status >= 500 || answer.status === 429)
        return new CrawlProblem(`robots.txt answers with status ${answer.status}.`, isFinal);
      const robots = readRobots(answer.status >= 400 ? '' : answer.text, this.#options.product);
      const delay = Math.max(delayMs, robots.delayMs);
      if (delay > delayMaxMs)
        return new CrawlProblem(`robots.txt asks for ${delay / 1_000} s between requests.`, isFinal);
      return { mayFetch: (url) => robots.isAllowed(`${url.pathname}${url.search}`), delayMs: delay };
    } catch (error) {
      if (error instanceof FetchError || error instanceof CrawlProblem) return new CrawlProblem(error.message, isFinal);
      throw error;
    }
  }
}

/** Paths that are tried if the home page links to none. */
const usualPaths: readonly (readonly [string, LinkKind])[] = [
  ['/contact', 'contact'],
  ['/about', 'team'],
  ['/impressum', 'imprint'],
];

/** Pages to read: kinds take turns, so that many links of one kind do not use up the pages. */
class Frontier {
  readonly #seen = new Set<string>();
  readonly #queues = new Map<LinkKind | 'home', URL[]>();

  add(kind: LinkKind | 'home', url: URL): void {
    url.hash = '';
    const queue = this.#queues.get(kind) ?? [];
    this.#queues.set(kind, queue);
    if (queue.length < pagesMax && !this.#seen.has(url.href)) queue.push(url);
  }

  /** @returns false if the page was read before */
  see({ href }: URL): boolean {
    const isNew = !this.#seen.has(href);
    this.#seen.add(href);
    return isNew;
  }

  *[Symbol.iterator](): Generator<URL> {
    for (let found = true; found;) {
      found = false;
      for (const kind of ['home', ...linkKinds] as const) {
        const url = this.#queues.get(kind)?.shift();
        if (url === undefined) continue;
        found = true;
        if (this.see(url)) yield url;
      }
    }
  }
}

const isHtml = ({ status, headers }: FetchAnswer): boolean =>
  status === 200 && /^(text\/html|application\/xhtml\+xml)\b/i.test(headers.get('content-type') ?? 'text/html');

/**
 * Reads the pages on which a company says who it is: home, contact, team, imprint. At most `pagesMax` pages in `requestsMax` requests, one
 * a second, in at most a minute, and only what robots.txt allows, of the domain itself.
 * @example
 * const { pages } = await crawl({ fetch, pause, now, product: 'OutriderBot', originOf: (host) => `https://${host}`, signal }, 'lovelace.example');
 */
export async function crawl(options: CrawlOptions, domain: string): Promise<Crawled> {
  const site = new Site(options, domain);
  const frontier = new Frontier();
  frontier.add('home', new URL('/', site.origin));
  const pages: CrawledPage[] = [];
  const problems: string[] = [];
  let tried = 0;
  for (const start of frontier) {
    if (tried >= pagesMax || options.signal.aborted) break;
    tried += 1;
    try {
      const { url, answer } = await site.read(start);
      const isNew = url.href === start.href || frontier.see(url);
      if (isNew && isHtml(answer)) {
        const page = { url: url.href, ...readPage(answer.text) };
        pages.push(page);
        for (const { href, kind } of page.links) {
          const to = URL.parse(href, url.href);
          if (to !== null && to.href.length <= urlMax && site.has(to)) frontier.add(kind, to);
        }
      }
    } catch (error) {
      if (!(error instanceof FetchError || error instanceof CrawlProblem)) throw error;
      if (problems.length < problemsMax) problems.push(`${domain}: ${error.message}`);
      // Without a home page, there is nothing to follow.
      if (tried === 1 || (error instanceof CrawlProblem && error.isFinal)) break;
    }
    if (tried === 1 && pages[0]?.links.length === 0)
      for (const [path, kind] of usualPaths) frontier.add(kind, new URL(path, pages[0].url));
  }
  return { pages, problems };
}
