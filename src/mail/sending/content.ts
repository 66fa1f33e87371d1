import type { OrganizationId } from '../../base/ids.ts';
import { erased } from '../../db/erasure.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { EmitAll } from '../../events/index.ts';
import type { MessageRow } from './claim-queries.ts';

/** What a message says, as it is stored under seal. */
export interface StoredContent {
  readonly subject: string;
  readonly text: string;
  readonly html: string | null;
  /** Beside those that are built from the row. */
  readonly headers: Readonly<Record<string, string>>;
  /** Message-IDs of the thread, the oldest first. */
  readonly references?: readonly string[];
}

/** The context under which contents are sealed, and the one of raw bytes. */
export const contentContext = 'message content';
export const rawContext = 'message raw';

export const sealContent = (
  vault: Vault,
  on: Queryable,
  organization: OrganizationId,
  content: StoredContent,
): Promise<Buffer> => vault.seal(on, organization, JSON.stringify(content), contentContext);

/** Opens a content; an erased one is named as that. */
export const openContent = async (
  vault: Vault,
  on: Queryable,
  { organization_id: organization, content }: Pick<MessageRow, 'organization_id' | 'content'>,
): Promise<StoredContent> =>
  content.length === 0
    ? { subject: erased, text: erased, html: null, headers: {} }
    : (JSON.parse((await vault.open(on, organization, content, contentContext)).toString()) as StoredContent);

type NewEvent = Parameters<EmitAll>[1][number];
type EmailEvent = Extract<NewEvent['type'], `email.${string}`>;

/** What events need of a message. */
export type EventSubject = Pick<
  MessageRow,
  | 'id'
  | 'organization_id'
  | 'workspace_id'
  | 'mailbox_id'
  | 'campaign_id'
  | 'lead_id'
  | 'contact_id'
  | 'step'
  | 'message_id'
  | 'from_address'
  | 'to_address'
>;

/** Warm-up messages are no messages of people: nothing is emitted about them. */
export const isSilent = ({ purpose }: Pick<MessageRow, 'purpose'>): boolean => purpose === 'warmup';

/** An event of an email, with the fields of the catalogue. */
export const emailEvent = (
  type: EmailEvent,
  message: EventSubject,
  subject: string | null,
  atMs: number,
  more: Readonly<Record<string, string | boolean | readonly string[] | null>> = {},
): NewEvent => ({
  organizationId: message.organization_id,
  workspaceId: message.workspace_id ?? undefined,
  type,
  data: {
    email_id: message.id,
    message_id: message.message_id,
    campaign_id: message.campaign_id,
    lead_id: message.lead_id,
    contact_id: message.contact_id,
    mailbox_id: message.mailbox_id,
    recipient: message.to_address,
    from: message.from_address,
    subject,
    step: message.step,
    occurred_at: new Date(atMs).toISOString(),
    ...more,
  },
  occurredAtMs: atMs,
});
