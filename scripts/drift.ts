/** Describes the first line that differs between a committed file and its expected content: `12: is "…", expected "…"`. */
export function firstDifference(present: string, wanted: string): string {
  const [actual, expected] = [present.split('\n'), wanted.split('\n')];
  const index = Math.max(
    0,
    Array.from(
      { length: Math.max(actual.length, expected.length) },
      (_, line) => actual[line] === expected[line],
    ).indexOf(false),
  );
  return `${index + 1}: is ${quote(actual[index])}, expected ${quote(expected[index])}`;
}

const quote = (line: string | undefined): string => (line === undefined ? 'no line' : JSON.stringify(line));
