import { useMutation, useQuery } from '@tanstack/react-query';
import { api, messageOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { ConfirmButton, Pane } from '../../components/dialog.tsx';
import { sentence } from '../../components/format.ts';
import { Facts, Note } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { MailBody } from './body.tsx';
import { MessageState, reasonWord } from './words.tsx';

/** A message beside its list: what it says, where it is, what happened to it. */
export function MessagePane({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const may = useMay()('mailboxes:write');
  const { data, error } = useQuery({
    queryKey: ['messages', 'one', id],
    queryFn: ({ signal }) => api.messages.get(id, { signal }),
    placeholderData: undefined,
  });
  const resend = useMutation({
    mutationFn: () => api.messages.resend(id),
    onSuccess: () => {
      toast('The message is sent again.');
      void queryClient.invalidateQueries({ queryKey: ['messages'] });
    },
  });
  return (
    <Pane title={<bdi>{data?.subject ?? 'Message'}</bdi>} onClose={onClose}>
      {error === null ? null : (
        <Note tone="failed" boxed>
          {messageOf(error)}
        </Note>
      )}
      {data === undefined ? null : (
        <div className="stack roomy">
          <Facts
            width={84}
            rows={[
              ['State', <MessageState key="s" message={data} />],
              ...(data.blocked_reason === null
                ? []
                : ([
                    [
                      'Waits',
                      <span key="w">
                        {reasonWord(data.blocked_reason)}
                        {data.blocked_until === null ? null : (
                          <>
                            {' '}
                            until <Time at={data.blocked_until} />
                          </>
                        )}
                      </span>,
                    ],
                  ] as const)),
              ...(data.error === null ? [] : ([['Server said', <Name key="e">{data.error}</Name>]] as const)),
              ['From', <Name key="f">{data.from}</Name>],
              ['To', <Name key="t">{data.to}</Name>],
              ['For', sentence(data.purpose)],
              ['Sent', <Time key="at" at={data.sent_at ?? data.created_at} />],
            ]}
          />
          {data.status === 'unknown' || data.status === 'not_found' ? (
            <Note
              tone="unknown"
              boxed
              action={
                may ? (
                  <ConfirmButton
                    word="Send again…"
                    title="Send this message again?"
                    action="Send 1 message"
                    busy={resend.isPending}
                    onConfirm={() => resend.mutateAsync()}
                  >
                    If the first one did arrive, the recipient gets it twice.
                  </ConfirmButton>
                ) : undefined
              }
            >
              It may have been sent, and is never sent again by itself.
            </Note>
          ) : null}
          <MailBody text={data.text} html={data.html} />
          <h3>What happened</h3>
          <ul className="events small">
            {data.events.map(({ kind, at }, index) => (
              <li key={index}>
                <span>{sentence(kind)}</span>
                <span className="muted">
                  <Time at={at} />
                </span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </Pane>
  );
}
