import { useQuery } from '@tanstack/react-query';
import { Link, Outlet, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useState } from 'react';
import { Icon, Mark } from '../components/icon.tsx';
import { Menu } from '../components/menu.tsx';
import type { MenuItem } from '../components/menu.tsx';
import { toast, undoLatest } from '../components/toast.tsx';
import { api, messageOf } from './api.ts';
import { choose, useChoice, useWorkspace } from './choice.ts';
import { bar, foot, groups } from './navigation.ts';
import type { Place } from './navigation.ts';
import { enterOrganization, useMay, useSession, useVisible } from './session.ts';
import { useShortcuts } from './shortcuts.ts';
import { useLook } from './theme.ts';

// Loaded when they are first opened.
const Palette = lazy(() => import('./palette.tsx').then(({ Palette: component }) => ({ default: component })));
const Help = lazy(() => import('./help.tsx').then(({ Help: component }) => ({ default: component })));

/** The frame of all pages: the bar is the environment, the navigation the places. */
export function Frame() {
  const { organization } = useSession();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'palette' | 'help' | undefined>();
  useLook(organization.sandbox);
  const places = [...groups.flatMap((group) => group.places), ...foot];
  useShortcuts({
    '/': () => {
      setOpen('palette');
    },
    '?': () => {
      setOpen('help');
    },
    z: undoLatest,
    ...Object.fromEntries(
      places.flatMap(({ key, to }) => (key === undefined ? [] : [[`g ${key}`, () => void navigate({ to })] as const])),
    ),
  });
  const close = (): void => {
    setOpen(undefined);
  };
  return (
    <>
      <a className="skip" href="#main">
        Skip to content
      </a>
      <div className="app">
        <Bar
          onFind={() => {
            setOpen('palette');
          }}
          onHelp={() => {
            setOpen('help');
          }}
        />
        <Navigation />
        <main className="sheet" id="main" tabIndex={-1}>
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
        <nav className="tabbar" aria-label="Main, short">
          {bar.map((place) => (
            <PlaceLink key={place.title} place={place} />
          ))}
          <Menu
            opener={
              <button type="button" className="more">
                <Icon name="menu" />
                More
              </button>
            }
            items={places.map((place) => ({
              word: place.title,
              icon: place.icon,
              onSelect: () => void navigate({ to: place.to }),
            }))}
          />
        </nav>
      </div>
      <Suspense>
        {open === 'palette' ? <Palette open onClose={close} /> : null}
        {open === 'help' ? <Help open onClose={close} /> : null}
      </Suspense>
    </>
  );
}

function Bar({ onFind, onHelp }: { readonly onFind: () => void; readonly onHelp: () => void }) {
  return (
    <header className="bar">
      <Link className="brand" to="/" aria-label="Outrider, overview">
        <Mark />
        <span>Outrider</span>
      </Link>
      <Switcher />
      <button type="button" className="find" aria-label="Search or jump to" onClick={onFind}>
        <Icon name="search" />
        <span>Search or jump to</span>
        <kbd>/</kbd>
      </button>
      <SandboxSwitch />
      <button type="button" className="icon hide-sm" aria-label="Keyboard help" onClick={onHelp}>
        <Icon name="help" />
      </button>
      <Who />
    </header>
  );
}

/** Organization and workspace. */
function Switcher() {
  const { organization, organizations, workspace: bound } = useSession();
  const chosen = useWorkspace();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['workspaces', 'switcher'],
    queryFn: ({ signal }) => api.workspaces.list({ page_size: 100 }, { signal }).page(),
    enabled: may('workspaces:read') && bound === null,
  });
  const workspaces = data?.data ?? [];
  const workspace = bound ?? workspaces.find(({ id }) => id === chosen);
  const items: (MenuItem | 'line')[] = [
    ...organizations.map(({ id, slug }) => ({
      word: id === organization.id ? `${slug} (current)` : slug,
      onSelect: () => {
        enterOrganization(id);
      },
    })),
    ...(workspaces.length === 0 ? [] : (['line'] as const)),
    ...(workspaces.length === 0
      ? []
      : [
          {
            word: 'All workspaces',
            onSelect: () => {
              choose('workspace', undefined);
            },
          },
        ]),
    ...workspaces.map(({ id, name }) => ({
      word: name,
      onSelect: () => {
        choose('workspace', id);
      },
    })),
  ];
  return (
    <Menu
      opener={
        <button type="button" className="switcher" title="Organization and workspace">
          <span>
            <span className="sr">Organization: </span>
            <span className={workspace === undefined ? undefined : 'muted hide-sm'}>{organization.slug}</span>
            {workspace === undefined ? null : (
              <>
                <span className="muted hide-sm"> / </span>
                <bdi>{workspace.name}</bdi>
              </>
            )}
          </span>
          <Icon name="down" />
        </button>
      }
      items={items}
    />
  );
}

/** Goes to the sandbox of the organization, and back. */
function SandboxSwitch() {
  const { organization, organizations } = useSession();
  const other = organizations.find((each) =>
    organization.sandbox
      ? each.id === organization.live_organization_id
      : each.sandbox && each.live_organization_id === organization.id,
  );
  if (other === undefined) return null;
  return (
    <label className="env">
      <span>Sandbox</span>
      <input
        className="switch"
        type="checkbox"
        role="switch"
        aria-label="Sandbox"
        checked={organization.sandbox}
        onChange={() => {
          enterOrganization(other.id);
        }}
      />
    </label>
  );
}

function Who() {
  const { person, role } = useSession();
  const navigate = useNavigate();
  const theme = useChoice('theme');
  const letters = useChoice('letters');
  if (person === null) return null;
  const initials = person.name
    .split(/\s+/)
    .map(([letter]) => letter ?? '')
    .join('')
    .slice(0, 2)
    .toUpperCase();
  return (
    <Menu
      opener={
        <button type="button" className="who" title={`${person.name}, ${role ?? ''}`}>
          <span className="sr">Account of {person.name}</span>
          <span aria-hidden="true">{initials === '' ? '?' : initials}</span>
        </button>
      }
      items={[
        { word: 'Sign-in and security', icon: 'lock', onSelect: () => void navigate({ to: '/settings/security' }) },
        {
          word: theme === 'dark' ? 'Light theme' : 'Dark theme',
          onSelect: () => {
            choose('theme', theme === 'dark' ? 'light' : 'dark');
          },
        },
        {
          word: letters === 'off' ? 'Switch single-letter shortcuts on' : 'Switch single-letter shortcuts off',
          onSelect: () => {
            choose('letters', letters === 'off' ? undefined : 'off');
          },
        },
        'line',
        {
          word: 'Sign out',
          onSelect: () => {
            void api.accounts.endSession(person.session_id).then(
              () => {
                location.assign('/sign-in');
              },
              (error: unknown) => {
                toast(messageOf(error), { failed: true });
              },
            );
          },
        },
      ]}
    />
  );
}

function Navigation() {
  const visible = useVisible();
  return (
    <nav className="nav" aria-label="Main">
      {groups.map(({ title, places }) => {
        const shown = places.filter(visible);
        return shown.length === 0 ? null : (
          <div key={title ?? ''} className="navgroup">
            {title === undefined ? null : <h2>{title}</h2>}
            {shown.map((place) => (
              <PlaceLink key={place.title} place={place} />
            ))}
          </div>
        );
      })}
      <div className="foot">
        {foot.map((place) => (
          <PlaceLink key={place.title} place={place} />
        ))}
        <a href="/docs/api" title="Docs">
          <Icon name="docs" />
          Docs
        </a>
      </div>
    </nav>
  );
}

function PlaceLink({ place: { title, to, icon } }: { readonly place: Place }) {
  return (
    <Link
      to={to}
      title={title}
      activeOptions={{ exact: to === '/' || to === '/settings' }}
      activeProps={{ 'aria-current': 'page' }}
    >
      <Icon name={icon} />
      {title}
    </Link>
  );
}
