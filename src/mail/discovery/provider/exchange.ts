import { FetchError } from '../../../base/fetch-checked.ts';
import type { FetchAnswer } from '../../../base/fetch-checked.ts';
import { companyDomainOf } from '../../../base/company-domain.ts';
import { parseAddress } from '../../../base/email-address.ts';
import { hourMs } from '../../../base/clock.ts';
import { cut } from '../../../base/cut.ts';
import { own } from '../../../base/own.ts';
import { employeesOf } from '../../icp/index.ts';
import type { Icp } from '../../icp/index.ts';
import { SourceError } from '../source.ts';
import type { Candidate } from '../source.ts';
import { mappedFields } from './settings.ts';
import type { MappedField, ProviderSettings } from './settings.ts';

/** Records of one answer. */
export const recordsMax = 1_000;
const textMax = 2_000;
/** Of a cursor or the URL of a next page. */
const positionMax = 8_000;

export interface ProviderRequest {
  readonly url: string;
  readonly request: {
    readonly method: 'GET' | 'POST';
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string;
  };
}

const placeholders = ['titles', 'seniorities', 'countries', 'industries', 'sizes', 'keywords', 'technologies'] as const;

/** A profile with a value for each placeholder. */
export const everyPlaceholder = Object.fromEntries(placeholders.map((name) => [name, ['x']])) as Icp;

/** A text with the criteria of a profile. */
const filledText = (text: string, icp: Icp, encoded: (criteria: string) => string): string =>
  placeholders.reduce((all, name) => all.replaceAll(`{${name}}`, encoded((icp[name] ?? []).join(','))), text);

/** A URL with the criteria of a profile. */
export const filled = (url: string, icp: Icp): string => filledText(url, icp, encodeURIComponent);

/** What is wrong with the placeholders of a URL. */
export function urlFault(url: string): string | undefined {
  const rest = filled(url, {});
  const unknown = /\{[^{}]*\}/.exec(rest)?.[0];
  if (unknown !== undefined) return `${unknown} means nothing`;
  return /[{}]/.test(rest) ? 'has a brace without its counterpart; write %7B or %7D for a brace itself' : undefined;
}

/**
 * What is wrong with the placeholders of a body, by their paths. Other braces stay as they are, such as those of GraphQL.
 * @example
 * bodyFaults({ q: '{nope}' }, 'body') // { 'body.q': '{nope} means nothing; …' }
 */
export function bodyFaults(value: unknown, path: string): Record<string, string> {
  if (typeof value === 'string') {
    const unknown = /\{\w+\}/.exec(filledText(value, {}, String))?.[0];
    return unknown === undefined
      ? {}
      : { [path]: `${unknown} means nothing; write { ${unknown.slice(1, -1)} } for braces themselves` };
  }
  if (typeof value !== 'object' || value === null) return {};
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, each]) =>
      /\{\w+\}/.test(key)
        ? { [`${path}.${key}`]: 'has a placeholder in a name; only values are replaced' }
        : bodyFaults(each, `${path}.${key}`),
    ),
  ) as Record<string, string>;
}

/** A JSON value in which texts such as `{titles}` are lists, and placeholders in other text are replaced as in a URL. */
function filledBody(value: unknown, icp: Icp): unknown {
  if (typeof value === 'string') {
    const name = placeholders.find((each) => value === `{${each}}`);
    return name === undefined ? filledText(value, icp, String) : (icp[name] ?? []);
  }
  if (Array.isArray(value)) return value.map((each) => filledBody(each, icp));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, filledBody(each, icp)]));
}

/** Parameters that ask for the page at a position. */
function pageParameters({ paging }: ProviderSettings, cursor: string | null): Record<string, string | number> {
  switch (paging.kind) {
    case 'none':
    case 'next_url':
      return {};
    case 'page':
      return { [paging.parameter]: cursor === null ? paging.first : Number(cursor), ...sizeOf(paging) };
    case 'offset':
      return { [paging.parameter]: Number(cursor ?? 0), ...sizeOf(paging) };
    case 'cursor':
      return { ...(cursor === null ? {} : { [paging.parameter]: cursor }), ...sizeOf(paging) };
  }
}

const sizeOf = ({
  size,
  size_parameter: parameter,
}: {
  readonly size?: number | undefined;
  readonly size_parameter?: string | undefined;
}): Record<string, number> => (size === undefined || parameter === undefined ? {} : { [parameter]: size });

/** Where to ask for a page. The secret goes to the origin of the settings only, which may have been replaced since the cursor was stored. */
function urlOf(settings: ProviderSettings, icp: Icp, cursor: string | null): URL {
  const url = new URL(filled(settings.url, icp));
  if (settings.paging.kind !== 'next_url' || cursor === null) return url;
  const next = URL.parse(cursor);
  if (next?.origin !== url.origin) throw new SourceError('The settings were replaced during the search.', null);
  return next;
}

/** The request for a page. @param cursor where the search continues; null: at its beginning. @throws SourceError */
export function requestOf(
  settings: ProviderSettings,
  secret: string | null,
  icp: Icp,
  cursor: string | null,
): ProviderRequest {
  const { method, auth, body } = settings;
  const url = urlOf(settings, icp, cursor);
  const parameters = pageParameters(settings, cursor);
  if (method === 'GET')
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, String(value));
  if (auth?.kind === 'query' && secret !== null) url.searchParams.set(auth.name, secret);
  return {
    url: url.href,
    request: {
      method,
      headers: {
        accept: 'application/json',
        // Some gateways refuse requests that name no program.
        'user-agent': 'Outrider',
        ...(method === 'POST' ? { 'content-type': 'application/json' } : {}),
        ...(auth?.kind === 'header' && secret !== null ? { [auth.name]: secret } : {}),
      },
      ...(method === 'POST'
        ? { body: JSON.stringify({ ...(filledBody(body ?? {}, icp) as object), ...parameters }) }
        : {}),
    },
  };
}

/** The value at a path such as `emails.0.value`; undefined: there is none. */
export function valueAt(value: unknown, path: string): unknown {
  let found = value;
  for (const name of path === '' ? [] : path.split('.')) {
    if (Array.isArray(found)) found = /^\d{1,6}$/.test(name) ? (found as unknown[])[Number(name)] : undefined;
    else if (typeof found === 'object' && found !== null) found = own(found as Record<string, unknown>, name);
    else return undefined;
  }
  return found;
}

const textOf = (value: unknown): string | null => {
  const text =
    typeof value === 'string' ? value : typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
  const clean = text
    .slice(0, textMax)
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  return clean === '' ? null : clean;
};
/** An address as it is: what `textOf` replaces would make another one of it. */
const emailOf = (value: unknown): string | null => {
  const text = typeof value === 'string' && value.isWellFormed() ? cut(value.trim(), textMax) : '';
  return text === '' ? null : text;
};
const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? (value as unknown[]) : typeof value === 'string' ? value.split(',') : [value])
    .slice(0, 100)
    .flatMap((each) => textOf(typeof each === 'object' && each !== null ? valueAt(each, 'name') : each) ?? []);

/** What an answer says. */
export interface Mapped {
  readonly candidates: readonly Candidate[];
  readonly records: number;
  /** How many records have no value at the path of a field. */
  readonly missing: Readonly<Record<string, number>>;
  readonly next: string | null;
}

const namesOf = (value: unknown): string =>
  Array.isArray(value)
    ? 'it is a list'
    : typeof value === 'object' && value !== null
      ? `it has ${
          Object.keys(value)
            .slice(0, 10)
            .map((name) => `"${name.slice(0, 40)}"`)
            .join(', ') || 'no members'
        }`
      : 'it is no object';

/** Reads the people of an answer. @throws SourceError that names what does not fit the settings */
export function readAnswer(settings: ProviderSettings, text: string, cursor: string | null, nowMs: number): Mapped {
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch (error) {
    throw new SourceError('The answer is not JSON.', null, { cause: error });
  }
  const records = valueAt(answer, settings.items);
  if (!Array.isArray(records)) {
    const place = settings.items === '' ? 'The answer is no list' : `The answer has no list at "${settings.items}"`;
    throw new SourceError(`${place}: ${namesOf(answer)}.`, null);
  }
  if (records.length > recordsMax)
    throw new SourceError(
      `The answer has ${records.length} records; at most ${recordsMax} are read. Set a size.`,
      null,
    );
  const missing = new Map<MappedField, number>();
  const candidates = records.flatMap((record: unknown): Candidate[] => {
    const values = new Map<MappedField, unknown>();
    for (const field of mappedFields) {
      const path = settings.fields[field];
      if (path === undefined) continue;
      const value = valueAt(record, path);
      if (value === undefined || value === null || value === '') missing.set(field, (missing.get(field) ?? 0) + 1);
      else values.set(field, value);
    }
    const candidate = candidateOf(values, nowMs);
    return candidate === undefined ? [] : [candidate];
  });
  // Later pages may have people without an address only; a first one tells that the settings are wrong.
  if (cursor === null && records.length > 0 && missing.get('email') === records.length)
    throw new SourceError(
      `None of the ${records.length} records has an address at "${settings.fields.email ?? ''}"; the first: ${namesOf(records[0])}.`,
      null,
    );
  return {
    candidates,
    records: records.length,
    missing: Object.fromEntries(missing),
    next: nextOf(settings, answer, records.length, cursor),
  };
}

function candidateOf(values: ReadonlyMap<MappedField, unknown>, nowMs: number): Candidate | undefined {
  const text = (field: MappedField): string | null => textOf(values.get(field));
  const email = emailOf(values.get('email'));
  const externalId = text('external_id') ?? text('email')?.toLowerCase();
  if (externalId === undefined) return undefined;
  const address = email === null ? undefined : parseAddress(email);
  const domain = companyDomainOf(text('company_domain') ?? '');
  const cutTo = (field: MappedField, max: number): string | null => text(field)?.slice(0, max) ?? null;
  const url = (field: MappedField): string | null => {
    const given = text(field);
    return given === null
      ? null
      : /^https?:\/\//.test(given)
        ? given
        : URL.canParse(`https://${given}`)
          ? `https://${given}`
          : null;
  };
  const fields = {
    first_name: cutTo('first_name', 200),
    last_name: cutTo('last_name', 200),
    job_title: cutTo('job_title', 200),
    phone: cutTo('phone', 100),
    linkedin_url: url('linkedin_url'),
    website: url('website'),
    city: cutTo('city', 100),
    country: cutTo('country', 100),
    company_name: cutTo('company_name', 300),
    timezone: cutTo('timezone', 64),
  };
  return {
    externalId: externalId.slice(0, 300),
    email,
    contactId: null,
    fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
    traits: {
      title: text('job_title'),
      seniority: text('seniority')?.toLowerCase().replaceAll(/[ -]/g, '_') ?? null,
      country: text('country'),
      company: text('company_name'),
      industry: text('industry'),
      employees: employeesOf(text('employees') ?? '') ?? null,
      technologies: textsOf(values.get('technologies')),
      texts: [...textsOf(values.get('keywords')), ...(text('description') === null ? [] : [text('description') ?? ''])],
      domains: [
        ...(address === undefined || 'problem' in address ? [] : [address.domain]),
        ...(domain === undefined ? [] : [domain]),
      ],
      emailStatus: text('email_status')?.toLowerCase() ?? null,
    },
    url: url('url'),
    foundAtMs: nowMs,
  };
}

/** Where an answer says that the next page is, as it says it; null: nowhere, which some providers write as `false`. */
function positionOf(value: unknown, path: string): string | null {
  const text = typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
  if (text.length > positionMax)
    throw new SourceError(`"${path}" of the answer is longer than ${positionMax} characters.`, null);
  return text.trim() === '' ? null : text;
}

function nextOf(
  { url, paging }: ProviderSettings,
  answer: unknown,
  records: number,
  cursor: string | null,
): string | null {
  if (paging.kind === 'none') return null;
  if (paging.kind === 'page' || paging.kind === 'offset') {
    if (records === 0 || (paging.size !== undefined && records < paging.size)) return null;
    return paging.kind === 'page'
      ? String((cursor === null ? paging.first : Number(cursor)) + 1)
      : String(Number(cursor ?? 0) + records);
  }
  const next = positionOf(valueAt(answer, paging.next), paging.next);
  // An answer that names its own page would be read forever.
  if (next === null || records === 0 || next === cursor) return null;
  if (paging.kind === 'cursor') return next;
  const target = URL.parse(next, url);
  if (target?.origin !== new URL(url).origin)
    throw new SourceError(`"${paging.next}" of the answer leads to another origin.`, null);
  return target.href;
}

/** The secret, the account or the request is wrong: asking again does not help. */
const isFinal = (status: number): boolean => status >= 400 && status < 500 && ![408, 425, 429].includes(status);

/** What `Retry-After` asks for: seconds, or a date (RFC 9110 §10.2.3); at most an hour. */
function retryMsOf(text: string | null, nowMs: number): number {
  if (text === null) return 0;
  const ms = /^\d+$/.test(text.trim()) ? Number(text) * 1_000 : Date.parse(text) - nowMs;
  return Math.min(hourMs, Math.max(0, ms || 0));
}

/** @throws SourceError for an answer that is no success */
export function assertSuccess({ status, headers, text }: FetchAnswer, nowMs: number): void {
  if (status >= 200 && status < 300) return;
  const said = saidBy(text);
  const why =
    said ?? (status >= 300 && status < 400 ? 'redirects are not followed, so set the URL that it leads to' : null);
  const message = `The provider answered with status ${status}${why === null ? '' : `: ${why}`}.`;
  throw new SourceError(message, status < 400 || isFinal(status) ? null : retryMsOf(headers.get('retry-after'), nowMs));
}

/** The sentence of a JSON error, which seldom has more than one. */
function saidBy(text: string): string | null {
  try {
    const answer: unknown = JSON.parse(text);
    for (const path of ['error.message', 'message', 'error', 'detail', 'errors.0.message', 'errors.0'])
      if (typeof valueAt(answer, path) === 'string')
        return textOf(valueAt(answer, path))?.slice(0, 200).replace(/\.$/, '') ?? null;
  } catch {
    // It is no JSON.
  }
  return null;
}

/** What went wrong with a request, for the search. */
export function faultOf(error: unknown): SourceError {
  if (error instanceof SourceError) return error;
  if (!(error instanceof FetchError)) throw error;
  const retries = ['dns', 'timeout', 'connection', 'tls'].includes(error.reason);
  return new SourceError(error.message, retries ? 0 : null, { cause: error });
}
