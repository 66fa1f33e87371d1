import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { cut } from '../../base/cut.ts';
import { parseAddress } from '../../base/email-address.ts';
import { invalid } from '../../base/errors.ts';
import { own } from '../../base/own.ts';
import { isSeen } from './provider.ts';
import type { Claim, Details, Material, ReportType } from './provider.ts';

/** Reading members of bodies whose shape only the provider knows: what has another type than expected is missing. */
export type Fields = Readonly<Record<string, unknown>>;

const empty: Fields = {};
const textMax = 10_000;
/** The longest line of a message (RFC 5322 §2.1.1), because Message-IDs serve as ids too. */
export const lineMax = 998;

export const isRecord = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A member of an object; undefined in anything else. */
export const member = (value: unknown, name: string): unknown => (isRecord(value) ? own(value, name) : undefined);

export const record = (value: unknown): Fields => (isRecord(value) ? value : empty);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** A text, or a number as one, that PostgreSQL can store. Undefined if it is empty. */
export function text(value: unknown, max = textMax): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const clean = cut(String(value).replaceAll('\0', ''), max);
  return clean === '' ? undefined : clean;
}

/** An id on one line. */
export const line = (value: unknown): string | undefined => text(value, lineMax);

/** The bare address of `Name <address>`; other text as it is. */
export function addressOf(value: unknown): string | null {
  const given = line(value);
  if (given === undefined) return null;
  const parsed = parseAddress(given);
  return 'email' in parsed ? parsed.email : given;
}

/** Message-IDs with angle brackets, which some providers leave out; other texts are left out. */
export const messageIdsOf = (...values: readonly unknown[]): string[] => [
  ...new Set(
    values.flatMap((value) => {
      const [, id] = /^\s*<?([^<>\s]{1,900}@[^<>\s@]{1,255})>?\s*$/.exec(line(value) ?? '') ?? [];
      return id === undefined ? [] : [`<${id}>`];
    }),
  ),
];

/** PostgreSQL and JSON have years of four digits. */
const latestMs = Date.UTC(10_000, 0);

const within = (ms: number): number | undefined => (ms >= 0 && ms < latestMs ? Math.trunc(ms) : undefined);

/** Milliseconds from Unix seconds or milliseconds: a number, or a text with one. Seconds have 11 digits for the next 3,000 years. */
export function unixTime(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : within(Math.abs(number) < 1e11 ? Math.round(number * 1e6) / 1e3 : number);
}

/** Milliseconds as they are. */
export function unixMilliseconds(value: unknown): number | undefined {
  const number = numberOf(value);
  return number === undefined ? undefined : within(number);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^\d{1,16}(\.\d{1,9})?$/.test(value.trim()) ? Number(value) : undefined;
}

const isoTime = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?)(\.\d+)?\s*(Z|[+-]\d\d:?\d\d|[+-]\d\d)?$/i;

/** An ISO 8601 time, in UTC if it has no zone; or a Unix time. */
export function time(value: unknown): number | undefined {
  const [, day = '', clock = '', fraction = '', zone = 'Z'] =
    typeof value === 'string' ? (isoTime.exec(value.trim()) ?? []) : [];
  if (day === '') return unixTime(value);
  const offset = /^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone.replace(/^([+-]\d\d)(\d\d)$/, '$1:$2').toUpperCase();
  const ms = Date.parse(`${day}T${clock}${fraction.slice(0, 4)}${offset}`);
  return Number.isNaN(ms) ? undefined : within(ms);
}

/** The details that are known. */
export const known = (details: Readonly<Record<string, string | boolean | undefined>>): Details =>
  Object.fromEntries(Object.entries(details).filter(([, value]) => value !== undefined)) as Details;

/** The details of an open or a click, from members of a body; none of other types. */
export const seenDetails = (
  type: ReportType,
  given: { readonly ip: unknown; readonly userAgent: unknown; readonly url: unknown; readonly isMachine?: boolean },
): Details =>
  isSeen(type)
    ? known({
        ip: text(given.ip),
        user_agent: text(given.userAgent),
        url: text(given.url),
        machine: given.isMachine === true ? true : undefined,
      })
    : {};

/** The values of `Message-ID` in a list of header fields such as `{name, value}`. */
export const messageIdFields = (headers: unknown): unknown[] =>
  list(headers).flatMap((header) =>
    /^message-id$/i.test(String(member(header, 'name'))) ? [member(header, 'value')] : [],
  );

/** What identifies an event. */
export const dedupeKeyOf = (...parts: readonly (string | Buffer | null | undefined)[]): Buffer =>
  parts.length === 1 && Buffer.isBuffer(parts[0])
    ? hash('sha256', parts[0], 'buffer')
    : hash('sha256', JSON.stringify(parts), 'buffer');

/** One of several events of a body: as JSON, to be stored with it. */
export const partOf = (value: unknown): Buffer => Buffer.from(JSON.stringify(value) ?? 'null');

/** What a provider's word means. */
export const wordOf = <T>(meanings: Readonly<Record<string, T>>, word: unknown): T | undefined =>
  typeof word === 'string' ? own(meanings, word) : undefined;

/** A provider's word → type. */
export const typeOf = (types: Readonly<Record<string, ReportType>>, word: unknown): ReportType =>
  wordOf(types, word) ?? 'email.unknown';

// Verification --------------------------------------------------------------------------------------

/** Compares secrets in constant time. */
export const isSame = (given: string, secret: string): boolean =>
  timingSafeEqual(hash('sha256', given, 'buffer'), hash('sha256', secret, 'buffer'));

/** Whether a hexadecimal HMAC-SHA256 of bytes was made with the secret; compares in constant time. Nothing proves an empty secret. */
export const isHmac = (given: unknown, bytes: Buffer, secret: string): boolean =>
  secret !== '' &&
  typeof given === 'string' &&
  /^[\da-f]{64}$/i.test(given) &&
  timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(bytes).digest());

/** A new secret, for providers that let the receiver choose it. @throws ApiError `validation_failed` if anything was given */
export function madeSecret(
  given: Material,
  random: () => string,
): { readonly material: Material; readonly shown: string | null } {
  assertNone(given, 'is not used by this provider: Outrider makes the secret');
  const secret = random();
  return { material: { secret }, shown: secret };
}

/** Basic authentication (RFC 7617), or the password as `token` of the URL. */
export function hasPassword({ headers, token }: Claim, { username, password }: Material): boolean {
  if (password === undefined || username === undefined) return false;
  const [, encoded] = /^basic +([\w+/=-]+) *$/i.exec(headers.authorization ?? '') ?? [];
  // Both are compared, whatever is given.
  const basic = isSame(Buffer.from(encoded ?? '', 'base64').toString(), `${username}:${password}`);
  const inUrl = isSame(token ?? '', password);
  return (basic && encoded !== undefined) || (inUrl && token !== undefined);
}

/** A name and a password that were given, or a new password. @throws ApiError `validation_failed` */
export function passwordMaterial(
  { username, password, ...others }: Material,
  random: () => string,
): { readonly material: Material; readonly shown: string | null } {
  assertNone(others);
  if (password === undefined) {
    const made = random();
    return { material: { username: username ?? 'outrider', password: made }, shown: made };
  }
  return { material: { username: username ?? 'outrider', password }, shown: null };
}

/** @throws ApiError `validation_failed` for the first member that was given */
export function assertNone(given: Material, reason = 'is not used by this provider'): void {
  const [name] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (name !== undefined) throw invalid({ [name]: reason });
}
