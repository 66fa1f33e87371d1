import { z } from 'zod';
import { companyFields } from '../../base/records/company.ts';
import type { RowOf } from '../../base/records/field.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { exampleIds } from '../../events/index.ts';
import type { Emit } from '../../events/index.ts';
import { changeEvent, folded, recordKind, searchText } from '../records/index.ts';
import type { Editor, RecordBase } from '../records/index.ts';

/** A company as it is stored; `annual_revenue` is in cents. */
export interface Company extends RecordBase, RowOf<typeof companyFields> {
  organization_id: OrganizationId;
}

export const companyKind = recordKind(companyFields);

export const newCompany = z.strictObject(companyKind.given);

/** A field that is left out is not changed, null clears it. */
export const companyChange = newCompany.partial();

export type NewCompany = z.output<typeof newCompany>;
export type CompanyChange = z.output<typeof companyChange>;

/** The name is the first line, which alone `idsByName` searches; its own line breaks become spaces. */
export const companySearch = ({
  name,
  domain,
  industry,
  website,
  phone,
  city,
  country,
}: Pick<Company, 'name' | 'domain' | 'industry' | 'website' | 'phone' | 'city' | 'country'>): string =>
  searchText(name.replaceAll(/\r?\n/g, ' '), domain, industry, website, phone, city, country);

/** Contacts and projects that leave companies in one transaction, each with an event. A company with more is deleted by a bulk job. */
export const dependentsMax = 1_000;

/** The form in which names are compared: the first line of `companySearch`, without spaces at its ends. */
export const nameKey = (name: string): string => folded(name.replaceAll(/\r?\n/g, ' ')).trim();

export const companyShape = companyKind.shape.meta({ id: 'Company' });

/** The record as the API and its events show it. */
export const companyOnWire = (company: Company): z.input<typeof companyShape> =>
  companyKind.onWire(company.organization_id, company);

export const companyEvent = (
  editor: Editor,
  type: 'company.created' | 'company.updated' | 'company.deleted',
  company: Company,
  at: Date,
  changed?: string[],
): Parameters<Emit>[1] => changeEvent(editor, type, companyOnWire(company), at, changed && { changed });

export const companyExample: z.input<typeof companyShape> = companyKind.example(exampleIds.company);
