import { parseAddress } from '../../../base/email-address.ts';
import { employeesOf } from '../../icp/index.ts';
import type { Candidate } from '../source.ts';
import type { CrawledPage } from './crawl.ts';
import type { Organization, Person } from './page.ts';

const noPerson: Person = {
  name: null,
  givenName: null,
  familyName: null,
  jobTitle: null,
  email: null,
  phone: null,
  sameAs: [],
};

/** The first value that a page says. */
const firstOf = <Name extends keyof Organization>(all: readonly Organization[], name: Name): string | null =>
  all.map((each) => each[name]).find((value) => value !== null) ?? null;

const isAtOrBelow = (host: string, domain: string): boolean => host === domain || host.endsWith(`.${domain}`);

/**
 * People with an address of the domain, or below it, whom the pages of its site name; those with a name first. Addresses are not guessed, and
 * those of others are left out.
 */
export function peopleOf(domain: string, pages: readonly CrawledPage[], foundAtMs: number): Candidate[] {
  const organizations = pages.flatMap((page) => page.organizations);
  const company = firstOf(organizations, 'name');
  const country = firstOf(organizations, 'country');
  const employees = firstOf(organizations, 'employees');
  const phone = firstOf(organizations, 'phone') ?? pages.flatMap(({ phones }) => phones)[0] ?? null;
  const description = pages.map((page) => page.description).find((text) => text !== null) ?? null;
  const texts = [firstOf(organizations, 'description'), description].flatMap((text) => text ?? []);
  const found = new Map<string, { readonly email: string; readonly person: Person; readonly url: string }>();
  const named = pages.flatMap(({ url, people }) =>
    people.flatMap((person) => (person.email === null ? [] : [{ url, person, email: person.email }])),
  );
  const plain = pages.flatMap(({ url, emails }) => emails.map((email) => ({ url, person: noPerson, email })));
  for (const each of [...named, ...plain]) {
    const address = parseAddress(each.email);
    if ('problem' in address || !isAtOrBelow(address.domain, domain)) continue;
    const before = found.get(address.key);
    if (before === undefined || (before.person.name === null && each.person.name !== null))
      found.set(address.key, { ...each, email: address.email });
  }
  return [...found].map(([key, { email, person, url }]) => {
    const [firstName, lastName] = nameOf(person);
    const linkedin = person.sameAs.find((link) => /^https:\/\/([a-z]+\.)?linkedin\.com\//.test(link));
    const fields = {
      first_name: firstName,
      last_name: lastName,
      job_title: person.jobTitle?.slice(0, 200) ?? null,
      phone: person.phone ?? phone,
      company_name: company,
      linkedin_url: linkedin ?? null,
      website: `https://${domain}`,
      city: firstOf(organizations, 'city')?.slice(0, 100) ?? null,
      country: country?.slice(0, 100) ?? null,
    };
    return {
      externalId: key,
      email,
      contactId: null,
      fields: Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null)),
      traits: {
        title: person.jobTitle,
        seniority: null,
        country,
        company,
        industry: firstOf(organizations, 'industry'),
        employees: (employees === null ? undefined : employeesOf(employees)) ?? null,
        technologies: [],
        texts,
        domains: [domain],
        emailStatus: null,
      },
      url,
      foundAtMs,
    };
  });
}

/** First and last name, cut to what a contact can have. */
function nameOf({ name, givenName, familyName }: Person): readonly [string | null, string | null] {
  if (givenName !== null || familyName !== null)
    return [givenName?.slice(0, 200) ?? null, familyName?.slice(0, 200) ?? null];
  const words = name?.split(' ') ?? [];
  if (words.length < 2) return [name?.slice(0, 200) ?? null, null];
  return [words.slice(0, -1).join(' ').slice(0, 200), (words.at(-1) ?? '').slice(0, 200)];
}
