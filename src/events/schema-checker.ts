import type { Clock } from '../base/clock.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { OrganizationId } from '../base/ids.ts';
import type { JsonSchema } from './catalogue.ts';
import { createCompiledSchemas } from './compiled-schemas.ts';
import { answerMs, createSchemaThread } from './schema-thread.ts';

/** Maximum steps of a check on the event loop: about 3 ms in the worst case. */
const stepsMax = 500_000;
/** Longer or heavier schemas are never compiled on the event loop. */
const lengthMax = 4_096;
const weightMax = 2_000;

const tooLong = `takes more than ${answerMs} ms to check against the schema of its type`;

/**
 * Checks data against callers' schemas. Checks that are certain to be quick run on the event loop; others run on a thread, where they
 * delay only their own organization. The thread compiles each schema first, because only then is it known to be small.
 */
export function createSchemaChecker(clock: Clock) {
  const thread = createSchemaThread(clock);
  /** Created with the first schema: loading the 83 files of Ajv would slow down every start. */
  let compiled: ReturnType<typeof createCompiledSchemas> | undefined;
  /** Weights by text, only of schemas that may be compiled on the event loop. */
  const light = new Map<string, number>();

  async function checkLater(
    organizationId: OrganizationId,
    schema: string,
    data: string,
    path: string,
  ): Promise<ErrorDetails | undefined> {
    const answer = await thread.ask(organizationId, { schema, data, path });
    if (answer === 'too long') return { [path]: tooLong };
    if (answer.kind === 'unusable')
      return {
        [path]: `cannot be checked because the schema of its type is not supported: ${sentence(answer.details)}`,
      };
    if (schema.length <= lengthMax && answer.weight <= weightMax) {
      compiled ??= createCompiledSchemas((await import('./type-schema.ts')).compileSchema);
      remember(schema, answer.weight);
    }
    return answer.details;
  }

  function remember(schema: string, weight: number): void {
    // About as many compiled schemas fit into memory; those in use are added again.
    if (light.size >= 1_000) light.clear();
    light.set(schema, weight);
  }

  return {
    /** The faults in `data`, by field below `path`. `schema` and `dataText` are JSON text. @throws ApiError `rate_limit` */
    check(
      organizationId: OrganizationId,
      schema: string,
      data: unknown,
      dataText: string,
      path: string,
    ): ErrorDetails | undefined | Promise<ErrorDetails | undefined> {
      const weight = light.get(schema) ?? Infinity;
      if (compiled === undefined || weight * dataText.length > stepsMax)
        return checkLater(organizationId, schema, dataText, path);
      const check = compiled.get(schema) ?? compiled.compile(schema, JSON.parse(schema) as JsonSchema);
      return check(data, path);
    },

    /** The faults of a new schema and its example. @throws ApiError `rate_limit` */
    async read(
      organizationId: OrganizationId,
      schema: JsonSchema,
      example: unknown,
    ): Promise<ErrorDetails | undefined> {
      const data = example === null ? undefined : JSON.stringify(example);
      const answer = await thread.ask(organizationId, { schema: JSON.stringify(schema), data, path: 'example' });
      return answer === 'too long'
        ? { schema: `takes more than ${answerMs} ms to compile and to check its example` }
        : answer.details;
    },
  };
}

const sentence = (details: ErrorDetails): string =>
  Object.entries(details)
    .map(([field, reason]) => `${field}: ${reason}`)
    .join('; ');
