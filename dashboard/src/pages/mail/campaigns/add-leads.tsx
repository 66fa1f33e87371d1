import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { AddLeadsBody, Campaign } from '@outrider/sdk';
import { api, problemOf, problemsOf, queryClient } from '../../../app/api.ts';
import { useWorkspace } from '../../../app/choice.ts';
import { FormDialog } from '../../../components/dialog.tsx';
import { Checkbox, Field, Input, Segmented, Select } from '../../../components/field.tsx';
import { counted } from '../../../components/format.ts';
import { toast } from '../../../components/toast.tsx';

/** Adds contacts by tag, by segment, or one by one. */
export function AddLeads({
  campaign,
  open,
  onClose,
}: {
  readonly campaign: Campaign;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const workspace = useWorkspace();
  const [by, setBy] = useState<'tag' | 'segment' | 'address'>('tag');
  const { data: segments } = useQuery({
    queryKey: ['segments', 'names', workspace],
    enabled: open,
    queryFn: ({ signal }) => api.segments.list({ limit: 100, workspace_id: workspace }, { signal }).page(),
  });
  const ofContacts = segments?.data.filter(({ entity }) => entity === 'contact') ?? [];
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: async (data: FormData) => {
      const value = String(data.get('value') ?? '').trim();
      if (by !== 'address')
        return api.leads.add(
          campaign.id,
          by === 'tag'
            ? { contact_filter: { tag: value } }
            : ({ segment_id: value, keep_adding: data.get('keep') !== null } satisfies AddLeadsBody),
        );
      const found = await api.contacts
        .list({ email: value, limit: 1, workspace_id: campaign.workspace_id ?? undefined })
        .page();
      const [contact] = found.data;
      if (contact === undefined) throw new Error(`No contact has the address ${value}.`);
      return api.leads.add(campaign.id, { contact_ids: [contact.id] });
    },
    onSuccess: ({ added, skipped }) => {
      // By tag or segment, the answer is the addition, whose `skipped` is a number.
      const first = by === 'address' ? skipped[0] : undefined;
      toast(
        by !== 'address'
          ? 'The contacts are added in the background.'
          : first === undefined
            ? `${counted(added, 'lead')} added.`
            : `Not added: ${first.reason.replaceAll('_', ' ')}.`,
        { failed: first !== undefined },
      );
      void queryClient.invalidateQueries({ queryKey: ['campaigns'] });
      onClose();
    },
  });
  const problems = problemsOf(add.error);
  const problem = problemOf(add.error);
  return (
    <FormDialog
      title="Add leads"
      open={open}
      onClose={onClose}
      action="Add leads"
      busy={add.isPending}
      problem={problem ?? Object.values(problems)[0]}
      width={480}
      onSubmit={(data) => {
        add.mutate(data);
      }}
    >
      <Segmented
        label="Which contacts"
        value={by}
        onChange={setBy}
        options={[
          { value: 'tag', label: 'With a tag' },
          { value: 'segment', label: 'In a segment' },
          { value: 'address', label: 'One address' },
        ]}
      />
      {by === 'segment' ? (
        <>
          <Field label="Segment" hint={ofContacts.length === 0 ? 'There is no segment of contacts yet.' : undefined}>
            {(control) => (
              <Select
                {...control}
                name="value"
                required
                options={ofContacts.map(({ id, name }) => ({ value: id, label: name }))}
              />
            )}
          </Field>
          <Checkbox name="keep">Also add contacts that enter it later</Checkbox>
        </>
      ) : (
        <Field
          key={by}
          label={by === 'tag' ? 'Tag' : 'Address'}
          hint="Suppressed and unsubscribed contacts are left out."
        >
          {(control) => <Input {...control} name="value" type={by === 'tag' ? 'text' : 'email'} required />}
        </Field>
      )}
    </FormDialog>
  );
}
