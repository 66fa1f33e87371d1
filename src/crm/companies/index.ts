import type { Route } from '../../http/route.ts';
import { createCompanies as create } from './companies.ts';
import type { CompaniesOptions, Companies as Functions } from './companies.ts';
import { companyRoutes } from './routes.ts';

export { companyChange, companyExample, companyOnWire, companyShape, newCompany } from './company.ts';
export type { Company, CompanyChange, NewCompany } from './company.ts';
export type { CompaniesByName, CompaniesInPart, CompaniesOptions, CompanyFilter, Dependents } from './companies.ts';

export interface Companies extends Functions {
  readonly routes: readonly Route[];
}

export function createCompanies(options: CompaniesOptions): Companies {
  const companies = create(options);
  return { ...companies, routes: companyRoutes(companies) };
}
