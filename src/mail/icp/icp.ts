import { z } from 'zod';
import { excludedDomainOf } from '../../base/company-domain.ts';
import { own } from '../../base/own.ts';
import { isStorable } from '../../base/storable.ts';
import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { countryCodeOf } from '../schedule/index.ts';

/** Seniorities from the highest to the lowest. */
export const seniorities = [
  'owner',
  'founder',
  'c_suite',
  'partner',
  'vp',
  'head',
  'director',
  'manager',
  'senior',
  'entry',
  'intern',
] as const;
export type Seniority = (typeof seniorities)[number];

export const emailStatuses = ['deliverable', 'risky', 'undeliverable', 'unknown'] as const;

/** A lead is accepted from this score, unless the ICP says otherwise. Above 50, which is the score of a person of whom nothing is known. */
export const thresholdDefault = 60;

const unprintable = /[\p{Cc}\u2028\u2029]/u;
const word = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !unprintable.test(text), 'must be one line without control characters')
  .refine((text) => text.isWellFormed(), mustBeWellFormed) as z.ZodString;
const words = z.array(word).max(200);

const fields = {
  industries: words.optional().describe('Words of the industry of the company.'),
  sizes: z
    .array(z.string().regex(/^\d{1,9}(-\d{1,9}|\+)?$/, 'must be a range such as 11-50, or 1000+'))
    .max(50)
    .optional()
    .describe('Employees of the company: ranges such as `11-50`, or `1000+`.'),
  countries: z
    .array(word.refine((text) => countryCodeOf(text) !== undefined, 'must be a country code or a name in English'))
    .max(250)
    .optional()
    .describe('Of the person, otherwise of the company: ISO 3166 codes, or names in English.'),
  titles: words.optional().describe('Words of the job title. `CEO`, `VP` and the like also match what they stand for.'),
  seniorities: z
    .array(z.enum(seniorities))
    .max(20)
    .optional()
    .describe('As the source says, otherwise read from the job title.'),
  keywords: words
    .optional()
    .describe('Any of these in the job title, the name, industry or description of the company, or the tags.'),
  technologies: words.optional().describe('Any of these that the company uses.'),
  exclude: z
    .strictObject({
      domains: words
        .optional()
        .describe(
          'Of the address or the company, and domains below them. Also written as URLs or with `www`; stored without.',
        ),
      keywords: words.optional(),
    })
    .optional()
    .describe('People and companies that match any of these are never accepted.'),
  require: z
    .strictObject({ email_status: z.array(z.enum(emailStatuses)).max(4).optional() })
    .optional()
    .describe(
      'Verdicts on the address that are accepted. An address without a verdict is accepted: the `verification` of the campaign decides before anything is sent.',
    ),
  threshold: z
    .int()
    .min(0)
    .max(100)
    .optional()
    .describe(`The lowest score, of 0 to 100, that is accepted. Default: ${thresholdDefault}.`),
};

/** An ideal customer profile: whom leads are to be like. A list that is missing or empty says nothing. */
export const icpSchema = z.strictObject(fields).meta({ id: 'Icp' });
export type Icp = z.output<typeof icpSchema>;

const bytesMax = 20_000;
const isShort = (value: object): boolean => Buffer.byteLength(JSON.stringify(value)) <= bytesMax;
const tooLong = `must have at most ${bytesMax.toLocaleString('en')} bytes`;

/** The ICP with `exclude.domains` in the form in which they are compared. @param unreadable called for those that are none; they stay. */
function withDomains<T extends Pick<Icp, 'exclude'>>(icp: T, unreadable: (index: number) => void): T {
  const domains = icp.exclude?.domains?.map((text, index) => {
    const domain = excludedDomainOf(text);
    if (domain === undefined) unreadable(index);
    return domain ?? text;
  });
  return domains === undefined ? icp : { ...icp, exclude: { ...icp.exclude, domains: [...new Set(domains)] } };
}

/** Reads the domains of an ICP that a caller gives. */
const readDomains = <T extends Pick<Icp, 'exclude'>>(icp: T, { issues }: z.core.ParsePayload<T>): T =>
  withDomains(icp, (index) =>
    issues.push({
      code: 'custom',
      message: 'must be a domain, such as competitor.example',
      path: ['exclude', 'domains', index],
      input: icp,
    }),
  );

/** An ICP that a caller gives. */
export const icpInput = icpSchema.refine(isShort, tooLong).transform(readDomains);
/** The ICP of a campaign, which may have further members that people or models read. */
export const campaignIcpInput = z
  .looseObject(fields)
  .refine(isShort, tooLong)
  .refine(isStorable, mustBeWellFormed)
  .transform(readDomains);

/** The ICP of stored JSON. Members that this version does not know, or cannot read, are left out. */
export function readIcp(stored: Readonly<Record<string, unknown>>): Icp {
  const known = Object.entries(fields).flatMap(([name, schema]) => {
    const read = schema.safeParse(own(stored, name));
    return read.success && read.data !== undefined ? [[name, read.data] as const] : [];
  });
  return withDomains(icpSchema.parse(Object.fromEntries(known)), () => {});
}
