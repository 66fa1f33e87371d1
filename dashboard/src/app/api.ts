import { Outrider, OutriderError } from '@outrider/sdk';
import { MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { toast } from '../components/toast.tsx';
import { chosenOrganization } from './choice.ts';

/** The token of a customer's session. Kept in memory: cookies do not reach a frame on another site. */
let portalToken: string | undefined;

/** From here on, calls are those of a customer, without the cookie of anybody. */
export function enterPortal(token: string): void {
  portalToken = token;
}

const clientOf = (organizationOf: () => string | undefined): Outrider =>
  new Outrider({
    baseUrl: location.origin,
    maxRetries: 1,
    timeoutMs: 30_000,
    fetch: (input, init) => {
      const headers = new Headers(init?.headers);
      if (portalToken !== undefined) {
        headers.set('authorization', `Bearer ${portalToken}`);
        return fetch(input, { ...init, headers, credentials: 'omit' });
      }
      const organization = organizationOf();
      if (organization !== undefined) headers.set('outrider-organization', organization);
      return fetch(input, { ...init, headers });
    },
  });

/** The API, for the person who is signed in, in the chosen organization; in the portal for the customer. */
export const api = clientOf(chosenOrganization);

/** The API in another organization of the person. */
export const apiIn = (organization: string): Outrider => clientOf(() => organization);

const isOurs = (error: unknown): error is OutriderError => error instanceof OutriderError;

/** Whether the record does not exist, or is another workspace's. */
export const isMissing = (error: unknown): boolean => isOurs(error) && error.status === 404;

/** Whether nobody is signed in, or no longer. */
export const hasNoSession = (error: unknown): boolean => isOurs(error) && error.status === 401;

/** Whether the person has no right to it. */
export const isRefused = (error: unknown): boolean => isOurs(error) && error.status === 403;

/** Whether no answer came: the server is down, or the network is. */
export const isUnreachable = (error: unknown): boolean => isOurs(error) && error.code === 'connection_failed';

/** What a failed call says to a person. */
export const messageOf = (error: unknown): string =>
  isOurs(error) ? error.message : error instanceof Error ? error.message : String(error);

/** What is wrong with each field, as the API names them. Without fields, see `messageOf`. */
export const problemsOf = (error: unknown): Readonly<Record<string, string>> => (isOurs(error) ? error.details : {});

/** What was tested before a mailbox was refused; empty for other errors. */
export const stagesOf = (error: unknown) => (isOurs(error) ? error.stages : []);

/** Of a form: the sentence above it, unless a field says it. */
export const problemOf = (error: unknown): string | undefined =>
  error == null || Object.keys(problemsOf(error)).length > 0 ? undefined : messageOf(error);

/** Pages on which nobody is signed in. */
const isOutside = (path: string): boolean =>
  /^\/(?:sign-in|setup|invitation|forgot-password|reset|portal)\b/.test(path);

/** Whether the password was right and a one-time password is missing. */
export const needsCode = (error: unknown): boolean => isOurs(error) && error.code === 'second_factor_required';

function endedSession(error: unknown): void {
  if (!hasNoSession(error) || isOutside(location.pathname)) return;
  // While a page is opened, the router goes there by itself.
  if (queryClient.getQueryData(['me']) === undefined) return;
  location.assign(`/sign-in?ended=true&next=${encodeURIComponent(location.pathname + location.search)}`);
}

/** Stale data is shown while it is loaded again; lists are loaded again when the window comes back. */
export const queryClient = new QueryClient({
  defaultOptions: {
    // Offline too a call fails and says so; a change must not wait, and happen unseen later.
    queries: {
      staleTime: 10_000,
      retry: false,
      networkMode: 'always',
      placeholderData: (previous: unknown) => previous,
    },
    mutations: { retry: false, networkMode: 'always' },
  },
  queryCache: new QueryCache({ onError: endedSession }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _context, mutation) => {
      endedSession(error);
      // A form shows its own problem.
      if (mutation.meta?.['quiet'] !== true) toast(messageOf(error), { failed: true });
    },
  }),
});
