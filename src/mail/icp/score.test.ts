import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { campaignIcpInput, icpInput, icpSchema, readIcp, seniorities } from './icp.ts';
import type { Icp } from './icp.ts';
import { employeesOf, scoreOf } from './score.ts';
import type { Traits } from './score.ts';
import { seniorityOf } from './titles.ts';

const nobody: Traits = {
  title: null,
  seniority: null,
  country: null,
  company: null,
  industry: null,
  employees: null,
  technologies: [],
  texts: [],
  domains: [],
  emailStatus: null,
};

const words = ['Head', 'Research', 'Sales', 'Ops', 'Engine', 'Möbel', 'Straße', 'CTO', 'VP'];
const phrase = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 3 }).map((each) => each.join(' '));
const phrases = fc.array(phrase, { maxLength: 4 });
const country = fc.constantFrom('NO', 'Norway', 'GB', 'United Kingdom', 'Germany', 'de');
const icps: fc.Arbitrary<Icp> = fc.record(
  {
    industries: phrases,
    sizes: fc.array(fc.constantFrom('1-10', '11-50', '51-200', '1000+', '7'), { maxLength: 3 }),
    countries: fc.array(country, { maxLength: 3 }),
    titles: phrases,
    seniorities: fc.array(fc.constantFrom(...seniorities), { maxLength: 3 }),
    keywords: phrases,
    technologies: phrases,
    exclude: fc.record({
      domains: fc.array(fc.constantFrom('lovelace.example', 'example'), { maxLength: 1 }),
      keywords: fc.array(fc.constantFrom('Ops', 'Weapon'), { maxLength: 1 }),
    }),
    threshold: fc.integer({ min: 0, max: 100 }),
  },
  { requiredKeys: [] },
);
const traits: fc.Arbitrary<Traits> = fc.record({
  title: fc.option(phrase),
  seniority: fc.option(fc.constantFrom(...seniorities)),
  country: fc.option(country),
  company: fc.option(phrase),
  industry: fc.option(phrase),
  employees: fc.option(fc.nat(2_000).map((count) => ({ min: count, max: count }))),
  technologies: phrases,
  texts: phrases,
  domains: fc.array(fc.constantFrom('lovelace.example', 'mail.lovelace.example', 'other.test'), { maxLength: 2 }),
  emailStatus: fc.option(fc.constantFrom('deliverable', 'risky')),
});

describe('the score of a person', () => {
  test('is 0 to 100, the sum of its reasons, and the same for every order and letter case of the profile', () => {
    fc.assert(
      fc.property(icps, traits, (icp, of) => {
        const { score, reasons, isAccepted, isExcluded } = scoreOf(icp, of);
        assert.ok(Number.isInteger(score) && score >= 0 && score <= 100);
        const sum = reasons.reduce((all, { points }) => all + points, 0);
        const criteria = reasons.filter(({ outcome }) => outcome !== 'excluded');
        if (!isExcluded && criteria.length > 0) assert.ok(Math.abs(sum - score) < 1, `${sum} and ${score}`);
        assert.equal(isAccepted, !isExcluded && score >= (icp.threshold ?? 60));
        const turned = Object.fromEntries(
          Object.entries(icp).map(([name, value]) => [name, Array.isArray(value) ? value.toReversed() : value]),
        ) as Icp;
        assert.equal(scoreOf(turned, of).score, score);
        const shouted = { ...icp, titles: icp.titles?.map((title) => title.toUpperCase()) } as Icp;
        assert.equal(scoreOf(shouted, of).score, score);
      }),
      { numRuns: 300 },
    );
  });

  test('rises with what matches and falls with what does not; what is unknown is between', () => {
    const filled = icps.map((icp): Icp => ({ ...icp, countries: ['NO'], titles: ['Head of Research'] }));
    fc.assert(
      fc.property(filled, traits, (icp, of) => {
        const scored = (change: Partial<Traits>): number => scoreOf(icp, { ...of, ...change }).score;
        assert.ok(scored({ country: 'Norway' }) >= scored({ country: null }));
        assert.ok(scored({ country: null }) >= scored({ country: 'Chile' }));
        const before = scoreOf(icp, of);
        // One more wanted value cannot make a person fit less.
        assert.ok(scoreOf({ ...icp, titles: [...(icp.titles ?? []), 'CTO'] }, of).score >= before.score);
        // One more exclusion cannot make a person fit more.
        const stricter = { ...icp, exclude: { ...icp.exclude, keywords: [...(icp.exclude?.keywords ?? []), 'Head'] } };
        assert.ok(scoreOf(stricter, of).score <= before.score);
      }),
      { numRuns: 300 },
    );
  });

  test('excludes domains with those below them, words, and verdicts that are not wanted', () => {
    const of = { ...nobody, title: 'Head of Weapons', domains: ['mail.lovelace.example'], emailStatus: 'risky' };
    const outcome = (icp: Icp, who: Traits = of) => {
      const { isExcluded, isAccepted, reasons } = scoreOf(icp, who);
      return isExcluded ? reasons[0]?.criterion : isAccepted;
    };
    for (const domain of [
      '@Lovelace.example',
      'https://lovelace.example/',
      'http://www.Lovelace.example/about?x=1',
      'www.lovelace.example',
      '*.lovelace.example',
      '.lovelace.example.',
      'lovelace.example/',
    ]) {
      const profile = { exclude: { domains: [domain] } };
      for (const icp of [icpInput.parse(profile), readIcp(campaignIcpInput.parse(profile)), readIcp(profile)]) {
        assert.equal(outcome(icp), 'exclude.domains', domain);
        assert.equal(outcome(icp, { ...of, domains: ['www.example', 'ovelace.example'] }), true);
      }
    }
    assert.equal(outcome({ exclude: { domains: ['ace.example'] } }), true);
    assert.equal(outcome({ exclude: { keywords: ['weapon'] } }), 'exclude.keywords');
    assert.equal(outcome({ require: { email_status: ['deliverable'] } }), 'require.email_status');
    assert.equal(outcome({ require: { email_status: ['deliverable'] } }, { ...of, emailStatus: null }), true);
  });

  test('reads titles, countries and sizes as people write them', () => {
    const match = (icp: Icp, of: Partial<Traits>): unknown => scoreOf(icp, { ...nobody, ...of }).reasons[0]?.outcome;
    assert.equal(match({ titles: ['VP sales'] }, { title: 'Vice President, Sales (EMEA)' }), 'match');
    assert.equal(match({ titles: ['chief technology officer'] }, { title: 'CTO' }), 'match');
    assert.equal(match({ titles: ['head'] }, { title: 'Headmaster' }), 'miss');
    assert.equal(match({ industries: ['engine'] }, { industry: 'Analytical Engines' }), 'match');
    assert.equal(match({ countries: ['UK'] }, { country: 'united kingdom' }), 'match');
    assert.equal(match({ countries: ['NO'] }, { country: 'Narnia' }), 'unknown');
    assert.equal(match({ sizes: ['11-50'] }, { employees: { min: 50, max: 50 } }), 'match');
    assert.equal(match({ sizes: ['11-50'] }, { employees: { min: 51, max: 200 } }), 'miss');
    assert.equal(match({ sizes: ['1000+'] }, { employees: { min: 501, max: null } }), 'match');
    assert.deepEqual(employeesOf('1,001 – 5,000'), { min: 1_001, max: 5_000 });
    assert.equal(employeesOf('many'), undefined);
    const read: Record<string, string | undefined> = {
      'Co-Founder & CEO': 'founder',
      'Senior Vice President': 'vp',
      'Head of Research': 'head',
      Geschäftsführerin: 'c_suite',
      'HR Business Partner': undefined,
      'Junior Developer': 'entry',
      Baker: undefined,
    };
    for (const [title, seniority] of Object.entries(read)) assert.equal(seniorityOf(title), seniority, title);
  });

  test('a stored profile keeps what can be read of it', () => {
    assert.deepEqual(readIcp({ countries: ['NO'], titles: 'all', persona: { name: 'Ada' } }), { countries: ['NO'] });
    assert.deepEqual(readIcp({ exclude: { domains: ['nope domain', 'www.x.example'] } }), {
      exclude: { domains: ['nope domain', 'x.example'] },
    });
    assert.equal(icpSchema.safeParse({ countries: ['Narnia'] }).success, false);
    assert.equal(icpSchema.safeParse({ sizes: ['some'] }).success, false);
  });
});
