import { createHash } from 'node:crypto';

/**
 * One SQL statement with its parameters. `Row` is the type of a result row, with the columns' names in snake_case.
 * A statement's name is a hash of its text, so every connection parses it once.
 */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Never set; carries the row type. */
  readonly row?: Row;
}

/** A list of columns in the text of a statement, from `columns` or `assignments`. */
export class Columns {
  readonly text: string;

  constructor(names: readonly string[], each: (name: string) => string) {
    const wrong = names.find((name) => !/^[a-z_]+$/.test(name));
    if (wrong !== undefined) throw new Error(`Not the name of a column: ${wrong}`);
    this.text = names.map(each).join(', ');
  }
}

/**
 * Columns for a statement, generated from a field table. A statement takes them by the name of an exported constant, so that
 * `npm run check:sql` can read them: `` sql`SELECT ${companyColumns} FROM companies` ``.
 * @param of the table's name or alias
 * @param asText those of the columns that are selected as text, such as days, for which JavaScript has no type
 */
export const columns = (names: readonly string[], of?: string, asText: readonly string[] = []): Columns =>
  new Columns(names, (name) => {
    const column = of === undefined ? name : `${of}.${name}`;
    return asText.includes(name) ? `${column}::text AS ${name}` : column;
  });

/** `a = n.a, b = n.b`, for `UPDATE … SET`. */
export const assignments = (names: readonly string[], from: string): Columns =>
  new Columns(names, (name) => `${name} = ${from}.${name}`);

interface Template {
  readonly name: string;
  readonly text: string;
  /** Indexes of the parameters among the values; undefined if all values are parameters. */
  readonly parameters: readonly number[] | undefined;
}

const templates = new WeakMap<TemplateStringsArray, Template>();

function prepare(strings: TemplateStringsArray, values: readonly unknown[]): Template {
  const parameters: number[] = [];
  const written = values.map((value, index) => (value instanceof Columns ? value.text : `$${parameters.push(index)}`));
  const text = strings.reduce((built, part, index) => `${built}${written[index - 1] ?? ''}${part}`).trim();
  return {
    text,
    name: createHash('sha256').update(text).digest('base64url').slice(0, 24),
    parameters: parameters.length === values.length ? undefined : parameters,
  };
}

/**
 * Tags a statement: `sql<{ id: string }>`SELECT id FROM events WHERE id = ${id}``. Values are always parameters, never text, except
 * `Columns`, which are the same at every call.
 */
export function sql<Row>(strings: TemplateStringsArray, ...values: unknown[]): Statement<Row> {
  let template = templates.get(strings);
  if (template === undefined) {
    template = prepare(strings, values);
    templates.set(strings, template);
  }
  const { name, text, parameters } = template;
  return { name, text, values: parameters === undefined ? values : parameters.map((index) => values[index]) };
}

/** Part of a statement that is built while the product runs, such as a condition of a filter, with its parameters. */
export class Part {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];

  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }
}

/** Tags a part: `` part`c.city = ${city}` ``. Values are parameters, except parts and `Columns`, which are inserted as text. */
export const part = (strings: TemplateStringsArray, ...values: unknown[]): Part => new Part(strings, values);

/** A column by the names of its table (or alias) and itself, which come from a table of fields. */
export const columnPart = (of: string, name: string): Part =>
  new Part([new Columns([name], (own) => `${of}.${own}`).text], []);

/** Parts with a word between them: `joinParts(conditions, ' AND ')`. */
export const joinParts = (parts: readonly Part[], between: string): Part =>
  new Part(['', ...parts.slice(1).map(() => between), ''], parts);

/**
 * A statement of parts. PostgreSQL plans it for its values each time, as with `plannedAnew`.
 * @param begun the statement that the parts continue
 * @example
 * assembled<{ id: string }>(part`SELECT id FROM contacts c WHERE ${condition}`);
 */
export function assembled<Row>(whole: Part, begun?: Statement<Row>): Statement<Row> {
  const values: unknown[] = [...(begun?.values ?? [])];
  const written = (value: unknown): string => {
    if (value instanceof Part) return textOf(value);
    return value instanceof Columns ? value.text : `$${values.push(value)}`;
  };
  const textOf = ({ strings, values: inner }: Part): string =>
    strings.slice(1).reduce((text, string, index) => text + written(inner[index]) + string, strings[0] ?? '');
  return { name: '', text: `${begun?.text ?? ''}${textOf(whole)}`, values };
}

/**
 * The statement without a name, so that PostgreSQL plans it for its values each time. For lists with optional filters: the generic plan that
 * PostgreSQL eventually keeps for a named statement uses no filter's index.
 */
export const plannedAnew = <Row>(statement: Statement<Row>): Statement<Row> => ({ ...statement, name: '' });

/**
 * An array literal of values that need no quoting (uuids, numbers, booleans; `NULL` is null). pg's own conversion escapes every element and
 * takes 5 × as long for 1,000 uuids.
 */
export const plainArray = (values: readonly (string | number | boolean)[]): string => `{${values.join(',')}}`;

/** A LIKE pattern that finds a text anywhere in another. `%`, `_` and `\` of the text are literal. */
export const containing = (text: string): string => `%${text.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
