import { useShortcuts } from '../app/shortcuts.ts';
import { Button } from './button.tsx';

/** A button for the top of a page, with its key `c`. */
export function CreateButton({ word, onCreate }: { readonly word: string; readonly onCreate: () => void }) {
  useShortcuts({ c: onCreate });
  return (
    <Button look="primary" icon="plus" shortcut="C" onClick={onCreate}>
      {word}
    </Button>
  );
}
