import { Field, Input } from '../../components/field.tsx';

interface NewPasswordProps {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  readonly error: string | undefined;
}

/** A password that is set. */
export const NewPassword = ({ name, ...field }: NewPasswordProps) => (
  <Field {...field}>
    {(control) => (
      <Input
        {...control}
        name={name}
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        maxLength={128}
      />
    )}
  </Field>
);
