import { useMutation, useQuery } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import type { Contact, Reply } from '@outrider/sdk';
import { api, queryClient } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { useMay } from '../../../app/session.ts';
import { useShortcuts } from '../../../app/shortcuts.ts';
import { Button } from '../../../components/button.tsx';
import { Select, TextArea } from '../../../components/field.tsx';
import { toast } from '../../../components/toast.tsx';
import { fill, unfilled, valuesOf } from './fill-template.ts';

/** The box to answer a reply in its thread, with a template if wanted. */
export function Answer({ reply, contact }: { readonly reply: Reply; readonly contact: Contact | undefined }) {
  const box = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState('');
  const templates = useTemplates();
  const send = useMutation({
    mutationFn: async ({ lead_id: lead, mailbox_id: mailbox, from, id: answered }: Reply) => {
      await (lead === null
        ? api.messages.send({ mailbox_id: mailbox, to: from, text, reply_to_message_id: answered })
        : api.leads.replyTo(lead, { body: text }));
    },
    onSuccess: () => {
      setText('');
      toast('The reply is sent.');
      void queryClient.invalidateQueries({ queryKey: ['replies'] });
    },
  });
  useShortcuts({ r: () => box.current?.focus() });
  const insert = (body: string): void => {
    const area = box.current;
    const what = fill(body, valuesOf(contact));
    const at = area?.selectionStart ?? text.length;
    setText(text.slice(0, at) + what + text.slice(area?.selectionEnd ?? at));
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(at + what.length, at + what.length);
    });
  };
  const left = unfilled(text);
  return (
    <form
      className="reply"
      onSubmit={(event) => {
        event.preventDefault();
        if (text.trim() !== '' && left === undefined) send.mutate(reply);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
    >
      <TextArea
        ref={box}
        rows={4}
        dir="auto"
        aria-label="Reply"
        placeholder="Reply (R)"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
        }}
      />
      <div className="row wrap">
        <Button
          type="submit"
          look="primary"
          icon="send"
          busy={send.isPending}
          disabled={left !== undefined}
          shortcut="Ctrl ↵"
        >
          Send reply
        </Button>
        <span className={left === undefined ? 'small muted' : 'small st held'} role="status">
          {left === undefined ? (
            'Sent at once, in the same thread.'
          ) : (
            <span>
              Fill in <code>{left}</code> first.
            </span>
          )}
        </span>
        {templates.length === 0 ? null : (
          <Select
            className="auto end"
            aria-label="Insert a template"
            value=""
            options={[
              { value: '', label: 'Template…' },
              ...templates.map(({ id, name }) => ({ value: id, label: name })),
            ]}
            onChange={({ target }) => {
              const chosen = templates.find(({ id }) => id === target.value);
              if (chosen !== undefined) insert(chosen.body);
            }}
          />
        )}
      </div>
    </form>
  );
}

/** Templates of plain text; a reply is text. */
function useTemplates() {
  const may = useMay()('campaigns:read');
  const workspace = useWorkspace();
  const { data } = useQuery({
    queryKey: ['templates', workspace],
    queryFn: ({ signal }) =>
      api.templates
        .list({ page_size: 100, ...(workspace === undefined ? {} : { workspace_id: workspace }) }, { signal })
        .page(),
    staleTime: 60_000,
    enabled: may,
  });
  return data?.data.filter(({ format }) => format === 'text') ?? [];
}
