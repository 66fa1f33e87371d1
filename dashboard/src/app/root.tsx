import { createRootRoute, createRoute, Outlet, redirect, useRouter } from '@tanstack/react-router';
import { hasNoSession, isMissing, isRefused, messageOf, queryClient } from './api.ts';
import { choose, chosenOrganization } from './choice.ts';
import { Frame } from './frame.tsx';
import { session } from './session.ts';
import { Button } from '../components/button.tsx';
import { Empty, Note } from '../components/page.tsx';

export const rootRoute = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: Problem });

/** All pages inside the frame: they need a person who is signed in. */
export const frameRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'frame',
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: Problem,
  beforeLoad: async ({ location }) => {
    const enter = () => queryClient.ensureQueryData(session);
    const { person } = await enter()
      .catch((error: unknown) => {
        // Another person was signed in here before, or lost the role since: the organization chosen then is not open.
        if (!isRefused(error) || chosenOrganization() === undefined) throw error;
        choose('organization', undefined);
        choose('workspace', undefined);
        return enter();
      })
      .catch((error: unknown) => {
        if (!hasNoSession(error)) throw error;
        return { person: null };
      });
    if (person === null) throw redirect({ to: '/sign-in', search: { next: location.href }, replace: true });
  },
});

/** The address names no page. */
export function NotFound() {
  return (
    <Empty
      title="This page does not exist"
      actions={
        <a className="btn primary" href="/">
          Overview
        </a>
      }
    >
      The address is wrong, or the record was deleted or belongs to a workspace you cannot see.
    </Empty>
  );
}

/** A page failed: what failed, and how to try again. */
export function Problem({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const router = useRouter();
  if (isMissing(error)) return <NotFound />;
  return (
    <Note
      tone="failed"
      action={
        <Button
          onClick={() => {
            void queryClient.invalidateQueries();
            void router.invalidate();
            reset();
          }}
        >
          Try again
        </Button>
      }
    >
      <b>This page could not be shown.</b> {messageOf(error)}
    </Note>
  );
}
