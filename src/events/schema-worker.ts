/** The thread, started by schema-thread.ts, that compiles callers' schemas and checks data against them. A question may take any time. */
import { parentPort } from 'node:worker_threads';
import type { JsonSchema } from './catalogue.ts';
import { createCompiledSchemas } from './compiled-schemas.ts';
import type { Answer, Question } from './schema-thread.ts';
import { weightOf } from './schema-weight.ts';
import { compileSchema, problemsOf } from './type-schema.ts';

const compiled = createCompiledSchemas(compileSchema);

function answer({ schema, data, path }: Question): Answer {
  try {
    const parsed = JSON.parse(schema) as JsonSchema;
    let check = compiled.get(schema);
    if (check === undefined) {
      const details = problemsOf(parsed);
      if (details !== undefined) return { kind: 'unusable', details };
      check = compiled.compile(schema, parsed);
    }
    return {
      kind: 'checked',
      details: data === undefined ? undefined : check(JSON.parse(data), path),
      weight: weightOf(parsed),
    };
  } catch (error) {
    // A recursion as deep as the data can overflow the stack.
    return {
      kind: 'checked',
      details: {
        [path]: error instanceof RangeError ? 'is nested too deeply for the schema of its type' : String(error),
      },
      weight: Infinity,
    };
  }
}

parentPort?.on('message', (question: Question) => parentPort?.postMessage(answer(question)));
parentPort?.postMessage('ready');
