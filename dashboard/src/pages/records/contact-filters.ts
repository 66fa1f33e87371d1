import { useQuery } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useMay } from '../../app/session.ts';
import type { Filter } from '../../components/list.tsx';
import type { ContactSearch } from './routes.tsx';
import { contactStates } from './words.ts';

export const contactOrders = [
  { value: '-created_at', label: 'Newest first' },
  { value: 'created_at', label: 'Oldest first' },
  { value: '-updated_at', label: 'Last changed first' },
  { value: 'updated_at', label: 'Longest unchanged first' },
] as const;

/** The filters of contacts, with the tags, sources and segments there are. */
export function useContactFilters(values: ContactSearch): readonly Filter[] {
  const may = useMay();
  const workspace = useWorkspace();
  const query = { page_size: 50, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const { data: tags } = useQuery({
    queryKey: ['tags', workspace],
    queryFn: ({ signal }) => api.contacts.listTags(query, { signal }).page(),
    staleTime: 60_000,
  });
  const { data: sources } = useQuery({
    queryKey: ['sources', workspace],
    queryFn: ({ signal }) => api.records.listSources(query, { signal }).page(),
    staleTime: 60_000,
  });
  const { data: segments } = useQuery({
    queryKey: ['segments', 'filter', workspace],
    queryFn: ({ signal }) => api.segments.list({ ...query, entity: 'contact' }, { signal }).page(),
    staleTime: 60_000,
    enabled: may('crm:read'),
  });
  const named = (rows: readonly { readonly id: string; readonly name: string }[] | undefined) =>
    (rows ?? []).map(({ id, name }) => ({ value: id, label: name }));
  return [
    {
      name: 'status',
      label: 'Status',
      options: Object.entries(contactStates).map(([value, [, label]]) => ({ value, label })),
    },
    { name: 'tag', label: 'Tag', options: (tags?.data ?? []).map(({ name }) => ({ value: name, label: name })) },
    { name: 'source_id', label: 'Source', options: named(sources?.data) },
    { name: 'segment_id', label: 'Segment', options: named(segments?.data) },
    { name: 'deleted', label: 'Deleted', options: [{ value: 'true', label: 'Only deleted ones' }] },
    ...(values.company_id === undefined ? [] : [{ name: 'company_id', label: 'Company' }]),
    ...(values.owner === undefined ? [] : [{ name: 'owner', label: 'Owner' }]),
  ];
}
