import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathItemObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { errorCatalogue } from '../errors.ts';
import type { ErrorName } from '../errors.ts';
import { route, scopesOf } from './route.ts';
import type { Answer, Route } from './route.ts';

/** What is sent to endpoints, for the document's `webhooks` section. */
export interface WebhookDescription {
  readonly summary: string;
  readonly description?: string;
  /** Of the whole body: a zod schema, or JSON Schema (draft 2020-12). */
  readonly schema: z.ZodType | Readonly<Record<string, unknown>>;
  readonly example: unknown;
}

export interface OpenApiOptions {
  readonly routes: readonly Route[];
  readonly version: string;
  /** By event name. */
  readonly webhooks?: Readonly<Record<string, WebhookDescription>>;
  /** Where callers reach this installation, besides where the document came from. */
  readonly publicUrl?: string;
}

export type OpenApiDocument = Readonly<Record<string, unknown>>;

const bearer = 'bearerKey';
const json = 'application/json';

const errorShape = z
  .object({
    error: z.object({
      code: z.string().describe('Stable; decide by it.'),
      message: z.string().describe('For people.'),
      details: z.record(z.string(), z.string()).describe('Each wrong field and what is wrong with it.'),
    }),
  })
  .meta({ id: 'Error' });

/** Where an answer of the catalogue shows an example of its own. */
const examples: Partial<Record<ErrorName, { message: string; details: Record<string, string> }>> = {
  malformed: {
    message: "The body is not valid JSON: Expected ',' or '}' after property value in JSON at position 14",
    details: { body: "Expected ',' or '}' after property value in JSON at position 14" },
  },
  validation_failed: {
    message: 'Invalid request: target_url: is required; colour: unknown field',
    details: { target_url: 'is required', colour: 'unknown field' },
  },
};

const headers = {
  'X-Request-Id': {
    description: 'Yours, when the request had one of at most 128 letters, digits, `_`, `.` and `-`; otherwise made here. It is in our log.',
    schema: { type: 'string' },
  },
  'X-RateLimit-Limit': { description: 'Requests a minute, over all keys of the organization; 2147483647: no ceiling.', schema: { type: 'integer' } },
  'X-RateLimit-Remaining': { description: 'Requests left in this minute.', schema: { type: 'integer' } },
  'X-RateLimit-Reset': { description: 'When the quota is whole again, in Unix seconds.', schema: { type: 'integer' } },
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
} as const;

const headerRefs = (...names: readonly (keyof typeof headers)[]): Record<string, { $ref: string }> =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const everyAnswer = ['X-Request-Id', 'X-RateLimit-Limit', 'X-RateLimit-Remaining', 'X-RateLimit-Reset'] as const;

const componentName = (name: ErrorName): string => name.replaceAll(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase());

const errorResponses: Readonly<Record<ErrorName, ZodOpenApiResponseObject>> = Object.fromEntries(
  (Object.keys(errorCatalogue) as ErrorName[]).map((name) => {
    const { code, meaning } = errorCatalogue[name];
    const example = { error: { code, message: examples[name]?.message ?? meaning, details: examples[name]?.details ?? {} } };
    const waits = name === 'rate_limit' || name === 'unavailable';
    return [
      name,
      {
        id: componentName(name),
        description: meaning,
        headers: headerRefs(...everyAnswer, ...(waits ? (['Retry-After'] as const) : [])),
        content: { [json]: { schema: errorShape, example } },
      },
    ];
  }),
) as unknown as Record<ErrorName, ZodOpenApiResponseObject>;

/** The errors a route can answer by the way it is called; what it says itself comes on top. */
function errorsOf(route: Route): ErrorName[] {
  const takesBody = route.method !== 'GET' && (route.body !== undefined || route.streams !== undefined);
  return [
    ...(takesBody ? (['malformed', 'too_large', 'unsupported_media_type'] as const) : []),
    ...(takesBody || route.query !== undefined || route.headers !== undefined ? (['validation_failed'] as const) : []),
    ...(route.scope === null ? [] : (['unauthorized', 'forbidden', 'unavailable'] as const)),
    ...(route.params === undefined ? [] : (['not_found'] as const)),
    'rate_limit',
    'internal',
  ];
}

/**
 * The OpenAPI 3.1 document of these routes. The same routes give the same bytes.
 * @throws Error when two routes have the same operation id, or a schema cannot be described.
 */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  // The vendors' own pages describe their APIs, and two of them share their paths.
  const routes = options.routes.filter((each) => each.undocumented !== true && each.surface === undefined);
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  const operationIds = new Set<string>();
  for (const each of routes) {
    const operation = operationOf(each);
    const operationId = operation.operationId ?? '';
    if (operationIds.has(operationId)) throw new Error(`Two routes have the operation id ${operationId}.`);
    operationIds.add(operationId);
    const path = each.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [each.method.toLowerCase()]: operation };
  }
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'Outrider',
        version: options.version,
        description: 'Outreach backend with a webhook engine. What the API acknowledged has happened, is never lost, and reaches every subscriber.',
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [{ url: '/', description: 'Where this document came from' }, ...(options.publicUrl === undefined ? [] : [{ url: options.publicUrl }])],
      tags: [...new Set(routes.map((each) => each.tag))].map((name) => ({ name })),
      security: [{ [bearer]: [] }],
      paths,
      ...(options.webhooks === undefined ? {} : { webhooks: webhooksOf(options.webhooks) }),
      components: {
        securitySchemes: { [bearer]: { type: 'http', scheme: 'bearer', description: 'An API key: `otr_live_…`, or `otr_test_…` of the sandbox.' } },
        headers,
      },
    },
    {
      override({ jsonSchema, zodSchema, io }) {
        const { def } = zodSchema._zod;
        // Answers may get further fields with a later version; who generates a client must not refuse them.
        if (def.type === 'object' && io === 'output' && def.catchall === undefined) delete jsonSchema.additionalProperties;
        // The bounds of a double say nothing.
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        // The format says it in a word.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      },
    },
  );
  return document as unknown as OpenApiDocument;
}

/** Of every operation on records that belong to the whole organization. */
const boundKeysRefused = 'A key that is bound to a workspace gets 403.';

function operationOf(route: Route): ZodOpenApiOperationObject {
  const counted = route.path.startsWith('/v1/');
  const query = route.query;
  const { params, headers: requestHeaders } = route;
  const description = [route.description, ...(route.boundKeys === 'refused' ? [boundKeysRefused] : [])].filter((part) => part !== undefined).join(' ');
  return {
    operationId: route.operationId ?? operationIdOf(route),
    tags: [route.tag],
    summary: route.summary,
    ...(description === '' ? {} : { description }),
    security: route.scope === null ? [] : [{ [bearer]: scopesOf(route) }],
    ...(params === undefined && query === undefined && requestHeaders === undefined
      ? {}
      : {
          requestParams: {
            ...(params === undefined ? {} : { path: params as z.ZodObject }),
            ...(query === undefined ? {} : { query: query as z.ZodObject }),
            ...(requestHeaders === undefined ? {} : { header: requestHeaders }),
          },
        }),
    ...(route.body === undefined || route.method === 'GET'
      ? {}
      : {
          requestBody: {
            required: !route.body.safeParse({}).success,
            content: { [json]: { schema: route.body, ...(route.bodyExample === undefined ? {} : { example: route.bodyExample }) } },
          },
        }),
    ...(route.streams === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { [route.streams]: { schema: z.string(), ...(route.bodyExample === undefined ? {} : { example: route.bodyExample }) } },
          },
        }),
    responses: responsesOf(route, counted),
  };
}

function responsesOf(route: Route, counted: boolean): ZodOpenApiResponsesObject {
  const own = Object.entries(route.answers).map(([status, answer]): [string, ZodOpenApiResponseObject] => [
    status,
    responseOf(Number(status), answer, counted),
  ]);
  const said = new Set(own.map(([status]) => status));
  const errors = counted ? errorsOf(route).map((name): [string, ZodOpenApiResponseObject] => [String(errorCatalogue[name].status), errorResponses[name]]) : [];
  return Object.fromEntries([...own, ...errors.filter(([status]) => !said.has(status))]) as ZodOpenApiResponsesObject;
}

function responseOf(status: number, answer: Answer, counted: boolean): ZodOpenApiResponseObject {
  const error = (Object.keys(errorCatalogue) as ErrorName[]).find((name) => errorCatalogue[name].status === status);
  const head = { description: answer.description, ...(counted ? { headers: headerRefs(...everyAnswer) } : {}) };
  if (answer.schema !== undefined) {
    return {
      ...head,
      content: { [answer.contentType ?? json]: { schema: answer.schema, ...(answer.example === undefined ? {} : { example: answer.example }) } },
    };
  }
  if (error === undefined || !counted) return head;
  return {
    ...head,
    content: {
      [json]: { schema: errorShape, example: answer.example ?? { error: { code: errorCatalogue[error].code, message: answer.description, details: {} } } },
    },
  };
}

function webhooksOf(webhooks: Readonly<Record<string, WebhookDescription>>): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(webhooks).map(([name, { summary, description, schema, example }]) => [
      name,
      {
        post: {
          operationId: `on${pascal(name)}`,
          summary,
          ...(description === undefined ? {} : { description }),
          security: [],
          requestBody: { required: true, content: { [json]: { schema: schema as z.ZodType, example } } },
          responses: { '2XX': { description: 'Delivered. Any other answer, or none in time, is tried again.' } },
        },
      },
    ]),
  ) as ZodOpenApiPathsObject;
}

const pascal = (text: string): string => text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `GET /v1/webhooks/:id/stats` → `getWebhooksByIdStats`. */
function operationIdOf({ method, path }: Route): string {
  const words = path
    .replace(/^\/v1\//, '/')
    .split('/')
    .filter((part) => part !== '');
  return method.toLowerCase() + words.map((word) => (word.startsWith(':') ? `By${pascal(word.slice(1))}` : pascal(word))).join('');
}

/** Serves the document, made when it is first asked for: by then every route is known, this one too. */
export function openApiRoute(document: () => OpenApiDocument): Route {
  let text: string | undefined;
  return route({
    method: 'GET',
    path: '/v1/openapi.json',
    tag: 'API',
    summary: 'This document',
    scope: null,
    operationId: 'getOpenApi',
    answers: { 200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }), example: { openapi: '3.1.0' } } },
    handle: () => ({ status: 200, body: (text ??= JSON.stringify(document())), headers: { 'content-type': 'application/json; charset=utf-8' } }),
  });
}
