import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { encode } from 'uqr';
import { api, problemOf, problemsOf, queryClient } from '../../app/api.ts';
import { Button } from '../../components/button.tsx';
import { CodeBlock, CopyLine } from '../../components/copy.tsx';
import { Dialog, FormDialog } from '../../components/dialog.tsx';
import { Field, Input } from '../../components/field.tsx';
import { Note } from '../../components/page.tsx';
import { Status } from '../../components/status.tsx';

/** One-time passwords of an authenticator app (RFC 6238), with recovery codes. */
export function SecondFactor() {
  const [dialog, setDialog] = useState<'enroll' | 'renew' | 'disable'>();
  const [codes, setCodes] = useState<readonly string[]>();
  const { data } = useQuery({
    queryKey: ['second-factor'],
    queryFn: ({ signal }) => api.accounts.getSecondFactor({ signal }),
  });
  const close = (): void => {
    setDialog(undefined);
  };
  const done = (next?: readonly string[]): void => {
    close();
    setCodes(next);
    void queryClient.invalidateQueries({ queryKey: ['second-factor'] });
  };
  if (data === undefined) return null;
  return (
    <div className="stack roomy">
      <Status tone={data.totp ? 'ok' : 'off'}>{data.totp ? 'On' : 'Off'}</Status>
      <p className="muted">
        {data.totp
          ? `Signing in asks for a code of your authenticator app. ${data.recovery_codes_left} recovery codes are left.`
          : 'An authenticator app on your phone makes codes that sign-in asks for, beside the password.'}
      </p>
      <div className="row wrap">
        {data.totp ? (
          <>
            <Button
              onClick={() => {
                setDialog('renew');
              }}
            >
              New recovery codes
            </Button>
            <Button
              look="danger"
              onClick={() => {
                setDialog('disable');
              }}
            >
              Switch off…
            </Button>
          </>
        ) : (
          <Button
            onClick={() => {
              setDialog('enroll');
            }}
          >
            Switch on
          </Button>
        )}
      </div>
      {dialog === 'enroll' ? <Enroll onClose={close} onDone={done} /> : null}
      {dialog === 'renew' ? (
        <WithPassword
          title="New recovery codes"
          action="Make codes"
          onClose={close}
          run={async (password) => {
            done((await api.accounts.renewRecoveryCodes({ password })).recovery_codes);
          }}
        />
      ) : null}
      {dialog === 'disable' ? (
        <WithPassword
          title="Switch one-time passwords off"
          action="Switch off"
          onClose={close}
          run={async (password) => {
            await api.accounts.disableTotp({ password });
            done();
          }}
        />
      ) : null}
      {codes === undefined ? null : (
        <Dialog
          title="Recovery codes"
          open
          width={460}
          onClose={() => {
            setCodes(undefined);
          }}
          foot={
            <div className="row end grow">
              <Button
                look="primary"
                onClick={() => {
                  setCodes(undefined);
                }}
              >
                I have stored them
              </Button>
            </div>
          }
        >
          <p>Each works once, when you do not have your phone. They are shown this once.</p>
          <CodeBlock text={codes.join('\n')} title="Recovery codes" />
        </Dialog>
      )}
    </div>
  );
}

function WithPassword({
  title,
  action,
  run,
  onClose,
}: {
  readonly title: string;
  readonly action: string;
  readonly run: (password: string) => Promise<void>;
  readonly onClose: () => void;
}) {
  const send = useMutation({ meta: { quiet: true }, mutationFn: run });
  return (
    <FormDialog
      title={title}
      open
      width={420}
      onClose={onClose}
      action={action}
      busy={send.isPending}
      problem={problemOf(send.error)}
      onSubmit={(data) => {
        send.mutate(String(data.get('password') ?? ''));
      }}
    >
      <Field label="Your password" error={problemsOf(send.error)['password']}>
        {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
      </Field>
    </FormDialog>
  );
}

/** First the password, then the code that the app shows. */
function Enroll({
  onClose,
  onDone,
}: {
  readonly onClose: () => void;
  readonly onDone: (codes: readonly string[]) => void;
}) {
  const enroll = useMutation({
    meta: { quiet: true },
    mutationFn: (password: string) => api.accounts.enrollTotp({ password }),
  });
  const confirm = useMutation({
    meta: { quiet: true },
    mutationFn: (code: string) => api.accounts.confirmTotp({ code }),
    onSuccess: ({ recovery_codes: codes }) => {
      onDone(codes);
    },
  });
  const enrolled = enroll.data;
  if (enrolled === undefined)
    return (
      <FormDialog
        title="Switch one-time passwords on"
        open
        width={420}
        onClose={onClose}
        action="Continue"
        busy={enroll.isPending}
        problem={problemOf(enroll.error)}
        onSubmit={(data) => {
          enroll.mutate(String(data.get('password') ?? ''));
        }}
      >
        <Field label="Your password" error={problemsOf(enroll.error)['password']}>
          {(control) => <Input {...control} name="password" type="password" autoComplete="current-password" required />}
        </Field>
      </FormDialog>
    );
  return (
    <FormDialog
      title="Scan with your authenticator app"
      open
      width={460}
      onClose={onClose}
      action="Confirm"
      busy={confirm.isPending}
      problem={problemOf(confirm.error)}
      onSubmit={(data) => {
        confirm.mutate(String(data.get('code') ?? '').replaceAll(' ', ''));
      }}
    >
      <Qr text={enrolled.uri} />
      <Note tone="off" boxed>
        Or type the secret:
      </Note>
      <CopyLine text={enrolled.secret} label="Copy secret" wrap />
      <Field label="Code" error={problemsOf(confirm.error)['code']} hint="The six digits that the app shows.">
        {(control) => (
          <Input
            {...control}
            name="code"
            inputMode="numeric"
            autoComplete="one-time-code"
            required
            minLength={6}
            maxLength={7}
          />
        )}
      </Field>
    </FormDialog>
  );
}

/** A QR code, drawn here: the secret goes nowhere. Dark on white in both themes, as cameras expect. */
function Qr({ text }: { readonly text: string }) {
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('');
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      role="img"
      aria-label="QR code of the secret"
      shapeRendering="crispEdges"
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
