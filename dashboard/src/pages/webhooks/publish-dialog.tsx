import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, TextArea } from '../../components/field.tsx';
import { counted } from '../../components/format.ts';
import { toast } from '../../components/toast.tsx';
import { useEventTypes } from './event-picker.tsx';

const firstData = '{\n  "order": 42\n}';

/** Publishes an event of one's own; a known type fills in its example. */
export function PublishDialog({ onClose }: { readonly onClose: () => void }) {
  const { data: types = [] } = useEventTypes();
  const workspace = useWorkspace();
  const navigate = useNavigate();
  const [event, setEvent] = useState('order.paid');
  const [data, setData] = useState(firstData);
  const own = types.filter(({ built_in: builtIn }) => !builtIn);
  const known = types.find(({ name }) => name === event);
  const publish = useMutation({
    meta: { quiet: true },
    mutationFn: () => {
      let parsed: object;
      try {
        parsed = JSON.parse(data) as object;
      } catch (error) {
        throw new Error(`The data is not JSON: ${error instanceof Error ? error.message : ''}`);
      }
      return api.events.publish({
        event,
        data: parsed,
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
      });
    },
    onSuccess: ({ id, deliveries }) => {
      toast(`Published, for ${counted(deliveries, 'endpoint')}`);
      void queryClient.invalidateQueries({ queryKey: ['events'] });
      onClose();
      void navigate({ to: '/events', search: { open: id } });
    },
  });
  const problems = problemsOf(publish.error);
  const other = Object.entries(problems).find(([name]) => name !== 'event');
  return (
    <FormDialog
      title="Publish event"
      open
      width={640}
      onClose={onClose}
      action="Publish"
      busy={publish.isPending}
      problem={problemOf(publish.error)}
      onSubmit={() => {
        publish.mutate();
      }}
    >
      <Field
        label="Type"
        error={problems['event']}
        hint={known?.description ?? 'A name of your own, such as order.paid. It need not be registered.'}
      >
        {(control) => (
          <>
            <Input
              {...control}
              className="mono"
              required
              list="own-types"
              value={event}
              onChange={({ target }) => {
                setEvent(target.value);
              }}
            />
            <datalist id="own-types">
              {own.map(({ name }) => (
                <option key={name} value={name} />
              ))}
            </datalist>
          </>
        )}
      </Field>
      <Field
        label="Data (JSON)"
        error={other === undefined ? undefined : `${other[0]}: ${other[1]}`}
        aside={
          known?.example == null ? undefined : (
            <button
              type="button"
              className="btn sm"
              onClick={() => {
                setData(JSON.stringify(known.example, null, 2));
              }}
            >
              Use its example
            </button>
          )
        }
      >
        {(control) => (
          <TextArea
            {...control}
            className="mono"
            rows={10}
            value={data}
            onChange={({ target }) => {
              setData(target.value);
            }}
          />
        )}
      </Field>
      {known?.schema == null ? null : <p className="small muted">Its data must match the schema of the type.</p>}
    </FormDialog>
  );
}
