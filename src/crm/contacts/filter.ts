import type { ContactStatus } from './contact.ts';

/** What a list is cut down to; what is not given does not count. */
export interface ContactFilter {
  /** Text that stands somewhere in name, e-mail address, phone, job title, or company name. */
  readonly search?: string | undefined;
  /** All of them. */
  readonly tags?: readonly string[] | undefined;
  /** Any of them. */
  readonly companyIds?: readonly string[] | undefined;
  readonly sourceIds?: readonly string[] | undefined;
  readonly status?: ContactStatus | undefined;
  /** Deleted ones in place of the live ones. */
  readonly deleted?: boolean | undefined;
}

export interface Slice {
  readonly limit: number;
  readonly offset: number;
  /** Only what is older than this id. */
  readonly before?: string | undefined;
}

export const tagsOf = ({ tags }: ContactFilter): readonly string[] | null =>
  tags === undefined || tags.length === 0 ? null : tags;
