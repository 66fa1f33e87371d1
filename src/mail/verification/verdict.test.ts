import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Verdict } from '../leads/index.ts';
import { intendedDomain, isDisposable, isRole } from './address.ts';
import { verdictOf, withOpinion } from './verdict.ts';
import type { Facts } from './verdict.ts';

const good: Facts = { domain: 'mail', suppressed: false, history: null, acceptsAll: false };
const judged = (email: string, facts: Partial<Facts> = {}) => verdictOf(email, { ...good, ...facts });

describe('the verdict on an address', () => {
  test('follows from its form, its domain, own experience and signs of risk', () => {
    for (const [email, facts, verdict, reasons] of [
      ['ada@lovelace.example', {}, 'deliverable', ['domain_accepts_mail']],
      ['ada@gmail.com', {}, 'deliverable', ['domain_accepts_mail', 'free_mail']],
      ['ada@exämple.example', {}, 'deliverable', ['domain_accepts_mail', 'internationalized']],
      ['ada', {}, 'undeliverable', ['invalid_syntax']],
      [
        'ada@lovelace.example',
        { suppressed: true, history: 'replied' },
        'undeliverable',
        ['suppressed', 'replied_before', 'domain_accepts_mail'],
      ],
      [
        'ada@lovelace.example',
        { domain: 'null_mx', history: 'replied' },
        'undeliverable',
        ['null_mx', 'replied_before'],
      ],
      ['ada@lovelace.example', { domain: 'none' }, 'undeliverable', ['no_domain']],
      ['ada@lovelace.example', { domain: 'fallback' }, 'risky', ['no_mx']],
      ['ada@lovelace.example', { domain: 'unknown' }, 'unknown', ['dns_unavailable']],
      [
        'ada@lovelace.example',
        { domain: 'unknown', history: 'delivered' },
        'deliverable',
        ['delivered_before', 'dns_unavailable'],
      ],
      ['ada@lovelace.example', { history: 'bounced' }, 'risky', ['bounced_before', 'domain_accepts_mail']],
      ['ada@lovelace.example', { acceptsAll: true }, 'risky', ['catch_all', 'domain_accepts_mail']],
      ['info@lovelace.example', {}, 'risky', ['role', 'domain_accepts_mail']],
      [
        'info@lovelace.example',
        { history: 'replied' },
        'deliverable',
        ['replied_before', 'role', 'domain_accepts_mail'],
      ],
      ['ada@mailinator.com', {}, 'risky', ['disposable', 'domain_accepts_mail']],
      ['Ada@outlok.com', {}, 'risky', ['possible_typo', 'domain_accepts_mail']],
    ] as const) {
      const judgement = judged(email, facts);
      assert.deepEqual([judgement.verdict, judgement.reasons], [verdict, reasons], `${email} ${JSON.stringify(facts)}`);
    }
    assert.equal(judged('Ada@outlok.com').suggestion, 'Ada@outlook.com');
  });

  test('another opinion counts where the own checks leave it open, and never makes a role or a throw-away address safe', () => {
    const after = (email: string, facts: Partial<Facts>, opinion: Verdict) =>
      withOpinion(judged(email, facts), { verdict: opinion }).verdict;
    assert.equal(after('ada@lovelace.example', {}, 'undeliverable'), 'undeliverable');
    // It was asked because the DNS is not enough.
    assert.equal(after('ada@lovelace.example', {}, 'unknown'), 'unknown');
    assert.equal(after('info@lovelace.example', {}, 'unknown'), 'risky');
    assert.equal(after('ada@lovelace.example', { acceptsAll: true }, 'deliverable'), 'deliverable');
    assert.equal(after('ada@lovelace.example', { domain: 'unknown' }, 'deliverable'), 'deliverable');
    assert.equal(after('info@lovelace.example', {}, 'deliverable'), 'risky');
    assert.equal(after('ada@lovelace.example', { suppressed: true }, 'deliverable'), 'undeliverable');
    assert.equal(after('ada@lovelace.example', { history: 'replied' }, 'undeliverable'), 'deliverable');
  });

  test('without an answer of the other verifier, an address that is open is never taken for valid', () => {
    const later = { waitMs: 1, problem: 'It does not answer.' };
    const open = withOpinion(judged('ada@lovelace.example', {}), later);
    assert.deepEqual([open.verdict, open.reasons[0], open.waits], ['unknown', 'verifier_unavailable', later]);
    const known = judged('ada@lovelace.example', { history: 'replied' });
    assert.equal(withOpinion(known, later), known);
  });
});

test('misspelled large domains are found, and similar real ones are not', () => {
  for (const [domain, intended] of [
    ['gmial.com', 'gmail.com'],
    ['gmal.com', 'gmail.com'],
    ['gmaill.com', 'gmail.com'],
    ['gmail.con', 'gmail.com'],
    ['hotmial.com', 'hotmail.com'],
    ['yahooo.com', 'yahoo.com'],
    ['outlok.com', 'outlook.com'],
  ] as const)
    assert.equal(intendedDomain(domain), intended, domain);
  for (const domain of [
    'gmail.com',
    'mail.com',
    'ymail.com',
    'gmx.at',
    'lovelace.example',
    'live.co',
    'mail.gmail.com',
    'hotmail.co.uk',
    'yahoo.de',
  ])
    assert.equal(intendedDomain(domain), undefined, domain);
});

test('functions and throw-away domains are recognized', () => {
  for (const local of ['info', 'no-reply', 'customer.service', 'support+eu', 'kontakt'])
    assert.ok(isRole(local), local);
  for (const local of ['ada', 'inform', 'infante', 'j.office', 'constructor']) assert.ok(!isRole(local), local);
  for (const domain of ['mailinator.com', 'a.mailinator.com', 'yopmail.com', 'guerrillamail.com'])
    assert.ok(isDisposable(domain), domain);
  for (const domain of ['gmail.com', 'protonmail.com', 'lovelace.example', 'duck.com', 'com'])
    assert.ok(!isDisposable(domain), domain);
});
