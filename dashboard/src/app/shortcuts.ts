import { useEffect, useRef } from 'react';
import { useChoice } from './choice.ts';

/** What a key does: `j`, `X` (with Shift), `Escape`, or a sequence such as `g o`. */
export type Shortcuts = Readonly<Record<string, () => void>>;

const sequenceMs = 1_000;
const scopes: { readonly current: Shortcuts }[] = [];
let pending: { readonly key: string; readonly at: number } | undefined;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) && !isBox(target)));
/** The keys of the page do not reach through a dialog or a menu. */
const isAbove = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('.dialog, .menu') !== null;
const isBox = (target: HTMLElement): boolean =>
  target instanceof HTMLInputElement && /^(checkbox|radio)$/.test(target.type);

/** The latest mounted component that knows the key handles it, so that an open dialog or list wins over the page. */
function handle(event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (isTyping(event.target) || isAbove(event.target)) return;
  const sequence =
    pending !== undefined && event.timeStamp - pending.at < sequenceMs ? `${pending.key} ${event.key}` : undefined;
  pending = undefined;
  const action = (sequence === undefined ? undefined : find(sequence)) ?? find(event.key);
  if (action !== undefined) {
    event.preventDefault();
    action();
  } else if (scopes.some(({ current }) => Object.keys(current).some((each) => each.startsWith(`${event.key} `)))) {
    pending = { key: event.key, at: event.timeStamp };
  }
}

function find(key: string): (() => void) | undefined {
  for (const { current } of scopes.toReversed()) if (Object.hasOwn(current, key)) return current[key];
  return undefined;
}

/**
 * Binds keys while the component is mounted. Single letters work only outside of inputs, and a person can switch them off.
 * @example useShortcuts({ c: () => setCreating(true) });
 */
export function useShortcuts(shortcuts: Shortcuts): void {
  const scope = useRef(shortcuts);
  const off = useChoice('letters') === 'off';
  useEffect(() => {
    scope.current = shortcuts;
  });
  useEffect(() => {
    if (off) return;
    if (scopes.length === 0) document.addEventListener('keydown', handle);
    scopes.push(scope);
    return () => {
      scopes.splice(scopes.indexOf(scope), 1);
      if (scopes.length === 0) document.removeEventListener('keydown', handle);
    };
  }, [off]);
}
