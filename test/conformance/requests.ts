/** Shared by descriptors and suite: sending requests, and units. */
import { createHmac } from 'node:crypto';
import type { Fields } from '../harness/caller.ts';
import type { Dialect, Headers, Refusal, Request } from './dialect.ts';

export const unknownUuid = '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1dff';

export const minutes = (count: number): number => count * 60;
export const hours = (count: number): number => count * 3_600;
export const seconds = (ms: number): string => String(Math.floor(ms / 1_000));
/** HMAC-SHA256 in hexadecimal, keyed by the secret's characters. */
export const hmac = (secret: string, text: string): string => createHmac('sha256', secret).update(text).digest('hex');

export interface Answered {
  readonly status: number;
  readonly headers: globalThis.Headers;
  readonly text: string;
}

export async function send(base: string, { method, path, body }: Request, headers: Headers): Promise<Answered> {
  const answer = await fetch(`${base}${path}`, {
    method,
    redirect: 'manual',
    headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
}

/** The vendor's names of events that can be subscribed to. A test event is only sent on request. */
export const vendorNames = ({ events }: Pick<Dialect, 'events'>): string[] => [
  ...new Set(Object.values(events).filter((name) => name !== 'webhook.test')),
];

/** Requests that a busy caller has in flight. */
export const concurrentRequests = 20;

/** The fields that have a value. */
export const defined = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));

/** The refusals of vendors that report a wrong field in one text. */
export const fieldRefusals = (refusal: (text?: RegExp) => Refusal) => ({
  'not an object': refusal(),
  'no url': refusal(/url/),
  'mistyped url': refusal(/url/),
  'bad url': refusal(/url/),
  'no events': refusal(/events/),
  'bad events': refusal(/event/),
  'unknown field': refusal(/colour/),
});
