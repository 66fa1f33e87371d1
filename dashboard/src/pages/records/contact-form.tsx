import { useMutation } from '@tanstack/react-query';
import type { Contact } from '@outrider/sdk';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useWorkspace } from '../../app/choice.ts';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Input, Select, TextArea } from '../../components/field.tsx';
import { bases } from './words.ts';
import type { Basis } from './words.ts';

const fields = [
  ['first_name', 'First name'],
  ['last_name', 'Last name'],
  ['job_title', 'Job title'],
  ['company_name', 'Company'],
  ['phone', 'Phone'],
  ['city', 'City'],
  ['country', 'Country'],
  ['owner', 'Owner'],
] as const;

/** Adds or changes a contact. A change of somebody else in between is refused. */
export function ContactForm({
  contact,
  onClose,
  onSaved,
}: {
  readonly contact?: Contact;
  readonly onClose: () => void;
  readonly onSaved?: (id: string) => void;
}) {
  const workspace = useWorkspace();
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: async (data: FormData) => {
      const text = (name: string): string | null => {
        const value = String(data.get(name) ?? '').trim();
        return value === '' ? null : value;
      };
      const values = Object.fromEntries(fields.map(([name]) => [name, text(name)]));
      const tags = (text('tags') ?? '')
        .split(',')
        .map((each) => each.trim())
        .filter(Boolean);
      if (contact !== undefined) {
        await api.contacts.update(
          contact.id,
          { ...values, email: text('email'), notes: text('notes'), tags },
          { ifMatch: contact },
        );
        return contact.id;
      }
      const {
        data: [row],
      } = await api.contacts.upsert({
        lawful_basis: (text('lawful_basis') ?? 'legitimate_interests') as Basis,
        contacts: [{ ...values, email: text('email') ?? '', notes: text('notes'), tags }],
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
      });
      return row?.id ?? undefined;
    },
    onSuccess: (id) => {
      void queryClient.invalidateQueries({ queryKey: ['contacts'] });
      onClose();
      if (id !== undefined) onSaved?.(id);
    },
  });
  const problems = Object.fromEntries(
    Object.entries(problemsOf(save.error)).map(([name, problem]) => [name.replace('contacts.0.', ''), problem]),
  );
  const shown = new Set<string>(['email', 'notes', 'tags', 'lawful_basis', ...fields.map(([name]) => name)]);
  const other = Object.entries(problems).find(([name]) => !shown.has(name));
  return (
    <FormDialog
      title={contact === undefined ? 'Add contact' : 'Change contact'}
      open
      width={680}
      onClose={onClose}
      action={contact === undefined ? 'Add contact' : 'Save'}
      busy={save.isPending}
      problem={problemOf(save.error) ?? (other === undefined ? undefined : `${other[0]} ${other[1]}`)}
      onSubmit={(data) => {
        save.mutate(data);
      }}
    >
      <Field label="Email" error={problems['email']}>
        {(control) => (
          <Input
            {...control}
            name="email"
            type="email"
            required={contact === undefined}
            defaultValue={contact?.email ?? ''}
          />
        )}
      </Field>
      <div className="two-f">
        {fields.map(([name, label]) => (
          <Field key={name} label={label} error={problems[name]}>
            {(control) => <Input {...control} name={name} dir="auto" defaultValue={contact?.[name] ?? ''} />}
          </Field>
        ))}
      </div>
      <Field label="Tags" error={problems['tags']} hint="Separated by commas.">
        {(control) => <Input {...control} name="tags" defaultValue={contact?.tags.join(', ') ?? ''} />}
      </Field>
      <Field label="Notes" error={problems['notes']}>
        {(control) => <TextArea {...control} name="notes" rows={3} dir="auto" defaultValue={contact?.notes ?? ''} />}
      </Field>
      {contact === undefined ? (
        <Field
          label="Lawful basis"
          error={problems['lawful_basis']}
          hint="Why you may process the data of this person (GDPR article 6)."
        >
          {(control) => <Select {...control} name="lawful_basis" options={bases} />}
        </Field>
      ) : null}
    </FormDialog>
  );
}
