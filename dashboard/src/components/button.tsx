import { Link } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';
import type { ComponentProps, ReactNode } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

interface Look {
  /** One primary button a page. `danger`: what cannot be undone. */
  readonly look?: 'primary' | 'quiet' | 'danger';
  readonly size?: 'sm' | 'big';
  readonly icon?: IconName;
  /** The key that does the same. It does not bind the key: see `useShortcut`. */
  readonly shortcut?: string;
  readonly children?: ReactNode;
}

const classOf = ({ look, size, icon, children }: Look, more: string | undefined): string =>
  ['btn', look, size, icon !== undefined && children === undefined ? 'icon' : undefined, more]
    .filter(Boolean)
    .join(' ');

function Inside({ icon, shortcut, children }: Look) {
  return (
    <>
      {icon === undefined ? null : <Icon name={icon} />}
      {children}
      {shortcut === undefined ? null : <kbd>{shortcut}</kbd>}
    </>
  );
}

export interface ButtonProps extends Look, Omit<ComponentProps<'button'>, 'children'> {
  /** In progress: it cannot be pressed again. */
  readonly busy?: boolean;
}

/** A button. One without a word needs an `aria-label`. */
export function Button({ look, size, icon, shortcut, busy = false, className, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={classOf({ look, size, icon, children }, [busy ? 'busy' : '', className].filter(Boolean).join(' '))}
      disabled={rest.disabled === true || busy}
      aria-busy={busy || undefined}
    >
      <Inside icon={busy ? undefined : icon} shortcut={shortcut}>
        {children}
      </Inside>
    </button>
  );
}

/** A link that looks like a button. */
export function LinkButton({
  look,
  size,
  icon,
  shortcut,
  children,
  className,
  ...link
}: Look & LinkProps & { readonly className?: string; readonly title?: string }) {
  return (
    <Link {...link} className={classOf({ look, size, icon, children }, className)}>
      <Inside icon={icon} shortcut={shortcut}>
        {children}
      </Inside>
    </Link>
  );
}
