import type { Contact } from '@outrider/sdk';

const camelCase = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** What a template may name of a contact, in both spellings; blank values are missing. */
export function valuesOf(contact: Contact | undefined): ReadonlyMap<string, string> {
  if (contact === undefined) return new Map();
  const { custom_fields: custom, ...fields } = contact;
  const own = [
    ...Object.entries({ ...fields, company: contact.company_name }),
    ...Object.entries(custom).flatMap(([name, value]) => [[`custom.${name}`, value] as const, [name, value] as const]),
  ];
  return new Map(
    own.flatMap(([name, value]) =>
      (typeof value === 'string' && value.trim() !== '') || typeof value === 'number'
        ? [[name, String(value)] as const, [camelCase(name), String(value)] as const]
        : [],
    ),
  );
}

const printed = /\{\{-?\s*([\w.]+)\s*(?:\|\s*default:\s*(?:"([^"]*)"|'([^']*)')\s*)?-?\}\}/g;
const spun = /(?<![{%])\{([^{}|]*)\|[^{}]*\}(?!\})/g;

/**
 * Fills a text in as far as a page can: values with their defaults, and the first of what is spun. Other Liquid stays as it is.
 * @example fill('{Hi|Hello} {{ first_name | default: "there" }}', values) // 'Hi Ada'
 */
export const fill = (body: string, values: ReadonlyMap<string, string>): string =>
  body.replaceAll(spun, '$1').replaceAll(printed, (whole, name: string, double?: string, single?: string) => {
    return values.get(name) ?? double ?? single ?? whole;
  });

/** What a person has still to fill in; undefined: nothing. */
export const unfilled = (text: string): string | undefined => /\{\{[^{}]*\}\}|\{%[^%]*%\}/.exec(text)?.[0];
