import { useQuery } from '@tanstack/react-query';
import type { Reply } from '@outrider/sdk';
import { api, messageOf } from '../../../app/api.ts';
import { useMay } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { Select } from '../../../components/field.tsx';
import { Note } from '../../../components/page.tsx';
import { ReplyClass, replyClassWord } from '../../../components/status.tsx';
import { Time } from '../../../components/value.tsx';
import { MailBody } from '../body.tsx';
import { Answer } from './answer.tsx';
import { classes } from './inbox.tsx';
import { Person, useContactOf } from './person.tsx';

/** The messages of a thread, what the reply means and why, and the answer. */
export function Thread({
  id,
  onClose,
  onDone,
  onClassify,
}: {
  readonly id: string;
  readonly onClose: () => void;
  readonly onDone: (reply: Reply) => void;
  readonly onClassify: (reply: Reply, name: Reply['classification']) => void;
}) {
  const may = useMay()('replies:write');
  const { data: reply, error } = useQuery({
    queryKey: ['replies', 'one', id],
    queryFn: ({ signal }) => api.replies.get(id, { signal }),
  });
  const { data: messages } = useQuery({
    queryKey: ['replies', 'thread', id],
    queryFn: ({ signal }) => api.replies.getThread(id, { signal }),
  });
  const contact = useContactOf(reply);
  if (error !== null)
    return (
      <section className="thread">
        <Note tone="failed">{messageOf(error)}</Note>
      </section>
    );
  if (reply === undefined) return <section className="thread" />;
  return (
    <>
      <section className="thread" aria-label="Thread">
        <div className="rhead">
          <Button look="quiet" size="sm" icon="back" aria-label="Back to the list" onClick={onClose} />
          <div className="grow">
            <h2 className="trunc">
              <bdi>{reply.subject}</bdi>
            </h2>
          </div>
          {may ? (
            <div className="end">
              <Button
                size="sm"
                icon="done"
                shortcut="E"
                onClick={() => {
                  onDone(reply);
                }}
              >
                {reply.is_read ? 'To answer' : 'Done'}
              </Button>
            </div>
          ) : null}
        </div>
        <div className="msgs" tabIndex={0} role="region" aria-label="Messages">
          {messages?.map((message) => (
            <article key={message.id} className={message.direction === 'outbound' ? 'msg out' : 'msg'}>
              <header>
                <bdi className="medium trunc">{message.from}</bdi>
                <span className="small muted nowrap end">
                  <Time at={message.at} />
                </span>
              </header>
              <MailBody
                text={message.text}
                html={message.html}
                quoted={message.direction === 'inbound' ? message.body : undefined}
              />
            </article>
          ))}
          <div className="class">
            <div className="row wrap">
              <ReplyClass name={reply.classification} />
              <span className="small">
                <b className="medium">{reply.confidence.toFixed(2)}</b> <span className="muted">confidence</span>
              </span>
              {may ? (
                <Select
                  className="auto"
                  aria-label="Correct the class"
                  value={reply.classification}
                  onChange={({ target }) => {
                    onClassify(reply, target.value as Reply['classification']);
                  }}
                  options={classes.map((value, index) => ({
                    value,
                    label: index < 9 ? `${index + 1} ${replyClassWord(value)}` : replyClassWord(value),
                  }))}
                />
              ) : null}
            </div>
            <ul className="why2 small">
              {reply.reasons.map((each) => (
                <li key={each}>
                  <bdi>{each}</bdi>
                </li>
              ))}
              <li className="muted">
                Decided by {reply.source}; matched by {reply.match.by.replaceAll('_', ' ')}.
              </li>
            </ul>
          </div>
        </div>
        {may ? <Answer reply={reply} contact={contact} /> : null}
      </section>
      <Person reply={reply} contact={contact} />
    </>
  );
}
