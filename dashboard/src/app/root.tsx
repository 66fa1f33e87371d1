import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router';
import { isMissing, messageOf, queryClient } from './api.ts';
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
    // Only whether there is a session: other failures are shown by the page.
    const me = await queryClient.ensureQueryData(session).catch((error: unknown) => {
      throw redirect({
        to: '/sign-in',
        search: { next: location.href },
        replace: true,
        state: { reason: messageOf(error) } as never,
      });
    });
    if (me.person === null) throw redirect({ to: '/sign-in', search: { next: location.href } });
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
  if (isMissing(error)) return <NotFound />;
  return (
    <Note
      tone="failed"
      action={
        <Button
          onClick={() => {
            void queryClient.invalidateQueries();
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
