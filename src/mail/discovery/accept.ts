import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import type { Ids, WorkspaceId } from '../../base/ids.ts';
import { contactsForLeads, readRow } from '../../crm/contacts/index.ts';
import type { ContactForLead, Contacts, UpsertTerms } from '../../crm/contacts/index.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import { editorOf, ownerOf } from '../../crm/records/index.ts';
import type { Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Campaign } from '../campaigns/index.ts';
import { rememberingReader, scoreOf } from '../icp/index.ts';
import type { Score } from '../icp/index.ts';
import { leadIdsIn, notInCampaign } from '../leads/index.ts';
import type { Leads } from '../leads/index.ts';
import { ownersOf } from './crm-source.ts';
import { sum } from './job.ts';
import type { Counts, DiscoveryJob, Find, Outcome } from './job.ts';
import { foundBefore, foundIn, insertFinds } from './queries.ts';
import type { Candidate, Source } from './source.ts';

export interface AcceptOptions {
  readonly ids: Ids;
  readonly contacts: Pick<Contacts, 'upsert'>;
  readonly suppressions: Pick<Suppressions, 'hold' | 'suppressed'>;
  readonly leads: { readonly records: Pick<Leads['records'], 'addIn'> };
  readonly emitAll: EmitAll;
}

interface Scored {
  readonly candidate: Candidate;
  readonly score: Score;
}

/** Someone who is to be stored, and the contact whom they are. */
interface Person extends Scored {
  readonly contact: ContactForLead;
  readonly isNew: boolean;
}

/** What a page leads to. */
export interface Sorted {
  readonly wanted: readonly Scored[];
  readonly counts: Partial<Counts>;
}

/** Compares the people of a page with the profile. */
export function sorted(job: Pick<DiscoveryJob, 'icp'>, candidates: readonly Candidate[]): Sorted {
  const read = rememberingReader();
  const wanted: Scored[] = [];
  const seen = new Set<string>();
  let [below, excluded, unusable] = [0, 0, 0];
  for (const candidate of candidates) {
    if (seen.has(candidate.externalId)) continue;
    seen.add(candidate.externalId);
    const score = scoreOf(job.icp, candidate.traits, read);
    if (score.isExcluded) excluded += 1;
    else if (!score.isAccepted) below += 1;
    else if (candidate.email === null && candidate.contactId === null) unusable += 1;
    else wanted.push({ candidate, score });
  }
  return { wanted, counts: { searched: candidates.length, below_threshold: below, excluded, unusable } };
}

const byId = <Row extends { readonly id: string }>(rows: readonly Row[]): ReadonlyMap<string, Row> =>
  new Map(rows.map((row) => [row.id, row]));

/**
 * Stores people who match the profile: contacts, leads, finds and events, in the transaction of the job's progress. Suppressed people, those
 * whom somebody deleted, and leads of the campaign, also former ones, are left out.
 * @param deleted addresses, as they are compared, of contacts that were deleted and can be restored
 * @returns what to add to the counts
 */
export async function accept(
  options: AcceptOptions,
  tx: Transaction,
  job: DiscoveryJob,
  source: Source,
  wanted: readonly Scored[],
  deleted: ReadonlySet<string>,
  times: { readonly nowMs: number; readonly realMs: number },
  campaign: Campaign | undefined,
): Promise<Partial<Counts>> {
  await options.suppressions.hold(tx, job.organization_id);
  let counts = job.counts;
  const queue = [...wanted];
  // Those that cannot be stored leave their places to others.
  while (queue.length > 0 && counts.accepted < job.max_leads) {
    const slice = queue.splice(0, job.max_leads - counts.accepted);
    counts = sum(counts, await store(options, tx, job, source, slice, deleted, times, campaign));
  }
  return Object.fromEntries(
    Object.entries(counts).map(([name, count]: [string, number]) => [name, count - job.counts[name as keyof Counts]]),
  );
}

async function store(
  options: AcceptOptions,
  tx: Transaction,
  job: DiscoveryJob,
  source: Source,
  given: readonly Scored[],
  deleted: ReadonlySet<string>,
  times: { readonly nowMs: number; readonly realMs: number },
  campaign: Campaign | undefined,
): Promise<Partial<Counts>> {
  const { people, counts } = await identified(options, tx, job, source, given, deleted);
  const based = await withBasis(options, tx, job, people);
  const isLawful = ({ contact }: Person): boolean => contact.lawful_basis !== null;
  const lawful = based.filter(isLawful);
  const skipped = new Map<string, string>();
  const leadIds = new Map<string, string>();
  if (campaign !== undefined && lawful.length > 0) {
    const ids = lawful.map(({ contact }) => contact.id);
    const result = await options.leads.records.addIn(tx, campaign, ids, {
      workspaceId: job.is_wide ? undefined : (job.workspace_id ?? undefined),
    });
    for (const { contact_id: id, reason } of result.skipped) skipped.set(id, reason);
    for (const row of await leadIdsIn(tx, campaign.id, ids)) leadIds.set(row.contact_id, row.lead_id);
  }
  const kept = based.filter(({ contact }) => !skipped.has(contact.id));
  const outcomeOf = (person: Person): Outcome =>
    !isLawful(person) ? 'no_lawful_basis' : campaign === undefined ? 'stored' : 'added';
  const finds = kept.map((person): Find => ({
    id: options.ids.next(),
    organization_id: job.organization_id,
    workspace_id: job.workspace_id,
    job_id: job.id,
    campaign_id: job.campaign_id,
    lead_id: isLawful(person) ? (leadIds.get(person.contact.id) ?? null) : null,
    contact_id: person.contact.id,
    source: source.key,
    source_name: source.name,
    external_id: person.candidate.externalId,
    url: person.candidate.url,
    licence: source.licence,
    outcome: outcomeOf(person),
    score: person.score.score,
    reasons: person.score.reasons,
    found_at: new Date(person.candidate.foundAtMs),
  }));
  if (finds.length > 0) await insertFinds(tx, finds);
  await options.emitAll(
    tx,
    finds.map((find, index) => discovered(job, find, kept[index]?.contact.email ?? null, times.nowMs)),
  );
  const suppressed = [...skipped.values()].filter((reason) => reason === 'suppressed' || reason === 'unsubscribed');
  return {
    ...counts,
    accepted: kept.length,
    added: finds.filter(({ outcome }) => outcome === 'added').length,
    created: kept.filter(({ isNew }) => isNew).length,
    without_lawful_basis: finds.filter(({ outcome }) => outcome === 'no_lawful_basis').length,
    suppressed: (counts.suppressed ?? 0) + suppressed.length,
    known: (counts.known ?? 0) + skipped.size - suppressed.length,
  };
}

/** Finds or creates the contact of each person. */
async function identified(
  { contacts, suppressions }: AcceptOptions,
  tx: Transaction,
  job: DiscoveryJob,
  source: Source,
  given: readonly Scored[],
  deleted: ReadonlySet<string>,
): Promise<{ readonly people: readonly Person[]; readonly counts: Partial<Counts> }> {
  const editor = editorOf(job);
  const owner = ownerOf(editor, job);
  const externalIds = given.map(({ candidate }) => candidate.externalId);
  const [repeated, before] = [
    await foundIn(tx, job.id, source.key, externalIds),
    await foundBefore(tx, owner, source.key, externalIds),
  ];
  let [known, suppressed, unusable] = [0, 0, 0];
  const own: (Scored & { readonly id: string })[] = [];
  const strangers: (Scored & { readonly address: Address })[] = [];
  for (const each of given) {
    const { externalId, contactId, email } = each.candidate;
    const earlier = contactId ?? before.get(externalId);
    if (repeated.has(externalId)) continue;
    if (earlier !== undefined) {
      // Without a campaign there is nothing to do about somebody who was found before.
      if (job.campaign_id === null && before.has(externalId)) known += 1;
      else own.push({ ...each, id: earlier });
      continue;
    }
    const address = parseAddress(email ?? '');
    if ('problem' in address) unusable += 1;
    else if (deleted.has(address.key)) known += 1;
    else strangers.push({ ...each, address });
  }
  const results = await contacts.upsert(
    tx,
    editor,
    strangers.map(({ candidate, address }) => readRow({ ...candidate.fields, email: address.email })),
    { ...basisOf(job), keepExisting: true, link_company_by: 'domain' },
  );
  const stored = strangers.flatMap((each, index) => {
    const result = results[index];
    if (result?.status === 'suppressed') suppressed += 1;
    else if (result === undefined || result.status === 'rejected') unusable += 1;
    else return [{ ...each, id: result.id, isNew: result.status === 'created' }];
    return [];
  });
  const all = [...own.map((each) => ({ ...each, isNew: false })), ...stored];
  const rows = byId(
    await contactsForLeads(
      tx,
      job.organization_id,
      ownersOf(job),
      all.map(({ id }) => id),
    ),
  );
  const fresh = new Set(
    job.campaign_id === null ? rows.keys() : await notInCampaign(tx, job.campaign_id, [...rows.keys()]),
  );
  const refused = await suppressions.suppressed(tx, owner, [...rows.values()].flatMap(addressOf));
  const people: Person[] = [];
  const seen = new Set<string>();
  for (const { id, candidate, score, isNew } of all) {
    const contact = rows.get(id);
    if (contact?.email_key == null || contact.deleted_at !== null || !fresh.has(id) || seen.has(id)) known += 1;
    else if (refused.has(contact.email_key)) suppressed += 1;
    else people.push({ candidate, score, contact, isNew });
    seen.add(id);
  }
  return { people, counts: { known, suppressed, unusable } };
}

const basisOf = (job: DiscoveryJob): Pick<UpsertTerms, 'lawful_basis' | 'lawful_basis_source'> =>
  job.lawful_basis === null
    ? {}
    : {
        lawful_basis: job.lawful_basis,
        ...(job.lawful_basis_source === null ? {} : { lawful_basis_source: job.lawful_basis_source }),
      };

const addressOf = ({ email_key: key }: ContactForLead): { key: string; domain: string }[] =>
  key === null ? [] : [{ key, domain: key.slice(key.lastIndexOf('@') + 1) }];

/** Gives contacts without a lawful basis that of the job, if it has one. Others keep theirs. */
async function withBasis(
  { contacts }: AcceptOptions,
  tx: Transaction,
  job: DiscoveryJob,
  people: readonly Person[],
): Promise<readonly Person[]> {
  const without = people.filter(({ contact }) => contact.lawful_basis === null);
  if (job.lawful_basis === null || without.length === 0) return people;
  const byOwner = Map.groupBy(without, ({ contact }) => contact.workspace_id);
  for (const [workspace, own] of byOwner) {
    const editor = { ...editorOf(job), workspaceId: (workspace ?? undefined) as WorkspaceId | undefined };
    await contacts.upsert(
      tx,
      editor,
      own.map(({ contact }) => readRow({ email: contact.email })),
      basisOf(job),
    );
  }
  return people.map((person) =>
    person.contact.lawful_basis === null
      ? { ...person, contact: { ...person.contact, lawful_basis: job.lawful_basis } }
      : person,
  );
}

const discovered = (
  job: DiscoveryJob,
  find: Find,
  email: string | null,
  atMs: number,
): Parameters<EmitAll>[1][number] => ({
  organizationId: job.organization_id,
  workspaceId: job.workspace_id ?? undefined,
  type: 'lead.discovered',
  occurredAtMs: atMs,
  data: {
    lead_id: find.lead_id,
    contact_id: find.contact_id,
    campaign_id: find.campaign_id,
    job_id: find.job_id,
    email,
    source: find.source_name,
    source_url: find.url,
    score: find.score,
    found_at: find.found_at.toISOString(),
  },
});
