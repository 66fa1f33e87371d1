import { count, localTime, relative } from './format.ts';

/** A time in the reader's zone, with UTC on hover. `ago` shows how long ago, up to an hour. */
export function Time({ at, ago = false }: { readonly at: string | null | undefined; readonly ago?: boolean }) {
  if (at == null) return <span className="faint">–</span>;
  const date = new Date(at);
  return (
    <time dateTime={at} title={date.toISOString()}>
      {(ago ? relative(date) : undefined) ?? localTime(date)}
    </time>
  );
}

/** A number; from a million on shortened, with the exact value on hover. */
export function Count({ value }: { readonly value: number | null | undefined }) {
  if (value == null) return <span className="faint">–</span>;
  return <span title={value >= 1_000_000 ? value.toLocaleString('en-US') : undefined}>{count(value)}</span>;
}

/** A URL whose host stays whole; the path gives way. */
export function Url({ url }: { readonly url: string }) {
  const parsed = URL.parse(url);
  return (
    <span className="url" title={url}>
      <b>{parsed?.host ?? url}</b>
      <span>{parsed === null ? '' : `${parsed.pathname}${parsed.search}`}</span>
    </span>
  );
}

/** A text by a person: it may run from right to left. */
export const Name = ({ children }: { readonly children: string | null | undefined }) =>
  children == null || children === '' ? <span className="faint">–</span> : <bdi>{children}</bdi>;

/** What is not known. */
export const Absent = ({ children = '–' }: { readonly children?: string }) => <span className="faint">{children}</span>;
