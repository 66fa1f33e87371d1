import { z } from 'zod';
import { ApiError, notFound } from '../../base/errors.ts';
import { createAddressLimit } from '../../http/address-limit.ts';
import { route } from '../../http/route.ts';
import type { Reply, Route, RouteRequest } from '../../http/route.ts';
import type { Hits } from './hits.ts';
import { pageHeaders, pageOf } from './page.ts';
import type { PageState } from './page.ts';
import { linkUrl, unsubscribeOf } from './queries.ts';
import type { TrackedMessage } from './queries.ts';
import type { Genuine, Signers } from './signers.ts';
import { linksMax, pixelNumber, unsubscribeNumber } from './token.ts';
import { leaveTopic, rejoinTopic, topicOf, topicStateOf } from './leave-topic.ts';
import type { LeavingOptions, TopicState } from './leave-topic.ts';
import { isOut, isUndoable, messageOf, undo, unsubscribe } from './unsubscribe.ts';
import type { UnsubscribingOptions } from './unsubscribe.ts';
import { isPrefetch } from './verdict.ts';
import type { HitKind } from './verdict.ts';

export interface PublicRoutesOptions extends UnsubscribingOptions, LeavingOptions {
  readonly signers: Signers;
  readonly hits: Pick<Hits, 'add'>;
}

const tag = 'Tracking';
const params = z.object({ token: z.string() });
/** Tokens that nobody wrote, a minute from one address. Genuine ones are not limited: many recipients share an address. */
const missesPerMinute = 60;

/** A transparent GIF of one pixel. */
const pixelReply: Reply = {
  status: 200,
  headers: { 'content-type': 'image/gif', 'cache-control': 'no-store, private, max-age=0' },
  body: Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==', 'base64'),
};

type TokenRequest = RouteRequest<z.output<typeof params>, unknown, unknown>;

/** The routes of links in sent messages. They need no key: the token is one. */
export function publicRoutes(options: PublicRoutesOptions): readonly Route[] {
  const { db, clock, signers, hits } = options;
  const misses = createAddressLimit(clock, missesPerMinute);

  async function genuine(
    { params: { token }, address }: TokenRequest,
    from: number,
    to: number,
  ): Promise<Genuine | undefined> {
    const read = await signers.check(token);
    if (read !== undefined && read.number >= from && read.number <= to) return read;
    const { allowed, resetAt } = misses.take(address);
    if (!allowed)
      throw new ApiError('rate_limit', 'Too many links that do not exist. Try again in a minute.', {
        retryAfterSeconds: Math.max(1, Math.ceil(resetAt - clock.now() / 1_000)),
      });
    return undefined;
  }

  const add = ({ method, headers, address }: TokenRequest, { number, ...named }: Genuine, kind: HitKind): void =>
    hits.add({
      ...named,
      number,
      kind,
      method,
      address,
      prefetch: isPrefetch(headers),
      userAgent: headers['user-agent'] ?? '',
      atMs: clock.now(),
    });

  return [
    route({
      method: 'GET',
      path: '/t/o/:token',
      tag,
      summary: 'The pixel of a message',
      description: 'Always answers with the same image. A HEAD request never counts as an open.',
      scope: null,
      undocumented: true,
      params,
      answers: {
        200: { description: 'A transparent GIF of one pixel.', contentType: 'image/gif', schema: z.string() },
      },
      handle(request) {
        const opened = (read: Genuine | undefined): Reply => {
          if (read?.number === pixelNumber) add(request, read, 'open');
          return pixelReply;
        };
        const read = signers.check(request.params.token);
        return read instanceof Promise ? read.then(opened) : opened(read);
      },
    }),
    route({
      method: 'GET',
      path: '/t/c/:token',
      tag,
      summary: 'A link of a message',
      description:
        'Redirects to the URL that was in the message when it was sent. Answers 404 for a token that this installation did not write.',
      scope: null,
      undocumented: true,
      params,
      answers: { 302: { description: 'The target is in `Location`.' } },
      async handle(request) {
        const read = await genuine(request, 1, linksMax);
        const url = read === undefined ? undefined : await linkUrl(db, read.organizationId, read.sendKey, read.number);
        if (read === undefined || url === undefined) throw notFound('Link');
        add(request, read, 'click');
        return {
          status: 302,
          headers: { location: url, 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' },
        };
      },
    }),
    ...optOutRoutes(options, genuine),
  ];
}

/** Finds what a token names. @throws ApiError `rate_limit` */
type Read = (request: TokenRequest, from: number, to: number) => Promise<Genuine | undefined>;

/** The page of an opt-out, and what its buttons do. */
function optOutRoutes(options: UnsubscribingOptions & LeavingOptions, genuine: Read): readonly Route[] {
  const { db, clock } = options;

  async function messageOfToken(request: TokenRequest): Promise<TrackedMessage> {
    const read = await genuine(request, unsubscribeNumber, unsubscribeNumber);
    const message = read === undefined ? undefined : await messageOf(options, read.organizationId, read.sendKey);
    if (message === undefined) throw notFound('Page');
    return message;
  }

  /** The page that shows what is in force, or what was just done. */
  async function page(message: TrackedMessage, token: string, just?: PageState): Promise<Reply> {
    const [row, topic] = await Promise.all([unsubscribeOf(db, message.id), topicStateOf(options, db, message)]);
    const state = just ?? stateOf(isOut(row), topic);
    const canUndo =
      state === 'done' ? isUndoable(row, clock.now()) : state === 'left' ? topic?.undoable === true : false;
    return {
      status: 200,
      headers: pageHeaders,
      body: pageOf(state, {
        sender: message.from_address,
        topic: topic?.topic.name,
        path: `/u/${token}`,
        canUndo,
      }),
    };
  }

  return [
    route({
      method: 'GET',
      path: '/u/:token',
      tag,
      summary: 'The page on which a recipient opts out',
      description:
        'A page with a button; with two for mail of a topic: to leave the topic, and to stop all mail. GET and HEAD change nothing.',
      scope: null,
      undocumented: true,
      params,
      answers: { 200: { description: 'The page.', contentType: 'text/html', schema: z.string() } },
      async handle(request) {
        return page(await messageOfToken(request), request.params.token);
      },
    }),
    route({
      method: 'POST',
      path: '/u/:token',
      tag,
      summary: 'Opt out',
      description:
        'For the buttons of the page, and for mail programs (`List-Unsubscribe=One-Click`, RFC 8058), which leave the topic of the message if it has one. Takes effect before it answers; a repetition changes nothing.',
      scope: null,
      undocumented: true,
      ignoresBody: true,
      params,
      query: z.object({ by: z.string().max(100).optional(), of: z.string().max(100).optional() }),
      answers: { 200: { description: 'A page that confirms it.', contentType: 'text/html', schema: z.string() } },
      async handle(request) {
        const message = await messageOfToken(request);
        const { by, of } = request.query;
        // A button without `of` was on a page without a topic.
        const leaves = of === 'topic' || (of === undefined && by !== 'link');
        const done = await db.transaction(async (tx): Promise<PageState> => {
          const topic = leaves ? await topicOf(options, tx, message) : undefined;
          if (topic === undefined) await unsubscribe(options, tx, message, by === 'link' ? 'link' : 'one_click');
          else await leaveTopic(options, tx, message, topic);
          return topic === undefined ? 'done' : 'left';
        });
        return page(message, request.params.token, done);
      },
    }),
    route({
      method: 'POST',
      path: '/u/:token/undo',
      tag,
      summary: 'Undo an opt-out',
      description:
        'For ten minutes. Lifts the suppression if the opt-out made it, or lets the address rejoin the topic; what a campaign stopped stays stopped.',
      scope: null,
      undocumented: true,
      ignoresBody: true,
      params,
      query: z.object({ of: z.string().max(100).optional() }),
      answers: { 200: { description: 'A page that confirms it.', contentType: 'text/html', schema: z.string() } },
      async handle(request) {
        const message = await messageOfToken(request);
        const { token } = request.params;
        if (request.query.of === 'topic') {
          const rejoined = await db.transaction(async (tx) => {
            const topic = await topicOf(options, tx, message);
            return topic !== undefined && (await rejoinTopic(options, tx, message, topic));
          });
          // Too late: the page shows what is in force.
          return page(message, token, rejoined ? 'rejoined' : undefined);
        }
        const undone = await db.transaction((tx) => undo(options, tx, message));
        return page(message, token, undone ? 'undone' : 'too_late');
      },
    }),
  ];
}

/** What is in force, as the page shows it. */
function stateOf(isUnsubscribed: boolean, topic: TopicState | undefined): PageState {
  if (isUnsubscribed) return 'done';
  return topic?.left === true ? 'left' : 'ask';
}
