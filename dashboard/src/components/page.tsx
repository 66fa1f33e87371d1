import { Link } from '@tanstack/react-router';
import type { LinkProps } from '@tanstack/react-router';
import { useEffect } from 'react';
import type { CSSProperties, ReactNode } from 'react';
import { ToneShape, toneClass } from './status.tsx';
import type { Tone } from './status.tsx';

export interface Crumb {
  readonly label: string;
  readonly link?: LinkProps;
}

interface PageHeadProps {
  readonly title: string;
  /** An id, a URL or an event type as the title. */
  readonly mono?: boolean;
  readonly crumbs?: readonly Crumb[];
  readonly state?: ReactNode;
  readonly actions?: ReactNode;
  /** Facts, each a span. */
  readonly children?: ReactNode;
}

/** The head of a page: where am I, in which state is it, what can I do. It also names the document. */
export function PageHead({ title, mono = false, crumbs, state, actions, children }: PageHeadProps) {
  useEffect(() => {
    document.title = `${title} · Outrider`;
  }, [title]);
  return (
    <header className="head">
      {crumbs === undefined ? null : (
        <nav className="crumbs" aria-label="Breadcrumbs">
          {crumbs.map(({ label, link }) => (
            <span key={label} className="crumb">
              {link === undefined ? label : <Link {...link}>{label}</Link>}
            </span>
          ))}
        </nav>
      )}
      <div className="title">
        <h1 className={mono ? 'mono' : undefined} title={title}>
          <bdi>{title}</bdi>
        </h1>
        {state}
      </div>
      <div className="acts">{actions}</div>
      {children === undefined ? null : <div className="meta">{children}</div>}
    </header>
  );
}

interface RegionProps {
  readonly title?: ReactNode;
  readonly aside?: ReactNode;
  /** At the right end of its head. */
  readonly end?: ReactNode;
  /** Without padding: for tables and lists. */
  readonly flush?: boolean;
  readonly id?: string;
  readonly children?: ReactNode;
}

/** A part of the sheet. */
export function Region({ title, aside, end, flush = false, id, children }: RegionProps) {
  return (
    <section className={flush ? 'region flush' : 'region'} id={id}>
      {title === undefined ? null : (
        <header>
          <h2>{title}</h2>
          {aside === undefined ? null : <span className="small muted">{aside}</span>}
          {end === undefined ? null : <div className="end">{end}</div>}
        </header>
      )}
      {children}
    </section>
  );
}

/** Two columns that stack on narrow screens. `side`: the width of the second in pixels; `even`: both the same. */
export function Columns({
  side,
  even = false,
  ruled = false,
  children,
}: {
  readonly side?: number;
  readonly even?: boolean;
  readonly ruled?: boolean;
  readonly children: ReactNode;
}) {
  const style = (side === undefined ? {} : { '--side': `${side}px` }) as CSSProperties;
  return (
    <div className={`cols${even ? ' even' : ''}${ruled ? ' ruled' : ''}`} style={style}>
      {children}
    </div>
  );
}

/** One sentence about the most urgent cause. At most one a page. */
export function Note({
  tone,
  boxed = false,
  action,
  children,
}: {
  readonly tone: Tone;
  readonly boxed?: boolean;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={`note ${toneClass(tone)}${boxed ? ' box' : ''}`} role={tone === 'failed' ? 'alert' : 'status'}>
      <ToneShape tone={tone} />
      <div className="grow">{children}</div>
      {action}
    </div>
  );
}

/** Nothing to show: what it is, what to do. */
export function Empty({
  title,
  actions,
  children,
}: {
  readonly title: string;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}) {
  return (
    <div className="empty">
      <h3>{title}</h3>
      {children === undefined ? null : <p>{children}</p>}
      {actions === undefined ? null : <div className="row wrap">{actions}</div>}
    </div>
  );
}

/** A page that only people with more rights can use. */
export function Refused({ title }: { readonly title: string }) {
  return (
    <>
      <PageHead title={title} />
      <Empty title="Your role does not allow this">An owner or admin of the organization can change your role.</Empty>
    </>
  );
}

/** Names and values. @example <Facts rows={[['Created', <Time at={contact.created_at} />]]} /> */
export function Facts({
  rows,
  width,
}: {
  readonly rows: readonly (readonly [string, ReactNode])[];
  readonly width?: number;
}) {
  return (
    <dl className="kv" style={(width === undefined ? {} : { '--k': `${width}px` }) as CSSProperties}>
      {rows.map(([name, value]) => (
        <div key={name} className="kvrow">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export interface Figure {
  readonly label: string;
  /** Undefined: not measured, which is not 0. */
  readonly value: ReactNode;
  readonly unit?: string;
  /** Its range, sample or parts. */
  readonly detail?: ReactNode;
  readonly tone?: Tone;
}

/** A band of figures, each with its unit, range and sample. `loading`: what is missing is on its way. */
export function Figures({
  label,
  loading = false,
  figures,
}: {
  readonly label: string;
  readonly loading?: boolean;
  readonly figures: readonly Figure[];
}) {
  return (
    <section className="stats" aria-label={label} style={{ '--n': figures.length } as CSSProperties}>
      {figures.map(({ label: name, value, unit, detail, tone }) => (
        <div className="stat" key={name}>
          <div className="k">{name}</div>
          <div className="v">
            {value ?? (loading ? '\u00a0' : <span className="small muted">not measured</span>)}
            {unit === undefined || value === undefined ? null : <small>{unit}</small>}
          </div>
          <div className={tone === undefined ? 'd' : `d ${toneClass(tone)}`}>{detail ?? ' '}</div>
        </div>
      ))}
    </section>
  );
}

export interface Tab {
  readonly label: string;
  readonly link: LinkProps;
  readonly count?: number;
  readonly current: boolean;
}

/** The parts of a record, each with a URL of its own. */
export function Tabs({ label, tabs }: { readonly label: string; readonly tabs: readonly Tab[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map(({ label: word, link, count, current }) => (
        <Link
          key={word}
          {...link}
          activeOptions={{ exact: true, includeSearch: true }}
          aria-current={current ? 'page' : undefined}
        >
          {word}
          {count === undefined ? null : <span className="n">{count.toLocaleString('en-US')}</span>}
        </Link>
      ))}
    </nav>
  );
}

/** How far a long job is. */
export function Progress({
  label,
  done,
  total,
  failed = 0,
  detail,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly failed?: number;
  readonly detail?: ReactNode;
}) {
  const share = (part: number): string => `${total === 0 ? 0 : Math.min(100, (100 * part) / total)}%`;
  return (
    <div
      className="progress"
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
    >
      <div className="row small">
        <span className="medium">{label}</span>
        <span className="muted grow num">{detail}</span>
      </div>
      <span className="meter">
        <i style={{ width: share(done - failed) }} />
        <i className="failed" style={{ width: share(failed) }} />
      </span>
    </div>
  );
}
