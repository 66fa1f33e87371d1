import { verify } from 'node:crypto';
import { invalid } from '../../../base/errors.ts';
import { own } from '../../../base/own.ts';
import {
  addressOf,
  assertNone,
  dedupeKeyOf,
  isRecord,
  known,
  line,
  list,
  member,
  messageIdFields,
  messageIdsOf,
  record,
  seenDetails,
  text,
  time,
  typeOf,
} from '../fields.ts';
import type { Fields } from '../fields.ts';
import { freshMs } from '../provider.ts';
import type { Provider, ProviderEvent, ReportType } from '../provider.ts';

/** `eventType` of event publishing and `notificationType` of feedback notifications, which are nearly the same. */
const types: Readonly<Record<string, ReportType>> = {
  Send: 'email.sent',
  Delivery: 'email.delivered',
  DeliveryDelay: 'email.deferred',
  Bounce: 'email.bounced',
  Complaint: 'email.complained',
  Reject: 'email.rejected',
  'Rendering Failure': 'email.failed',
  Open: 'email.opened',
  Click: 'email.clicked',
};

/** Feedback types (RFC 5965 §7.3) by which nobody complains. */
const notComplaints: ReadonlySet<unknown> = new Set(['not-spam', 'auth-failure']);

const topicPattern = /^arn:aws[a-z-]{0,10}:sns:([a-z]{2}[a-z-]{2,20}-\d{1,2}):\d{12}:[\w-]{1,256}(?:\.fifo)?$/;
const hostPattern = /^sns\.([a-z]{2}[a-z-]{2,20}-\d{1,2})\.amazonaws\.com(?:\.cn)?$/;
const certificatePath = /^\/SimpleNotificationService-[\w-]{1,100}\.pem$/;
const confirmationPath = /^\/\?[^#]*$/;
/** Of one message (https://docs.aws.amazon.com/ses/latest/dg/quotas.html): each is an event that is stored with the whole post. */
const recipientsMax = 50;
/** How old a message may be: SNS repeats it with its first time, and its id is taken once. */
const oldestMs = 3_600_000;

/** What is signed of each type (https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html), in order. */
const signedFields: Readonly<Record<string, readonly string[]>> = {
  Notification: ['Message', 'MessageId', 'Subject', 'Timestamp', 'TopicArn', 'Type'],
  SubscriptionConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
  UnsubscribeConfirmation: ['Message', 'MessageId', 'SubscribeURL', 'Timestamp', 'Token', 'TopicArn', 'Type'],
};

const digests: Readonly<Record<string, string>> = { '1': 'sha1', '2': 'sha256' };

/** Amazon SES, whose events Amazon SNS posts as text/plain. */
export const ses: Provider = {
  name: 'ses',

  material({ topic_arn: topic, ...others }) {
    assertNone(others);
    if (topic === undefined) throw invalid({ topic_arn: 'is required: the ARN of the SNS topic' });
    if (!topicPattern.test(topic))
      throw invalid({ topic_arn: 'must be the ARN of an SNS topic, such as arn:aws:sns:eu-west-1:123456789012:ses' });
    return { material: { topic_arn: topic }, shown: null };
  },

  recognise: (headers) => 'x-amz-sns-message-type' in headers,

  async verify({ body, nowMs, certificateKey }, { topic_arn: topic = '' }) {
    const message = record(body);
    const { SignatureVersion: version, Signature: signature, SigningCertURL: url } = message;
    const signed = signedText(message);
    const digest = own(digests, String(version));
    if (signed === undefined || digest === undefined || typeof signature !== 'string') return false;
    // Before anything is fetched.
    if (message['TopicArn'] !== topic || !isOfTopic(url, topic, certificatePath)) return false;
    const sentMs = time(message['Timestamp']);
    // SNS repeats for an hour at most.
    if (sentMs === undefined || nowMs === null || sentMs < nowMs - oldestMs || sentMs > nowMs + freshMs) return false;
    const key = await certificateKey(String(url));
    return (
      key?.asymmetricKeyType === 'rsa' && verify(digest, Buffer.from(signed), key, Buffer.from(signature, 'base64'))
    );
  },

  confirmation(body, { topic_arn: topic = '' }) {
    const message = record(body);
    const { SubscribeURL: url } = message;
    if (message['Type'] !== 'SubscriptionConfirmation' || message['TopicArn'] !== topic) return undefined;
    if (typeof url !== 'string' || !isOfTopic(url, topic, confirmationPath)) return undefined;
    const { searchParams } = new URL(url);
    const isConfirming = searchParams.get('Action') === 'ConfirmSubscription' && searchParams.get('TopicArn') === topic;
    return isConfirming ? url : undefined;
  },

  read(body) {
    const envelope = record(body);
    if (envelope['Type'] !== 'Notification') return [];
    const event = parsed(envelope['Message']);
    // Such as the text that SES sends when a topic is chosen.
    return event === undefined ? [] : eventsOf(event, envelope);
  },
};

/** The text that the signature is of; undefined if a field is missing. */
function signedText(message: Fields): string | undefined {
  const fields = own(signedFields, String(message['Type']));
  if (fields === undefined) return undefined;
  const given = fields
    .map((name) => [name, own(message, name)] as const)
    .filter(([name, value]) => name !== 'Subject' || value != null);
  return given.every(([, value]) => typeof value === 'string')
    ? given.map(([name, value]) => `${name}\n${String(value)}\n`).join('')
    : undefined;
}

/** Whether a URL is one of Amazon SNS in the region of the topic. @param path what follows its host */
function isOfTopic(url: unknown, topic: string, path: RegExp): boolean {
  const parts = typeof url === 'string' ? URL.parse(url) : null;
  if (parts?.protocol !== 'https:' || parts.port !== '') return false;
  if (parts.username !== '' || parts.password !== '' || !path.test(`${parts.pathname}${parts.search}${parts.hash}`))
    return false;
  const region = hostPattern.exec(parts.hostname)?.[1];
  return region !== undefined && region === topicPattern.exec(topic)?.[1];
}

function parsed(message: unknown): Fields | undefined {
  try {
    const value: unknown = JSON.parse(String(message));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** One event for each recipient that the report names; a message of several has more of them than failed. */
function eventsOf(event: Fields, envelope: Fields): readonly ProviderEvent[] {
  const word = line(event['eventType']) ?? line(event['notificationType']);
  const mail = record(event['mail']);
  const about = aboutOf(event, word);
  const type = reportOf(word, about);
  const id = line(envelope['MessageId']);
  const messageIds = messageIdsOf(...idsOf(mail));
  const named = recipientsOf(about, mail).slice(0, recipientsMax);
  return named.map((recipient): ProviderEvent => {
    const address = addressOf(isRecord(recipient) ? recipient['emailAddress'] : recipient);
    return {
      type,
      emailId: line(mail['messageId']) ?? '',
      messageIds,
      eventId: id,
      recipient: address,
      occurredAtMs: time(about['timestamp']) ?? time(mail['timestamp']) ?? time(envelope['Timestamp']),
      dedupeKey: dedupeKeyOf('ses', id, address),
      hard: hardOf(word, line(about['bounceType'])),
      answer:
        text(member(recipient, 'diagnosticCode')) ??
        text(about['smtpResponse']) ??
        text(about['reason']) ??
        text(about['errorMessage']) ??
        text(about['bounceSubType']) ??
        text(about['delayType']),
      status: line(member(recipient, 'status')),
      details: detailsIn(type, about),
    };
  });
}

function reportOf(word: string | undefined, about: Fields): ReportType {
  if (word === 'Subscription' && member(about['newTopicPreferences'], 'unsubscribeAll') === true)
    return 'email.unsubscribed';
  return word === 'Complaint' && notComplaints.has(about['complaintFeedbackType'])
    ? 'email.unknown'
    : typeOf(types, word);
}

/** The member that is named like the type: `Bounce` → `bounce`, `DeliveryDelay` → `deliveryDelay`. */
function aboutOf(event: Fields, word = ''): Fields {
  if (word === 'Rendering Failure') return record(event['failure']);
  return record(member(event, `${word.charAt(0).toLowerCase()}${word.slice(1)}`));
}

/** Those that the report names, otherwise those of the message; one without an address, if there are none. */
function recipientsOf(about: Fields, mail: Fields): readonly unknown[] {
  const [found] = ['bouncedRecipients', 'complainedRecipients', 'delayedRecipients', 'recipients']
    .map((name) => list(member(about, name)))
    .concat([list(mail['destination']), [null]])
    .filter((each) => each.length > 0);
  return found ?? [];
}

/** The Message-ID of the header, and those that SES makes of its own id. */
function idsOf(mail: Fields): readonly unknown[] {
  const id = line(mail['messageId']);
  const region = /^arn:[\w-]+:ses:([a-z\d-]+):/.exec(line(mail['sourceArn']) ?? '')?.[1];
  return [
    ...(id === undefined ? [] : [`${id}@email.amazonses.com`]),
    ...(id === undefined || region === undefined ? [] : [`${id}@${region}.amazonses.com`]),
    member(mail['commonHeaders'], 'messageId'),
    ...messageIdFields(mail['headers']),
  ];
}

function hardOf(word: string | undefined, bounceType: string | undefined): boolean | undefined {
  if (word !== 'Bounce') return undefined;
  return bounceType === 'Permanent' ? true : bounceType === 'Transient' ? false : undefined;
}

function detailsIn(type: ReportType, about: Fields): ProviderEvent['details'] {
  if (type === 'email.complained') return known({ feedback_type: text(about['complaintFeedbackType']) });
  const { ipAddress: ip, userAgent, link: url } = about;
  return seenDetails(type, { ip, userAgent, url });
}
