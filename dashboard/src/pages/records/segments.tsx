import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Segment } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { count } from '../../components/format.ts';
import { Empty, PageHead } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Absent, Name, Time } from '../../components/value.tsx';
import { emptyDraft, FilterBuilder, filterOf, sentenceOf } from './filter-builder.tsx';
import type { Draft } from './filter-builder.tsx';

/** Saved filters over contacts and companies. */
export function Segments() {
  const go = useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('contacts:write');
  const [creating, setCreating] = useState(false);
  const { data } = useQuery({
    queryKey: ['segments', workspace],
    queryFn: ({ signal }) =>
      api.segments
        .list({ page_size: 100, ...(workspace === undefined ? {} : { workspace_id: workspace }) }, { signal })
        .page(),
  });
  const rows = data?.data ?? [];
  const create = (): void => {
    setCreating(true);
  };
  return (
    <>
      <PageHead title="Segments" actions={may ? <CreateButton word="Add segment" onCreate={create} /> : undefined}>
        <span>Saved filters, for campaigns, exports and bulk changes</span>
      </PageHead>
      {rows.length === 0 && data !== undefined ? (
        <Empty
          title="No segments yet"
          actions={
            may ? (
              <Button look="primary" icon="plus" onClick={create}>
                Add segment
              </Button>
            ) : undefined
          }
        >
          A segment selects the contacts or companies that match a filter now: those who replied in the last month, or
          everyone in Norway.
        </Empty>
      ) : (
        <Table
          label="Segments"
          two
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void go({ to: '/segments/$id', params: { id } })}
          columns={[
            {
              title: 'Name',
              main: true,
              cell: ({ name, filter }) => (
                <>
                  <span className="trunc medium">
                    <Name>{name}</Name>
                  </span>
                  <span className="sub" title={sentenceOf(filter)}>
                    {sentenceOf(filter)}
                  </span>
                </>
              ),
            },
            { title: 'Of', width: 110, cell: ({ entity }) => (entity === 'contact' ? 'contacts' : 'companies') },
            { title: 'Records', width: 110, numeric: true, cell: (segment) => <SegmentSize segment={segment} /> },
            {
              title: 'Changed',
              width: 128,
              numeric: true,
              minor: true,
              cell: ({ updated_at: at }) => <Time at={at} />,
            },
          ]}
        />
      )}
      {creating ? (
        <SegmentForm
          onClose={() => {
            setCreating(false);
          }}
        />
      ) : null}
    </>
  );
}

/** How many records match; an estimate says so. */
export function SegmentSize({ segment }: { readonly segment: Pick<Segment, 'id'> }) {
  const { data } = useQuery({
    queryKey: ['segments', 'count', segment.id],
    queryFn: ({ signal }) => api.segments.count(segment.id, { signal }),
    refetchInterval: ({ state }) => (state.data?.exact === false ? 3_000 : false),
  });
  if (data === undefined) return <Absent />;
  return (
    <span
      title={data.exact ? 'exact' : 'an estimate; the records are being counted'}
    >{`${data.exact ? '' : '≈ '}${count(data.count)}`}</span>
  );
}

/** Adds or changes a segment. */
export function SegmentForm({ segment, onClose }: { readonly segment?: Segment; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const go = useNavigate();
  const [entity, setEntity] = useState<Segment['entity']>(segment?.entity ?? 'contact');
  const [draft, setDraft] = useState<Draft>(() => emptyDraft(segment?.filter));
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) => {
      const name = String(data.get('name') ?? '');
      const filter = filterOf(draft);
      return segment === undefined
        ? api.segments.create({ name, entity, filter, ...(workspace === undefined ? {} : { workspace_id: workspace }) })
        : api.segments.update(segment.id, { name, filter }, { ifMatch: segment });
    },
    onSuccess: async ({ id }) => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['segments'] });
      if (segment === undefined) await go({ to: '/segments/$id', params: { id } });
    },
  });
  const problems = problemsOf(save.error);
  return (
    <FormDialog
      title={segment === undefined ? 'Add segment' : 'Change segment'}
      open
      width={720}
      onClose={onClose}
      action={segment === undefined ? 'Add segment' : 'Save'}
      busy={save.isPending}
      problem={problemOf(save.error)}
      onSubmit={(data) => {
        save.mutate(data);
      }}
    >
      <div className="two-f">
        <Field label="Name" error={problems['name']}>
          {(control) => <Input {...control} name="name" required dir="auto" defaultValue={segment?.name} />}
        </Field>
        <Field label="Selects">
          {(control) => (
            <Select
              {...control}
              disabled={segment !== undefined}
              value={entity}
              onChange={({ target }) => {
                setEntity(target.value === 'company' ? 'company' : 'contact');
              }}
              options={[
                { value: 'contact', label: 'Contacts' },
                { value: 'company', label: 'Companies' },
              ]}
            />
          )}
        </Field>
      </div>
      <FilterBuilder entity={entity} draft={draft} onChange={setDraft} problems={problems} />
    </FormDialog>
  );
}
