import { parseAddress } from '../base/email-address.ts';
import { activityOnWire } from '../crm/activities/index.ts';
import { contactOnWire } from '../crm/contacts/index.ts';
import type { Contact, Contacts } from '../crm/contacts/index.ts';
import type { Database } from '../db/pool.ts';
import { notFound } from '../base/errors.ts';
import { lastId, type OrganizationId } from '../base/ids.ts';
import { parseExact } from '../base/json-text.ts';
import type { Suppression, Suppressions } from '../crm/suppressions/index.ts';
import { activityOf } from './person.ts';
import { activitiesOf, eventsBefore, inboundBefore, projectsOf } from './queries.ts';
import type { Stored } from './queries.ts';
import { createRedactor, needlesOf, reportSpeaksOf } from './redact.ts';

export interface ExportOptions {
  readonly db: Database;
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly suppressions: Pick<Suppressions, 'page'>;
}

/** Of each kind in one answer. */
export const rowsMax = 1_000;
/** Of what was found in each log; one more may be had. */
const foundBytesMax = 4 * 1024 * 1024;
/** Of each log read for one answer. */
const readBytesMax = 64 * 1024 * 1024;
const readRowsMax = 100_000;

/** Part of a log, the newest first. */
export interface Part<Row> {
  readonly rows: readonly Row[];
  /** Where the search goes on: it stopped short of the end of the log. */
  readonly nextBefore: string | undefined;
}

/** Goes back through a log, chunk by chunk, until it has found or read enough. */
async function search<Row extends Stored>(
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

/** A value that was published; the text itself where a body is no JSON. */
function valueOf(data: Buffer): unknown {
  try {
    return parseExact(data.toString());
  } catch {
    return data.toString();
  }
}

/** Where the search of the logs goes on; from their end when not said. */
export interface From {
  readonly eventsBefore: string | undefined;
  readonly inboundBefore: string | undefined;
}

/** Everything that is known of a contact, live or deleted. @throws ApiError `not_found` */
export async function exportContact(
  { db, contacts, suppressions }: ExportOptions,
  organization: OrganizationId,
  id: string,
  from: From,
) {
  const [contact] = await contacts.byIds(db, organization, [id]);
  if (contact === undefined) throw notFound('Contact');
  const redactor = createRedactor(needlesOf([contact]));
  const [activities, projects, suppressed, events, inbound] = await Promise.all([
    activitiesOf(db, organization, id, rowsMax + 1),
    projectsOf(db, organization, id, rowsMax + 1),
    suppressionsOf(suppressions, organization, contact),
    search(
      (before) => eventsBefore(db, organization, before),
      ({ data }) => redactor.recordSpeaksOf(data.toString()),
      from.eventsBefore,
    ),
    search(
      (before) => inboundBefore(db, organization, before),
      (row) => reportSpeaksOf(redactor, row),
      from.inboundBefore,
    ),
  ]);
  const cut = <Row>(rows: readonly Row[]): Row[] => rows.slice(0, rowsMax);
  return {
    contact: contactOnWire(organization, contact),
    activities: cut(activities).map((row) => activityOnWire(activityOf({ organizationId: organization }, row))),
    projects: cut(projects).map(({ id: project, name, since }) => ({ id: project, name, since: since.toISOString() })),
    suppressions: suppressed.map(({ id: own, kind, value, reason, created_at: at }) => ({
      id: own,
      email: kind === 'email' ? value : null,
      domain: kind === 'domain' ? value : null,
      reason,
      created_at: at.toISOString(),
    })),
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
      events: events.nextBefore !== undefined,
      inbound_events: inbound.nextBefore !== undefined,
    },
    next_events_before: events.nextBefore ?? null,
    next_inbound_before: inbound.nextBefore ?? null,
  };
}

/** Of the address, of its domain and of those above it. */
async function suppressionsOf(
  suppressions: ExportOptions['suppressions'],
  organization: OrganizationId,
  { email }: Contact,
): Promise<Suppression[]> {
  const address = email === null ? undefined : parseAddress(email);
  if (address === undefined || 'problem' in address) return [];
  const labels = address.domain.split('.');
  const values = [address.key, ...labels.slice(0, -1).map((_, index) => labels.slice(index).join('.'))];
  const pages = await Promise.all(
    values.map((value) => suppressions.page(organization, { search: value }, { limit: 1, offset: 0 })),
  );
  return pages.flatMap(({ rows }) => rows);
}
