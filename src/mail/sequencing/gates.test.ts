import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { dayMs, hourMs } from '../../base/clock.ts';
import type { Campaign, StepOutline } from '../campaigns/index.ts';
import type { Lead } from '../leads/index.ts';
import { decide } from './gates.ts';
import type { GateSnapshot } from './gates.ts';
import { replanned } from './replan.ts';

/** A Monday, 10:00 in Oslo. */
const nowMs = Date.UTC(2026, 0, 5, 9);
const step = (position: number, more: Partial<StepOutline> = {}): StepOutline => ({
  id: `step-${position}`,
  campaign_id: 'campaign',
  position,
  delay_days: 0,
  delay_hours: 0,
  business_days: false,
  send_only_if_no_reply: true,
  ...more,
});
const base: GateSnapshot = {
  lead: {
    email: 'ada@lovelace.example',
    step: 0,
    position: null,
    calendar: '',
    verdict: 'deliverable',
    replied_at: null,
    last_sent_at: null,
    created_at: new Date(nowMs - hourMs),
    due_at: new Date(nowMs - hourMs),
    company_key: 'lovelace.example',
  },
  campaign: {
    status: 'active',
    schedule: {
      timezone: 'Europe/Oslo',
      use_lead_timezone: false,
      windows: [{ days: [1, 2, 3, 4, 5], start: '09:00', end: '17:00' }],
      holidays: [],
      dates: [],
    },
    verification: 'risky',
    cooldown_days: 30,
    company_max: 3,
    daily_limit: 10,
    new_leads_limit: 5,
    send_now_until: null,
  },
  steps: [step(1), step(2, { delay_days: 3 })],
  hasContact: true,
  optOut: null,
  unknownSinceMs: null,
  fullUntilMs: null,
  otherSentMs: null,
  companyActive: 0,
  mailboxes: null,
  day: { sent: 0, new_leads: 0 },
};
type Changes = { readonly [Key in keyof GateSnapshot]?: Partial<GateSnapshot[Key]> | GateSnapshot[Key] };
const decided = ({ lead, campaign, ...rest }: Changes, atMs = nowMs) =>
  decide(
    {
      ...base,
      ...(rest as Partial<GateSnapshot>),
      lead: { ...base.lead, ...lead },
      campaign: { ...base.campaign, ...campaign },
    },
    atMs,
  );
const contacted = { step: 1, position: 1, last_sent_at: new Date(nowMs - 3 * dayMs) } as const;
const midnight = Date.UTC(2026, 0, 5, 23);

describe('C17: each reason', () => {
  for (const [what, changes, expected] of [
    ['nothing holds it back', {}, { kind: 'send', step: base.steps[0] }],
    ['its delay is over', { lead: contacted }, { kind: 'send', step: base.steps[1] }],
    [
      'a paused campaign',
      { campaign: { status: 'paused' } },
      { kind: 'wait', reason: 'campaign_paused', untilMs: null },
    ],
    [
      'an archived campaign',
      { campaign: { status: 'archived' } },
      { kind: 'wait', reason: 'campaign_ended', untilMs: null },
    ],
    ['a deleted contact', { hasContact: false }, { kind: 'skip', reason: 'contact_deleted' }],
    ['a suppressed address', { optOut: 'suppressed_email' }, { kind: 'skip', reason: 'suppressed_email' }],
    ['refused by its server, from every domain', { mailboxes: [] }, { kind: 'skip', reason: 'block_bounced' }],
    ['a suppressed domain', { optOut: 'suppressed_domain' }, { kind: 'skip', reason: 'suppressed_domain' }],
    ['a contact that opted out', { optOut: 'unsubscribed' }, { kind: 'skip', reason: 'unsubscribed' }],
    [
      'an address that few servers take',
      { lead: { email: 'jörg@lovelace.example' } },
      { kind: 'skip', reason: 'needs_smtputf8' },
    ],
    [
      'an address without a verdict',
      { lead: { verdict: null } },
      { kind: 'wait', reason: 'verification_pending', untilMs: null },
    ],
    ['a bad verdict', { lead: { verdict: 'undeliverable' } }, { kind: 'skip', reason: 'verification_failed' }],
    [
      'a risky verdict',
      { lead: { verdict: 'risky' }, campaign: { verification: 'deliverable' } },
      { kind: 'skip', reason: 'verification_risky' },
    ],
    [
      'a message of another campaign',
      { otherSentMs: nowMs - dayMs },
      { kind: 'wait', reason: 'contact_cooldown', untilMs: nowMs + 29 * dayMs },
    ],
    [
      'a mailbox that was full too often',
      { fullUntilMs: nowMs + dayMs },
      { kind: 'wait', reason: 'mailbox_full', untilMs: nowMs + dayMs },
    ],
    ['a mailbox that was full, once the rest is over', { fullUntilMs: nowMs }, { kind: 'send', step: base.steps[0] }],
    ['colleagues', { companyActive: 3 }, { kind: 'wait', reason: 'company_limit', untilMs: nowMs + hourMs }],
    [
      'the limit of the day',
      { day: { sent: 10, new_leads: 0 } },
      { kind: 'wait', reason: 'campaign_daily_limit', untilMs: midnight },
    ],
    [
      'the limit of new leads',
      { day: { sent: 5, new_leads: 5 } },
      { kind: 'wait', reason: 'new_lead_limit', untilMs: midnight },
    ],
    [
      'the limit of new leads, for a follow-up',
      { lead: contacted, day: { sent: 5, new_leads: 5 } },
      { kind: 'send', step: base.steps[1] },
    ],
    ['no step is left', { lead: { ...contacted, position: 2 } }, { kind: 'finish' }],
  ] as const)
    test(what, () => assert.deepEqual(decided(changes as Changes), expected));
});

describe('when a step is sent', () => {
  test('C4: outside the windows a lead waits for the next one; `send` sets them aside for what was due', () => {
    const sunday = nowMs - dayMs;
    const created = { created_at: new Date(sunday - hourMs), due_at: new Date(sunday - hourMs) };
    const opens = { kind: 'wait', reason: 'outside_window', untilMs: Date.UTC(2026, 0, 5, 8) };
    assert.deepEqual(decided({ lead: created }, sunday), opens);
    assert.deepEqual(decided({ lead: created, campaign: { send_now_until: new Date(sunday) } }, sunday).kind, 'send');
    assert.deepEqual(
      decided({ lead: created, campaign: { send_now_until: new Date(sunday - 2 * hourMs) } }, sunday),
      opens,
    );
  });

  test('C6: a step waits for its delay after the message before', () => {
    const lead = { ...contacted, last_sent_at: new Date(nowMs - dayMs) };
    assert.deepEqual(decided({ lead }), { kind: 'wait', reason: null, untilMs: nowMs + 2 * dayMs });
  });

  test('C14: the next step waits for a message of unknown fate, for 24 hours', () => {
    const pending = { kind: 'wait', reason: 'unknown_send_pending', untilMs: nowMs + 23 * hourMs };
    assert.deepEqual(decided({ lead: contacted, unknownSinceMs: nowMs - hourMs }), pending);
    assert.equal(decided({ lead: contacted, unknownSinceMs: nowMs - dayMs }).kind, 'send');
  });

  test('a lead that replied gets only steps that do not depend on it', () => {
    const lead = { ...contacted, replied_at: new Date(nowMs) };
    assert.deepEqual(decided({ lead }), { kind: 'finish' });
    const always = step(3, { send_only_if_no_reply: false });
    assert.deepEqual(decided({ lead, steps: [...base.steps, always] }), { kind: 'send', step: always });
  });

  test('C11: an end is not hidden by a wait', () => {
    assert.deepEqual(
      decided({ optOut: 'suppressed_email', unknownSinceMs: nowMs, day: { sent: 10, new_leads: 5 } }).kind,
      'skip',
    );
  });

  test('an appended step reopens leads that have finished, but none whose person was erased', () => {
    const campaign = { ...base.campaign, reopen_finished: true } as Campaign;
    const finished = { ...base.lead, ...contacted, status: 'finished', contact_id: 'contact' };
    const fact = (lead: object): unknown =>
      replanned({ lead: lead as Lead, campaign, steps: base.steps, place: undefined, nowMs })?.fact;
    assert.equal(fact(finished), 'reopened');
    assert.equal(fact({ ...finished, contact_id: null }), undefined);
    assert.equal(fact({ ...finished, position: 2 }), undefined);
  });
});
