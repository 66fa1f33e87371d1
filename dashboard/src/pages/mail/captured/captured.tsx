import '../../../styles/pages-mail.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import type { ListedCapturedMessage } from '@outrider/sdk';
import { api, messageOf, queryClient } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { useCursorList } from '../../../app/cursor-list.ts';
import { useMay, useSession } from '../../../app/session.ts';
import { Button } from '../../../components/button.tsx';
import { Pane } from '../../../components/dialog.tsx';
import { Field, TextArea } from '../../../components/field.tsx';
import { Filters, ListFoot, ListProblem, WithPane } from '../../../components/list.tsx';
import { Empty, Facts, Note, PageHead } from '../../../components/page.tsx';
import { Table } from '../../../components/table.tsx';
import type { Column } from '../../../components/table.tsx';
import { toast } from '../../../components/toast.tsx';
import { Name, Time } from '../../../components/value.tsx';
import { MailBody } from '../body.tsx';

const route = getRouteApi('/frame/captured');

const columns: readonly Column<ListedCapturedMessage>[] = [
  {
    title: 'Subject',
    main: true,
    cell: ({ subject }) => (
      <span className="medium">
        <Name>{subject}</Name>
      </span>
    ),
  },
  { title: 'To', width: 280, cell: ({ to }) => <Name>{to}</Name> },
  { title: 'From', width: 240, minor: true, cell: ({ from }) => <Name>{from}</Name> },
  { title: 'Captured', width: 152, cell: ({ received_at: at }) => <Time at={at} /> },
];

/** What the sandbox sent to nobody, with its clock. */
export function Captured() {
  const { to, open } = route.useSearch();
  const { sandbox } = useSession().organization;
  const workspace = useWorkspace();
  const navigate = route.useNavigate();
  const list = useCursorList(['captured', workspace, to], (page, signal) =>
    api.capturedMessages.list({ ...page, to, workspace_id: workspace }, { signal }).page(),
  );
  const show = (id: string | undefined): void => {
    void navigate({ search: { to, open: id }, replace: open !== undefined });
  };
  return (
    <>
      <PageHead title="Captured mail" actions={sandbox ? <Clock /> : undefined} />
      <WithPane
        pane={
          open === undefined ? undefined : (
            <Message
              key={open}
              id={open}
              onClose={() => {
                show(undefined);
              }}
            />
          )
        }
      >
        <Filters
          filters={[{ name: 'to', label: 'To' }]}
          values={{ to }}
          onChange={(changed) => void navigate({ search: { to: changed['to'] } })}
        />
        <ListProblem list={list} />
        {list.rows.length > 0 ? (
          <>
            <Table
              label="Captured mail"
              columns={columns}
              rows={list.rows}
              keyOf={({ id }) => id}
              openKey={open}
              onOpen={({ id }) => {
                show(id);
              }}
            />
            <ListFoot list={list} one="message" />
          </>
        ) : list.waits ? null : (
          <Empty title="Nothing captured">
            The sandbox has captured nothing yet. Send a test: it stays in this installation.
          </Empty>
        )}
      </WithPane>
    </>
  );
}

/** What time it is in the sandbox, and how to move it. */
function Clock() {
  const may = useMay()('campaigns:write');
  const { data } = useQuery({
    queryKey: ['sandbox-clock'],
    queryFn: ({ signal }) => api.sandboxClock.get({ signal }),
    refetchInterval: ({ state }) => (state.data?.advancing === true ? 1_000 : 30_000),
  });
  const advance = useMutation({
    mutationFn: (seconds: number) => api.sandboxClock.advance({ advance_seconds: seconds }),
    onSuccess: () => queryClient.invalidateQueries(),
  });
  if (data === undefined) return null;
  const busy = advance.isPending || data.advancing;
  return (
    <>
      <span className="small muted clocknow">
        Clock: <Time at={data.now} />
      </span>
      {may
        ? (
            [
              ['1 hour', 3_600],
              ['1 day', 86_400],
              ['1 week', 604_800],
            ] as const
          ).map(([word, seconds]) => (
            <Button
              key={word}
              icon="clock"
              busy={busy}
              onClick={() => {
                advance.mutate(seconds);
              }}
            >
              {word}
            </Button>
          ))
        : null}
    </>
  );
}

function Message({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const may = useMay()('campaigns:write');
  const [text, setText] = useState('');
  const { data, error } = useQuery({
    queryKey: ['captured', 'one', id],
    queryFn: ({ signal }) => api.capturedMessages.get(id, { signal }),
  });
  const react = useMutation({
    mutationFn: (kind: 'reply' | 'complaint' | 'hard' | 'soft' | 'block') =>
      kind === 'reply'
        ? api.capturedMessages.replyTo(id, { text })
        : kind === 'complaint'
          ? api.capturedMessages.complainAbout(id)
          : api.capturedMessages.bounce(id, { kind }),
    onSuccess: (_answer, kind) => {
      setText('');
      toast(
        kind === 'reply' ? 'The recipient replied.' : kind === 'complaint' ? 'It was reported as spam.' : 'It bounced.',
      );
      void queryClient.invalidateQueries();
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
            width={72}
            rows={[
              ['From', <Name key="f">{data.from}</Name>],
              ['To', <Name key="t">{data.to}</Name>],
              ['Captured', <Time key="at" at={data.received_at} />],
            ]}
          />
          <MailBody text={data.text} html={data.html} />
          {may ? (
            <>
              <Field label="Reply as the recipient">
                {(control) => (
                  <TextArea
                    {...control}
                    rows={3}
                    value={text}
                    onChange={({ target }) => {
                      setText(target.value);
                    }}
                  />
                )}
              </Field>
              <div className="row wrap">
                {(
                  [
                    ['Reply', 'reply'],
                    ['Hard bounce', 'hard'],
                    ['Soft bounce', 'soft'],
                    ['Block', 'block'],
                    ['Complain', 'complaint'],
                  ] as const
                ).map(([word, kind]) => (
                  <Button
                    key={kind}
                    size="sm"
                    disabled={kind === 'reply' && text.trim() === ''}
                    busy={react.isPending}
                    onClick={() => {
                      react.mutate(kind);
                    }}
                  >
                    {word}
                  </Button>
                ))}
              </div>
            </>
          ) : null}
        </div>
      )}
    </Pane>
  );
}
