const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type IdPrefix = 'cld' | 'cmp' | 'rpl' | 'cwh' | 'act' | 'acc' | 'seq' | 'tpl' | 'eml';

/** Formats a UUID as a FoxReach id: a prefix such as `cwh_` and 32 hexadecimal digits. Other ids, from events that callers publish, stay as they are. */
export const foxreachId = (prefix: IdPrefix, id: unknown): unknown =>
  typeof id === 'string' && uuid.test(id) ? `${prefix}_${id.replaceAll('-', '')}` : id;

/** Parses a FoxReach id of this prefix back into a UUID. Undefined: malformed. */
export function uuidOf(prefix: IdPrefix, id: string): string | undefined {
  const digits = new RegExp(`^${prefix}_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$`).exec(id);
  return digits === null ? undefined : digits.slice(1).join('-');
}
