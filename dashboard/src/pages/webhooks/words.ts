import type { Delivery, Webhook } from '@outrider/sdk';
import type { Tick, Tone } from '../../components/status.tsx';
import { duration } from '../../components/format.ts';

type Shown = Pick<Delivery, 'status' | 'attempt_count' | 'next_attempt_at'>;

/** The state of a delivery as tone and word. */
export function stateOf({ status, attempt_count: attempts, next_attempt_at: next }: Shown): readonly [Tone, string] {
  if (status === 'delivered') return ['ok', 'Delivered'];
  if (status === 'failed') return ['failed', 'Failed'];
  if (status === 'held') return ['held', 'Held'];
  if (next === null) return ['pending', 'In flight'];
  return ['pending', attempts === 0 ? 'Pending' : 'Retrying'];
}

/** The history of a delivery; `schedule` is how many attempts it may have. */
export function ticksOf({ status, attempt_count: count, next_attempt_at: next }: Shown, schedule = 0): readonly Tick[] {
  const failed = Math.min(12, status === 'delivered' ? count - 1 : count);
  const last: readonly Tick[] =
    status === 'delivered'
      ? ['ok']
      : status === 'pending' && next === null
        ? ['pending']
        : status === 'pending'
          ? Array.from({ length: Math.min(8, Math.max(0, schedule - count)) }, () => 'todo' as const)
          : [];
  return [...Array.from({ length: Math.max(0, failed) }, () => 'failed' as const), ...last];
}

/** The state of an endpoint as tone and word. */
export function endpointState(
  endpoint: Pick<Webhook, 'is_active' | 'disabled_reason'>,
  failures = 0,
): readonly [Tone, string] {
  if (!endpoint.is_active)
    return endpoint.disabled_reason === 'manual' || endpoint.disabled_reason === null
      ? ['held', 'Paused']
      : ['off', 'Disabled'];
  return failures > 0 ? ['failed', 'Failing'] : ['ok', 'Enabled'];
}

/** Why an endpoint is disabled, and what helps; undefined when it is enabled. */
export function whyDisabled({
  is_active: active,
  disabled_reason: reason,
}: Pick<Webhook, 'is_active' | 'disabled_reason'>): string | undefined {
  if (active) return undefined;
  if (reason === 'exhausted')
    return 'A delivery failed at every attempt of its schedule. Repair the receiver, then enable the endpoint: what is held is sent.';
  if (reason === 'gone')
    return 'The receiver answered 410 Gone: it does not want deliveries any more. Enable the endpoint if that was a mistake.';
  return 'A person paused it. Its deliveries are held until it is enabled.';
}

const explanations = new Map<number, string>([
  [
    400,
    'The receiver did not understand the body. Compare it with what your handler expects, and the dialect of the endpoint.',
  ],
  [
    401,
    'The receiver did not accept the signature or its credentials. Verify the raw bytes of the body, with the current secret.',
  ],
  [403, 'The receiver refused the request, often a firewall or a rule for user agents.'],
  [404, 'Nothing answers at this path. The URL of the endpoint may have a mistake.'],
  [405, 'The path exists, but does not accept POST.'],
  [410, 'The receiver says that it is gone for good: the endpoint was disabled.'],
  [413, 'The body is larger than the receiver accepts.'],
  [429, 'The receiver asks for fewer requests. Set a rate limit at the endpoint.'],
  [500, 'The receiver failed while it handled the event. Its log says why.'],
  [502, 'A proxy answered in place of the receiver, which it could not reach.'],
  [503, 'The receiver is overloaded or being deployed. It is tried again.'],
  [504, 'A proxy waited too long for the receiver.'],
]);

/** One sentence about a failed attempt: what happened, what helps. */
export function explain({
  status_code: code,
  error,
}: {
  readonly status_code: number | null;
  readonly error: string | null;
}): string {
  if (code !== null && code >= 200 && code < 300) return 'The receiver accepted it.';
  if (code !== null && code >= 300 && code < 400)
    return 'The receiver redirects, which is not followed: set the final URL at the endpoint.';
  const known = code === null ? undefined : explanations.get(code);
  if (known !== undefined) return known;
  if (code !== null)
    return code >= 500 ? 'The receiver failed while it handled the event.' : 'The receiver refused the event.';
  const text = error ?? '';
  if (/time|answer within/i.test(text)) return 'The receiver did not answer in time. Answer first, then do the work.';
  if (/refused/i.test(text)) return 'Nothing listens at this address and port.';
  if (/reset|closed|socket/i.test(text)) return 'The receiver closed the connection before it answered.';
  if (/certificate|tls|ssl/i.test(text))
    return 'The connection could not be secured: the certificate is invalid, expired, or of another host.';
  if (/resolve|dns|ENOTFOUND/i.test(text)) return 'The name of the host does not exist in DNS.';
  if (/private|not allowed|egress/i.test(text)) return 'The address is private. Operators open exceptions by CIDR.';
  return 'The receiver could not be reached.';
}

/** What the last attempt ended with, in a few words. */
export const outcomeOf = ({
  last_status_code: code,
  last_error: error,
}: Pick<Delivery, 'last_status_code' | 'last_error'>): string => (code !== null ? String(code) : (error ?? ''));

/** `5 s, 30 s, 5 min`. */
export const scheduleText = (seconds: readonly number[]): string =>
  seconds.map((each) => duration(each * 1_000)).join(', ');

export const dialects = [
  { value: 'standard', label: 'standard – Standard Webhooks' },
  { value: 'defrost', label: 'defrost' },
  { value: 'foxreach', label: 'foxreach' },
  { value: 'mailpanda', label: 'mailpanda' },
  { value: 'warmysender', label: 'warmysender' },
  { value: 'driftwood', label: 'driftwood' },
] as const;

export const statuses = [
  { value: 'pending', label: 'Pending' },
  { value: 'held', label: 'Held' },
  { value: 'delivered', label: 'Delivered' },
  { value: 'failed', label: 'Failed' },
] as const;
