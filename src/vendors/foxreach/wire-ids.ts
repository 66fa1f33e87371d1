const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export type IdPrefix = 'cld' | 'cmp' | 'rpl' | 'cwh' | 'act';

/** A record's UUID as FoxReach ids look: `cwh_` and 32 hexadecimal digits. Ids from elsewhere, in events that a caller published, stay as they are. */
export const foxreachId = (prefix: IdPrefix, id: unknown): unknown =>
  typeof id === 'string' && uuid.test(id) ? `${prefix}_${id.replaceAll('-', '')}` : id;

/** The UUID behind such an id; undefined when it is none. */
export function uuidOf(prefix: IdPrefix, id: string): string | undefined {
  const digits = new RegExp(`^${prefix}_([0-9a-f]{8})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{12})$`).exec(id);
  return digits === null ? undefined : digits.slice(1).join('-');
}
