import { lazy, Suspense, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.tsx';
import type { PlotProps } from './plot.tsx';

// uPlot is loaded with the first chart.
const Plot = lazy(() => import('./plot.tsx').then(({ Plot: component }) => ({ default: component })));

export interface Series {
  readonly name: string;
  readonly values: readonly (number | null)[];
  /** Its color; failures are red. */
  readonly color: 'chart-1' | 'chart-1-soft' | 'chart-2' | 'chart-3' | 'failed-mark' | 'held-mark' | 'ok-mark';
  /** A dashed line over the bars, such as what is planned or allowed. */
  readonly dashed?: true;
}

interface ChartProps extends Omit<PlotProps, 'times'> {
  readonly title: string;
  /** One sentence for who cannot see it. */
  readonly label: string;
  /** Unix milliseconds, one for each value. */
  readonly times: readonly number[];
  readonly timeOf: (at: number) => string;
  /** At the right end of the head, before the button for the table. */
  readonly end?: ReactNode;
  /** Below it, such as what it assumes. */
  readonly foot?: ReactNode;
}

/** A chart over time, with its numbers as a table. Bars stack in the order of the series. */
export function Chart({ title, label, times, timeOf, series, end, foot, ...rest }: ChartProps) {
  const [asTable, setAsTable] = useState(false);
  return (
    <section className="region">
      <header>
        <h2>{title}</h2>
        <div className="legend">
          {series.map(({ name, color, dashed }) => (
            <span key={name}>
              <i
                className={dashed === true ? 'dashed' : undefined}
                style={dashed === true ? undefined : { background: `var(--${color})` }}
              />
              {name}
            </span>
          ))}
        </div>
        <div className="end">
          {end}
          <Button
            size="sm"
            look="quiet"
            aria-pressed={asTable}
            onClick={() => {
              setAsTable(!asTable);
            }}
          >
            {asTable ? 'Chart' : 'Table'}
          </Button>
        </div>
      </header>
      {asTable ? (
        <div className="charttable" tabIndex={0} role="region" aria-label={title}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Time</th>
                {series.map(({ name }) => (
                  <th key={name} scope="col" className="num">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times.map((at, index) => (
                <tr key={at}>
                  <td>{timeOf(at)}</td>
                  {series.map(({ name, values }) => (
                    <td key={name} className="num">
                      {values[index]?.toLocaleString('en-US') ?? '–'}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : (
        <div role="img" aria-label={label} className="plot">
          <Suspense>
            <Plot times={times} series={series} {...rest} />
          </Suspense>
        </div>
      )}
      {foot}
    </section>
  );
}
