import { activitiesOfContact, activityOnWire } from '../crm/activities/index.ts';
import { contactKeys, contactOnWire } from '../crm/contacts/index.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import { contactsMergedInto } from '../crm/merges/index.ts';
import { projectsOfContact } from '../crm/projects/index.ts';
import { liftedOf } from '../crm/suppressions/index.ts';
import type { Suppression, Suppressions } from '../crm/suppressions/index.ts';
import type { Topics } from '../crm/topics/index.ts';
import type { Database } from '../db/pool.ts';
import { eventsBefore } from '../events/index.ts';
import { findOnWire, findsOfPerson } from '../mail/discovery/index.ts';
import { leadsOfPerson } from '../mail/leads/index.ts';
import { meetingsOfPerson, openMeeting } from '../mail/meetings/index.ts';
import { providerEventsBefore, reportSpeaksOf } from '../mail/provider-events/index.ts';
import { openDetails, repliesOfPerson } from '../mail/inbox/index.ts';
import { messagesOfPerson, openContent } from '../mail/sending/index.ts';
import { hitsOfPerson } from '../mail/tracking/index.ts';
import type { Vault } from '../encryption/vault.ts';
import { notFound } from '../base/errors.ts';
import { lastId, type OrganizationId } from '../base/ids.ts';
import { parseExact } from '../base/json-text.ts';
import { createRedactor, needlesOf } from './redact.ts';

export interface ExportOptions {
  readonly db: Database;
  readonly vault: Vault;
  readonly contacts: Pick<Contacts, 'byIds' | 'merging'>;
  readonly suppressions: Pick<Suppressions, 'page'>;
  readonly topics: Pick<Topics, 'ofContact'>;
}

/** Rows of each kind in one response. */
export const rowsMax = 1_000;
/** Bytes found in each log for one response; the row that passes the limit is included. */
const foundBytesMax = 4 * 1024 * 1024;
/** Bytes and rows read of each log for one response. */
const readBytesMax = 64 * 1024 * 1024;
const readRowsMax = 100_000;

/** Rows of a log, newest first. */
export interface Part<Row> {
  readonly rows: readonly Row[];
  /** Where to continue a search that stopped before the end of the log. */
  readonly nextBefore: string | undefined;
}

/** Searches a log from its end, in chunks, until a limit is reached. */
async function search<Row extends { readonly id: string; readonly data: Buffer }>(
  chunk: (before: string) => Promise<Row[]>,
  speaks: (row: Row) => boolean,
  before = lastId,
): Promise<Part<Row>> {
  const rows: Row[] = [];
  let [found, bytes, count, position] = [0, 0, 0, before];
  for (;;) {
    const read = await chunk(position);
    for (const row of read) {
      bytes += row.data.length;
      count += 1;
      position = row.id;
      if (!speaks(row)) continue;
      rows.push(row);
      found += row.data.length;
      if (rows.length === rowsMax || found >= foundBytesMax) return { rows, nextBefore: position };
    }
    if (read.length === 0) return { rows, nextBefore: undefined };
    if (bytes >= readBytesMax || count >= readRowsMax) return { rows, nextBefore: position };
  }
}

/** The stored JSON value, or the text itself if it is not JSON. */
function valueOf(data: Buffer): unknown {
  try {
    return parseExact(data.toString());
  } catch {
    return data.toString();
  }
}

/** Where to continue the search of each log; undefined starts at its end. */
export interface From {
  readonly eventsBefore: string | undefined;
  readonly inboundBefore: string | undefined;
}

/**
 * Everything stored about a contact, live or deleted, as `POST /v1/contacts/:id/export` returns it. @throws ApiError `not_found`
 * @example
 * const { events, next_events_before: next } = await exportContact(options, organizationId, id, { eventsBefore: undefined, inboundBefore: undefined });
 */
export async function exportContact(
  { db, vault, contacts, suppressions, topics }: ExportOptions,
  organization: OrganizationId,
  id: string,
  from: From,
) {
  const [contact] = await contacts.byIds(db, { organizationId: organization }, [id]);
  if (contact === undefined) throw notFound('Contact');
  const merged = await contactsMergedInto(db, organization, id, contacts.merging.read);
  const redactor = createRedactor(needlesOf([contact, ...merged]));
  const keys = contactKeys(contact);
  const [
    activities,
    projects,
    messages,
    replies,
    leads,
    finds,
    meetings,
    hits,
    suppressed,
    lifted,
    left,
    events,
    inbound,
  ] = await Promise.all([
    activitiesOfContact(db, organization, id, rowsMax + 1),
    projectsOfContact(db, organization, id, rowsMax + 1),
    messagesOfPerson(db, organization, keys, id, rowsMax + 1),
    repliesOfPerson(db, organization, keys, id, rowsMax + 1),
    leadsOfPerson(db, organization, keys, id, rowsMax + 1),
    findsOfPerson(db, organization, id, { limit: rowsMax + 1 }),
    meetingsOfPerson(db, organization, keys, id, rowsMax + 1),
    hitsOfPerson(db, organization, keys, id, rowsMax + 1),
    suppressionsOf(suppressions, organization, keys),
    liftedOf(db, organization, keys, rowsMax),
    leftBy(topics, organization, keys),
    search(
      (before) => eventsBefore(db, organization, before),
      ({ data }) => redactor.recordSpeaksOf(data.toString()),
      from.eventsBefore,
    ),
    search(
      (before) => providerEventsBefore(db, organization, before),
      (row) => reportSpeaksOf(redactor, row),
      from.inboundBefore,
    ),
  ]);
  const cut = <Row>(rows: readonly Row[]): Row[] => rows.slice(0, rowsMax);
  return {
    contact: contactOnWire(organization, contact),
    merged_contacts: merged.map((each) => contactOnWire(organization, each)),
    activities: cut(activities).map(activityOnWire),
    projects: cut(projects).map(({ id: project, name, since }) => ({ id: project, name, since: since.toISOString() })),
    suppressions: suppressed.map(({ id: own, kind, value, reason, created_at: at }) => ({
      id: own,
      email: kind === 'email' ? value : null,
      domain: kind === 'domain' ? value : null,
      reason,
      created_at: at.toISOString(),
    })),
    suppressions_lifted: lifted.map(({ value, reason, created_at: at, lifted_at: liftedAt }) => ({
      email: value,
      reason,
      created_at: at.toISOString(),
      lifted_at: liftedAt.toISOString(),
    })),
    topics_left: left,
    messages: await Promise.all(
      cut(messages).map(async ({ content, organization_id: _, created_at: at, sent_at: sentAt, ...message }) => {
        const { subject, text } = await openContent(vault, db, { organization_id: organization, content });
        return { ...message, subject, text, created_at: at.toISOString(), sent_at: sentAt?.toISOString() ?? null };
      }),
    ),
    replies: await Promise.all(
      cut(replies).map(async ({ details, organization_id: own, received_at: at, ...reply }) => {
        const { text, reasons } = await openDetails(vault, db, { organization_id: own, details });
        return { ...reply, text, reasons: [...reasons], received_at: at.toISOString() };
      }),
    ),
    leads: cut(leads).map(({ last_sent_at: sent, replied_at: replied, created_at: at, ...lead }) => ({
      ...lead,
      last_sent_at: sent?.toISOString() ?? null,
      replied_at: replied?.toISOString() ?? null,
      created_at: at.toISOString(),
    })),
    finds: cut(finds).map(findOnWire),
    meetings: await Promise.all(
      cut(meetings).map(async (meeting) => ({
        id: meeting.id,
        campaign_id: meeting.campaign_id,
        lead_id: meeting.lead_id,
        status: meeting.status,
        source: meeting.source,
        starts_at: meeting.starts_at.toISOString(),
        ends_at: meeting.ends_at?.toISOString() ?? null,
        created_at: meeting.created_at.toISOString(),
        ...(await openMeeting(vault, db, meeting)),
      })),
    ),
    tracking_hits: cut(hits).map(({ at, ...hit }) => ({ ...hit, at: at.toISOString() })),
    events: events.rows.map(({ id: event, type, occurred_at: at, data }) => ({
      id: event,
      event: type,
      occurred_at: at.toISOString(),
      data: valueOf(data),
    })),
    inbound_events: inbound.rows.map(({ id: event, type, occurred_at: at, email_id: emailId, recipient, data }) => ({
      id: event,
      type,
      email_id: emailId,
      recipient,
      occurred_at: at.toISOString(),
      payload: valueOf(data),
    })),
    truncated: {
      activities: activities.length > rowsMax,
      projects: projects.length > rowsMax,
      messages: messages.length > rowsMax,
      replies: replies.length > rowsMax,
      leads: leads.length > rowsMax,
      finds: finds.length > rowsMax,
      meetings: meetings.length > rowsMax,
      tracking_hits: hits.length > rowsMax,
      events: events.nextBefore !== undefined,
      inbound_events: inbound.nextBefore !== undefined,
    },
    next_events_before: events.nextBefore ?? null,
    next_inbound_before: inbound.nextBefore ?? null,
  };
}

/** Suppressions of the addresses, of their domains and of the domains above these. */
async function suppressionsOf(
  suppressions: ExportOptions['suppressions'],
  organization: OrganizationId,
  keys: readonly string[],
): Promise<Suppression[]> {
  const found = await Promise.all(
    keys.map((key) =>
      suppressions.page({ organizationId: organization }, { search: key, withDomains: true }, { limit: rowsMax }),
    ),
  );
  return [...new Map(found.flatMap(({ rows }) => rows.map((row) => [row.id, row]))).values()];
}

/** The topics that the addresses left. */
async function leftBy(topics: ExportOptions['topics'], organization: OrganizationId, keys: readonly string[]) {
  const found = await topics.ofContact({ organizationId: organization }, null, keys);
  return found.flatMap(({ id: topic, name, reason, left_at: at }) =>
    at === null ? [] : [{ topic_id: topic, name, reason, left_at: at.toISOString() }],
  );
}
