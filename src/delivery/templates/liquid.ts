import { filters as allFilters, Liquid, LiquidError, tags as allTags } from 'liquidjs';
import type { Template } from 'liquidjs';
import { cut } from '../../base/cut.ts';
import { isJson } from './body-template.ts';

/** Liquid without files, without the time of day, without chance, and with limits. Runs in a thread of its own. */

export interface Question {
  readonly template: string;
  readonly contentType: string;
  /** JSON objects. */
  readonly variables: string;
  readonly data: string;
}

export type Rendered =
  | { readonly kind: 'body'; readonly text: string }
  /** `message`: what is wrong with the template, with the line. */
  | { readonly kind: 'failed'; readonly message: string };

export const outputBytesMax = 256 * 1024;
/** Characters and items that a template may make on the way. */
const memoryMax = 4_000_000;
/** In real time, in which a busy machine may also do something else: ordinary templates take a millisecond. */
const renderMaxMs = 500;
const parsedMax = 100;

const tagNames = ['assign', 'capture', 'case', 'comment', 'for', 'break', 'continue', 'if', 'unless', 'raw', '#'];
const withoutFilters = ['json', 'inspect', 'date_to_xmlschema', 'date_to_rfc822', 'sample', 'raw'];

function createLiquid(): Liquid {
  const liquid = new Liquid({
    strictFilters: true,
    ownPropertyOnly: true,
    templates: {},
    dynamicPartials: false,
    locale: 'en-US',
    timezoneOffset: 0,
    memoryLimit: memoryMax,
    renderLimit: renderMaxMs,
  });
  for (const name of Object.keys(allTags)) if (!tagNames.includes(name)) delete liquid.tags[name];
  for (const name of Object.keys(allFilters)) if (withoutFilters.includes(name)) delete liquid.filters[name];
  // A missing value is null, so that the body remains JSON.
  liquid.registerFilter('json', (value: unknown) => JSON.stringify(value ?? null));
  return liquid;
}

/** @returns a function that renders, with a cache of parsed templates */
export function createRenderer(): (question: Question) => Rendered {
  const liquid = createLiquid();
  const parsed = new Map<string, Template[]>();

  function parse(text: string): Template[] {
    const known = parsed.get(text);
    if (known !== undefined) return known;
    const templates = liquid.parse(text);
    if (parsed.size >= parsedMax) parsed.clear();
    parsed.set(text, templates);
    return templates;
  }

  return ({ template, contentType, variables, data }) => {
    try {
      const scope = { ...(JSON.parse(variables) as object), data: JSON.parse(data) as unknown };
      const text = String(liquid.renderSync(parse(template), scope));
      if (Buffer.byteLength(text) > outputBytesMax)
        return { kind: 'failed', message: `the body is larger than ${outputBytesMax / 1024} KiB` };
      return isJson(contentType) ? jsonProblem(text) : { kind: 'body', text };
    } catch (error) {
      return { kind: 'failed', message: messageOf(error) };
    }
  };
}

function jsonProblem(text: string): Rendered {
  try {
    JSON.parse(text);
    return { kind: 'body', text };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      kind: 'failed',
      message: `the body is not JSON (${cut(reason, 200)}); print values with the filter json: {{ data.name | json }}`,
    };
  }
}

/** "line 2, column 7: undefined filter: foo". */
function messageOf(error: unknown): string {
  if (error instanceof RangeError) return 'it is nested too deeply';
  if (!(error instanceof LiquidError)) return cut(error instanceof Error ? error.message : String(error), 300);
  const [, text = error.message, line, column] =
    /^(.*?)(?:, file:.*)?, line:(\d+), col:(\d+)$/s.exec(error.message) ?? [];
  return cut(line === undefined ? text : `line ${line}, column ${column}: ${text}`, 300);
}
