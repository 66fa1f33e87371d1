import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Webhook, WebhookWithSecret } from '@outrider/sdk';
import { api, problemOf, queryClient } from '../../app/api.ts';
import { FormDialog } from '../../components/dialog.tsx';
import { Field, Select } from '../../components/field.tsx';
import { counted } from '../../components/format.ts';
import { toast } from '../../components/toast.tsx';

const overlaps = [
  { value: '86400', label: '24 h' },
  { value: '3600', label: '1 h' },
  { value: '604800', label: '7 d' },
  { value: '0', label: 'none: the old secret ends now' },
];

/** Makes a new signing secret; the old one also signs for a while. */
export function RotateDialog({
  endpoint,
  onClose,
  onRotated,
}: {
  readonly endpoint: Webhook;
  readonly onClose: () => void;
  readonly onRotated: (endpoint: WebhookWithSecret) => void;
}) {
  const rotate = useMutation({
    meta: { quiet: true },
    mutationFn: (seconds: number) => api.webhooks.rotateSecret(endpoint.id, { overlap_seconds: seconds }),
    onSuccess: (rotated) => {
      void queryClient.invalidateQueries({ queryKey: ['webhooks'] });
      onRotated(rotated);
      onClose();
    },
  });
  return (
    <FormDialog
      title="Rotate the signing secret"
      open
      width={480}
      onClose={onClose}
      action="Rotate secret"
      busy={rotate.isPending}
      problem={problemOf(rotate.error)}
      onSubmit={(data) => {
        rotate.mutate(Number(data.get('overlap')));
      }}
    >
      <p>Deliveries are signed with both secrets for a while, so that your receiver can change without losing one.</p>
      <Field label="The old secret also signs for">
        {(control) => <Select {...control} name="overlap" options={overlaps} />}
      </Field>
    </FormDialog>
  );
}

/** Deletes an endpoint with what waits for it. */
export function DeleteDialog({
  endpoint,
  waiting,
  onClose,
}: {
  readonly endpoint: Webhook;
  readonly waiting: number;
  readonly onClose: () => void;
}) {
  const navigate = useNavigate();
  const remove = useMutation({
    meta: { quiet: true },
    mutationFn: () => api.webhooks.delete(endpoint.id),
    onSuccess: async () => {
      toast('Endpoint deleted');
      await navigate({ to: '/settings/api' });
      await queryClient.invalidateQueries({ queryKey: ['webhooks'] });
    },
  });
  return (
    <FormDialog
      title="Delete this endpoint"
      open
      width={480}
      onClose={onClose}
      action="Delete endpoint"
      danger
      busy={remove.isPending}
      problem={problemOf(remove.error)}
      onSubmit={() => {
        remove.mutate();
      }}
    >
      <p>
        {waiting === 0
          ? 'No delivery waits for it.'
          : `${counted(waiting, 'delivery that waits', 'deliveries that wait')} for it will not be sent.`}{' '}
        Pause it instead to keep them. It cannot be undone.
      </p>
    </FormDialog>
  );
}
