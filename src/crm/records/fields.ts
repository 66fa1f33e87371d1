import { mustBeWellFormed } from '../../base/validation-messages.ts';
import { z } from 'zod';
import { domainWithoutWww } from '../../base/company-domain.ts';
import { unreachable } from '../../base/errors.ts';
import type { Field } from '../../base/records/field.ts';
import { timeZoneOf } from '../../base/time-zone.ts';

/** Text without spaces at its ends; empty text is null. */
export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed(), mustBeWellFormed)
    .transform((value) => (value.trim() === '' ? null : value.trim()));

export const optionalText = (max: number) => text(max).nullable();
export const requiredText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max)
    .refine((value) => value.isWellFormed(), mustBeWellFormed);

const url = z
  .string()
  .trim()
  .max(2_048)
  .refine((value) => value === '' || /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
  .transform((value) => (value === '' ? null : value));

const domain = (max: number) =>
  text(max)
    .refine(
      (value) => value === null || domainWithoutWww(value) !== undefined,
      'must be a domain, such as lovelace.example',
    )
    .transform((value) => (value === null ? null : (domainWithoutWww(value) ?? null)));

const timeZone = (max: number) =>
  text(max)
    .refine(
      (value) => value === null || timeZoneOf(value) !== undefined,
      'must be the name of an IANA time zone, such as Europe/Berlin',
    )
    .transform((value) => (value === null ? null : (timeZoneOf(value) ?? null)));

/** Tags of a record. */
export const tagsMax = 100;
export const tags = z.array(requiredText(100)).max(tagsMax);
const noDay = 'must be an existing date, formatted as YYYY-MM-DD';
const day = z.iso
  .date(noDay)
  // ISO 8601 has a year 0, PostgreSQL has none.
  .refine((value) => value >= '0001', noDay);
/** Addresses of a person as they are shown. */
const emails = z.array(z.object({ email: z.string(), primary: z.boolean() }));
/** The largest value of an `integer` column. */
const countMax = 2_147_483_647;

/** Dates before 1900 are treated as typos. */
export const earliest = new Date('1900-01-01T00:00:00Z');
/** A time with an offset, as a `Date`. */
export const moment = z.iso.datetime({ offset: true }).transform((value) => new Date(value));

/** The schema of a field's value in requests, null aside. */
export function givenSchema({ type, max = 0, choices = [], required }: Field): z.ZodType {
  switch (type) {
    case 'text':
      return required === true ? requiredText(max) : text(max);
    case 'url':
      return url;
    case 'domain':
      return domain(max);
    case 'timezone':
      return timeZone(max);
    case 'id':
      return z.uuid().toLowerCase();
    case 'choice':
      return z.enum(choices);
    case 'flag':
      return z.boolean();
    case 'count':
      return z.int().min(0).max(countMax);
    case 'cents':
      return z.int('must be a whole number of cents');
    case 'day':
      return day;
    case 'moment':
      return moment;
    case 'tags':
      return tags;
    case 'custom':
    case 'json':
      return z.record(z.string().max(100), z.unknown());
    case 'emails':
      throw unreachable('addresses are given by rules of the slice');
  }
}

/** The schema of a field's value in answers, null aside. */
export function shownSchema({ type, choices = [] }: Field): z.ZodType {
  switch (type) {
    case 'text':
    case 'url':
    case 'domain':
    case 'timezone':
      return z.string();
    case 'id':
      return z.uuid();
    case 'choice':
      return z.enum(choices);
    case 'flag':
      return z.boolean();
    case 'count':
    case 'cents':
      return z.int();
    case 'day':
      return z.iso.date();
    case 'moment':
      return z.iso.datetime();
    case 'tags':
      return z.array(z.string());
    case 'custom':
    case 'json':
      return z.record(z.string(), z.unknown());
    case 'emails':
      return emails;
  }
}

/** Descriptions by type, for fields that have none of their own. */
export const typeDescriptions: Partial<Record<Field['type'], string>> = {
  cents: 'In cents.',
  timezone: 'The name of a time zone in the IANA database, such as `Europe/Berlin`.',
};
