/** Of outbound messages. `claimed` and `deferred` wait; `sent` and the statuses after it are final, but for reports. */
export const statuses = [
  'claimed',
  'sending',
  'sent',
  'delivered',
  'deferred',
  'bounced',
  'failed',
  'unknown',
  'not_found',
] as const;
export type Status = (typeof statuses)[number];

/** What happens to a message. */
export type Fact =
  /** Its turn came: checked, reserved, built. */
  | 'begun'
  /** A server has it. */
  | 'accepted'
  /** A server said "later". */
  | 'deferred'
  /** Certainly not sent, for a reason that is not the message's: it waits again. */
  | 'returned'
  /** It will not be sent. */
  | 'failed'
  /** Nobody wants it sent any more: its lead has stopped. */
  | 'cancelled'
  /** It will not be sent again, and an earlier attempt may have been: a person had sent it again. */
  | 'abandoned'
  /** The recipient's address does not exist or does not take it. */
  | 'bounced'
  /** The connection or the process ended when the server may have had it. */
  | 'lost'
  /** It is in the Sent folder, or somebody answered it. */
  | 'found'
  /** The provider files what it sends, and it is not there. */
  | 'missing'
  /** A delivery report: success. */
  | 'reported_delivered'
  /** A delivery report: failure. */
  | 'reported_bounced'
  /** A person wants it sent again. */
  | 'resent';

/** Facts that prove that a server had the message, and the status they give. */
const evidence = { found: 'sent', reported_delivered: 'delivered', reported_bounced: 'bounced' } as const;

/** The status after a fact; a fact without an entry changes nothing. */
export const transitions: Readonly<Record<Status, Readonly<Partial<Record<Fact, Status>>>>> = {
  // Evidence of an earlier attempt stops the next one.
  claimed: {
    begun: 'sending',
    failed: 'failed',
    abandoned: 'unknown',
    cancelled: 'failed',
    accepted: 'sent',
    bounced: 'bounced',
    ...evidence,
  },
  deferred: { begun: 'sending', failed: 'failed', abandoned: 'unknown', cancelled: 'failed', ...evidence },
  sending: {
    accepted: 'sent',
    deferred: 'deferred',
    returned: 'claimed',
    failed: 'failed',
    bounced: 'bounced',
    lost: 'unknown',
    // A report may be faster than the transaction that stores the outcome, which then changes nothing.
    reported_delivered: 'delivered',
    reported_bounced: 'bounced',
  },
  // The outcome of a process that was taken for dead is still the truth about its attempt.
  unknown: {
    accepted: 'sent',
    deferred: 'deferred',
    returned: 'claimed',
    failed: 'failed',
    bounced: 'bounced',
    missing: 'not_found',
    resent: 'claimed',
    ...evidence,
  },
  not_found: { resent: 'claimed', accepted: 'sent', bounced: 'bounced', ...evidence },
  sent: { reported_delivered: 'delivered', reported_bounced: 'bounced' },
  delivered: { reported_bounced: 'bounced' },
  bounced: {},
  failed: {},
};

/** The statuses in which a fact changes a message. */
export const statusesBefore = (fact: Fact): Status[] =>
  statuses.filter((status) => transitions[status][fact] !== undefined);

/** Statuses of messages that wait to be sent. */
export const waiting: readonly Status[] = statusesBefore('begun');
