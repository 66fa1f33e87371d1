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
import { isOut, isUndoable, messageOf, undo, unsubscribe } from './unsubscribe.ts';
import type { UnsubscribingOptions } from './unsubscribe.ts';
import { isPrefetch } from './verdict.ts';
import type { HitKind } from './verdict.ts';

export interface PublicRoutesOptions extends UnsubscribingOptions {
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

  async function messageOfToken(request: TokenRequest): Promise<TrackedMessage> {
    const read = await genuine(request, unsubscribeNumber, unsubscribeNumber);
    const message = read === undefined ? undefined : await messageOf(options, read.organizationId, read.sendKey);
    if (message === undefined) throw notFound('Page');
    return message;
  }

  const page = (state: PageState, message: TrackedMessage, token: string, canUndo = false): Reply => ({
    status: 200,
    headers: pageHeaders,
    body: pageOf(state, message.from_address, `/u/${token}`, canUndo),
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
    route({
      method: 'GET',
      path: '/u/:token',
      tag,
      summary: 'The page on which a recipient opts out',
      description: 'A page with one button. GET and HEAD change nothing.',
      scope: null,
      undocumented: true,
      params,
      answers: { 200: { description: 'The page.', contentType: 'text/html', schema: z.string() } },
      async handle(request) {
        const message = await messageOfToken(request);
        const row = await unsubscribeOf(db, message.id);
        return page(isOut(row) ? 'done' : 'ask', message, request.params.token, isUndoable(row, clock.now()));
      },
    }),
    route({
      method: 'POST',
      path: '/u/:token',
      tag,
      summary: 'Opt out',
      description:
        'For the button of the page, and for mail programs (`List-Unsubscribe=One-Click`, RFC 8058). Takes effect before it answers; a repetition changes nothing.',
      scope: null,
      undocumented: true,
      ignoresBody: true,
      params,
      query: z.object({ by: z.string().max(100).optional() }),
      answers: { 200: { description: 'A page that confirms it.', contentType: 'text/html', schema: z.string() } },
      async handle(request) {
        const message = await messageOfToken(request);
        const method = request.query.by === 'link' ? 'link' : 'one_click';
        await db.transaction((tx) => unsubscribe(options, tx, message, method));
        const row = await unsubscribeOf(db, message.id);
        return page('done', message, request.params.token, isUndoable(row, clock.now()));
      },
    }),
    route({
      method: 'POST',
      path: '/u/:token/undo',
      tag,
      summary: 'Undo an opt-out',
      description:
        'For ten minutes. Lifts the suppression if the opt-out made it; what a campaign stopped stays stopped.',
      scope: null,
      undocumented: true,
      ignoresBody: true,
      params,
      answers: { 200: { description: 'A page that confirms it.', contentType: 'text/html', schema: z.string() } },
      async handle(request) {
        const message = await messageOfToken(request);
        const undone = await db.transaction((tx) => undo(options, tx, message));
        return page(undone ? 'undone' : 'too_late', message, request.params.token);
      },
    }),
  ];
}
