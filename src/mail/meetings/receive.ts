import type { Clock } from '../../base/clock.ts';
import { addressKey } from '../../base/email-address.ts';
import { isUuid } from '../../base/ids.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Owner } from '../../crm/records/index.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { EmitAll } from '../../events/index.ts';
import { isOpen, leadsByIds, leadsOfAddresses } from '../leads/index.ts';
import type { Lead, Leads } from '../leads/index.ts';
import type { Booking } from '../provider-events/index.ts';
import { changeOf } from './decide.ts';
import type { Change } from './decide.ts';
import { detailsAfter, detailsContext, noDetails, openMeeting } from './details.ts';
import type { Details } from './details.ts';
import { addKeys, insertMeeting, meetingAt, meetingByKeys, updateMeeting } from './queries.ts';
import type { MeetingRow } from './queries.ts';

/** Where a report comes from. */
export interface Origin {
  readonly organizationId: OrganizationId;
  /** Leads of this workspace only, or of none if it is null; undefined: of all. */
  readonly workspaceId: WorkspaceId | null | undefined;
  /** `icalendar`: a message in a mailbox; otherwise the provider that posted it. */
  readonly source: string;
  /** The inbound source that posted it. */
  readonly sourceId: string | null;
}

export interface ReportOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly emitAll: EmitAll;
  /** An organization's own time, in Unix milliseconds. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  readonly contactIds: (on: Queryable, owner: Owner, keys: readonly string[]) => Promise<ReadonlyMap<string, string>>;
  readonly leads: Pick<Leads, 'stop' | 'lockFor'>;
  /** Addresses of contacts that have several: address → all addresses of its contact. */
  readonly addressesOfPeople: (
    on: Queryable,
    owner: Owner,
    keys: readonly string[],
  ) => Promise<ReadonlyMap<string, readonly string[]>>;
}

/**
 * Takes a report of a calendar, in a transaction in which no lead is locked yet: stores the meeting, stops the lead, emits what changed. A
 * report that repeats another, or is older than the last one about its meeting, changes nothing.
 * @example
 * await report(options, tx, { organizationId, workspaceId: undefined, source: 'calcom', sourceId }, booking);
 */
export async function report(options: ReportOptions, tx: Transaction, origin: Origin, booking: Booking): Promise<void> {
  const { clock, ids, vault, emitAll, nowOf } = options;
  const { organizationId, source } = origin;
  const named = [...booking.ids, ...(booking.replaces === null ? [] : [booking.replaces])];
  const keys = await vault.mac(
    tx,
    organizationId,
    named.map((id) => keyText(origin, id)),
    'meeting',
  );
  const lead = await leadOf(options, tx, origin, booking);
  const startsAt = new Date(booking.startsAtMs);
  const known =
    (await meetingByKeys(tx, organizationId, keys)) ??
    // Two calendars know one meeting by different ids.
    (lead === undefined || booking.fact === 'cancelled' ? undefined : await meetingAt(tx, lead.id, startsAt));
  // What somebody mails about a meeting of others does not count.
  if (source === 'icalendar' && (lead === undefined || (known !== undefined && known.lead_id !== lead.id))) return;
  // A source of a workspace reports nothing about the meetings of others, whatever it knows of their ids.
  if (
    source !== 'icalendar' &&
    origin.workspaceId != null &&
    known !== undefined &&
    known.workspace_id !== origin.workspaceId
  )
    return;
  // Its person was erased.
  if (known?.details.length === 0) return;
  if (known !== undefined) await addKeys(tx, known, keys);
  const reportedAt = new Date(Math.min(booking.reportedAtMs ?? Infinity, clock.now()));
  const change = changeOf(known, booking, reportedAt.getTime());
  if (change === undefined || (change === 'recorded' && source === 'icalendar')) return;
  const atMs = await nowOf(tx, organizationId);
  const at = new Date(atMs);
  const id = known?.id ?? ids.next<string>();
  // Leads are locked before meetings.
  if (change === 'booked' && lead !== undefined) await stopLead(options, tx, lead, id, atMs);
  const details = detailsAfter(
    known === undefined ? noDetails : await openMeeting(vault, tx, known),
    booking,
    lead?.email,
  );
  const reported = {
    status: booking.fact,
    starts_at: startsAt,
    ends_at: booking.endsAtMs === null ? null : new Date(booking.endsAtMs),
    details: await vault.seal(tx, organizationId, JSON.stringify(details), detailsContext),
    reported_at: reportedAt,
    updated_at: at,
  };
  const row: MeetingRow = known
    ? { ...known, ...reported }
    : { id, ...(await belongings(options, tx, origin, booking, lead)), ...reported, created_at: at };
  const isWritten = known === undefined ? await insertMeeting(tx, row, keys) : await updateMeeting(tx, row);
  if (!isWritten || change === 'recorded' || change === 'updated') return;
  await emitAll(tx, [eventOf(change, row, details, known?.starts_at, atMs)]);
}

/** Ids of iCalendar name the same meeting everywhere, others within their calendar. */
const keyText = ({ source, sourceId }: Origin, id: string): string =>
  id.startsWith('uid:') ? id : `${source}:${source === 'generic' ? `${sourceId ?? ''}:` : ''}${id}`;

/** The addresses of the attendees, as addresses are compared. */
export const keysOf = ({ attendees }: Booking): string[] => attendees.flatMap((address) => addressKey(address) ?? []);

/** The lead that the booking link names, if any. */
export const tokenOf = ({ leadToken }: Booking): string[] =>
  leadToken !== null && isUuid(leadToken) ? [leadToken.toLowerCase()] : [];

/** The lead of an attendee, by any address of its contact, the one written to last; of several, or without one, the lead that the booking link names. */
async function leadOf(
  { addressesOfPeople }: Pick<ReportOptions, 'addressesOfPeople'>,
  tx: Transaction,
  { organizationId, workspaceId }: Origin,
  booking: Booking,
): Promise<Lead | undefined> {
  const isReached = (lead: Lead): boolean => workspaceId === undefined || lead.workspace_id === workspaceId;
  const attendees = keysOf(booking);
  const people = await addressesOfPeople(tx, { organizationId, workspaceId: workspaceId ?? null }, attendees);
  const keys = [...new Set([...attendees, ...[...people.values()].flat()])];
  const ofAddresses = (await leadsOfAddresses(tx, { organizationId }, keys)).filter(isReached);
  const token = tokenOf(booking);
  const [ofToken] = token.length === 0 ? [] : (await leadsByIds(tx, organizationId, token)).filter(isReached);
  const writtenMs = ({ last_sent_at: sent }: Lead): number => sent?.getTime() ?? 0;
  return (
    ofAddresses.find(({ id }) => id === ofToken?.id) ??
    ofAddresses.toSorted((a, b) => writtenMs(b) - writtenMs(a) || (a.id < b.id ? 1 : -1))[0] ??
    ofToken
  );
}

/** Stops the lead and its company, and skips what other campaigns of its workspace have for the same person. */
async function stopLead(
  { leads }: ReportOptions,
  tx: Transaction,
  lead: Lead,
  meeting: string,
  atMs: number,
): Promise<void> {
  const { id, organization_id: organization, workspace_id: workspace, email_key: key } = lead;
  const others = (await leadsOfAddresses(tx, { organizationId: organization }, [key])).filter(
    (each) => each.id !== id && each.workspace_id === workspace && isOpen(each.status),
  );
  await leads.stop(tx, organization, { ids: [id] }, 'meeting_booked', {
    atMs,
    detail: { meeting_id: meeting },
    alsoSkips: { ids: others.map((each) => each.id), reason: 'meeting_booked' },
  });
}

type Belongings = Pick<
  MeetingRow,
  'organization_id' | 'workspace_id' | 'source' | 'source_id' | 'campaign_id' | 'lead_id' | 'contact_id' | 'party_key'
>;

async function belongings(
  { contactIds }: ReportOptions,
  tx: Transaction,
  { organizationId, workspaceId, source, sourceId }: Origin,
  booking: Booking,
  lead: Lead | undefined,
): Promise<Belongings> {
  const keys = keysOf(booking);
  const contacts =
    lead === undefined ? await contactIds(tx, { organizationId, workspaceId: workspaceId ?? null }, keys) : undefined;
  return {
    organization_id: organizationId,
    workspace_id: lead?.workspace_id ?? workspaceId ?? null,
    source,
    source_id: sourceId,
    campaign_id: lead?.campaign_id ?? null,
    lead_id: lead?.id ?? null,
    contact_id: lead?.contact_id ?? keys.map((key) => contacts?.get(key)).find((id) => id !== undefined) ?? null,
    party_key: keys[0] ?? lead?.email_key ?? '',
  };
}

function eventOf(
  change: Exclude<Change, 'recorded' | 'updated'>,
  row: MeetingRow,
  details: Details,
  previous: Date | undefined,
  atMs: number,
): Parameters<EmitAll>[1][number] {
  return {
    organizationId: row.organization_id,
    workspaceId: row.workspace_id ?? undefined,
    type: `meeting.${change}`,
    data: {
      meeting_id: row.id,
      campaign_id: row.campaign_id,
      lead_id: row.lead_id,
      contact_id: row.contact_id,
      email: details.email,
      starts_at: row.starts_at.toISOString(),
      ends_at: row.ends_at?.toISOString() ?? null,
      ...(change === 'rescheduled' ? { previous_starts_at: previous?.toISOString() ?? null } : {}),
      timezone: details.timezone,
      title: details.title,
      location: details.location,
      source: row.source,
      external_id: details.external_id,
    },
    occurredAtMs: atMs,
  };
}
