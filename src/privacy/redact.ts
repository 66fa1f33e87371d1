import { domainToUnicode } from 'node:url';
import { addressKey } from '../base/email-address.ts';
import type { Contact } from '../crm/contacts/index.ts';
import { erased } from '../db/erasure.ts';
import type { Redactor } from '../db/erasure.ts';
import { isUuid } from '../base/ids.ts';
import { numberText, parseExact } from '../base/json-text.ts';
import { addressExpression, anyAt, createFinder, expressionOf, flat } from './spellings.ts';

/** What identifies a person, and what must not remain in anything that mentions them. */
export interface Needles {
  /** Ids of the contact and of others that had its address. */
  readonly contactIds: readonly string[];
  /** The addresses as given, as compared and with their domains in Unicode. */
  readonly addresses: readonly string[];
  /** First and last names. */
  readonly names: readonly string[];
  readonly phones: readonly string[];
}

type Named = Pick<Contact, 'id' | 'emails' | 'first_name' | 'last_name' | 'phone'>;

const given = (values: readonly (string | null)[]): string[] => [
  ...new Set(values.flatMap((value) => (value === null || value.trim() === '' ? [] : [value]))),
];

export const needlesOf = (contacts: readonly Named[]): Needles => ({
  contactIds: contacts.map(({ id }) => id),
  addresses: given(contacts.flatMap(({ emails }) => emails.flatMap(({ email }) => spellingsOf(email)))),
  names: given(contacts.flatMap(({ first_name: first, last_name: last }) => [first, last])),
  phones: given(contacts.map(({ phone }) => phone)),
});

const spellingsOf = (email: string): (string | null)[] => {
  const key = addressKey(email) ?? null;
  return [email, key, inUnicode(key)];
};

/** The address with its domain in Unicode. */
function inUnicode(key: string | null): string | null {
  const at = key?.lastIndexOf('@') ?? -1;
  return key === null || at < 0 ? null : `${key.slice(0, at + 1)}${domainToUnicode(key.slice(at + 1))}`;
}

/** The redactor, and what only `src/privacy` and its tests need. */
export interface PersonRedactor extends Redactor {
  /** Whether the text contains the address anywhere, also within a longer one: for text that is known to be about the person. */
  contains(text: string): boolean;
}

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\/]/g, String.raw`\$&`);

const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/;
/** One word, such as `hard_bounce`, `email.sent`, `msg_abc123`. */
const word = /^[a-z0-9][\w.:-]{0,127}$/i;
/** Members whose value, if it is one word, is an id or a kind. */
const idName = /^id$|_id$|[a-z]Id$/;
const kindName =
  /^(type|kind|status|state|stage|event|provider|dialect|reason|lawful_basis|feedback|direction|outcome|source)$|_type$|[a-z]Type$/;
const timeName = /_at$|[a-z]At$|^timestamp$/;
/** Members that callers compose from other texts: a sign next to an address does not make it part of a longer one. */
const keyMember = /(?:^|_)(?:ids?|keys?|file_?[nN]ames?)$|[a-z](?:Ids?|Keys?|File[Nn]ames?)$/;
const nameMember = /(?:^|_)names?$|[a-z]Names?$/;
/** The organization's custom fields, in which even a number may be personal. */
const ownFields = 'custom_fields';

/**
 * Finds a person in text and redacts JSON about them.
 * @example
 * const redactor = createRedactor(needlesOf([contact]));
 * if (redactor.recordSpeaksOf(json)) redactor.redactJson(json); // '{"to":"[erased]","amount":1}'
 */
export function createRedactor({ contactIds, addresses, names, phones }: Needles): PersonRedactor {
  const unique = [...new Set(addresses.map((address) => address.normalize('NFC').toLowerCase()))];
  const finders = unique.map(createFinder);
  const contact = new RegExp(contactIds.map(expressionOf).join('|') || '(?!)', 'u');
  const own = names.map((each) => each.toLowerCase());
  const digits = phones.map(digitsOf).filter((each) => each.length >= 5);
  const ownWords = [...names, ...phones];
  const ownKey =
    ownWords.length === 0
      ? undefined
      : new RegExp(String.raw`(?<![\p{L}\p{N}_])(?:${ownWords.map(escaped).join('|')})(?![\p{L}\p{N}_])`, 'iu');

  const speaksOf = (text: string): boolean => {
    const searched = flat(text);
    return contact.test(searched) || finders.some(({ asWord }) => asWord(searched));
  };
  const contains = (text: string): boolean => {
    const searched = flat(text);
    return finders.some(({ anywhere }) => anywhere(searched));
  };
  const keySpeaksOf = (key: string): boolean => speaksOf(key) || contains(key);
  const nameSpeaksOf = (name: string): boolean => {
    const searched = flat(name);
    return finders.some(({ inName }) => inName(searched));
  };

  /** Whether a key, id or name in the value contains the address. `speaksOf` has searched the other texts. */
  function isNamedIn(member: string, value: unknown): boolean {
    if (typeof value === 'string')
      return keyMember.test(member) ? contains(value) : nameMember.test(member) && nameSpeaksOf(value);
    if (Array.isArray(value)) return value.some((item: unknown) => isNamedIn(member, item));
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(value).some(([key, inner]) => nameSpeaksOf(key) || isNamedIn(key, inner))
    );
  }

  function recordSpeaksOf(json: string): boolean {
    if (speaksOf(json)) return true;
    // Parse only events that contain the address: almost none do.
    if (!contains(json)) return false;
    try {
      return isNamedIn('', JSON.parse(json));
    } catch {
      // Not JSON, or nested too deep for the stack.
      return false;
    }
  }

  /** Whether a word that looks like an id or a kind contains personal data. */
  const isPersonal = (text: string): boolean => {
    const lower = text.toLowerCase();
    return (
      own.some((each) => lower.includes(each)) || contains(text) || digits.some((each) => digitsOf(text).includes(each))
    );
  };

  function keeps(name: string, value: string): boolean {
    if (isUuid(value)) return true;
    if (isPersonal(value)) return false;
    return (
      (timeName.test(name) && instant.test(value)) ||
      ((idName.test(name) || kindName.test(name) || name === 'changed') && word.test(value))
    );
  }

  function redacted(name: string, value: unknown, inOwnFields: boolean): unknown {
    if (typeof value === 'string') return !inOwnFields && keeps(name, value) ? value : erased;
    const number = numberText(value);
    if (number !== undefined) return inOwnFields || digits.some((each) => number.includes(each)) ? null : value;
    if (typeof value === 'boolean') return inOwnFields ? null : value;
    // Items have the name of their list.
    if (Array.isArray(value)) return value.map((item: unknown) => redacted(name, item, inOwnFields));
    if (typeof value !== 'object' || value === null) return value;
    // A null prototype, because a member may be named `__proto__`.
    const result = Object.create(null) as Record<string, unknown>;
    for (const [key, member] of Object.entries(value)) {
      const personal = contains(key) || ownKey?.test(key) === true;
      result[personal ? erased : key] = redacted(key, member, inOwnFields || key === ownFields);
    }
    return result;
  }

  return {
    expression: unique.map(addressExpression).join('|') || null,
    anyAt,
    speaksOf,
    recordSpeaksOf,
    keySpeaksOf,
    contains,
    redactJson(text) {
      try {
        return JSON.stringify(redacted('', parseExact(text), false));
      } catch {
        return JSON.stringify({ erased: true });
      }
    },
  };
}

const digitsOf = (text: string): string => text.replaceAll(/\D/g, '');
