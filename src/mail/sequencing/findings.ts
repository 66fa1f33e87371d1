import type { Campaign, Step } from '../campaigns/index.ts';
import type { Checks } from '../domains/index.ts';
import type { Group } from '../leads/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import type { Text } from './texts.ts';

/** What is wrong with a campaign, or should be looked at. */
export interface Finding {
  readonly code: string;
  /** The field that it is about, such as `sequence.1.body`. */
  readonly field: string;
  readonly message: string;
  /** Leads that it concerns; null: it is about the campaign. */
  readonly count: number | null;
  /** The first twenty of them. */
  readonly lead_ids: readonly string[];
}

export interface Validation {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
  /** How many leads were looked at, of how many. */
  readonly leads: { readonly checked: number; readonly total: number };
}

/** A text that could not be composed for leads, or for no lead at all. */
export interface Failure {
  readonly field: string;
  readonly code: 'missing_variable' | 'unknown_variable' | 'template_error';
  readonly message: string;
  /** Null: it fails for every lead there can be. */
  readonly leads: Group | null;
}

export type ValidatedMailbox = Pick<
  MailboxState,
  | 'id'
  | 'status'
  | 'email'
  | 'domain'
  | 'provider'
  | 'sandbox'
  | 'daily_limit'
  | 'signature'
  | 'connected_at'
  | 'created_at'
>;

/** What a validation reads. */
export interface ValidationInput {
  readonly campaign: Campaign;
  readonly steps: readonly Step[];
  readonly texts: readonly Text[];
  /** Without those that were disconnected. */
  readonly mailboxes: readonly ValidatedMailbox[];
  /** Addresses of mailboxes without a host over which opens and clicks could be tracked. */
  readonly untracked: readonly string[];
  /** Where the tracked links of the campaign lead to: origins. */
  readonly hosts: readonly string[];
  /** All leads of the campaign. */
  readonly leads: number;
  /** Leads are still added in the background. */
  readonly isAdding: boolean;
  readonly failures: readonly Failure[];
  /** Of the leads that were looked at: see `traitsOf` of leads. */
  readonly traits: ReadonlyMap<string, Group>;
  /** Leads that were left out because their addresses are suppressed. */
  readonly suppressed: Group;
  /** What is known of the DNS of sending domains. */
  readonly domains: ReadonlyMap<string, Checks>;
  /** The first message, as a lead would get it, without tracking. */
  readonly first: { readonly text: string; readonly html: string | null } | undefined;
  /** Mailboxes whose recipients can opt out only by mail. */
  readonly withoutOptOutUrl: readonly string[];
  readonly nowMs: number;
}

export const ofCampaign = (code: string, field: string, message: string): Finding => ({
  code,
  field,
  message,
  count: null,
  lead_ids: [],
});
