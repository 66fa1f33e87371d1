import type { WorkspaceDirectory } from '../../auth/index.ts';
import type { Route } from '../../http/route.ts';
import type { Companies } from '../companies/index.ts';
import type { Contacts } from '../contacts/index.ts';
import { segmentRoutes } from './routes.ts';
import { createFunctions } from './segments.ts';
import type { SegmentFunctions, SegmentsOptions } from './segments.ts';

export { eraseSegments } from './erasure.ts';
export type { SegmentField } from './fields.ts';
export type { Filter, Selection, SelectionRequest } from './selecting.ts';
export type { Chunk } from './select.ts';

/** Saved filters over contacts and companies. */
export interface Segments extends SegmentFunctions {
  readonly routes: readonly Route[];
}

/**
 * Composes the slice.
 * @example
 * const segments = createSegments({ ...deps, customFields, contacts, companies, onError });
 * const selection = await segments.selectionOf(principal, 'contact', { segment_id: id });
 */
export function createSegments({
  contacts,
  companies,
  workspaces,
  ...options
}: SegmentsOptions & {
  readonly contacts: Pick<Contacts, 'byIds'>;
  readonly companies: Pick<Companies, 'byIds'>;
  readonly workspaces: WorkspaceDirectory;
}): Segments {
  const segments = createFunctions(options);
  return { ...segments, routes: segmentRoutes(segments, { contacts, companies, workspaces, db: options.db }) };
}
