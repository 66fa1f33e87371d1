import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import type { Series } from './chart.tsx';

export interface PlotProps {
  /** Unix milliseconds, one for each value. */
  readonly times: readonly number[];
  readonly series: readonly Series[];
  readonly kind?: 'bars' | 'lines';
  /** Pixels. */
  readonly height?: number;
  /** The largest value of the axis, such as 100 for percent. */
  readonly max?: number;
  readonly unit?: string;
  /** The times are days, each at midnight UTC. */
  readonly daily?: boolean;
}

const color = (element: Element, name: string): string =>
  getComputedStyle(element).getPropertyValue(`--${name}`).trim();

/** Draws with uPlot, at the width of its place and with the colors of the theme. */
export function Plot({ times, series, kind = 'bars', height = 160, max, unit = '', daily = false }: PlotProps) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const draw = (): UPlot => {
      const ink = color(element, 'ink-3');
      const grid = { stroke: color(element, 'chart-grid'), width: 1 };
      const axis = { stroke: ink, font: `11px ${color(element, 'font-sans')}`, ticks: { show: false } };
      // Bars stack: the first series is drawn last, over the sums of the others.
      const stacked = kind === 'bars' ? stack(series) : series.map(({ values }) => [...values]);
      const places = series.map((_, index) => index);
      const bars = places.filter((index) => series[index]?.dashed !== true);
      const order =
        kind === 'bars' ? [...bars.toReversed(), ...places.filter((index) => !bars.includes(index))] : places;
      return new UPlot(
        {
          width: element.clientWidth,
          height,
          padding: [8, 8, 0, 0],
          legend: { show: false },
          cursor: { y: false, points: { size: 6 } },
          ...(daily ? { tzDate: (at: number) => UPlot.tzDate(new Date(at * 1_000), 'Etc/UTC') } : {}),
          scales: {
            ...(daily ? { x: { range: daysOf(times) } } : {}),
            y: { range: (_plot, _min, most) => [0, max ?? roundTop(most)] },
          },
          axes: [
            {
              ...axis,
              grid: { show: false },
              size: 24,
              space: 80,
              ...(daily ? { incrs: dayStepsS } : {}),
              values: (_plot, splits) => splits.map((at) => tickOf(at * 1_000, times, daily)),
            },
            {
              ...axis,
              grid,
              size: 48,
              space: 30,
              incrs: wholeSteps,
              values: (_plot, splits) =>
                splits.map(
                  (value, index) => `${short(value)}${index === splits.length - 1 && unit !== '' ? ` ${unit}` : ''}`,
                ),
            },
          ],
          series: [
            {},
            ...order.map((index) => {
              const one = series[index];
              if (one?.dashed === true)
                return { stroke: ink, width: 1.25, dash: [3, 3], points: { show: false }, spanGaps: true };
              const tone = color(element, one?.color ?? 'chart-1');
              return kind === 'bars'
                ? {
                    fill: tone,
                    stroke: tone,
                    width: 0,
                    points: { show: false },
                    paths: UPlot.paths.bars?.({ size: [0.75, 28] }),
                  }
                : { stroke: tone, width: 1.75, points: { show: false }, spanGaps: true };
            }),
          ],
        },
        [times.map((at) => at / 1_000), ...order.map((index) => [...(stacked[index] ?? [])])],
        element,
      );
    };
    let plot = draw();
    const again = (): void => {
      plot.destroy();
      plot = draw();
    };
    const size = new ResizeObserver(() => {
      if (plot.width !== element.clientWidth && element.clientWidth > 0)
        plot.setSize({ width: element.clientWidth, height });
    });
    size.observe(element);
    const theme = new MutationObserver(again);
    theme.observe(document.documentElement, { attributeFilter: ['data-theme'] });
    return () => {
      size.disconnect();
      theme.disconnect();
      plot.destroy();
    };
  }, [times, series, kind, height, max, unit, daily]);
  return <div ref={place} style={{ height }} />;
}

const dayMs = 86_400_000;

const dayStepsS = [1, 2, 5, 10, 30, 60, 90, 180].map((days) => (days * dayMs) / 1_000);
/** 1, 2 or 5 of each power of ten: a count has no gridline at 2.5. */
const wholeSteps = Array.from({ length: 30 }, (_, index) => ([1, 2, 5][index % 3] ?? 1) * 10 ** Math.floor(index / 3));
const daysShown = 7;

/** From half a day before the first to half a day after the last, in seconds: a week at least, so that one day is not a wall. */
function daysOf(times: readonly number[]): [number, number] {
  const first = times[0] ?? 0;
  const last = Math.max(times.at(-1) ?? 0, first + (daysShown - 1) * dayMs);
  return [(first - dayMs / 2) / 1_000, (last + dayMs / 2) / 1_000];
}

/** A day, or an hour within two days. */
function tickOf(at: number, times: readonly number[], daily: boolean): string {
  const range = (times.at(-1) ?? at) - (times[0] ?? at);
  return !daily && range <= 2 * dayMs
    ? new Date(at).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    : new Date(at).toLocaleDateString('en-GB', {
        day: 'numeric',
        month: 'short',
        ...(daily ? { timeZone: 'UTC' } : {}),
      });
}

/** Each series plus those before it; a dashed line stands by itself. */
function stack(series: readonly Series[]): (number | null)[][] {
  let below: number[] = [];
  return series.map(({ values, dashed }) =>
    dashed === true ? [...values] : (below = values.map((value, index) => (value ?? 0) + (below[index] ?? 0))),
  );
}

const short = (value: number): string =>
  value >= 1_000_000
    ? `${+(value / 1_000_000).toFixed(1)} M`
    : value >= 1_000
      ? `${+(value / 1_000).toFixed(1)} k`
      : String(+value.toFixed(value < 10 ? 1 : 0));

/** The smallest top of four steps of 1, 2 or 5 that the values fit under. */
function roundTop(most: number): number {
  const step = Math.max(1, most) / 4;
  const unit = 10 ** Math.floor(Math.log10(step));
  const fitting = [1, 2, 5, 10].find((each) => each * unit >= step) ?? 10;
  return 4 * Math.max(most > 2 ? 1 : 0.5, fitting * unit);
}
