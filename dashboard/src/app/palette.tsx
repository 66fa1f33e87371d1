import { Dialog as Base } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';
import { useDeferredValue, useId, useState } from 'react';
import { Icon } from '../components/icon.tsx';
import type { IconName } from '../components/icon.tsx';
import { api } from './api.ts';
import { useWorkspace } from './choice.ts';
import { foot, groups, settings } from './navigation.ts';
import { useMay, useVisible } from './session.ts';

interface Hit {
  readonly id: string;
  readonly group: 'Places' | 'Records';
  readonly icon: IconName;
  readonly title: string;
  readonly kind: string;
  readonly link: LinkProps;
}

const recordsMax = 5;
const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-/;

/** Search over places and records: contacts, companies, campaigns, endpoints, and any id. */
export function Palette({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  return (
    <Base.Root
      open={open}
      onOpenChange={(next) => {
        if (!next) onClose();
      }}
    >
      <Base.Portal>
        <Base.Backdrop className="scrim" />
        <Base.Viewport className="dialog open">
          <Base.Popup className="palette" aria-label="Search or jump to">
            <Finder onClose={onClose} />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

function Finder({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const navigate = useNavigate();
  const list = useId();
  const hits = [...usePlaces(typed), ...useRecords(useDeferredValue(typed.trim()))];
  const go = (hit: Hit | undefined): void => {
    if (hit === undefined) return;
    onClose();
    void navigate(hit.link);
  };
  return (
    <>
      <input
        className="input"
        role="combobox"
        aria-expanded={hits.length > 0}
        aria-controls={list}
        aria-activedescendant={hits[active] === undefined ? undefined : `${list}-${active}`}
        aria-label="Search or jump to"
        placeholder="Search or jump to"
        value={typed}
        onChange={({ target }) => {
          setTyped(target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
          if (step !== 0) {
            event.preventDefault();
            setActive((hits.length + active + step) % Math.max(1, hits.length));
          } else if (event.key === 'Enter') go(hits[active]);
        }}
      />
      <div id={list} role="listbox" aria-label="Found">
        {(['Places', 'Records'] as const).map((group) => {
          const shown = hits.filter((hit) => hit.group === group);
          return shown.length === 0 ? null : (
            <div key={group} role="group" aria-label={group}>
              <h3>{group}</h3>
              <ul role="presentation">
                {shown.map((hit) => {
                  const index = hits.indexOf(hit);
                  return (
                    <li
                      key={hit.id}
                      id={`${list}-${index}`}
                      role="option"
                      aria-selected={index === active}
                      onPointerMove={() => {
                        setActive(index);
                      }}
                      onClick={() => {
                        go(hit);
                      }}
                    >
                      <Icon name={hit.icon} />
                      <span>
                        <bdi>{hit.title}</bdi>
                      </span>
                      <span className="end">{hit.kind}</span>
                    </li>
                  );
                })}
              </ul>
            </div>
          );
        })}
        {hits.length === 0 ? <p className="empty">Nothing matches.</p> : null}
      </div>
    </>
  );
}

/** The places that the person can open; those of the settings only when they are searched. */
function usePlaces(typed: string): Hit[] {
  const visible = useVisible();
  const wanted = typed.trim().toLowerCase();
  const main = [...groups.flatMap(({ places }) => places), ...foot];
  const more = wanted === '' ? [] : settings.filter(({ to }) => main.every((place) => place.to !== to));
  const places = [...main, ...more]
    .filter((place) => visible(place) && place.title.toLowerCase().includes(wanted))
    .map(({ title, icon, to, key }): Hit => ({
      id: `place ${title}`,
      group: 'Places',
      icon,
      title,
      kind: key === undefined ? '' : `g ${key}`,
      link: { to },
    }));
  return places.slice(0, wanted === '' ? undefined : recordsMax);
}

function useRecords(text: string): Hit[] {
  const may = useMay();
  const workspace = useWorkspace();
  const { data } = useQuery({
    queryKey: ['palette', text, workspace],
    enabled: text.length >= 2,
    staleTime: 30_000,
    queryFn: async ({ signal }) => {
      const query = {
        search: text,
        limit: recordsMax,
        ...(workspace === undefined ? {} : { workspace_id: workspace }),
      };
      const [contacts, companies] = await Promise.all([
        may('contacts:read') ? api.contacts.list(query, { signal }).page() : undefined,
        may('crm:read') ? api.companies.list(query, { signal }).page() : undefined,
      ]);
      return [
        ...(contacts?.data ?? []).map(({ id, email, first_name: first, last_name: last }): Hit => {
          const name = [first, last].filter(Boolean).join(' ');
          return {
            id,
            group: 'Records',
            icon: 'person',
            title: name === '' ? (email ?? id) : name,
            kind: name === '' ? 'Contact' : (email ?? 'Contact'),
            link: { to: '/contacts/$id', params: { id } },
          };
        }),
        ...(companies?.data ?? []).map(({ id, name }): Hit => ({
          id,
          group: 'Records',
          icon: 'company',
          title: name,
          kind: 'Company',
          link: { to: '/companies/$id', params: { id } },
        })),
      ];
    },
  });
  if (!idShape.test(text)) return data ?? [];
  return [
    {
      id: 'delivery',
      group: 'Records',
      icon: 'delivery',
      title: text,
      kind: 'Delivery',
      link: { to: '/deliveries/$id', params: { id: text } },
    },
    {
      id: 'event',
      group: 'Records',
      icon: 'event',
      title: text,
      kind: 'Event',
      link: { to: '/events/$id', params: { id: text } },
    },
    {
      id: 'contact',
      group: 'Records',
      icon: 'person',
      title: text,
      kind: 'Contact',
      link: { to: '/contacts/$id', params: { id: text } },
    },
    {
      id: 'campaign',
      group: 'Records',
      icon: 'campaign',
      title: text,
      kind: 'Campaign',
      link: { to: '/campaigns/$id', params: { id: text } },
    },
  ];
}
