/** Readers of the URL's search parameters: what is not as expected is left out, so that an old link still opens. */
export type Raw = Readonly<Record<string, unknown>>;

/** A text, trimmed; undefined when it is empty. */
export function text(value: unknown): string | undefined {
  const trimmed = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
  return trimmed === '' ? undefined : trimmed;
}

/** One of the values; undefined otherwise. @example oneOf(raw.status, ['failed', 'delivered']) */
export const oneOf = <Value extends string>(value: unknown, values: readonly Value[]): Value | undefined =>
  values.find((each) => each === value);

/** A positive whole number. */
export function whole(value: unknown): number | undefined {
  const number = Number(value);
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}
