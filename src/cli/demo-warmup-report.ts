/** What is known of a mailbox at the end of a day. */
export interface DayEnd {
  readonly score: number | null;
  readonly band: string | null;
  /** Messages that were allowed when the day began; a hold or band that ended or began on the day changed them. */
  readonly cap: number | null;
  readonly sent: number;
  readonly inboxed: number;
  readonly spam: number;
}

export interface Curve {
  readonly name: string;
  /** One character. */
  readonly mark: string;
  readonly days: readonly DayEnd[];
}

const rows = 11;

/**
 * Health by day, from 100 at the top to 0: one column for each day, `*` where curves meet.
 * @example
 * console.log(healthCurves([{ name: 'ada@lovelace.test', mark: 'a', days }]));
 */
export function healthCurves(curves: readonly Curve[]): string {
  const width = Math.max(0, ...curves.map(({ days }) => days.length));
  const lines = Array.from({ length: rows }, (_, row) => {
    const level = 100 - row * 10;
    const cells = Array.from({ length: width }, (_cell, day) => {
      const here = curves.filter(({ days }) => {
        const score = days[day]?.score ?? null;
        return score !== null && Math.round(score / 10) * 10 === level;
      });
      return here.length > 1 ? ' *' : ` ${here[0]?.mark ?? ' '}`;
    });
    return `${String(level).padStart(4)} |${cells.join('')}`;
  });
  const axis = Array.from({ length: width }, (_, day) => ((day + 1) % 5 === 0 ? String(day + 1).padStart(2) : '  '));
  return [
    'health',
    ...lines.map((line) => line.trimEnd()),
    `     +${'--'.repeat(width)}`,
    `  day  ${axis.join('')}`.trimEnd(),
    ...curves.map(({ name, mark }) => `  ${mark}  ${name}`),
  ].join('\n');
}

/** One line for a day of all mailboxes. */
export function dayLine(day: number, ends: readonly (DayEnd & { readonly name: string })[]): string {
  const cells = ends.map(({ name, cap, sent, inboxed, spam, score, band }) =>
    [
      name,
      `${String(sent).padStart(2)} of ${String(cap ?? '–').padStart(2)}`,
      `inbox ${String(inboxed).padStart(2)}`,
      `spam ${String(spam).padStart(2)}`,
      `health ${String(score ?? '–').padStart(3)}`,
      (band ?? '–').padEnd(10),
    ].join('  '),
  );
  return `day ${String(day).padStart(2)}  ${cells.join('  |  ')}`.trimEnd();
}
