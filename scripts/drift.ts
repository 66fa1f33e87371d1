/** `12: it says "…", but should say "…"`: the first line where a committed file and what it should be part ways. */
export function firstDifference(present: string, wanted: string): string {
  const [said, should] = [present.split('\n'), wanted.split('\n')];
  const index = Math.max(
    0,
    Array.from({ length: Math.max(said.length, should.length) }, (_, line) => said[line] === should[line]).indexOf(
      false,
    ),
  );
  return `${index + 1}: it says ${quote(said[index])}, but should say ${quote(should[index])}`;
}

const quote = (line: string | undefined): string => (line === undefined ? 'nothing' : JSON.stringify(line));
