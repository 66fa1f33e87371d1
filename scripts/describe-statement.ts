import type pg from 'pg';

export interface Column {
  readonly name: string;
  /** OID of its type (pg_type). */
  readonly type: number;
}

/** The server's analysis of a statement: the columns it returns, or the error and its position. */
export type Description =
  | { readonly kind: 'valid'; readonly columns: readonly Column[] }
  | { readonly kind: 'invalid'; readonly message: string; readonly offset: number };

/**
 * Analyses a statement without running it: sends Parse and Describe of the extended protocol (PostgreSQL documentation, "Message Flow"),
 * which pg itself sends only together with Bind and Execute.
 */
export function describeStatement(client: pg.Client, text: string): Promise<Description> {
  const { promise, resolve } = Promise.withResolvers<Description>();
  let columns: readonly Column[] = [];
  client.query({
    submit(connection: pg.Connection) {
      connection.parse({ name: '', text, types: [] }, true);
      connection.describe({ type: 'S', name: '' }, true);
      connection.sync();
    },
    handleRowDescription({ fields }: { fields: readonly pg.FieldDef[] }) {
      columns = fields.map((field) => ({ name: field.name, type: field.dataTypeID }));
    },
    handleError(error: pg.DatabaseError) {
      const hint = error.hint === undefined ? '' : ` (${error.hint})`;
      resolve({ kind: 'invalid', message: `${error.message}${hint}`, offset: Number(error.position ?? 1) - 1 });
    },
    handleReadyForQuery() {
      resolve({ kind: 'valid', columns });
    },
  });
  return promise;
}
