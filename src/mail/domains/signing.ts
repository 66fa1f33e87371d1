import type { OrganizationId } from '../../base/ids.ts';

/** An own DKIM key that DNS has shown. */
export interface SigningKey {
  readonly domain: string;
  readonly selector: string;
  /** PKCS #8, PEM. Never log or return it. */
  readonly privateKey: string;
}

/** Returns the newest verified key of a domain. Do not sign with it for Google and Microsoft mailboxes: these providers sign. */
export type SigningKeyOf = (organizationId: OrganizationId, domain: string) => Promise<SigningKey | undefined>;
