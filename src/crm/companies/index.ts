import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import { createCompanies as create } from './companies.ts';
import type { CompaniesOptions, Companies as Functions } from './companies.ts';
import type { Dependents } from './many.ts';
import { companyRoutes } from './routes.ts';

export { companyChange, companyExample, companyOnWire, companyShape, newCompany } from './company.ts';
export type { Company, CompanyChange, NewCompany } from './company.ts';
export type { CompaniesOptions, CompanyFilter } from './companies.ts';
export type { Dependents } from './many.ts';
export type { CompaniesByName, CompaniesInPart } from './lookup.ts';

export interface Companies extends Functions {
  readonly routes: readonly Route[];
  /** Sets the records that belong to companies, in the order in which their kinds are locked. Their slices are built on this one. */
  setDependents(dependents: readonly Dependents[]): void;
}

export function createCompanies({
  workspaces,
  ...options
}: Omit<CompaniesOptions, 'dependents'> & { readonly workspaces: WorkspaceDirectory }): Companies {
  let dependents: readonly Dependents[] = [];
  const companies = create({ ...options, dependents: () => dependents });
  return {
    ...companies,
    routes: companyRoutes(companies, workspaces),
    setDependents: (all) => {
      dependents = all;
    },
  };
}
