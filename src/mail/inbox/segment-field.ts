import type { SegmentField } from '../../crm/segments/index.ts';
import { columnPart, part } from '../../db/sql.ts';

/** When a contact last replied, for filters of segments. */
export const lastReplyField: SegmentField = {
  kind: 'moment',
  read: (of) => part`(SELECT max(r.received_at) FROM replies r WHERE r.contact_id = ${columnPart(of, 'id')})`,
  cost: 4,
};
