import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';

/** What a calendar reports of a meeting. Bookings are posted to the same door as events about messages; `meetings` stores them. */
export interface Booking {
  /** `booked` also for a meeting that is moved: it has the same id, or replaces another. */
  readonly fact: 'booked' | 'cancelled';
  /** Ids of the meeting, the calendar's own first. Each names it in later reports. */
  readonly ids: readonly [string, ...string[]];
  /** The id of the meeting that this one replaces. */
  readonly replaces: string | null;
  /** Addresses of the people who meet the organizer, the one who booked first. */
  readonly attendees: readonly string[];
  /** What the booking link says of the lead: `{{lead_token}}` of a template. */
  readonly leadToken: string | null;
  /** Unix milliseconds. */
  readonly startsAtMs: number;
  readonly endsAtMs: number | null;
  /** IANA name. */
  readonly timezone: string | null;
  readonly title: string | null;
  readonly location: string | null;
  /** When the calendar wrote the report: an older one about the same meeting changes nothing. Undefined: now. */
  readonly reportedAtMs: number | undefined;
}

/** iCalendar's id of a meeting, as the id of a booking: a calendar program and an invitation by mail name the same meeting. */
export const uidOf = (uid: string): string => `uid:${uid}`;

/** Bookings of one post. */
export interface BookingPost {
  readonly organizationId: OrganizationId;
  /** Of the source: the meeting is with a lead of this workspace only. */
  readonly workspaceId?: WorkspaceId | undefined;
  /** Its name in the registry. */
  readonly provider: string;
  /** Null if it was posted with an API key. */
  readonly sourceId: string | null;
}

/** Stores what a calendar reports. */
export type OnBookings = (post: BookingPost, bookings: readonly Booking[]) => Promise<unknown>;
