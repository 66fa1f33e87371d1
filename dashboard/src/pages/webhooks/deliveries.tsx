import { getRouteApi } from '@tanstack/react-router';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useLive } from '../../app/live.ts';
import { Live } from '../../app/reach.tsx';
import { PageHead } from '../../components/page.tsx';
import { Filters } from '../../components/list.tsx';
import { DeliveryList, useEndpoints } from './delivery-list.tsx';
import { statuses } from './words.ts';

const route = getRouteApi('/frame/deliveries');

/** Deliveries to all endpoints. */
export function Deliveries() {
  const { open, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const workspace = useWorkspace();
  const endpoints = useEndpoints();
  const { status_code: code, ...others } = filters;
  const query = {
    ...others,
    ...(code === undefined ? {} : { status_code: code }),
    ...(workspace === undefined ? {} : { workspace_id: workspace }),
  };
  // New rows do not move what a person reads.
  const isLive = open === undefined;
  const everyMs = useLive({ endpoint_id: query.endpoint_id, workspace_id: workspace }, isLive, ['deliveries', 'list']);
  const list = useCursorList(
    ['deliveries', 'list', query],
    (page, signal) => api.deliveries.search({ ...query, ...page }, { signal }).page(),
    { refetchInterval: isLive && scrollY === 0 ? everyMs : undefined },
  );
  const set = (changed: Readonly<Record<string, string | undefined>>): void =>
    void navigate({
      search: (before) => ({ ...before, ...changed }),
      replace: 'open' in changed && open !== undefined,
    });
  return (
    <>
      <PageHead title="Deliveries" state={open === undefined ? <Live /> : undefined}>
        <span>Newest first</span>
      </PageHead>
      <Filters
        search={{ name: 'event', placeholder: 'Event type, such as order.*' }}
        filters={[
          { name: 'status', label: 'Status', options: statuses },
          {
            name: 'endpoint_id',
            label: 'Endpoint',
            options: [...endpoints.values()].map(({ id, target_url: url }) => ({ value: id, label: url })),
          },
          { name: 'event_id', label: 'Event id' },
          { name: 'status_code', label: 'Code' },
        ]}
        values={{ ...others, status_code: code === undefined ? undefined : String(code) }}
        onChange={set}
      />
      <DeliveryList
        list={list}
        openId={open}
        onOpen={(id) => {
          set({ open: id });
        }}
        filtered={Object.values(filters).some((value) => value !== undefined)}
        onClear={() => void navigate({ search: {} })}
      />
    </>
  );
}
