import type { MailboxId, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Queryable } from '../../db/pool.ts';
import { columns, plainArray, sql } from '../../db/sql.ts';
import type { Purpose } from './plan.ts';
import type { Status } from './state.ts';

/** What reports and replies are matched by. */
export interface KnownMessage {
  readonly id: string;
  readonly message_id: string;
  readonly delivered_message_id: string | null;
  readonly workspace_id: WorkspaceId | null;
  readonly mailbox_id: MailboxId;
  readonly status: Status;
  readonly purpose: Purpose;
  readonly campaign_id: string | null;
  readonly lead_id: string | null;
  readonly contact_id: string | null;
  readonly step_id: string | null;
  readonly variant: string | null;
  readonly sent_at: Date | null;
  readonly step: number | null;
  readonly from_address: string;
  readonly to_address: string;
  readonly party_key: string;
}

/** The columns of a `KnownMessage`, of `messages` as `m`. */
export const knownColumns = columns(
  [
    'id',
    'message_id',
    'delivered_message_id',
    'workspace_id',
    'mailbox_id',
    'status',
    'purpose',
    'campaign_id',
    'lead_id',
    'contact_id',
    'step_id',
    'variant',
    'sent_at',
    'step',
    'from_address',
    'to_address',
    'party_key',
  ] as const satisfies readonly (keyof KnownMessage)[],
  'm',
);

/** Sent messages by the Message-IDs that we or a server gave them, with angle brackets. */
export const messagesByMessageId = (
  on: Queryable,
  organization: OrganizationId,
  messageIds: readonly string[],
): Promise<KnownMessage[]> =>
  on.query(sql<KnownMessage>`
    SELECT ${knownColumns}
    FROM messages m WHERE m.direction = 'outbound' AND m.id IN (
      SELECT id FROM messages WHERE organization_id = ${organization} AND message_id = ANY(${[...messageIds]}::text[]) AND direction = 'outbound'
      UNION ALL
      SELECT id FROM messages WHERE organization_id = ${organization} AND delivered_message_id = ANY(${[...messageIds]}::text[]))`);

/** Sent messages by id. */
export const knownMessages = (
  on: Queryable,
  organization: OrganizationId,
  ids: readonly string[],
): Promise<KnownMessage[]> =>
  on.query(sql<KnownMessage>`
    SELECT ${knownColumns}
    FROM messages m WHERE m.organization_id = ${organization} AND m.id = ANY(${plainArray(ids)}::uuid[]) AND m.direction = 'outbound'`);
