import { createHash } from 'node:crypto';

/**
 * One SQL statement with its parameters. `Row` is what the statement answers, in snake_case as the columns are called.
 * Statements are named by their text, so every connection parses each of them once.
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
  /** Where the parameters are among the values; undefined: all values are parameters. */
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

/**
 * The statement without a name, so that it is planned for its values each time: for lists with filters that may be left out, where the
 * one plan for all values that PostgreSQL comes to keep for a named statement goes by no filter's index.
 */
export const plannedAnew = <Row>(statement: Statement<Row>): Statement<Row> => ({ ...statement, name: '' });

/**
 * An array literal of values that hold no character PostgreSQL would need quoted (uuids, numbers, booleans; `NULL` is null).
 * pg's own conversion walks and escapes every element: 5 × the time for 1,000 uuids.
 */
export const plainArray = (values: readonly (string | number | boolean)[]): string => `{${values.join(',')}}`;
