import { Button } from '../../components/button.tsx';
import { CopyLine } from '../../components/copy.tsx';
import { Dialog } from '../../components/dialog.tsx';
import { Note } from '../../components/page.tsx';

/** A key or a signing secret, shown this once. */
export function SecretDialog({
  title,
  secret,
  children,
  onClose,
}: {
  readonly title: string;
  readonly secret: string;
  readonly children?: string;
  readonly onClose: () => void;
}) {
  return (
    <Dialog
      title={title}
      open
      width={560}
      onClose={onClose}
      foot={
        <div className="row end grow">
          <Button look="primary" onClick={onClose}>
            I have stored it
          </Button>
        </div>
      }
    >
      <Note tone="watch" boxed>
        It is shown this once. Store it now; a lost one can only be replaced.
      </Note>
      <CopyLine text={secret} label="Copy" wrap />
      {children === undefined ? null : <p className="small muted">{children}</p>}
    </Dialog>
  );
}
