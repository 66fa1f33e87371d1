import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { MatchedBy } from '../receiving/index.ts';
import type { Referral, ReplyClass } from '../replies/index.ts';

/** Who decided what a reply means. */
export const classSources = ['rules', 'model', 'assistant', 'person'] as const;
export type ClassSource = (typeof classSources)[number];

/** A reply as it is stored: its row of `replies`. What it says is sealed. */
export interface StoredReply {
  /** Also that of the received message. */
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly workspace_id: WorkspaceId | null;
  readonly mailbox_id: MailboxId;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string | null;
  /** The message that it answers. */
  readonly answered_id: string;
  /** The lead; without one, the first message of the thread. */
  readonly thread_id: string;
  /** The sender, as addresses are compared. */
  readonly from_key: string;
  readonly classification: ReplyClass;
  /** 0 to 1; of `unknown`, that of the class that was not certain enough. */
  readonly confidence: number;
  readonly source: ClassSource;
  readonly match_by: MatchedBy;
  readonly match_confidence: number;
  /** `YYYY-MM-DD` */
  readonly return_date: string | null;
  /** Sealed `Details`; empty after an erasure. */
  readonly details: Buffer;
  readonly is_read: boolean;
  readonly is_starred: boolean;
  readonly received_at: Date;
  readonly updated_at: Date;
}

/** What was read of a reply: sealed, because it quotes the reply or names a person. */
export interface Details {
  /** What the person wrote. */
  readonly text: string;
  readonly reasons: readonly string[];
  readonly referral: Referral | null;
  /** `YYYY-MM-DD`: the date of an absence, kept while a correction says that it is none. */
  readonly returnDate?: string | null;
}

/** A decision about what a reply means. */
export interface Classification {
  readonly classification: ReplyClass;
  readonly confidence: number;
  readonly source: ClassSource;
  readonly reasons: readonly string[];
  readonly returnDate: string | null;
  readonly referral: Referral | null;
}

/** Classes by which a reply counts as positive: the ones that FoxReach shows as interested. */
export const positiveClasses = ['interested', 'meeting_request', 'question'] as const satisfies readonly ReplyClass[];

export const isPositive = (classification: ReplyClass): boolean =>
  (positiveClasses as readonly ReplyClass[]).includes(classification);

/** The context under which details are sealed. */
export const detailsContext = 'reply details';
