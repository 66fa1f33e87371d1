import type { TextRule } from '../reasons.ts';

/** What one provider's servers say in their own way. */
export interface Provider {
  /** Of the host that answered, in lower case. */
  readonly hosts: RegExp;
  /** Something in the text by which it is recognized where the host is not known. */
  readonly signature?: RegExp;
  /** As `TextRule`; the first that matches decides. */
  readonly rules: readonly TextRule[];
}
