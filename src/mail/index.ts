import { createOrganizationClocks } from '../auth/index.ts';
import type { OrganizationClocks } from '../auth/index.ts';
import type { Role } from '../base/config.ts';
import type { Contacts } from '../crm/contacts/index.ts';
import type { Follower } from '../crm/records/index.ts';
import type { DnsRecords } from '../base/dns-records.ts';
import type { FetchOptions } from '../base/fetch-checked.ts';
import { leftTopicField } from '../crm/topics/index.ts';
import type { Topics } from '../crm/topics/index.ts';
import type { Emitter } from '../events/index.ts';
import type { RateLimiter } from '../http/rate-limit.ts';
import type { Deps, Module } from '../ops/index.ts';
import { createAnalytics } from './analytics/index.ts';
import type { Analytics } from './analytics/index.ts';
import { createAssistants } from './assistant/index.ts';
import type { Assistants } from './assistant/index.ts';
import { autoconfigRoutes } from './autoconfig/index.ts';
import { createCapture } from './capture/index.ts';
import type { Capture } from './capture/index.ts';
import { createCampaigns } from './campaigns/index.ts';
import type { Campaigns } from './campaigns/index.ts';
import { composeCampaignWork } from './compose-campaign-work.ts';
import { composeExchange, composeWarmup, standingOf } from './compose-warmup.ts';
import type { WarmupAndHealth } from './compose-warmup.ts';
import { findsFollower } from './discovery/index.ts';
import type { DiscoveryOptions } from './discovery/index.ts';
import { createDomains, createKeys, dkimKeyRoutes, domainRoutes } from './domains/index.ts';
import type { DkimKeys, Domains } from './domains/index.ts';
import type { Exchange } from './exchange/index.ts';
import { createIcps } from './icp/index.ts';
import { createInbox, lastReplyField, repliesFollower } from './inbox/index.ts';
import type { Inbox, InboxOptions } from './inbox/index.ts';
import { additionsWait, campaignField, companyLeadsFollower, createLeads } from './leads/index.ts';
import type { Leads, LeadsOptions } from './leads/index.ts';
import { createMeetings, meetingsFollower } from './meetings/index.ts';
import type { Meetings } from './meetings/index.ts';
import { createMailboxes, isCapturing } from './mailboxes/index.ts';
import type { Mailboxes, MailboxesOptions } from './mailboxes/index.ts';
import { createAuthorizations, createRefresh, oauthRoutes } from './oauth/index.ts';
import type { Authorizations, AuthorizationsOptions } from './oauth/index.ts';
import { createProviderEvents } from './provider-events/index.ts';
import type { ProviderEventsOptions } from './provider-events/index.ts';
import { createReceiving } from './receiving/index.ts';
import type { MatchingOptions, Receive, Receiving } from './receiving/index.ts';
import { createSandboxClock } from './sandbox-clock/index.ts';
import { createSending, createSmtpMailbox, lastContactedField, messagesFollower } from './sending/index.ts';
import type { Sending, SendingOptions } from './sending/index.ts';
import { createSelfTests } from './self-test/index.ts';
import type { SelfTests } from './self-test/index.ts';
import type { Sequencing } from './sequencing/index.ts';
import { createSync } from './sync/index.ts';
import type { Sync, SyncOptions } from './sync/index.ts';
import { timelineRoutes } from './timeline/index.ts';
import type { TimelineOptions } from './timeline/index.ts';
import { createTracking } from './tracking/index.ts';
import type { Tracking } from './tracking/index.ts';
import { createTemplates } from './templates/index.ts';
import type { Templates } from './templates/index.ts';
import { checkServers } from './transport/check.ts';
import { trusting } from './transport/connection.ts';
import type { ProbeSettings } from './verification/index.ts';
import { createWorkspaceRecords } from './workspace-records.ts';
import type { WorkspaceRecords } from './workspace-records.ts';

export type { EndpointOverrides } from './oauth/index.ts';

/** How other people's servers are reached. */
export interface Network extends Pick<FetchOptions, 'policy' | 'resolve' | 'ca'> {
  readonly dns: DnsRecords;
  /** Origin of a URL of a host; `https://` and the host, except in tests. */
  readonly originOf?: ((host: string) => string) | undefined;
}

export interface MailOptions
  extends
    Deps,
    Emitter,
    Pick<ProviderEventsOptions, 'surface' | 'retentionDays' | 'onReceived'>,
    Pick<MailboxesOptions, 'random' | 'alert' | 'onHostOpened'>,
    Pick<LeadsOptions, 'segments'>,
    Pick<InboxOptions, 'onClassified'>,
    Pick<MatchingOptions, 'addressesOfPeople'>,
    Pick<DiscoveryOptions, 'companies' | 'onFound'>,
    Pick<
      SendingOptions,
      | 'engineDb'
      | 'holder'
      | 'suppressions'
      | 'contactIds'
      | 'log'
      | 'shutdownMs'
      | 'onSettled'
      | 'organizationHourlyPerDomain'
    > {
  readonly network: Network;
  readonly contacts: DiscoveryOptions['contacts'] & Pick<Contacts, 'recordOutcome'>;
  readonly topics: Topics;
  /** How recipients' servers are asked about addresses; undefined: they are not. */
  readonly smtpProbe?: ProbeSettings | undefined;
  /** Live processes with a role, including this one. */
  readonly processes: { countOf(role: Role): number };
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
  /** Where callers reach this installation; undefined if the operator has not set it. */
  readonly publicUrl: string | undefined;
  readonly oauth: Pick<AuthorizationsOptions, 'clients' | 'endpoints' | 'baseUrl'>;
}

/** What follows records of the CRM that are merged, in the order in which it is locked. */
export const followersOf = ({
  leads,
}: Pick<Mail, 'leads'>): { readonly company: readonly Follower[]; readonly contact: readonly Follower[] } => ({
  company: [companyLeadsFollower],
  contact: [repliesFollower, messagesFollower, leads.follower, meetingsFollower, findsFollower],
});

/** What filters of segments can read of contacts. */
export const contactSegmentFields = {
  last_reply_at: lastReplyField,
  last_contacted_at: lastContactedField,
  campaign_id: campaignField,
  left_topic_id: leftTopicField,
} as const;

/** The slices of mail that others call. */
export interface Mail extends WarmupAndHealth {
  /** All of them, in the order of the API document. */
  readonly modules: readonly Module[];
  readonly mailboxes: Mailboxes;
  readonly campaigns: Campaigns;
  readonly leads: Leads;
  readonly inbox: Inbox;
  readonly sequencing: Sequencing;
  readonly templates: Templates;
  readonly domains: Domains;
  readonly dkimKeys: DkimKeys;
  readonly sending: Sending;
  readonly clocks: OrganizationClocks;
  readonly capture: Capture;
  readonly analytics: Analytics;
  readonly exchange: Exchange;
  /** Meetings that leads booked. */
  readonly meetings: Meetings;
  readonly receiving: Receiving;
  readonly sync: Sync;
  readonly tracking: Tracking;
  /** For the deletion of a workspace. */
  readonly ofWorkspace: WorkspaceRecords;
}

export function createMail(given: MailOptions): Mail {
  const { contacts } = given;
  const options = {
    ...given,
    contactsOf: contacts.byIds,
    contactsReplied: ((tx, organization, ids) =>
      contacts.recordOutcome(tx, organization, ids, 'replied')) satisfies LeadsOptions['contactsReplied'],
  };
  const { network, clock, oauth, log } = options;
  const { dns } = network;
  const clocks = createOrganizationClocks({ clock });
  const { nowOf, progressed } = clocks;
  const sandboxClock = createSandboxClock(options);
  const transport = { policy: network.policy, resolve: network.resolve, clock, secureContext: trusting(network.ca) };
  const mailboxes = createMailboxes({
    ...options,
    sentToday: (rows) => sending.sentToday(rows),
    standingOf: (rows) => standingOf(governing, options.db, rows),
    refresh: createRefresh({ ...oauth, clock, network }),
    liveTest: (input, organization) =>
      checkServers(input, { ...transport, organization }, new AbortController().signal),
  });
  const domains = createDomains({ ...options, dns });
  const dkimKeys = createKeys({ ...options, dns });
  const authorizations = createAuthorizations({ ...options, ...oauth, mailboxes });
  // Called once everything is composed: receiving settles what sending sent.
  const receive: Receive = (message) => receiving.received(message);
  const capture = createCapture({ ...options, clocks, receive, visit: (...of) => tracking.visit(...of) });
  const sending: Sending = createSending({
    ...options,
    clocks,
    mailboxes,
    submitterOf: (mailbox) =>
      isCapturing(mailbox) ? capture.submitterOf(mailbox) : createSmtpMailbox(mailbox, mailboxes, transport),
    dkimKeyOf: dkimKeys.signingKeyOf,
    findSent: async (...search) => (await capture.find(...search)) ?? sync.findSent(...search),
    appendSent: (...copy) => sync.appendSent(...copy),
  });
  const inWarmup = { ...options, clocks, mailboxes, sending };
  // Called once everything is composed: the exchange sends.
  const governing = composeWarmup({ ...inWarmup, domains, exchange: () => exchange.settings });
  const campaigns: Campaigns = createCampaigns({
    ...options,
    mailboxes,
    domains,
    nowOf,
    wake: sending.wake,
    release: sending.release,
    mailboxLeads: () => leads.mailboxLeads,
  });
  const leads: Leads = createLeads({
    ...options,
    nowOf,
    progressed,
    campaigns,
    // Called once everything is composed: verification changes leads.
    verify: (tx) => verification.wake(tx),
    messages: sending.messages,
    repliesOf: (...messages) => inbox.records.ofMessages(...messages),
    threadsOf: sending.threadsOf,
    cancelMessages: sending.cancel,
    lockMessages: sending.lockFor,
    optOut: (...answer) => tracking.unsubscribeByAnswer(...answer),
    withdrawOptOut: (...answer) => tracking.withdrawAnswer(...answer),
  });
  const { inbox, modules: inboxModules } = composeInbox({ ...options, nowOf, leads, sending });
  const tracking: Tracking = createTracking({
    ...options,
    baseUrl: oauth.baseUrl,
    processes: () => options.processes.countOf('api'),
  });
  const work = { ...options, nowOf, progressed, campaigns, leads, mailboxes, domains, sending, tracking, dns };
  const { verification, discovery, sequencing } = composeCampaignWork({ ...work, probe: options.smtpProbe });
  const ownTimes = [additionsWait, discovery.timed, verification.timed, governing.health.timed, governing.warmup.timed];
  for (const timed of [...ownTimes, ...sequencing.timed]) sandboxClock.add(timed);
  stopOnOptOuts(leads, tracking, options);
  const exchange: Exchange = composeExchange({
    ...inWarmup,
    sandboxClock,
    providersOf: verification.providersOf,
    receive,
    visit: (...work) => sync.visit(...work),
  });
  const meetings = createMeetings({ ...options, nowOf, leads });
  const { routes, expire } = createProviderEvents({ ...options, sending, leads, nowOf, meetings });
  const selfTests = createSelfTests({ ...options, mailboxes, domains, sending });
  const receiving = createReceiving({
    ...options,
    ...settling(sending),
    exchange: exchange.port,
    onOwnCopies: selfTests.onOwnCopies,
    onReplies: (tx, replies, calendars) => inbox.received(tx, replies, () => meetings.onCalendars(tx, calendars)),
    onComplaints: async (tx, complaints) => leads.complained(tx, await sending.settleComplaints(tx, complaints)),
    lockFor: leads.lockFor,
    optedOut: tracking.optedOutBy,
    optOut: tracking.unsubscribeByToken,
    leadsOfDomains: leads.ofDomains,
    onSkipped: (mailboxId, reason) => log.warn({ mailbox_id: mailboxId, reason }, 'a received message was skipped'),
  });
  const sync = composeSync(options, { mailboxes, receiving, selfTests, transport });
  const templates = createTemplates(options);
  const analytics = createAnalytics({ ...options, nowOf });
  return {
    modules: [
      { routes, everyMinute: expire },
      mailboxes,
      governing.health.module,
      governing.warmup.module,
      { role: 'mail', routes: selfTests.routes, run: sync.run },
      ...sending.modules,
      campaigns.module,
      leads.module,
      ...inboxModules,
      sequencing.module,
      capture.module,
      sandboxClock.module,
      tracking.module,
      settingsModule(options, { mailboxes, domains, dkimKeys, authorizations, templates }),
      analytics,
      verification.module,
      createIcps(options),
      discovery.module,
      meetings,
      exchange.module,
    ],
    mailboxes,
    ...governing,
    campaigns,
    leads,
    inbox,
    sequencing,
    templates,
    domains,
    dkimKeys,
    sending,
    clocks,
    capture,
    analytics,
    exchange,
    meetings,
    receiving,
    sync,
    tracking,
    ofWorkspace: createWorkspaceRecords({ mailboxes, campaigns, sending }),
  };
}

/** Reads mailboxes: what is found goes through the door of receiving. */
const composeSync = (
  options: MailOptions,
  {
    mailboxes,
    receiving,
    selfTests,
    transport,
  }: Pick<Mail, 'mailboxes' | 'receiving'> &
    Pick<SyncOptions, 'transport'> & { readonly selfTests: Pick<SelfTests, 'onSentRead'> },
): Sync => {
  const { log, onError } = options;
  return createSync({
    ...options,
    processes: () => options.processes.countOf('mail'),
    mailboxes,
    transport,
    known: receiving.known,
    stored: receiving.stored,
    receive: receiving.receivedAll,
    onRead: async ({ id }, role) => (role === 'sent' ? selfTests.onSentRead(id) : undefined),
    onSkipped: ({ id }, folder, uid, reason) =>
      log.warn({ mailbox_id: id, folder, uid, reason }, 'a message in a mailbox was skipped'),
    onRefused: (mailboxId, reason) =>
      log.info({ mailbox_id: mailboxId, reason }, 'a server refused a command about a sent message'),
    onError: (error) => onError(error, 'mailbox sync'),
  });
};

/** What received messages say of sent ones. */
const settling = ({ settleByReport, recordDelays, liftComplaints: onForgiven }: Sending) => ({
  settleByReport,
  recordDelays,
  onForgiven,
});

/** Opt-outs stop leads. */
function stopOnOptOuts(leads: Leads, tracking: Tracking, { topics }: Pick<MailOptions, 'topics'>): void {
  topics.listen(leads.leftTopic);
  tracking.listen({
    unsubscribed: (tx, { organizationId, workspaceId, messageId, emailKey, atMs }) =>
      leads.stop(tx, organizationId, { emailKeys: [emailKey], workspaceId }, 'unsubscribed', {
        atMs,
        detail: { message_id: messageId },
      }),
    leftTopic: (tx, { organizationId, topicId, messageId, emailKey, atMs }) =>
      leads.endInTopic(tx, organizationId, topicId, emailKey, { atMs, detail: { message_id: messageId } }),
  });
}

/** Stored replies, and the assistants that are asked about them. */
function composeInbox(
  options: MailOptions &
    Pick<InboxOptions, 'nowOf'> &
    Pick<TimelineOptions, 'contactsOf'> &
    Pick<Mail, 'leads' | 'sending'>,
): Pick<Mail, 'inbox' | 'modules'> {
  const { leads, sending } = options;
  const inbox = createInbox({
    ...options,
    messages: sending.messages,
    effects: { received: leads.replied, reclassified: leads.reclassified },
    onStored: (tx, replies) => assistants.stored(tx, replies),
  });
  const assistants: Assistants = createAssistants({ ...options, inbox });
  return { inbox, modules: [inbox.module, assistants.module, { routes: timelineRoutes(options) }] };
}

/** What a mailbox needs before it works: settings, authorizations, sending domains. */
const settingsModule = (
  { network, clock, rateLimiter, publicUrl }: MailOptions,
  {
    mailboxes,
    domains,
    dkimKeys,
    authorizations,
    templates,
  }: Pick<Mail, 'mailboxes' | 'domains' | 'dkimKeys' | 'templates'> & { readonly authorizations: Authorizations },
): Module => ({
  routes: [
    ...autoconfigRoutes({ ...network, clock, rateLimiter }),
    ...domainRoutes({
      domains,
      dns: network.dns,
      mailboxOf: mailboxes.get,
      trackingTarget: publicUrl === undefined ? undefined : new URL(publicUrl).hostname,
    }),
    ...dkimKeyRoutes(dkimKeys),
    ...oauthRoutes(authorizations),
    ...templates.routes,
  ],
  everyMinute: authorizations.expire,
});
