/** Reasons in the words of Sisimai (https://libsisimai.org/en/reason/), so that figures can be compared. */
export type Reason =
  | 'authfailure'
  | 'badreputation'
  | 'blocked'
  | 'contenterror'
  | 'delivered'
  | 'exceedlimit'
  | 'expired'
  | 'failedstarttls'
  | 'feedback'
  | 'filtered'
  | 'hasmoved'
  | 'hostunknown'
  | 'mailboxfull'
  | 'mailererror'
  | 'mesgtoobig'
  | 'networkerror'
  | 'norelaying'
  | 'notaccept'
  | 'notcompliantrfc'
  | 'onhold'
  | 'policyviolation'
  | 'rejected'
  | 'requireptr'
  | 'securityerror'
  | 'spamdetected'
  | 'speeding'
  | 'suppressed'
  | 'suspend'
  | 'syntaxerror'
  | 'systemerror'
  | 'systemfull'
  | 'toomanyconn'
  | 'undefined'
  | 'userunknown'
  | 'vacation'
  | 'virusdetected';

/**
 * What a report means for mail to an address. `hard`: the address or its domain is gone. `soft`: not now, or not known. `block`: this
 * server, sender or content was refused. `auth`: SPF, DKIM or DMARC failed. `policy`: a rule of the recipient's. `limit`: too much was sent.
 * `delayed`: still being tried. `null`: nothing was said.
 */
export type Verdict = 'hard' | 'soft' | 'block' | 'auth' | 'policy' | 'limit' | 'delayed' | 'delivered' | null;

/** The SMTP command that was refused. */
export type Command = 'CONN' | 'EHLO' | 'STARTTLS' | 'AUTH' | 'MAIL' | 'RCPT' | 'DATA';

/** What a report says of one recipient, before it is judged. */
export interface Failure {
  readonly address: string;
  /** Other addresses that the report has for the recipient, such as the one that an alias was expanded to. */
  readonly others: readonly string[];
  /** `failed`, `delayed`, `delivered`, `relayed` or `expanded`; undefined if the report does not say. */
  readonly action: string | undefined;
  /** Enhanced status code (RFC 3463), as the reporting server gives it. */
  readonly status: string | undefined;
  /** The answer of the remote server, or the explanation; on one line. */
  readonly text: string;
  /** Type of the diagnostic code in lower case: `smtp`, `x-unix`, `x-postfix`. */
  readonly type: string;
  readonly command: Command | undefined;
  /** Host that refused the message. */
  readonly host: string | undefined;
  /** The message ends in the middle of it. */
  readonly isCut: boolean;
  /** A format that knows better than the text. */
  readonly reason?: Reason;
}

/** A recipient of a report. */
export interface ReportedRecipient {
  readonly address: string;
  readonly others: readonly string[];
  readonly verdict: Verdict;
  readonly reason: Reason;
  readonly action: 'failed' | 'delayed' | 'delivered' | '';
  /** Enhanced status code; empty if neither the report nor the answer has one. */
  readonly status: string;
  /** What the server said, at most 1,000 characters. */
  readonly diagnostic: string;
}

export type ReportKind = 'bounce' | 'complaint' | 'auto_reply' | 'reply' | 'not_a_bounce';

/** What a message is, and what it says of the recipients of an earlier one. */
export interface Report {
  readonly kind: ReportKind;
  /** Why it is of that kind: stable words. */
  readonly because: string;
  readonly recipients: readonly ReportedRecipient[];
  /** Of the message that the report is about. */
  readonly originalMessageId: string | undefined;
  /** Of a feedback report (RFC 5965 §7.3), in lower case. */
  readonly feedbackType: string | undefined;
}
