import type { OpenApiDocument } from '../../src/http/openapi.ts';

type Json = Readonly<Record<string, unknown>>;

const methods = new Set(['get', 'put', 'post', 'delete', 'patch', 'options', 'head', 'trace']);
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Finds faults of an OpenAPI document, one line each: dangling references; operations without a unique operationId, a summary or
 * responses; undeclared path parameters; JSON bodies and responses without an example.
 */
export function openApiFaults(document: OpenApiDocument): string[] {
  const faults: string[] = [];
  if (document['openapi'] !== '3.1.0') faults.push('openapi: is not 3.1.0');
  visit(document, '#', (value, at) => {
    const reference = value['$ref'];
    if (typeof reference === 'string' && !isObject(resolve(document, reference)))
      faults.push(`${at}: ${reference} is a dangling reference`);
  });
  const names = new Set<string>();
  for (const section of ['paths', 'webhooks']) {
    for (const [path, item] of Object.entries(objectAt(document, section))) {
      for (const [method, operation] of Object.entries(isObject(item) ? item : {})) {
        if (methods.has(method) && isObject(operation))
          faults.push(
            ...operationFaults(document, operation, path, names).map(
              (fault) => `${section} ${method.toUpperCase()} ${path}: ${fault}`,
            ),
          );
      }
    }
  }
  return faults;
}

function operationFaults(document: OpenApiDocument, operation: Json, path: string, names: Set<string>): string[] {
  const faults: string[] = [];
  const name = operation['operationId'];
  if (typeof name !== 'string' || name === '') faults.push('has no operationId');
  else if (names.has(name)) faults.push(`shares the operationId ${name}`);
  else names.add(name);
  if (typeof operation['summary'] !== 'string') faults.push('has no summary');
  const parameters = Array.isArray(operation['parameters']) ? operation['parameters'].filter(isObject) : [];
  for (const [, parameter] of path.matchAll(/\{(\w+)\}/g)) {
    if (!parameters.some((each) => each['in'] === 'path' && each['name'] === parameter && each['required'] === true))
      faults.push(`does not declare {${parameter}}`);
  }
  faults.push(...contentFaults(document, operation['requestBody'], 'its body'));
  const responses = objectAt(operation, 'responses');
  if (Object.keys(responses).length === 0) faults.push('has no responses');
  for (const [status, response] of Object.entries(responses))
    faults.push(...contentFaults(document, response, `its response ${status}`));
  return faults;
}

function contentFaults(document: OpenApiDocument, given: unknown, what: string): string[] {
  const value = isObject(given) && typeof given['$ref'] === 'string' ? resolve(document, given['$ref']) : given;
  const content = isObject(value) ? objectAt(value, 'content')['application/json'] : undefined;
  if (!isObject(content)) return [];
  return [
    ...(isObject(content['schema']) ? [] : [`${what} has no schema`]),
    ...('example' in content || 'examples' in content ? [] : [`${what} has no example`]),
  ];
}

const objectAt = (value: Json, key: string): Json => {
  const found = value[key];
  return isObject(found) ? found : {};
};

function visit(value: unknown, at: string, see: (value: Json, at: string) => void): void {
  if (Array.isArray(value)) value.forEach((each, index) => visit(each, `${at}/${index}`, see));
  if (!isObject(value)) return;
  see(value, at);
  // Examples are data, not schemas.
  for (const [key, each] of Object.entries(value))
    if (key !== 'example' && key !== 'examples') visit(each, `${at}/${key}`, see);
}

function resolve(document: OpenApiDocument, reference: string): unknown {
  if (!reference.startsWith('#/')) return undefined;
  let value: unknown = document;
  for (const part of reference.slice(2).split('/')) {
    const key = decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~');
    if (!isObject(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}
