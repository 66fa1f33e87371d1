import type { Checks } from '../domains/index.ts';
import type { Part, PartName } from './health.ts';

export interface AdviceInput {
  readonly score: number | null;
  readonly weakest: PartName | null;
  readonly parts: readonly Part[];
  readonly checks: Checks | undefined;
  /** Why the mailbox is not connected. */
  readonly statusReason: string | null;
}

/** The one action that helps a mailbox most, as a sentence; null if nothing is wrong. */
export function adviceOf({ score, weakest, parts, checks, statusReason }: AdviceInput): string | null {
  const part = parts.find(({ name }) => name === weakest);
  if (part === undefined)
    return score === null
      ? 'Keep sending: a score needs 20 messages whose folder is known, or 50 sent ones and a checked domain.'
      : null;
  switch (part.name) {
    case 'placement':
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
