import { isDiscovering } from '../discovery/index.ts';
import type { MailboxId } from '../../base/ids.ts';
import { contactFields } from '../../base/records/contact.ts';
import type { Contact } from '../../crm/contacts/index.ts';
import type { Reach as CrmReach } from '../../crm/records/index.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import { totalsOf } from '../analytics/index.ts';
import { stepsOf } from '../campaigns/index.ts';
import type { Campaign, Campaigns } from '../campaigns/index.ts';
import type { Domains } from '../domains/index.ts';
import {
  customKeys,
  firstLeads,
  leadsByIds,
  leftOut,
  missingValues,
  traitsOf,
  unfinishedAdditions,
} from '../leads/index.ts';
import type { Group } from '../leads/index.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxState } from '../mailboxes/index.ts';
import type { LinkHosts, Tracking } from '../tracking/index.ts';
import { roles } from '../verification/index.ts';
import type { ComposedLinks, ComposeInput } from './compose.ts';
import { valuesOf } from './composer.ts';
import type { Failure, Validation, ValidationInput } from './findings.ts';
import type { leadReasons } from './reasons.ts';
import { isShared, textsOf, tried, wantedOf } from './texts.ts';
import type { Text } from './texts.ts';
import { validate } from './validation.ts';

export interface ValidatingOptions {
  readonly db: Database;
  readonly campaigns: Pick<Campaigns, 'mailboxesOf'>;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf'>;
  readonly domains: Pick<Domains, 'read' | 'known'>;
  readonly tracking: Pick<Tracking, 'hostsOf' | 'linksOf'>;
  readonly contactsOf: (on: Queryable, reach: CrmReach, ids: readonly string[]) => Promise<Contact[]>;
}

/** A validation looks at so many leads, so that it takes a second at most. Each lead is checked again when it is its turn. */
const leadsMax = 20_000;
/** Leads for which all texts are composed, and how often at most. */
const samplesMax = 100;
const compositionsMax = 1_000;
/** Domains whose DNS is read for one validation. */
const domainsMax = 20;
const suppressedReasons = [
  'suppressed_email',
  'suppressed_domain',
  'unsubscribed',
  'hard_bounced',
  'complained',
] as const satisfies readonly (keyof typeof leadReasons)[];
const shownMax = 20;
/** The links of a message that is not sent. */
const noSendKey = '00000000-0000-8000-8000-000000000000';

/** Reads the DNS of a campaign's sending domains, unless that was done a moment ago. Not in a transaction: it may take 15 s. */
export async function readDomains(options: ValidatingOptions, campaign: Campaign): Promise<void> {
  const ids = (await options.campaigns.mailboxesOf(options.db, [campaign.id])).get(campaign.id) ?? [];
  const mailboxes = await mailboxesOf(options, options.db, ids);
  const domains = new Set(mailboxes.flatMap((mailbox) => (isCapturing(mailbox) ? [] : [mailbox.domain])));
  await Promise.all(
    [...domains].slice(0, domainsMax).map((domain) => options.domains.read(campaign.organization_id, domain)),
  );
}

/**
 * Finds what stops a launch, and what should be looked at before. Reads a bounded number of leads, in a few statements; each template is
 * compiled once.
 */
export async function validation(
  options: ValidatingOptions,
  on: Queryable,
  campaign: Campaign,
  nowMs: number,
): Promise<Validation & { readonly mailboxes: readonly MailboxState[] }> {
  const { id, organization_id: organization } = campaign;
  const steps = await stepsOf(on, [id]);
  const texts = textsOf(steps);
  const ids = (await options.campaigns.mailboxesOf(on, [id])).get(id) ?? [];
  const mailboxes = await mailboxesOf(options, on, ids);
  const hosts = await options.tracking.hostsOf(on, mailboxes);
  const traits = new Map((await traitsOf(on, id, [...roles], leadsMax)).map(({ trait, ...group }) => [trait, group]));
  const domains = [...new Set(mailboxes.map(({ domain }) => domain))];
  const [mailbox] = mailboxes;
  const linking = mailbox && { mailbox, hosts: hosts.get(mailbox.id) ?? { tracking: null, unsubscribe: null } };
  const failed = linking === undefined ? noTrial : await tryTexts(options, on, campaign, linking, texts);
  const hostOf = (each: MailboxId, kind: keyof LinkHosts): string | null => hosts.get(each)?.[kind] ?? null;
  const input: ValidationInput = {
    campaign,
    steps,
    texts,
    mailboxes,
    leads: (await totalsOf(on, [id])).get(id)?.leads ?? 0,
    isAdding: (await unfinishedAdditions(on, id)) > 0 || (await isDiscovering(on, id)),
    ...failed,
    traits,
    suppressed: merged(await leftOut(on, id, suppressedReasons, leadsMax)),
    domains: await options.domains.known(on, organization, domains),
    untracked: mailboxes.flatMap(({ id: each, email }) => (hostOf(each, 'tracking') === null ? [email] : [])),
    withoutOptOutUrl: mailboxes.flatMap(({ id: each, email }) => (hostOf(each, 'unsubscribe') === null ? [email] : [])),
    hosts: [...new Set(mailboxes.flatMap(({ id: each }) => hostOf(each, 'tracking') ?? []))],
    nowMs,
  };
  return { ...validate(input), mailboxes };
}

/** Those that were not disconnected. */
const mailboxesOf = async (
  { mailboxes }: ValidatingOptions,
  on: Queryable,
  ids: readonly MailboxId[],
): Promise<readonly MailboxState[]> =>
  ids.length === 0 ? [] : (await mailboxes.settingsOf(on, ids)).filter((mailbox) => mailbox.deleted_at === null);

type Trial = Pick<ValidationInput, 'failures' | 'first'>;
const noTrial: Trial = { failures: [], first: undefined };

/**
 * Composes all texts for leads that stand for the others: the first of each group that has no value for the same variables, the first of
 * all, and one that has a value for everything.
 */
async function tryTexts(
  options: ValidatingOptions,
  on: Queryable,
  campaign: Campaign,
  { mailbox, hosts }: { readonly mailbox: MailboxState; readonly hosts: LinkHosts },
  texts: readonly Text[],
): Promise<Trial> {
  const { organization_id: organization, unsubscribe } = campaign;
  const keys = await customKeys(on, organization);
  const leadsTried = Math.max(1, Math.min(samplesMax, Math.floor(compositionsMax / Math.max(1, texts.length))));
  const groups = await missingValues(on, campaign.id, wantedOf(texts, keys), leadsMax, leadsTried);
  const groupOf = new Map(groups.map((group) => [group.lead_ids[0] ?? '', group]));
  const leads = [
    ...(await leadsByIds(on, organization, [...groupOf.keys()])),
    ...(await firstLeads(on, campaign.id, leadsTried)),
  ];
  const contacts = new Map(
    (
      await options.contactsOf(
        on,
        { organizationId: organization },
        leads.flatMap((lead) => lead.contact_id ?? []),
      )
    ).map((contact) => [String(contact.id), contact]),
  );
  const links: ComposedLinks = await options.tracking.linksOf(on, organization, {
    sendKey: noSendKey,
    hosts,
    mailbox: mailbox.email,
    tracking: { opens: false, clicks: false },
  });
  const failures = new Map<string, Failure>();
  let first: Trial['first'];
  const everything = fullValues(mailbox, campaign, keys);
  const unknown = new Set<string>();
  for (const text of texts)
    for (const { missing = [] } of tried(text, { values: everything, unsubscribe, links }, true).refused)
      for (const name of missing) {
        unknown.add(`${text.field} ${name}`);
        if (isShared(name)) add(text, 'missing_variable', `No value for ${name}, and no default.`, null);
        else add(text, 'unknown_variable', `No field has the name ${name}, and it has no default.`, null);
      }
  const seen = new Set<string>();
  for (const lead of leads) {
    const contact = contacts.get(lead.contact_id ?? '');
    if (contact === undefined || seen.has(lead.id)) continue;
    seen.add(lead.id);
    const values = valuesOf(lead.id, contact, mailbox, campaign);
    const group = groupOf.get(lead.id);
    for (const text of texts) {
      const { refused, message } = tried(text, { values, unsubscribe, links }, group !== undefined);
      if (text.step === 0) first ??= message?.content;
      for (const name of new Set(refused.flatMap(({ missing = [] }) => missing)))
        if (group !== undefined && !unknown.has(`${text.field} ${name}`))
          add(text, 'missing_variable', `No value for ${name}, and no default.`, group);
      for (const detail of new Set(refused.flatMap((each) => (each.reason === 'template_error' ? [each.detail] : []))))
        add(text, 'template_error', detail, { count: 1, lead_ids: [lead.id] });
    }
  }
  return { failures: [...failures.values()], first };

  function add({ field }: Text, code: Failure['code'], message: string, group: Group | null): void {
    const name = `${field} ${code} ${message}`;
    const known = failures.get(name)?.leads;
    failures.set(name, {
      field,
      code,
      message,
      leads: group === null || known == null ? group : merged([known, group]),
    });
  }
}

/** Groups of different leads as one. */
const merged = (groups: readonly Group[]): Group => ({
  count: groups.reduce((sum, { count }) => sum + count, 0),
  lead_ids: groups
    .flatMap(({ lead_ids: ids }) => ids)
    .toSorted()
    .slice(0, shownMax),
});

/** Values for every variable that a lead can have. */
function fullValues(mailbox: MailboxState, campaign: Campaign, keys: readonly string[]): ComposeInput['values'] {
  const all = (names: Iterable<string>) => Object.fromEntries([...names].map((name) => [name, name]));
  return {
    contact: all([...Object.keys(contactFields), 'id', 'email_key', 'created_by']),
    custom: all(keys),
    sender: { name: mailbox.display_name, email: mailbox.email, signature: mailbox.signature },
    campaign: { name: campaign.name, goal: campaign.goal },
    lead_token: noSendKey,
  };
}
