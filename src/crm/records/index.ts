import type { Route } from '../../http/route.ts';
import { createCustomFields } from './custom-fields.ts';
import type { CustomFields, CustomFieldsOptions } from './custom-fields.ts';
import { recordRoutes } from './routes.ts';
import { createSources } from './sources.ts';
import type { Sources, SourcesOptions } from './sources.ts';

export { actorOf, changedFields, changeEvent, notInOrganization, tagsOf } from './changes.ts';
export type { CustomValues, Editor } from './changes.ts';
export { countBy, countedMax, countOf, totalOf } from './counts.ts';
export type { Total } from './counts.ts';
export type { Entity } from './counts.ts';
export type { CustomEntity, CustomField, CustomFields } from './custom-fields.ts';
export { folded } from './folding.ts';
export * as fields from './fields.ts';
export { columnsOf, givenShape, isoOf, recordKind } from './kind.ts';
export type { RecordBase } from './kind.ts';
export { listQuery, pageAnswer, recordPageOf, sliceOf } from './lists.ts';
export type { Slice } from './lists.ts';
export { parseRow, rowsOf, sentText, unstorableText } from './rows.ts';
export { createRefolding, refoldChunk } from './refold.ts';
export { isIndexable, patternOf, searchPattern, searchText } from './search-text.ts';
export type { SearchPattern } from './search-text.ts';
export type { Source, Sources } from './sources.ts';

export interface Records {
  readonly routes: readonly Route[];
  readonly customFields: CustomFields;
  readonly sources: Sources;
}

export function createRecords(options: CustomFieldsOptions & SourcesOptions): Records {
  const customFields = createCustomFields(options);
  const sources = createSources(options);
  return { routes: recordRoutes({ customFields, sources }), customFields, sources };
}
