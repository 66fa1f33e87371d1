import { address, owner } from './field.ts';
import type { Fields } from './field.ts';

/** The fields of a company. */
export const companyFields = {
  name: { type: 'text', max: 300, required: true, example: 'Analytical Engines' },
  domain: {
    type: 'domain',
    max: 300,
    givenDescription: 'Stored in ASCII and lower case, without `www`.',
    example: 'lovelace.example',
  },
  industry: { type: 'text', max: 200, example: 'Computing' },
  notes: { type: 'text', max: 50_000, example: null },
  phone: { type: 'text', max: 100, example: '+44 20 7946 0010' },
  website: { type: 'url', example: 'https://lovelace.example' },
  linkedin_url: { type: 'url', example: null },
  ...address,
  employee_count: { type: 'count', example: 42 },
  annual_revenue: { type: 'cents', example: 750_000_000 },
  owner,
  tags: { type: 'tags', example: ['manufacturing'] },
  custom_fields: { type: 'custom', example: {} },
} as const satisfies Fields;
