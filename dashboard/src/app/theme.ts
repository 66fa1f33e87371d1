import { useEffect } from 'react';
import { useChoice } from './choice.ts';

/** Light or dark as chosen, otherwise as the system; the frame shows the environment. */
export function useLook(sandbox: boolean): void {
  const theme = useChoice('theme');
  useEffect(() => {
    const { dataset } = document.documentElement;
    if (theme === undefined) delete dataset['theme'];
    else dataset['theme'] = theme;
    if (sandbox) dataset['env'] = 'sandbox';
    else delete dataset['env'];
  }, [theme, sandbox]);
}
