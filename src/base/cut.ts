/** The beginning of a text, never half a surrogate pair: at most `max` UTF-16 units. What was malformed before is replaced by U+FFFD. */
export function cut(text: string, max: number): string {
  const isSplit = text.length > max && (text.codePointAt(max - 1) ?? 0) > 0xffff;
  return text.slice(0, isSplit ? max - 1 : max).toWellFormed();
}
