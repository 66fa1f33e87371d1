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

interface Template {
  readonly name: string;
  readonly text: string;
}

const templates = new WeakMap<TemplateStringsArray, Template>();

function prepare(strings: TemplateStringsArray): Template {
  const text = strings.reduce((built, part, index) => `${built}$${index}${part}`).trim();
  return { text, name: createHash('sha256').update(text).digest('base64url').slice(0, 24) };
}

/** Tags a statement: `sql<{ id: string }>`SELECT id FROM events WHERE id = ${id}``. Values are always parameters, never text. */
export function sql<Row>(strings: TemplateStringsArray, ...values: unknown[]): Statement<Row> {
  let template = templates.get(strings);
  if (template === undefined) {
    template = prepare(strings);
    templates.set(strings, template);
  }
  return { name: template.name, text: template.text, values };
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
