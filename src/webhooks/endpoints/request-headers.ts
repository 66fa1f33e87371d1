import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { own } from '../../base/own.ts';
import type { Wires } from '../../delivery/wire.ts';

/** An endpoint's own request headers: lowercase names → values. */
export type RequestHeaders = Readonly<Record<string, string>>;

export const headersMax = 20;
const nameCharactersMax = 100;
const valueBytesMax = 2_048;

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Printable ASCII without leading or trailing spaces, which HTTP would strip. */
const printable = /^(?! )[ -~]*(?<! )$/;

/** Headers of the connection, and those by which a receiver recognizes our requests. */
const reserved: ReadonlySet<string> = new Set([
  'accept-encoding',
  'connection',
  'content-encoding',
  'content-length',
  'content-type',
  'date',
  'expect',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'user-agent',
]);
/** Shown instead of a value; if a caller sends it back, the stored value is kept. */
export const mask = '***';

/** Prefixes of header names reserved for deliveries. Of all dialects, because an endpoint's dialect can change later. */
export const reservedPrefixesOf = (wires: Wires): readonly string[] => [
  'webhook-',
  ...[...wires.values()].flatMap(({ headerPrefixes }) => headerPrefixes),
];

/** The faults of these headers, by field. */
export function headerProblems(headers: RequestHeaders, reservedPrefixes: readonly string[]): ErrorDetails {
  const names = Object.keys(headers);
  const lower = names.map((name) => name.toLowerCase());
  if (names.length > headersMax) return { headers: `must contain at most ${headersMax} headers` };
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const problem =
        nameProblem(name, reservedPrefixes) ??
        (lower.indexOf(name.toLowerCase()) === index ? undefined : 'must be given only once') ??
        valueProblem(own(headers, name) ?? '');
      return problem === undefined ? [] : [[`headers.${cut(name, nameCharactersMax)}`, problem]];
    }),
  );
}

function nameProblem(name: string, reservedPrefixes: readonly string[]): string | undefined {
  if (name.length > nameCharactersMax || !token.test(name)) return 'is not a valid HTTP header name';
  const lower = name.toLowerCase();
  return reserved.has(lower) || reservedPrefixes.some((prefix) => lower.startsWith(prefix))
    ? 'is set by Outrider and cannot be changed'
    : undefined;
}

function valueProblem(value: string): string | undefined {
  if (value.length > valueBytesMax) return `must be at most ${valueBytesMax} characters`;
  return printable.test(value) ? undefined : 'must be printable ASCII without leading or trailing spaces';
}

/**
 * The headers to store: names in lower case, masked values replaced by the stored ones.
 * @param reason the problem reported for a mask without a stored value.
 */
export function unmasked(
  given: RequestHeaders,
  stored: RequestHeaders,
  reason = `has no stored value for ${mask} to keep`,
): { readonly headers: RequestHeaders; readonly problems: ErrorDetails } {
  const headers = Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name.toLowerCase(),
      value === mask ? own(stored, name.toLowerCase()) : value,
    ]),
  );
  const missing = Object.keys(given).filter((name) => own(headers, name.toLowerCase()) === undefined);
  return {
    headers: headers as RequestHeaders,
    problems: Object.fromEntries(missing.map((name) => [`headers.${name}`, reason])),
  };
}
