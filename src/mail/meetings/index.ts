import type { Database, Transaction } from '../../db/pool.ts';
import type { Route } from '../../http/route.ts';
import type { OnBookings } from '../provider-events/index.ts';
import type { ReceivedCalendar } from '../receiving/index.ts';
import { readCalendar } from './calendar.ts';
import { invitationOf } from './invitation.ts';
import { keysOf, report, tokenOf } from './receive.ts';
import type { ReportOptions } from './receive.ts';
import { createRecords } from './records.ts';
import { meetingRoutes } from './routes.ts';

export { meetingsFollower } from './merging.ts';
export { openMeeting } from './details.ts';
export { eraseMeetings, meetingsOfPerson } from './erasure.ts';

export interface MeetingsOptions extends ReportOptions {
  readonly db: Database;
}

export interface Meetings {
  readonly routes: readonly Route[];
  /** Takes what a calendar posts, in a transaction of its own. */
  readonly onBookings: OnBookings;
  /** Takes calendar messages of a batch, in its transaction. */
  onCalendars(tx: Transaction, calendars: readonly ReceivedCalendar[]): Promise<void>;
}

/**
 * Composes the slice.
 * @example
 * const meetings = createMeetings({ ...deps, nowOf: clocks.nowOf, contactIds, leads });
 */
export function createMeetings(options: MeetingsOptions): Meetings {
  const { db } = options;
  return {
    routes: meetingRoutes(createRecords(options)),
    onBookings: ({ organizationId, workspaceId, provider, sourceId }, bookings) =>
      db.transaction(async (tx) => {
        const origin = { organizationId, workspaceId, source: provider, sourceId };
        await options.leads.lockFor(tx, organizationId, {
          leadIds: bookings.flatMap(tokenOf),
          emailKeys: bookings.flatMap(keysOf),
        });
        for (const booking of bookings) await report(options, tx, origin, booking);
      }),
    async onCalendars(tx, calendars) {
      for (const { organizationId, workspaceId, fromKey, calendar, timezone, receivedAt } of calendars) {
        const meeting = fromKey === '' ? undefined : readCalendar(calendar, timezone);
        const booking = meeting && invitationOf(meeting, fromKey, receivedAt.getTime());
        if (booking !== undefined)
          await report(options, tx, { organizationId, workspaceId, source: 'icalendar', sourceId: null }, booking);
      }
    },
  };
}
