import { dayMs } from '../../base/clock.ts';
import type { Group } from '../leads/index.ts';
import { isCapturing } from '../mailboxes/index.ts';
import { contentWarnings, variationOf } from '../templates/index.ts';
import { ofCampaign } from './findings.ts';
import type { Finding, ValidationInput } from './findings.ts';

/** So many messages of the same text are easy to recognize. */
const sameTextMax = 200;
/** A new mailbox sends so many messages on its first day, and one more each day, for so many days. */
const ramp = { start: 5, perDay: 1, days: 35 } as const;

/** What should be looked at before a launch. Pure. */
export function warningsOf(input: ValidationInput): Finding[] {
  return [...mailboxWarnings(input), ...textWarnings(input), ...leadWarnings(input)];
}

function mailboxWarnings({ mailboxes, domains, withoutOptOutUrl, nowMs }: ValidationInput): Finding[] {
  const found: Finding[] = [];
  const warn = (code: string, message: string): number => found.push(ofCampaign(code, 'mailbox_ids', message));
  const failing = mailboxes.filter(({ status }) => status === 'auth_failed').map(({ email }) => email);
  if (failing.length > 0) warn('mailbox_auth_failed', `${named(failing)} cannot log in.`);
  for (const domain of new Set(mailboxes.flatMap((mailbox) => (isCapturing(mailbox) ? [] : [mailbox.domain])))) {
    const checks = domains.get(domain);
    if (checks === undefined) continue;
    const { spf, dkim, dmarc } = checks;
    if (dmarc.status !== 'unknown' && dmarc.found.length === 0)
      warn('dmarc_missing', `${domain} has no DMARC record. ${dmarc.fix ?? ''}`.trim());
    for (const [name, { status, fix }] of Object.entries({ SPF: spf, DKIM: dkim, DMARC: dmarc }))
      if (status === 'failing') warn('domain_auth_failing', `${name} of ${domain} fails. ${fix ?? ''}`.trim());
  }
  for (const mailbox of mailboxes) {
    if (isCapturing(mailbox)) continue;
    const days = Math.floor((nowMs - (mailbox.connected_at ?? mailbox.created_at).getTime()) / dayMs);
    const wanted = ramp.start + ramp.perDay * Math.max(0, days);
    if (days < ramp.days && mailbox.daily_limit > wanted)
      warn(
        'mailbox_young',
        `${mailbox.email} was connected ${days === 1 ? '1 day' : `${Math.max(0, days)} days`} ago and may send ${mailbox.daily_limit} messages a day. Begin with ${wanted}, and raise it by one each day.`,
      );
  }
  if (withoutOptOutUrl.length > 0)
    warn(
      'unsubscribe_by_mail_only',
      `Recipients of ${named(withoutOptOutUrl)} can opt out only by mail. Set a tracking host, or an HTTPS address of this installation.`,
    );
  return found;
}

function textWarnings({ campaign, texts, leads, mailboxes, first }: ValidationInput): Finding[] {
  const found: Finding[] = [];
  const [opening] = texts;
  if (opening !== undefined && first !== undefined) {
    const html = first.html !== null;
    for (const { code, message } of contentWarnings({
      body: first.html ?? first.text,
      format: html ? 'html' : 'text',
    }))
      found.push(ofCampaign(code, `${opening.field}.body`, `The first message ${message}.`));
    const unsigned = mailboxes.filter(({ signature }) => !hasPostalAddress(`${first.text}\n${signature ?? ''}`));
    if (unsigned.length > 0)
      found.push(
        ofCampaign(
          'no_postal_address',
          `${opening.field}.body`,
          'Neither the first message nor the signature seems to have a postal address, which some laws require (CAN-SPAM in the USA).',
        ),
      );
  }
  const bySteps = Map.groupBy(texts, ({ step }) => step);
  for (const [step, own] of bySteps) {
    const [only, ...others] = own;
    if (only !== undefined && others.length === 0 && leads > sameTextMax && variationOf(only.compiled) === 'none')
      found.push(
        ofCampaign(
          'identical_texts',
          `${only.field}.body`,
          `All ${leads.toLocaleString('en')} leads of ${campaign.name} get the same text in step ${step + 1}. Name the lead, or use variants or spintax.`,
        ),
      );
  }
  return found;
}

/** What is said of leads with a trait, if it matters to the campaign. */
const traitWarnings: readonly {
  readonly trait: string;
  readonly code: string;
  readonly says: string;
  readonly concerns?: (campaign: ValidationInput['campaign']) => boolean;
}[] = [
  {
    trait: 'unverified',
    code: 'leads_unverified',
    says: 'have an address that is not verified, and `verification` is off',
    concerns: ({ verification }) => verification === 'off',
  },
  {
    trait: 'undeliverable',
    code: 'leads_undeliverable',
    says: 'have an address that does not work, and `verification` is off',
    concerns: ({ verification }) => verification === 'off',
  },
  {
    trait: 'risky',
    code: 'leads_risky',
    says: 'have an address at risk, such as a catch-all one',
    concerns: ({ verification }) => verification !== 'deliverable',
  },
  { trait: 'role', code: 'role_addresses', says: 'have the address of a function, such as info@' },
  { trait: 'no_basis', code: 'no_lawful_basis', says: 'have no lawful basis for their personal data' },
  {
    trait: 'no_timezone',
    code: 'leads_without_timezone',
    says: 'have no time zone of their own: the windows open in the one of the campaign',
    concerns: ({ schedule }) => schedule.use_lead_timezone,
  },
];

function leadWarnings({ campaign, traits, suppressed, leads }: ValidationInput): Finding[] {
  const checked = traits.get('all')?.count ?? 0;
  const found = traitWarnings.flatMap(({ trait, code, says, concerns }): Finding[] => {
    const group = traits.get(trait);
    if (group === undefined || concerns?.(campaign) === false) return [];
    return [ofLeads(code, group, checked, says)];
  });
  if (suppressed.count > 0)
    found.push(ofLeads('leads_suppressed', suppressed, leads, 'are left out: their addresses are suppressed'));
  return found;
}

const ofLeads = (code: string, { count, lead_ids: ids }: Group, of: number, says: string): Finding => ({
  code,
  field: 'contact_ids',
  message: `${count.toLocaleString('en')} of ${of.toLocaleString('en')} leads (${Math.round((count / Math.max(1, of)) * 100)} %) ${says}.`,
  count,
  lead_ids: ids,
});

const namedMax = 3;
const named = (names: readonly string[]): string =>
  names.length <= namedMax
    ? names.join(', ')
    : `${names.slice(0, namedMax).join(', ')} and ${names.length - namedMax} more`;

/** A postal code with letters near it, a British or Canadian one, a post-office box, or a street with a number. A guess. */
const postal = [
  /\bP\.? ?O\.? ?Box\b|\bPostfach\b|\bPostboks\b/i,
  /\b[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}\b|\b[A-Z]\d[A-Z] \d[A-Z]\d\b/,
  /\b(?!(?:19|20)\d\d\b)\d{4,6}(?:-\d{3,4})?,? +\p{Lu}\p{L}+|\p{Lu}\p{L}+,? +(?!(?:19|20)\d\d\b)\d{4,6}(?:-\d{3,4})?\b/u,
  /\b\d{1,5}[a-z]? (?:\p{Lu}[\p{L}.]* ){0,3}(?:St|Street|Ave|Avenue|Road|Rd|Lane|Ln|Drive|Dr|Blvd|Way|Square|Rue)\b/u,
  /\p{L}(?:straße|strasse|str\.|gata|gate|gaten|vei|veien|laan|weg) \d{1,4}\b/iu,
];

/** Whether a text seems to have a postal address. */
export const hasPostalAddress = (text: string): boolean => postal.some((pattern) => pattern.test(text));
