import type { Route } from '../../http/route.ts';
import { createOperations } from './records.ts';
import type { Operations, TemplatesOptions } from './records.ts';
import { templateRoutes } from './routes.ts';

export { compile, pickVariant, render, variablesOf, variationOf } from './compile.ts';
export type { Compiled, Rendered, Source } from './compile.ts';
export { contentWarnings } from './links.ts';
export type { Warning } from './links.ts';
export type { TemplateRow } from './queries.ts';
export { templateFields } from './routes.ts';
export { spellings } from './values.ts';
export type { Fields, Values } from './values.ts';

export interface Templates extends Operations {
  readonly routes: readonly Route[];
}

export function createTemplates(options: TemplatesOptions): Templates {
  const templates = createOperations(options);
  return { ...templates, routes: templateRoutes(templates) };
}
