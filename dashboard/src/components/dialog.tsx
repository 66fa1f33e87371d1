import { Dialog as Base } from '@base-ui/react/dialog';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { CSSProperties, FormEvent, ReactNode } from 'react';
import { useShortcuts } from '../app/shortcuts.ts';
import { Button } from './button.tsx';
import { Note } from './page.tsx';

interface DialogProps {
  readonly title: string;
  readonly open: boolean;
  readonly onClose: () => void;
  readonly width?: number;
  /** At the bottom, the primary action last. */
  readonly foot?: ReactNode;
  /** Keys that do something while it is open. */
  readonly onKey?: Readonly<Record<string, () => void>>;
  readonly children: ReactNode;
}

const field = '.dbody :is(input:not([type=checkbox], [type=file]), textarea, select):not(:disabled)';

/** A dialog. Focus goes in and back to its opener; Escape closes it. */
export function Dialog({ title, open, onClose, width, foot, onKey, children }: DialogProps) {
  const popup = useRef<HTMLDivElement>(null);
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dialog open">
          <Base.Popup
            ref={popup}
            onKeyDown={({ key }) => {
              onKey?.[key]?.();
            }}
            // The first field; on a touch screen, the dialog itself, so that the keyboard does not cover it.
            initialFocus={(by) =>
              by === 'touch' ? popup.current : (popup.current?.querySelector<HTMLElement>(field) ?? true)
            }
            style={(width === undefined ? {} : { '--w': `${width}px` }) as CSSProperties}
          >
            <div className="dhead">
              <Base.Title>{title}</Base.Title>
              <Base.Close render={<Button look="quiet" icon="close" aria-label="Close" className="end" />} />
            </div>
            <div className="dbody">{children}</div>
            {foot === undefined ? null : <div className="dfoot">{foot}</div>}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

interface FormDialogProps extends Omit<DialogProps, 'foot'> {
  /** What the button does, such as "Create key". */
  readonly action: string;
  readonly danger?: boolean;
  readonly busy?: boolean;
  /** Of the form as a whole; fields show their own. */
  readonly problem?: string;
  readonly disabled?: boolean;
  readonly onSubmit: (data: FormData) => void;
}

/** A form in a dialog. Control + Enter sends it from anywhere inside. */
export function FormDialog({
  action,
  danger = false,
  busy,
  problem,
  disabled,
  onSubmit,
  children,
  ...dialog
}: FormDialogProps) {
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog {...dialog}>
      <form
        className="stack roomy"
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
        }}
      >
        {problem === undefined ? null : (
          <Note tone="failed" boxed>
            {problem}
          </Note>
        )}
        {children}
        <div className="row end">
          <Button look="quiet" onClick={dialog.onClose}>
            Cancel
          </Button>
          <Button type="submit" look={danger ? 'danger' : 'primary'} busy={busy} disabled={disabled}>
            {action}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** A button that opens a dialog before anything irreversible: it says what will happen, with the count. */
export function ConfirmButton({
  word,
  title,
  action,
  busy = false,
  disabled = false,
  onConfirm,
  children,
}: {
  readonly word: string;
  readonly title: string;
  readonly action: string;
  readonly busy?: boolean;
  readonly disabled?: boolean;
  readonly onConfirm: () => Promise<unknown>;
  readonly children: ReactNode;
}) {
  const [open, setOpen] = useState(false);
  const close = (): void => {
    setOpen(false);
  };
  return (
    <>
      <Button
        look="danger"
        disabled={disabled}
        onClick={() => {
          setOpen(true);
        }}
      >
        {word}
      </Button>
      <FormDialog
        title={title}
        open={open}
        onClose={close}
        action={action}
        danger
        busy={busy}
        width={460}
        onSubmit={() => {
          void onConfirm().then(close, close);
        }}
      >
        <div>{children}</div>
      </FormDialog>
    </>
  );
}

/** The detail of a row beside its list; on phones a page over it. */
export function Pane({
  title,
  actions,
  onClose,
  children,
}: {
  readonly title: ReactNode;
  readonly actions?: ReactNode;
  readonly onClose: () => void;
  readonly children: ReactNode;
}) {
  const pane = useRef<HTMLElement>(null);
  const opener = useRef<Element>(null);
  useEffect(() => {
    // Whatever had the focus last outside of the detail: the row that opened it, or another one since.
    if (pane.current?.contains(document.activeElement) === false) opener.current = document.activeElement;
  });
  // Before it is removed from the page, so that no key is lost in between.
  useLayoutEffect(() => {
    const element = pane.current;
    return () => {
      const { activeElement: focused } = document;
      if ((focused === document.body || element?.contains(focused) === true) && opener.current instanceof HTMLElement)
        opener.current.focus({ preventScroll: true });
    };
  }, []);
  useShortcuts({ Escape: onClose });
  return (
    <aside className="pane" aria-label="Detail" ref={pane}>
      <div className="phead">
        <span className="grow trunc medium">{title}</span>
        {actions}
        <Button look="quiet" icon="close" aria-label="Close detail" onClick={onClose} />
      </div>
      <div className="pbody">{children}</div>
    </aside>
  );
}
