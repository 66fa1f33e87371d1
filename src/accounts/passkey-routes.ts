import { z } from 'zod';
import { listAnswers, listBody, listingOf, listQuery, sliceOf } from '../http/listing.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import { assertSameOrigin } from './cookie.ts';
import type { PasskeyRow } from './passkey-queries.ts';
import type { Passkeys } from './passkeys.ts';
import { passwordMax } from './password.ts';
import { personOf } from './second-factor-routes.ts';
import { clientAt, signedInAnswers, signedInAt } from './session-routes.ts';
import type { SignIn } from './sign-in.ts';

const time = z.iso.datetime();
const tag = 'Accounts';
const noStore = { 'cache-control': 'no-store' };
const bodyBytesMax = 64 * 1_024;
const params = z.object({ id: z.uuid() });
const name = z.string().trim().min(1).max(100).describe('Which device or password manager has it.');

const passkeyShape = z
  .object({ id: z.uuid(), name: z.string(), created_at: time, updated_at: time, last_used_at: time.nullable() })
  .meta({ id: 'Passkey' });
const passkeyExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c44',
  name: 'Laptop',
  created_at: '2026-01-05T09:00:00.000Z',
  updated_at: '2026-01-05T09:00:00.000Z',
  last_used_at: null,
};
const onWire = (row: PasskeyRow) => shown(passkeyShape, row);
const one = (description: string) => ({
  description,
  schema: dataOf(passkeyShape),
  example: { data: passkeyExample },
});

// The JSON of WebAuthn Level 3, §5.1.7 to §5.1.9, with its names; bytes are base64url. Members that are not read are ignored.

const bytes = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);
const challenge = z.string();
const publicKey = z.literal('public-key');
const timeout = z.int().describe('Milliseconds.');

const additionOptionsShape = z
  .object({
    challenge,
    rp: z.object({ id: z.string(), name: z.string() }),
    user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
    pubKeyCredParams: z.array(z.object({ type: publicKey, alg: z.int() })),
    timeout,
    excludeCredentials: z.array(z.object({ id: z.string(), type: publicKey, transports: z.array(z.string()) })),
    authenticatorSelection: z.object({
      residentKey: z.literal('required'),
      requireResidentKey: z.boolean(),
      userVerification: z.literal('required'),
    }),
    attestation: z.literal('none'),
  })
  .meta({ id: 'PasskeyCreationOptions' });
const challengeExample = 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0';
const additionOptionsExample = {
  challenge: challengeExample,
  rp: { id: 'outrider.example.com', name: 'Outrider' },
  user: { id: 'AZnJ8F9OjB6aMwpvL58cQA', name: 'ada@example.com', displayName: 'Ada Lovelace' },
  pubKeyCredParams: [{ type: 'public-key' as const, alg: -7 }],
  timeout: 300_000,
  excludeCredentials: [],
  authenticatorSelection: {
    residentKey: 'required' as const,
    requireResidentKey: true,
    userVerification: 'required' as const,
  },
  attestation: 'none' as const,
};

const signInOptionsShape = z
  .object({ challenge, rpId: z.string(), timeout, userVerification: z.literal('required') })
  .meta({ id: 'PasskeyRequestOptions' });

const credentialId = { id: bytes(1_400), rawId: bytes(1_400), type: publicKey };
/** `clientDataJSON` contains the challenge and the origin. */
const clientDataJSON = bytes(4_096);

const registration = z.looseObject({
  ...credentialId,
  response: z.looseObject({
    clientDataJSON,
    attestationObject: bytes(16_384),
    transports: z.array(z.string().max(32)).max(10).optional(),
  }),
});
const authentication = z.looseObject({
  ...credentialId,
  response: z.looseObject({
    clientDataJSON,
    authenticatorData: bytes(4_096),
    signature: bytes(8_192),
    userHandle: bytes(100).nullish(),
  }),
});

const clientDataExample = (type: 'create' | 'get'): string =>
  Buffer.from(
    JSON.stringify({ type: `webauthn.${type}`, challenge: challengeExample, origin: 'https://outrider.example.com' }),
  ).toString('base64url');
const idExample = { id: 'mCq2sWm3', rawId: 'mCq2sWm3', type: 'public-key' as const };

interface Options {
  readonly passkeys: Passkeys;
  readonly signIn: Pick<SignIn, 'charge' | 'confirmPassword' | 'withPasskey'>;
  readonly publicUrl: () => string;
}

/** Passkeys of the calling person, and signing in with one. */
export const passkeyRoutes = (options: Options): readonly Route[] => [...ownRoutes(options), ...signInRoutes(options)];

function ownRoutes({ passkeys, signIn, publicUrl }: Options): readonly Route[] {
  const clientOf = clientAt(publicUrl);
  const own = { tag, scope: 'any', boundKeys: 'people' } as const;
  const limit = { 409: { description: 'The person has 20 passkeys, which is the limit.' } };
  return [
    route({
      ...own,
      method: 'GET',
      path: '/v1/me/passkeys',
      summary: 'List the passkeys of the calling person, newest first',
      description: 'A key has no passkeys.',
      operationId: 'listPasskeys',
      query: listQuery,
      answers: listAnswers('A page of passkeys.', passkeyShape, passkeyExample),
      handle: async ({ query }, { person }) => {
        const page = listingOf('/v1/me/passkeys', query);
        const all = person === undefined ? [] : await passkeys.of(person.id);
        return { status: 200, body: listBody(query, page, sliceOf(all, page), onWire, { total: all.length }) };
      },
    }),
    route({
      ...own,
      method: 'POST',
      path: '/v1/me/passkeys/options',
      summary: 'Begin to add a passkey',
      description:
        'Returns what `navigator.credentials.create` takes as JSON (`PublicKeyCredential.parseCreationOptionsFromJSON`). Its challenge works once, within 5 minutes. A key has no account: 403.',
      operationId: 'getPasskeyCreationOptions',
      body: z.strictObject({ password: z.string().min(1).max(passwordMax) }),
      bodyExample: { password: 'correct horse battery staple' },
      answers: {
        200: {
          description: 'The options.',
          schema: dataOf(additionOptionsShape),
          example: { data: additionOptionsExample },
        },
        ...limit,
      },
      handle: async (request, principal) => {
        const person = await signIn.confirmPassword(personOf(principal).id, request.body.password, clientOf(request));
        return { status: 200, body: { data: await passkeys.additionOptions(person) }, headers: noStore };
      },
    }),
    route({
      ...own,
      method: 'POST',
      path: '/v1/me/passkeys',
      summary: 'Add a passkey',
      description:
        'Takes what the browser made of the options, as JSON (`toJSON`). At most 20 for a person. A key has no account: 403.',
      operationId: 'addPasskey',
      bodyBytesMax,
      body: z.strictObject({ name, credential: registration }),
      bodyExample: {
        name: 'Laptop',
        credential: {
          ...idExample,
          response: {
            clientDataJSON: clientDataExample('create'),
            attestationObject: 'o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVg',
            transports: ['internal'],
          },
        },
      },
      answers: { 201: one('The passkey.'), ...limit },
      handle: async ({ body }, principal) => ({
        status: 201,
        body: { data: onWire(await passkeys.add(personOf(principal).id, body.name, body.credential)) },
      }),
    }),
    route({
      ...own,
      method: 'PATCH',
      path: '/v1/me/passkeys/:id',
      summary: 'Rename a passkey',
      operationId: 'updatePasskey',
      params,
      body: z.strictObject({ name }),
      bodyExample: { name: 'Old laptop' },
      answers: { 200: one('The passkey.') },
      handle: async ({ params: { id }, body }, principal) => ({
        status: 200,
        body: { data: onWire(await passkeys.rename(personOf(principal).id, id, body.name)) },
      }),
    }),
    route({
      ...own,
      method: 'DELETE',
      path: '/v1/me/passkeys/:id',
      summary: 'Remove a passkey',
      description: 'It does not sign in any more. Sessions that began with it continue.',
      operationId: 'removePasskey',
      params,
      answers: { 204: { description: 'Removed.' } },
      handle: async ({ params: { id } }, principal) => {
        await passkeys.remove(personOf(principal).id, id);
        return { status: 204 };
      },
    }),
  ];
}

function signInRoutes({ passkeys, signIn, publicUrl }: Options): readonly Route[] {
  const clientOf = clientAt(publicUrl);
  const signedIn = signedInAt(publicUrl);
  return [
    route({
      method: 'POST',
      path: '/v1/sessions/passkey/options',
      tag,
      summary: 'Begin to sign in with a passkey',
      description:
        'Returns what `navigator.credentials.get` takes as JSON (`PublicKeyCredential.parseRequestOptionsFromJSON`). It names no account. Its challenge works once, within 5 minutes. Counts as an attempt of the address.',
      scope: null,
      operationId: 'getPasskeySignInOptions',
      answers: {
        200: {
          description: 'The options.',
          schema: dataOf(signInOptionsShape),
          example: {
            data: {
              challenge: challengeExample,
              rpId: 'outrider.example.com',
              timeout: 300_000,
              userVerification: 'required' as const,
            },
          },
        },
        403: signedInAnswers[403],
      },
      handle: async (request) => {
        assertSameOrigin('POST', request.headers, publicUrl(), { cookie: false });
        await signIn.charge(clientOf(request));
        return { status: 200, body: { data: await passkeys.signInOptions() }, headers: noStore };
      },
    }),
    route({
      method: 'POST',
      path: '/v1/sessions/passkey',
      tag,
      summary: 'Sign in with a passkey',
      description:
        'Takes what the browser made of the options, as JSON (`toJSON`), and sets the cookie of a session as `POST /v1/sessions` does. It needs no `code`: the authenticator has verified the person. At most 20 attempts a minute from an address.',
      scope: null,
      operationId: 'signInWithPasskey',
      bodyBytesMax,
      body: z.strictObject({ credential: authentication }),
      bodyExample: {
        credential: {
          ...idExample,
          response: {
            clientDataJSON: clientDataExample('get'),
            authenticatorData: 'SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MdAAAAAQ',
            signature: 'MEUCIQDm',
            userHandle: 'AZnJ8F9OjB6aMwpvL58cQA',
          },
        },
      },
      answers: signedInAnswers,
      handle: async (request) => {
        assertSameOrigin('POST', request.headers, publicUrl(), { cookie: false });
        return signedIn(await signIn.withPasskey(request.body.credential, clientOf(request)));
      },
    }),
  ];
}
