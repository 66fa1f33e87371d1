import { useEffect, useRef } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { isUnreachable, messageOf } from '../app/api.ts';
import type { CursorList } from '../app/cursor-list.ts';
import { Button } from './button.tsx';
import { counted } from './format.ts';
import { Note } from './page.tsx';
import { SearchInput } from './field.tsx';

/** A filter of a list. Its name is that of the search parameter. */
export interface Filter {
  readonly name: string;
  readonly label: string;
  /** The values to choose of; a filter without them is typed. */
  readonly options?: readonly { readonly value: string; readonly label: string }[];
}

type Values = Readonly<Record<string, string | undefined>>;

interface FiltersProps {
  readonly filters: readonly Filter[];
  /** The search parameters. */
  readonly values: Values;
  readonly onChange: (changed: Values) => void;
  /** The name of the parameter of the box for text, with its placeholder. */
  readonly search?: { readonly name: string; readonly placeholder: string };
  /** At the right end. */
  readonly end?: ReactNode;
}

/** The filters of a list: each that is set is a chip, and in the URL. */
export function Filters({ filters, values, onChange, search, end }: FiltersProps) {
  const set = filters.filter(({ name }) => values[name] !== undefined);
  const chosen = filters.filter(({ options }) => options !== undefined);
  return (
    <div className="filters" role="search">
      {search === undefined ? null : (
        <SearchInput
          key={values[search.name] ?? ''}
          className="auto"
          placeholder={search.placeholder}
          aria-label={search.placeholder}
          defaultValue={values[search.name] ?? ''}
          onKeyDown={(event) => {
            if (event.key === 'Enter') onChange({ [search.name]: textOf(event.currentTarget.value) });
          }}
          onBlur={({ target }) => {
            if (target.value !== (values[search.name] ?? '')) onChange({ [search.name]: textOf(target.value) });
          }}
        />
      )}
      {filters
        .filter(({ options }) => options === undefined)
        .map(({ name, label }) =>
          values[name] === undefined ? (
            <input
              key={name}
              className="input auto typed"
              placeholder={label}
              aria-label={label}
              onKeyDown={(event) => {
                if (event.key === 'Enter') onChange({ [name]: textOf(event.currentTarget.value) });
              }}
            />
          ) : null,
        )}
      {set.map(({ name, label, options }) => (
        <span key={name} className="chip">
          <span className="k">{label}</span>
          <span className="v">{options?.find(({ value }) => value === values[name])?.label ?? values[name]}</span>
          <button
            type="button"
            aria-label={`Remove filter ${label}`}
            onClick={() => {
              onChange({ [name]: undefined });
            }}
          >
            ×
          </button>
        </span>
      ))}
      {chosen.length === 0 ? null : (
        <select
          className="chip add"
          aria-label="Add a filter"
          value=""
          onChange={({ target }) => {
            const [name = '', ...value] = target.value.split(' ');
            onChange({ [name]: value.join(' ') });
          }}
        >
          <option value="">+ Filter</option>
          {chosen.map(({ name, label, options }) => (
            <optgroup key={name} label={label}>
              {options?.map((option) => (
                <option key={option.value} value={`${name} ${option.value}`}>
                  {option.label}
                </option>
              ))}
            </optgroup>
          ))}
        </select>
      )}
      {set.length < 2 ? null : (
        <Button
          look="quiet"
          size="sm"
          onClick={() => {
            onChange(Object.fromEntries(set.map(({ name }) => [name, undefined])));
          }}
        >
          Clear all
        </Button>
      )}
      {end === undefined ? null : <div className="end">{end}</div>}
    </div>
  );
}

const textOf = (value: string): string | undefined => (value.trim() === '' ? undefined : value.trim());

/** What is below a table: how many rows there are so far, and the rest, which is loaded when it comes into view. */
export function ListFoot({
  list,
  one,
  many,
}: {
  readonly list: CursorList;
  readonly one: string;
  readonly many?: string;
}) {
  const foot = useRef<HTMLDivElement>(null);
  const { hasMore, more } = list;
  useEffect(() => {
    if (foot.current === null || !hasMore) return;
    const seen = new IntersectionObserver((entries) => {
      if (entries.some((entry) => entry.isIntersecting)) more();
    });
    seen.observe(foot.current);
    return () => {
      seen.disconnect();
    };
  }, [hasMore, more]);
  return (
    <div className="tfoot" ref={foot}>
      {list.rows.length === 0 && !hasMore ? null : (
        <span>
          {counted(list.rows.length, one, many)}
          {hasMore ? ' shown' : ''}
        </span>
      )}
      <span className="end">
        {hasMore ? (
          <Button size="sm" busy={list.loadsMore} onClick={more}>
            Show more
          </Button>
        ) : null}
      </span>
    </div>
  );
}

/** A list that could not be loaded: its older rows stay. */
export function ListProblem({ list }: { readonly list: CursorList }) {
  // The frame says it for all lists of the page.
  if (list.error === null || isUnreachable(list.error)) return null;
  return (
    <Note tone="failed" action={<Button onClick={() => void list.refresh()}>Try again</Button>}>
      <b>This list could not be loaded.</b> {messageOf(list.error)}
    </Note>
  );
}

/** List left, detail right: opening a row never loses the list. */
export function WithPane({ pane, children }: { readonly pane: ReactNode; readonly children: ReactNode }) {
  const opens = pane !== undefined && pane !== null;
  // The same elements with and without a detail, so that the list keeps its focus.
  return (
    <div className={opens ? 'cols paned' : undefined} style={{ '--side': 'var(--pane-w)' } as CSSProperties}>
      <div>{children}</div>
      {pane}
    </div>
  );
}
