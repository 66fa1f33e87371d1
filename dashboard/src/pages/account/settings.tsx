import { Link } from '@tanstack/react-router';
import { Icon } from '../../components/icon.tsx';
import type { IconName } from '../../components/icon.tsx';
import { PageHead } from '../../components/page.tsx';
import { useMay } from '../../app/session.ts';

const places = [
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
    scope: undefined,
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
    scope: 'events:read',
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
] as const satisfies readonly { icon: IconName; [name: string]: unknown }[];

/** The settings. */
export function Settings() {
  const may = useMay();
  return (
    <>
      <PageHead title="Settings" />
      <ul className="list ruled-top">
        {places
          .filter(({ scope }) => scope === undefined || may(scope))
          .map(({ to, icon, title, about }) => (
            <li key={to}>
              <Icon name={icon} />
              <div className="grow">
                <Link to={to} className="medium">
                  {title}
                </Link>
                <div className="small muted">{about}</div>
              </div>
            </li>
          ))}
        <li>
          <Icon name="docs" />
          <div className="grow">
            <a href="/docs/api" className="medium">
              API reference
            </a>
            <div className="small muted">The native API and each vendor's, with a console.</div>
          </div>
        </li>
      </ul>
    </>
  );
}
