import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Company } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Filters, ListFoot, ListProblem } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Table, useSelection } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';
import { BulkBar } from './bulk-bar.tsx';

const route = getRouteApi('/frame/companies');

/** The companies of the contacts. */
export function Companies() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const go = useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('crm:write');
  const selection = useSelection();
  const [creating, setCreating] = useState(false);
  const { tag, search } = filters;
  const query = {
    search,
    ...(tag === undefined ? {} : { tag: [tag] }),
    ...(workspace === undefined ? {} : { workspace_id: workspace }),
  };
  const list = useCursorList(['companies', query], (page, signal) =>
    api.companies.list({ ...query, ...page }, { signal }).page(),
  );
  const filtered = search !== undefined || tag !== undefined;
  const create = (): void => {
    setCreating(true);
  };
  return (
    <>
      <PageHead title="Companies" actions={may ? <CreateButton word="Add company" onCreate={create} /> : undefined}>
        <span>Newest first</span>
      </PageHead>
      <Filters
        search={{ name: 'search', placeholder: 'Name or domain' }}
        filters={[{ name: 'tag', label: 'Tag' }]}
        values={filters}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })}
      />
      {selection.selected.size === 0 ? null : <BulkBar entity="company" selection={selection} />}
      <ListProblem list={list} />
      {list.rows.length === 0 && !list.waits ? (
        <Empty
          title={filtered ? 'No company matches the filters' : 'No companies yet'}
          actions={
            filtered ? (
              <Button onClick={() => void navigate({ search: {} })}>Clear all</Button>
            ) : may ? (
              <Button look="primary" icon="plus" onClick={create}>
                Add company
              </Button>
            ) : undefined
          }
        >
          {filtered ? undefined : 'Contacts belong to companies. Add one, or let an import make them.'}
        </Empty>
      ) : (
        <Table
          label="Companies"
          two
          rows={list.rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void go({ to: '/companies/$id', params: { id } })}
          selection={may ? selection : undefined}
          columns={[
            {
              title: 'Name',
              main: true,
              cell: ({ name, domain }) => (
                <>
                  <span className="trunc medium">
                    <Name>{name}</Name>
                  </span>
                  <span className="sub">{domain}</span>
                </>
              ),
            },
            { title: 'Industry', width: 180, cell: ({ industry }) => <Name>{industry}</Name> },
            {
              title: 'Place',
              width: 200,
              minor: true,
              cell: ({ city, country }) => <Name>{[city, country].filter(Boolean).join(', ')}</Name>,
            },
            { title: 'Owner', width: 140, minor: true, cell: ({ owner }) => <Name>{owner}</Name> },
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
      <ListFoot list={list} one="company" many="companies" />
      {creating ? (
        <CompanyForm
          onClose={() => {
            setCreating(false);
          }}
        />
      ) : null}
    </>
  );
}

const fields = [
  ['name', 'Name'],
  ['domain', 'Domain'],
  ['industry', 'Industry'],
  ['phone', 'Phone'],
  ['city', 'City'],
  ['country', 'Country'],
  ['owner', 'Owner'],
] as const;

/** Adds or changes a company. */
export function CompanyForm({ company, onClose }: { readonly company?: Company; readonly onClose: () => void }) {
  const navigate = useNavigate();
  const workspace = useWorkspace();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: async (data: FormData) => {
      const values = Object.fromEntries(
        fields.map(([name]) => {
          const value = String(data.get(name) ?? '').trim();
          return [name, value === '' ? null : value];
        }),
      );
      const name = String(data.get('name') ?? '');
      if (company !== undefined) return api.companies.update(company.id, { ...values, name }, { ifMatch: company });
      return api.companies.create({ ...values, name, ...(workspace === undefined ? {} : { workspace_id: workspace }) });
    },
    onSuccess: async ({ id }) => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ['companies'] });
      if (company === undefined) await navigate({ to: '/companies/$id', params: { id } });
    },
  });
  const problems = problemsOf(save.error);
  return (
    <FormDialog
      title={company === undefined ? 'Add company' : 'Change company'}
      open
      width={600}
      onClose={onClose}
      action={company === undefined ? 'Add company' : 'Save'}
      busy={save.isPending}
      problem={problemOf(save.error)}
      onSubmit={(data) => {
        save.mutate(data);
      }}
    >
      <div className="two-f">
        {fields.map(([name, label]) => (
          <Field key={name} label={label} error={problems[name]}>
            {(control) => (
              <Input
                {...control}
                name={name}
                dir="auto"
                required={name === 'name'}
                defaultValue={company?.[name] ?? ''}
              />
            )}
          </Field>
        ))}
      </div>
    </FormDialog>
  );
}
