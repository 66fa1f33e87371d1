import type { Failure } from '../transport/transport.ts';

/**
 * Returns a valid access token of a Google or Microsoft mailbox, refreshed if it expires within 60 s; or why there is none. The mailbox's
 * state has been updated then.
 */
export type AccessTokenOf = (
  mailboxId: string,
  signal?: AbortSignal,
) => Promise<{ readonly accessToken: string } | { readonly failure: Failure }>;
