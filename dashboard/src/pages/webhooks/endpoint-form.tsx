import { useMutation } from '@tanstack/react-query';
import type { CreateWebhookBody, Webhook, WebhookWithSecret } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { Field, Input, Select, TextArea } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';
import { FormDialog } from '../../components/dialog.tsx';
import { EventPicker } from './event-picker.tsx';
import { dialects } from './words.ts';

interface EndpointFormProps {
  /** Undefined: a new one. */
  readonly endpoint?: Webhook;
  readonly onClose: () => void;
  /** A new endpoint, with its secret. */
  readonly onCreated?: (endpoint: WebhookWithSecret) => void;
}

/** Creates or changes an endpoint. What is rarely needed is collapsed. */
export function EndpointForm({ endpoint, onClose, onCreated }: EndpointFormProps) {
  const workspace = useWorkspace();
  const [picked, setPicked] = useState<readonly string[]>(endpoint?.events ?? ['*']);
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: async (data: FormData) => {
      const body = bodyOf(data, picked);
      if (endpoint === undefined) {
        const { dialect, ...rest } = body;
        return api.webhooks.create({
          ...rest,
          dialect,
          ...(workspace === undefined ? {} : { workspace_id: workspace }),
        });
      }
      const { dialect: _, ...changes } = body;
      await api.webhooks.update(endpoint.id, changes, { ifMatch: endpoint });
      return undefined;
    },
    onSuccess: (created) => {
      void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      if (created !== undefined) onCreated?.(created);
      onClose();
    },
  });
  const problems = problemsOf(save.error);
  return (
    <FormDialog
      title={endpoint === undefined ? 'Add endpoint' : 'Change endpoint'}
      open
      width={720}
      onClose={onClose}
      action={endpoint === undefined ? 'Add endpoint' : 'Save'}
      busy={save.isPending}
      problem={problemOf(save.error) ?? otherProblem(problems)}
      onSubmit={(data) => {
        save.mutate(data);
      }}
    >
      <Field label="URL" error={problems['target_url']} hint="https. Deliveries are posted to it, signed.">
        {(control) => (
          <Input
            {...control}
            name="target_url"
            type="url"
            required
            className="mono"
            defaultValue={endpoint?.target_url}
            placeholder="https://"
          />
        )}
      </Field>
      <div className="two-f">
        <Field label="Description" error={problems['description']}>
          {(control) => <Input {...control} name="description" maxLength={500} defaultValue={endpoint?.description} />}
        </Field>
        <Field
          label="Dialect"
          error={problems['dialect']}
          hint={endpoint === undefined ? 'Names, bodies and headers.' : 'Cannot be changed.'}
        >
          {(control) => (
            <Select
              {...control}
              name="dialect"
              options={dialects}
              disabled={endpoint !== undefined}
              defaultValue={endpoint?.dialect ?? 'standard'}
            />
          )}
        </Field>
      </div>
      <div className="field">
        <span className="label">Events</span>
        <EventPicker picked={picked} onChange={setPicked} />
        {problems['events'] === undefined ? null : <span className="error">{problems['events']}</span>}
      </div>
      <details className="adv">
        <summary>
          <Icon name="right" />
          Advanced: retries, timeout, rate, order, filter, headers
        </summary>
        <Advanced endpoint={endpoint} problems={problems} />
      </details>
    </FormDialog>
  );
}

function Advanced({
  endpoint,
  problems,
}: {
  readonly endpoint?: Webhook;
  readonly problems: Readonly<Record<string, string>>;
}) {
  const json = (value: object | null | undefined): string =>
    value == null || Object.keys(value).length === 0 ? '' : JSON.stringify(value, null, 2);
  return (
    <div className="stack roomy advbody">
      <div className="two-f three">
        <Field
          label="Retry after, seconds"
          error={problems['retry_schedule_seconds']}
          hint="Empty: the schedule of the dialect."
        >
          {(control) => (
            <Input
              {...control}
              name="retry_schedule_seconds"
              placeholder="60, 300, 1800"
              defaultValue={endpoint?.retry_schedule_seconds?.join(', ')}
            />
          )}
        </Field>
        <Field label="Timeout, ms" error={problems['timeout_ms']}>
          {(control) => (
            <Input {...control} name="timeout_ms" type="number" min={100} defaultValue={endpoint?.timeout_ms ?? ''} />
          )}
        </Field>
        <Field label="Per second" error={problems['rate_limit_per_second']}>
          {(control) => (
            <Input
              {...control}
              name="rate_limit_per_second"
              type="number"
              min={0.001}
              step="any"
              defaultValue={endpoint?.rate_limit_per_second ?? ''}
            />
          )}
        </Field>
      </div>
      <Field label="Order" error={problems['ordering']}>
        {(control) => (
          <Select
            {...control}
            name="ordering"
            defaultValue={endpoint?.ordering ?? 'none'}
            options={[
              { value: 'none', label: 'None: as fast as possible' },
              { value: 'fifo', label: 'First in, first out: a failed delivery blocks later ones' },
            ]}
          />
        )}
      </Field>
      <div className="two-f">
        <Field label="Filter (JSON)" error={problems['filter']} hint="Only events whose data matches.">
          {(control) => (
            <TextArea
              {...control}
              name="filter"
              rows={4}
              className="mono"
              defaultValue={json(endpoint?.filter)}
              placeholder='{"amount": {"$gte": 100}}'
            />
          )}
        </Field>
        <Field label="Headers (JSON)" error={problems['headers']} hint="Stored encrypted.">
          {(control) => (
            <TextArea
              {...control}
              name="headers"
              rows={4}
              className="mono"
              defaultValue={json(endpoint?.headers)}
              placeholder='{"x-team": "sales"}'
            />
          )}
        </Field>
      </div>
    </div>
  );
}

const shownFields = [
  'target_url',
  'description',
  'dialect',
  'events',
  'retry_schedule_seconds',
  'timeout_ms',
  'rate_limit_per_second',
  'ordering',
  'filter',
  'headers',
];
/** What no field of the form shows. */
const otherProblem = (problems: Readonly<Record<string, string>>): string | undefined =>
  Object.entries(problems)
    .filter(([name]) => !shownFields.includes(name))
    .map(([name, problem]) => `${name} ${problem}`)[0];

function bodyOf(data: FormData, events: readonly string[]): CreateWebhookBody {
  const text = (name: string): string => {
    const value = data.get(name);
    return typeof value === 'string' ? value.trim() : '';
  };
  const number = (name: string): number | null => (text(name) === '' ? null : Number(text(name)));
  const schedule = text('retry_schedule_seconds');
  return {
    target_url: text('target_url'),
    description: text('description'),
    dialect: dialects.find(({ value }) => value === text('dialect'))?.value ?? 'standard',
    events: [...events],
    retry_schedule_seconds: schedule === '' ? null : schedule.split(/[\s,]+/).map(Number),
    timeout_ms: number('timeout_ms'),
    rate_limit_per_second: number('rate_limit_per_second'),
    ordering: text('ordering') === 'fifo' ? 'fifo' : 'none',
    filter: objectOf(text('filter'), 'filter'),
    headers: (objectOf(text('headers'), 'headers') ?? {}) as Record<string, string>,
  };
}

/** @throws Error that names the field */
function objectOf(text: string, field: string): object | null {
  if (text === '') return null;
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch {
    // Said below.
  }
  throw new Error(`The ${field} must be a JSON object.`);
}
