/** Generates sdk/src/api-types.ts and sdk/src/resources.ts, the types and methods of the client, from docs/openapi.json. */
import { callExample, exampleLines, formattedExamples } from './examples.ts';
import { operationsOf, readDocument } from './operations.ts';
import type { Operation } from './operations.ts';
import { comment, formatted, members, pascal, refName, typeOf } from './typescript.ts';
import type { Schema } from './typescript.ts';

const head = '// Generated from docs/openapi.json. Run: npm run generate\n';

/** Responses that the client throws as errors instead of returning them. */
const notTyped = new Set(['ErrorResponse']);

export async function apiTypesSource(): Promise<string> {
  const document = await readDocument();
  const declared = new Set<string>();
  const declare = (name: string, schema: Schema, ...description: readonly (string | undefined)[]): string => {
    if (declared.has(name)) throw new Error(`Two types are named ${name}.`);
    declared.add(name);
    return comment(...description, ...(examples.get(name) ?? [])) + declaration(name, schema);
  };
  const operations = operationsOf(document);
  const bodies = new Map(
    operations.flatMap(({ body, method, path }) =>
      body?.$ref === undefined ? [] : [[refName(body.$ref), `Request body of \`${method} ${path}\`.`]],
    ),
  );
  const examples = bodyExamples(operations);
  const components = Object.entries(document.components.schemas).filter(([name]) => !notTyped.has(name));
  return formatted(
    [
      head,
      ...components.map(([name, schema]) => {
        const source = declare(name, schema, schema.description ?? bodies.get(name));
        return bodies.has(name) ? forCallers(source) : source;
      }),
      ...operations.flatMap((operation) =>
        namedTypes(operation).map(([name, schema, isInput]) => {
          const source = declare(name, schema, `${operation.method} ${operation.path}`);
          return isInput ? forCallers(source) : source;
        }),
      ),
    ].join('\n'),
  );
}

/** Accepts the caller's own interfaces, which are assignable to `object` but not to `Record`. */
const forCallers = (source: string): string => source.replaceAll('Record<string, unknown>', 'object');

export async function resourcesSource(): Promise<string> {
  const operations = operationsOf(await readDocument());
  const examples = formattedExamples(operations.map(callExample));
  const methods = operations.map((operation, index): [Operation, string] => [
    operation,
    methodOf(operation, examples[index] ?? []),
  ]);
  const source = methods.map(([, text]) => text).join('\n');
  const types = operations.flatMap((operation) => [
    ...namedTypes(operation).map(([name]) => name),
    ...refsOf(operation),
  ]);
  const resources = Map.groupBy(methods, ([{ resource }]) => resource);
  const lists = ['numberedList', 'cursorList'].filter((name) => source.includes(`${name}(`));
  const listTypes = ['CursorPage', 'List', 'NumberedPage'].filter((name) => source.includes(`${name}<`));
  const callTypes = ['CallOptions', 'ChangeOptions', 'CreateOptions', 'FileBody'].filter((name) =>
    source.includes(name),
  );
  return formatted(
    [
      head,
      `import type { ${[...new Set(types)].sort().join(', ')} } from './api-types.ts';`,
      `import { ${lists.join(', ')} } from './list.ts';`,
      `import type { ${listTypes.join(', ')} } from './list.ts';`,
      `import type { ServerEvent } from './server-events.ts';`,
      `import type { ${[...callTypes, 'Transport'].join(', ')} } from './transport.ts';\n`,
      ...[...resources].map(
        ([name, own]) =>
          `${comment(`The calls of \`outrider.${name}\`.`, ...classExample(name))}export class ${className(name)} {\nreadonly #transport: Transport;\n\nconstructor(transport: Transport) {\nthis.#transport = transport;\n}\n\n${own
            .map(([, text]) => text)
            .join('\n')}}\n`,
      ),
      comment('The resources of the API; `Outrider` extends this class.', ...resourcesExample).trimEnd(),
      `export class Resources {\n${[...resources.keys()].map((name) => `readonly ${name}: ${className(name)};`).join('\n')}\n`,
      `constructor(transport: Transport) {\n${[...resources.keys()].map((name) => `this.${name} = new ${className(name)}(transport);`).join('\n')}\n}\n}`,
    ].join('\n'),
  );
}

const className = (resource: string): string => `${pascal(resource)}Resource`;

const classExample = (resource: string): string[] =>
  exampleLines(
    `import type { ${className(resource)} } from '@outrider/sdk';\n\nconst ${resource}: ${className(resource)} = outrider.${resource};`,
  );

const resourcesExample = exampleLines(
  `import { Outrider } from '@outrider/sdk';\n\nconst { webhooks, events } = new Outrider({ baseUrl: 'https://outrider.example', apiKey: 'otr_test_1' });`,
);

/** Type of a request body → its example. */
function bodyExamples(operations: readonly Operation[]): ReadonlyMap<string, readonly string[]> {
  const bodies = operations.filter(({ body, requestExample }) => body !== undefined && requestExample !== undefined);
  const examples = formattedExamples(
    bodies.map(
      (operation) =>
        `import type { ${bodyType(operation)} } from '@outrider/sdk';\n\nconst body: ${bodyType(operation)} = ${JSON.stringify(operation.requestExample)};`,
    ),
  );
  return new Map(bodies.map((operation, index) => [bodyType(operation), examples[index] ?? []]));
}

const bodyType = ({ id, body }: Operation): string =>
  body?.$ref === undefined ? `${pascal(id)}Body` : refName(body.$ref);

/** Bodies, queries and responses that have no name in the document; true: the caller sends it. */
function namedTypes(operation: Operation): [name: string, schema: Schema, isInput: boolean][] {
  const { id, query, body, response } = operation;
  const name = pascal(id);
  return [
    ...(query === undefined ? [] : [[`${name}Query`, query, true] as [string, Schema, boolean]]),
    ...(body === undefined || body.$ref !== undefined
      ? []
      : [[bodyType(operation), body, true] as [string, Schema, boolean]]),
    ...('schema' in response && response.schema.properties !== undefined
      ? [[`${name}Answer`, response.schema, false] as [string, Schema, boolean]]
      : []),
  ];
}

const refsOf = ({ body, response }: Operation): string[] => [
  ...(body?.$ref === undefined ? [] : [typeOf(body)]),
  ...('schema' in response && response.schema.properties === undefined ? refsIn(response.schema) : []),
  ...('item' in response ? refsIn(response.item) : []),
];

const refsIn = (schema: Schema): string[] =>
  [...JSON.stringify(schema).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].flatMap(([, name]) => name ?? []);

function declaration(name: string, schema: Schema): string {
  const isRecord =
    typeof schema.additionalProperties === 'object' && Object.keys(schema.additionalProperties).length > 0;
  return schema.properties === undefined || isRecord
    ? `export type ${name} = ${typeOf(schema)};\n`
    : `export interface ${name} {\n${members(schema.properties, schema.required ?? [])}\n}\n`;
}

function methodOf(operation: Operation, example: readonly string[]): string {
  const {
    id,
    name,
    method,
    path,
    params,
    query,
    body,
    bodyRequired,
    file,
    acceptsIdempotencyKey,
    acceptsIfMatch,
    fixed,
    response,
    summary,
    description,
    scopes,
  } = operation;
  const takes = [
    ...params.map((each) => `${each}: string`),
    ...(body === undefined ? [] : [`body${bodyRequired ? '' : '?'}: ${bodyType(operation)}`]),
    ...(file === undefined ? [] : ['file: FileBody']),
    ...(query === undefined ? [] : [`query${query.required?.length === 0 ? '?' : ''}: ${pascal(id)}Query`]),
    `options?: ${acceptsIdempotencyKey ? 'CreateOptions' : acceptsIfMatch ? 'ChangeOptions' : 'CallOptions'}`,
  ];
  const request = [
    `method: '${method}'`,
    `path: '${path}'`,
    ...(params.length === 0 ? [] : [`params: { ${params.join(', ')} }`]),
    ...(query === undefined ? [] : ['query']),
    ...(Object.keys(fixed).length === 0 ? [] : [`query: ${JSON.stringify(fixed)}`]),
    ...(body === undefined ? [] : ['body']),
    ...(file === undefined ? [] : [`file: { type: '${file}', content: file }`]),
    ...(acceptsIdempotencyKey ? ['acceptsIdempotencyKey: true'] : []),
    ...(acceptsIfMatch ? ['acceptsIfMatch: true'] : []),
    'options',
  ].join(', ');
  const [type, call] = returned(id, response);
  const doc = comment(
    `${summary}.`,
    description,
    scopes.length === 0
      ? undefined
      : `Needs the scope${scopes.length === 1 ? '' : 's'} ${scopes.map((scope) => `\`${scope}\``).join(', ')}.`,
    ...example,
  );
  return `${doc}${name}(${takes.join(', ')}): ${type} {\nreturn ${call}({ ${request} });\n}\n`.replaceAll(
    '(this.#transport)({',
    '(this.#transport, {',
  );
}

/** A method's return type, and the function that sends the call. */
function returned(id: string, response: Operation['response']): [type: string, call: string] {
  switch (response.kind) {
    case 'nothing':
      return ['Promise<void>', 'this.#transport.nothing'];
    case 'text':
      return ['Promise<string>', 'this.#transport.text'];
    case 'events':
      return ['AsyncGenerator<ServerEvent, void, undefined>', 'this.#transport.events'];
    case 'data':
    case 'whole': {
      const type = response.schema.properties === undefined ? typeOf(response.schema) : `${pascal(id)}Answer`;
      const siblings =
        response.kind === 'data' && response.siblings !== undefined ? ` & ${typeOf(response.siblings)}` : '';
      return [`Promise<${type}${siblings}>`, `this.#transport.${response.kind}`];
    }
    case 'numbered':
      return [
        `List<${typeOf(response.item)}, NumberedPage<${typeOf(response.item)}>>`,
        'numberedList(this.#transport)',
      ];
    case 'cursor':
      return [`List<${typeOf(response.item)}, CursorPage<${typeOf(response.item)}>>`, 'cursorList(this.#transport)'];
  }
}
