import { useMutation, useQuery } from '@tanstack/react-query';
import type { CreateReplayBody, Replay } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { count } from '../../components/format.ts';
import { Empty, Progress, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Time } from '../../components/value.tsx';

const liveMs = 1_000;

/** Deliveries sent again, range by range. */
export function Replays({ endpointId }: { readonly endpointId: string }) {
  const [starting, setStarting] = useState(false);
  const may = useMay()('webhooks:write');
  const { data } = useQuery({
    queryKey: ['replays', endpointId],
    queryFn: ({ signal }) => api.replays.list({ endpoint_id: endpointId, page_size: 50 }, { signal }).page(),
    refetchInterval: ({ state }) =>
      state.data?.data.some((replay) => replay.state === 'running') === true ? liveMs : false,
  });
  const start = (): void => {
    setStarting(true);
  };
  return (
    <Region
      flush
      title="Replays"
      end={
        may ? (
          <Button icon="retry" onClick={start}>
            Replay a range
          </Button>
        ) : undefined
      }
    >
      {data?.data.length === 0 ? (
        <Empty title="Nothing was replayed">
          A replay sends the deliveries of a range again, such as those that failed while your receiver was down.
        </Empty>
      ) : (
        <ul className="list ruled-top">
          {(data?.data ?? []).map((replay) => (
            <ReplayItem key={replay.id} replay={replay} />
          ))}
        </ul>
      )}
      {starting ? (
        <StartReplay
          endpointId={endpointId}
          onClose={() => {
            setStarting(false);
          }}
        />
      ) : null}
    </Region>
  );
}

function ReplayItem({ replay }: { readonly replay: Replay }) {
  const { progress, state } = replay;
  const cancel = useMutation({
    mutationFn: () => api.replays.cancel(replay.id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['replays'] }),
  });
  return (
    <li>
      <Status tone={state === 'running' ? 'pending' : state === 'completed' ? 'ok' : 'off'}>
        {state === 'running' ? 'Running' : state === 'completed' ? 'Completed' : 'Cancelled'}
      </Status>
      <div className="grow">
        {state === 'running' ? (
          <Progress
            label={`Replaying ${replay.status} deliveries`}
            done={progress.percent}
            total={100}
            detail={`${progress.percent} %, ${count(progress.replayed)} queued${replay.waiting_for === null ? '' : `, waits for the ${replay.waiting_for}`}`}
          />
        ) : (
          <span>
            {count(progress.replayed)} {replay.status === 'all' ? 'events' : `${replay.status} deliveries`} from{' '}
            <Time at={replay.since} /> to <Time at={replay.until} />
          </span>
        )}
      </div>
      {state === 'running' ? (
        <Button
          size="sm"
          busy={cancel.isPending}
          onClick={() => {
            cancel.mutate();
          }}
        >
          Cancel
        </Button>
      ) : (
        <span className="small muted">
          <Time at={replay.finished_at} />
        </span>
      )}
    </li>
  );
}

const previewMax = 500;

/** How many deliveries a replay of the range would send; at most `previewMax` are counted. */
const usePreview = (endpointId: string, body: Omit<CreateReplayBody, 'endpoint_id'>) =>
  useQuery({
    queryKey: ['replays', 'preview', endpointId, body],
    queryFn: async ({ signal }) => {
      const { since, until, status } = body;
      if (status === 'all') return undefined;
      let found = 0;
      for await (const { data } of api.deliveries
        .list(
          endpointId,
          { since, ...(until === undefined ? {} : { until }), ...(status === undefined ? {} : { status }), limit: 100 },
          { signal },
        )
        .pages()) {
        found += data.length;
        if (found >= previewMax) break;
      }
      return found;
    },
  });

const local = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function StartReplay({ endpointId, onClose }: { readonly endpointId: string; readonly onClose: () => void }) {
  const [since, setSince] = useState(() => local(new Date(Date.now() - 86_400_000)));
  const [until, setUntil] = useState(() => local(new Date(Date.now() + 60_000)));
  const [status, setStatus] = useState<'failed' | 'delivered' | 'all'>('failed');
  const end = new Date(Math.min(Date.parse(until), Date.now()));
  const body = { since: new Date(since).toISOString(), status };
  const { data: found } = usePreview(endpointId, body);
  const start = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.replays.create({ endpoint_id: endpointId, ...body, until: end.toISOString() }),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['replays'] });
      onClose();
    },
  });
  const problems = problemsOf(start.error);
  const counted = found === undefined ? undefined : found >= previewMax ? `more than ${previewMax}` : String(found);
  return (
    <FormDialog
      title="Replay a range"
      open
      width={560}
      onClose={onClose}
      action={counted === undefined ? 'Replay' : `Replay ${counted}`}
      busy={start.isPending}
      disabled={found === 0}
      problem={problemOf(start.error) ?? problems['endpoint_id']}
      onSubmit={() => {
        start.mutate();
      }}
    >
      <div className="two-f">
        <Field label="From" error={problems['since']}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              required
              value={since}
              onChange={({ target }) => {
                setSince(target.value);
              }}
            />
          )}
        </Field>
        <Field label="To" error={problems['until']}>
          {(control) => (
            <Input
              {...control}
              type="datetime-local"
              required
              value={until}
              onChange={({ target }) => {
                setUntil(target.value);
              }}
            />
          )}
        </Field>
      </div>
      <Field label="Which" hint="Delivered ones arrive a second time, with the id that they had.">
        {(control) => (
          <Select
            {...control}
            value={status}
            options={[
              { value: 'failed', label: 'Failed deliveries' },
              { value: 'delivered', label: 'Delivered ones' },
              { value: 'all', label: 'All events of the range, also those it did not receive' },
            ]}
            onChange={({ target }) => {
              setStatus(target.value as typeof status);
            }}
          />
        )}
      </Field>
      <p className="muted" aria-live="polite">
        {counted === undefined
          ? 'The events of the range are counted while they are replayed.'
          : found === 0
            ? 'No delivery of the range matches.'
            : `${counted} deliveries will be sent again.`}
      </p>
    </FormDialog>
  );
}
