/**
 * One field of a record. From a table of these are derived: the record's types, the schemas of API requests, API answers and events, the
 * columns of SQL statements, what counts as a change, and the columns of imports. The tables are plain data and stand in the lowest layer,
 * because both the event catalogue and the slices above it read them.
 */
export interface Field {
  readonly type: keyof Values;
  /** Of a text: the maximum number of characters. */
  readonly max?: number;
  /** Of an id: the kind of record that it identifies. */
  readonly of?: string;
  readonly choices?: readonly string[];
  /** Of a choice: events published by callers may have any text. */
  readonly open?: true;
  /** A caller must give it; it is never null. */
  readonly required?: true;
  /** Its value when a caller gives none; it is never null. `now`: the time of the request. */
  readonly default?: string | boolean;
  /**
   * Where the value comes from, unless callers set the field directly: `rule`: callers, by additional rules of the slice; `product`:
   * the product; `lookup`: it is read from other tables with the record, such as the name of another record, and not stored with it.
   */
  readonly from?: 'rule' | 'product' | 'lookup';
  /**
   * Import columns that fill it, in addition to those of its own name: lower case, without spaces and punctuation. Of several columns the one named
   * first fills it. Without `headings` no column fills it.
   */
  readonly headings?: readonly string[];
  readonly description?: string;
  /** The description in requests, where it differs. */
  readonly givenDescription?: string;
  /** The value in the examples of the API document. */
  readonly example: unknown;
}

export type Fields = Readonly<Record<string, Field>>;

/** The values of each type of field, null aside. */
interface Values {
  /** Empty text is null. */
  readonly text: string;
  /** An http or https URL. */
  readonly url: string;
  /** A domain that mail can be sent to, in ASCII and lower case. */
  readonly domain: string;
  /** A name of the IANA time zone database, such as `Europe/Berlin`. */
  readonly timezone: string;
  readonly id: string;
  readonly choice: string;
  readonly flag: boolean;
  readonly count: number;
  /** Money as a whole number of cents. */
  readonly cents: number;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly moment: Date;
  /** Never null. */
  readonly tags: string[];
  /** The organization's own fields, by key; never null. */
  readonly custom: Record<string, unknown>;
  /** A JSON object; never null. */
  readonly json: Record<string, unknown>;
  /** The addresses of a person, the primary one first; never null. */
  readonly emails: EmailOf[];
}

/** An address of a person who may have several. */
export interface EmailOf {
  readonly email: string;
  /** Mail is sent to it. */
  readonly primary: boolean;
}

const neverNull: readonly string[] = ['tags', 'custom', 'json', 'emails'] satisfies (keyof Values)[];

type Never =
  | { readonly required: true }
  | { readonly default: unknown }
  | { readonly type: 'tags' | 'custom' | 'json' | 'emails' };
type Value<F extends Field> =
  | (F extends { readonly type: 'choice'; readonly choices: readonly (infer Choice)[] } ? Choice : Values[F['type']])
  | (F extends Never ? never : null);
type JsonOf<V> = V extends Date ? string : V;

/** Whether a value of the field can be null. */
export const isNullable = ({ type, required, default: filled }: Field): boolean =>
  required !== true && filled === undefined && !neverNull.includes(type);

/** The fields as they are read from the database. */
export type RowOf<F extends Fields> = { -readonly [K in keyof F]: Value<F[K]> };
/** The fields as JSON has them. */
export type ShownOf<F extends Fields> = { -readonly [K in keyof F]: JsonOf<Value<F[K]>> };

type GivenValue<V> = V extends string[] ? readonly string[] : V extends Date ? V : V extends object ? Readonly<V> : V;
type GivenKey<F extends Fields> = { [K in keyof F]: F[K] extends { readonly from: string } ? never : K }[keyof F];
type RequiredKey<F extends Fields> = {
  [K in GivenKey<F>]: F[K] extends { readonly required: true } ? K : never;
}[GivenKey<F>];
/** The fields that callers give; one that is left out is not changed. */
export type GivenOf<F extends Fields> = { readonly [K in RequiredKey<F>]: GivenValue<Value<F[K]>> } & {
  readonly [K in Exclude<GivenKey<F>, RequiredKey<F>>]?: GivenValue<Value<F[K]>> | undefined;
};

/** The names of the fields that fit, in the order of the table. */
export const namesOf = <F extends Fields>(fields: F, fits: (field: Field) => boolean): (keyof F & string)[] =>
  Object.entries(fields).flatMap(([name, field]) => (fits(field) ? [name] : []));

export const isGiven = ({ from }: Field): boolean => from === undefined;
export const isStored = ({ from }: Field): boolean => from !== 'lookup';

/** The examples of the fields, by name. */
export const examplesOf = <F extends Fields>(fields: F): ShownOf<F> =>
  Object.fromEntries(Object.entries(fields).map(([name, { example }]) => [name, example])) as ShownOf<F>;

const renamed = 'Renaming the company is reported by its `company.updated` alone.';
/** The description of a `company_name`. */
export const companyName = (without: string): string =>
  `The name of the company with the id \`company_id\`${without}; in an event, the name it had at that time. ${renamed}`;

/** Who looks after a record. */
export const owner = {
  type: 'text',
  max: 255,
  description: 'Who looks after it: an id of your own, or the address of a teammate.',
  example: 'grace@engines.example',
} as const satisfies Field;

/** A postal address. */
export const address = {
  address: { type: 'text', max: 500, example: '12 St James Square' },
  city: { type: 'text', max: 200, example: 'London' },
  state: { type: 'text', max: 200, example: null },
  zip_code: { type: 'text', max: 40, example: 'SW1Y 4JH' },
  country: { type: 'text', max: 100, example: 'GB' },
} as const satisfies Fields;
