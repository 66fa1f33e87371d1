import { Dialog } from '../components/dialog.tsx';
import { Link, useNavigate } from '@tanstack/react-router';
import { foot, groups } from './navigation.ts';

const keys: readonly (readonly [string, string])[] = [
  ['/', 'search and commands'],
  ['?', 'this help'],
  ['j, k', 'next, previous'],
  ['Enter', 'open'],
  ['Esc', 'close, then clear the selection'],
  ['x, Shift x', 'select, select a range'],
  ['c', 'create what the page lists'],
  ['e', 'done (inbox), edit (elsewhere)'],
  ['r', 'reply or retry'],
  ['z', 'undo'],
  ['? d', 'documentation'],
  ['Ctrl Enter', 'send or save'],
];

/** The keys, and the way to the documentation. */
export function Help({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const places = [...groups.flatMap((group) => group.places), ...foot];
  const navigate = useNavigate();
  const openDocs = (): void => {
    onClose();
    void navigate({ to: '/settings/docs' });
  };
  return (
    <Dialog title="Keyboard" open={open} onClose={onClose} onKey={{ d: openDocs }}>
      <div className="two-f">
        <KeyList rows={keys} />
        <KeyList rows={places.flatMap(({ key, title }) => (key === undefined ? [] : [[`g ${key}`, title] as const]))} />
      </div>
      <p className="small muted">
        Single letters work outside of inputs; the menu of your account switches them off.{' '}
        <Link to="/settings/docs" onClick={onClose}>
          Docs <kbd>d</kbd>
        </Link>
      </p>
    </Dialog>
  );
}

function KeyList({ rows }: { readonly rows: readonly (readonly [string, string])[] }) {
  return (
    <dl className="kv keylist">
      {rows.map(([key, what]) => (
        <div key={key} className="kvrow">
          <dt>
            <kbd>{key}</kbd>
          </dt>
          <dd>{what}</dd>
        </div>
      ))}
    </dl>
  );
}
