import { getRouteApi } from '@tanstack/react-router';
import type { Campaign, SkippedAction } from '@outrider/sdk';
import { api } from '../../../app/api.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { ListFoot, ListProblem } from '../../../components/list.tsx';
import { Empty } from '../../../components/page.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { Absent, Name, Time } from '../../../components/value.tsx';
import { reasonWord } from '../words.tsx';

const route = getRouteApi('/frame/campaigns/$id');

const columns: readonly Column<SkippedAction>[] = [
  {
    title: 'Lead',
    main: true,
    cell: ({ email }) => (
      <span className="medium">
        <Name>{email}</Name>
      </span>
    ),
  },
  {
    title: 'Why',
    cell: ({ code, detail }) => (
      <span className="trunc" title={detail ?? undefined}>
        {reasonWord(code)}
        {detail === null ? '' : `: ${detail}`}
      </span>
    ),
  },
  { title: 'Code', width: 190, minor: true, cell: ({ code }) => <span className="mono small">{code}</span> },
  { title: 'Until', width: 152, cell: ({ until }) => (until === null ? <Absent /> : <Time at={until} />) },
];

/** Each lead that gets no message now, why, and until when. */
export function SkippedActions({ campaign }: { readonly campaign: Campaign }) {
  const navigate = route.useNavigate();
  const list = useCursorList(['campaigns', 'skipped', campaign.id], (page, signal) =>
    api.campaigns.listSkippedActions(campaign.id, page, { signal }).page(),
  );
  return (
    <>
      <ListProblem list={list} />
      {list.rows.length > 0 ? (
        <>
          <Table
            label="Skipped actions"
            columns={columns}
            rows={list.rows}
            keyOf={({ lead_id: id }) => id}
            onOpen={({ lead_id: id }) => void navigate({ search: { tab: 'leads', open: id } })}
          />
          <ListFoot list={list} one="lead" />
        </>
      ) : list.waits ? null : (
        <Empty title="Nothing is skipped">Every lead is contacted or has its turn.</Empty>
      )}
    </>
  );
}
