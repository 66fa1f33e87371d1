import { columnPart, part } from '../../db/sql.ts';
import type { SegmentField } from '../segments/index.ts';

/** The topics that a contact's address left, for filters of segments. */
export const leftTopicField: SegmentField = {
  kind: 'ids',
  read: (of) =>
    part`ARRAY(SELECT o.topic_id FROM topic_opt_outs o WHERE o.organization_id = ${columnPart(of, 'organization_id')} AND o.value = ${columnPart(of, 'email_key')} AND (o.workspace_id IS NULL OR o.workspace_id = ${columnPart(of, 'workspace_id')}))`,
  cost: 4,
};
