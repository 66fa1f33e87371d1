import { columnPart, part } from '../../db/sql.ts';
import type { SegmentField } from '../segments/index.ts';

/** The topics that a contact left by one of its addresses, for filters of segments. */
export const leftTopicField: SegmentField = {
  kind: 'ids',
  read: (of) =>
    part`ARRAY(SELECT o.topic_id FROM topic_opt_outs o WHERE o.organization_id = ${columnPart(of, 'organization_id')} AND o.value = ANY(ARRAY(SELECT ${columnPart(of, 'email_key')} UNION ALL SELECT a.email_key FROM contact_addresses a WHERE a.contact_id = ${columnPart(of, 'id')})) AND (o.workspace_id IS NULL OR o.workspace_id = ${columnPart(of, 'workspace_id')}))`,
  cost: 5,
};
