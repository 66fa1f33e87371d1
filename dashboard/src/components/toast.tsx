import { Toast as Base } from '@base-ui/react/toast';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';

const manager = Base.createToastManager();
const undoMs = 8_000;

/** Says what happened, at the bottom of the page. With `undo`, a button that takes it back; `z` does the same. */
export function toast(
  text: string,
  { undo, failed = false }: { readonly undo?: () => void; readonly failed?: boolean } = {},
): void {
  const once = undo === undefined ? undefined : onlyOnce(undo);
  const id = manager.add({
    title: text,
    type: failed ? 'failed' : 'done',
    priority: failed ? 'high' : 'low',
    timeout: undoMs,
    data: { undo: once },
    // What is not on the page any more is not undone by a key.
    onClose: () => {
      if (latest?.id === id) latest = undefined;
    },
  });
  latest = once === undefined ? undefined : { id, undo: once };
}

/** A toast can be pressed until it has left the page. */
function onlyOnce(work: () => void): () => void {
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    work();
  };
}

let latest: { readonly id: string; readonly undo: () => void } | undefined;

/** Takes back what the latest toast said, and closes it. */
export function undoLatest(): void {
  if (latest === undefined) return;
  const { id, undo } = latest;
  manager.close(id);
  undo();
}

function Toasts() {
  const { toasts, close } = Base.useToastManager<{ undo?: () => void }>();
  return toasts.map((each) => (
    <Base.Root key={each.id} toast={each} className="toast">
      <Base.Title render={<span />} />
      {each.data?.undo === undefined ? null : (
        <Button
          size="sm"
          onClick={() => {
            each.data?.undo?.();
            close(each.id);
          }}
        >
          Undo
        </Button>
      )}
      <Base.Close render={<Button size="sm" aria-label="Dismiss" icon="close" />} />
    </Base.Root>
  ));
}

export function ToastArea({ children }: { readonly children: ReactNode }) {
  return (
    <Base.Provider toastManager={manager} limit={3}>
      {children}
      <Base.Portal>
        <Base.Viewport className="toasts">
          <Toasts />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}
