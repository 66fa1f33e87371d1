import { useMutation, useQuery } from '@tanstack/react-query';
import type { Replay } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select } from '../../components/field.tsx';
import { count, counted } from '../../components/format.ts';
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

const local = (at: Date): string => new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);

function StartReplay({ endpointId, onClose }: { readonly endpointId: string; readonly onClose: () => void }) {
  const [since, setSince] = useState(() => local(new Date(Date.now() - 86_400_000)));
  const [until, setUntil] = useState(() => local(new Date(Date.now() + 60_000)));
  const [status, setStatus] = useState<'failed' | 'delivered' | 'all'>('failed');
  const request = () => ({
    endpoint_id: endpointId,
    status,
    since: new Date(since).toISOString(),
    until: new Date(Math.min(Date.parse(until), Date.now())).toISOString(),
  });
  const preview = useQuery({
    queryKey: ['replays', 'preview', endpointId, status, since, until],
    queryFn: ({ signal }) => api.replays.preview(request(), { signal }),
    enabled: since !== '' && until !== '',
  });
  const found = preview.isPlaceholderData ? undefined : preview.data;
  const isNothing = found?.deliveries === 0 && found.is_complete;
  const more = found?.is_complete === false ? ' or more' : '';
  const start = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.replays.create(request()),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['replays'] });
      onClose();
    },
  });
  const error = start.error ?? preview.error;
  const problems = problemsOf(error);
  return (
    <FormDialog
      title="Replay a range"
      open
      width={560}
      onClose={onClose}
      action={found === undefined ? 'Replay' : `Replay ${count(found.deliveries)}${more}`}
      busy={start.isPending}
      disabled={isNothing}
      problem={problemOf(error) ?? problems['endpoint_id']}
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
              { value: 'all', label: 'All events, also those not sent to it' },
            ]}
            onChange={({ target }) => {
              setStatus(target.value as typeof status);
            }}
          />
        )}
      </Field>
      <p className="muted" aria-live="polite">
        {isNothing
          ? 'Nothing of the range matches.'
          : found !== undefined
            ? `${counted(found.deliveries, 'delivery', 'deliveries')}${more} will be sent.`
            : preview.isFetching
              ? 'Counting…'
              : ''}
      </p>
    </FormDialog>
  );
}
