import { createHash, createHmac } from 'node:crypto';
import { LiquidError, UndefinedVariableError } from 'liquidjs';
import type { Template } from 'liquidjs';
import { invalid } from '../../base/errors.ts';
import { bodyBytesMax, contentProblems, subjectCharactersMax, textOfHtml } from '../mime/index.ts';
import { chosen, engineOf, guard, undefinedName } from './engine.ts';
import type { Chosen, Printed } from './engine.ts';
import { hrefProblem } from './links.ts';
import { spin, spinTags, TemplateProblem } from './spintax.ts';
import type { Spun } from './spintax.ts';
import { scopeOf } from './values.ts';
import type { Values } from './values.ts';

export interface Source {
  /** Null: the message answers the one before. */
  readonly subject: string | null;
  readonly body: string;
  readonly format: 'text' | 'html';
}

type Field = 'subject' | 'body';

interface Part {
  readonly field: Field;
  readonly format: 'text' | 'html';
  readonly source: string;
  readonly spun: Spun;
  readonly templates: Template[];
  readonly printed: readonly Printed[];
}

export interface Compiled {
  readonly format: 'text' | 'html';
  readonly subject: Part | null;
  readonly body: Part;
}

export type Rendered =
  | { readonly subject: string; readonly text: string; readonly html: string | null }
  /** Variables without a value and without a default, sorted. */
  | { readonly missing: string[] }
  | { readonly error: string };

const cache = new Map<string, Compiled>();
const cacheMax = 500;

/**
 * Parses a template, and renders it once without values, so that one that is endless is found here. What was compiled is cached.
 * @throws ApiError `validation_failed` with the problem of `subject` or `body`, its line and column
 * @example
 * const compiled = compile({ subject: 'Hi {{ first_name }}', body: '{Hello|Hi}, …', format: 'text' });
 */
export function compile({ subject, body, format }: Source): Compiled {
  const key = createHash('sha256')
    .update(JSON.stringify([subject, body, format]))
    .digest('base64');
  const cached = cache.get(key);
  if (cached !== undefined) return cached;
  const problems: Record<string, string> = {};
  const parsed = (field: Field, source: string, as: 'text' | 'html'): Part | null => {
    const part = sizeProblem(field, source) ?? parse(field, source, as);
    if (typeof part !== 'string') return part;
    problems[field] = part;
    return null;
  };
  const parts = {
    subject: subject === null ? null : parsed('subject', subject, 'text'),
    body: parsed('body', body, format),
  };
  if (parts.body === null || Object.keys(problems).length > 0) throw invalid(problems);
  const compiled = { format, subject: parts.subject, body: parts.body };
  if (cache.size >= cacheMax) cache.clear();
  cache.set(key, compiled);
  return compiled;
}

function sizeProblem(field: Field, source: string): string | undefined {
  if (!source.isWellFormed()) return 'must be well-formed Unicode text';
  if (source.includes('\0')) return 'must not contain NUL characters';
  if (field === 'body') {
    if (source.trim() === '') return 'must not be blank';
    const bytes = Buffer.byteLength(source);
    return bytes > bodyBytesMax
      ? `must have at most ${bodyBytesMax / 1024} KiB; this one has ${Math.ceil(bytes / 1024)} KiB`
      : undefined;
  }
  if (/[\r\n\u2028\u2029]/.test(source)) return 'must not contain line breaks';
  // A template may be longer than what it prints.
  return source.length > 4 * subjectCharactersMax
    ? `must have at most ${4 * subjectCharactersMax} characters`
    : undefined;
}

/** @returns the problem, if there is one */
function parse(field: Field, source: string, format: 'text' | 'html'): Part | string {
  let spun: Spun | undefined;
  try {
    spun = spin(source, format);
    const templates = engineOf(format).parse(spun.text);
    const part = { field, format, source, spun, templates, printed: guard(templates) };
    const tried = printPart(part, {
      ...scopeOf({
        contact: {},
        custom: {},
        sender: {},
        campaign: {},
        unsubscribe_url: 'https://example.com',
        lead_token: 'lead',
      }),
      [chosen]: { choose: () => 0, missing: new Set<string>() },
    });
    if (typeof tried !== 'string' && 'error' in tried) return tried.error;
    const href = format === 'html' ? hrefProblem(source) : undefined;
    return href ?? part;
  } catch (error) {
    return problemOf(error, source, spun);
  }
}

/** An error of parsing or rendering, for the author of the template. */
function problemOf(error: unknown, source: string, spun: Spun | undefined): string {
  if (error instanceof TemplateProblem) return `${error.message} (${placeOf(source, error.offset)})`;
  if (error instanceof RangeError) return 'nests tags too deeply';
  if (!LiquidError.is(error)) throw error;
  // `is` does not narrow it to a class with these fields.
  const { token, message, originalError } = error as LiquidError;
  if (originalError instanceof RangeError) return 'nests tags too deeply';
  const text = (originalError?.message ?? message).replace(/, line:\d+, col:\d+$/, '');
  if (/limit exceeded/.test(text)) return 'takes too long or prints too much; it may print 2,000,000 characters';
  const said = text.includes('"spin_') ? 'has a tag that is not closed within its alternative of a group' : text;
  const place = spun !== undefined && token.input === spun.text ? placeOf(source, spun.sourceOffset(token.begin)) : '';
  return place === '' ? said : `${said} (${place})`;
}

function placeOf(source: string, offset: number): string {
  const before = source.slice(0, offset).split('\n');
  return `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** @returns the text, or why there is none */
function printPart(part: Part, scope: object): string | { readonly error: string } | { readonly missing: string } {
  try {
    return String(engineOf(part.format).renderSync(part.templates, scope));
  } catch (error) {
    if (error instanceof UndefinedVariableError) return { missing: undefinedName(error) };
    return { error: problemOf(error, part.source, part.spun) };
  }
}

/**
 * What a message says: the same for the same values and seed.
 * @param seed chooses the alternatives of groups
 * @example
 * render(compiled, values, seed); // { subject: 'Hi Ada', text: 'Hello, …', html: null }
 */
export function render({ format, subject, body }: Compiled, values: Values, seed: Buffer): Rendered {
  const missing = new Set<string>();
  const errors: string[] = [];
  const scope = scopeOf(values);
  const print = (part: Part): string => {
    const own: Chosen = { missing, choose: (group, count) => choice(seed, `${part.field} ${group}`, count) };
    const printed = printPart(part, Object.assign(Object.create(null) as object, scope, { [chosen]: own }));
    if (typeof printed === 'string') return printed;
    if ('error' in printed) errors.push(`${part.field}: ${printed.error}`);
    else missing.add(printed.missing);
    return '';
  };
  const printed = { subject: subject === null ? '' : oneLine(print(subject)), body: print(body) };
  if (missing.size > 0) return { missing: [...missing].toSorted((a, b) => (a < b ? -1 : 1)) };
  if (subject !== null && printed.subject === '') errors.push('subject: is blank for these values');
  const html = format === 'html' ? printed.body : null;
  const text = html === null ? printed.body : textOfHtml(html);
  const href = html === null ? undefined : hrefProblem(html);
  if (href !== undefined) errors.push(`body: ${href}`);
  const content = { subject: printed.subject, text: text ?? '', html: html ?? '' };
  if (printed.body.trim() === '') errors.push('body: is blank for these values');
  else for (const [field, problem] of Object.entries(contentProblems(content))) errors.push(`${field}: ${problem}`);
  const [error] = errors;
  return error === undefined ? { subject: printed.subject, text: text ?? '', html } : { error };
}

/** Values may have line breaks and other controls, which a header cannot. */
const oneLine = (text: string): string => text.replaceAll(/[\p{Cc}\s]+/gu, ' ').trim();

/** A number below `count` that depends on the seed and the name only. */
const choice = (seed: Buffer, name: string, count: number): number =>
  createHmac('sha256', seed).update(name).digest().readUIntBE(0, 6) % count;

type Variables = readonly { readonly name: string; readonly hasDefault: boolean }[];
const variables = new WeakMap<Compiled, Variables>();

/** The variables that a template prints, sorted, and whether each has a default wherever it is printed. */
export function variablesOf(compiled: Compiled): Variables {
  const known = variables.get(compiled);
  if (known !== undefined) return known;
  const all = [compiled.subject, compiled.body].flatMap((part) => (part === null ? [] : globalsOf(part)));
  const found = [...Map.groupBy(all, ({ name }) => name)]
    .map(([name, uses]) => ({ name, hasDefault: uses.every(({ hasDefault }) => hasDefault) }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  variables.set(compiled, found);
  return found;
}

/** What differs between the messages of a template: nothing, what it prints of its lead, or also what it chooses. */
export const variationOf = ({ subject, body }: Compiled): 'none' | 'values' | 'choices' => {
  const parts = [subject, body].filter((part) => part !== null);
  if (parts.some(({ spun }) => spun.text.includes(`{%${spinTags.group}`))) return 'choices';
  return parts.some(({ printed }) => printed.length > 0) ? 'values' : 'none';
};

/** Without the variables that the template itself sets. */
function globalsOf({ format, templates, printed }: Part): readonly Printed[] {
  const globals = engineOf(format).analyzeSync(templates, { partials: false }).globals;
  return printed.filter(({ name }) => Object.hasOwn(globals, /^[^.[]*/.exec(name)?.[0] ?? ''));
}

/**
 * The variant of a step for a lead: it depends on the seed and the weights only. Null if none is enabled.
 * @example
 * pickVariant(step.variants, seed); // 'b'
 */
export function pickVariant(
  variants: readonly { readonly id: string; readonly weight: number; readonly enabled: boolean }[],
  seed: Buffer,
): string | null {
  const possible = variants.filter(({ weight, enabled }) => enabled && weight > 0);
  const total = possible.reduce((sum, { weight }) => sum + weight, 0);
  let left = (createHmac('sha256', seed).update('variant').digest().readUIntBE(0, 6) / 2 ** 48) * total;
  for (const { id, weight } of possible) {
    left -= weight;
    if (left < 0) return id;
  }
  return possible.at(-1)?.id ?? null;
}
