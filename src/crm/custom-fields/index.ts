import type { Route } from '../../http/route.ts';
import { createCustomFields as create } from './custom-fields.ts';
import type { CustomFields as Functions, CustomFieldsOptions } from './custom-fields.ts';
import { customFieldRoutes } from './routes.ts';

export type { CustomEntity, CustomField, CustomFieldsOptions } from './custom-fields.ts';

export interface CustomFields extends Functions {
  readonly routes: readonly Route[];
}

export function createCustomFields(options: CustomFieldsOptions): CustomFields {
  const customFields = create(options);
  return { ...customFields, routes: customFieldRoutes(customFields) };
}
