import { cut } from '../../base/cut.ts';
import type { ErrorDetails } from '../../base/errors.ts';
import { own } from '../../base/own.ts';
import type { Wires } from '../../delivery/wire.ts';

/** An endpoint's own request headers: names in lower case → values. */
export type RequestHeaders = Readonly<Record<string, string>>;

export const headersMax = 20;
const nameCharactersMax = 100;
const valueBytesMax = 2_048;

/** RFC 9110 §5.6.2. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** Printable ASCII; no spaces at the ends, which HTTP would take off. */
const printable = /^(?! )[ -~]*(?<! )$/;

/** Those of the connection, and those by which a receiver tells what is ours. */
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
/** Stands for a value that is not shown; sent back, it keeps the value that is stored. */
export const mask = '***';

/** Header names that begin like this are the delivery's own, in every dialect: an endpoint's dialect can be changed later. */
export const reservedPrefixesOf = (wires: Wires): readonly string[] => [
  'webhook-',
  ...[...wires.values()].flatMap(({ headerPrefixes }) => headerPrefixes),
];

/** What is wrong with these headers, by field. */
export function headerProblems(headers: RequestHeaders, reservedPrefixes: readonly string[]): ErrorDetails {
  const names = Object.keys(headers);
  const lower = names.map((name) => name.toLowerCase());
  if (names.length > headersMax) return { headers: `must be at most ${headersMax}` };
  return Object.fromEntries(
    names.flatMap((name, index) => {
      const problem =
        nameProblem(name, reservedPrefixes) ??
        (lower.indexOf(name.toLowerCase()) === index ? undefined : 'is there twice') ??
        valueProblem(own(headers, name) ?? '');
      return problem === undefined ? [] : [[`headers.${cut(name, nameCharactersMax)}`, problem]];
    }),
  );
}

function nameProblem(name: string, reservedPrefixes: readonly string[]): string | undefined {
  if (name.length > nameCharactersMax || !token.test(name)) return 'is not the name of an HTTP header';
  const lower = name.toLowerCase();
  return reserved.has(lower) || reservedPrefixes.some((prefix) => lower.startsWith(prefix))
    ? 'is set by Outrider and cannot be given'
    : undefined;
}

function valueProblem(value: string): string | undefined {
  if (value.length > valueBytesMax) return `must be at most ${valueBytesMax} characters`;
  return printable.test(value) ? undefined : 'must be printable ASCII, without spaces at its ends';
}

/** The headers to store: names in lower case, masked values filled in from what is stored. @returns a problem for a mask without a value. */
export function unmasked(
  given: RequestHeaders,
  stored: RequestHeaders,
  reason = 'has no stored value that *** could keep',
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
