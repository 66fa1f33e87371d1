import { z } from 'zod';
import { isStorable } from '../../../base/storable.ts';
import { mustBeWellFormed } from '../../../base/validation-messages.ts';

/** How a provider is asked, and what its answers mean. */

const unprintable = /\p{Cc}/u;
const line = (max: number): z.ZodString =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((text) => !unprintable.test(text), 'must be one line without control characters')
    .refine((text) => text.isWellFormed(), mustBeWellFormed) as z.ZodString;

/** Names of header fields that the request itself has. */
const ownHeaders = new Set([
  'host',
  'connection',
  'content-length',
  'content-type',
  'transfer-encoding',
  'accept',
  'user-agent',
]);
const header = z
  .string()
  .max(100)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'must be the name of a header field')
  .refine((name) => !ownHeaders.has(name.toLowerCase()), 'is set by the request itself');
const secret = z
  .string()
  .min(1)
  .max(4_000)
  .regex(/^[\x20-\x7e]+$/, 'must be printable ASCII');

const path = line(200).describe('A path into the JSON answer, such as `data.people` or `emails.0.value`.');
const parameter = line(100);
const size = z.int().min(1).max(500);

/** Fields of a person, and what they fill. */
export const mappedFields = [
  'email',
  'external_id',
  'first_name',
  'last_name',
  'job_title',
  'seniority',
  'phone',
  'linkedin_url',
  'website',
  'city',
  'country',
  'timezone',
  'company_name',
  'company_domain',
  'industry',
  'employees',
  'technologies',
  'keywords',
  'description',
  'email_status',
  'url',
] as const;
export type MappedField = (typeof mappedFields)[number];

const paging = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('none') }),
  z.strictObject({
    kind: z.literal('page'),
    parameter: parameter.default('page'),
    first: z.int().min(0).max(1).default(1),
    size: size.optional(),
    size_parameter: parameter.optional(),
  }),
  z.strictObject({
    kind: z.literal('offset'),
    parameter: parameter.default('offset'),
    size,
    size_parameter: parameter.optional(),
  }),
  z.strictObject({
    kind: z.literal('cursor'),
    parameter: parameter.default('cursor'),
    next: path,
    size: size.optional(),
    size_parameter: parameter.optional(),
  }),
  z.strictObject({ kind: z.literal('next_url'), next: path }),
]);
export type Paging = z.output<typeof paging>;

export const providerInput = z.strictObject({
  name: line(100).describe('Shown as the source of the people whom it names.'),
  url: line(2_000).describe(
    'With the criteria of the profile in braces, encoded and joined by commas: `{titles}`, `{seniorities}`, `{countries}`, `{industries}`, `{sizes}`, `{keywords}`, `{technologies}`. The URL is returned, so send the secret in `auth`.',
  ),
  method: z.enum(['GET', 'POST']).default('GET'),
  body: z
    .record(z.string().max(100), z.unknown())
    .optional()
    .refine((value) => value === undefined || JSON.stringify(value).length <= 10_000, 'must have at most 10,000 bytes')
    .refine(isStorable, mustBeWellFormed)
    .describe(
      'Of POST: a JSON object. A text such as `{titles}` is replaced with the list; inside other text, the values are joined by commas. Braces around anything but a word, such as `{ id }`, stay.',
    ),
  auth: z
    .union([z.strictObject({ header, value: secret }), z.strictObject({ query: parameter, value: secret })])
    .nullable()
    .default(null)
    .describe(
      'A header field or a parameter of the query, with its secret. It is stored encrypted and never returned.',
    ),
  paging: paging
    .default({ kind: 'none' })
    .describe(
      'How the next page is asked for: its number, the offset of its first record, a cursor of the answer, or a URL of the answer, which must have the same origin. Of POST, parameters are members of the body. An empty page is the last one, and so is one with fewer records than `size`.',
    ),
  items: z
    .string()
    .max(200)
    .refine((text) => text.isWellFormed(), mustBeWellFormed)
    .default('')
    .describe('The path of the list of people in the answer. Empty: the answer is the list.'),
  fields: z
    .strictObject(
      Object.fromEntries(mappedFields.map((field) => [field, path.optional()])) as Record<
        MappedField,
        z.ZodOptional<z.ZodString>
      >,
    )
    .refine(({ email }) => email !== undefined, { path: ['email'], message: 'is required' })
    .describe(
      'The path of each field in a record. `external_id` is the id of the provider for a person; without it, the address. `employees` is a number or a range such as `11-50`.',
    ),
  licence: line(500)
    .nullable()
    .default(null)
    .describe('Under which terms you may use what it says. Stored with each find.'),
  requests_per_minute: z.int().min(1).max(600).default(60),
  daily_budget: z.int().min(1).max(1_000_000).default(1_000).describe('Requests in one UTC day.'),
  timeout_seconds: z.int().min(1).max(60).default(20),
});
export type ProviderInput = z.output<typeof providerInput>;

/** What is stored beside the secret. */
export type ProviderSettings = Omit<ProviderInput, 'auth' | 'name'> & {
  readonly auth: { readonly kind: 'header' | 'query'; readonly name: string } | null;
};
