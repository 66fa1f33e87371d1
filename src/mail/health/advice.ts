import { hourMs } from '../../base/clock.ts';
import type { Checks } from '../domains/index.ts';
import { causeOf, probation } from './health.ts';
import type { Band, Part, PartName } from './health.ts';

export interface AdviceInput {
  readonly nowMs: number;
  readonly band: Band | null;
  /** When the band began, in Unix milliseconds. */
  readonly sinceMs: number;
  readonly score: number | null;
  readonly weakest: PartName | null;
  readonly parts: readonly Part[];
  readonly checks: Checks | undefined;
  /** Why the mailbox is not connected. */
  readonly statusReason: string | null;
}

/** The one action that helps a mailbox most, after what its band asks for; null if nothing is wrong. */
export function adviceOf(input: AdviceInput): string | null {
  const { score, band, weakest, parts } = input;
  const stop = band === 'quarantine' || band === 'blocked' ? stopOf(band, input) : null;
  const decisive = stop === null || band === null ? weakest : (causeOf(band, parts) ?? weakest);
  const part = parts.find(({ name }) => name === decisive);
  const repair = part === undefined ? null : repairOf(part, stop === null, input);
  if (stop !== null) return repair === null ? stop : `${stop} ${repair}`;
  if (repair !== null || score !== null) return repair;
  return band === 'watch'
    ? `Keep sending: ${judged}`
    : 'Keep sending: a score needs 20 messages whose folder is known, or 50 sent ones and a checked domain.';
}

const judged = `after ${probation.ms / hourMs} hours in this band, ${probation.sent} messages sent in it decide whether it gets better.`;

/** SPEC H6, with what warm-up allows. */
function stopOf(band: 'quarantine' | 'blocked', { sinceMs, nowMs }: AdviceInput): string {
  const untilMs = sinceMs + probation.ms;
  const few = `a few messages a day: ${probation.sent} sent in this band decide whether it gets better.`;
  if (band === 'blocked')
    return `Send nothing until the cause is removed. Then call POST /v1/mailboxes/:id/warmup/resume and send ${few}`;
  return nowMs < untilMs ? `Send nothing until ${new Date(untilMs).toISOString()}, then ${few}` : `Send ${few}`;
}

function repairOf(part: Part, sendsOn: boolean, { checks, statusReason }: AdviceInput): string {
  switch (part.name) {
    case 'placement':
      if (!sendsOn)
        return `Write only to people who expect it: ${percent(1 - (part.rate ?? 1))} of ${part.sample} messages arrived in spam.`;
      return `Send less, and only to people who expect it, until fewer messages arrive in spam: ${percent(1 - (part.rate ?? 1))} of ${part.sample} did.`;
    case 'bounces':
      return `Verify addresses before you write to them: ${percent(part.rate ?? 0)} of ${part.sample} messages bounced.`;
    case 'complaints':
      return `Write only to people who expect it, and make it easy to unsubscribe: ${percent(part.rate ?? 0)} of ${part.sample} messages were reported as spam.`;
    case 'authentication': {
      const [name, check] = failing(checks) ?? [];
      return name === undefined
        ? 'Check the DNS of the domain: GET /v1/mailboxes/:id/dns.'
        : `Repair ${name.toUpperCase()} of the domain: ${check?.fix ?? 'see GET /v1/mailboxes/:id/dns.'}`;
    }
    case 'connection':
      return `Keep the mailbox connected: it was for ${percent(part.rate ?? 0)} of the last 7 days${statusReason === null ? '.' : ` (${statusReason})`}`;
  }
}

const failing = (checks: Checks | undefined) =>
  checks === undefined
    ? undefined
    : (['dkim', 'spf', 'dmarc'] as const)
        .map((name) => [name, checks[name]] as const)
        .find(([, { status }]) => status === 'failing');

/** Two digits: complaints are counted in tenths of a percent. */
const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
