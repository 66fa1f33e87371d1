import { cut } from '../../base/cut.ts';
import { grants } from '../../auth/index.ts';
import type { Activity } from '../../crm/activities/index.ts';
import type { Principal } from '../../http/route.ts';
import type { Lead } from '../../mail/leads/index.ts';
import type { StoredReply } from '../../mail/inbox/index.ts';
import type { OpenedMessage } from '../../mail/sending/index.ts';
import { exampleTime, integer, shapeOf, text, time } from '../shape.ts';
import type { Domain } from '../vendor.ts';
import { categoryOf } from './wire-categories.ts';
import type { Category } from './wire-categories.ts';
import { foxreachId } from './wire-ids.ts';

/** An entry of a lead's timeline: an activity that a user recorded, or a message. */
type Entry =
  | { readonly activity: Activity; readonly message?: undefined }
  | {
      readonly activity?: undefined;
      readonly message: OpenedMessage;
      readonly campaignName: string | null;
      /** Of a reply, for a key that may read replies. */
      readonly category: Category | null;
    };

/** A campaign that a contact is in. */
interface Membership {
  readonly lead: Lead;
  readonly campaignName: string | null;
  readonly opened: number;
}

/** The vendor's timeline has no pages. */
const entriesMax = 100;
const previewMax = 200;
const optional = text.nullable();
const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

const typeOfActivity = ({ activity_type: type, metadata }: Activity): string =>
  type === 'email' ? (metadata['direction'] === 'received' ? 'reply_received' : 'email_sent') : type;

function typeOfMessage({ direction, status }: OpenedMessage): string {
  if (direction === 'inbound') return 'reply_received';
  return status === 'bounced' ? 'email_bounced' : status === 'failed' ? 'email_failed' : 'email_sent';
}

const previewOf = (body: string): string => cut(body.trim(), previewMax);

const timeOf = ({ activity, message }: Entry): Date =>
  activity?.occurred_at ?? message?.sent_at ?? message?.created_at ?? new Date(0);

/** The vendor's CLI slices `subject` and formats `type`, so they are always text, as is `bodyPreview`. */
export const entry = shapeOf<Entry>({
  id: [
    text,
    'eml_0199c9f17b207d028f113c5a7e90b413',
    ({ activity, message }) =>
      activity === undefined
        ? foxreachId(message.direction === 'inbound' ? 'rpl' : 'eml', message.id)
        : foxreachId('act', activity.id),
  ],
  type: [
    text,
    'email_sent',
    ({ activity, message }) => (activity === undefined ? typeOfMessage(message) : typeOfActivity(activity)),
  ],
  subject: [
    text,
    'Spring launch',
    ({ activity, message }) => message?.said.subject ?? textOf(activity?.metadata['subject']) ?? '',
  ],
  bodyPreview: [
    text,
    'Hi Ada',
    ({ activity, message }) =>
      activity === undefined
        ? previewOf(message.said.text)
        : cut(textOf(activity.metadata['body'] ?? activity.metadata['notes']) ?? '', previewMax),
  ],
  status: [
    optional,
    'delivered',
    ({ activity, message }) => (activity === undefined ? message.status : textOf(activity.metadata['outcome'])),
  ],
  campaignName: [optional, 'Spring', (it) => (it.message === undefined ? null : it.campaignName)],
  sequenceStep: [integer.nullable(), 1, ({ message }) => message?.step ?? null],
  emailType: [
    optional,
    'campaign',
    ({ message }) =>
      message === undefined || message.direction === 'inbound'
        ? null
        : message.purpose === 'campaign'
          ? 'campaign'
          : 'manual',
  ],
  openedAt: [time.nullable(), null, ({ message }) => iso(message?.opened_at ?? null)],
  clickedAt: [time.nullable(), null, ({ message }) => iso(message?.clicked_at ?? null)],
  category: [optional, null, (it) => (it.message === undefined ? null : it.category)],
  timestamp: [time, exampleTime, (it) => timeOf(it).toISOString()],
});

export const membership = shapeOf<Membership>({
  campaignId: [text, 'cmp_0199c9f20a447e55b0c391d2e7a6f520', ({ lead }) => foxreachId('cmp', lead.campaign_id)],
  campaignName: [optional, 'Spring', ({ campaignName }) => campaignName],
  status: [text, 'waiting', ({ lead }) => lead.status],
  currentStep: [integer, 1, ({ lead }) => lead.step],
  totalSent: [integer, 1, ({ lead }) => lead.step],
  totalOpened: [integer, 0, ({ opened }) => opened],
  lastSentAt: [time.nullable(), exampleTime, ({ lead }) => iso(lead.last_sent_at)],
  nextSendAt: [time.nullable(), '2026-01-08T09:00:00.000Z', ({ lead }) => iso(lead.due_at)],
  repliedAt: [time.nullable(), null, ({ lead }) => iso(lead.replied_at)],
});

/** Messages that still wait to be sent are not part of what happened. */
const waiting: ReadonlySet<string | null> = new Set(['claimed', 'deferred', 'sending']);

/**
 * What happened with a contact, the newest first, and the campaigns that it is in. A key that may not read mailboxes gets no messages, and
 * one that may not read campaigns no campaigns; categories need `replies:read`.
 */
export async function timelineOf(
  { activities, campaigns, leads, sending, inbox, inTransaction }: Domain,
  principal: Principal,
  contactId: string,
): Promise<{ readonly activities: readonly object[]; readonly campaigns: readonly object[] }> {
  const { scopes } = principal;
  const [recorded, messages, members] = await Promise.all([
    activities.list(principal, { contactId }, { limit: entriesMax }),
    grants(scopes, 'mailboxes:read')
      ? sending.messages.list(principal, { ...noFilter, contactId }, { limit: entriesMax })
      : [],
    grants(scopes, 'campaigns:read') ? leads.records.ofContact(principal, contactId, entriesMax) : [],
  ]);
  const ids = [...new Set([...members, ...messages].flatMap(({ campaign_id: id }) => id ?? []))];
  const named = ids.length === 0 ? [] : await inTransaction((tx) => campaigns.rowsOf(tx, ids));
  const names = new Map(named.map(({ id, name }) => [id, name]));
  const nameOf = (id: string | null): string | null => names.get(id ?? '') ?? null;
  const inbound = messages.flatMap(({ direction, id }) => (direction === 'inbound' ? [id] : []));
  const replies = grants(scopes, 'replies:read') ? await inbox.records.ofMessages(principal, inbound) : noReplies;
  const categoryOfMessage = (id: string): Category | null => {
    const reply = replies.get(id);
    return reply === undefined ? null : categoryOf(reply.classification);
  };
  const opened = Map.groupBy(
    messages.filter(({ opened_at: at }) => at !== null),
    (message) => message.lead_id,
  );
  const entries: Entry[] = [
    ...recorded.map((activity): Entry => ({ activity })),
    ...messages
      .filter(({ status }) => !waiting.has(status))
      .map((message): Entry => ({
        message,
        campaignName: nameOf(message.campaign_id),
        category: categoryOfMessage(message.id),
      })),
  ];
  return {
    activities: entries
      .toSorted((one, other) => timeOf(other).getTime() - timeOf(one).getTime())
      .slice(0, entriesMax)
      .map(entry.of),
    campaigns: members.map((lead) =>
      membership.of({ lead, campaignName: nameOf(lead.campaign_id), opened: opened.get(lead.id)?.length ?? 0 }),
    ),
  };
}

const noReplies: ReadonlyMap<string, StoredReply> = new Map();

const noFilter = {
  campaignId: null,
  leadId: null,
  contactId: null,
  mailboxId: null,
  status: null,
  direction: null,
} as const;
