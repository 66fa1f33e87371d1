import type { Passkey } from '@outrider/sdk';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { ConfirmButton, FormDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Empty, Region } from '../../components/page.tsx';
import { Table } from '../../components/table.tsx';
import { toast } from '../../components/toast.tsx';
import { Name, Time } from '../../components/value.tsx';
import { addPasskey, hasPasskeys } from './authenticator.ts';

const reload = () => queryClient.invalidateQueries({ queryKey: ['passkeys'] });

/** The passkeys of the person: add, rename, remove. */
export function Passkeys() {
  const [dialog, setDialog] = useState<'add' | Passkey>();
  const close = (): void => {
    setDialog(undefined);
  };
  const { data } = useQuery({
    queryKey: ['passkeys'],
    queryFn: ({ signal }) => api.accounts.listPasskeys({ page_size: 100 }, { signal }).page(),
  });
  const add = hasPasskeys() ? (
    <Button
      size="sm"
      onClick={() => {
        setDialog('add');
      }}
    >
      Add passkey
    </Button>
  ) : (
    <span className="small muted">This browser has no passkeys at this address</span>
  );
  return (
    <Region flush title="Passkeys" aside="instead of password and code" end={add}>
      {data?.data.length === 0 ? (
        <Empty title="No passkeys">
          A passkey on your phone, laptop or security key signs you in with its PIN, your fingerprint or your face.
        </Empty>
      ) : (
        <Table
          label="Passkeys"
          rows={data?.data ?? []}
          keyOf={({ id }) => id}
          columns={[
            { title: 'Name', main: true, cell: ({ name }) => <Name>{name}</Name> },
            {
              title: 'Added',
              width: 130,
              numeric: true,
              minor: true,
              cell: ({ created_at: at }) => <Time at={at} />,
            },
            { title: 'Last used', width: 130, numeric: true, cell: ({ last_used_at: at }) => <Time at={at} ago /> },
            {
              title: '',
              width: 210,
              numeric: true,
              cell: (passkey) => (
                <span className="row end">
                  <Button
                    aria-label={`Rename ${passkey.name}`}
                    onClick={() => {
                      setDialog(passkey);
                    }}
                  >
                    Rename
                  </Button>
                  <Remove passkey={passkey} />
                </span>
              ),
            },
          ]}
        />
      )}
      {dialog === 'add' ? <Add onClose={close} /> : null}
      {dialog !== undefined && dialog !== 'add' ? <Rename passkey={dialog} onClose={close} /> : null}
    </Region>
  );
}

function Remove({ passkey: { id, name } }: { readonly passkey: Passkey }) {
  const remove = useMutation({
    mutationFn: () => api.accounts.removePasskey(id),
    onSuccess: () => {
      toast('Passkey removed');
      return reload();
    },
  });
  return (
    <ConfirmButton
      word="Remove…"
      title={`Remove ${name}`}
      action="Remove passkey"
      busy={remove.isPending}
      onConfirm={() => remove.mutateAsync()}
    >
      It does not sign you in any more. Delete it on the device, too: Outrider cannot.
    </ConfirmButton>
  );
}

function NameField({ error, value }: { readonly error: string | undefined; readonly value?: string }) {
  return (
    <Field label="Name" error={error} hint="Which device or password manager has it.">
      {(control) => <Input {...control} name="name" required maxLength={100} defaultValue={value} />}
    </Field>
  );
}

function Add({ onClose }: { readonly onClose: () => void }) {
  const add = useMutation({
    meta: { quiet: true },
    mutationFn: addPasskey,
    onSuccess: () => {
      onClose();
      toast('Passkey added');
      return reload();
    },
  });
  const problems = problemsOf(add.error);
  return (
    <FormDialog
      title="Add a passkey"
      open
      width={420}
      onClose={onClose}
      action="Continue"
      busy={add.isPending}
      problem={problems['credential'] === undefined ? problemOf(add.error) : 'The passkey was not accepted. Try again.'}
      onSubmit={(data) => {
        add.mutate({ name: String(data.get('name') ?? ''), password: String(data.get('password') ?? '') });
      }}
    >
      <NameField error={problems['name']} />
      <Field label="Your password" error={problems['password']}>
        {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
      </Field>
    </FormDialog>
  );
}

function Rename({ passkey: { id, name }, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }) {
  const rename = useMutation({
    meta: { quiet: true },
    mutationFn: (next: string) => api.accounts.updatePasskey(id, { name: next }),
    onSuccess: () => {
      onClose();
      return reload();
    },
  });
  return (
    <FormDialog
      title={`Rename ${name}`}
      open
      width={420}
      onClose={onClose}
      action="Rename"
      busy={rename.isPending}
      problem={problemOf(rename.error)}
      onSubmit={(data) => {
        rename.mutate(String(data.get('name') ?? ''));
      }}
    >
      <NameField error={problemsOf(rename.error)['name']} value={name} />
    </FormDialog>
  );
}
