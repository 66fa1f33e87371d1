import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { Icon } from '../components/icon.tsx';
import { Menu } from '../components/menu.tsx';
import type { MenuItem } from '../components/menu.tsx';
import { api } from './api.ts';
import { choose, useWorkspace } from './choice.ts';
import { enterOrganization, useMay, useSandbox, useSession } from './session.ts';

/** The most workspaces in the switcher. */
const switcherMax = 100;

/** Organization and workspace. */
export function Switcher() {
  const { organization, organizations, workspace: bound } = useSession();
  const chosen = useWorkspace();
  const may = useMay();
  const { data } = useQuery({
    queryKey: ['workspaces', 'switcher'],
    queryFn: ({ signal }) => api.workspaces.list({ page_size: switcherMax }, { signal }).page(),
    enabled: may('workspaces:read') && bound === null,
  });
  const workspaces = data?.data ?? [];
  // A workspace that was deleted would leave every list empty. A full page may not have all of them.
  const isGone = data !== undefined && workspaces.length < switcherMax && workspaces.every(({ id }) => id !== chosen);
  useEffect(() => {
    if (isGone && chosen !== undefined) choose('workspace', undefined);
  }, [isGone, chosen]);
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
export function SandboxSwitch() {
  const { organization } = useSession();
  const other = useSandbox();
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
