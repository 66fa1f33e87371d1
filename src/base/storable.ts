/** Whether jsonb, which is UTF-8, can store the value: it contains no lone surrogate. */
export function isStorable(value: unknown): boolean {
  let storable = true;
  JSON.stringify(value, (key, inner: unknown) => {
    if (!key.isWellFormed() || (typeof inner === 'string' && !inner.isWellFormed())) storable = false;
    return inner;
  });
  return storable;
}
