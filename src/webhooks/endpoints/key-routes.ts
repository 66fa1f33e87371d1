import { z } from 'zod';
import type { OrganizationId } from '../../base/ids.ts';
import { route } from '../../http/route.ts';
import type { Route } from '../../http/route.ts';
import type { SigningKeys } from './signing-keys.ts';

const tag = 'Webhooks';

const keyAnswers = {
  200: {
    description: 'JSON Web Keys (RFC 8037), each also in the Standard Webhooks format.',
    schema: z.object({
      keys: z.array(
        z.object({
          kid: z.uuid(),
          kty: z.literal('OKP'),
          crv: z.literal('Ed25519'),
          alg: z.literal('EdDSA'),
          use: z.literal('sig'),
          x: z.string(),
          public_key: z.string(),
        }),
      ),
    }),
    example: {
      keys: [
        {
          kid: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1f00',
          kty: 'OKP',
          crv: 'Ed25519',
          alg: 'EdDSA',
          use: 'sig',
          x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
          public_key: 'whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=',
        },
      ],
    },
  },
};

/** The public keys of ed25519 signatures, open to anyone. */
export function keyRoutes({ signingKeys }: { readonly signingKeys: SigningKeys }): readonly Route[] {
  return [
    route({
      method: 'GET',
      path: '/.well-known/webhook-keys',
      tag,
      summary: 'List the public keys of ed25519 signatures',
      description:
        'One key per organization; compare it with the `public_key` of your endpoint. A receiver must trust only the key of its sender, not every key in this list.',
      scope: null,
      operationId: 'listWebhookKeys',
      answers: keyAnswers,
      handle: async () => ({
        status: 200,
        body: { keys: await signingKeys.published() },
        headers: { 'cache-control': 'public, max-age=60' },
      }),
    }),
    route({
      method: 'GET',
      path: '/.well-known/webhook-keys/:organization',
      tag,
      summary: 'List the public keys of one organization',
      description:
        'The keys that a receiver trusts: those of its sender, which is `organization_id` of a delivery or `id` of `GET /v1/organization`. Empty if the organization has no key.',
      scope: null,
      operationId: 'listOrganizationWebhookKeys',
      params: z.object({ organization: z.uuid().toLowerCase() }),
      answers: keyAnswers,
      handle: async ({ params }) => ({
        status: 200,
        body: { keys: await signingKeys.published(params.organization as OrganizationId) },
        headers: { 'cache-control': 'public, max-age=60' },
      }),
    }),
  ];
}
