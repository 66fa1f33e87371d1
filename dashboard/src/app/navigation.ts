import type { LinkProps } from '@tanstack/react-router';
import type { IconName } from '../components/icon.tsx';

export interface Place {
  readonly title: string;
  readonly to: NonNullable<LinkProps['to']>;
  readonly icon: IconName;
  /** After `g`. */
  readonly key?: string;
  /** Shown only in a sandbox. */
  readonly sandbox?: true;
  /** The scope without which the API would refuse the page. */
  readonly scope?: string;
}

export interface Group {
  readonly title?: string;
  readonly places: readonly Place[];
}

/** The navigation, in its order. */
export const groups: readonly Group[] = [
  { places: [{ title: 'Overview', to: '/', icon: 'overview', key: 'o' }] },
  {
    title: 'Outreach',
    places: [
      { title: 'Inbox', to: '/inbox', icon: 'inbox', key: 'i', scope: 'replies:read' },
      { title: 'Campaigns', to: '/campaigns', icon: 'campaign', key: 'c', scope: 'campaigns:read' },
      { title: 'Mailboxes', to: '/mailboxes', icon: 'mailbox', key: 'm', scope: 'mailboxes:read' },
      { title: 'Captured mail', to: '/captured', icon: 'docs', sandbox: true, scope: 'campaigns:read' },
    ],
  },
  {
    title: 'Records',
    places: [
      { title: 'Contacts', to: '/contacts', icon: 'person', key: 'p', scope: 'contacts:read' },
      { title: 'Companies', to: '/companies', icon: 'company', scope: 'crm:read' },
      { title: 'Activities', to: '/activities', icon: 'activity', scope: 'crm:read' },
      { title: 'Projects', to: '/projects', icon: 'project', scope: 'crm:read' },
      { title: 'Segments', to: '/segments', icon: 'segment', scope: 'contacts:read' },
      { title: 'Imports', to: '/imports', icon: 'import', scope: 'contacts:read' },
      { title: 'Suppressions', to: '/suppressions', icon: 'suppression', scope: 'suppressions:read' },
    ],
  },
  {
    title: 'Webhooks',
    places: [
      { title: 'Deliveries', to: '/deliveries', icon: 'delivery', key: 'd', scope: 'webhooks:read' },
      { title: 'Events', to: '/events', icon: 'event', key: 'e', scope: 'events:read' },
      { title: 'API & webhooks', to: '/settings/api', icon: 'code', key: 'a', scope: 'webhooks:read' },
    ],
  },
];

/** At the foot of the navigation. */
export const foot: readonly Place[] = [
  { title: 'Settings', to: '/settings', icon: 'settings', key: 's' },
  { title: 'Docs', to: '/settings/docs', icon: 'docs' },
];

/** The pages of the settings. */
export const settings: readonly (Place & { readonly about: string })[] = [
  {
    to: '/settings/api',
    icon: 'code',
    title: 'API & webhooks',
    about: 'Keys of programs, and endpoints that receive events.',
    scope: 'webhooks:read',
  },
  {
    to: '/settings/people',
    icon: 'person',
    title: 'People',
    about: 'Members, their roles, and invitations.',
    scope: 'members:read',
  },
  {
    to: '/settings/workspaces',
    icon: 'company',
    title: 'Workspaces',
    about: 'Clients or customers, and links to their portal.',
    scope: 'workspaces:read',
  },
  {
    to: '/settings/security',
    icon: 'lock',
    title: 'Sign-in and security',
    about: 'Your password, one-time passwords, passkeys and sessions.',
  },
  {
    to: '/settings/tracking',
    icon: 'open',
    title: 'Tracking',
    about: 'Hosts over which links and pixels of your messages lead.',
    scope: 'mailboxes:read',
  },
  {
    to: '/settings/data',
    icon: 'docs',
    title: 'Data',
    about: 'How long events are kept, erasures, and limits.',
    scope: 'organization:read',
  },
  {
    to: '/settings/alerts',
    icon: 'mailbox',
    title: 'Alerts',
    about: 'Where Outrider mails that something needs a person.',
    scope: 'organization:read',
  },
  {
    to: '/settings/audit',
    icon: 'clock',
    title: 'Audit log',
    about: 'Who changed people, keys and definitions, and when.',
    scope: 'events:read',
  },
];

/** Whether a place of the navigation is, or leads to, the page at `path`. The page of an endpoint belongs to API & webhooks. */
export function isAt(to: Place['to'], path: string): boolean {
  if (to === '/settings/api' && path.startsWith('/webhooks/')) return true;
  const isOther = path === '/settings/api' || path === '/settings/docs';
  return path === to || (to !== '/' && path.startsWith(`${to}/`) && !isOther);
}

/** The bar of phones; the rest is behind "More". */
export const bar: readonly Place[] = ['Overview', 'Inbox', 'Campaigns', 'Deliveries'].flatMap((title) =>
  groups.flatMap(({ places }) => places.filter((place) => place.title === title)),
);
