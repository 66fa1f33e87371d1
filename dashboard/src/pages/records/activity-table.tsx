import { Link } from '@tanstack/react-router';
import type { Activity } from '@outrider/sdk';
import type { CursorList } from '../../app/cursor-list.ts';
import { sentence } from '../../components/format.ts';
import { ListFoot } from '../../components/list.tsx';
import { Empty } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';
import { summaryOf } from './words.ts';

/** Activities, the latest first. */
export function ActivityTable({ list }: { readonly list: CursorList<Activity> }) {
  if (list.rows.length === 0 && !list.waits)
    return <Empty title="No activity yet">Calls, emails, meetings and notes appear here.</Empty>;
  return (
    <>
      <Table
        label="Activities"
        rows={list.rows}
        keyOf={({ id }) => id}
        columns={[
          { title: 'Type', width: 110, cell: ({ activity_type: type }) => sentence(type) },
          { title: 'What', main: true, cell: ({ metadata }) => <Name>{summaryOf(metadata)}</Name> },
          {
            title: 'Contact',
            width: 110,
            minor: true,
            cell: ({ contact_id: id }) =>
              id === null ? (
                '–'
              ) : (
                <Link to="/contacts/$id" params={{ id }}>
                  Contact
                </Link>
              ),
          },
          {
            title: 'Project',
            width: 100,
            minor: true,
            cell: ({ project_id: id }) =>
              id === null ? (
                '–'
              ) : (
                <Link to="/projects/$id" params={{ id }}>
                  Project
                </Link>
              ),
          },
          { title: 'When', width: 140, numeric: true, cell: ({ occurred_at: at }) => <Time at={at} /> },
        ]}
      />
      <ListFoot list={list} one="activity" many="activities" />
    </>
  );
}
