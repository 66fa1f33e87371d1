import type { Slice } from '../../db/in-order.ts';
import { notFound } from '../../base/errors.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Reach } from '../mailboxes/index.ts';
import { openMeeting } from './details.ts';
import type { Details } from './details.ts';
import { listMeetings, meetingById } from './queries.ts';
import type { MeetingFilter, MeetingRow } from './queries.ts';

/** A meeting with what is sealed of it. */
export type Meeting = Omit<MeetingRow, 'details'> & Details;

export type Records = ReturnType<typeof createRecords>;

/** Meetings, for callers of the API. */
export function createRecords({ db, vault }: { readonly db: Database; readonly vault: Vault }) {
  const opened = async ({ details, ...row }: MeetingRow): Promise<Meeting> => ({
    ...row,
    ...(await openMeeting(vault, db, { organization_id: row.organization_id, details })),
  });
  return {
    /** Newest first. */
    async list(reach: Reach, filter: MeetingFilter, slice: Slice): Promise<Meeting[]> {
      return Promise.all((await listMeetings(db, reach, filter, slice)).map(opened));
    },
    /** @throws ApiError `not_found` */
    async get(reach: Reach, id: string): Promise<Meeting> {
      const row = await meetingById(db, reach, id);
      if (row === undefined) throw notFound('Meeting');
      return opened(row);
    },
  };
}
