import { useMutation } from '@tanstack/react-query';
import type { UpdateWarmupBody, Warmup } from '@outrider/sdk';
import { api, problemOf, problemsOf, queryClient } from '../../../app/api.ts';
import { FormDialog } from '../../../components/dialog.tsx';
import { Checkbox, Field, Input, Select } from '../../../components/field.tsx';

/** How a mailbox warms up; for one that does not, the start. */
export function WarmupDialog({
  warmup,
  open,
  onClose,
}: {
  readonly warmup: Warmup;
  readonly open: boolean;
  readonly onClose: () => void;
}) {
  const save = useMutation({
    meta: { quiet: true },
    mutationFn: (body: UpdateWarmupBody) => api.mailboxes.updateWarmup(warmup.mailbox_id, body),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['mailboxes'] });
      onClose();
    },
  });
  const problems = problemsOf(save.error);
  return (
    <FormDialog
      title="Warm-up"
      open={open}
      onClose={onClose}
      action={warmup.enabled ? 'Save' : 'Start warm-up'}
      busy={save.isPending}
      problem={problemOf(save.error)}
      width={460}
      onSubmit={(data) => {
        save.mutate({
          enabled: warmup.enabled ? data.get('enabled') !== null : true,
          strategy: String(data.get('strategy')) as Warmup['strategy'],
          target_daily_volume: Number(data.get('target')),
          reply_rate: Number(data.get('reply_rate')),
          language: String(data.get('language')) as Warmup['language'],
          allow_same_organization: data.get('same') !== null,
          allow_other_organizations: data.get('others') !== null,
        });
      }}
    >
      {warmup.enabled ? (
        <Checkbox name="enabled" defaultChecked>
          Warm-up governs the daily volume
        </Checkbox>
      ) : null}
      <Field label="Growth" error={problems['strategy']}>
        {(control) => (
          <Select
            {...control}
            name="strategy"
            defaultValue={warmup.strategy}
            options={[
              { value: 'gentle', label: 'Gentle: from 3 by one in two days' },
              { value: 'normal', label: 'Normal: from 5 by one a day' },
              { value: 'fast', label: 'Fast: from 10 by two a day' },
            ]}
          />
        )}
      </Field>
      <Field label="Messages a day at the end" error={problems['target_daily_volume']}>
        {(control) => (
          <Input {...control} name="target" type="number" min={1} max={100} defaultValue={warmup.target_daily_volume} />
        )}
      </Field>
      <Field label="Answered, in %" error={problems['reply_rate']}>
        {(control) => (
          <Input {...control} name="reply_rate" type="number" min={0} max={100} defaultValue={warmup.reply_rate} />
        )}
      </Field>
      <Field label="Language of the messages" error={problems['language']}>
        {(control) => (
          <Select
            {...control}
            name="language"
            defaultValue={warmup.language}
            options={[
              { value: 'en', label: 'English' },
              { value: 'de', label: 'German' },
              { value: 'es', label: 'Spanish' },
              { value: 'fr', label: 'French' },
              { value: 'it', label: 'Italian' },
              { value: 'pt', label: 'Portuguese' },
            ]}
          />
        )}
      </Field>
      <Checkbox name="same" defaultChecked={warmup.exchange.allow_same_organization}>
        Exchange with mailboxes of this organization
      </Checkbox>
      <Checkbox name="others" defaultChecked={warmup.exchange.allow_other_organizations}>
        Exchange with mailboxes of other organizations: they see address and name of this one
      </Checkbox>
    </FormDialog>
  );
}
