import { queryOptions, useSuspenseQuery } from '@tanstack/react-query';
import { api, queryClient } from './api.ts';
import { choose } from './choice.ts';
import type { Place } from './navigation.ts';

/** The person who is signed in, with organization, role and scopes. */
export const session = queryOptions({
  queryKey: ['me'],
  queryFn: ({ signal }) => api.organization.me({ signal }),
  staleTime: 60_000,
});

export const useSession = () => useSuspenseQuery(session).data;

/** What belongs to the whole organization: a person who is limited to a workspace gets 403, whatever the role. */
const isOfOrganization = (scope: string): boolean => /^(?:members|organization):/.test(scope);

/** Whether the person may do what needs the scope, such as `webhooks:write`. The API decides; this only hides what it would refuse. */
export function useMay(): (scope: string) => boolean {
  const { scopes, workspace } = useSession();
  return (scope) =>
    (scopes.includes('*') || scopes.includes(scope)) && !(workspace !== null && isOfOrganization(scope));
}

/** Whether the person can open a place. */
export function useVisible(): (place: Pick<Place, 'scope' | 'sandbox'>) => boolean {
  const may = useMay();
  const { organization } = useSession();
  return ({ scope, sandbox }) => (sandbox !== true || organization.sandbox) && (scope === undefined || may(scope));
}

/** The sandbox of the organization; in the sandbox, its organization. Undefined: it has none yet. */
export function useSandbox() {
  const { organization, organizations } = useSession();
  return organizations.find((each) =>
    organization.sandbox
      ? each.id === organization.live_organization_id
      : each.sandbox && each.live_organization_id === organization.id,
  );
}

/** Goes to another organization, or to its sandbox. Nothing of the one before stays on the page. */
export function enterOrganization(id: string): void {
  choose('organization', id);
  choose('workspace', undefined);
  queryClient.clear();
  location.assign('/');
}
