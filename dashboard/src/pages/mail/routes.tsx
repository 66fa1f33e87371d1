import { createRoute, lazyRouteComponent } from '@tanstack/react-router';
import { frameRoute } from '../../app/root.tsx';

const unbuilt = lazyRouteComponent(() => import('../unbuilt.tsx'), 'Unbuilt');

const inbox = createRoute({ getParentRoute: () => frameRoute, path: '/inbox', component: unbuilt });
const campaigns = createRoute({ getParentRoute: () => frameRoute, path: '/campaigns', component: unbuilt });
const campaign = createRoute({ getParentRoute: () => frameRoute, path: '/campaigns/$id', component: unbuilt });
const builder = createRoute({ getParentRoute: () => frameRoute, path: '/campaigns/$id/edit', component: unbuilt });
const mailboxes = createRoute({ getParentRoute: () => frameRoute, path: '/mailboxes', component: unbuilt });
const connect = createRoute({ getParentRoute: () => frameRoute, path: '/mailboxes/new', component: unbuilt });
const mailbox = createRoute({ getParentRoute: () => frameRoute, path: '/mailboxes/$id', component: unbuilt });
const captured = createRoute({ getParentRoute: () => frameRoute, path: '/captured', component: unbuilt });

/** Inbox, campaigns, mailboxes, captured mail. */
export const mailRoutes = [inbox, campaigns, campaign, builder, mailboxes, connect, mailbox, captured] as const;
