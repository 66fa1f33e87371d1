import { useMutation, useQuery } from '@tanstack/react-query';
import type { Contact, ContactTopic } from '@outrider/sdk';
import { api, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton } from '../../components/dialog.tsx';
import { Region } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';

const changed = (): Promise<void> => queryClient.invalidateQueries({ queryKey: ['contacts'] });

/** What the person receives, and what they left. */
export function Topics({ contact }: { readonly contact: Contact }) {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['contacts', 'topics', contact.id],
    queryFn: ({ signal }) => api.topics.listContact(contact.id, { signal }),
    enabled: may('suppressions:read'),
  });
  if (data === undefined || data.length === 0) return null;
  return (
    <Region title="Topics">
      <ul className="list tight">
        {data.map((topic) => (
          <li key={topic.topic_id}>
            <span className="grow">
              <bdi>{topic.name}</bdi>
              {topic.left_at === null ? null : (
                <span className="small muted">
                  {' '}
                  {topic.reason === 'unsubscribed' ? 'by the person' : 'by your team'}, <Time at={topic.left_at} />
                </span>
              )}
            </span>
            <Status tone={topic.left ? 'off' : 'ok'}>{topic.left ? 'Left' : 'Receives it'}</Status>
            {may('suppressions:write') ? <Change topic={topic} address={contact.email} /> : null}
          </li>
        ))}
      </ul>
    </Region>
  );
}

function Change({ topic, address }: { readonly topic: ContactTopic; readonly address: string | null }) {
  const { topic_id: id, name, opt_out_id: optOut, email, reason } = topic;
  const leave = useMutation({
    mutationFn: (given: { email: string; reason: 'manual' | 'unsubscribed' | 'import' }) =>
      api.topics.createOptOuts(id, given),
    onSuccess: ({ id: created }) => {
      toast(`Left ${name}`, {
        undo: () => {
          rejoin.mutate(created);
        },
      });
      return changed();
    },
  });
  const rejoin = useMutation({
    mutationFn: (created: string) => api.topics.deleteOptOut(id, created),
    onSuccess: () => {
      toast(`Receives ${name} again`, {
        undo: () => {
          leave.mutate({ email: email ?? address ?? '', reason: reason ?? 'manual' });
        },
      });
      return changed();
    },
  });
  if (optOut === null)
    return address === null ? null : (
      <Button
        size="sm"
        busy={leave.isPending}
        onClick={() => {
          leave.mutate({ email: address, reason: 'manual' });
        }}
      >
        Leave
      </Button>
    );
  if (reason !== 'unsubscribed')
    return (
      <Button
        size="sm"
        busy={rejoin.isPending}
        onClick={() => {
          rejoin.mutate(optOut);
        }}
      >
        Rejoin
      </Button>
    );
  return (
    <ConfirmButton
      word="Rejoin…"
      title={`Send ${name} to ${email ?? 'the person'} again`}
      action="Rejoin topic"
      busy={rejoin.isPending}
      onConfirm={() => rejoin.mutateAsync(optOut)}
    >
      The person left the topic. Let them rejoin only when they asked for it.
    </ConfirmButton>
  );
}
