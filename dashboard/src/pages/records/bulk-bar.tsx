import { useMutation, useQuery } from '@tanstack/react-query';
import type { CreateBulkJobBody } from '@outrider/sdk';
import { useEffect, useState } from 'react';
import { api, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { counted } from '../../components/format.ts';
import { Progress } from '../../components/page.tsx';
import type { Selection } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';

const plural = { contact: 'contacts', company: 'companies', suppression: 'suppressions' } as const;
type Entity = keyof typeof plural;

/** Saves a text as a file. */
export function saveFile(name: string, text: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv' }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** Follows a job to its end: progress, then the file of an export. */
export function useJob(entity: Entity) {
  const [id, setId] = useState<string>();
  const start = useMutation({
    mutationFn: (body: Omit<CreateBulkJobBody, 'entity'>) => api.bulkJobs.create({ entity, ...body }),
    onSuccess: (job) => {
      setId(job.id);
    },
  });
  const { data: job } = useQuery({
    queryKey: ['bulk-jobs', id],
    queryFn: ({ signal }) => api.bulkJobs.get(id ?? '', { signal }),
    enabled: id !== undefined,
    refetchInterval: ({ state }) => (state.data?.status === 'queued' || state.data?.status === 'running' ? 500 : false),
  });
  const status = job?.status;
  useEffect(() => {
    if (id === undefined || status === undefined || status === 'queued' || status === 'running') return;
    setId(undefined);
    if (status !== 'completed') {
      toast(`The job was ${status}.`, { failed: true });
      return;
    }
    if (job?.action === 'export')
      void api.bulkJobs.getFile(id).then((text) => {
        saveFile(`${plural[entity]}.csv`, text);
      });
    else
      toast(
        `${counted(job?.progress.done ?? 0, entity, plural[entity])} ${job?.action === 'delete' ? 'deleted' : 'changed'}`,
      );
    void queryClient.invalidateQueries();
  }, [id, status, job, entity]);
  return { start, job: id === undefined ? undefined : job, busy: start.isPending || id !== undefined };
}

/** What can be done with the selected records. */
export function BulkBar({
  entity,
  selection,
}: {
  readonly entity: 'contact' | 'company';
  readonly selection: Selection;
}) {
  const ids = [...selection.selected];
  const [tag, setTag] = useState('');
  const { start, job, busy } = useJob(entity);
  const what = counted(ids.length, entity, plural[entity]);
  const addTag = (): void => {
    if (tag.trim() !== '') start.mutate({ action: 'update', select: { ids }, change: { tags: { add: [tag.trim()] } } });
  };
  return (
    <div className="bulk" role="toolbar" aria-label="Selected records">
      <span className="medium">{what} selected</span>
      {job === undefined ? (
        <>
          <input
            className="input auto typed"
            placeholder="Tag"
            aria-label="Tag for the selected records"
            value={tag}
            onChange={({ target }) => {
              setTag(target.value);
            }}
            onKeyDown={(event) => {
              if (event.key === 'Enter') addTag();
            }}
          />
          <Button size="sm" disabled={tag.trim() === ''} busy={busy} onClick={addTag}>
            Add tag
          </Button>
          <Button
            size="sm"
            busy={busy}
            onClick={() => {
              start.mutate({ action: 'export', select: { ids } });
            }}
          >
            Export CSV
          </Button>
          <ConfirmButton
            word="Delete…"
            title={`Delete ${what}`}
            action={`Delete ${what}`}
            busy={busy}
            onConfirm={async () => {
              await start.mutateAsync({ action: 'delete', select: { ids } });
              selection.set(new Set());
            }}
          >
            {entity === 'contact'
              ? 'They leave lists, segments and campaigns. Deleted contacts can be restored for as long as the retention lasts.'
              : 'Their contacts stay, without a company.'}
          </ConfirmButton>
          <Button
            size="sm"
            look="quiet"
            onClick={() => {
              selection.set(new Set());
            }}
          >
            Clear
          </Button>
        </>
      ) : (
        <div className="grow">
          <Progress
            label={job.action}
            done={job.progress.done}
            total={job.progress.total}
            failed={job.progress.failed}
            detail={`${job.progress.done} of ${job.progress.total}`}
          />
        </div>
      )}
    </div>
  );
}
