import { z } from 'zod';
import { invalid, notFound } from '../base/errors.ts';
import { inexactNumber } from '../base/json-text.ts';
import { decode, parseJson } from './body.ts';
import type { Call } from './call.ts';
import type { Route } from './route.ts';
import { assertHeaders, assertNoNul, validated } from './validation.ts';

const nothing = z.strictObject({});

const tooManyDigits = 'has too many digits and would be rounded; send it as a string';

/**
 * Parses path, headers, query and body against the route's schemas, into the call. `strict`: a query or body that the route does not
 * declare is refused.
 * @throws ApiError `validation_failed` or `malformed`; `not_found` for a path parameter that cannot be valid
 */
export function parseRequest(route: Route, strict: boolean, call: Call, bytes: Buffer | undefined): void {
  const url = call.request.url ?? '';
  if (url.includes('%00')) {
    assertNoNul(call.params as Record<string, unknown>);
    assertNoNul(call.query as Record<string, unknown>);
  }
  if (route.params !== undefined) {
    const params = route.params.safeParse(call.params);
    if (!params.success) throw notFound('Resource');
    call.params = params.data;
  }
  if (route.headers !== undefined) assertHeaders(route.headers, call.headers);
  if (route.query !== undefined) call.query = validated(route.query, call.query, 'query');
  else if (strict && url.includes('?')) validated(nothing, call.query, 'query');
  if (bytes === undefined) {
    // Parsed as an empty object, so that the error names the missing fields.
    if (route.body !== undefined) call.body = validated(route.body, {}, 'body');
    return;
  }
  call.rawBody = decode(bytes);
  const body = parseJson(call.rawBody, route.opaque);
  if (route.verbatim !== 'body') {
    const rounded = inexactNumber(call.rawBody, route.verbatim);
    if (rounded !== undefined) throw invalid({ [rounded === '' ? 'body' : rounded]: tooManyDigits });
  }
  if (route.body !== undefined) call.body = validated(route.body, body, 'body');
  else if (strict) validated(nothing, body, 'body');
}
