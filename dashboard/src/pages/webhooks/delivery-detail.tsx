import '../../styles/pages-delivery.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Attempt, DeliveryWithAttempts } from '@outrider/sdk';
import { api, messageOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { Button } from '../../components/button.tsx';
import { CodeBlock, CopyLine } from '../../components/copy.tsx';
import { duration } from '../../components/format.ts';
import { Columns, Facts, Note, Region } from '../../components/page.tsx';
import { Status, ToneShape } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { Time, Url } from '../../components/value.tsx';
import { useEndpoints } from './delivery-list.tsx';
import { Request } from './request.tsx';
import { Verify } from './verify.tsx';
import { explain, stateOf } from './words.ts';

const liveMs = 2_000;

export const useDelivery = (id: string) =>
  useQuery({
    queryKey: ['deliveries', 'one', id],
    queryFn: ({ signal }) => api.deliveries.get(id, { signal }),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? liveMs : false),
  });

/** Tries a delivery again now. */
export function RetryButton({ delivery }: { readonly delivery: DeliveryWithAttempts }) {
  const may = useMay()('webhooks:write');
  const retry = useMutation({
    mutationFn: () => api.deliveries.retry(delivery.id),
    onSuccess: () => {
      toast('It is being delivered again.');
      return queryClient.invalidateQueries({ queryKey: ['deliveries'] });
    },
  });
  const run = (): void => {
    if (may && !retry.isPending) retry.mutate();
  };
  useShortcuts({ r: run });
  if (!may) return null;
  return (
    <Button icon="retry" shortcut="R" busy={retry.isPending} onClick={run}>
      Retry now
    </Button>
  );
}

/** One sentence about the delivery as a whole. */
export function DeliveryNote({ delivery }: { readonly delivery: DeliveryWithAttempts }) {
  const last = delivery.attempts.at(-1);
  if (delivery.status === 'delivered' || last === undefined)
    return delivery.status === 'held' ? (
      <Note tone="held">
        <b>Held.</b> The endpoint is or was disabled. It is sent when the endpoint is enabled and its held deliveries
        are released.
      </Note>
    ) : null;
  const tone = delivery.status === 'failed' ? 'failed' : 'pending';
  return (
    <Note tone={tone}>
      <b>
        {delivery.status === 'failed'
          ? `All ${delivery.attempt_count} attempts failed.`
          : `Attempt ${last.number} failed; it is tried again.`}
      </b>{' '}
      {explain(last)}
    </Note>
  );
}

/** A delivery: facts, attempts, request, verification. `narrow`: beside the list. */
export function DeliveryDetail({
  id,
  narrow = false,
  linked = true,
}: {
  readonly id: string;
  readonly narrow?: boolean;
  /** False: other pages cannot be opened from here. */
  readonly linked?: boolean;
}) {
  const { data: delivery, error } = useDelivery(id);
  const endpoint = useEndpoints().get(delivery?.endpoint_id ?? '');
  if (error !== null && delivery === undefined) return <Note tone="failed">{messageOf(error)}</Note>;
  if (delivery === undefined) return null;
  const last = delivery.attempts.at(-1);
  const [tone, word] = stateOf(delivery);
  const facts = (
    <Facts
      rows={[
        ['Status', <Status tone={tone}>{word}</Status>],
        [
          'Event',
          linked ? (
            <Link to="/events/$id" params={{ id: delivery.event_id }} className="mono">
              {delivery.event_id}
            </Link>
          ) : (
            <span className="mono">{delivery.event_id}</span>
          ),
        ],
        [
          'Endpoint',
          linked ? (
            <Link to="/webhooks/$id" params={{ id: delivery.endpoint_id }}>
              {endpoint === undefined ? delivery.endpoint_id : <Url url={endpoint.target_url} />}
            </Link>
          ) : (
            <Url url={endpoint?.target_url ?? delivery.endpoint_id} />
          ),
        ],
        ['Created', <Time at={delivery.created_at} />],
        [
          delivery.completed_at === null ? 'Next attempt' : 'Completed',
          <Time at={delivery.completed_at ?? delivery.next_attempt_at} ago />,
        ],
      ]}
    />
  );
  const request = last === undefined ? null : <Request attempt={last} />;
  if (narrow)
    return (
      <>
        <div className="row">
          <RetryButton delivery={delivery} />
        </div>
        {facts}
        <CopyLine text={delivery.id} label="Copy id" />
        <h3>Attempts</h3>
        <Attempts delivery={delivery} />
        {request}
      </>
    );
  return (
    <Columns even>
      <div>
        <Region
          title="Request"
          aside={last === undefined ? undefined : <span className="mono">{`attempt ${last.number}`}</span>}
        >
          {request ?? <p className="muted">No attempt was made yet.</p>}
        </Region>
        {endpoint === undefined ? null : <Verify dialect={endpoint.dialect} />}
      </div>
      <div>
        <Region title="Delivery">{facts}</Region>
        <Region title="Attempts" aside="newest first">
          <Attempts delivery={delivery} />
        </Region>
        <Others eventId={delivery.event_id} ownId={delivery.id} />
      </div>
    </Columns>
  );
}

function Attempts({ delivery }: { readonly delivery: DeliveryWithAttempts }) {
  return (
    <ul className="timeline">
      {delivery.next_attempt_at === null ? null : (
        <li className="future">
          <span className="mk dot" />
          <div className="t">
            <span className="muted">Next attempt</span>
            <Time at={delivery.next_attempt_at} ago />
          </div>
        </li>
      )}
      {delivery.attempts.toReversed().map((attempt) => (
        <AttemptItem key={attempt.number} attempt={attempt} />
      ))}
      {delivery.attempts.length === 0 && delivery.next_attempt_at === null ? (
        <li>
          <span className="muted">No attempt yet.</span>
        </li>
      ) : null}
    </ul>
  );
}

function AttemptItem({ attempt }: { readonly attempt: Attempt }) {
  const { number, status_code: code, error, duration_ms: ms, started_at: at, response } = attempt;
  const good = code !== null && code >= 200 && code < 300;
  return (
    <li className={good ? 'ok' : 'failed'}>
      <span className="mk">
        <ToneShape tone={good ? 'ok' : 'failed'} />
      </span>
      <div className="t">
        <span className="faint nowrap">{number}</span>
        <span className="medium">{code === null ? (error ?? 'No answer') : code}</span>
        <span className="small muted nowrap">{duration(ms)}</span>
        <Time at={at} />
      </div>
      {good ? null : <p className="small muted">{explain(attempt)}</p>}
      {response === null || (good && response.body === '') ? null : (
        <details>
          <summary className="small">Response</summary>
          <CodeBlock
            wrap
            text={`${Object.entries(response.headers)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n')}\n\n${response.body}`}
          />
        </details>
      )}
    </li>
  );
}

/** The same event at other endpoints. */
function Others({ eventId, ownId }: { readonly eventId: string; readonly ownId: string }) {
  const endpoints = useEndpoints();
  const { data } = useQuery({
    queryKey: ['events', 'one', eventId],
    queryFn: ({ signal }) => api.events.get(eventId, { signal }),
  });
  const others = (data?.deliveries ?? []).filter(({ id }) => id !== ownId);
  return (
    <Region title="Event at other endpoints">
      {data !== undefined && others.length === 0 ? <p className="muted">No other endpoint received it.</p> : null}
      <ul className="list tight">
        {others.map((other) => {
          const [tone, word] = stateOf({ ...other, next_attempt_at: null });
          return (
            <li key={other.id}>
              <Status tone={tone}>{word}</Status>
              <Link className="grow" to="/deliveries/$id" params={{ id: other.id }}>
                <Url url={endpoints.get(other.endpoint_id)?.target_url ?? other.endpoint_id} />
              </Link>
            </li>
          );
        })}
      </ul>
    </Region>
  );
}
