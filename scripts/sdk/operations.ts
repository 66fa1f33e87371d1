/** Reads the operations of docs/openapi.json for the client's generator. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../sources.ts';
import { pascal, refName } from './typescript.ts';
import type { Schema } from './typescript.ts';

type Content = Readonly<Record<string, { readonly schema: Schema; readonly example?: unknown }>>;

interface Parameter {
  readonly in: string;
  readonly name: string;
  readonly required?: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

interface PathOperation {
  readonly operationId: string;
  readonly tags: readonly [string];
  readonly summary: string;
  readonly description?: string;
  readonly security: readonly Readonly<Record<string, readonly string[]>>[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly required?: boolean; readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>;
}

export interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PathOperation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export type ResponseShape =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'text' }
  /** Server-sent events. */
  | { readonly kind: 'events' }
  /** `{"data": …}`: returns `data`; a record is merged with the fields next to `data` (`siblings`), such as `warnings`. */
  | { readonly kind: 'data'; readonly schema: Schema; readonly siblings?: Schema }
  | { readonly kind: 'whole'; readonly schema: Schema }
  | { readonly kind: 'numbered' | 'cursor'; readonly item: Schema };

export interface Operation {
  readonly id: string;
  /** The tag as an identifier: `eventTypes`. */
  readonly resource: string;
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly params: readonly string[];
  readonly query: Schema | undefined;
  readonly body: Schema | undefined;
  readonly bodyRequired: boolean;
  /** The media type, when the request body is a file. */
  readonly file: string | undefined;
  /** Example of the request body or file. */
  readonly requestExample: unknown;
  /** Whether the operation supports the `Idempotency-Key` header. */
  readonly acceptsIdempotencyKey: boolean;
  /** Whether the operation supports the `If-Match` header. */
  readonly acceptsIfMatch: boolean;
  /** Query parameters that the method always sends. */
  readonly fixed: Readonly<Record<string, string>>;
  readonly response: ResponseShape;
  readonly summary: string;
  readonly description: string | undefined;
  readonly scopes: readonly string[];
}

/** Overrides: resource and method of operations whose id gives no good name. */
const names: Readonly<Record<string, readonly [resource: string, name: string]>> = {
  publishEvents: ['events', 'publishBatch'],
  getMe: ['organization', 'me'],
  getWebhookStats: ['webhooks', 'stats'],
  listWebhookKeys: ['webhooks', 'signingKeys'],
  listOrganizationWebhookKeys: ['webhooks', 'signingKeysOf'],
  getHealthz: ['operations', 'health'],
  getReadyz: ['operations', 'ready'],
  getMetrics: ['operations', 'metrics'],
};

export async function readDocument(): Promise<Document> {
  return JSON.parse(await readFile(join(root, 'docs/openapi.json'), 'utf8')) as Document;
}

/** @throws Error when two operations would have the same resource and name. */
export function operationsOf(document: Document): Operation[] {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) =>
      variantsOf(operationOf(method.toUpperCase(), path, operation, document), operation),
    ),
  );
  for (const [name, same] of Map.groupBy(operations, (each) => `${each.resource}.${each.name}`)) {
    if (same.length > 1)
      throw new Error(
        `${same.map(({ id }) => id).join(' and ')} would both be named ${name}: give one of them a name in scripts/sdk/operations.ts.`,
      );
  }
  return operations;
}

/** An operation that can also respond with CSV gets a second method, which returns text. */
function variantsOf(it: Operation, { responses }: PathOperation): Operation[] {
  if (!Object.values(responses).some(({ content = {} }) => 'application/json' in content && 'text/csv' in content))
    return [it];
  const { format: _, ...properties } = it.query?.properties ?? {};
  const asJson = { ...it, query: { ...it.query, properties } };
  return [
    asJson,
    {
      ...it,
      id: `${it.id}Csv`,
      name: `${it.name}Csv`,
      summary: `${it.summary}, as CSV`,
      query: undefined,
      fixed: { format: 'csv' },
      response: { kind: 'text' },
    },
  ];
}

function operationOf(method: string, path: string, operation: PathOperation, document: Document): Operation {
  const { operationId: id, tags, parameters = [], requestBody } = operation;
  const [resource, name] = names[id] ?? [camel(tags[0]), methodName(id, pascal(tags[0]))];
  const query = parameters.filter((each) => each.in === 'query');
  return {
    id,
    resource,
    name,
    method,
    path,
    params: parameters.filter((each) => each.in === 'path').map((each) => each.name),
    query:
      query.length === 0
        ? undefined
        : {
            type: 'object',
            properties: Object.fromEntries(query.map((each) => [each.name, each.schema])),
            required: query.filter((each) => each.required === true).map((each) => each.name),
          },
    body: requestBody?.content['application/json']?.schema,
    bodyRequired: requestBody?.required === true,
    file: Object.keys(requestBody?.content ?? {}).find((type) => type !== 'application/json'),
    requestExample: Object.values(requestBody?.content ?? {})[0]?.example,
    fixed: {},
    acceptsIdempotencyKey: method !== 'GET' && takesHeader(parameters, 'Idempotency-Key'),
    acceptsIfMatch: takesHeader(parameters, 'If-Match'),
    response: responseOf(operation, document),
    summary: operation.summary,
    description: operation.description,
    scopes: operation.security.flatMap((each) => Object.values(each).flat()),
  };
}

const takesHeader = (parameters: NonNullable<PathOperation['parameters']>, name: string): boolean =>
  parameters.some((each) => each.in === 'header' && each.name === name);

const camel = (text: string): string => pascal(text).replace(/^./, (letter) => letter.toLowerCase());

/** Removes the resource from the id: `rotateWebhookSecret` of webhooks → `rotateSecret`. */
function methodName(id: string, resource: string): string {
  const singular = resource.replace(/ies$/, 'y').replace(/s$/, '');
  return id.replace(new RegExp(`(?:${resource}|${singular})(?![a-z])`), '');
}

function responseOf({ operationId, responses }: PathOperation, { components }: Document): ResponseShape {
  const done = Object.entries(responses).find(([status]) => status.startsWith('2'))?.[1];
  if (done === undefined) throw new Error(`${operationId} has no 2xx response.`);
  if (done.content === undefined) return { kind: 'nothing' };
  if ('text/event-stream' in done.content) return { kind: 'events' };
  const answer = done.content['application/json']?.schema;
  // A list that is paged by number or by cursor.
  const schema = answer?.anyOf?.[0] ?? answer;
  if (schema === undefined) return { kind: 'text' };
  const { data, ...others } = schema.properties ?? {};
  if (data === undefined) return { kind: 'whole', schema };
  const rest = Object.keys(others);
  if (rest.length === 0) return { kind: 'data', schema: data };
  if (data.items !== undefined && rest.includes('next_cursor')) return { kind: 'cursor', item: data.items };
  if (data.items !== undefined && ['page', 'page_size', 'total'].every((name) => rest.includes(name)))
    return { kind: 'numbered', item: data.items };
  const record = data.$ref === undefined ? data : components.schemas[refName(data.$ref)];
  if (record?.properties === undefined) return { kind: 'whole', schema };
  const twice = rest.find((name) => Object.hasOwn(record.properties ?? {}, name));
  if (twice !== undefined)
    throw new Error(`${operationId} returns a record with the field ${twice}, and another ${twice} next to it.`);
  const { required = [] } = schema;
  return {
    kind: 'data',
    schema: data,
    siblings: { type: 'object', properties: others, required: required.filter((name) => name !== 'data') },
  };
}
