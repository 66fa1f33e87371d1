import { z } from 'zod';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Booking } from '../provider-events/index.ts';
import type { MeetingRow } from './queries.ts';

const text = z.string().nullable();
const shape = z.object({ email: text, external_id: text, title: text, location: text, timezone: text });

/** What is sealed of a meeting. */
export type Details = z.output<typeof shape>;

export const detailsContext = 'meeting';
export const noDetails: Details = { email: null, external_id: null, title: null, location: null, timezone: null };

/** What is known of a meeting after a report: a calendar that says less takes nothing away. */
export const detailsAfter = (
  before: Details,
  { attendees, ids: [id], title, location, timezone }: Booking,
  leadEmail: string | undefined,
): Details => ({
  email: before.email ?? attendees[0] ?? leadEmail ?? null,
  external_id: id.replace(/^uid:/, ''),
  title: title ?? before.title,
  location: location ?? before.location,
  timezone: timezone ?? before.timezone,
});

/** Opens the details of a meeting; all null once its person is erased. */
export async function openMeeting(
  vault: Pick<Vault, 'open'>,
  on: Queryable,
  { organization_id: organization, details }: Pick<MeetingRow, 'organization_id' | 'details'>,
): Promise<Details> {
  if (details.length === 0) return noDetails;
  return shape.parse(JSON.parse((await vault.open(on, organization, details, detailsContext)).toString()));
}
