/** Every event type the product itself emits, and the two of the engine. Callers may publish types of their own beside these. */
export const canonicalTypes = [
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'company.created',
  'company.updated',
  'company.deleted',
  'activity.created',
  'activity.updated',
  'activity.deleted',
  'project.created',
  'project.updated',
  'project.deleted',
  'lead.discovered',
  'lead.verified',
  'campaign.started',
  'campaign.paused',
  'campaign.completed',
  'email.sent',
  'email.delivered',
  'email.failed',
  'email.bounced',
  'email.opened',
  'email.clicked',
  'email.unsubscribed',
  'email.complained',
  'reply.received',
  'reply.classified',
  'meeting.booked',
  'mailbox.connected',
  'mailbox.disconnected',
  'warmup.health_changed',
  'warmup.milestone',
  'suppression.created',
  'suppression.deleted',
  'sending.limit_reached',
  'webhook.test',
  'endpoint.disabled',
  'delivery.exhausted',
] as const;

export type CanonicalType = (typeof canonicalTypes)[number];

const known: ReadonlySet<string> = new Set(canonicalTypes);

export const isCanonical = (type: string): type is CanonicalType => known.has(type);
