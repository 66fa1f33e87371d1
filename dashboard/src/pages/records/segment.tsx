import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { NotFound } from '../../app/root.tsx';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { ListFoot, ListProblem } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';
import { useJob } from './bulk-bar.tsx';
import { sentenceOf } from './filter-builder.tsx';
import { SegmentForm, SegmentSize } from './segments.tsx';
import { nameOf } from './words.ts';

const route = getRouteApi('/frame/segments/$id');

/** A segment with the records that match it now. */
export function SegmentPage() {
  const { id } = route.useParams();
  const go = useNavigate();
  const may = useMay()('contacts:write');
  const [editing, setEditing] = useState(false);
  const { data: segment, error } = useQuery({
    queryKey: ['segments', 'one', id],
    queryFn: ({ signal }) => api.segments.get(id, { signal }),
  });
  const ofContacts = segment?.entity === 'contact';
  const list = useCursorList(
    ['segments', 'records', id, segment?.filter],
    async (page, signal) => {
      if (!ofContacts) {
        const { data, next_cursor: next } = await api.segments.listCompanies(id, page, { signal }).page();
        return {
          data: data.map((company) => ({
            id: company.id,
            name: company.name,
            detail: company.domain,
            at: company.updated_at,
          })),
          next_cursor: next,
        };
      }
      const { data, next_cursor: next } = await api.segments.listContacts(id, page, { signal }).page();
      return {
        data: data.map((contact) => ({
          id: contact.id,
          name: nameOf(contact),
          detail: contact.email,
          at: contact.updated_at,
        })),
        next_cursor: next,
      };
    },
    { enabled: segment !== undefined },
  );
  const { start, busy } = useJob(segment?.entity ?? 'contact');
  const remove = useMutation({
    mutationFn: () => api.segments.delete(id),
    onSuccess: async () => {
      await go({ to: '/segments' });
      await queryClient.invalidateQueries({ queryKey: ['segments'] });
    },
  });
  if (isMissing(error)) return <NotFound />;
  if (segment === undefined) return null;
  return (
    <>
      <PageHead
        title={segment.name}
        crumbs={[{ label: 'Segments', link: { to: '/segments' } }, { label: segment.name }]}
        actions={
          may ? (
            <>
              <Button
                busy={busy}
                onClick={() => {
                  start.mutate({ action: 'export', select: { segment_id: id } });
                }}
              >
                Export CSV
              </Button>
              <Button
                icon="edit"
                onClick={() => {
                  setEditing(true);
                }}
              >
                Change
              </Button>
              <ConfirmButton
                word="Delete…"
                title={`Delete ${segment.name}`}
                action="Delete segment"
                busy={remove.isPending}
                onConfirm={() => remove.mutateAsync()}
              >
                The records stay. Campaigns that keep adding its contacts stop doing so.
              </ConfirmButton>
            </>
          ) : undefined
        }
      >
        <span>
          <b className="medium">
            <SegmentSize segment={segment} />
          </b>{' '}
          {ofContacts ? 'contacts' : 'companies'} match
        </span>
        <span>{sentenceOf(segment.filter)}</span>
      </PageHead>
      <ListProblem list={list} />
      {list.rows.length === 0 && !list.waits && !list.hasMore ? (
        <Empty title="Nothing matches now">Records appear here as soon as they match.</Empty>
      ) : (
        <Table
          label="Records"
          rows={list.rows}
          keyOf={(row) => row.id}
          onOpen={(row) =>
            void go(
              ofContacts
                ? { to: '/contacts/$id', params: { id: row.id } }
                : { to: '/companies/$id', params: { id: row.id } },
            )
          }
          columns={[
            { title: 'Name', main: true, cell: ({ name }) => <Name>{name}</Name> },
            { title: ofContacts ? 'Email' : 'Domain', width: 320, cell: ({ detail }) => <Name>{detail}</Name> },
            { title: 'Changed', width: 128, numeric: true, minor: true, cell: ({ at }) => <Time at={at} /> },
          ]}
        />
      )}
      <ListFoot list={list} one="record" />
      {editing ? (
        <SegmentForm
          segment={segment}
          onClose={() => {
            setEditing(false);
          }}
        />
      ) : null}
    </>
  );
}
