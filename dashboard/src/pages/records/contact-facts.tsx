import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { api, messageOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { CopyButton, CopyLine } from '../../components/copy.tsx';
import { sentence } from '../../components/format.ts';
import { Facts, Note } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { Name, Time } from '../../components/value.tsx';
import { ContactForm } from './contact-form.tsx';
import { TagEditor } from './tag-editor.tsx';
import { Timeline } from './timeline.tsx';
import { contactStates } from './words.ts';

export const useContact = (id: string) =>
  useQuery({ queryKey: ['contacts', 'one', id], queryFn: ({ signal }) => api.contacts.get(id, { signal }) });

/** A contact beside the list: facts, tags, what happened. */
export function ContactFacts({ id, withTimeline = true }: { readonly id: string; readonly withTimeline?: boolean }) {
  const { data: contact, error } = useContact(id);
  const may = useMay()('contacts:write');
  const [editing, setEditing] = useState(false);
  const verify = useMutation({
    mutationFn: () => api.contacts.verify(id),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['contacts'] }),
  });
  if (error !== null && contact === undefined) return <Note tone="failed">{messageOf(error)}</Note>;
  if (contact === undefined) return null;
  const [tone, word] = contactStates[contact.status];
  const custom = Object.entries(contact.custom_fields).filter(([, value]) => value !== null);
  return (
    <>
      {may && contact.deleted_at === null ? (
        <div className="row wrap">
          <Button
            icon="edit"
            onClick={() => {
              setEditing(true);
            }}
          >
            Change
          </Button>
          <Button
            busy={verify.isPending}
            onClick={() => {
              verify.mutate();
            }}
          >
            Verify address
          </Button>
        </div>
      ) : null}
      <Facts
        rows={[
          ['Status', <Status tone={tone}>{word}</Status>],
          [
            'Addresses',
            <span className="stack">
              {contact.emails.map(({ email, primary }) => (
                <span key={email} className="row">
                  <span className="trunc">{email}</span>
                  {primary && contact.emails.length > 1 ? <span className="tag">primary</span> : null}
                  <CopyButton text={email} label="Copy address" />
                </span>
              ))}
            </span>,
          ],
          [
            'Verified',
            contact.verification_status === null ? (
              <span className="faint">not checked</span>
            ) : (
              `${sentence(contact.verification_status)}`
            ),
          ],
          [
            'Company',
            contact.company_id === null ? (
              <Name>{contact.company_name}</Name>
            ) : (
              <Link to="/companies/$id" params={{ id: contact.company_id }}>
                <Name>{contact.company_name}</Name>
              </Link>
            ),
          ],
          ['Job title', <Name>{contact.job_title}</Name>],
          ['Phone', <Name>{contact.phone}</Name>],
          ['Place', <Name>{[contact.city, contact.country].filter(Boolean).join(', ')}</Name>],
          ['Time zone', contact.timezone ?? '–'],
          ['Owner', <Name>{contact.owner}</Name>],
          ['Source', <Name>{contact.source_name}</Name>],
          ['Lawful basis', contact.lawful_basis === null ? 'none' : sentence(contact.lawful_basis)],
          ...custom.map(([name, value]) => [name, <bdi>{String(value)}</bdi>] as const),
          ['Created', <Time at={contact.created_at} />],
        ]}
      />
      <TagEditor contact={contact} />
      {contact.notes === null ? null : (
        <p dir="auto" className="wraps">
          {contact.notes}
        </p>
      )}
      <CopyLine text={contact.id} label="Copy id" />
      {withTimeline ? (
        <>
          <h3>Timeline</h3>
          <Timeline contactId={id} />
        </>
      ) : null}
      {editing ? (
        <ContactForm
          contact={contact}
          onClose={() => {
            setEditing(false);
          }}
        />
      ) : null}
    </>
  );
}
