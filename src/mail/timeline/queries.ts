import type { Reach } from '../../crm/records/index.ts';
import type { Queryable } from '../../db/pool.ts';
import { assembled, columnPart, part, plainArray } from '../../db/sql.ts';
import type { Part } from '../../db/sql.ts';
import type { LogRange } from '../../http/listing.ts';

export const entryTypes = [
  'contact_created',
  'activity',
  'message',
  'meeting',
  'lead',
  'suppression',
  'suppression_lifted',
  'topic_left',
  'merged',
  'unmerged',
] as const;

/** Something that happened with a contact. */
export interface Entry {
  readonly id: string;
  readonly type: (typeof entryTypes)[number];
  readonly at: Date;
  readonly data: Readonly<Record<string, unknown>>;
  /** Of a message, sealed. */
  readonly content: Buffer | null;
}

/** Changes of leads that their messages show, too, or that only plan. */
const quietKinds = ['planned', 'begun', 'accepted', 'returned', 'verified'] as const;

export interface TimelineSubject {
  readonly id: string;
  readonly workspace_id: string | null;
  /** Its addresses, as addresses are compared. */
  readonly keys: readonly string[];
}

/**
 * The first entries of a range. Each branch reads at most `limit` rows of its index; that of leads reads as many for each campaign
 * of the contact.
 */
export function entriesOf(
  on: Queryable,
  { organizationId: organization, workspaceId: reached }: Reach,
  { id, workspace_id: workspace, keys }: TimelineSubject,
  { from, before, sort }: LogRange,
  limit: number,
): Promise<Entry[]> {
  const direction = sort === 'created_at' ? part`ASC` : part`DESC`;
  const within = (of: string): Part =>
    part`${columnPart(of, 'id')} >= ${from}::uuid AND ${columnPart(of, 'id')} < ${before}::uuid`;
  return on.query(
    assembled<Entry>(part`
    SELECT t.id, t.type, t.at, t.data, t.content FROM (
      (SELECT c.id, 'contact_created' AS type, c.created_at AS at, jsonb_build_object('created_by', c.created_by) AS data, NULL::bytea AS content
        FROM contacts c WHERE c.id = ${id} AND c.organization_id = ${organization} AND ${within('c')})
      UNION ALL
      (SELECT a.id, 'activity', a.occurred_at, jsonb_build_object('activity_type', a.activity_type, 'metadata', a.metadata, 'project_id', a.project_id, 'created_by', a.created_by), NULL
        FROM activities a WHERE a.contact_id = ${id} AND a.organization_id = ${organization} AND ${within('a')} ORDER BY a.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT m.id, 'message', coalesce(m.sent_at, m.created_at),
          jsonb_build_object('direction', m.direction, 'status', m.status, 'mailbox_id', m.mailbox_id, 'campaign_id', m.campaign_id, 'lead_id', m.lead_id, 'step', m.step,
            'opened_at', m.opened_at, 'clicked_at', m.clicked_at, 'classification', r.classification), m.content
        FROM messages m LEFT JOIN replies r ON r.id = m.id
        WHERE m.contact_id = ${id} AND m.organization_id = ${organization} AND (${reached ?? null}::uuid IS NULL OR m.workspace_id = ${reached ?? null}) AND ${within('m')}
        ORDER BY m.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT g.id, 'meeting', g.created_at, jsonb_build_object('status', g.status, 'starts_at', g.starts_at, 'ends_at', g.ends_at, 'campaign_id', g.campaign_id, 'lead_id', g.lead_id), NULL
        FROM meetings g
        WHERE g.contact_id = ${id} AND g.organization_id = ${organization} AND (${reached ?? null}::uuid IS NULL OR g.workspace_id = ${reached ?? null}) AND ${within('g')}
        ORDER BY g.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT l.id, 'lead', l.created_at, jsonb_build_object('kind', 'added', 'from', NULL, 'to', 'queued', 'lead_id', l.id, 'campaign_id', l.campaign_id, 'message_id', NULL), NULL
        FROM lead_keys k JOIN campaign_leads l ON l.id = k.lead_id
        WHERE k.contact_id = ${id} AND k.organization_id = ${organization} AND (${reached ?? null}::uuid IS NULL OR l.workspace_id = ${reached ?? null}) AND ${within('l')}
        ORDER BY l.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT h.id, 'lead', h.at, jsonb_build_object('kind', h.kind, 'from', h.from_status, 'to', h.to_status, 'lead_id', l.id, 'campaign_id', l.campaign_id, 'message_id', h.detail -> 'message_id'), NULL
        FROM lead_keys k JOIN campaign_leads l ON l.id = k.lead_id CROSS JOIN LATERAL (
          SELECT s.id, s.at, s.kind, s.from_status, s.to_status, s.detail FROM lead_history s
          WHERE s.lead_id = k.lead_id AND ${within('s')} AND s.kind <> ALL(${plainArray(quietKinds)}::text[]) ORDER BY s.id ${direction} LIMIT ${limit}) AS h
        WHERE k.contact_id = ${id} AND k.organization_id = ${organization} AND (${reached ?? null}::uuid IS NULL OR l.workspace_id = ${reached ?? null})
        ORDER BY h.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT s.id, 'suppression', s.created_at, jsonb_build_object('email', s.value, 'reason', s.reason, 'workspace_id', s.workspace_id, 'message_id', s.message_id), NULL
        FROM suppressions s
        WHERE s.organization_id = ${organization} AND s.kind = 'email' AND s.value = ANY(${[...keys]}::text[]) AND ${within('s')}
          AND (s.workspace_id = ${workspace}::uuid OR (s.workspace_id IS NULL AND ${reached ?? null}::uuid IS NULL))
        ORDER BY s.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT s.id, s.type, s.at, s.data, NULL FROM (
        SELECT s.suppression_id AS id, 'suppression' AS type, s.created_at AS at, s.value, s.workspace_id,
          jsonb_build_object('email', s.value, 'reason', s.reason, 'workspace_id', s.workspace_id, 'message_id', s.message_id) AS data
        FROM lifted_suppressions s WHERE s.organization_id = ${organization} AND s.value = ANY(${[...keys]}::text[])
        UNION ALL
        SELECT s.id, 'suppression_lifted', s.lifted_at, s.value, s.workspace_id,
          jsonb_build_object('email', s.value, 'reason', s.reason, 'workspace_id', s.workspace_id, 'suppressed_at', s.created_at)
        FROM lifted_suppressions s WHERE s.organization_id = ${organization} AND s.value = ANY(${[...keys]}::text[])) AS s
        WHERE ${within('s')} AND (s.workspace_id = ${workspace}::uuid OR (s.workspace_id IS NULL AND ${reached ?? null}::uuid IS NULL))
        ORDER BY s.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT g.id, 'merged', g.created_at, jsonb_build_object('merge_id', g.id, 'from_id', g.from_id), NULL
        FROM merges g WHERE g.into_id = ${id} AND g.organization_id = ${organization} AND ${within('g')} ORDER BY g.id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT g.undo_id, 'unmerged', g.undone_at, jsonb_build_object('merge_id', g.id, 'from_id', g.from_id), NULL
        FROM merges g WHERE g.into_id = ${id} AND g.organization_id = ${organization} AND g.undo_id >= ${from}::uuid AND g.undo_id < ${before}::uuid
        ORDER BY g.undo_id ${direction} LIMIT ${limit})
      UNION ALL
      (SELECT o.id, 'topic_left', o.created_at, jsonb_build_object('email', o.value, 'reason', o.reason, 'topic_id', o.topic_id, 'topic_name', p.name, 'message_id', o.message_id), NULL
        FROM topic_opt_outs o JOIN topics p ON p.id = o.topic_id
        WHERE o.organization_id = ${organization} AND o.value = ANY(${[...keys]}::text[]) AND ${within('o')}
          AND (o.workspace_id = ${workspace}::uuid OR (o.workspace_id IS NULL AND ${reached ?? null}::uuid IS NULL))
        ORDER BY o.id ${direction} LIMIT ${limit})
    ) AS t ORDER BY t.id ${direction} LIMIT ${limit}`),
  );
}
