import type { ParsedMessage } from '../mime/index.ts';

/**
 * Whether a machine wrote a message, by its headers: `Auto-Submitted` (RFC 3834 §5) other than `no`, an autoresponder's own headers, or an
 * empty return path. Mail through a mailing list is not automatic: people answer through lists.
 */
export function isAutomatic({ headers }: Pick<ParsedMessage, 'headers'>): boolean {
  const valueOf = (name: string): string | undefined => headers.get(name)?.[0]?.trim().toLowerCase();
  const submitted = valueOf('auto-submitted');
  return (
    (submitted !== undefined && !/^no\b/.test(submitted)) ||
    autoresponders.some((name) => headers.has(name)) ||
    /^auto[-_]?reply$/.test(valueOf('precedence') ?? '') ||
    valueOf('return-path') === '<>'
  );
}

const autoresponders = ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-autoreply-from', 'x-auto-reply'];
