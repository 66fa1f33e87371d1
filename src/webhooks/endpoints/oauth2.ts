import { z } from 'zod';
import { mask } from './request-headers.ts';

/** OAuth 2.0 client credentials of an endpoint (RFC 6749 §4.4). */

/** RFC 6749 appendix A: visible ASCII and spaces. */
const characters = /^[ -~]+$/;
const charactersForm = 'must be printable ASCII';

const shape = {
  token_url: z
    .string()
    .min(1)
    .max(2_048)
    .describe('The token endpoint of the authorization server: https, and not a private address.'),
  client_id: z.string().min(1).max(500).regex(characters, charactersForm),
  scope: z
    .string()
    .min(1)
    .max(1_000)
    .regex(/^[!-~]+( [!-~]+)*$/, 'must be names of printable ASCII, separated by single spaces')
    .nullable()
    .describe('The scopes to request, separated by spaces. null: none.'),
  audience: z
    .string()
    .min(1)
    .max(1_000)
    .regex(characters, charactersForm)
    .nullable()
    .describe('The parameter `audience`, which some servers require. null: none.'),
  client_authentication: z
    .enum(['basic', 'body'])
    .describe('Whether the client id and secret are sent in the header `authorization` (`basic`) or in the body.'),
};

/** As a caller sends it. */
export const oauth2Input = z.strictObject({
  token_url: shape.token_url,
  client_id: shape.client_id,
  client_secret: z
    .string()
    .min(1)
    .max(2_048)
    .regex(characters, charactersForm)
    .describe(`Stored encrypted and shown as \`${mask}\`; sending \`${mask}\` keeps the stored one.`),
  scope: shape.scope.default(null),
  audience: shape.audience.default(null),
  client_authentication: shape.client_authentication.default('basic'),
});
export type OAuth2Input = z.input<typeof oauth2Input>;

/** As the API shows it. */
export const oauth2Shown = z.object({
  token_url: z.string(),
  client_id: z.string(),
  client_secret: z.literal(mask),
  scope: z.string().nullable(),
  audience: z.string().nullable(),
  client_authentication: z.enum(['basic', 'body']),
});

/** As it is stored, without the secret. */
export type StoredOAuth2 = Omit<z.output<typeof oauth2Shown>, 'client_secret'>;

export interface CheckedOAuth2 {
  readonly stored: StoredOAuth2;
  /** Undefined: the stored one stays. */
  readonly secret: string | undefined;
}

export const checkedOAuth2 = ({ client_secret: secret, ...given }: OAuth2Input): CheckedOAuth2 => ({
  stored: {
    token_url: given.token_url,
    client_id: given.client_id,
    scope: given.scope ?? null,
    audience: given.audience ?? null,
    client_authentication: given.client_authentication ?? 'basic',
  },
  secret: secret === mask ? undefined : secret,
});
