import { z } from 'zod';

/** The fields that kinds of records have in common, as they are given and shown. Empty text is the same as none. */

export const text = (max: number) =>
  z
    .string()
    .max(max)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode')
    .transform((value) => (value.trim() === '' ? null : value.trim()));

export const optionalText = (max: number) => text(max).nullable();
export const requiredText = (max: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(max)
    .refine((value) => value.isWellFormed(), 'must be well-formed Unicode');

export const url = z
  .string()
  .trim()
  .max(2_048)
  .refine((value) => value === '' || /^https?:$/.test(URL.parse(value)?.protocol ?? ''), 'must be an http or https URL')
  .transform((value) => (value === '' ? null : value))
  .nullable();

export const tags = z.array(requiredText(100)).max(100);
/** JavaScript holds whole numbers exactly up to here. */
export const cents = z.int('must be a whole number of cents').nullable();
const noDay = 'must be a day that exists, as YYYY-MM-DD';
export const day = z.iso
  .date(noDay)
  // ISO 8601 has a year 0, PostgreSQL has none.
  .refine((value) => value >= '0001', noDay)
  .nullable();
/** What is said to have been before is a slip of the pen. */
export const earliest = new Date('1900-01-01T00:00:00Z');
export const customValues = z
  .record(z.string().max(100), z.unknown())
  .describe("The organization's own fields, by key; null takes a value away.");

export const address = {
  address: optionalText(500),
  city: optionalText(200),
  state: optionalText(200),
  zip_code: optionalText(40),
  country: optionalText(100),
};
