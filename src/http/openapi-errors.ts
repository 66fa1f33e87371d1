import type { ZodOpenApiResponseObject } from 'zod-openapi';
import { ApiError, errorCatalogue } from '../base/errors.ts';
import type { ErrorData, ErrorName } from '../base/errors.ts';
import { native } from './error-answer.ts';
import { minuteMs } from '../base/clock.ts';
import { isConditional, isCounted } from './route.ts';
import type { Route, Surface } from './route.ts';

export const headers = {
  'X-Request-Id': {
    description:
      'The id from the request if it has at most 128 letters, digits, `_`, `.` and `-`; otherwise a new one. It appears in the log of the server.',
    schema: { type: 'string' },
  },
  'X-RateLimit-Limit': {
    description: 'Requests per minute, over all keys of the organization; 2147483647: unlimited.',
    schema: { type: 'integer' },
  },
  'X-RateLimit-Remaining': { description: 'Requests left in this minute.', schema: { type: 'integer' } },
  'X-RateLimit-Reset': { description: 'When the quota resets, in Unix seconds.', schema: { type: 'integer' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  ETag: {
    description:
      'Identifies the state of the record. Send it as `If-Match` to change the record only if it is still in this state.',
    schema: { type: 'string' },
  },
  'Idempotency-Replayed': {
    description: '`true`: an earlier request with this `Idempotency-Key` got this answer; this one changed nothing.',
    schema: { type: 'string' },
  },
} as const;

export const headerRefs = (...names: readonly (keyof typeof headers)[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
export const everyAnswer = ['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const;

/** Errors whose example shows more than the catalogue's text. */
const examples: Partial<Record<ErrorName, Pick<ErrorData, 'details' | 'faults'> & { readonly message: string }>> = {
  malformed: {
    message: "The body is not valid JSON: Expected ',' or '}' after property value in JSON at position 14",
    details: { body: "Expected ',' or '}' after property value in JSON at position 14" },
  },
  validation_failed: {
    message: 'Invalid request: target_url: is required; colour: unknown field',
    details: { target_url: 'is required', colour: 'unknown field' },
    faults: { target_url: 'missing', colour: 'unknown' },
  },
};

/** Returned before the request has a route, in the native format whatever the path. */
const early: readonly ErrorName[] = ['request_timeout', 'headers_too_large'];
const waits: readonly ErrorName[] = ['rate_limit', 'unavailable'];

/** The errors that the server can return for a route before its handler runs; the handler's own are among the route's `answers`. */
function errorsOf(route: Route): ErrorName[] {
  const named = route.params === undefined ? [] : (['not_found'] as const);
  if (!isCounted(route)) return [...named, 'method_not_allowed', ...early];
  return [
    // A request without a body can have these too: a bad percent-encoding, an unknown query parameter.
    'malformed',
    'validation_failed',
    ...(route.method === 'GET' ? [] : (['too_large', 'unsupported_media_type'] as const)),
    ...(route.scope === null ? [] : (['unauthorized', 'forbidden', 'plan', 'unavailable'] as const)),
    ...named,
    ...(isConditional(route) ? (['precondition_failed'] as const) : []),
    'method_not_allowed',
    'rate_limit',
    'internal',
    ...early,
  ];
}

interface Described {
  readonly name: ErrorName;
  readonly status: number;
  readonly example: unknown;
}

function described(name: ErrorName, route: Route, surface: Surface): Described {
  const { meaning } = errorCatalogue[name];
  const { message = meaning, ...data } = examples[name] ?? {};
  const error = new ApiError(name, message, data);
  const decision = { allowed: false, limit: 5_000, remaining: 0, resetAt: 1_767_603_660, windowMs: minuteMs };
  const { status, body } = surface.errorReply(error, route, decision);
  return { name, status, example: body };
}

/** Response components of one document by id; operations share them. */
export type Components = Map<string, ZodOpenApiResponseObject>;

/** One response per status, for all errors with that status. */
export function errorResponses(
  route: Route,
  surface: Surface,
  components: Components,
): [status: string, ZodOpenApiResponseObject][] {
  const all = errorsOf(route).map((name) => described(name, route, early.includes(name) ? native : surface));
  return [...Map.groupBy(all, ({ status }) => status)].map(([status, errors]) => {
    // A plan without the API is one more reason for 403.
    const shown = errors.filter(({ name }) => name !== 'plan' || errors.length === 1);
    const id = shown.map(({ name }) => componentName(name)).join('Or');
    const response = components.get(id) ?? { id, ...responseOf(shown, surface) };
    components.set(id, response);
    return [String(status), response];
  });
}

function responseOf(errors: readonly Described[], surface: Surface): ZodOpenApiResponseObject {
  const [first] = errors;
  const isEarly = first !== undefined && early.includes(first.name);
  const header = [
    ...(isEarly ? (['X-Request-Id'] as const) : everyAnswer),
    ...(errors.some(({ name }) => waits.includes(name)) ? (['Retry-After'] as const) : []),
  ];
  const example =
    errors.length === 1
      ? { example: first?.example }
      : { examples: Object.fromEntries(errors.map((each) => [each.name, { value: each.example }])) };
  return {
    description: errors.map(({ name }) => errorCatalogue[name].meaning).join(' Or: '),
    headers: headerRefs(...header),
    content: { 'application/json': { schema: (isEarly ? native : surface).described.error, ...example } },
  };
}

const componentName = (name: ErrorName): string =>
  name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());
