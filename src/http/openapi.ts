import { z } from 'zod';
import { createDocument } from 'zod-openapi';
import type {
  ZodOpenApiOperationObject,
  ZodOpenApiPathItemObject,
  ZodOpenApiPathsObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { ApiError, errorCatalogue } from '../base/errors.ts';
import type { ErrorName } from '../base/errors.ts';
import { native } from './error-answer.ts';
import type { Components } from './openapi-errors.ts';
import { errorResponses, everyAnswer, headerRefs, headers } from './openapi-errors.ts';
import { ifMatchHeader } from './conditional.ts';
import { idempotencyHeader, repetitions } from './idempotency.ts';
import { own } from '../base/own.ts';
import { isConditional, isCounted, route, scopesOf } from './route.ts';
import type { Answer, Reply, Route, Surface } from './route.ts';

/** One kind of delivery, for the document's `webhooks` section. */
export interface WebhookDescription {
  readonly summary: string;
  readonly description?: string;
  /** The whole body, as a zod schema or JSON Schema (draft 2020-12). */
  readonly schema: z.ZodType | Readonly<Record<string, unknown>>;
  /** By name: the body differs between dialects. */
  readonly examples: Readonly<Record<string, unknown>>;
}

export interface OpenApiOptions {
  /** The routes of every API; the document contains those of one. */
  readonly routes: readonly Route[];
  /** The name of a vendor's API; the native API by default. */
  readonly surface?: string;
  readonly version: string;
  /** By event name. */
  readonly webhooks?: Readonly<Record<string, WebhookDescription>>;
  /** Where callers reach this installation, in addition to the server of the document itself. */
  readonly publicUrl?: string;
}

export type OpenApiDocument = Readonly<Record<string, unknown>>;

const json = 'application/json';

type Given<T> = { [Name in keyof T]?: Exclude<T[Name], undefined> };
/** Omits fields that are undefined. */
const given = <T extends object>(fields: T): Given<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Given<T>;

/**
 * Generates the OpenAPI 3.1 document of these routes. The same routes give the same bytes.
 * @throws Error when two routes have the same operation id, or a schema cannot be described
 */
export function openApiDocument(options: OpenApiOptions): OpenApiDocument {
  // One document per API, because two of them have the same paths.
  const routes = options.routes.filter((each) => each.undocumented !== true && each.surface?.name === options.surface);
  const { title, security } = (routes.find((each) => each.surface !== undefined)?.surface ?? native).described;
  const vendor =
    options.surface === undefined
      ? ''
      : ` ${title} formats: the paths, keys, bodies and errors of its API, over the same records.`;
  const paths: Record<string, ZodOpenApiPathItemObject> = {};
  const operationIds = new Set<string>();
  const components: Components = new Map();
  for (const each of routes) {
    const operation = operationOf(each, components);
    const operationId = operation.operationId ?? '';
    if (operationIds.has(operationId)) throw new Error(`Two routes have the operation id ${operationId}.`);
    operationIds.add(operationId);
    const path = each.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...own(paths, path), [each.method.toLowerCase()]: operation };
  }
  const document = createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: options.surface === undefined ? title : `Outrider: ${title} API`,
        version: options.version,
        description: `Outreach backend with a webhook engine. What the API acknowledged has happened, is never lost, and reaches every subscriber.${vendor}`,
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      servers: [
        { url: '/', description: 'The server of this document' },
        ...(options.publicUrl === undefined ? [] : [{ url: options.publicUrl }]),
      ],
      tags: [...new Set(routes.map((each) => each.tag))].map((name) => ({ name })),
      security: Object.keys(security).map((name) => ({ [name]: [] })),
      paths,
      ...given({ webhooks: options.webhooks && webhooksOf(options.webhooks) }),
      components: { securitySchemes: security, headers },
    },
    {
      override({ jsonSchema, zodSchema, io }) {
        const { def } = zodSchema._zod;
        // A later version may add fields to a response; generated clients must not refuse them.
        if (def.type === 'object' && io === 'output' && def.catchall === undefined)
          delete jsonSchema.additionalProperties;
        // The bounds of a double carry no information.
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        // The format implies the pattern.
        if (jsonSchema.format !== undefined) delete jsonSchema.pattern;
      },
    },
  );
  return document as unknown as OpenApiDocument;
}

/** For every operation on records that belong to the whole organization. */
const boundKeysRefused = 'A key bound to a workspace gets 403.';

function operationOf(route: Route, components: Components): ZodOpenApiOperationObject {
  const operationId = route.operationId ?? operationIdOf(route);
  const { surface = native, params: path, query } = route;
  const header = headersOf(route);
  const description = [
    route.description,
    ...(route.boundKeys === 'refused' || route.boundKeys === 'people' ? [boundKeysRefused] : []),
  ];
  return {
    operationId,
    tags: [route.tag],
    summary: route.summary,
    ...given({ description: description.filter((part) => part !== undefined).join(' ') || undefined }),
    security:
      route.scope === null ? [] : Object.keys(surface.described.security).map((name) => ({ [name]: scopesOf(route) })),
    ...given({
      requestParams: [path, query, header].every((each) => each === undefined)
        ? undefined
        : given({ path: path as z.ZodObject | undefined, query: query as z.ZodObject | undefined, header }),
      requestBody: requestBodyOf(route, operationId),
    }),
    responses: responsesOf(route, surface, components),
  };
}

function headersOf(route: Route): z.ZodObject | undefined {
  const shapes = [
    ...(isStored(route) ? [idempotencyHeader.shape] : []),
    ...(isConditional(route) ? [ifMatchHeader.shape] : []),
  ];
  return shapes.reduce<z.ZodObject | undefined>((all, shape) => (all ?? z.object({})).extend(shape), route.headers);
}

/** Vendors' APIs read the `Idempotency-Key`, too, but their documents describe the vendor's API. */
const isStored = ({ creates, surface }: Route): boolean => creates === true && surface === undefined;

/** Whether a repetition is marked as one. */
const isRepeatable = (route: Route): boolean =>
  isStored(route) || route.headers?.shape['Idempotency-Key'] !== undefined;

function requestBodyOf({ method, streams, body, bodyExample: example }: Route, operationId: string) {
  if (streams !== undefined)
    return { required: true, content: { [streams]: { schema: z.string(), ...given({ example }) } } };
  if (body === undefined || method === 'GET') return undefined;
  const schema = namedBody(body, operationId);
  return { required: !body.safeParse({}).success, content: { [json]: { schema, ...given({ example }) } } };
}

/** Generated clients name a type after its component. */
const namedBody = (body: z.ZodType, operationId: string): z.ZodType =>
  body.meta()?.id === undefined ? body.meta({ id: `${pascal(operationId)}Body` }) : body;

function responsesOf(route: Route, surface: Surface, components: Components): ZodOpenApiResponsesObject {
  const answers = isStored(route) ? withRepetitions(route.answers) : route.answers;
  const own = Object.entries(answers).map(([status, answer]): [string, ZodOpenApiResponseObject] => [
    status,
    responseOf(Number(status), answer, route, surface),
  ]);
  const declared = new Set(own.map(([status]) => status));
  return Object.fromEntries([
    ...own,
    ...errorResponses(route, surface, components).filter(([status]) => !declared.has(status)),
  ]) as ZodOpenApiResponsesObject;
}

const withRepetitions = (answers: Route['answers']): Route['answers'] => {
  const { 409: conflict } = answers;
  const description = conflict === undefined ? repetitions : `${conflict.description} Or: ${repetitions}`;
  return { ...answers, 409: { ...conflict, description } };
};

function responseOf(status: number, answer: Answer, route: Route, surface: Surface): ZodOpenApiResponseObject {
  const error = (Object.keys(errorCatalogue) as ErrorName[]).find((name) => errorCatalogue[name].status === status);
  const head = {
    description: answer.description,
    ...(isCounted(route)
      ? { headers: headerRefs(...everyAnswer, ...(status < 300 ? answerHeaders(route, answer) : [])) }
      : {}),
  };
  const { schema, contentType = json, example } = answer;
  if (schema !== undefined)
    return { ...head, content: { [contentType]: { schema, ...given({ example }) }, ...answer.also } };
  if (error === undefined || !isCounted(route)) return head;
  const { body } = surface.errorReply(new ApiError(error, answer.description), route, undefined);
  return { ...head, content: { [json]: { schema: surface.described.error, example: answer.example ?? body } } };
}

function webhooksOf(webhooks: Readonly<Record<string, WebhookDescription>>): ZodOpenApiPathsObject {
  return Object.fromEntries(
    Object.entries(webhooks).map(([name, { summary, description, schema, examples }]) => [
      name,
      {
        post: {
          operationId: `on${pascal(name)}`,
          summary,
          ...given({ description }),
          security: [],
          requestBody: {
            required: true,
            content: { [json]: { schema: schema as z.ZodType, examples: valuesOf(examples) } },
          },
          responses: { '2XX': { description: 'Delivered. Any other response, or a timeout, is retried.' } },
        },
      },
    ]),
  ) as ZodOpenApiPathsObject;
}

const answerHeaders = (route: Route, { schema }: Answer) => [
  ...(isRepeatable(route) ? (['Idempotency-Replayed'] as const) : []),
  ...(route.record !== undefined && schema !== undefined ? (['ETag'] as const) : []),
];

const valuesOf = (examples: Readonly<Record<string, unknown>>): Record<string, { value: unknown }> =>
  Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }]));

const pascal = (text: string): string =>
  text.replaceAll(/(?:^|[^A-Za-z0-9]+)([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** `GET /v1/webhooks/:id/stats` → `getWebhooksByIdStats`. */
function operationIdOf({ method, path }: Route): string {
  const words = path
    .replace(/^(\/api)?\/(v1\/)?/, '/')
    .split(/[/-]/)
    .filter((part) => part !== '');
  return (
    method.toLowerCase() +
    words.map((word) => (word.startsWith(':') ? `By${pascal(word.slice(1))}` : pascal(word))).join('')
  );
}

/**
 * Serves the native API's document and each vendor's. A document is generated on its first request, when all routes are known, these
 * included.
 * @param document generates the document of a vendor's API; undefined: the native API's
 */
export function openApiRoutes(
  vendors: readonly string[],
  document: (vendor: string | undefined) => OpenApiDocument,
): readonly Route[] {
  const texts = new Map<string | undefined, string>();
  const reply = (vendor: string | undefined): Reply => {
    const text = texts.get(vendor) ?? JSON.stringify(document(vendor));
    texts.set(vendor, text);
    return { status: 200, body: text, headers: { 'content-type': 'application/json; charset=utf-8' } };
  };
  const answers = {
    200: { description: 'OpenAPI 3.1', schema: z.looseObject({ openapi: z.string() }), example: { openapi: '3.1.0' } },
  };
  return [
    route({
      method: 'GET',
      path: '/v1/openapi.json',
      tag: 'API',
      summary: 'This document',
      scope: null,
      operationId: 'getOpenApi',
      answers,
      handle: () => reply(undefined),
    }),
    route({
      method: 'GET',
      path: '/v1/openapi/:file',
      tag: 'API',
      summary: "The document of a vendor's API",
      scope: null,
      operationId: 'getVendorOpenApi',
      params: z.object({ file: z.enum(vendors.map(vendorFile)) }),
      answers,
      handle: ({ params }) => reply(vendors.find((vendor) => vendorFile(vendor) === params.file)),
    }),
  ];
}

const vendorFile = (vendor: string): string => `${vendor}.json`;
