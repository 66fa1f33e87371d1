import type { SegmentField } from '../../crm/segments/index.ts';
import { columnPart, part } from '../../db/sql.ts';

/** When a contact was last sent a message, for filters of segments. */
export const lastContactedField: SegmentField = {
  kind: 'moment',
  read: (of) =>
    part`(SELECT max(m.sent_at) FROM messages m WHERE m.contact_id = ${columnPart(of, 'id')} AND m.direction = 'outbound')`,
  cost: 5,
};
