import { useMutation } from '@tanstack/react-query';
import type { Webhook } from '@outrider/sdk';
import { useState } from 'react';
import { api, messageOf } from '../../app/api.ts';
import { Button, LinkButton } from '../../components/button.tsx';
import { CodeBlock } from '../../components/copy.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Field, Select } from '../../components/field.tsx';
import { duration } from '../../components/format.ts';
import { Note } from '../../components/page.tsx';
import { Url } from '../../components/value.tsx';
import { useDelivery } from './delivery-detail.tsx';
import { useEventTypes } from './event-picker.tsx';
import { explain, stateOf } from './words.ts';

/** Sends the example of an event type, and shows the answer at once. */
export function TestDialog({
  endpoint,
  onClose,
  linked = true,
}: {
  readonly endpoint: Pick<Webhook, 'id' | 'target_url'>;
  readonly onClose: () => void;
  /** False: the page of the delivery cannot be opened from here. */
  readonly linked?: boolean;
}) {
  const { data: types = [] } = useEventTypes();
  const [event, setEvent] = useState('webhook.test');
  const test = useMutation({ meta: { quiet: true }, mutationFn: () => api.webhooks.test(endpoint.id, { event }) });
  const names = ['webhook.test', ...types.map(({ name }) => name).filter((name) => name !== 'webhook.test')];
  return (
    <Dialog title="Send a test event" open width={640} onClose={onClose}>
      <Url url={endpoint.target_url} />
      <div className="row">
        <div className="grow">
          <Field label="Event type">
            {(control) => (
              <Select
                {...control}
                value={event}
                options={names.map((value) => ({ value, label: value }))}
                onChange={({ target }) => {
                  setEvent(target.value);
                }}
              />
            )}
          </Field>
        </div>
      </div>
      <div className="row">
        <Button
          look="primary"
          icon="send"
          busy={test.isPending}
          onClick={() => {
            test.mutate();
          }}
        >
          Send
        </Button>
      </div>
      {test.error === null ? null : (
        <Note tone="failed" boxed>
          {messageOf(test.error)}
        </Note>
      )}
      {test.data === undefined ? null : <Outcome id={test.data.delivery_id} linked={linked} />}
    </Dialog>
  );
}

function Outcome({ id, linked }: { readonly id: string; readonly linked: boolean }) {
  const { data } = useDelivery(id);
  const last = data?.attempts.at(-1);
  if (data === undefined || last === undefined)
    return (
      <Note tone="pending" boxed>
        Sent. Waiting for the answer …
      </Note>
    );
  const [tone, word] = stateOf(data);
  return (
    <>
      <Note
        tone={tone === 'ok' ? 'ok' : 'failed'}
        boxed
        action={
          linked ? (
            <LinkButton size="sm" to="/deliveries/$id" params={{ id }}>
              Details
            </LinkButton>
          ) : undefined
        }
      >
        <b>
          {word}, {last.status_code ?? last.error} in {duration(last.duration_ms)}.
        </b>{' '}
        {explain(last)}
      </Note>
      {last.response === null ? null : (
        <CodeBlock wrap title="Answer" text={last.response.body === '' ? '(empty body)' : last.response.body} />
      )}
    </>
  );
}
