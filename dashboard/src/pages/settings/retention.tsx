import { useMutation, useQuery } from '@tanstack/react-query';
import type { EventRetention } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { Field, Input } from '../../components/field.tsx';
import { counted } from '../../components/format.ts';
import { Note, Region } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';
import { useEventTypes } from '../webhooks/event-picker.tsx';

/** How long the event log is kept, and the data of some types of events for less. */
export function Retention() {
  const may = useMay()('events:write');
  const { data } = useQuery({
    queryKey: ['event-retention'],
    queryFn: ({ signal }) => api.events.getRetention({ signal }),
  });
  return (
    <Region title="Event log" aside={data === undefined ? undefined : `kept ${counted(data.default_days, 'day')}`}>
      {data === undefined ? null : (
        <div className="stack roomy">
          <p className="muted">
            Events are deleted after {counted(data.default_days, 'day')}, which the operator sets. The data of types
            below is erased earlier: from the log, its deliveries and their attempts.
          </p>
          {may ? (
            <Rules key={JSON.stringify(data)} retention={data} />
          ) : (
            <ul className="list tight">
              {Object.entries(data.retention).map(([pattern, days]) => (
                <li key={pattern}>
                  <span className="mono grow">{pattern}</span>
                  <span>{counted(days, 'day')}</span>
                </li>
              ))}
              {Object.keys(data.retention).length === 0 ? <li className="muted">No type is kept for less.</li> : null}
            </ul>
          )}
        </div>
      )}
    </Region>
  );
}

interface Rule {
  readonly key: number;
  readonly pattern: string;
  readonly days: string;
}

function Rules({ retention }: { readonly retention: EventRetention }) {
  const [rules, setRules] = useState<readonly Rule[]>(() =>
    Object.entries(retention.retention).map(([pattern, days], key) => ({ key, pattern, days: String(days) })),
  );
  const [next, setNext] = useState(rules.length);
  const { data: types = [] } = useEventTypes();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: () =>
      api.events.setRetention({
        retention: Object.fromEntries(rules.map(({ pattern, days }) => [pattern.trim(), Number(days)])),
      }),
    onSuccess: () => {
      toast('Saved');
      return queryClient.invalidateQueries({ queryKey: ['event-retention'] });
    },
  });
  const change = (key: number, changed: Partial<Rule>): void => {
    setRules(rules.map((rule) => (rule.key === key ? { ...rule, ...changed } : rule)));
  };
  const names = types.map(({ name }) => name);
  const prefixes = [...new Set(names.map((name) => `${name.split('.')[0] ?? name}.*`))];
  return (
    <form
      className="stack roomy"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {problemOf(save.error) === undefined ? null : (
        <Note tone="failed" boxed>
          {problemOf(save.error)}
        </Note>
      )}
      <datalist id="event-types">
        {[...prefixes, ...names].map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      {rules.map(({ key, pattern, days }, index) => (
        <div key={key} className="rule">
          <Field label={`Type ${index + 1}`} error={problemsOf(save.error)[`retention.${pattern.trim()}`]}>
            {(control) => (
              <Input
                {...control}
                className="mono"
                list="event-types"
                required
                autoFocus={pattern === ''}
                placeholder="reply.* or order.paid"
                pattern="\*|[A-Za-z0-9_\-]+(\.[A-Za-z0-9_\-]+)*(\.\*)?"
                title="A type such as email.sent, or a prefix such as email.*"
                value={pattern}
                onChange={({ target }) => {
                  change(key, { pattern: target.value });
                }}
              />
            )}
          </Field>
          <Field label={`Days ${index + 1}`}>
            {(control) => (
              <Input
                {...control}
                type="number"
                required
                min={1}
                max={retention.default_days}
                value={days}
                onChange={({ target }) => {
                  change(key, { days: target.value });
                }}
              />
            )}
          </Field>
          <Button
            look="quiet"
            icon="trash"
            aria-label={`Remove type ${index + 1}`}
            onClick={() => {
              setRules(rules.filter((rule) => rule.key !== key));
            }}
          />
        </div>
      ))}
      {rules.length === 0 ? <p>No type is kept for less. Add one whose data is personal, such as reply.*.</p> : null}
      <div className="row">
        <Button
          icon="plus"
          onClick={() => {
            setRules([...rules, { key: next, pattern: '', days: String(Math.min(30, retention.default_days)) }]);
            setNext(next + 1);
          }}
        >
          Add type
        </Button>
        <Button type="submit" busy={save.isPending}>
          Save retention
        </Button>
      </div>
    </form>
  );
}
