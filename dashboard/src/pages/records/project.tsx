import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { NotFound } from '../../app/root.tsx';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CopyLine } from '../../components/copy.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { sentence } from '../../components/format.ts';
import { ListFoot } from '../../components/list.tsx';
import { Columns, Empty, Facts, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';
import { ActivityTable } from './activity-table.tsx';
import { ProjectForm } from './projects.tsx';
import { money, nameOf, stageTone } from './words.ts';

const route = getRouteApi('/frame/projects/$id');

/** A project with its contacts and activities. */
export function ProjectPage() {
  const { id } = route.useParams();
  const go = useNavigate();
  const may = useMay()('crm:write');
  const [editing, setEditing] = useState(false);
  const { data: project, error } = useQuery({
    queryKey: ['projects', 'one', id],
    queryFn: ({ signal }) => api.projects.get(id, { signal }),
  });
  const contacts = useCursorList(['projects', 'contacts', id], (page, signal) =>
    api.projects.listContacts(id, page, { signal }).page(),
  );
  const activities = useCursorList(['activities', 'of project', id], (page, signal) =>
    api.activities.list({ project_id: id, ...page, limit: 25 }, { signal }).page(),
  );
  const remove = useMutation({
    mutationFn: () => api.projects.delete(id),
    onSuccess: async () => {
      await go({ to: '/projects' });
      await queryClient.invalidateQueries({ queryKey: ['projects'] });
    },
  });
  if (isMissing(error)) return <NotFound />;
  if (project === undefined) return null;
  return (
    <>
      <PageHead
        title={project.name}
        crumbs={[{ label: 'Projects', link: { to: '/projects' } }, { label: project.name }]}
        state={
          <Status tone={stageTone[project.stage]} pill>
            {sentence(project.stage)}
          </Status>
        }
        actions={
          may ? (
            <>
              <Button
                icon="edit"
                onClick={() => {
                  setEditing(true);
                }}
              >
                Change
              </Button>
              <ConfirmButton
                word="Delete…"
                title={`Delete ${project.name}`}
                action="Delete project"
                busy={remove.isPending}
                onConfirm={() => remove.mutateAsync()}
              >
                Its contacts and activities stay. It cannot be undone.
              </ConfirmButton>
            </>
          ) : undefined
        }
      />
      <Columns side={380}>
        <div>
          <Region flush title="Contacts">
            {contacts.rows.length === 0 && !contacts.waits ? (
              <Empty title="No contact belongs to it" />
            ) : (
              <Table
                label="Contacts"
                rows={contacts.rows}
                keyOf={(each) => each.id}
                onOpen={(each) => void go({ to: '/contacts/$id', params: { id: each.id } })}
                columns={[
                  { title: 'Name', main: true, cell: (contact) => <Name>{nameOf(contact)}</Name> },
                  { title: 'Email', width: 260, minor: true, cell: ({ email }) => email },
                ]}
              />
            )}
            <ListFoot list={contacts} one="contact" />
          </Region>
          <Region flush title="Activities">
            <ActivityTable list={activities} />
          </Region>
        </div>
        <Region title="Facts">
          <div className="stack roomy">
            <Facts
              rows={[
                [
                  'Company',
                  project.company_id === null ? (
                    '–'
                  ) : (
                    <Link to="/companies/$id" params={{ id: project.company_id }}>
                      <Name>{project.company_name}</Name>
                    </Link>
                  ),
                ],
                ['Value', money(project.value)],
                ['Assigned to', <Name>{project.assigned_name ?? project.assigned_to}</Name>],
                ['Begins', project.start_date ?? '–'],
                ['Ends', project.end_date ?? '–'],
                ['Tags', project.tags.join(', ') || '–'],
                ['Description', <Name>{project.description}</Name>],
                ['Changed', <Time at={project.updated_at} />],
              ]}
            />
            <CopyLine text={project.id} label="Copy id" />
          </div>
        </Region>
      </Columns>
      {editing ? (
        <ProjectForm
          project={project}
          onClose={() => {
            setEditing(false);
          }}
        />
      ) : null}
    </>
  );
}
