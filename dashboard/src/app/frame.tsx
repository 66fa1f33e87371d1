import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Icon, Mark } from '../components/icon.tsx';
import { Menu } from '../components/menu.tsx';
import { toast, undoLatest } from '../components/toast.tsx';
import { api, messageOf } from './api.ts';
import { choose, useChoice } from './choice.ts';
import { bar, foot, groups, isAt } from './navigation.ts';
import type { Place } from './navigation.ts';
import { Unreachable } from './reach.tsx';
import { useSession, useVisible } from './session.ts';
import { useShortcuts } from './shortcuts.ts';
import { SandboxSwitch, Switcher } from './switcher.tsx';
import { useLook } from './theme.ts';

// Loaded apart from the page.
const loadPalette = () => import('./palette.tsx');
const Palette = lazy(() => loadPalette().then(({ Palette: component }) => ({ default: component })));
const Help = lazy(() => import('./help.tsx').then(({ Help: component }) => ({ default: component })));

const paletteAfterMs = 1_000;

/** The frame of all pages: the bar is the environment, the navigation the places. */
export function Frame() {
  const { organization } = useSession();
  const navigate = useNavigate();
  const [open, setOpen] = useState<'palette' | 'help' | undefined>();
  useLook(organization.sandbox);
  const places = [...groups.flatMap((group) => group.places), ...foot].filter(useVisible());
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
  // Before it is needed: what a person types after `/` would be lost until it is there.
  useEffect(() => {
    const timer = setTimeout(() => {
      loadPalette().catch(() => {});
    }, paletteAfterMs);
    return () => {
      clearTimeout(timer);
    };
  }, []);
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
          <Unreachable />
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
            items={places
              .filter((place) => !bar.includes(place))
              .map((place) => ({
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
      </div>
    </nav>
  );
}

function PlaceLink({ place: { title, to, icon } }: { readonly place: Place }) {
  const { pathname } = useLocation();
  return (
    <Link to={to} title={title} activeOptions={{ exact: true }} aria-current={isAt(to, pathname) ? 'page' : undefined}>
      <Icon name={icon} />
      {title}
    </Link>
  );
}
