/** What a template knows. `undefined`, null and blank texts count as missing. */
export type Fields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** The values of one message. Names of fields may be in either spelling; both are understood. */
export interface Values {
  /** `first_name`, `company` and so on: printed by `{{first_name}}` or `{{firstName}}`. */
  readonly contact: Fields;
  /** Printed by `{{custom.plan}}`, and by `{{plan}}` if nothing else has the name. */
  readonly custom: Fields;
  readonly sender: Fields;
  readonly campaign: Fields;
  readonly unsubscribe_url: string;
  /** Names the lead in a booking link, so that a booking is matched whatever address it is made with. */
  readonly lead_token: string;
}

type Scope = Record<string | symbol, unknown>;

const snakeCase = (name: string): string =>
  name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '_')
    .toLowerCase();
const camelCase = (name: string): string =>
  snakeCase(name).replaceAll(/_+([\p{L}\p{N}])/gu, (_, letter: string) => letter.toUpperCase());

/** The names by which a field can be printed. */
export const spellings = (name: string): readonly string[] => [...new Set([name, snakeCase(name), camelCase(name)])];

/** Sets what is not missing, without overwriting: first the names as they are, then their other spellings. */
function fill(scope: Scope, fields: Fields): void {
  const present = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== null && (typeof value !== 'string' || value.trim() !== ''),
  );
  for (const spelled of [(name: string) => name, snakeCase, camelCase])
    for (const [name, value] of present) if (!Object.hasOwn(scope, spelled(name))) scope[spelled(name)] = value;
}

const filled = (fields: Fields): Scope => {
  const scope: Scope = Object.create(null) as Scope;
  fill(scope, fields);
  return scope;
};

/** The names that a template may use, without a prototype. */
export function scopeOf({ contact, custom, sender, campaign, unsubscribe_url: url, lead_token: token }: Values): Scope {
  const scope: Scope = Object.create(null) as Scope;
  scope['custom'] = filled(custom);
  scope['sender'] = filled(sender);
  scope['campaign'] = filled(campaign);
  fill(scope, { unsubscribe_url: url, lead_token: token });
  fill(scope, contact);
  fill(scope, custom);
  return scope;
}
