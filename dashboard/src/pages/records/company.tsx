import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { useCursorList } from '../../app/cursor-list.ts';
import { NotFound } from '../../app/root.tsx';
import { useMay } from '../../app/session.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { CopyLine } from '../../components/copy.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { count } from '../../components/format.ts';
import { ListFoot } from '../../components/list.tsx';
import { Columns, Empty, Facts, PageHead, Region } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { ActivityTable } from './activity-table.tsx';
import { CompanyForm } from './companies.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { nameOf } from './words.ts';

const route = getRouteApi('/frame/companies/$id');

/** A company with its contacts and activities. */
export function CompanyPage() {
  const { id } = route.useParams();
  const go = useNavigate();
  const may = useMay()('crm:write');
  const [dialog, setDialog] = useState<'edit' | 'merge'>();
  const { data: company, error } = useQuery({
    queryKey: ['companies', 'one', id],
    queryFn: ({ signal }) => api.companies.get(id, { signal }),
  });
  const contacts = useCursorList(['contacts', 'of company', id], (page, signal) =>
    api.contacts.list({ company_id: id, ...page }, { signal }).page(),
  );
  const activities = useCursorList(['activities', 'of company', id], (page, signal) =>
    api.activities.list({ company_id: id, ...page, limit: 25 }, { signal }).page(),
  );
  const remove = useMutation({
    mutationFn: () => api.companies.delete(id),
    onSuccess: async () => {
      toast('Company deleted; its contacts stay');
      await go({ to: '/companies' });
      await queryClient.invalidateQueries({ queryKey: ['companies'] });
    },
  });
  if (isMissing(error)) return <NotFound />;
  if (company === undefined) return null;
  const close = (): void => {
    setDialog(undefined);
  };
  return (
    <>
      <PageHead
        title={company.name}
        crumbs={[{ label: 'Companies', link: { to: '/companies' } }, { label: company.name }]}
        actions={
          may ? (
            <>
              <Button
                icon="edit"
                onClick={() => {
                  setDialog('edit');
                }}
              >
                Change
              </Button>
              <Button
                onClick={() => {
                  setDialog('merge');
                }}
              >
                Merge…
              </Button>
              <ConfirmButton
                word="Delete…"
                title={`Delete ${company.name}`}
                action="Delete company"
                busy={remove.isPending}
                onConfirm={() => remove.mutateAsync()}
              >
                Its contacts stay, without a company. It cannot be undone.
              </ConfirmButton>
            </>
          ) : undefined
        }
      >
        {company.domain === null ? null : <span>{company.domain}</span>}
      </PageHead>
      <Columns side={380}>
        <div>
          <Region
            flush
            title="Contacts"
            end={
              <LinkButton to="/contacts" search={{ company_id: id }} size="sm" look="quiet">
                All in the list
              </LinkButton>
            }
          >
            {contacts.rows.length === 0 && !contacts.waits ? (
              <Empty title="No contact belongs to it" />
            ) : (
              <Table
                label="Contacts"
                rows={contacts.rows}
                keyOf={(each) => each.id}
                onOpen={(each) => void go({ to: '/contacts/$id', params: { id: each.id } })}
                columns={[
                  { title: 'Name', main: true, cell: (contact) => <Name>{nameOf(contact)}</Name> },
                  { title: 'Job title', width: 200, cell: ({ job_title: title }) => <Name>{title}</Name> },
                  {
                    title: 'Changed',
                    width: 128,
                    numeric: true,
                    minor: true,
                    cell: ({ updated_at: at }) => <Time at={at} />,
                  },
                ]}
              />
            )}
            <ListFoot list={contacts} one="contact" />
          </Region>
          <Region flush title="Activities">
            <ActivityTable list={activities} />
          </Region>
        </div>
        <Region title="Facts">
          <div className="stack roomy">
            <Facts
              rows={[
                ['Industry', <Name>{company.industry}</Name>],
                ['Employees', company.employee_count === null ? '–' : count(company.employee_count)],
                ['Phone', <Name>{company.phone}</Name>],
                ['Website', <Name>{company.website}</Name>],
                ['Place', <Name>{[company.city, company.country].filter(Boolean).join(', ')}</Name>],
                ['Owner', <Name>{company.owner}</Name>],
                ['Tags', company.tags.join(', ') || '–'],
                ...Object.entries(company.custom_fields).map(
                  ([name, value]) => [name, <bdi>{String(value)}</bdi>] as const,
                ),
                ['Created', <Time at={company.created_at} />],
              ]}
            />
            <CopyLine text={company.id} label="Copy id" />
          </div>
        </Region>
      </Columns>
      {dialog === 'edit' ? <CompanyForm company={company} onClose={close} /> : null}
      {dialog === 'merge' ? <MergeDialog entity="company" into={company} onClose={close} /> : null}
    </>
  );
}
