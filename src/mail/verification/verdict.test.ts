import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Verdict } from '../leads/index.ts';
import { intendedDomain, isDisposable, isRole } from './address.ts';
import { enhancedCode } from '../transport/answers.ts';
import { evidenceOf } from '../transport/smtp-probe.ts';
import { verdictOfProbe } from './probes.ts';
import { isWorthProbing, verdictOf, withOpinion } from './verdict.ts';
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

  test("a recipient's server is asked if nothing is known but the domain; its answer gives the reasons", () => {
    const own = judged('info@lovelace.example');
    assert.deepEqual(
      (['deliverable', 'risky', 'undeliverable', 'unknown'] as const).map((verdict) => {
        const after = withOpinion(judged('ada@lovelace.example'), { verdict }, 'smtp');
        return [after.verdict, after.reasons[0]];
      }),
      [
        ['deliverable', 'smtp_accepted'],
        ['risky', 'catch_all'],
        ['undeliverable', 'smtp_refused'],
        ['unknown', 'smtp_unknown'],
      ],
    );
    assert.equal(withOpinion(own, { verdict: 'deliverable' }, 'smtp').verdict, 'risky');
    assert.equal(withOpinion(own, { verdict: 'undeliverable' }, 'smtp').verdict, 'undeliverable');
    const facts: readonly (readonly [Partial<Facts>, boolean])[] = [
      [{}, true],
      [{ acceptsAll: true }, false],
      [{ history: 'bounced' }, false],
      [{ history: 'delivered' }, false],
      [{ domain: 'fallback' }, false],
      [{ domain: 'unknown' }, false],
      [{ suppressed: true }, false],
    ];
    for (const [more, expected] of facts)
      assert.equal(isWorthProbing(judged('ada@lovelace.example', more)), expected, JSON.stringify(more));
  });

  test('what a server says of a recipient counts only if it is clear, and if it refuses unknown ones', () => {
    for (const [stage, code, text, evidence] of [
      ['rcpt_to', 250, '2.1.5 Ok', 'accepted'],
      ['rcpt_to', 252, 'Cannot verify', 'nothing'],
      ['rcpt_to', 550, '5.1.1 User unknown', 'refused'],
      ['rcpt_to', 550, 'No such user here', 'refused'],
      ['rcpt_to', 550, '5.7.1 Blocked by our policy', 'nothing'],
      ['rcpt_to', 554, '5.7.1 Service unavailable; client host blocked using zen.spamhaus.org', 'nothing'],
      ['rcpt_to', 450, '4.1.1 User unknown', 'nothing'],
      ['rcpt_to', 451, '4.7.1 Greylisted, try again later', 'nothing'],
      ['rcpt_to', 552, '5.2.2 Mailbox full', 'nothing'],
      ['mail_from', 550, '5.1.1 User unknown', 'nothing'],
    ] as const)
      assert.equal(evidenceOf({ stage, code, enhanced: enhancedCode(code, text), text }), evidence, text);
    assert.deepEqual(
      (['accepted', 'refused', 'nothing'] as const).map((random) =>
        (['accepted', 'refused', 'nothing'] as const).map((recipient) => verdictOfProbe(random, recipient)),
      ),
      [
        ['risky', 'risky', 'risky'],
        ['deliverable', 'undeliverable', 'unknown'],
        ['unknown', 'unknown', 'unknown'],
      ],
    );
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
