/** What becomes of mail's records when a workspace is deleted. */
import type { DeletedWorkspace, WorkspaceStage } from '../auth/index.ts';
import type { MailboxId } from '../base/ids.ts';
import type { Queryable, Transaction } from '../db/pool.ts';
import { plainArray, sql } from '../db/sql.ts';
import type { Campaigns } from './campaigns/index.ts';
import { removeDiscoveriesOf } from './discovery/index.ts';
import type { Mailboxes } from './mailboxes/index.ts';
import type { Sending } from './sending/index.ts';

interface Parts {
  readonly mailboxes: Pick<Mailboxes, 'removeOfWorkspace'>;
  readonly campaigns: Pick<Campaigns, 'archiveOfWorkspace'>;
  readonly sending: Pick<Sending, 'failWaiting' | 'giveUpUnknown'>;
}

interface Id {
  readonly id: string;
}

const idsOf = (rows: readonly Id[]): string[] => rows.map(({ id }) => id);

/** The profile, templates, tracking domains, DKIM keys, inbound sources and unfinished authorizations: what has no history. */
const removeSettings: WorkspaceStage = async (tx, { workspaceId: workspace }, limit) =>
  (await tx.execute(sql`DELETE FROM workspace_icps WHERE workspace_id = ${workspace}`)) +
  (await tx.execute(sql`
    DELETE FROM templates WHERE id IN (SELECT id FROM templates WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`)) +
  (await tx.execute(sql`
    DELETE FROM tracking_hosts WHERE id IN (SELECT id FROM tracking_hosts WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`)) +
  (await tx.execute(sql`
    DELETE FROM domain_keys WHERE id IN (SELECT id FROM domain_keys WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`)) +
  (await tx.execute(sql`
    DELETE FROM inbound_sources WHERE id IN (SELECT id FROM inbound_sources WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit})`)) +
  (await tx.execute(sql`DELETE FROM oauth_states WHERE workspace_id = ${workspace}`));

/** Messages of the workspace's mailboxes and campaigns that are not in flight. */
const settledMessages = async (on: Queryable, workspace: string, limit: number): Promise<string[]> => [
  ...new Set(
    idsOf(
      await on.query(sql<Id>`
    SELECT m.id FROM mailboxes b CROSS JOIN LATERAL (
      SELECT id FROM messages WHERE mailbox_id = b.id AND status IS DISTINCT FROM 'sending' ORDER BY id LIMIT ${limit}) AS m
    WHERE b.workspace_id = ${workspace} LIMIT ${limit}`),
    ).concat(
      idsOf(
        await on.query(sql<Id>`
    SELECT m.id FROM campaigns c CROSS JOIN LATERAL (
      SELECT id FROM messages WHERE campaign_id = c.id AND status IS DISTINCT FROM 'sending' ORDER BY id LIMIT ${limit}) AS m
    WHERE c.workspace_id = ${workspace} LIMIT ${limit}`),
      ),
    ),
  ),
];

/** Mailboxes of the workspace with messages that wait. */
const waitingMailboxes = (on: Queryable, workspace: string): Promise<{ id: MailboxId }[]> =>
  on.query(sql<{ id: MailboxId }>`
    SELECT b.id FROM mailboxes b WHERE b.workspace_id = ${workspace}
      AND EXISTS (SELECT FROM messages m WHERE m.mailbox_id = b.id AND m.status IN ('claimed', 'deferred')) LIMIT 1`);

/**
 * Deletes messages with their replies, histories, links and hits. Those that wait fail first, with the event. Of those whose outcome is not
 * known, the mailbox cannot be read any more: an event reports that.
 */
const removeMessages =
  ({ sending }: Parts): WorkspaceStage =>
  async (tx, { organizationId, workspaceId: workspace }, limit) => {
    const [waiting] = await waitingMailboxes(tx, workspace);
    if (waiting !== undefined) await sending.failWaiting(tx, waiting.id, 'mailbox_deleted');
    const found = await settledMessages(tx, workspace, limit);
    if (found.length === 0) return 0;
    // In the order in which all lock messages. One that was claimed meanwhile is settled first.
    const settled = idsOf(
      await tx.query(sql<Id>`
        SELECT id FROM messages WHERE id = ANY(${plainArray(found)}::uuid[]) AND status IS DISTINCT FROM 'sending' ORDER BY id FOR UPDATE`),
    );
    await sending.giveUpUnknown(tx, organizationId, settled);
    const ids = plainArray(settled);
    await tx.execute(sql`DELETE FROM tracking_hits WHERE message_id = ANY(${ids}::uuid[])`);
    return tx.execute(sql`DELETE FROM messages WHERE id = ANY(${ids}::uuid[])`);
  };

const removeLeads: WorkspaceStage = async (tx, { workspaceId: workspace }, limit) => {
  const found = idsOf(
    await tx.query(sql<Id>`
      SELECT l.id FROM campaigns c CROSS JOIN LATERAL (SELECT id FROM campaign_leads WHERE campaign_id = c.id LIMIT ${limit}) AS l
      WHERE c.workspace_id = ${workspace} LIMIT ${limit}`),
  );
  if (found.length === 0) return 0;
  await tx.query(
    sql<Id>`SELECT id FROM campaign_leads WHERE id = ANY(${plainArray(found)}::uuid[]) ORDER BY id FOR UPDATE`,
  );
  return tx.execute(sql`DELETE FROM campaign_leads WHERE id = ANY(${plainArray(found)}::uuid[])`);
};

/** After their leads. With their steps, figures and additions. */
const removeCampaigns: WorkspaceStage = async (tx, { workspaceId: workspace }, limit) => {
  const found = idsOf(
    await tx.query(
      sql<Id>`SELECT id FROM campaigns WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit} FOR UPDATE`,
    ),
  );
  return found.length === 0 ? 0 : tx.execute(sql`DELETE FROM campaigns WHERE id = ANY(${plainArray(found)}::uuid[])`);
};

/** Meetings, captured messages, and the counts of replies. */
const removeRest: WorkspaceStage = async (tx, { organizationId: organization, workspaceId: workspace }, limit) =>
  (await tx.execute(sql`
    DELETE FROM meetings WHERE id IN (SELECT id FROM meetings WHERE workspace_id = ${workspace} ORDER BY id LIMIT ${limit} FOR UPDATE)`)) +
  (await tx.execute(sql`
    DELETE FROM captured_messages WHERE id IN (
      SELECT c.id FROM mailboxes b CROSS JOIN LATERAL (SELECT id FROM captured_messages WHERE mailbox_id = b.id ORDER BY id LIMIT ${limit}) AS c
      WHERE b.workspace_id = ${workspace} LIMIT ${limit})`)) +
  (await tx.execute(
    sql`DELETE FROM reply_counts WHERE organization_id = ${organization} AND workspace_id = ${workspace}`,
  ));

const erased = '[deleted]';

/** Rows of mailboxes stay without what tells whose they were, because deleted records refer to them. */
const emptyMailboxes: WorkspaceStage = async (tx, { workspaceId: workspace }, limit) => {
  const found = idsOf(
    await tx.query(sql<Id>`
      SELECT id FROM mailboxes WHERE workspace_id = ${workspace} AND deleted_at IS NOT NULL AND email <> ${erased} ORDER BY id LIMIT ${limit} FOR UPDATE`),
  );
  if (found.length === 0) return 0;
  const ids = plainArray(found);
  await tx.execute(sql`DELETE FROM self_tests WHERE mailbox_id = ANY(${ids}::uuid[])`);
  await tx.execute(sql`DELETE FROM exchange_members WHERE mailbox_id = ANY(${ids}::uuid[])`);
  await tx.execute(sql`DELETE FROM exchange_actions WHERE mailbox_id = ANY(${ids}::uuid[])`);
  await tx.execute(sql`DELETE FROM mailbox_days WHERE mailbox_id = ANY(${ids}::uuid[])`);
  await tx.execute(sql`DELETE FROM mailbox_history WHERE mailbox_id = ANY(${ids}::uuid[])`);
  return tx.execute(sql`
    UPDATE mailboxes SET email = ${erased}, email_key = ${erased}, domain = ${erased}, display_name = NULL, smtp = NULL, imap = NULL, signature = NULL, reply_to = NULL, tracking_domain = NULL
    WHERE id = ANY(${ids}::uuid[])`);
};

/** Whether messages are in flight: their outcomes are awaited. */
const isInFlight = async (on: Queryable, workspace: string): Promise<boolean> =>
  (
    await on.query(sql<{ found: boolean }>`
      SELECT EXISTS (SELECT FROM mailboxes b JOIN messages m ON m.mailbox_id = b.id AND m.status = 'sending' WHERE b.workspace_id = ${workspace})
        OR EXISTS (SELECT FROM campaigns c JOIN messages m ON m.campaign_id = c.id AND m.status = 'sending' WHERE c.workspace_id = ${workspace}) AS found`)
  )[0]?.found === true;

/** How many records of each kind the workspace has, each counted up to `max`. */
async function contents(
  on: Queryable,
  { organizationId: organization, workspaceId: workspace }: DeletedWorkspace,
  max: number,
): Promise<Readonly<Record<'mailboxes' | 'campaigns' | 'leads' | 'messages', number>>> {
  const [row] = await on.query(sql<Record<'mailboxes' | 'campaigns' | 'leads' | 'messages', number>>`
    SELECT (SELECT count(*) FROM mailboxes WHERE organization_id = ${organization} AND workspace_id = ${workspace} AND deleted_at IS NULL) AS mailboxes,
      (SELECT count(*) FROM campaigns WHERE organization_id = ${organization} AND workspace_id = ${workspace}) AS campaigns,
      (SELECT count(*) FROM (SELECT FROM campaigns c JOIN campaign_leads l ON l.campaign_id = c.id WHERE c.organization_id = ${organization} AND c.workspace_id = ${workspace} LIMIT ${max}) AS l) AS leads,
      (SELECT count(*) FROM (SELECT FROM mailboxes b JOIN messages m ON m.mailbox_id = b.id WHERE b.organization_id = ${organization} AND b.workspace_id = ${workspace} LIMIT ${max}) AS m) AS messages`);
  return row ?? { mailboxes: 0, campaigns: 0, leads: 0, messages: 0 };
}

/** What becomes of mail's records when a workspace is deleted. */
export const createWorkspaceRecords = (parts: Parts) => ({
  /**
   * Ends what the workspace sends and receives: deletes its mailboxes, and archives its campaigns. From the commit on, nothing more begins
   * to be sent. Locks are taken in the order of the sending loops.
   */
  async stop(tx: Transaction, workspace: DeletedWorkspace): Promise<void> {
    await parts.mailboxes.removeOfWorkspace(tx, workspace);
    await parts.campaigns.archiveOfWorkspace(tx, workspace);
  },
  contents,
  /** In this order: what refers to something is deleted before it. */
  stages: [
    removeDiscoveriesOf,
    removeSettings,
    removeMessages(parts),
    removeLeads,
    removeCampaigns,
    removeRest,
    emptyMailboxes,
  ] satisfies readonly WorkspaceStage[],
  /** Whether something must end by itself before the deletion is finished. */
  isUnfinished: (on: Queryable, { workspaceId }: DeletedWorkspace): Promise<boolean> => isInFlight(on, workspaceId),
});

export type WorkspaceRecords = ReturnType<typeof createWorkspaceRecords>;
