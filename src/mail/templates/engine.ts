import {
  filters as allFilters,
  Liquid,
  Output,
  Tag,
  tags as allTags,
  toValueSync,
  UndefinedVariableError,
} from 'liquidjs';
import type { Context, Emitter, Parser, TagToken, Template, TopLevelToken } from 'liquidjs';
import { spinTags } from './spintax.ts';

/** Liquid without files, without the time of day, without chance, and with limits. */

/** The tags and filters that exist; the others read files, change the values, or compute nothing that a message needs. */
const tagNames = ['assign', 'capture', 'case', 'comment', 'for', 'break', 'continue', 'if', 'unless', 'raw', '#'];
const filterNames = (
  'default raw escape escape_once newline_to_br strip_html url_encode upcase downcase capitalize strip lstrip ' +
  'rstrip strip_newlines normalize_whitespace append prepend remove remove_first remove_last replace ' +
  'replace_first replace_last truncate truncatewords slice split join first last size reverse sort uniq ' +
  'compact concat plus minus times divided_by modulo round ceil floor abs at_least at_most number_of_words ' +
  'date'
).split(' ');

/** Characters of input, of output, and of what is made on the way: each part that is rendered also costs 50. */
const memoryMax = 2_000_000;
/** Only what the other limits do not find takes so long. */
const renderMaxMs = 1_000;
const partCost = 50;

/** What a message chooses, and which variables it missed: under a symbol, so that no template can read it. */
export const chosen: unique symbol = Symbol('chosen');
export interface Chosen {
  /** Which of `count` alternatives a group takes. */
  readonly choose: (group: number, count: number) => number;
  readonly missing: Set<string>;
}

const chosenOf = (context: Context): Chosen => (context.environments as { readonly [chosen]: Chosen })[chosen];

class SpinGroup extends Tag {
  readonly group: number;
  readonly alternatives: Template[][] = [[]];

  constructor(token: TagToken, rest: TopLevelToken[], liquid: Liquid, parser: Parser) {
    super(token, rest, liquid);
    this.group = Number(token.args);
    const stream = parser
      .parseStream(rest)
      .on('template', (template: Template) => this.alternatives.at(-1)?.push(template))
      .on(`tag:${spinTags.or}`, () => this.alternatives.push([]))
      .on(`tag:${spinTags.end}`, () => stream.stop())
      .on('end', () => {
        throw new Error('a tag is not closed within its alternative');
      });
    stream.start();
  }

  *render(context: Context, emitter: Emitter): Generator<unknown, void, unknown> {
    const index = chosenOf(context).choose(this.group, this.alternatives.length);
    yield this.liquid.renderer.renderTemplates(this.alternatives[index] ?? [], context, emitter);
  }

  *children(): Generator<unknown, Template[]> {
    return (yield this.alternatives.flat()) as Template[];
  }
}

class SpinBrace extends Tag {
  render(_context: Context, emitter: Emitter): void {
    emitter.write('{');
  }
}

function createEngine(format: 'text' | 'html'): Liquid {
  const liquid = new Liquid({
    strictVariables: true,
    strictFilters: true,
    lenientIf: true,
    ownPropertyOnly: true,
    templates: {},
    dynamicPartials: false,
    locale: 'en-US',
    timezoneOffset: 0,
    memoryLimit: memoryMax,
    renderLimit: renderMaxMs,
    ...(format === 'html' ? { outputEscape: 'escape' as const } : {}),
  });
  for (const name of Object.keys(allTags)) if (!tagNames.includes(name)) delete liquid.tags[name];
  for (const name of Object.keys(allFilters)) if (!filterNames.includes(name)) delete liquid.filters[name];
  liquid.registerTag(spinTags.group, SpinGroup);
  liquid.registerTag(spinTags.brace, SpinBrace);
  const date = allFilters['date'];
  liquid.registerFilter('date', function date_(this: object, value: unknown, ...rest: unknown[]): unknown {
    if (value === 'now' || value === 'today')
      throw new Error('the current time is not available, because a preview shows what will be sent');
    return typeof date === 'function' ? (date.call(this as never, value, ...rest) as unknown) : value;
  });
  return liquid;
}

const engines = { text: createEngine, html: createEngine };
const created = new Map<'text' | 'html', Liquid>();

/** The engine of a format: one escapes what it prints, the other does not. */
export function engineOf(format: 'text' | 'html'): Liquid {
  let engine = created.get(format);
  if (engine === undefined) created.set(format, (engine = engines[format](format)));
  return engine;
}

/** A variable that a template prints. */
export interface Printed {
  readonly name: string;
  readonly hasDefault: boolean;
}

/** The variable that an output prints, as it is written; undefined for constants. */
function printedOf(output: Output): Printed | undefined {
  const tokens = output.value.initial.postfix;
  const variable = tokens.find((token) => 'props' in token);
  if (variable === undefined) return undefined;
  return {
    name: variable.getText().trim(),
    hasDefault: output.value.filters.some(({ name }) => name === 'default'),
  };
}

/** Every part of a parsed template. */
export function* partsOf(templates: readonly Template[]): Generator<Template, void> {
  for (const template of templates) {
    yield template;
    if (template.children !== undefined) yield* partsOf(toValueSync(template.children(false, true)) as Template[]);
  }
}

/**
 * Makes each part count against the limits, and each output report its variable when it would print nothing and has no default.
 * @returns the variables that are printed
 */
export function guard(templates: readonly Template[]): Printed[] {
  const printed: Printed[] = [];
  for (const part of partsOf(templates)) {
    if (part instanceof Output) {
      const variable = printedOf(part);
      if (variable !== undefined) printed.push(variable);
      part.render = (context, emitter) => print(part, variable, context, emitter);
    } else {
      const render = part.render.bind(part);
      const cost = partCost + (part instanceof Tag ? 0 : part.token.end - part.token.begin);
      part.render = (context: Context, emitter: Emitter): unknown => {
        context.memoryLimit.use(cost);
        return render(context, emitter) as unknown;
      };
    }
  }
  return printed;
}

function* print(
  { value }: Output,
  variable: Printed | undefined,
  context: Context,
  emitter: Emitter,
): Generator<unknown, void, unknown> {
  const { missing } = chosenOf(context);
  try {
    const result = yield* value.value(context, variable?.hasDefault === true);
    const isBlank = result === undefined || result === null || (typeof result === 'string' && result.trim() === '');
    if (isBlank && variable !== undefined && !variable.hasDefault) missing.add(variable.name);
    context.memoryLimit.use(partCost + (typeof result === 'string' ? result.length : 0));
    emitter.write(result);
  } catch (error) {
    if (!(error instanceof UndefinedVariableError)) throw error;
    missing.add(undefinedName(error));
  }
}

/** The variable that an error is about. */
export function undefinedName({ originalError, message }: UndefinedVariableError): string {
  return originalError !== undefined && 'variableName' in originalError ? String(originalError.variableName) : message;
}
