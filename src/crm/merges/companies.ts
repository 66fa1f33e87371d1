import { companyFields } from '../../base/records/company.ts';
import type { Company, Companies } from '../companies/index.ts';
import type { Follower } from '../records/index.ts';
import { fill, takeBack } from './filling.ts';
import type { FillRules } from './filling.ts';
import type { Mergeable } from './merges.ts';

const rules: FillRules = { fields: companyFields, together: [], except: [] };

/** How companies are merged. */
export const mergeableCompanies = (
  { merging }: Pick<Companies, 'merging'>,
  followers: readonly Follower[],
  lastFollowers: () => readonly Follower[],
): Mergeable<Company> => ({
  entity: 'company',
  noun: 'Company',
  merged: 'company.merged',
  unmerged: 'company.unmerged',
  ...merging,
  fill: (into, from) => fill(rules, into, from),
  takeBack: (row, filled) => takeBack(rules, row, filled),
  optedOut: () => false,
  followers,
  lastFollowers,
});
