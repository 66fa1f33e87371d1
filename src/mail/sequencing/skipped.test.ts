import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MailboxId } from '../../base/ids.ts';
import type { CompanyReason } from '../leads/index.ts';
import type { MailboxStatus } from '../mailboxes/index.ts';
import type { Limit } from '../sending/index.ts';
import type { SkipReason, WaitReason } from './gates.ts';
import { campaignReasons, leadReasons, mailboxReasons } from './reasons.ts';
import { ofMailboxes } from './skipped.ts';

const nowMs = Date.UTC(2026, 0, 5, 9);
const later = new Date(nowMs + 60_000);
const id = 'mailbox' as MailboxId;
const codeOf = (
  status: MailboxStatus,
  pace?: { readonly next_at: Date | null; readonly blocked_reason: string | null },
) =>
  ofMailboxes(
    [{ id, status, status_reason: 'why', deleted_at: null }],
    new Map(pace === undefined ? [] : [[id, pace]]),
    { nowMs, aheadMs: 0 },
  );

describe('C17: what a due message waits for', () => {
  test('is its mailbox, if that cannot send', () => {
    for (const status of ['connecting', 'auth_failed', 'paused', 'disconnected'] as const)
      assert.deepEqual(codeOf(status), { code: `mailbox_${status}`, untilMs: null, detail: 'why' });
    assert.equal(ofMailboxes([], new Map(), { nowMs, aheadMs: 0 }).code, 'no_mailbox');
  });

  test('is the limit that decides when its mailbox looks again, with the time', () => {
    const limits: readonly Limit[] = [
      'mailbox_daily_limit',
      'mailbox_gap',
      'outside_window',
      'domain_hourly_limit',
      'organization_limit',
      'provider_limit',
      'domain_auth_failing',
      'mailbox_degraded',
    ];
    for (const limit of limits)
      assert.deepEqual(codeOf('connected', { next_at: later, blocked_reason: limit }), {
        code: limit,
        untilMs: later.getTime(),
        detail: null,
      });
    assert.equal(codeOf('connected', { next_at: new Date(nowMs), blocked_reason: null }).code, 'in_queue');
    assert.equal(codeOf('connected').code, 'in_queue');
  });

  test('every code of gates and limits is documented', () => {
    const documented: ReadonlySet<string> = new Set(
      [leadReasons, campaignReasons, mailboxReasons].flatMap((reasons) => Object.keys(reasons)),
    );
    const codes: Readonly<
      Record<SkipReason | WaitReason | CompanyReason | Exclude<Limit, 'deferred_by_server'>, true>
    > = {
      suppressed_email: true,
      suppressed_domain: true,
      unsubscribed: true,
      left_topic: true,
      verification_failed: true,
      verification_risky: true,
      missing_variable: true,
      template_error: true,
      needs_smtputf8: true,
      contact_deleted: true,
      company_replied: true,
      company_meeting: true,
      block_bounced: true,
      campaign_paused: true,
      campaign_ended: true,
      verification_pending: true,
      unknown_send_pending: true,
      mailbox_full: true,
      contact_cooldown: true,
      company_limit: true,
      outside_window: true,
      holiday: true,
      campaign_daily_limit: true,
      new_lead_limit: true,
      mailbox_daily_limit: true,
      mailbox_gap: true,
      warmup_limit: true,
      domain_hourly_limit: true,
      organization_limit: true,
      provider_limit: true,
      domain_auth_failing: true,
      mailbox_connecting: true,
      mailbox_seed: true,
      mailbox_degraded: true,
      mailbox_auth_failed: true,
      mailbox_paused: true,
      mailbox_disconnected: true,
    };
    for (const code of Object.keys(codes)) assert.ok(documented.has(code), code);
  });
});
