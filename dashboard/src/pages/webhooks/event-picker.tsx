import '../../styles/pages-settings.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../app/api.ts';
import { Checkbox, SearchInput } from '../../components/field.tsx';
import { Icon } from '../../components/icon.tsx';

/** All event types: built-in and own. */
export const useEventTypes = () =>
  useQuery({
    queryKey: ['event-types'],
    queryFn: async ({ signal }) => {
      const types = [];
      for await (const type of api.eventTypes.list({ page_size: 100 }, { signal })) types.push(type);
      return types;
    },
    staleTime: 300_000,
  });

interface PickerProps {
  /** `*`, types, and prefixes such as `email.*`. */
  readonly picked: readonly string[];
  readonly onChange: (picked: readonly string[]) => void;
}

/** Event types by family, with what they mean. A whole family is a prefix, so that later types of it arrive, too. */
export function EventPicker({ picked, onChange }: PickerProps) {
  const [search, setSearch] = useState('');
  const { data: types = [] } = useEventTypes();
  const all = picked.includes('*');
  const wanted = search.toLowerCase();
  const families = Map.groupBy(
    types.filter(({ name, description }) => `${name} ${description}`.toLowerCase().includes(wanted)),
    ({ name }) => name.split('.')[0] ?? name,
  );
  const toggle = (name: string, on: boolean, without: readonly string[] = []): void => {
    const kept = picked.filter((each) => each !== name && !without.includes(each));
    onChange(on ? [...kept, name] : kept);
  };
  return (
    <div className="picker">
      <SearchInput
        placeholder="Search event types"
        aria-label="Search event types"
        value={search}
        onChange={({ target }) => {
          setSearch(target.value);
        }}
      />
      <div className="fams" tabIndex={-1}>
        <div className="every">
          <Checkbox
            checked={all}
            onChange={({ target }) => {
              onChange(target.checked ? ['*'] : []);
            }}
          >
            Everything, also types that come later
          </Checkbox>
        </div>
        {[...families].map(([family, members]) => {
          const prefix = `${family}.*`;
          const whole = all || picked.includes(prefix);
          const names = members.map(({ name }) => name);
          const some = names.filter((name) => picked.includes(name)).length;
          return (
            <div key={family} className="famw">
              <input
                type="checkbox"
                className={some > 0 && !whole ? 'check some' : 'check'}
                aria-label={`All of ${family}`}
                checked={whole}
                disabled={all}
                onChange={({ target }) => {
                  toggle(prefix, target.checked, names);
                }}
              />
              <details className="fam" open={wanted !== '' || some > 0}>
                <summary>
                  <span className="medium">{family}</span>
                  <span className="small muted">
                    {whole ? 'all' : some > 0 ? `${some} of ${names.length}` : names.length}
                  </span>
                  <Icon name="down" />
                </summary>
                {members.map(({ name, description }) => (
                  <label key={name} className="option">
                    <input
                      type="checkbox"
                      className="check"
                      checked={whole || picked.includes(name)}
                      disabled={whole}
                      onChange={({ target }) => {
                        toggle(name, target.checked);
                      }}
                    />
                    <span className="mono small trunc" title={name}>
                      {name}
                    </span>
                    <span className="small muted">{description}</span>
                  </label>
                ))}
              </details>
            </div>
          );
        })}
      </div>
    </div>
  );
}
