import { z } from 'zod';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { assertSameOrigin } from './cookie.ts';
import type { Resets } from './resets.ts';
import { address, clientAt, newPassword, refusals, secondCode, signedInAnswers, signedInAt } from './session-routes.ts';

const requestedShape = z
  .object({
    sends_mail: z
      .boolean()
      .describe('Whether this installation sends mail. If not, the operator runs `outrider reset-password`.'),
  })
  .meta({ id: 'RequestedPasswordReset' });

const common = { method: 'POST', tag: 'Accounts', scope: null } as const;

/** The routes of people who forgot their password. */
export function resetRoutes({
  resets,
  publicUrl,
}: {
  readonly resets: Resets;
  readonly publicUrl: () => string;
}): readonly Route[] {
  const clientOf = clientAt(publicUrl);
  const signedIn = signedInAt(publicUrl);
  return [
    route({
      ...common,
      path: '/v1/password-resets',
      summary: 'Request a link to set a new password',
      description:
        'Mails a link that works once, for an hour, to a person with this address, and replaces an earlier one. The answer is the same, and takes the same time, whether the address has an account. At most 20 attempts a minute from an address, and 5 an hour for an account.',
      operationId: 'requestPasswordReset',
      body: z.strictObject({ email: address }),
      bodyExample: { email: 'ada@example.com' },
      answers: {
        202: {
          description: 'If the address has an account, the link will be mailed.',
          schema: dataOf(requestedShape),
          example: { data: { sends_mail: true } },
        },
        403: refusals[403],
      },
      handle: async (request) => {
        assertSameOrigin('POST', request.headers, publicUrl(), { cookie: false });
        const sends = await resets.request(request.body.email, clientOf(request));
        return { status: 202, body: { data: { sends_mail: sends } } };
      },
    }),
    route({
      ...common,
      path: '/v1/password-resets/accept',
      summary: 'Set a new password with a link, and sign in',
      description:
        "Ends all sessions of the person. A token works once. An account with one-time passwords needs `code`, too: without it the answer is 401 `second_factor_required`, and the link stays valid. The person's passkeys stay.",
      operationId: 'acceptPasswordReset',
      body: z.strictObject({
        token: z.string().min(1).max(100).describe('Of the link.'),
        password: newPassword,
        code: secondCode,
      }),
      bodyExample: {
        token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
        password: 'seven lean herons at dusk',
      },
      answers: signedInAnswers,
      handle: async (request) => {
        assertSameOrigin('POST', request.headers, publicUrl(), { cookie: false });
        return signedIn(await resets.accept(request.body, clientOf(request)));
      },
    }),
  ];
}
