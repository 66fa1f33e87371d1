/**
 * The first lines of a CSV file, to show them before it is uploaded; the server reads the file itself. Fields may be quoted (RFC 4180);
 * the separator is the one that the first line has most of.
 */
export function linesOf(text: string, count: number): readonly (readonly string[])[] {
  const clean = text.replace(/^\uFEFF/, '');
  const [head = ''] = clean.split(/\r?\n/, 1);
  const separator = [',', ';', '\t', '|'].reduce(
    (best, each) => (head.split(each).length > head.split(best).length ? each : best),
    ',',
  );
  const lines: string[][] = [];
  let row: string[] = [];
  let field = '';
  let quoted = false;
  for (let index = 0; index < clean.length && lines.length < count; index += 1) {
    const char = clean[index] ?? '';
    if (quoted) {
      if (char !== '"') field += char;
      else if (clean[index + 1] === '"') {
        field += '"';
        index += 1;
      } else quoted = false;
    } else if (char === '"' && field === '') quoted = true;
    else if (char === separator || char === '\n') {
      row.push(field.replace(/\r$/, ''));
      field = '';
      if (char !== '\n') continue;
      lines.push(row);
      row = [];
    } else field += char;
  }
  if (lines.length < count && (field !== '' || row.length > 0)) lines.push([...row, field.replace(/\r$/, '')]);
  return lines.filter((line) => line.some((each) => each !== ''));
}
