import type { Clock } from '../../base/clock.ts';
import { dayMs, hourMs, minuteMs } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { saveVerdicts } from '../../crm/contacts/index.ts';
import type { Suppressions } from '../../crm/suppressions/index.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Campaign, Campaigns, StepOutline } from '../campaigns/index.ts';
import { admissionOf, nextDueMs } from '../leads/index.ts';
import type { Lead, LeadChange, Leads } from '../leads/index.ts';
import { readDomains } from './domains.ts';
import type { DomainFacts, DomainsOptions } from './domains.ts';
import { probingMs } from './probes.ts';
import type { createProbes } from './probes.ts';
import { acceptingAll, historyOf, takeTurn, waitingLeads } from './queries.ts';
import type { WaitingLead } from './queries.ts';
import { isWorthProbing, verdictOf, withOpinion } from './verdict.ts';
import type { Judgement, Opinion } from './verdict.ts';

export interface VerificationOptions extends DomainsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly emitAll: EmitAll;
  readonly suppressions: Pick<Suppressions, 'suppressed'>;
  readonly leads: Pick<Leads, 'lock' | 'change'>;
  readonly campaigns: Pick<Campaigns, 'rowsOf' | 'stepsOf' | 'wake'>;
  /** Unix milliseconds of an organization's clock. */
  readonly nowOf: (on: Queryable, organization: OrganizationId) => Promise<number>;
  /** Something was done for organizations, whose clocks may go on. */
  readonly progressed: (on: Queryable, organizations: readonly OrganizationId[]) => Promise<void>;
  /** Opinions of recipients' servers, by address, asked for until a time; empty if they are not to be asked. */
  readonly probesFor: ReturnType<typeof createProbes>;
  /** Another verifier's opinions on addresses, by address; empty without one. */
  readonly opinionsOf: (
    organization: OrganizationId,
    emails: readonly string[],
    signal: AbortSignal,
  ) => Promise<ReadonlyMap<string, Opinion>>;
}

/** An address whose parts were read. */
export interface Subject {
  readonly email: string;
  readonly key: string;
  readonly domain: string;
}

export interface Finding extends Judgement {
  readonly provider: string | null;
}

/** Leads in one transaction. */
const batchMax = 500;
/** A message that was accepted this long ago and did not bounce was delivered. */
const settledMs = 3 * dayMs;
/** A lead whose domain's name servers do not answer waits this long; as long as nothing answers, the runner does. */
const retryMs = hourMs;
export const silentMs = 5 * minuteMs;

/** No sandbox message leaves the installation, so nothing is asked about its addresses. */
const sandboxDomain: DomainFacts = { kind: 'mail', provider: null };

/**
 * Judges addresses of an organization, with a fixed number of statements.
 * @param probesUntilMs no recipient's server is asked later
 * @returns findings by key
 */
export async function judge(
  options: Pick<VerificationOptions, 'db' | 'clock' | 'dns' | 'suppressions' | 'opinionsOf' | 'probesFor'>,
  { id, sandbox }: { readonly id: OrganizationId; readonly sandbox: boolean },
  subjects: readonly Subject[],
  domains: ReadonlyMap<string, DomainFacts>,
  probesUntilMs: number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, Finding>> {
  const { db, clock, suppressions } = options;
  const keys = subjects.map(({ key }) => key);
  const [suppressed, histories, accepting] = await Promise.all([
    // A verdict is about the address: what a single workspace suppresses is not part of it.
    suppressions.suppressed(db, { organizationId: id, workspaceId: null }, subjects),
    historyOf(db, id, keys, new Date(clock.now() - settledMs)),
    acceptingAll(db, id, [...new Set(subjects.map(({ domain }) => domain))]),
  ]);
  const history = new Map(histories.map((row) => [row.key, row.history]));
  const own = subjects.map((subject) => {
    const facts = sandbox ? sandboxDomain : (domains.get(subject.domain) ?? { kind: 'unknown', provider: null });
    const judgement = verdictOf(subject.email, {
      domain: facts.kind,
      suppressed: suppressed.has(subject.key),
      history: history.get(subject.key) ?? null,
      acceptsAll: accepting.has(subject.domain),
    });
    return { subject, finding: { ...judgement, provider: facts.provider } };
  });
  const open = sandbox ? [] : own.filter(({ finding }) => finding.isOpen);
  const opinions = await options.opinionsOf(
    id,
    open.map(({ subject }) => subject.email),
    signal,
  );
  const probed = await options.probesFor(
    open
      .filter(({ subject, finding }) => !opinions.has(subject.email) && isWorthProbing(finding))
      .map(({ subject, finding }) => ({ ...subject, provider: finding.provider })),
    probesUntilMs,
    signal,
  );
  return new Map(
    own.map(({ subject, finding }) => {
      const opinion = opinions.get(subject.email);
      const probe = probed.get(subject.email);
      if (opinion !== undefined) return [subject.key, { ...finding, ...withOpinion(finding, opinion) }];
      return [subject.key, probe === undefined ? finding : { ...finding, ...withOpinion(finding, probe, 'smtp') }];
    }),
  );
}

/** Whether the verdict must wait for the DNS, or for another verifier. */
const waits = ({ verdict, reasons, waits: later }: Judgement): boolean =>
  later !== undefined || (verdict === 'unknown' && reasons.includes('dns_unavailable'));

/**
 * Verifies the next leads. Everything that waits for others' servers happens before the leads are locked.
 * @returns `done`: there was nothing to do, or another process does it; `silent`: the DNS does not answer
 */
export const verifyBatch = (options: VerificationOptions, signal: AbortSignal): Promise<'some' | 'done' | 'silent'> =>
  options.db.transaction(async (turn) => {
    const { db, clock } = options;
    if (!(await takeTurn(turn))) return 'done';
    const waiting = await waitingLeads(db, new Date(clock.now()), batchMax);
    if (waiting.length === 0) return 'done';
    const asked = waiting.filter(({ sandbox }) => !sandbox).map(({ domain }) => domain);
    const domains = await readDomains(options, [...new Set(asked)]);
    const byOrganization = Map.groupBy(waiting, ({ organization_id: id }) => id);
    const probesUntilMs = clock.now() + probingMs;
    let moved = 0;
    for (const [id, leads] of byOrganization) {
      const { sandbox = false } = leads[0] ?? {};
      const subjects = new Map(leads.map((lead) => [lead.email_key, subjectOf(lead)]));
      const findings = await judge(options, { id, sandbox }, [...subjects.values()], domains, probesUntilMs, signal);
      const nowMs = await options.nowOf(db, id);
      moved += await db.transaction((tx) => settle(options, tx, id, leads, findings, nowMs));
    }
    return moved === 0 && domains.size > 0 && [...domains.values()].every(({ kind }) => kind === 'unknown')
      ? 'silent'
      : 'some';
  });

const subjectOf = ({ email, email_key: key, domain }: WaitingLead): Subject => ({ email, key, domain });

/** @returns how many leads have a verdict now */
async function settle(
  options: VerificationOptions,
  tx: Transaction,
  organization: OrganizationId,
  waiting: readonly WaitingLead[],
  findings: ReadonlyMap<string, Finding>,
  nowMs: number,
): Promise<number> {
  const at = new Date(nowMs);
  const judged = [...findings].flatMap(([key, finding]) => (waits(finding) ? [] : [{ key, ...finding }]));
  if (judged.length > 0) await saveVerdicts(tx, { organizationId: organization }, judged, at);
  const campaignIds = [...new Set(waiting.map(({ campaign_id: id }) => id))].sort();
  await options.campaigns.wake(tx, campaignIds);
  const campaigns = new Map((await options.campaigns.rowsOf(tx, campaignIds)).map((row) => [row.id, row]));
  const steps = Map.groupBy(await options.campaigns.stepsOf(tx, campaignIds), (step) => step.campaign_id);
  const locked = await options.leads.lock(
    tx,
    waiting.map(({ id }) => id),
  );
  const changes = locked.flatMap((lead): LeadChange[] => {
    const finding = findings.get(lead.email_key);
    const campaign = campaigns.get(lead.campaign_id);
    // It was removed, or the address was verified in the meantime.
    if (finding === undefined || campaign === undefined || lead.verdict !== null || lead.status !== 'queued') return [];
    return [changeOf(lead, campaign, steps.get(campaign.id) ?? [], finding, nowMs)];
  });
  const changed = new Map((await options.leads.change(tx, changes)).map((lead) => [lead.id, lead]));
  const verified = changes.filter(({ lead, patch }) => changed.has(lead.id) && patch?.verdict !== undefined);
  await options.emitAll(
    tx,
    verified.map(({ lead, fact }) => ({
      organizationId: organization,
      workspaceId: lead.workspace_id ?? undefined,
      type: 'lead.verified',
      data: {
        lead_id: lead.id,
        contact_id: lead.contact_id,
        email: lead.email,
        passed: fact === 'verified',
        verdict: changed.get(lead.id)?.verdict ?? null,
        reasons: findings.get(lead.email_key)?.reasons ?? [],
      },
      occurredAtMs: nowMs,
    })),
  );
  await options.progressed(tx, [organization]);
  return verified.length;
}

function changeOf(
  lead: Lead,
  campaign: Campaign,
  steps: readonly StepOutline[],
  finding: Finding,
  nowMs: number,
): LeadChange {
  const { verdict, reasons, provider } = finding;
  const detail = { verdict, reasons };
  if (waits(finding)) {
    const { waitMs = retryMs, problem = null } = finding.waits ?? {};
    const blocked = { blocked_reason: 'verification_pending', blocked_until: new Date(nowMs + waitMs) };
    return { lead, fact: 'planned', patch: { ...blocked, blocked_detail: problem }, detail, atMs: nowMs };
  }
  const admission = admissionOf(campaign.verification, verdict);
  return admission === 'admitted'
    ? {
        lead,
        fact: 'verified',
        patch: { verdict, provider, due_at: new Date(nextDueMs(campaign, steps, lead, nowMs) ?? nowMs) },
        detail,
        atMs: nowMs,
      }
    : {
        lead,
        fact: 'skipped',
        patch: { verdict, provider, blocked_reason: admission, blocked_detail: reasons.join(', ') },
        detail,
        atMs: nowMs,
      };
}

/** Judges one address now. */
export async function verifyOne(
  options: VerificationOptions,
  organization: { readonly id: OrganizationId; readonly sandbox: boolean },
  email: string,
  signal: AbortSignal,
): Promise<Finding> {
  const address = parseAddress(email);
  if ('problem' in address) return { ...verdictOf(email, noFacts), provider: null };
  const domains = organization.sandbox ? new Map<string, DomainFacts>() : await readDomains(options, [address.domain]);
  const subject = { email, key: address.key, domain: address.domain };
  const untilMs = options.clock.now() + probingMs;
  const finding = (await judge(options, organization, [subject], domains, untilMs, signal)).get(address.key);
  return finding ?? { ...verdictOf(email, noFacts), provider: null };
}

const noFacts = { domain: 'unknown', suppressed: false, history: null, acceptsAll: false } as const;
