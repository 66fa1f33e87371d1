/** Truncates a text to at most `max` UTF-16 units, never in the middle of a surrogate pair. Lone surrogates become U+FFFD. */
export function cut(text: string, max: number): string {
  const isSplit = text.length > max && (text.codePointAt(max - 1) ?? 0) > 0xffff;
  return text.slice(0, isSplit ? max - 1 : max).toWellFormed();
}
