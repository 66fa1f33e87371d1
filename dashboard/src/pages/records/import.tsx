import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { Import } from '@outrider/sdk';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { NotFound } from '../../app/root.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { count, sentence } from '../../components/format.ts';
import { ListFoot } from '../../components/list.tsx';
import { Columns, Figures, Note, PageHead, Progress, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/value.tsx';
import { saveFile } from './bulk-bar.tsx';
import { importTone } from './imports.tsx';

const route = getRouteApi('/frame/imports/$id');

export const useImport = (id: string | undefined) =>
  useQuery({
    queryKey: ['imports', 'one', id],
    queryFn: ({ signal }) => api.imports.get(id ?? '', { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.finished_at === null ? 500 : false),
  });

/** What became of the rows. */
export function ImportFigures({ progress }: Pick<Import, 'progress'>) {
  return (
    <Figures
      label="Rows"
      figures={[
        { label: 'Created', value: count(progress.created) },
        { label: 'Updated', value: count(progress.updated) },
        { label: 'Unchanged', value: count(progress.unchanged) },
        { label: 'Restored', value: count(progress.restored) },
        { label: 'Suppressed', value: count(progress.suppressed) },
        {
          label: 'Rejected',
          value: count(progress.rejected),
          tone: progress.rejected > 0 ? 'failed' : undefined,
          detail: `of ${count(progress.rows_read)} rows`,
        },
      ]}
    />
  );
}

/** An import: progress, result, rejected rows. */
export function ImportPage() {
  const { id } = route.useParams();
  const { data, error } = useImport(id);
  const errors = useCursorList(['imports', 'errors', id, data?.progress.rejected], (page, signal) =>
    api.imports.listErrors(id, page, { signal }).page(),
  );
  const cancel = useMutation({
    mutationFn: () => api.imports.cancel(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['imports'] }),
  });
  const download = useMutation({
    mutationFn: () => api.imports.listErrorsCsv(id),
    onSuccess: (text) => {
      saveFile('rejected.csv', text);
    },
  });
  if (isMissing(error)) return <NotFound />;
  if (data === undefined) return null;
  const runs = data.finished_at === null;
  return (
    <>
      <PageHead
        title={data.file_name ?? 'Import'}
        crumbs={[{ label: 'Imports', link: { to: '/imports' } }, { label: data.file_name ?? id }]}
        state={
          <Status tone={importTone[data.state]} pill>
            {sentence(data.state)}
          </Status>
        }
        actions={
          runs ? (
            <Button
              busy={cancel.isPending}
              onClick={() => {
                cancel.mutate();
              }}
            >
              Cancel
            </Button>
          ) : (
            <LinkButton to="/contacts" look="primary">
              Open contacts
            </LinkButton>
          )
        }
      >
        <span>
          Started <Time at={data.created_at} />
        </span>
        <span>{sentence(data.lawful_basis)}</span>
        {data.dry_run ? <span>Dry run: nothing was written</span> : null}
      </PageHead>
      {data.error === null ? null : <Note tone="failed">{data.error}</Note>}
      {runs ? (
        <Region>
          <Progress
            label={data.state === 'uploading' ? 'Uploading' : 'Importing'}
            done={data.progress.percent}
            total={100}
            detail={`${data.progress.percent} %, ${count(data.progress.rows_read)} rows, ${count(data.progress.rejected)} rejected`}
          />
        </Region>
      ) : null}
      <ImportFigures progress={data.progress} />
      <Columns side={360}>
        <Region
          flush
          title="Rejected rows"
          end={
            errors.rows.length === 0 ? undefined : (
              <Button
                size="sm"
                busy={download.isPending}
                onClick={() => {
                  download.mutate();
                }}
              >
                Download CSV
              </Button>
            )
          }
        >
          {errors.rows.length === 0 ? (
            <p className="empty muted">No row was rejected.</p>
          ) : (
            <>
              <Table
                label="Rejected rows"
                rows={errors.rows}
                keyOf={({ line, reason }) => `${line} ${reason}`}
                columns={[
                  { title: 'Line', width: 80, numeric: true, cell: ({ line }) => count(line) },
                  { title: 'Address', width: 240, cell: ({ email }) => <bdi>{email}</bdi> },
                  { title: 'Why', main: true, cell: ({ reason }) => <span title={reason}>{reason}</span> },
                ]}
              />
              <ListFoot list={errors} one="row" />
            </>
          )}
        </Region>
        <Region title="Columns">
          <dl className="kv">
            {(data.columns ?? []).map(({ column, field }) => (
              <div key={column} className="kvrow">
                <dt>
                  <bdi>{column}</bdi>
                </dt>
                <dd>{field ?? <span className="faint">ignored</span>}</dd>
              </div>
            ))}
          </dl>
        </Region>
      </Columns>
    </>
  );
}
