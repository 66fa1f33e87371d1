import { z } from 'zod';
import { domainOf } from '../../base/email-address.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { changedFields, fields, folded, mergedValues, searchText, tagsOf } from '../records/index.ts';

/** A company as it is stored. */
export interface Company {
  id: string;
  organization_id: OrganizationId;
  name: string;
  domain: string | null;
  industry: string | null;
  notes: string | null;
  phone: string | null;
  website: string | null;
  linkedin_url: string | null;
  address: string | null;
  city: string | null;
  state: string | null;
  zip_code: string | null;
  country: string | null;
  employee_count: number | null;
  /** In cents. */
  annual_revenue: number | null;
  tags: string[];
  custom_fields: Record<string, unknown>;
  created_by: string | null;
  created_at: Date;
  updated_at: Date;
}

/** An `integer` column holds no more. */
const countMax = 2_147_483_647;
const { address, cents, customValues, optionalText, requiredText, tags, url } = fields;

const domain = optionalText(300)
  .refine((value) => value === null || domainOf(value) !== undefined, 'must be a domain, such as lovelace.example')
  .transform((value) => (value === null ? null : (domainOf(value) ?? null)));

/** What a caller says of a new company. */
export const newCompany = z.strictObject({
  name: requiredText(300),
  domain: domain.optional().describe('Kept in ASCII and lower case.'),
  industry: optionalText(200).optional(),
  notes: optionalText(50_000).optional(),
  phone: optionalText(100).optional(),
  website: url.optional(),
  linkedin_url: url.optional(),
  address: address.address.optional(),
  city: address.city.optional(),
  state: address.state.optional(),
  zip_code: address.zip_code.optional(),
  country: address.country.optional(),
  employee_count: z.int().min(0).max(countMax).nullable().optional(),
  annual_revenue: cents.optional().describe('In cents.'),
  tags: tags.optional(),
  custom_fields: customValues.optional(),
});

/** A field that is not given stays, null clears it. */
export const companyChange = newCompany.partial();

export type NewCompany = z.output<typeof newCompany>;
export type CompanyChange = z.output<typeof companyChange>;

export function blankCompany(
  id: string,
  organization: OrganizationId,
  createdBy: string | undefined,
  at: Date,
): Company {
  return {
    id,
    organization_id: organization,
    name: '',
    domain: null,
    industry: null,
    notes: null,
    phone: null,
    website: null,
    linkedin_url: null,
    address: null,
    city: null,
    state: null,
    zip_code: null,
    country: null,
    employee_count: null,
    annual_revenue: null,
    tags: [],
    custom_fields: {},
    created_by: createdBy ?? null,
    created_at: at,
    updated_at: at,
  };
}

/** The company with these fields changed. */
export function withCompanyFields(
  company: Company,
  { tags: given, custom_fields: values, ...plain }: CompanyChange,
): Company {
  return {
    ...company,
    ...(Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)) as Partial<Company>),
    ...(given === undefined ? {} : { tags: tagsOf(given) }),
    ...(values === undefined ? {} : { custom_fields: mergedValues(company.custom_fields, values) }),
  };
}

const watched = Object.keys(newCompany.shape) as (keyof typeof newCompany.shape)[];

export const companyChanges = (before: Company, after: Company): string[] => changedFields(before, after, watched);

/** The name is the first line, by which alone `idsByName` goes; its own line breaks are blanks there. */
export const companySearch = ({
  name,
  domain: host,
  industry,
  website,
  phone,
  city,
  country,
}: Pick<Company, 'name' | 'domain' | 'industry' | 'website' | 'phone' | 'city' | 'country'>): string =>
  searchText(name.replaceAll(/\r?\n/g, ' '), host, industry, website, phone, city, country);

/** How names are compared: as the first line of `companySearch`, spaces at the ends aside. */
export const nameKey = (name: string): string => folded(name.replaceAll(/\r?\n/g, ' ')).trim();

const time = z.iso.datetime();

export const companyShape = z
  .object({
    id: z.uuid(),
    name: z.string(),
    domain: z.string().nullable(),
    industry: z.string().nullable(),
    notes: z.string().nullable(),
    phone: z.string().nullable(),
    website: z.string().nullable(),
    linkedin_url: z.string().nullable(),
    address: z.string().nullable(),
    city: z.string().nullable(),
    state: z.string().nullable(),
    zip_code: z.string().nullable(),
    country: z.string().nullable(),
    employee_count: z.int().nullable(),
    annual_revenue: z.int().nullable().describe('In cents.'),
    tags: z.array(z.string()),
    custom_fields: z.record(z.string(), z.unknown()),
    account_id: z.uuid().describe('The organization.'),
    created_by: z.uuid().nullable().describe('The key that created it.'),
    created_at: time,
    updated_at: time,
  })
  .meta({ id: 'Company' });

/** The record as the API and its events show it. */
export const companyOnWire = ({
  organization_id: organization,
  created_at: createdAt,
  updated_at: updatedAt,
  ...company
}: Company): z.input<typeof companyShape> => ({
  ...company,
  account_id: organization,
  created_at: createdAt.toISOString(),
  updated_at: updatedAt.toISOString(),
});

export const companyExample: z.input<typeof companyShape> = {
  id: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411',
  name: 'Analytical Engines',
  domain: 'lovelace.example',
  industry: 'Computing',
  notes: null,
  phone: '+44 20 7946 0010',
  website: 'https://lovelace.example',
  linkedin_url: null,
  address: '12 St James Square',
  city: 'London',
  state: null,
  zip_code: 'SW1Y 4JH',
  country: 'GB',
  employee_count: 42,
  annual_revenue: 750_000_000,
  tags: ['manufacturing'],
  custom_fields: {},
  account_id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00',
  created_by: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
};
