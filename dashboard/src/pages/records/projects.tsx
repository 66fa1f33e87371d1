import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Project } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select, TextArea } from '../../components/field.tsx';
import { sentence } from '../../components/format.ts';
import { Filters, ListFoot, ListProblem } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';
import { money, stages, stageTone } from './words.ts';

const route = getRouteApi('/frame/projects');

/** What is done with companies. */
export function Projects() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const go = useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('crm:write');
  const [creating, setCreating] = useState(false);
  const query = { ...filters, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const list = useCursorList(['projects', query], (page, signal) =>
    api.projects.list({ ...query, ...page }, { signal }).page(),
  );
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const create = (): void => {
    setCreating(true);
  };
  return (
    <>
      <PageHead title="Projects" actions={may ? <CreateButton word="Add project" onCreate={create} /> : undefined}>
        <span>Newest first</span>
      </PageHead>
      <Filters
        search={{ name: 'search', placeholder: 'Name or company' }}
        filters={[{ name: 'stage', label: 'Stage', options: stages }]}
        values={filters}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })}
      />
      <ListProblem list={list} />
      {list.rows.length === 0 && !list.waits ? (
        <Empty
          title={filtered ? 'No project matches the filters' : 'No projects yet'}
          actions={
            filtered ? (
              <Button onClick={() => void navigate({ search: {} })}>Clear all</Button>
            ) : may ? (
              <Button look="primary" icon="plus" onClick={create}>
                Add project
              </Button>
            ) : undefined
          }
        >
          {filtered ? undefined : 'A project is work for a company, with its contacts, stage and value.'}
        </Empty>
      ) : (
        <Table
          label="Projects"
          rows={list.rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void go({ to: '/projects/$id', params: { id } })}
          columns={[
            { title: 'Name', main: true, cell: ({ name }) => <Name>{name}</Name> },
            {
              title: 'Stage',
              width: 116,
              cell: ({ stage }) => <Status tone={stageTone[stage]}>{sentence(stage)}</Status>,
            },
            { title: 'Company', width: 220, minor: true, cell: ({ company_name: company }) => <Name>{company}</Name> },
            { title: 'Value', width: 130, numeric: true, cell: ({ value }) => money(value) },
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
      <ListFoot list={list} one="project" />
      {creating ? (
        <ProjectForm
          onClose={() => {
            setCreating(false);
          }}
        />
      ) : null}
    </>
  );
}

/** Adds or changes a project. */
export function ProjectForm({ project, onClose }: { readonly project?: Project; readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: async (data: FormData) => {
      const text = (name: string): string | null => {
        const value = String(data.get(name) ?? '').trim();
        return value === '' ? null : value;
      };
      const value = text('value');
      const body = {
        name: text('name') ?? '',
        stage: stages.find((each) => each.value === text('stage'))?.value ?? 'proposal',
        value: value === null ? null : Math.round(Number(value) * 100),
        start_date: text('start_date'),
        end_date: text('end_date'),
        description: text('description'),
      };
      if (project !== undefined) return api.projects.update(project.id, body, { ifMatch: project });
      return api.projects.create({ ...body, ...(workspace === undefined ? {} : { workspace_id: workspace }) });
    },
    onSuccess: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['projects'] });
    },
  });
  const problems = problemsOf(save.error);
  return (
    <FormDialog
      title={project === undefined ? 'Add project' : 'Change project'}
      open
      width={560}
      onClose={onClose}
      action={project === undefined ? 'Add project' : 'Save'}
      busy={save.isPending}
      problem={problemOf(save.error)}
      onSubmit={(data) => {
        save.mutate(data);
      }}
    >
      <Field label="Name" error={problems['name']}>
        {(control) => <Input {...control} name="name" required dir="auto" defaultValue={project?.name} />}
      </Field>
      <div className="two-f">
        <Field label="Stage" error={problems['stage']}>
          {(control) => (
            <Select {...control} name="stage" options={stages} defaultValue={project?.stage ?? 'proposal'} />
          )}
        </Field>
        <Field label="Value" error={problems['value']}>
          {(control) => (
            <Input
              {...control}
              name="value"
              type="number"
              min={0}
              step="0.01"
              defaultValue={project?.value == null ? '' : project.value / 100}
            />
          )}
        </Field>
        <Field label="Begins" error={problems['start_date']}>
          {(control) => <Input {...control} name="start_date" type="date" defaultValue={project?.start_date ?? ''} />}
        </Field>
        <Field label="Ends" error={problems['end_date']}>
          {(control) => <Input {...control} name="end_date" type="date" defaultValue={project?.end_date ?? ''} />}
        </Field>
      </div>
      <Field label="Description" error={problems['description']}>
        {(control) => (
          <TextArea {...control} name="description" rows={3} dir="auto" defaultValue={project?.description ?? ''} />
        )}
      </Field>
    </FormDialog>
  );
}
