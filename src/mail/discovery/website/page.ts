import { Parser } from 'htmlparser2';
import { parseAddress } from '../../../base/email-address.ts';

/** Where a page leads to, of what a company says about itself. */
export const linkKinds = ['contact', 'team', 'imprint'] as const;
export type LinkKind = (typeof linkKinds)[number];

export interface Link {
  readonly href: string;
  readonly kind: LinkKind;
}

/** A person whom a page describes. */
export interface Person {
  readonly name: string | null;
  readonly givenName: string | null;
  readonly familyName: string | null;
  readonly jobTitle: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly sameAs: readonly string[];
}

/** What a page says of its company. */
export interface Organization {
  readonly name: string | null;
  readonly description: string | null;
  readonly industry: string | null;
  readonly phone: string | null;
  readonly country: string | null;
  readonly city: string | null;
  readonly employees: string | null;
}

export interface PageContent {
  /** Addresses, in their spelling on the page, in the order of the page. */
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly people: readonly Person[];
  readonly organizations: readonly Organization[];
  readonly description: string | null;
  readonly links: readonly Link[];
}

const linksMax = 500;
const emailsMax = 200;
const peopleMax = 200;
const textMax = 500_000;
const valueMax = 300;
const depthMax = 12;

/** Words of paths and link texts, in the languages in which they are common. */
const kindWords: Readonly<Record<LinkKind, RegExp>> = {
  contact: /kontakt|contact|contatt|contacto|kontak/i,
  imprint:
    /impressum|imprint|legal[-_ ]?(notice|mention)|mentions[-_ ]?legales|mentions légales|aviso[-_ ]?legal|note[-_ ]?legali|colofon/i,
  team: /team|about|ueber-?uns|über uns|people|leadership|management|qui-sommes-nous|equipe|équipe|chi-siamo|om-oss|over-ons|quienes-somos|unternehmen/i,
};

const kindOf = (href: string, text: string): LinkKind | undefined => {
  const words = `${href.replace(/^https?:\/\/[^/]*/i, '').slice(0, 200)} ${text.slice(0, 100)}`;
  return linkKinds.find((kind) => kindWords[kind].test(words));
};

const addressText = /[a-z0-9][a-z0-9._%+-]{0,63}@[a-z0-9][a-z0-9-]{0,62}(?:\.[a-z0-9][a-z0-9-]{0,62}){1,5}/gi;
/** Elements whose text nobody reads. */
const silent: ReadonlySet<string> = new Set(['script', 'style', 'template', 'noscript', 'svg']);

/** Reads a page: links to contact, team and imprint, addresses, phones, and structured data (schema.org). */
export function readPage(html: string): PageContent {
  const links: Link[] = [];
  const emails: string[] = [];
  const phones: string[] = [];
  const data: unknown[] = [];
  let description: string | null = null;
  let text = '';
  let json: string | undefined;
  let skipping = 0;
  let anchor: { readonly href: string; text: string } | undefined;
  /** Words of two elements are two words. */
  const apart = (name: string): void => {
    if (text.length < textMax && !inline.has(name)) text += '\n';
  };
  const parser = new Parser({
    onopentag(name, attributes) {
      if (name === 'script' && /^application\/ld\+json/i.test(attributes['type'] ?? '')) json = '';
      if (silent.has(name)) skipping += 1;
      apart(name);
      if (name === 'meta' && /^(og:)?description$/i.test(attributes['name'] ?? attributes['property'] ?? ''))
        description ??= lineOf(attributes['content']);
      if (name === 'a') {
        const href = attributes['href']?.trim() ?? '';
        const [, mail] = /^mailto:([^?]*)/i.exec(href) ?? [];
        const [, phone] = /^tel:(.*)/i.exec(href) ?? [];
        if (mail !== undefined) emails.push(...decoded(mail).split(','));
        else if (phone !== undefined) phones.push(decoded(phone));
        else anchor = { href, text: '' };
      }
    },
    ontext(part) {
      if (json !== undefined) json += part;
      if (skipping > 0) return;
      if (text.length < textMax) text += part;
      if (anchor !== undefined && anchor.text.length < 200) anchor.text += part;
    },
    onclosetag(name) {
      if (silent.has(name)) skipping = Math.max(0, skipping - 1);
      if (name === 'script' && json !== undefined) {
        data.push(parsed(json));
        json = undefined;
      }
      if (name === 'a' && anchor !== undefined) {
        const kind = kindOf(anchor.href, anchor.text);
        if (kind !== undefined && links.length < linksMax) links.push({ href: anchor.href, kind });
        anchor = undefined;
      }
      apart(name);
    },
  });
  parser.write(html);
  parser.end();
  const found = structured(data);
  for (const [address] of text.matchAll(addressText)) if (emails.length < emailsMax) emails.push(address);
  return {
    emails: [...new Set(emails.map((each) => each.trim()).filter((each) => each !== ''))].slice(0, emailsMax),
    phones: [...new Set(phones.flatMap((each) => phoneOf(each) ?? []))].slice(0, 20),
    ...found,
    description,
    links,
  };
}

const inline: ReadonlySet<string> = new Set(['b', 'i', 'em', 'strong', 'span', 'wbr', 'u', 'small', 'font']);

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

/** One line of text, or null. */
function lineOf(value: unknown): string | null {
  if (typeof value !== 'string') return null;
  const line = value
    .toWellFormed()
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, valueMax);
  return line === '' ? null : line;
}

const phoneOf = (text: string | null): string | null => {
  const phone = text?.trim() ?? '';
  return /^[+(]?[\d() ./-]{5,30}$/.test(phone) && (phone.match(/\d/g)?.length ?? 0) >= 6 ? phone : null;
};

type Thing = Readonly<Record<string, unknown>>;
const isThing = (value: unknown): value is Thing =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A value, or the name of a thing, or the first of a list. */
const firstOf = (value: unknown): unknown => {
  const one = Array.isArray(value) ? (value as unknown[])[0] : value;
  return isThing(one) ? (one['name'] ?? one['@value']) : one;
};
const textOf = (value: unknown): string | null => lineOf(firstOf(value));
/** As it is: what `lineOf` replaces would make another address of it. */
const emailOf = (value: unknown): string | null => {
  const text = firstOf(value);
  const email = typeof text === 'string' && text.isWellFormed() ? text.trim().replace(/^mailto:/i, '') : '';
  return 'problem' in parseAddress(email) ? null : email;
};

const typesOf = (thing: Thing): readonly string[] =>
  [thing['@type']].flat().flatMap((type) => (typeof type === 'string' ? [type.replace(/^.*[/#:]/, '')] : []));
const organizationTypes =
  /^(Organization|Corporation|LocalBusiness|ProfessionalService|NGO|.*Business|.*Organization|Store|.*Company)$/;

/** People and organizations of JSON-LD, wherever they are. */
function structured(data: readonly unknown[]): Pick<PageContent, 'people' | 'organizations'> {
  const people: Person[] = [];
  const organizations: Organization[] = [];
  const visit = (value: unknown, depth: number): void => {
    if (depth > depthMax || people.length >= peopleMax) return;
    if (Array.isArray(value)) for (const each of value as unknown[]) visit(each, depth + 1);
    if (!isThing(value)) return;
    const types = typesOf(value);
    if (types.includes('Person')) people.push(personOf(value));
    if (types.some((type) => organizationTypes.test(type)) && organizations.length < 20)
      organizations.push(organizationOf(value));
    // A contact point has an address, and seldom a name.
    if (types.includes('ContactPoint')) people.push({ ...personOf(value), name: null });
    else if (types.some((type) => organizationTypes.test(type)) && emailOf(value['email']) !== null)
      people.push({ ...personOf(value), name: null, jobTitle: null });
    for (const each of Object.values(value)) visit(each, depth + 1);
  };
  for (const each of data) visit(each, 0);
  return { people, organizations };
}

const personOf = (thing: Thing): Person => ({
  name: textOf(thing['name']),
  givenName: textOf(thing['givenName']),
  familyName: textOf(thing['familyName']),
  jobTitle: textOf(thing['jobTitle']),
  email: emailOf(thing['email']),
  phone: phoneOf(textOf(thing['telephone'])),
  sameAs: [thing['sameAs']].flat().flatMap((each) => lineOf(each) ?? []),
});

function organizationOf(thing: Thing): Organization {
  const [address] = [thing['address']].flat().filter(isThing);
  return {
    name: textOf(thing['name']) ?? textOf(thing['legalName']),
    description: textOf(thing['description']),
    industry: textOf(thing['industry']),
    phone: phoneOf(textOf(thing['telephone'])),
    country: textOf(address?.['addressCountry']),
    city: textOf(address?.['addressLocality']),
    employees: employeesText(thing['numberOfEmployees']),
  };
}

function employeesText(value: unknown): string | null {
  if (typeof value === 'number' || typeof value === 'string') return String(value).slice(0, 40);
  if (!isThing(value)) return null;
  const { value: exact, minValue: min, maxValue: max } = value;
  if (typeof exact === 'number' || typeof exact === 'string') return String(exact).slice(0, 40);
  return typeof min === 'number' ? `${min}${typeof max === 'number' ? `-${max}` : '+'}` : null;
}
