import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Contact } from '@outrider/sdk';
import { useState } from 'react';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { NotFound } from '../../app/root.tsx';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { Columns, Note, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';
import { ContactFacts, useContact } from './contact-facts.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { Timeline } from './timeline.tsx';
import { contactStates, nameOf } from './words.ts';

const route = getRouteApi('/frame/contacts/$id');

/** A person: facts, topics, and everything that happened. */
export function ContactPage() {
  const { id } = route.useParams();
  const { data: contact, error } = useContact(id);
  if (isMissing(error)) return <NotFound />;
  if (contact === undefined) return null;
  const [tone, word] = contactStates[contact.status];
  return (
    <>
      <PageHead
        title={nameOf(contact)}
        crumbs={[{ label: 'Contacts', link: { to: '/contacts' } }, { label: nameOf(contact) }]}
        state={
          <Status tone={contact.deleted_at === null ? tone : 'off'} pill>
            {contact.deleted_at === null ? word : 'Deleted'}
          </Status>
        }
        actions={<Actions contact={contact} />}
      >
        {contact.email === null ? null : <span>{contact.email}</span>}
        <span>
          Created <Time at={contact.created_at} />
        </span>
      </PageHead>
      <Suppressed contact={contact} />
      <Columns side={420}>
        <Region title="Timeline">
          <Timeline contactId={id} />
        </Region>
        <div>
          <Region title="Facts">
            <div className="stack roomy">
              <ContactFacts id={id} withTimeline={false} />
            </div>
          </Region>
          <Topics id={id} address={contact.email} />
          <Personal contact={contact} />
        </div>
      </Columns>
    </>
  );
}

function Actions({ contact }: { readonly contact: Contact }) {
  const navigate = useNavigate();
  const may = useMay()('contacts:write');
  const [merging, setMerging] = useState(false);
  const done = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['contacts'] });
  const restore = useMutation({
    mutationFn: () => api.contacts.restore(contact.id),
    onSuccess: () => {
      toast('Contact restored');
      return done();
    },
  });
  const remove = useMutation({
    mutationFn: () => api.contacts.delete(contact.id),
    onSuccess: async () => {
      toast('Contact deleted', {
        undo: () => {
          restore.mutate();
        },
      });
      await navigate({ to: '/contacts' });
      await done();
    },
  });
  if (!may) return null;
  if (contact.deleted_at !== null)
    return (
      <Button
        look="primary"
        busy={restore.isPending}
        onClick={() => {
          restore.mutate();
        }}
      >
        Restore
      </Button>
    );
  return (
    <>
      <Button
        onClick={() => {
          setMerging(true);
        }}
      >
        Merge…
      </Button>
      <Button
        icon="trash"
        busy={remove.isPending}
        onClick={() => {
          remove.mutate();
        }}
      >
        Delete
      </Button>
      {merging ? (
        <MergeDialog
          entity="contact"
          into={{ id: contact.id, name: nameOf(contact) }}
          onClose={() => {
            setMerging(false);
          }}
        />
      ) : null}
    </>
  );
}

/** Whether mail to the person is blocked, and by what. */
function Suppressed({ contact: { email } }: { readonly contact: Contact }) {
  const may = useMay()('suppressions:read');
  const { data } = useQuery({
    queryKey: ['suppressions', 'of', email],
    queryFn: ({ signal }) => api.suppressions.list({ search: email ?? '', page_size: 5 }, { signal }).page(),
    enabled: may && email !== null,
  });
  const [first] = data?.data ?? [];
  if (first === undefined) return null;
  return (
    <Note tone="off">
      <b>No mail is sent to this person.</b> {first.email ?? first.domain} is suppressed (
      {first.reason.replaceAll('_', ' ')}) since <Time at={first.created_at} />.
    </Note>
  );
}

function Topics({ id, address }: { readonly id: string; readonly address: string | null }) {
  const { data } = useQuery({
    queryKey: ['contacts', 'topics', id],
    queryFn: ({ signal }) => api.topics.listContact(id, { signal }),
  });
  const change = useMutation({
    mutationFn: (topic: string) => api.topics.createOptOuts(topic, { email: address ?? '', reason: 'manual' }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['contacts'] }),
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <Region title="Topics">
      <ul className="list tight">
        {data.map((topic) => (
          <li key={topic.topic_id}>
            <span className="grow">
              <bdi>{topic.name}</bdi>
            </span>
            <Status tone={topic.left ? 'off' : 'ok'}>{topic.left ? 'Left' : 'Receives it'}</Status>
            {topic.left || address === null ? null : (
              <Button
                size="sm"
                busy={change.isPending}
                onClick={() => {
                  change.mutate(topic.topic_id);
                }}
              >
                Opt out
              </Button>
            )}
          </li>
        ))}
      </ul>
    </Region>
  );
}

/** The rights of the person: a copy of the data, and its erasure. */
function Personal({ contact }: { readonly contact: Contact }) {
  const may = useMay();
  const copy = useMutation({
    mutationFn: () => api.privacy.exportContact(contact.id),
    onSuccess: (data) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' }));
      link.download = `contact-${contact.id}.json`;
      link.click();
      URL.revokeObjectURL(link.href);
    },
  });
  const erase = useMutation({
    mutationFn: () => api.privacy.eraseContact(contact.id),
    onSuccess: () => {
      toast('The erasure has begun. It covers records, events and mail.');
      return queryClient.invalidateQueries({ queryKey: ['contacts'] });
    },
  });
  if (!may('contacts:write')) return null;
  return (
    <Region title="Personal data">
      <div className="row wrap">
        <Button
          busy={copy.isPending}
          onClick={() => {
            copy.mutate();
          }}
        >
          Download a copy
        </Button>
        <ConfirmButton
          word="Erase…"
          title="Erase this person"
          action="Erase person"
          busy={erase.isPending}
          onConfirm={() => erase.mutateAsync()}
        >
          Everything about {nameOf(contact)} is erased: records, events, deliveries and mail. The address stays
          suppressed as a hash. It cannot be undone.
        </ConfirmButton>
      </div>
    </Region>
  );
}
