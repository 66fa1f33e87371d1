import type { SegmentField } from '../../crm/segments/index.ts';
import { columnPart, part } from '../../db/sql.ts';

/** The campaigns of which a contact is a lead, for filters of segments. */
export const campaignField: SegmentField = {
  kind: 'ids',
  read: (of) => part`ARRAY(SELECT k.campaign_id FROM lead_keys k WHERE k.contact_id = ${columnPart(of, 'id')})`,
  cost: 4,
};
