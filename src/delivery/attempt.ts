import { secretsAt } from './endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import type { Item } from './lane.ts';
import type { Settlement } from './queue/queries.ts';
import type { Outcome } from './retry.ts';
import type { SendResult } from './transport/sender.ts';
import { standardHeaders } from './sign.ts';
import { formatOf } from './templates/body-template.ts';
import type { WireAttempt, WireEvent } from './wire.ts';
import { unreachable } from '../base/errors.ts';
import { own } from '../base/own.ts';

/** Sent with every delivery: a name and a version, as RFC 9110 §10.1.5 requires. */
const userAgent = 'Outrider/0.1 (+webhooks)';

/** The event as this endpoint gets it. */
export const eventFor = ({ sandbox }: Pick<Endpoint, 'sandbox'>, { event }: Item): WireEvent => ({ ...event, sandbox });

/** Builds an attempt at this moment: its body, and the secrets that sign it. */
export function signedAttempt(endpoint: Endpoint, item: Item, nowMs: number): WireAttempt {
  const event = eventFor(endpoint, item);
  const { bodies } = item.event;
  const { template } = endpoint;
  let body = bodies.get(template ?? endpoint.wire);
  // A template's body is made again for each attempt, so that it is in memory only while it is sent.
  if (template !== undefined) bodies.delete(template);
  else if (body === undefined) bodies.set(endpoint.wire, (body = endpoint.wire.body(event)));
  if (body === undefined) throw unreachable('the body of a template is made before its attempt');
  return {
    deliveryId: item.id,
    event,
    body,
    timestampMs: nowMs,
    ...secretsAt(endpoint, nowMs),
    signingKey: endpoint.signingKey,
  };
}

/** The endpoint's own headers come first, so they cannot replace ours. */
export function headersOf(endpoint: Endpoint, attempt: WireAttempt): Record<string, string> {
  return {
    ...endpoint.headers,
    'content-type': endpoint.template?.contentType ?? 'application/json',
    'user-agent': userAgent,
    ...(attempt.event.traceparent === undefined ? undefined : { traceparent: attempt.event.traceparent }),
    ...standardHeaders(attempt),
    ...endpoint.wire.headers(attempt),
  };
}

/** Header values that a caller set may be credentials of the receiver, so they are sealed on the endpoint and masked in the log. */
function shownHeaders(endpoint: Endpoint, headers: Record<string, string>): string {
  const custom = Object.keys(endpoint.headers);
  if (custom.length === 0 && endpoint.oauth2 === undefined) return JSON.stringify(headers);
  return JSON.stringify({
    ...headers,
    ...(endpoint.oauth2 === undefined || headers['authorization'] === undefined
      ? undefined
      : { authorization: 'Bearer ***' }),
    ...Object.fromEntries(
      custom.filter((name) => own(headers, name) === own(endpoint.headers, name)).map((name) => [name, '***']),
    ),
  });
}

/** Describes why an attempt failed; null for a 2xx. */
export function errorText(result: SendResult): string | null {
  if (result.kind === 'failed') return result.message;
  if (result.statusCode >= 200 && result.statusCode < 300) return null;
  if (result.statusCode >= 300 && result.statusCode < 400)
    return `The receiver answered ${result.statusCode}; redirects are not followed. Register the final address.`;
  return `The receiver answered ${result.statusCode}.`;
}

/** The result of an attempt whose request cannot be made. */
export const notCreated = (error: unknown): SendResult => ({
  kind: 'failed',
  reason: 'protocol',
  message: `The request could not be created: ${String(error)}`,
  durationMs: 0,
});

export const is401 = (result: SendResult): boolean => result.kind === 'answered' && result.statusCode === 401;

/** Replaces NUL, the one character that PostgreSQL's text cannot store: responses and errors contain text from outside. */
const storable = <Text extends string | null>(text: Text): Text | string =>
  text?.replaceAll('\u0000', '\ufffd') ?? text;

/** Builds what is written about an attempt's result. */
export function settlementOf(
  endpoint: Endpoint,
  item: Item,
  headers: Record<string, string>,
  startedAtMs: number,
  nowMs: number,
  result: SendResult,
  outcome: Outcome,
): Settlement {
  const answer = result.kind === 'answered' ? result : result.answer;
  return {
    endpointId: endpoint.id,
    deliveryId: item.id,
    attemptsBefore: item.attemptCount,
    state: outcome.kind === 'retry' ? 'pending' : outcome.kind,
    dueAtMs: outcome.kind === 'retry' ? outcome.atMs : 0,
    completedAtMs: nowMs,
    startedAtMs,
    durationMs: result.durationMs,
    dialect: formatOf(endpoint.wire.name, endpoint.template),
    targetUrl: endpoint.url.href,
    requestHeaders: shownHeaders(endpoint, headers),
    statusCode: answer?.statusCode ?? null,
    error: storable(errorText(result)),
    responseHeaders: answer === undefined ? null : JSON.stringify(answer.headers),
    responseBody: answer === undefined ? null : storable(answer.body),
  };
}
