import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Import } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useMay } from '../../app/session.ts';
import { CreateButton } from '../../components/create-button.tsx';
import { LinkButton } from '../../components/button.tsx';
import { count, sentence } from '../../components/format.ts';
import { Empty, PageHead } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import type { Tone } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';

export const importTone: Readonly<Record<Import['state'], Tone>> = {
  uploading: 'pending',
  running: 'pending',
  completed: 'ok',
  failed: 'failed',
  cancelled: 'off',
};

/** Files that became contacts. */
export function Imports() {
  const go = useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('contacts:write');
  const { data } = useQuery({
    queryKey: ['imports', workspace],
    queryFn: ({ signal }) =>
      api.imports
        .list({ page_size: 100, ...(workspace === undefined ? {} : { workspace_id: workspace }) }, { signal })
        .page(),
    refetchInterval: ({ state }) =>
      state.data?.data.some((each) => each.finished_at === null) === true ? 1_000 : false,
  });
  const rows = data?.data ?? [];
  return (
    <>
      <PageHead
        title="Imports"
        actions={may ? <CreateButton word="Import CSV" onCreate={() => void go({ to: '/imports/new' })} /> : undefined}
      >
        <span>Newest first</span>
      </PageHead>
      {rows.length === 0 && data !== undefined ? (
        <Empty
          title="Nothing was imported"
          actions={
            may ? (
              <LinkButton to="/imports/new" look="primary" icon="import">
                Import a CSV
              </LinkButton>
            ) : undefined
          }
        >
          An import turns a CSV file into contacts: new ones are created, known ones updated, suppressed ones skipped.
        </Empty>
      ) : (
        <Table
          label="Imports"
          rows={rows}
          keyOf={({ id }) => id}
          onOpen={({ id }) => void go({ to: '/imports/$id', params: { id } })}
          columns={[
            {
              title: 'File',
              main: true,
              cell: ({ file_name: name, dry_run: dry }) => (
                <>
                  <Name>{name ?? 'without a name'}</Name>
                  {dry ? <span className="tag">dry run</span> : null}
                </>
              ),
            },
            {
              title: 'State',
              width: 116,
              cell: ({ state }) => <Status tone={importTone[state]}>{sentence(state)}</Status>,
            },
            { title: 'Rows', width: 90, numeric: true, cell: ({ progress }) => count(progress.rows_read) },
            {
              title: 'Created',
              width: 90,
              numeric: true,
              minor: true,
              cell: ({ progress }) => count(progress.created),
            },
            {
              title: 'Updated',
              width: 90,
              numeric: true,
              minor: true,
              cell: ({ progress }) => count(progress.updated),
            },
            { title: 'Rejected', width: 90, numeric: true, cell: ({ progress }) => count(progress.rejected) },
            {
              title: 'Started',
              width: 128,
              numeric: true,
              minor: true,
              cell: ({ created_at: at }) => <Time at={at} />,
            },
          ]}
        />
      )}
    </>
  );
}
