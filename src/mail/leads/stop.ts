import type { OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import { change } from './change.ts';
import type { ChangeOptions, LeadChange } from './change.ts';
import { isOpen, transitions } from './lead.ts';
import type { CompanyReason, Lead, LeadFact, LeadPatch, StopKind } from './lead.ts';
import { colleaguesOf, leadsByIds, leadsOfAddresses, lockLeads } from './queries.ts';

/** When a reply stops leads, and which others with it. */
export interface StopRule {
  readonly on_reply: boolean;
  readonly company: 'off' | 'campaign' | 'workspace';
}

export interface StopOptions extends ChangeOptions {
  /** Ends the waiting messages of leads. It locks messages, which are locked before leads. */
  readonly cancelMessages: (
    tx: Transaction,
    organization: OrganizationId,
    leadIds: readonly string[],
    reason: string,
  ) => Promise<void>;
  readonly stopRulesOf: (tx: Transaction, campaignIds: readonly string[]) => Promise<ReadonlyMap<string, StopRule>>;
}

/** Which leads: by their ids, or all of an address. */
export type Whom =
  | { readonly ids: readonly string[] }
  /** `workspaceId`: only its leads. */
  | { readonly emailKeys: readonly string[]; readonly workspaceId?: WorkspaceId | undefined };

/** Why and when, for the history. */
export interface Cause {
  /** Unix milliseconds of the organization's clock. */
  readonly atMs: number;
  /** {message_id, event_id, key_id, …}. */
  readonly detail?: Readonly<Record<string, unknown>>;
  /** Open leads that are skipped with those that a stop changes, and the stable code of why: those of the same person. */
  readonly alsoSkips?: { readonly ids: readonly string[]; readonly reason: string };
}

/** Stops that say something about the whole company, and the stable code of the leads that they skip. */
const ofCompany: Readonly<Partial<Record<StopKind, CompanyReason>>> = {
  replied: 'company_replied',
  meeting_booked: 'company_meeting',
};

/**
 * Stops leads: nothing more of their campaigns begins for them once this is committed. Waiting messages are dropped; one in flight keeps
 * its outcome. A reply or a meeting stops the open leads of the same company, too, as the campaign says. Leads that the stop does not
 * change are left out. Call it before leads and figures are locked.
 * @param cause `detailOf`: the detail of each lead
 * @returns the leads that changed
 * @example
 * await stop(options, tx, organization, { ids: [lead.id] }, 'replied', { atMs, detail: { message_id: reply.id } });
 */
export async function stop(
  options: StopOptions,
  tx: Transaction,
  organization: OrganizationId,
  whom: Whom,
  kind: StopKind,
  {
    atMs,
    detail = {},
    detailOf = () => detail,
    alsoSkips,
  }: Cause & { readonly detailOf?: (lead: Lead) => Cause['detail'] },
): Promise<Lead[]> {
  const found = await leadsOf(tx, organization, whom);
  const fact: LeadFact = kind === 'removed' ? 'skipped' : kind;
  const affected = found.filter(({ status }) => transitions[status][fact] !== undefined);
  const others = new Set(alsoSkips?.ids);
  if (affected.length === 0 && others.size === 0) return [];
  const companyReason = ofCompany[kind];
  const colleagues =
    companyReason === undefined ? new Map<string, string>() : await companyStops(options, tx, organization, affected);
  const patch: LeadPatch =
    kind === 'removed' ? { blocked_reason: 'removed', blocked_until: null, blocked_detail: null } : {};
  const locked = await cancelAndLock(
    options,
    tx,
    organization,
    [...new Set([...affected.map(({ id }) => id), ...others, ...colleagues.keys()])],
    `lead_${kind}`,
  );
  return change(
    options,
    tx,
    locked.map((lead): LeadChange => {
      if (others.has(lead.id))
        return {
          lead,
          fact: 'skipped',
          patch: { blocked_reason: alsoSkips?.reason ?? null, blocked_until: null, blocked_detail: null },
          detail,
          atMs,
        };
      const because = colleagues.get(lead.id);
      return because === undefined
        ? { lead, fact, patch, detail: detailOf(lead) ?? {}, atMs }
        : {
            lead,
            fact: 'skipped',
            patch: { blocked_reason: companyReason ?? null, blocked_until: null, blocked_detail: null },
            detail: { ...detail, lead_id: because },
            atMs,
          };
    }),
  );
}

const leadsOf = (tx: Transaction, organization: OrganizationId, whom: Whom): Promise<Lead[]> =>
  'ids' in whom
    ? leadsByIds(tx, organization, whom.ids)
    : leadsOfAddresses(tx, { organizationId: organization, workspaceId: whom.workspaceId }, whom.emailKeys);

/** Open leads of the same companies: id → the lead that stops it. */
export async function companyStops(
  { stopRulesOf }: Pick<StopOptions, 'stopRulesOf'>,
  tx: Transaction,
  organization: OrganizationId,
  leads: readonly Lead[],
): Promise<Map<string, string>> {
  if (leads.length === 0) return new Map();
  const rules = await stopRulesOf(tx, [...new Set(leads.map((lead) => lead.campaign_id))]);
  const asked = leads.flatMap(({ id, campaign_id: campaignId, company_key: companyKey }) => {
    const rule = rules.get(campaignId)?.company ?? 'off';
    return companyKey === null || rule === 'off'
      ? []
      : [{ id, campaignId, companyKey, everywhere: rule === 'workspace' }];
  });
  if (asked.length === 0) return new Map();
  return new Map((await colleaguesOf(tx, organization, asked)).map(({ id, of }) => [id, of]));
}

/** Messages are locked before their leads, so that a stop and a claim cannot wait for each other. */
async function cancelAndLock(
  { cancelMessages }: StopOptions,
  tx: Transaction,
  organization: OrganizationId,
  ids: readonly string[],
  reason: string,
): Promise<Lead[]> {
  if (ids.length === 0) return [];
  await cancelMessages(tx, organization, ids, reason);
  return lockLeads(tx, ids);
}

/**
 * Skips the open leads of a person, such as those of a suppressed address or a deleted contact. Figures count them as skipped.
 * @param reason a stable code, such as `suppressed_email`
 */
export async function skip(
  options: StopOptions,
  tx: Transaction,
  organization: OrganizationId,
  leads: readonly Pick<Lead, 'id' | 'status'>[],
  reason: string,
  { atMs, detail = {} }: Cause,
): Promise<Lead[]> {
  const open = leads.filter(({ status }) => isOpen(status)).map(({ id }) => id);
  if (open.length === 0) return [];
  const locked = await cancelAndLock(options, tx, organization, open, reason);
  return change(
    options,
    tx,
    locked.map((lead) => ({
      lead,
      fact: 'skipped',
      patch: { blocked_reason: reason, blocked_until: null, blocked_detail: null },
      detail,
      atMs,
    })),
  );
}

/** Holds open leads until a time, or until they are resumed. A step that is due later than that stays due later. */
export async function hold(
  options: ChangeOptions,
  tx: Transaction,
  ids: readonly string[],
  untilMs: number | null,
  reason: string,
  { atMs, detail = {} }: Cause,
): Promise<Lead[]> {
  const until = untilMs === null ? null : new Date(untilMs);
  return change(
    options,
    tx,
    (await lockLeads(tx, ids)).map((lead) => ({
      lead,
      fact: 'held',
      patch: {
        due_at: until === null ? null : new Date(Math.max(until.getTime(), lead.due_at?.getTime() ?? 0)),
        blocked_reason: reason,
        blocked_until: until,
        blocked_detail: null,
      },
      detail,
      atMs,
    })),
  );
}

export interface ResumeOptions extends ChangeOptions {
  /** When the next step of each lead may be sent; null: its message is on its way. */
  readonly nextDueOf: (
    tx: Transaction,
    leads: readonly Lead[],
    nowMs: number,
  ) => Promise<ReadonlyMap<string, number | null>>;
}

/** Ends holds. A lead whose message is on its way is `sending` again. */
export async function resume(
  options: ResumeOptions,
  tx: Transaction,
  ids: readonly string[],
  { atMs, detail = {} }: Cause,
): Promise<Lead[]> {
  const held = (await lockLeads(tx, ids)).filter(({ status }) => status === 'held');
  if (held.length === 0) return [];
  const due = await options.nextDueOf(tx, held, atMs);
  return change(
    options,
    tx,
    held.map((lead): LeadChange => {
      const dueMs = due.get(lead.id) ?? null;
      return dueMs === null
        ? { lead, fact: 'resumed_sending', detail, atMs }
        : { lead, fact: 'resumed', patch: { due_at: new Date(dueMs) }, detail, atMs };
    }),
  );
}
