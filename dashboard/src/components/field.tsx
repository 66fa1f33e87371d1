import { useId } from 'react';
import type { ComponentProps, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import { ToneShape } from './status.tsx';

interface FieldProps {
  readonly label: ReactNode;
  readonly hint?: ReactNode;
  /** What is wrong, in words of the API or of the page. */
  readonly error?: string;
  /** Beside the label, such as a link "Forgotten?". */
  readonly aside?: ReactNode;
  readonly children: (control: ControlProps) => ReactNode;
}

/** What a control needs, so that its label, hint and error are read with it. */
export interface ControlProps {
  readonly id: string;
  readonly 'aria-invalid'?: true;
  readonly 'aria-describedby'?: string;
}

/**
 * A control with its label.
 * @example <Field label="Name" error={errors.name}>{(control) => <Input {...control} name="name" />}</Field>
 */
export function Field({ label, hint, error, aside, children }: FieldProps) {
  const id = useId();
  const describedBy = error !== undefined ? `${id}-error` : hint !== undefined ? `${id}-hint` : undefined;
  return (
    <div className="field">
      {aside === undefined ? (
        <label htmlFor={id}>{label}</label>
      ) : (
        <div className="row spread">
          <label htmlFor={id} className="medium">
            {label}
          </label>
          {aside}
        </div>
      )}
      {children({ id, 'aria-describedby': describedBy, ...(error === undefined ? {} : { 'aria-invalid': true }) })}
      {error === undefined ? null : (
        <span className="error" id={`${id}-error`}>
          <span className="st failed quiet">
            <ToneShape tone="failed" />
            {error}
          </span>
        </span>
      )}
      {hint === undefined || error !== undefined ? null : (
        <span className="hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
    </div>
  );
}

const withClass = (base: string, more: string | undefined): string => (more === undefined ? base : `${base} ${more}`);

export const Input = ({ className, ...rest }: ComponentProps<'input'>) => (
  <input {...rest} className={withClass('input', className)} />
);

export const TextArea = ({ className, ...rest }: ComponentProps<'textarea'>) => (
  <textarea {...rest} className={withClass('input', className)} />
);

export interface Option<Value extends string = string> {
  readonly value: Value;
  readonly label: string;
}

export const Select = ({
  options,
  className,
  ...rest
}: Omit<ComponentProps<'select'>, 'children'> & { readonly options: readonly Option[] }) => (
  <select {...rest} className={withClass('select', className)}>
    {options.map(({ value, label }) => (
      <option key={value} value={value}>
        {label}
      </option>
    ))}
  </select>
);

/** A box with its word. */
export const Checkbox = ({
  children,
  type = 'checkbox',
  ...rest
}: ComponentProps<'input'> & { readonly type?: 'checkbox' | 'radio' }) => (
  <label className="option">
    <input {...rest} type={type} className="check" />
    <span>{children}</span>
  </label>
);

export const Switch = ({ children, ...rest }: ComponentProps<'input'>) => (
  <label className="option">
    <input {...rest} type="checkbox" role="switch" className="switch" />
    <span>{children}</span>
  </label>
);

/** A few choices of which one holds. */
export function Segmented<Value extends string>({
  label,
  options,
  value,
  onChange,
}: {
  readonly label: string;
  readonly options: readonly Option<Value>[];
  readonly value: Value;
  readonly onChange: (value: Value) => void;
}) {
  return (
    <div className="seg" role="group" aria-label={label}>
      {options.map((each) => (
        <button
          key={each.value}
          type="button"
          aria-pressed={each.value === value}
          onClick={() => {
            onChange(each.value);
          }}
        >
          {each.label}
        </button>
      ))}
    </div>
  );
}

/** A box to search a list, filled from the URL. */
export const SearchInput = ({ className, ...rest }: ComponentProps<'input'>) => (
  <div className={withClass('search', className)}>
    <Icon name="search" />
    <input type="search" {...rest} className="input" />
  </div>
);
