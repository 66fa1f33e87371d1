import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useLive } from '../../app/live.ts';
import { Pane } from '../../components/dialog.tsx';
import { Filters, ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Empty } from '../../components/page.tsx';
import { Status, Ticks } from '../../components/status.tsx';
import { Table } from '../../components/table.tsx';
import { Time } from '../../components/value.tsx';
import { DeliveryDetail } from '../webhooks/delivery-detail.tsx';
import { outcomeOf, stateOf, statuses, ticksOf } from '../webhooks/words.ts';

/** What was delivered to the customer's endpoints. */
export function PortalDeliveries() {
  const [open, setOpen] = useState<string>();
  const [filters, setFilters] = useState<Readonly<Record<string, string | undefined>>>({});
  const status = statuses.find(({ value }) => value === filters['status'])?.value;
  const query = {
    ...(status === undefined ? {} : { status }),
    ...(filters['event'] === undefined ? {} : { event: filters['event'] }),
  };
  const everyMs = useLive({}, open === undefined, ['deliveries', 'portal']);
  const list = useCursorList(
    ['deliveries', 'portal', query],
    (page, signal) => api.deliveries.search({ ...query, ...page }, { signal }).page(),
    { refetchInterval: open === undefined ? everyMs : undefined },
  );
  const opened = list.rows.find(({ id }) => id === open);
  return (
    <>
      <Filters
        search={{ name: 'event', placeholder: 'Event type' }}
        filters={[{ name: 'status', label: 'Status', options: statuses }]}
        values={filters}
        onChange={(changed) => {
          setFilters({ ...filters, ...changed });
        }}
      />
      <ListProblem list={list} />
      <WithPane
        pane={
          open === undefined ? undefined : (
            <Pane
              title={<span className="mono">{opened?.event}</span>}
              onClose={() => {
                setOpen(undefined);
              }}
            >
              <DeliveryDetail id={open} narrow linked={false} />
            </Pane>
          )
        }
      >
        {list.rows.length === 0 && !list.waits ? (
          <Empty title="Nothing was delivered yet" />
        ) : (
          <Table
            label="Deliveries"
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              setOpen(id);
            }}
            columns={[
              { title: 'Event', main: true, cell: ({ event }) => <span className="mono">{event}</span> },
              { title: 'Status', width: 112, cell: (row) => <Status tone={stateOf(row)[0]}>{stateOf(row)[1]}</Status> },
              { title: 'Attempts', width: 96, minor: true, cell: (row) => <Ticks attempts={ticksOf(row)} /> },
              { title: 'Answer', width: 140, minor: true, cell: (row) => outcomeOf(row) },
              { title: 'Created', width: 128, numeric: true, cell: ({ created_at: at }) => <Time at={at} /> },
            ]}
          />
        )}
        <ListFoot list={list} one="delivery" many="deliveries" />
      </WithPane>
    </>
  );
}
