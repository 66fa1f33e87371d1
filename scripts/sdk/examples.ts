/** `@example` blocks for the generated client, built from the request examples of docs/openapi.json. */
import type { Operation } from './operations.ts';
import { formatted, typeOf } from './typescript.ts';

/** Example values of path parameters. */
const argumentExamples: ReadonlyMap<string, string> = new Map([
  ['id', '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1d00'],
  ['organization', '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c00'],
  ['addition_id', '0199c9f2-0a44-7e55-b0c3-91d2e7a6f599'],
  ['opt_out_id', '0199c9f2-0a44-7e55-b0c3-91d2e7a6f5b1'],
  ['contact_id', '0199c9f1-7b20-7d02-8f11-3c5a7e90b410'],
  ['name', 'invoice.paid'],
  ['provider', 'google'],
]);

/** TSDoc lines of an example with this code. */
export const exampleLines = (code: string): string[] => ['', '@example', '```ts', ...code.trimEnd().split('\n'), '```'];

/** The TSDoc lines of each snippet, formatted. Formats all snippets at once, since each run of the formatter starts a process. */
export function formattedExamples(snippets: readonly string[]): string[][] {
  const separator = '// next snippet\n';
  return formatted(snippets.join(`\n${separator}`))
    .split(separator)
    .map(exampleLines);
}

/** A call of the operation's method, with the request body that the document gives as example. @throws Error on an unknown path parameter */
export function callExample({ resource, name, params, requestExample, response }: Operation): string {
  const values = params.map((param) => {
    const value = argumentExamples.get(param);
    if (value === undefined) throw new Error(`Add an example of ${param} to scripts/sdk/examples.ts.`);
    return value;
  });
  const given = [...values, requestExample].filter((value) => value !== undefined);
  const call = `outrider.${resource}.${name}(${given.map((value) => JSON.stringify(value)).join(', ')})`;
  switch (response.kind) {
    case 'nothing':
      return `await ${call};`;
    case 'numbered':
    case 'cursor': {
      const item = variableName(typeOf(response.item));
      return `for await (const ${item} of ${call}) console.log(${item});`;
    }
    case 'events':
      return `for await (const { event, data } of ${call}) console.log(event, data);`;
    case 'text':
      return `const text = await ${call};`;
    case 'data':
    case 'whole':
      return `const ${variableName(typeOf(response.schema))} = await ${call};`;
  }
}

/** `WebhookWithSecret` → `webhook`; `result` when the type has no name. */
function variableName(type: string): string {
  if (!/^[A-Z]\w*$/.test(type)) return 'result';
  const name = type.replace(/With[A-Z]\w*$/, '').replace(/^./, (letter) => letter.toLowerCase());
  return name === 'import' ? 'importJob' : name;
}
