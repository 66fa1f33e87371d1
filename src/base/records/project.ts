import { companyName } from './field.ts';
import type { Fields } from './field.ts';

export const projectStages = ['proposal', 'active', 'review', 'complete', 'archived'] as const;

/** The fields of a project. */
export const projectFields = {
  name: { type: 'text', max: 300, required: true, example: 'Difference Engine rollout' },
  description: { type: 'text', max: 50_000, example: 'Outbound for the spring launch' },
  stage: { type: 'choice', choices: projectStages, default: 'proposal', example: 'active' },
  company_id: { type: 'id', of: 'company', example: '0199c9f1-7b20-7d02-8f11-3c5a7e90b411' },
  company_name: { type: 'text', from: 'lookup', description: companyName(''), example: 'Analytical Engines' },
  assigned_to: {
    type: 'id',
    of: 'user who leads the project, in any system',
    example: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c01',
  },
  assigned_name: { type: 'text', max: 200, example: 'Grace Hopper' },
  value: { type: 'cents', example: 2_400_000 },
  start_date: { type: 'day', example: '2026-01-05' },
  end_date: { type: 'day', givenDescription: 'Not before start_date.', example: '2026-06-30' },
  is_retainer: { type: 'flag', default: false, example: false },
  renewal_date: { type: 'day', example: null },
  notes: { type: 'text', max: 50_000, example: null },
  tags: { type: 'tags', example: [] },
  custom_fields: { type: 'custom', example: {} },
} as const satisfies Fields;
