import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Contact, CreateSuppressionsBody, Suppression } from '@outrider/sdk';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { useMay } from '../../app/session.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton, FormDialog } from '../../components/dialog.tsx';
import { Field, Select } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { toast } from '../../components/toast.tsx';
import { Time } from '../../components/value.tsx';
import { reasons } from './words.ts';

type Reason = NonNullable<CreateSuppressionsBody['reason']>;

const given = [
  { value: 'manual', label: 'Decided by your team' },
  { value: 'unsubscribed', label: 'The person asked for it' },
  { value: 'complaint', label: 'The person complained' },
  { value: 'hard_bounce', label: 'The address does not exist' },
] as const satisfies readonly { readonly value: Reason; readonly label: string }[];
const reasonOf = (text: string): Reason => given.find(({ value }) => value === text)?.value ?? 'manual';

async function changed(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ['suppressions'] });
  await queryClient.invalidateQueries({ queryKey: ['contacts'] });
}

/** What blocks mail to the person: of the address or its domain, in the contact's workspace or everywhere. */
function useSuppressions({ email, workspace_id: workspace }: Contact): readonly Suppression[] | undefined {
  const may = useMay()('suppressions:read');
  const { data } = useQuery({
    queryKey: ['suppressions', 'of', email],
    queryFn: ({ signal }) => api.suppressions.list({ search: email ?? '', page_size: 20 }, { signal }).page(),
    enabled: may && email !== null,
  });
  // That of the address comes first: it can be lifted here.
  return data?.data
    .filter(({ workspace_id: own }) => own === null || own === workspace)
    .toSorted((a, b) => Number(a.email === null) - Number(b.email === null));
}

/** Adds suppressions and lifts them; each takes the other back. */
function useSuppressing() {
  const suppress = useMutation({
    meta: { quiet: true },
    mutationFn: (body: CreateSuppressionsBody) => api.suppressions.create(body),
    onSuccess: (suppression) => {
      toast(`${suppression.email ?? 'The address'} is suppressed`, {
        undo: () => {
          lift.mutate(suppression);
        },
      });
      return changed();
    },
  });
  const lift = useMutation({
    mutationFn: ({ id }: Suppression) => api.suppressions.delete(id),
    onSuccess: (_nothing, { email, workspace_id: workspace, reason }) => {
      toast('Suppression lifted', {
        undo: () => {
          if (email === null || reason === 'erased') return;
          suppress.mutate({ email, reason, ...(workspace === null ? {} : { workspace_id: workspace }) });
        },
      });
      return changed();
    },
  });
  return { suppress, lift };
}

/** Whether mail to the person is blocked, by what, and how to lift it. */
export function SuppressedNote({ contact }: { readonly contact: Contact }) {
  const may = useMay()('suppressions:write');
  const { lift } = useSuppressing();
  const [first, ...others] = useSuppressions(contact) ?? [];
  if (first === undefined) return null;
  const { email, domain, reason } = first;
  const word = reasons.find(({ value }) => value === reason)?.label ?? reason;
  const ours = reason === 'manual' || reason === 'import';
  return (
    <Note
      tone="off"
      action={
        !may || reason === 'erased' ? undefined : email === null ? (
          <Link to="/suppressions" search={{ search: domain ?? '' }}>
            Show the domain
          </Link>
        ) : ours ? (
          <Button
            busy={lift.isPending}
            onClick={() => {
              lift.mutate(first);
            }}
          >
            Lift
          </Button>
        ) : (
          <ConfirmButton
            word="Lift…"
            title={`Write to ${email} again`}
            action="Lift suppression"
            busy={lift.isPending}
            onConfirm={() => lift.mutateAsync(first)}
          >
            The person did not want or could not get your mail ({word.toLowerCase()}). Only lift it with their consent.
          </ConfirmButton>
        )
      }
    >
      <b>No mail is sent to this person.</b> {email ?? domain ?? 'The erased address'} is suppressed
      {first.workspace_id === null ? '' : ' in this workspace'} ({word.toLowerCase()}) since{' '}
      <Time at={first.created_at} />.{others.length === 0 ? null : ` So ${others.length === 1 ? 'is' : 'are'} `}
      {others.map((each) => each.email ?? each.domain ?? 'an erased address').join(', ')}
      {others.length === 0 ? null : '.'}
    </Note>
  );
}

/** A button that suppresses the address of the person, with the reason. */
export function Suppress({ contact }: { readonly contact: Contact }) {
  const may = useMay()('suppressions:write');
  const [asking, setAsking] = useState(false);
  const { suppress } = useSuppressing();
  const own = useSuppressions(contact);
  const { email, workspace_id: workspace } = contact;
  if (!may || email === null || own === undefined || own.length > 0) return null;
  const close = (): void => {
    setAsking(false);
  };
  return (
    <>
      <Button
        icon="suppression"
        onClick={() => {
          setAsking(true);
        }}
      >
        Suppress…
      </Button>
      <FormDialog
        title={`Suppress ${email}`}
        open={asking}
        width={480}
        onClose={close}
        action="Suppress"
        busy={suppress.isPending}
        problem={problemOf(suppress.error) ?? problemsOf(suppress.error)['email']}
        onSubmit={(data) => {
          const everywhere = workspace === null || data.get('where') !== 'workspace';
          suppress.mutate(
            {
              email,
              reason: reasonOf(String(data.get('reason') ?? '')),
              ...(everywhere ? {} : { workspace_id: workspace }),
            },
            { onSuccess: close },
          );
        }}
      >
        <Field label="Reason" hint="No more mail is sent to the address; its leads in campaigns stop.">
          {(control) => <Select {...control} name="reason" options={given} defaultValue="manual" />}
        </Field>
        {workspace === null ? null : (
          <Field label="Applies to">
            {(control) => (
              <Select
                {...control}
                name="where"
                options={[
                  { value: 'workspace', label: 'The workspace of the contact' },
                  { value: 'organization', label: 'The whole organization' },
                ]}
              />
            )}
          </Field>
        )}
      </FormDialog>
    </>
  );
}
