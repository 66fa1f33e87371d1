import { useSyncExternalStore } from 'react';

/** What a person chose in this browser: organization (or its sandbox), workspace, theme, single-letter shortcuts, first steps. */
const names = {
  organization: 'organization',
  workspace: 'workspace',
  theme: 'theme',
  letters: 'letters',
  steps: 'steps',
} as const;
type Name = keyof typeof names;

const listeners = new Set<() => void>();

function read(name: Name): string | undefined {
  try {
    return localStorage.getItem(`outrider.${names[name]}`) ?? undefined;
  } catch {
    // Storage is switched off: nothing is remembered.
    return undefined;
  }
}

export function choose(name: Name, value: string | undefined): void {
  try {
    if (value === undefined) localStorage.removeItem(`outrider.${names[name]}`);
    else localStorage.setItem(`outrider.${names[name]}`, value);
  } catch {
    // As above.
  }
  for (const listener of listeners) listener();
}

export const chosenOrganization = (): string | undefined => read('organization');

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

export const useChoice = (name: Name): string | undefined => useSyncExternalStore(subscribe, () => read(name));

/** The workspace that lists are limited to; undefined: all that the person can see. */
export function useWorkspace(): string | undefined {
  const chosen = useChoice('workspace');
  // A customer's session is bound to its own.
  return location.pathname.startsWith('/portal') ? undefined : chosen;
}
