import type { MailboxId } from '../../base/ids.ts';
import type { Slice } from '../../db/in-order.ts';
import type { Principal } from '../../http/route.ts';
import { isFinal, isOpen, uncontacted } from '../leads/index.ts';
import type { Lead, LeadStatus } from '../leads/index.ts';
import type { MailboxState } from '../mailboxes/index.ts';
import { decide } from './gates.ts';
import type { LaunchOptions } from './launch.ts';
import { pacesOf } from './queries.ts';
import type { PaceRow } from './queries.ts';
import { consider } from './take.ts';
import type { TakeOptions } from './take.ts';

export interface SkippedOptions
  extends
    Pick<LaunchOptions, 'db' | 'campaigns' | 'mailboxes' | 'nowOf' | 'contactsOf'>,
    Pick<TakeOptions, 'suppressions' | 'topics'> {
  readonly clock: { now(): number };
}

/** Why a lead is not contacted now, and until when; `untilMs` null: it ends with a change, or never. */
interface Reason {
  readonly code: string;
  readonly untilMs: number | null;
  readonly detail: string | null;
}

/**
 * Leads that are not contacted now, the newest first, each with its reason: the one that is stored with it, or what the claim would decide
 * at this moment, or what its mailbox waits for.
 * @throws ApiError `not_found`
 */
export async function skippedActions(options: SkippedOptions, principal: Principal, id: string, slice: Slice) {
  const { db, campaigns, mailboxes, nowOf, clock } = options;
  const campaign = await campaigns.get(principal, id);
  const leads = await uncontacted(db, id, slice);
  const nowMs = await nowOf(db, campaign.organization_id);
  const own = (await campaigns.mailboxesOf(db, [id])).get(id) ?? [];
  const ids: MailboxId[] = [...new Set([...own, ...leads.flatMap((lead) => lead.mailbox_id ?? [])])];
  const states = new Map(
    (ids.length === 0 ? [] : await mailboxes.settingsOf(db, ids)).map((row) => [row.id, row] as const),
  );
  const paces = new Map((await pacesOf(db, ids)).map((row) => [row.mailbox_id, row] as const));
  const [any] = states.values();
  const considered = new Map(
    (
      await consider(
        options,
        db,
        [campaign],
        leads.filter(({ status }) => isOpen(status) && status !== 'held'),
        nowMs,
        () => any,
      )
    ).map((one) => [one.lead.id, one.snapshot] as const),
  );
  return leads.map((lead) => {
    const { code, untilMs, detail } = reasonOf(lead);
    return {
      id: lead.id,
      created_at: lead.created_at,
      updated_at: lead.last_event_at,
      lead_id: lead.id,
      email: lead.email,
      code,
      until: untilMs === null ? null : new Date(untilMs).toISOString(),
      detail,
    };
  });

  function reasonOf(lead: Lead): Reason {
    const { status, blocked_reason: reason, blocked_until: until, blocked_detail: detail } = lead;
    const stored = { untilMs: until?.getTime() ?? null, detail };
    if (status === 'held') return { code: reason ?? 'manual', ...stored };
    if (isFinal(status))
      return { code: (explained.has(status) || reason === 'left_topic' ? reason : null) ?? status, ...stored };
    // Its message passed the gates, and waits for its server or its mailbox.
    if (status === 'sending' && campaign.status === 'active')
      return reason !== null && until !== null && until.getTime() > nowMs
        ? { code: reason, ...stored }
        : ofMailboxesOf(lead);
    const snapshot = considered.get(lead.id);
    if (snapshot === undefined) return noMailbox;
    const decision = decide(snapshot, nowMs);
    const { pause_reason: pauseReason, pause_detail: pauseDetail } = campaign;
    switch (decision.kind) {
      case 'skip':
        return { code: decision.reason, untilMs: null, detail: null };
      case 'wait':
        return {
          code:
            decision.reason === 'campaign_paused' && pauseReason === 'domain_auth'
              ? 'domain_auth_failing'
              : (decision.reason ?? 'delay'),
          // When its address is verified again is stored with the lead.
          untilMs: decision.untilMs ?? (decision.reason === reason ? stored.untilMs : null),
          detail: decision.reason === 'campaign_paused' ? (pauseDetail ?? pauseReason) : detail,
        };
      case 'finish':
        return { code: 'no_step_left', untilMs: null, detail: null };
      case 'send':
        return ofMailboxesOf(lead);
    }
  }

  function ofMailboxesOf(lead: Lead): Reason {
    return ofMailboxes(
      (lead.mailbox_id === null ? own : [lead.mailbox_id]).flatMap((mailbox) => states.get(mailbox) ?? []),
      paces,
      { nowMs, aheadMs: nowMs - clock.now() },
    );
  }
}

/** Final statuses that have different reasons; the others are the reason. */
const explained: ReadonlySet<LeadStatus> = new Set(['bounced', 'skipped', 'failed']);

const noMailbox: Reason = { code: 'no_mailbox', untilMs: null, detail: 'The campaign has no mailbox. Add one.' };

/** What the mailboxes that may send a due message wait for: the one that looks first decides. */
export function ofMailboxes(
  mailboxes: readonly Pick<MailboxState, 'id' | 'status' | 'status_reason' | 'deleted_at'>[],
  paces: ReadonlyMap<string, Pick<PaceRow, 'next_at' | 'blocked_reason'>>,
  { nowMs, aheadMs }: { readonly nowMs: number; readonly aheadMs: number },
): Reason {
  const [first] = mailboxes;
  if (first === undefined) return noMailbox;
  const able = mailboxes.filter(
    ({ status, deleted_at: deletedAt }) => deletedAt === null && (status === 'connected' || status === 'degraded'),
  );
  if (able.length === 0)
    return {
      code: `mailbox_${first.deleted_at === null ? first.status : 'disconnected'}`,
      untilMs: null,
      detail: first.status_reason,
    };
  const looks = able
    .flatMap(({ id }) => {
      const pace = paces.get(id);
      return pace?.next_at == null ? [] : [{ code: pace.blocked_reason, atMs: pace.next_at.getTime() + aheadMs }];
    })
    .toSorted((a, b) => a.atMs - b.atMs);
  const [next] = looks;
  return next === undefined || next.atMs <= nowMs || next.code === null
    ? { code: 'in_queue', untilMs: next === undefined || next.atMs <= nowMs ? null : next.atMs, detail: null }
    : { code: next.code, untilMs: next.atMs, detail: null };
}
