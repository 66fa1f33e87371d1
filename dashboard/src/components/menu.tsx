import { Menu as Base } from '@base-ui/react/menu';
import type { ReactElement } from 'react';
import { Icon } from './icon.tsx';
import type { IconName } from './icon.tsx';

export interface MenuItem {
  readonly word: string;
  readonly icon?: IconName;
  readonly shortcut?: string;
  readonly danger?: boolean;
  readonly disabled?: boolean;
  readonly onSelect: () => void;
}

/** Actions behind a button. @param opener the button, with an `aria-label` when it has no word */
export function Menu({
  opener,
  items,
}: {
  readonly opener: ReactElement;
  readonly items: readonly (MenuItem | 'line')[];
}) {
  return (
    <Base.Root>
      <Base.Trigger render={opener} />
      <Base.Portal>
        <Base.Positioner className="menu-layer" sideOffset={4} align="end">
          <Base.Popup className="menu">
            {items.map((item, index) =>
              item === 'line' ? (
                <Base.Separator key={index} className="menu-line" />
              ) : (
                <Base.Item
                  key={item.word}
                  className={item.danger === true ? 'menu-item danger' : 'menu-item'}
                  disabled={item.disabled}
                  onClick={item.onSelect}
                >
                  {item.icon === undefined ? null : <Icon name={item.icon} />}
                  <span>{item.word}</span>
                  {item.shortcut === undefined ? null : <kbd>{item.shortcut}</kbd>}
                </Base.Item>
              ),
            )}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
