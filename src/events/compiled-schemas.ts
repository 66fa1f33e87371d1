import type { JsonSchema } from './catalogue.ts';
import type { Check } from './type-schema.ts';

/** Limit on the estimated size of all compiled schemas of a thread. */
const heldBytesMax = 32 * 1024 * 1024;
/** Estimated size of a compiled schema: `fixedBytes` plus `timesText` × its text; 907 KiB were measured for 25 KB of text. */
const fixedBytes = 16 * 1024;
const timesText = 40;

const bytesOf = (text: string): number => fixedBytes + timesText * text.length;

/** A cache of compiled schemas by their text, which evicts the least recently used. */
export function createCompiledSchemas(compile: (schema: JsonSchema) => Check, bytesMax = heldBytesMax) {
  const held = new Map<string, Check>();
  let bytes = 0;
  return {
    get(text: string): Check | undefined {
      const check = held.get(text);
      if (check !== undefined) {
        // Keeps the Map in order of last use.
        held.delete(text);
        held.set(text, check);
      }
      return check;
    },
    compile(text: string, schema: JsonSchema): Check {
      const check = compile(schema);
      held.set(text, check);
      bytes += bytesOf(text);
      for (const oldest of held.keys()) {
        if (bytes <= bytesMax || held.size === 1) break;
        held.delete(oldest);
        bytes -= bytesOf(oldest);
      }
      return check;
    },
    get size() {
      return held.size;
    },
  };
}
