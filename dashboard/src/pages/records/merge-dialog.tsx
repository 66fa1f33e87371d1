import { useMutation, useQuery } from '@tanstack/react-query';
import { useDeferredValue, useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { FormDialog } from '../../components/dialog.tsx';
import { Checkbox, Field, SearchInput } from '../../components/field.tsx';
import { Name } from '../../components/value.tsx';
import { toast } from '../../components/toast.tsx';
import { nameOf } from './words.ts';

/** Makes two records one: the other is merged into this one, and can be separated again for 30 days. */
export function MergeDialog({
  entity,
  into,
  onClose,
}: {
  readonly entity: 'contact' | 'company';
  readonly into: { readonly id: string; readonly name: string };
  readonly onClose: () => void;
}) {
  const [typed, setTyped] = useState('');
  const [from, setFrom] = useState<string>();
  const search = useDeferredValue(typed.trim());
  const { data: found = [] } = useQuery({
    queryKey: ['merge', entity, search],
    enabled: search.length >= 2,
    queryFn: async ({ signal }) => {
      const query = { search, limit: 8 };
      if (entity === 'company')
        return (await api.companies.list(query, { signal }).page()).data.map(({ id, name, domain }) => ({
          id,
          name,
          detail: domain,
        }));
      return (await api.contacts.list(query, { signal }).page()).data.map((contact) => ({
        id: contact.id,
        name: nameOf(contact),
        detail: contact.email,
      }));
    },
  });
  const done = (): Promise<void> => queryClient.invalidateQueries();
  const undo = useMutation({
    mutationFn: (id: string) => api.merges.undo(id),
    onSuccess: () => {
      toast('Merge undone');
      return done();
    },
  });
  const merge = useMutation({
    meta: { quiet: true },
    mutationFn: async () => {
      const body = { from_id: from ?? '' };
      const merged =
        entity === 'contact'
          ? await api.merges.mergeContacts(into.id, body)
          : await api.merges.mergeCompanies(into.id, body);
      return merged.merge_id;
    },
    onSuccess: (id) => {
      toast('Merged', {
        undo: () => {
          undo.mutate(id);
        },
      });
      onClose();
      return done();
    },
  });
  const choices = found.filter(({ id }) => id !== into.id);
  return (
    <FormDialog
      title={`Merge into ${into.name}`}
      open
      width={560}
      onClose={onClose}
      action="Merge"
      busy={merge.isPending}
      disabled={from === undefined}
      problem={problemOf(merge.error) ?? Object.values(problemsOf(merge.error))[0]}
      onSubmit={() => {
        merge.mutate();
      }}
    >
      <p>
        The other {entity} becomes part of this one: its addresses, activities, projects, suppressions and history
        follow. Its values fill what is empty here. It can be undone for 30 days.
      </p>
      <Field label={`The other ${entity}`}>
        {(control) => (
          <SearchInput
            {...control}
            placeholder="Search"
            value={typed}
            onChange={({ target }) => {
              setTyped(target.value);
            }}
          />
        )}
      </Field>
      <div className="stack">
        {choices.map(({ id, name, detail }) => (
          <Checkbox
            key={id}
            type="radio"
            name="from"
            checked={from === id}
            onChange={() => {
              setFrom(id);
            }}
          >
            <Name>{name}</Name> <span className="muted">{detail}</span>
          </Checkbox>
        ))}
        {search.length >= 2 && choices.length === 0 ? <p className="muted">Nothing matches.</p> : null}
      </div>
    </FormDialog>
  );
}
