/**
 * The codes of skipped actions: stable, part of the API. Three codes that other products have cannot occur: there is no hourly limit of a whole
 * mailbox, no rule about lawful bases, and a sandbox sends as everybody, into its box.
 */

/** Of a lead: why it gets nothing now, or nothing any more. */
export const leadReasons = {
  suppressed_email: 'the address is suppressed',
  suppressed_domain: 'its domain is suppressed',
  unsubscribed: 'the person opted out',
  left_topic: 'the person left the topic of the campaign',
  complained: 'the person reported a message as spam',
  hard_bounced: 'the address does not exist',
  soft_bounced: 'the mailbox cannot receive messages for now, and the retries are over',
  block_bounced: "the recipient's server refuses the domain of the mailbox",
  replied: 'the person replied',
  company_replied: 'somebody of the same company replied',
  company_meeting: 'a meeting with somebody of the same company was booked',
  meeting_booked: 'a meeting was booked',
  not_interested: 'the person is not interested',
  wrong_person: 'somebody else is responsible',
  left_company: 'the person has left the company',
  out_of_office_until: 'the person is away',
  manual: 'a person paused the lead',
  removed: 'a person removed the lead',
  contact_deleted: 'the contact was deleted',
  contact_merged: 'the contact was merged into another lead of the campaign',
  verification_pending: 'the address is not verified yet',
  verification_failed: 'the address cannot be reached',
  verification_risky: 'the address is a risk that the campaign does not take',
  missing_variable: 'the text needs a value that the contact does not have',
  template_error: 'the text cannot be rendered',
  needs_smtputf8: 'the part of the address before the @ is not ASCII',
  mailbox_full: 'its mailbox was full three times within 14 days; it gets nothing for 30 days',
  contact_cooldown: 'another campaign wrote to it a short time ago',
  company_limit: 'enough people of the company are contacted now',
  unknown_send_pending: 'it is not known whether its last message was sent',
  deferred_by_server: 'a server said "later"; without a time, the retries are over',
  delay: 'the delay of the next step is not over',
  no_step_left: 'no step follows; it is about to finish',
} as const;

/** Of a campaign. */
export const campaignReasons = {
  campaign_paused: 'a draft, or paused; `detail` has the reason',
  campaign_ended: 'completed or archived',
  domain_auth_failing: 'paused, because receivers cannot authenticate mail of its domain',
  outside_window: 'no sending window is open',
  holiday: 'a holiday',
  campaign_daily_limit: 'the messages of the day are sent',
  new_lead_limit: 'enough new leads were contacted on that day',
  no_mailbox: 'no mailbox belongs to it',
} as const;

/** Of the mailbox that writes to the lead, or of any that may. */
export const mailboxReasons = {
  mailbox_daily_limit: 'the messages of the day are sent',
  mailbox_gap: 'the gap between two messages is not over',
  warmup_limit: 'its warm-up or its health allows no more messages on this day',
  domain_hourly_limit: "enough messages went to the recipient's domain in this hour",
  organization_limit: "a limit of the organization is reached: of its day, or of this hour for the recipient's domain",
  provider_limit: "the provider's limit is reached",
  mailbox_connecting: 'its login is not tested yet',
  mailbox_seed: 'it only receives',
  mailbox_degraded: 'its server does not answer',
  mailbox_auth_failed: 'its login is refused',
  mailbox_paused: 'a person paused it',
  mailbox_disconnected: 'it was disconnected',
  in_queue: 'nothing holds the message back; others come before it',
} as const;

const listOf = (reasons: Readonly<Record<string, string>>): string =>
  Object.entries(reasons)
    .map(([code, meaning]) => `\`${code}\` (${meaning})`)
    .join(', ');

/** All codes with their meaning, for the API document. */
export const reasonsDescription = [
  `Of the lead: ${listOf(leadReasons)}.`,
  `Of the campaign: ${listOf(campaignReasons)}.`,
  `Of its mailbox: ${listOf(mailboxReasons)}.`,
  'A message that a server refused for another reason has the code of the failure, such as `content`.',
].join(' ');
