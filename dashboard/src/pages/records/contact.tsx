import { useMutation } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import type { Contact } from '@outrider/sdk';
import { useState } from 'react';
import { api, isMissing, queryClient } from '../../app/api.ts';
import { NotFound } from '../../app/root.tsx';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { Columns, PageHead, Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';
import { ContactFacts, useContact } from './contact-facts.tsx';
import { Suppress, SuppressedNote } from './contact-suppression.tsx';
import { Topics } from './contact-topics.tsx';
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
      <SuppressedNote contact={contact} />
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
          <Topics contact={contact} />
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
      <Suppress contact={contact} />
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
