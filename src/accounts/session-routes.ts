import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { alertAddressProblem, assertScopes, grants } from '../auth/index.ts';
import { ApiError, notFound } from '../base/errors.ts';
import { listAnswers, listBody, listingOf, listQuery, sliceOf } from '../http/listing.ts';
import { dataOf } from '../http/page.ts';
import { route } from '../http/route.ts';
import type { Reply, Route } from '../http/route.ts';
import { shown } from '../http/shown.ts';
import type { Deps } from '../ops/index.ts';
import { assertSameOrigin, cookieFor, tokenIn } from './cookie.ts';
import { passwordMax, passwordMin } from './password.ts';
import * as queries from './queries.ts';
import { sessionMs } from './sign-in.ts';
import type { Client, SignedIn, SignIn } from './sign-in.ts';

const time = z.iso.datetime();
const tag = 'Accounts';

export const personShape = z.object({ id: z.uuid(), email: z.string(), name: z.string() }).meta({ id: 'Person' });

export const personExample = {
  id: '0199c9f0-5f4e-8c1e-9a33-0a6f2f9f1c40',
  email: 'ada@example.com',
  name: 'Ada Lovelace',
};

const sessionShape = z
  .object({
    id: z.uuid(),
    user_agent: z.string().nullable(),
    address: z.string().describe('The IP address at sign-in.'),
    current: z.boolean().describe('The session of this request.'),
    created_at: time,
    last_used_at: time.describe('Updated about every 30 seconds.'),
    expires_at: time,
  })
  .meta({ id: 'Session' });

const sessionExample = {
  id: '0199c9f0-5f4e-7c1e-9a33-0a6f2f9f1c41',
  user_agent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
  address: '203.0.113.7',
  current: true,
  created_at: '2026-01-05T09:00:00.000Z',
  last_used_at: '2026-01-05T09:30:00.000Z',
  expires_at: '2026-02-04T09:00:00.000Z',
};

const signedInShape = z.object({ session: sessionShape, person: personShape }).meta({ id: 'SignedIn' });

/** An address that an account can have. */
export const address = z
  .string()
  .max(320)
  .superRefine((text, context) => {
    const message = alertAddressProblem(text);
    if (message !== undefined) context.addIssue({ code: 'custom', message });
  })
  .meta({ format: 'email' });

const anyPassword = z.string().min(1).max(passwordMax);
export const secondCode = z
  .string()
  .min(6)
  .max(40)
  .optional()
  .describe('A one-time password or a recovery code, for an account that has a second factor.');
export const newPassword = z.string().min(passwordMin).max(passwordMax);

/** Errors of routes without a key, which the API document names as the routes do. */
export const refusals = {
  401: {
    description:
      'The email or the password is wrong, the passkey is not accepted, or the link does not work any more. The same for every reason.',
  },
  403: { description: 'The request comes from a page of another origin.' },
};

/** Of routes that sign in. */
export const signedInAnswers = {
  201: {
    description: 'Signed in: the cookie of the session is set.',
    schema: dataOf(signedInShape),
    example: { data: { session: sessionExample, person: personExample } },
  },
  ...refusals,
};

/** The answer that gives the browser its session. */
export const signedInAt =
  (publicUrl: () => string) =>
  ({ session, person, token }: SignedIn): Reply => ({
    status: 201,
    body: { data: { session: shown(sessionShape, { ...session, current: true }), person: shown(personShape, person) } },
    headers: { 'set-cookie': cookieFor(publicUrl(), token, sessionMs / 1_000), 'cache-control': 'no-store' },
  });

/** Where a request comes from. */
export const clientAt =
  (publicUrl: () => string) =>
  (request: { readonly headers: IncomingHttpHeaders; readonly address: string }): Client => ({
    address: request.address,
    userAgent: request.headers['user-agent'],
    token: tokenIn(request.headers, publicUrl()),
  });

export function sessionRoutes({
  db,
  clock,
  bus,
  signIn,
  publicUrl,
}: Pick<Deps, 'db' | 'clock' | 'bus'> & {
  readonly signIn: SignIn;
  readonly publicUrl: () => string;
}): readonly Route[] {
  const clientOf = clientAt(publicUrl);
  const signedIn = signedInAt(publicUrl);
  const answers = signedInAnswers;
  return [
    route({
      method: 'POST',
      path: '/v1/sessions',
      tag,
      summary: 'Sign in with email and password',
      description:
        'Sets a cookie that authenticates the person in the native API, where it takes the place of a key: in the organization that the header `outrider-organization` names (its id or slug, or that of its sandbox), or else in that of the oldest membership. At most 20 attempts a minute from an address, and 10 in 15 minutes for an account. An account with one-time passwords needs `code`, too: without it the answer to the right password is 401 `second_factor_required`.',
      scope: null,
      operationId: 'signIn',
      body: z.strictObject({ email: z.string().min(1).max(320), password: anyPassword, code: secondCode }),
      bodyExample: { email: 'ada@example.com', password: 'correct horse battery staple' },
      answers,
      handle: async (request) => {
        assertSameOrigin('POST', request.headers, publicUrl(), { cookie: false });
        return signedIn(
          await signIn.withPassword(request.body.email, request.body.password, request.body.code, clientOf(request)),
        );
      },
    }),
    route({
      method: 'POST',
      path: '/v1/invitations/accept',
      tag,
      summary: 'Accept an invitation, and sign in',
      description:
        'A token works once. A person without an account chooses a password; a person who has an account gives its password.',
      scope: null,
      operationId: 'acceptInvitation',
      body: z.strictObject({
        token: z.string().min(1).max(100).describe('Of the link.'),
        email: address.optional().describe('Required for the link of an operator, which names no address.'),
        name: z
          .string()
          .trim()
          .min(1)
          .max(100)
          .describe('Of a new account; a person who has an account keeps the name.'),
        password: newPassword,
        code: secondCode,
      }),
      bodyExample: {
        token: 'q2Zs0nJxq8o1eQh0S4mVw7yTtq3nT2c5bK9dLr6fUe0',
        name: 'Ada Lovelace',
        password: 'correct horse battery staple',
      },
      answers: { ...answers, 409: { description: 'Another request created this account at the same time.' } },
      handle: async (request) => {
        assertSameOrigin('POST', request.headers, publicUrl(), { cookie: false });
        return signedIn(await signIn.withInvitation(request.body, clientOf(request)));
      },
    }),
    route({
      method: 'GET',
      path: '/v1/sessions',
      tag,
      summary: 'List the sessions of the calling person, newest first',
      description: 'A key has no sessions.',
      scope: 'any',
      boundKeys: 'people',
      operationId: 'listSessions',
      query: listQuery,
      answers: listAnswers('A page of sessions.', sessionShape, sessionExample),
      handle: async ({ query }, { person }) => {
        const page = listingOf('/v1/sessions', query);
        const all = person === undefined ? [] : await queries.sessionsOf(db, person.id, new Date(clock.now()));
        const show = (row: queries.SessionRow) =>
          shown(sessionShape, { ...row, current: row.id === person?.sessionId });
        return { status: 200, body: listBody(query, page, sliceOf(all, page), show, { total: all.length }) };
      },
    }),
    route({
      method: 'DELETE',
      path: '/v1/sessions/:id',
      tag,
      summary: 'End a session, or sign out',
      description:
        "Takes effect before the answer, on other processes some milliseconds later. A person ends the own sessions; with `members:write`, a caller ends those of the organization's members, too.",
      scope: 'any',
      boundKeys: 'people',
      operationId: 'endSession',
      params: z.object({ id: z.uuid() }),
      answers: { 204: { description: 'Ended.' } },
      handle: async ({ params: { id } }, { person, scopes, organizationId, sandbox, workspaceId }) => {
        const manages = grants(scopes, 'members:write') && !sandbox && workspaceId === undefined;
        if (person === undefined) assertScopes({ scopes }, ['members:write']);
        await db.transaction(async (tx) => {
          const ended = await queries.deleteSession(tx, id, person?.id ?? null, manages ? organizationId : null);
          if (ended === 0) throw notFound('Session');
          await bus.announce(tx, { kind: 'keys' });
        });
        const own = id === person?.sessionId;
        return { status: 204, ...(own ? { headers: { 'set-cookie': cookieFor(publicUrl(), '', 0) } } : {}) };
      },
    }),
    route({
      method: 'PUT',
      path: '/v1/me/password',
      tag,
      summary: 'Change the own password',
      description: "Ends the person's other sessions. A key has no password: 403.",
      scope: 'any',
      boundKeys: 'people',
      operationId: 'changePassword',
      body: z.strictObject({ current_password: anyPassword, new_password: newPassword }),
      bodyExample: { current_password: 'correct horse battery staple', new_password: 'seven lean herons at dusk' },
      answers: { 204: { description: 'Changed.' } },
      handle: async (request, { person }) => {
        if (person === undefined) throw new ApiError('forbidden', 'A key has no password: sign in as a person.');
        const { current_password: current, new_password: next } = request.body;
        await signIn.changePassword(person, { current, next }, clientOf(request));
        return { status: 204 };
      },
    }),
  ];
}
