import type { Clock } from '../base/clock.ts';
import type { ErrorDetails } from '../base/errors.ts';
import type { OrganizationId } from '../base/ids.ts';
import type { JsonSchema } from './catalogue.ts';
import { createCompiledSchemas } from './compiled-schemas.ts';
import { answerMs, createSchemaThread } from './schema-thread.ts';

/** Steps that a check may take on the event loop: at worst some 3 ms. */
const stepsMax = 500_000;
/** Schemas over this length, or of this weight, are never compiled on the event loop. */
const lengthMax = 4_096;
const weightMax = 2_000;

const tooLong = `takes more than ${answerMs} ms to check against the schema of its type`;

/**
 * Checks data by callers' schemas. What is sure to be quick is done on the spot; what may be long goes to a thread, where it holds up
 * nobody but its own organization. The thread also compiles each schema first: only then is it known to be small.
 */
export function createSchemaChecker(clock: Clock) {
  const thread = createSchemaThread(clock);
  /** Made with the first schema: the 83 files of Ajv would be a part of every start. */
  let compiled: ReturnType<typeof createCompiledSchemas> | undefined;
  /** By the text; of those alone that may be compiled here. */
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
        [path]: `cannot be checked, because the schema of its type is not supported: ${sentence(answer.details)}`,
      };
    if (schema.length <= lengthMax && answer.weight <= weightMax) {
      compiled ??= createCompiledSchemas((await import('./type-schema.ts')).compileSchema);
      remember(schema, answer.weight);
    }
    return answer.details;
  }

  function remember(schema: string, weight: number): void {
    // As many as compiled ones fit into memory; those still in use come back.
    if (light.size >= 1_000) light.clear();
    light.set(schema, weight);
  }

  return {
    /** What is wrong with `data`, by field below `path`. `schema` and `dataText` are JSON text. @throws ApiError `rate_limit` */
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

    /** What is wrong with a new schema and its example. @throws ApiError `rate_limit` */
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
