import { useMutation } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { CreateButton } from '../../components/create-button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Select, TextArea } from '../../components/field.tsx';
import { Filters, ListProblem } from '../../components/list.tsx';
import { PageHead } from '../../components/page.tsx';
import { ActivityTable } from './activity-table.tsx';
import { activityTypes } from './words.ts';

const route = getRouteApi('/frame/activities');

/** Calls, emails, meetings and notes. */
export function Activities() {
  const filters = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('crm:write');
  const [creating, setCreating] = useState(false);
  const query = { ...filters, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const list = useCursorList(['activities', query], (page, signal) =>
    api.activities.list({ ...query, ...page }, { signal }).page(),
  );
  return (
    <>
      <PageHead
        title="Activities"
        actions={
          may ? (
            <CreateButton
              word="Add note"
              onCreate={() => {
                setCreating(true);
              }}
            />
          ) : undefined
        }
      >
        <span>Newest first</span>
      </PageHead>
      <Filters
        search={{ name: 'search', placeholder: 'Search in texts' }}
        filters={[{ name: 'activity_type', label: 'Type', options: activityTypes }]}
        values={filters}
        onChange={(changed) => void navigate({ search: (before) => ({ ...before, ...changed }) })}
      />
      <ListProblem list={list} />
      <ActivityTable list={list} />
      {creating ? (
        <NoteForm
          onClose={() => {
            setCreating(false);
          }}
        />
      ) : null}
    </>
  );
}

function NoteForm({ onClose }: { readonly onClose: () => void }) {
  const workspace = useWorkspace();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (data: FormData) => {
      const type = activityTypes.find(({ value }) => value === data.get('type'))?.value ?? 'note';
      const text = String(data.get('text') ?? '');
      return api.activities.create({
        activity_type: type,
        metadata: type === 'email' ? { body: text } : { notes: text },
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
      });
    },
    onSuccess: () => {
      onClose();
      return queryClient.invalidateQueries({ queryKey: ['activities'] });
    },
  });
  const problems = problemsOf(save.error);
  return (
    <FormDialog
      title="Add activity"
      open
      width={520}
      onClose={onClose}
      action="Add"
      busy={save.isPending}
      problem={problemOf(save.error) ?? Object.values(problems)[0]}
      onSubmit={(data) => {
        save.mutate(data);
      }}
    >
      <Field label="Type">
        {(control) => <Select {...control} name="type" defaultValue="note" options={activityTypes} />}
      </Field>
      <Field label="Text">{(control) => <TextArea {...control} name="text" rows={5} required dir="auto" />}</Field>
    </FormDialog>
  );
}
