import { z } from 'zod';
import { ApiError } from '../base/errors.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Principal, Route, RouteRequest } from '../http/route.ts';
import { passwordMax } from './password.ts';
import type { SecondFactor } from './second-factor.ts';
import type { Client, SignIn } from './sign-in.ts';

const tag = 'Accounts';
const noStore = { 'cache-control': 'no-store' };

const stateShape = z
  .object({
    totp: z.boolean().describe('Signing in needs a one-time password.'),
    recovery_codes_left: z.int().min(0),
  })
  .meta({ id: 'SecondFactor' });

const enrolledShape = z
  .object({
    secret: z.string().describe('In base32, to be typed into an app.'),
    uri: z.string().describe('The same as an `otpauth:` URI, for a QR code.'),
  })
  .meta({ id: 'EnrolledTotp' });

const codesShape = z
  .object({
    recovery_codes: z.array(z.string()).describe('Each replaces one code, once. Returned only in this response.'),
  })
  .meta({ id: 'RecoveryCodes' });
const codesExample = { recovery_codes: ['k3v7-q2xn-4fxq-9bdm', 'w8zr-hn5c-tj2y-m6pe'] };

const withPassword = z.strictObject({ password: z.string().min(1).max(passwordMax) });
const passwordExample = { password: 'correct horse battery staple' };

/** @throws ApiError `forbidden` for a key */
export function personOf({ person }: Principal): NonNullable<Principal['person']> {
  if (person === undefined) throw new ApiError('forbidden', 'A key has no account: sign in as a person.');
  return person;
}

/** One-time passwords of the calling person. */
export function secondFactorRoutes(
  secondFactor: SecondFactor,
  signIn: Pick<SignIn, 'confirmPassword' | 'charge'>,
  clientOf: (request: Pick<RouteRequest<unknown, unknown, unknown>, 'headers' | 'address'>) => Client,
): readonly Route[] {
  const own = { tag, scope: 'any', boundKeys: 'own' } as const;
  const codes = (description: string) => ({ description, schema: dataOf(codesShape), example: { data: codesExample } });
  return [
    route({
      ...own,
      method: 'GET',
      path: '/v1/me/second-factor',
      summary: 'Get what the calling person signs in with beside the password',
      description: 'A key has no account: 403.',
      operationId: 'getSecondFactor',
      answers: {
        200: {
          description: 'The second factor.',
          schema: dataOf(stateShape),
          example: { data: { totp: true, recovery_codes_left: 10 } },
        },
      },
      handle: async (_request, principal) => {
        const { totp, recoveryCodesLeft } = await secondFactor.state(personOf(principal).id);
        return { status: 200, body: { data: { totp, recovery_codes_left: recoveryCodesLeft } } };
      },
    }),
    route({
      ...own,
      method: 'POST',
      path: '/v1/me/totp',
      summary: 'Enroll an app for one-time passwords',
      description:
        'Returns a new secret, only in this response. It is not in use until `POST /v1/me/totp/confirm`; enrolling again before that replaces it. A key has no account: 403.',
      operationId: 'enrollTotp',
      body: withPassword,
      bodyExample: passwordExample,
      answers: {
        200: {
          description: 'The secret.',
          schema: dataOf(enrolledShape),
          example: {
            data: {
              secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
              uri: 'otpauth://totp/Outrider:ada%40example.com?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Outrider',
            },
          },
        },
        409: { description: 'One-time passwords are in use already.' },
      },
      handle: async (request, principal) => {
        const person = await signIn.confirmPassword(personOf(principal).id, request.body.password, clientOf(request));
        return {
          status: 200,
          body: { data: await secondFactor.enroll(person, principal.organizationId) },
          headers: noStore,
        };
      },
    }),
    route({
      ...own,
      method: 'POST',
      path: '/v1/me/totp/confirm',
      summary: 'Put one-time passwords in use',
      description: 'Takes a code of the app, and returns ten recovery codes. From then on, signing in needs a code.',
      operationId: 'confirmTotp',
      body: z.strictObject({ code: z.string().min(6).max(20) }),
      bodyExample: { code: '287082' },
      answers: {
        200: codes('In use. The recovery codes.'),
        409: { description: 'No app is enrolled, or one-time passwords are in use already.' },
      },
      handle: async (request, principal) => {
        const { id } = personOf(principal);
        await signIn.charge(clientOf(request), `code ${id}`);
        const recovery = await secondFactor.confirm(id, request.body.code.replaceAll(/\s/g, ''));
        return { status: 200, body: { data: { recovery_codes: recovery } }, headers: noStore };
      },
    }),
    route({
      ...own,
      method: 'POST',
      path: '/v1/me/recovery-codes',
      summary: 'Replace the recovery codes',
      description: 'The earlier codes end. A key has no account: 403.',
      operationId: 'renewRecoveryCodes',
      body: withPassword,
      bodyExample: passwordExample,
      answers: { 200: codes('The new codes.'), 409: { description: 'One-time passwords are not in use.' } },
      handle: async (request, principal) => {
        const { id } = await signIn.confirmPassword(personOf(principal).id, request.body.password, clientOf(request));
        return { status: 200, body: { data: { recovery_codes: await secondFactor.renew(id) } }, headers: noStore };
      },
    }),
    route({
      ...own,
      method: 'POST',
      path: '/v1/me/totp/disable',
      summary: 'Turn one-time passwords off',
      description: 'Deletes the secret and the recovery codes. A key has no account: 403.',
      operationId: 'disableTotp',
      body: withPassword,
      bodyExample: passwordExample,
      answers: { 204: { description: 'Off.' }, 409: { description: 'One-time passwords are not in use.' } },
      handle: async (request, principal) => {
        const { id } = await signIn.confirmPassword(personOf(principal).id, request.body.password, clientOf(request));
        await secondFactor.disable(id);
        return { status: 204 };
      },
    }),
  ];
}
