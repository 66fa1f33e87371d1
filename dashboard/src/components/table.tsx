import { useVirtualizer } from '@tanstack/react-virtual';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { useShortcuts } from '../app/shortcuts.ts';

export interface Column<Row> {
  readonly title: string;
  readonly cell: (row: Row) => ReactNode;
  /** Pixels; the column without one takes what is left. */
  readonly width?: number;
  readonly numeric?: boolean;
  /** The name of the record: never truncated away, first on phones. */
  readonly main?: boolean;
  /** Hidden on phones, and while the detail is open. */
  readonly minor?: boolean;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Opens a row: click, Enter. */
  readonly onOpen?: (row: Row) => void;
  readonly openKey?: string;
  /** Two-line rows. */
  readonly two?: boolean;
  /** Rows that can be selected: `x`, `Shift x` for a range. */
  readonly selection?: Selection;
}

export interface Selection {
  readonly selected: ReadonlySet<string>;
  readonly set: (selected: ReadonlySet<string>) => void;
}

/** A selection of rows, kept by the page. */
export function useSelection(): Selection {
  const [selected, set] = useState<ReadonlySet<string>>(new Set());
  return { selected, set };
}

const rowHeight = 32;
const rowHeightTwo = 48;
/** Below this many rows all are drawn. */
const virtualFrom = 150;

/**
 * A list as a table: `j` and `k` move, Enter opens, `x` selects. Only the rows in view are drawn, so that it stays fast with 100,000 of them.
 * @example <Table label="Keys" columns={columns} rows={keys} keyOf={({ id }) => id} onOpen={open} />
 */
export function Table<Row>({ label, columns, rows, keyOf, onOpen, openKey, two = false, selection }: TableProps<Row>) {
  const body = useRef<HTMLTableSectionElement>(null);
  const [active, setActive] = useState(-1);
  const height = two ? rowHeightTwo : rowHeight;
  const virtual = rows.length > virtualFrom;
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => document.scrollingElement,
    estimateSize: () => height,
    overscan: 20,
    scrollMargin: body.current?.offsetTop ?? 0,
    enabled: virtual,
  });
  const items = virtual ? virtualizer.getVirtualItems() : rows.map((_, index) => ({ index, start: 0, end: 0 }));
  const first = items[0];
  const last = items.at(-1);
  const before = virtual && first !== undefined ? first.start - virtualizer.options.scrollMargin : 0;
  const after =
    virtual && last !== undefined ? virtualizer.getTotalSize() - (last.end - virtualizer.options.scrollMargin) : 0;

  const move = (by: number): void => {
    const next = Math.min(rows.length - 1, Math.max(0, active + by));
    setActive(next);
    if (virtual) virtualizer.scrollToIndex(next);
    const row = () => body.current?.querySelector<HTMLElement>(`[data-index="${next}"]`);
    // At once, so that a key which follows is for this row; unless the row is not drawn yet.
    if (row() == null) requestAnimationFrame(() => row()?.focus());
    else row()?.focus();
  };
  const toggle = (index: number, range: boolean): void => {
    if (selection === undefined) return;
    const row = rows[index];
    if (row === undefined) return;
    const next = new Set(selection.selected);
    const turnOn = !next.has(keyOf(row));
    const from = range && anchor.current >= 0 ? Math.min(anchor.current, index) : index;
    const to = range && anchor.current >= 0 ? Math.max(anchor.current, index) : index;
    for (const each of rows.slice(from, to + 1)) {
      if (turnOn) next.add(keyOf(each));
      else next.delete(keyOf(each));
    }
    anchor.current = index;
    selection.set(next);
  };
  const anchor = useRef(-1);
  const activeRow = rows[active];
  useShortcuts({
    j: () => {
      move(1);
    },
    k: () => {
      move(-1);
    },
    ...(selection === undefined
      ? {}
      : {
          x: () => {
            toggle(active, false);
          },
          X: () => {
            toggle(active, true);
          },
        }),
  });

  return (
    <table className={`table cards${two ? ' two' : ''}`} aria-label={label} aria-rowcount={rows.length}>
      <thead>
        <tr>
          {selection === undefined ? null : (
            <th className="x" scope="col">
              <span className="sr">Selected</span>
            </th>
          )}
          {columns.map(({ title, width, numeric, minor }) => (
            <th
              key={title}
              scope="col"
              className={[numeric === true ? 'num' : '', minor === true ? 'minor' : ''].join(' ')}
              style={width === undefined ? undefined : { width }}
            >
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {before > 0 ? (
          <tr aria-hidden="true">
            <td className="gap" colSpan={columns.length + 1} style={{ height: before }} />
          </tr>
        ) : null}
        {items.map(({ index }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const key = keyOf(row);
          return (
            <tr
              key={key}
              data-index={index}
              data-key={key}
              tabIndex={row === activeRow || (active < 0 && index === 0) ? 0 : -1}
              aria-selected={openKey === key || selection?.selected.has(key) === true}
              className={onOpen === undefined ? undefined : 'opens'}
              onFocus={() => {
                setActive(index);
              }}
              onClick={(event) => {
                if (!isControl(event.target) && document.getSelection()?.isCollapsed !== false) onOpen?.(row);
              }}
              onKeyDown={(event) => {
                if (event.target === event.currentTarget && event.key === 'Enter') onOpen?.(row);
                if (event.target === event.currentTarget && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
                  event.preventDefault();
                  move(event.key === 'ArrowDown' ? 1 : -1);
                }
              }}
            >
              {selection === undefined ? null : (
                <td className="x">
                  <input
                    type="checkbox"
                    className="check"
                    aria-label={`Select row ${index + 1}`}
                    checked={selection.selected.has(key)}
                    onChange={(event) => {
                      toggle(index, (event.nativeEvent as MouseEvent).shiftKey);
                    }}
                  />
                </td>
              )}
              {columns.map(({ title, cell, numeric, main, minor }) => (
                <td
                  key={title}
                  className={[
                    main === true ? 'main' : '',
                    numeric === true ? 'num' : '',
                    minor === true ? 'minor off-sm' : '',
                  ].join(' ')}
                  data-l={main === true ? undefined : title}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          );
        })}
        {after > 0 ? (
          <tr aria-hidden="true">
            <td className="gap" colSpan={columns.length + 1} style={{ height: after }} />
          </tr>
        ) : null}
      </tbody>
    </table>
  );
}

const isControl = (target: EventTarget): boolean =>
  target instanceof Element && target.closest('a, button, input, select, textarea, label, [role="menu"]') !== null;
