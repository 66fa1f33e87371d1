import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { useMay } from '../../app/session.ts';
import { useShortcuts } from '../../app/shortcuts.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { CreateButton } from '../../components/create-button.tsx';
import { Pane } from '../../components/dialog.tsx';
import { Select } from '../../components/field.tsx';
import { Filters, ListFoot, ListProblem, WithPane } from '../../components/list.tsx';
import { Empty, PageHead } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Table, useSelection } from '../../components/table.tsx';
import { Name, Time } from '../../components/value.tsx';
import { BulkBar } from './bulk-bar.tsx';
import { ContactFacts } from './contact-facts.tsx';
import { ContactForm } from './contact-form.tsx';
import { contactOrders, useContactFilters } from './contact-filters.ts';
import type { ContactSearch } from './routes.tsx';
import { contactStates, nameOf } from './words.ts';

const route = getRouteApi('/frame/contacts');

/** The people. */
export function Contacts() {
  const { open, sort: chosen, ...filters } = route.useSearch();
  const navigate = route.useNavigate();
  const go = useNavigate();
  const workspace = useWorkspace();
  const may = useMay()('contacts:write');
  const selection = useSelection();
  const [creating, setCreating] = useState(false);
  const { tag, segment_id: segment, search, deleted, ...others } = filters;
  // Contacts with the searched words are listed newest first only.
  const sort = search === undefined ? chosen : undefined;
  const shared = { ...others, sort, ...(tag === undefined ? {} : { tag: [tag] }) };
  const query = { ...shared, search, deleted, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  const list = useCursorList(['contacts', segment, query], (page, signal) =>
    segment === undefined
      ? api.contacts.list({ ...query, ...page }, { signal }).page()
      : api.segments.listContacts(segment, { ...shared, ...page }, { signal }).page(),
  );
  const options = useContactFilters(filters);
  // A segment is not searched by words and has no deleted contacts: it replaces these filters, and they replace it.
  const set = (changed: ContactSearch): void =>
    void navigate({
      search: (before) => ({
        ...before,
        ...(changed.segment_id === undefined ? {} : { search: undefined, deleted: undefined }),
        ...(changed.search === undefined && changed.deleted === undefined ? {} : { segment_id: undefined }),
        ...changed,
      }),
      replace: 'open' in changed && open !== undefined,
    });
  const create = (): void => {
    setCreating(true);
  };
  useShortcuts({
    Escape: () => {
      if (open !== undefined) set({ open: undefined });
      else selection.set(new Set());
    },
  });
  const filtered = Object.values(filters).some((value) => value !== undefined);
  const byCreation = sort === 'created_at' || sort === '-created_at';
  const opened = list.rows.find(({ id }) => id === open);
  return (
    <>
      <PageHead
        title="Contacts"
        actions={
          may ? (
            <>
              <LinkButton to="/imports/new" icon="import" className="hide-sm">
                Import CSV
              </LinkButton>
              <CreateButton word="Add contact" onCreate={create} />
            </>
          ) : undefined
        }
      />
      <Filters
        search={{ name: 'search', placeholder: 'Name, address or company' }}
        filters={options}
        values={filters}
        onChange={set}
        end={
          <Select
            className="auto"
            aria-label="Order"
            options={contactOrders}
            value={sort ?? '-created_at'}
            disabled={search !== undefined}
            onChange={({ target }) => {
              set({ sort: contactOrders.find(({ value }) => value === target.value)?.value });
            }}
          />
        }
      />
      {selection.selected.size === 0 ? null : <BulkBar entity="contact" selection={selection} />}
      <ListProblem list={list} />
      <WithPane
        pane={
          open === undefined ? undefined : (
            <Pane
              title={<Name>{opened === undefined ? open : nameOf(opened)}</Name>}
              actions={
                <LinkButton to="/contacts/$id" params={{ id: open }} look="quiet" size="sm" icon="open">
                  Page
                </LinkButton>
              }
              onClose={() => {
                set({ open: undefined });
              }}
            >
              <ContactFacts id={open} />
            </Pane>
          )
        }
      >
        {list.rows.length === 0 && !list.waits && !list.hasMore ? (
          <Empty
            title={filtered ? 'No contact matches the filters' : 'No contacts yet'}
            actions={
              filtered ? (
                <Button onClick={() => void navigate({ search: {} })}>Clear all</Button>
              ) : may ? (
                <>
                  <LinkButton to="/imports/new" look="primary" icon="import">
                    Import a CSV
                  </LinkButton>
                  <Button look="quiet" onClick={create}>
                    Add one by hand
                  </Button>
                </>
              ) : undefined
            }
          >
            {filtered ? undefined : 'Import a CSV, add one by hand, or let your CRM push them through the API.'}
          </Empty>
        ) : (
          <Table
            label="Contacts"
            two
            rows={list.rows}
            keyOf={({ id }) => id}
            openKey={open}
            onOpen={({ id }) => {
              if (innerWidth <= 720) void go({ to: '/contacts/$id', params: { id } });
              else set({ open: id });
            }}
            selection={may ? selection : undefined}
            columns={[
              {
                title: 'Name',
                main: true,
                cell: (contact) => (
                  <>
                    <span className="trunc medium">
                      <Name>{nameOf(contact)}</Name>
                    </span>
                    <span className="sub">{nameOf(contact) === contact.email ? null : contact.email}</span>
                  </>
                ),
              },
              {
                title: 'Company',
                width: 220,
                minor: true,
                cell: ({ company_name: company, job_title: title }) => (
                  <>
                    <Name>{company}</Name>
                    <span className="sub">
                      <bdi>{title}</bdi>
                    </span>
                  </>
                ),
              },
              {
                title: 'Status',
                width: 124,
                cell: ({ status }) => <Status tone={contactStates[status][0]}>{contactStates[status][1]}</Status>,
              },
              {
                title: 'Tags',
                width: 170,
                minor: true,
                cell: ({ tags: own }) => (
                  <span className="row tags">
                    {own.slice(0, 3).map((each) => (
                      <span key={each} className="tag">
                        {each}
                      </span>
                    ))}
                  </span>
                ),
              },
              { title: 'Owner', width: 130, minor: true, cell: ({ owner }) => <Name>{owner}</Name> },
              {
                title: byCreation ? 'Created' : 'Changed',
                width: 128,
                numeric: true,
                minor: true,
                cell: ({ created_at: created, updated_at: updated }) => <Time at={byCreation ? created : updated} />,
              },
            ]}
          />
        )}
        <ListFoot list={list} one="contact" />
      </WithPane>
      {creating ? (
        <ContactForm
          onClose={() => {
            setCreating(false);
          }}
          onSaved={(id) => {
            set({ open: id });
          }}
        />
      ) : null}
    </>
  );
}
