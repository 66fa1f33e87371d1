import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { api, messageOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { CopyLine, Json } from '../../components/copy.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { Facts, Note } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Time, Url } from '../../components/value.tsx';
import { useEndpoints } from './delivery-list.tsx';
import { outcomeOf, stateOf } from './words.ts';

export const useEvent = (id: string) =>
  useQuery({ queryKey: ['events', 'one', id], queryFn: ({ signal }) => api.events.get(id, { signal }) });

/** An event with its data and its deliveries across endpoints. */
export function EventDetail({ id }: { readonly id: string }) {
  const { data: event, error } = useEvent(id);
  const endpoints = useEndpoints();
  const may = useMay()('events:write');
  const erase = useMutation({
    mutationFn: () => api.events.eraseData(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['events'] }),
  });
  if (error !== null && event === undefined) return <Note tone="failed">{messageOf(error)}</Note>;
  if (event === undefined) return null;
  return (
    <>
      <CopyLine text={event.id} label="Copy id" />
      <Facts
        rows={[
          ['Occurred', <Time at={event.occurred_at} />],
          ['Published', <Time at={event.created_at} />],
          ...(event.deliver_at === null ? [] : ([['Delivered from', <Time at={event.deliver_at} />]] as const)),
          ['Workspace', event.workspace_id ?? 'none: of the organization'],
        ]}
      />
      <h3>Deliveries</h3>
      {event.deliveries.length === 0 ? <p className="muted">No endpoint was subscribed.</p> : null}
      <ul className="list tight">
        {event.deliveries.map((delivery) => {
          const [tone, word] = stateOf({ ...delivery, next_attempt_at: '' });
          return (
            <li key={delivery.id}>
              <Status tone={tone}>{word}</Status>
              <Link className="grow" to="/deliveries/$id" params={{ id: delivery.id }}>
                <Url url={endpoints.get(delivery.endpoint_id)?.target_url ?? delivery.endpoint_id} />
              </Link>
              <span className="small muted trunc outcome" title={outcomeOf(delivery)}>
                {outcomeOf(delivery)}
              </span>
            </li>
          );
        })}
      </ul>
      {event.data === null ? (
        <p className="muted">The data is erased, or past its retention.</p>
      ) : (
        <Json value={event.data} title="Data" />
      )}
      {event.data === null || !may ? null : (
        <div className="row">
          <ConfirmButton
            word="Erase data…"
            title="Erase the data of this event"
            action="Erase data"
            busy={erase.isPending}
            onConfirm={() => erase.mutateAsync()}
          >
            The data disappears from the event, its {event.deliveries.length} deliveries and their attempts. It cannot
            be undone.
          </ConfirmButton>
        </div>
      )}
    </>
  );
}
