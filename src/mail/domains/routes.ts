import { z } from 'zod';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { DnsRecords } from '../../base/dns-records.ts';
import { dataOf } from '../../http/page.ts';
import { route } from '../../http/route.ts';
import type { Principal, Route } from '../../http/route.ts';
import { presetOfDomain } from '../autoconfig/index.ts';
import { statuses, worst } from './check.ts';
import type { Check } from './check.ts';
import { policyOf } from './dmarc.ts';
import type { Domains } from './domains.ts';
import type { CheckRow } from './queries.ts';
import { judge } from './reading.ts';
import { checkTracking } from './tracking.ts';

/** What the checks need of a mailbox. */
export interface CheckedMailbox {
  readonly id: string;
  readonly organization_id: OrganizationId;
  readonly domain: string;
  readonly smtp: { readonly host: string } | null;
  readonly tracking_domain: string | null;
}

export interface DomainRoutesOptions {
  readonly domains: Domains;
  readonly dns: DnsRecords;
  /** @throws ApiError `not_found` */
  readonly mailboxOf: (principal: Principal, id: MailboxId) => Promise<CheckedMailbox>;
  /** Where tracking hosts must lead; undefined if the operator has not set it. */
  readonly trackingTarget: string | undefined;
}

const status = z.enum(statuses);
const checkShape = z
  .object({
    status: status.describe('`unknown`: the DNS gave no answer, or the answer cannot be known.'),
    found: z.array(z.string()).describe('What the DNS has.'),
    expected: z.string(),
    fix: z
      .string()
      .nullable()
      .describe('What to do, in one line; null if nothing, and for the domain of a provider, such as gmail.com.'),
  })
  .meta({ id: 'DnsCheck' });

const statusShape = z.object({ mx: status, spf: status, dkim: status, dmarc: status });

const shape = z
  .object({
    domain: z.string(),
    status: status.describe('The most severe status of all checks.'),
    checked_at: z.iso.datetime(),
    mx: checkShape,
    spf: checkShape.extend({
      lookups: z
        .int()
        .describe('Lookups that the record costs a receiver; counting stops after 11. At most 10 are allowed.'),
      void_lookups: z.int().describe('Those without an answer. At most 2 are allowed.'),
    }),
    dkim: checkShape,
    dmarc: checkShape.extend({
      record_domain: z.string().describe('Where the record is: the domain, or its organizational domain.'),
      policy: z.string().nullable(),
      dkim_alignment: z.enum(['relaxed', 'strict']).nullable(),
      spf_alignment: z.enum(['relaxed', 'strict']).nullable(),
      reports_to: z.array(z.string()),
    }),
    tracking: checkShape.nullable().describe('Null: the mailbox has no tracking domain.'),
    history: z
      .array(z.object({ first_seen_at: z.iso.datetime(), last_seen_at: z.iso.datetime(), ...statusShape.shape }))
      .describe('What was read before, an entry for each change, the newest first; at most 100.'),
  })
  .meta({ id: 'MailboxDns' });

const good = (found: readonly string[], expected: string) => ({
  status: 'ok' as const,
  found: [...found],
  expected,
  fix: null,
});
const example: z.input<typeof shape> = {
  domain: 'hopper.example',
  status: 'warning',
  checked_at: '2026-01-05T09:00:00.000Z',
  mx: good(['10 mail.hopper.example'], 'At least one MX record, so that replies and bounces arrive'),
  spf: {
    ...good(
      ['v=spf1 include:_spf.google.com ~all'],
      'One TXT record such as "v=spf1 include:_spf.google.com ~all", with at most 10 lookups',
    ),
    lookups: 4,
    void_lookups: 0,
  },
  dkim: good(['google: rsa 2048 bits'], 'A key of 2,048 bits at SELECTOR._domainkey, with which the provider signs'),
  dmarc: {
    status: 'warning',
    found: ['v=DMARC1; p=none; rua=mailto:dmarc@hopper.example'],
    expected:
      'One TXT record at _dmarc.hopper.example, such as "v=DMARC1; p=quarantine; rua=mailto:dmarc@hopper.example"',
    fix: 'Raise the policy to quarantine once the reports show that all own mail passes.',
    record_domain: 'hopper.example',
    policy: 'none',
    dkim_alignment: 'relaxed',
    spf_alignment: 'relaxed',
    reports_to: ['mailto:dmarc@hopper.example'],
  },
  tracking: null,
  history: [
    {
      first_seen_at: '2026-01-04T09:00:00.000Z',
      last_seen_at: '2026-01-05T09:00:00.000Z',
      mx: 'ok',
      spf: 'ok',
      dkim: 'ok',
      dmarc: 'warning',
    },
  ],
};

/** @param canFix whether the domain is the caller's */
const shownBy =
  (canFix: boolean) =>
  ({ status: verdict, found, expected, fix }: Check): z.input<typeof checkShape> => ({
    status: verdict,
    found: [...found],
    expected,
    fix: canFix ? fix : null,
  });

const alignment = (letter: string | undefined): 'relaxed' | 'strict' | null =>
  letter === undefined ? null : letter === 's' ? 'strict' : 'relaxed';

const historyOnWire = ({ result, first_seen_at: from, last_seen_at: to }: CheckRow, domain: string, smtp?: string) => {
  const { mx, spf, dkim, dmarc } = judge(result, domain, smtp);
  return {
    first_seen_at: from.toISOString(),
    last_seen_at: to.toISOString(),
    mx: mx.status,
    spf: spf.status,
    dkim: dkim.status,
    dmarc: dmarc.status,
  };
};

export const domainRoutes = ({ domains, dns, mailboxOf, trackingTarget }: DomainRoutesOptions): readonly Route[] => [
  route({
    method: 'GET',
    path: '/v1/mailboxes/:id/dns',
    tag: 'Mailboxes',
    summary: 'Check the DNS of a mailbox’s domain',
    description:
      'Reads the records that decide whether messages arrive: MX, SPF, DKIM, DMARC and the CNAME of the tracking domain. A reading is used again for 5 minutes. Selectors of DKIM keys cannot be listed, so those that were seen in a self-test message are checked, and the usual ones.',
    scope: 'mailboxes:read',
    boundKeys: 'own',
    operationId: 'checkMailboxDns',
    params: z.object({ id: z.uuid() }),
    answers: {
      200: { description: 'A verdict for each kind of record.', schema: dataOf(shape), example: { data: example } },
      404: { description: 'No such mailbox.' },
    },
    handle: async ({ params }, principal) => {
      const mailbox = await mailboxOf(principal, params.id as MailboxId);
      const { domain, tracking_domain: host, organization_id: organization } = mailbox;
      const smtp = mailbox.smtp?.host;
      const [{ reading, at }, tracking] = await Promise.all([
        domains.read(organization, domain),
        host === null ? null : checkTracking(dns, host, trackingTarget),
      ]);
      const { mx, spf, dkim, dmarc } = judge(reading, domain, smtp);
      const policy = policyOf(reading.dmarc, domain);
      const onWire = shownBy(presetOfDomain(domain) === undefined);
      const data: z.input<typeof shape> = {
        domain,
        status: worst([mx, spf, dkim, dmarc, tracking ?? []].flat()),
        checked_at: at.toISOString(),
        mx: onWire(mx),
        spf: { ...onWire(spf), lookups: reading.spf.lookups, void_lookups: reading.spf.voids },
        dkim: onWire(dkim),
        dmarc: {
          ...onWire(dmarc),
          record_domain: reading.dmarc.at,
          policy: policy?.policy ?? null,
          dkim_alignment: alignment(policy?.dkimAlignment),
          spf_alignment: alignment(policy?.spfAlignment),
          reports_to: [...(policy?.reports ?? [])],
        },
        tracking: tracking === null ? null : shownBy(true)(tracking),
        history: (await domains.history(organization, domain)).map((row) => historyOnWire(row, domain, smtp)),
      };
      return { status: 200, body: { data } };
    },
  }),
];
