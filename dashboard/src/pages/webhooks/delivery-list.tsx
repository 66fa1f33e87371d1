import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Delivery, Webhook } from '@outrider/sdk';
import { api } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import type { CursorList } from '../../app/cursor-list.ts';
import { ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Status, Ticks } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import type { Column } from '../../components/table.tsx';
import { Time, Url } from '../../components/value.tsx';
import { Pane } from '../../components/dialog.tsx';
import { Button, LinkButton } from '../../components/button.tsx';
import { Empty } from '../../components/page.tsx';
import { DeliveryDetail } from './delivery-detail.tsx';
import { outcomeOf, stateOf, ticksOf } from './words.ts';

/** The endpoints by id, for their URLs. */
export function useEndpoints(): ReadonlyMap<string, Webhook> {
  const { data } = useQuery({
    queryKey: ['webhooks', 'all'],
    queryFn: ({ signal }) => api.webhooks.list({ page_size: 100 }, { signal }).page(),
    staleTime: 60_000,
  });
  return new Map((data?.data ?? []).map((each) => [each.id, each]));
}

interface DeliveryListProps {
  readonly list: CursorList<Delivery>;
  /** The delivery that is open beside the list. */
  readonly openId: string | undefined;
  readonly onOpen: (id: string | undefined) => void;
  /** Whether the endpoint is shown: not on the endpoint's own page. */
  readonly withEndpoint?: boolean;
  readonly filtered: boolean;
  readonly onClear: () => void;
}

/** Deliveries, with the open one beside them. */
export function DeliveryList({ list, openId, onOpen, withEndpoint = true, filtered, onClear }: DeliveryListProps) {
  const endpoints = useEndpoints();
  const navigate = useNavigate();
  const columns: Column<Delivery>[] = [
    { title: 'Event', main: true, cell: ({ event }) => <span className="mono">{event}</span> },
    {
      title: 'Status',
      width: 112,
      cell: (row) => {
        const [tone, word] = stateOf(row);
        return <Status tone={tone}>{word}</Status>;
      },
    },
    {
      title: 'Attempts',
      width: 96,
      minor: true,
      cell: (row) => (
        <Ticks
          attempts={ticksOf(row, (endpoints.get(row.endpoint_id)?.effective.retry_schedule_seconds.length ?? -1) + 1)}
        />
      ),
    },
    {
      title: 'Answer',
      width: 160,
      minor: true,
      cell: (row) => <span title={row.last_error ?? ''}>{outcomeOf(row)}</span>,
    },
    ...(withEndpoint
      ? [
          {
            title: 'Endpoint',
            width: 280,
            minor: true,
            cell: ({ endpoint_id: id }: Delivery) => <Url url={endpoints.get(id)?.target_url ?? id} />,
          },
        ]
      : []),
    { title: 'Created', width: 128, numeric: true, cell: ({ created_at: at }) => <Time at={at} /> },
  ];
  return (
    <>
      <ListProblem list={list} />
      <WithPane
        pane={
          openId === undefined ? undefined : (
            <Pane
              title={<span className="mono">{list.rows.find(({ id }) => id === openId)?.event ?? openId}</span>}
              actions={
                <LinkButton to="/deliveries/$id" params={{ id: openId }} look="quiet" size="sm" icon="open">
                  Page
                </LinkButton>
              }
              onClose={() => {
                onOpen(undefined);
              }}
            >
              <DeliveryDetail id={openId} narrow />
            </Pane>
          )
        }
      >
        {list.rows.length === 0 && !list.waits ? (
          <Nothing filtered={filtered} onClear={onClear} onPublish={() => void navigate({ to: '/events' })} />
        ) : (
          <Table
            label="Deliveries"
            columns={columns}
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={openId}
            onOpen={({ id }) => {
              onOpen(id);
            }}
          />
        )}
        <ListFoot list={list} one="delivery" many="deliveries" />
      </WithPane>
    </>
  );
}

function Nothing({
  filtered,
  onClear,
  onPublish,
}: {
  readonly filtered: boolean;
  readonly onClear: () => void;
  readonly onPublish: () => void;
}) {
  const may = useMay()('events:write');
  return filtered ? (
    <Empty title="No delivery matches the filters" actions={<Button onClick={onClear}>Clear all</Button>} />
  ) : (
    <Empty
      title="Nothing was delivered yet"
      actions={
        may ? (
          <Button look="primary" onClick={onPublish}>
            Publish a test event
          </Button>
        ) : undefined
      }
    >
      {may ? 'Publish a test event, or wait' : 'Wait'} for the first change of a record.
    </Empty>
  );
}
