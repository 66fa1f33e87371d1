import { ApiError } from '../../base/errors.ts';
import type { Step } from '../campaigns/index.ts';
import { readableFields } from '../leads/index.ts';
import type { Wanted } from '../leads/index.ts';
import { compile, spellings, variablesOf, variationOf } from '../templates/index.ts';
import type { Compiled } from '../templates/index.ts';
import { compose } from './compose.ts';
import type { Composed, ComposeInput, Refused, StepText } from './compose.ts';
import { engine } from './composer.ts';

/** A text that leads get: the one of a step, or of a variant that is in use. */
export interface Text {
  /** Where it is, such as `sequence.1.variants.0`. */
  readonly field: string;
  /** The place of its step, from 0. */
  readonly step: number;
  readonly source: Omit<StepText, 'variants'>;
  readonly compiled: Compiled;
}

/** The texts of a sequence. Those that are no templates are left out: they are reported as such. */
export const textsOf = (steps: readonly Step[]): Text[] =>
  steps.flatMap(({ subject, body, format, variants }, step) => {
    const used = variants.flatMap((variant, place) =>
      variant.enabled && variant.weight > 0
        ? [{ path: `.variants.${place}`, subject: variant.subject ?? subject, body: variant.body ?? body }]
        : [],
    );
    return (used.length > 0 ? used : [{ path: '', subject, body }]).flatMap(({ path, ...text }): Text[] => {
      const source = { ...text, format };
      const compiled = compiledOf(source);
      return compiled === undefined ? [] : [{ field: `sequence.${step}${path}`, step, source, compiled }];
    });
  });

function compiledOf(source: Parameters<typeof compile>[0]): Compiled | undefined {
  try {
    return compile(source);
  } catch (error) {
    if (error instanceof ApiError) return undefined;
    throw error;
  }
}

/** Whether a variable is the same for all leads. */
export const isShared = (name: string): boolean => /^(?:sender|campaign)\b|^(?:unsubscribe_url|lead_token)$/.test(name);
const custom = /^custom(?:\.([\p{L}\p{N}_-]+)|\[["'](.+)["']\])$/u;

/**
 * The variables of texts that need a value of each lead, with where that can come from.
 * @param keys of custom fields
 * @example
 * wantedOf(texts, ['seats']); // [{ field: 'first_name', keys: [] }, { field: null, keys: ['seats'] }]
 */
export function wantedOf(texts: readonly Text[], keys: readonly string[]): Wanted[] {
  const names = new Set(
    texts.flatMap(({ compiled }) =>
      variablesOf(compiled).flatMap(({ name, hasDefault }) => (hasDefault ? [] : [name])),
    ),
  );
  const wanted = [...names].flatMap((name): Wanted[] => {
    if (isShared(name)) return [];
    const [isCustom, dotted, quoted] = custom.exec(name) ?? [];
    const own = dotted ?? quoted ?? name;
    const field =
      isCustom === undefined ? ([...readableFields].find((each) => spellings(each).includes(own)) ?? null) : null;
    const sources = keys.filter((key) => spellings(key).includes(own));
    return field === null && sources.length === 0 ? [] : [{ field, keys: sources }];
  });
  return [...new Map(wanted.map((each) => [JSON.stringify(each), each])).values()];
}

/** A follow-up without a subject answers this one. */
const before = { messageId: '<before@validation.invalid>', subject: 'before' } as const;
const seeds = Array.from({ length: 8 }, (_, index) => Buffer.from(`validation ${index}`));

/**
 * Composes a text with values. `thoroughly`: with some seeds, if it chooses among alternatives.
 * @returns what is refused, and the last message
 */
export function tried(
  { source, compiled, step }: Text,
  { values, unsubscribe, links }: Pick<ComposeInput, 'values' | 'unsubscribe' | 'links'>,
  thoroughly: boolean,
): { readonly refused: readonly Refused[]; readonly message: Composed | undefined } {
  const refused: Refused[] = [];
  let message: Composed | undefined;
  for (const seed of seeds.slice(0, thoroughly && variationOf(compiled) === 'choices' ? seeds.length : 1)) {
    const made = compose(
      { ...engine, compile: () => compiled },
      { step: { ...source, variants: [] }, values, unsubscribe, links, earlier: step === 0 ? [] : [before], seed },
    );
    if (made.kind === 'message') message = made;
    else refused.push(made);
  }
  return { refused, message };
}
