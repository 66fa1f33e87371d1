import { dayMs } from '../../base/clock.ts';
import { idAt } from '../../base/ids.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Editor } from '../../crm/records/index.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps, Module } from '../../ops/index.ts';
import { createHits } from './hits.ts';
import type { FirstSeen, Hits, HitsOptions } from './hits.ts';
import { hostRoutes } from './host-routes.ts';
import type { HostRoutesOptions } from './host-routes.ts';
import { hostsOf } from './hosts.ts';
import type { HostsOptions, LinkingMailbox } from './hosts.ts';
import { linksOf, optOutIn } from './links.ts';
import type { LinkHosts, LinkOptions, MessageLinks } from './links.ts';
import { createOwnHosts } from './own-hosts.ts';
import type { OwnHostsOptions } from './own-hosts.ts';
import { expireHits, insertLinks, messageById, messagesBySendKeys } from './queries.ts';
import type { NewLinks } from './queries.ts';
import { publicRoutes } from './routes.ts';
import { createSigners } from './signers.ts';
import { tokenLength, unsubscribeNumber } from './token.ts';
import { leaveTopic, topicOf } from './leave-topic.ts';
import type { LeavingOptions, TopicLeft } from './leave-topic.ts';
import { unsubscribeByAnswer, unsubscribeByToken, withdrawAnswer } from './unsubscribe.ts';
import type { Answer, OptOut, UnsubscribingOptions } from './unsubscribe.ts';
import type { HitKind } from './verdict.ts';

export { eraseHits, hitsOfPerson } from './erasure.ts';
export type { FirstSeen } from './hits.ts';
export type { LinkingMailbox } from './hosts.ts';
export { optOutIn } from './links.ts';
export type { LinkHosts, LinkOptions, MessageLinks } from './links.ts';
export type { NewLinks } from './queries.ts';
export type { TopicLeft } from './leave-topic.ts';
export type { Answer, OptOut } from './unsubscribe.ts';
export { verdictOf } from './verdict.ts';
export type { HitKind } from './verdict.ts';

export interface TrackingOptions
  extends
    Deps,
    Omit<HostsOptions, 'clock'>,
    Pick<Emitter, 'emitAll'>,
    Pick<UnsubscribingOptions, 'suppressions'>,
    Pick<LeavingOptions, 'topics'>,
    Pick<HitsOptions, 'processes'>,
    Pick<HostRoutesOptions, 'rateLimiter'>,
    Pick<OwnHostsOptions, 'alert'> {
  readonly network: Pick<OwnHostsOptions, 'policy' | 'resolve' | 'ca' | 'dns' | 'originOf'>;
  /** Days that opens and clicks are kept. */
  readonly retentionDays: number;
}

/** Who works with opens, clicks and opt-outs, in the transaction that records them. */
export interface TrackingListener {
  /** A person opened or clicked messages for the first time. */
  seen?(tx: Transaction, seen: readonly FirstSeen[]): Promise<unknown>;
  /** An address opted out and is suppressed; nothing but suppressions is locked yet. @returns the leads that it ended */
  unsubscribed?(tx: Transaction, optOut: OptOut): Promise<readonly { readonly id: string }[]>;
  /** As `unsubscribed`, for an address that left the topic of a message. */
  leftTopic?(tx: Transaction, left: TopicLeft): Promise<readonly { readonly id: string }[]>;
}

/** Links in sent messages, what is known of opens and clicks, and opt-outs. */
export interface Tracking {
  readonly module: Module;
  /** Registers who works with opens, clicks and opt-outs. Call it while composing. */
  listen(listener: TrackingListener): void;
  /** Where the links of mailboxes lead to, by mailbox. `tracking` is null without a verified host: opens and clicks cannot be tracked then. */
  hostsOf(on: Queryable, mailboxes: readonly LinkingMailbox[]): Promise<ReadonlyMap<MailboxId, LinkHosts>>;
  /**
   * The links of one message. The same options give the same bytes.
   * @example
   * const { rewrite, unsubscribeUrl, headers } = await tracking.linksOf(tx, organization, { sendKey, hosts, mailbox: mailbox.email, tracking: campaign.tracking });
   */
  linksOf(on: Queryable, organization: OrganizationId, options: Omit<LinkOptions, 'tag'>): Promise<MessageLinks>;
  /** Stores where the links of new messages lead to. A message without a row has no links. */
  store(tx: Transaction, links: readonly NewLinks[]): Promise<void>;
  /** The sent message whose opt-out token is in one of the texts of a received message, such as its subject (RFC 2369). */
  optedOutBy(on: Queryable, organization: OrganizationId, texts: readonly string[]): Promise<string | undefined>;
  /**
   * Opts out the recipient of a sent message whose token was received, of its topic if it has one. Suppressions are locked before messages.
   * @param also other addresses of the recipient, from which the token came
   */
  unsubscribeByToken(
    tx: Transaction,
    organization: OrganizationId,
    messageId: string,
    also: readonly string[],
  ): Promise<void>;
  /** Opts out the recipient and the sender of an answer that asks for it. Suppressions are locked before messages. */
  unsubscribeByAnswer(tx: Transaction, organization: OrganizationId, answer: Answer): Promise<void>;
  /** Lifts what an answer suppressed, and nothing else: it was misread. Call it before other records are locked. */
  withdrawAnswer(
    tx: Transaction,
    editor: Editor,
    answer: Pick<Answer, 'id' | 'answeredId'>,
    others: ReadonlyMap<string, string>,
  ): Promise<boolean>;
  /**
   * Does what a request for the pixel or the first link of an HTML body does. Nothing, if the body has none of the organization.
   * Resolves when it is written.
   */
  visit(
    organization: OrganizationId,
    html: string,
    kind: HitKind,
    browser: { readonly address: string; readonly userAgent: string },
  ): Promise<void>;
  /** Resolves when all hits that arrived are written. */
  readonly drained: Hits['drained'];
}

const deleteChunk = 5_000;

/**
 * Composes the slice.
 * @example
 * const tracking = createTracking({ ...deps, emitAll, processes, alert, suppressions, network, rateLimiter, publicUrl, baseUrl, retentionDays });
 * tracking.listen({ unsubscribed: (tx, { organizationId, emailKey, atMs }) => leads.stop(tx, organizationId, { emailKeys: [emailKey] }, 'unsubscribed', { atMs }) });
 */
export function createTracking(options: TrackingOptions): Tracking {
  const { db, retentionDays, network } = options;
  const listeners: TrackingListener[] = [];
  const signers = createSigners(options);
  const hosts = createOwnHosts({ ...options, ...network, signers });
  const hits = createHits({
    ...options,
    async onSeen(tx, seen) {
      for (const listener of listeners) await listener.seen?.(tx, seen);
    },
  });
  const unsubscribing: UnsubscribingOptions & LeavingOptions = {
    ...options,
    async onUnsubscribed(tx, optOut) {
      const ended: { readonly id: string }[] = [];
      for (const listener of listeners) ended.push(...((await listener.unsubscribed?.(tx, optOut)) ?? []));
      return ended;
    },
    async onLeftTopic(tx, left) {
      const ended: { readonly id: string }[] = [];
      for (const listener of listeners) ended.push(...((await listener.leftTopic?.(tx, left)) ?? []));
      return ended;
    },
  };
  return {
    module: {
      routes: [...hostRoutes({ ...options, hosts }), ...publicRoutes({ ...unsubscribing, signers, hits })],
      run: hits.run,
      everyMinute: (nowMs) => Promise.all([expire(db, idAt(nowMs - retentionDays * dayMs)), hosts.checkDue(nowMs)]),
    },
    listen: (listener) => void listeners.push(listener),
    hostsOf: (on, mailboxes) => hostsOf(options, on, mailboxes),
    async linksOf(on, organization, given) {
      const { tag, key } = await signers.of(on, organization);
      return linksOf(key, { ...given, tag });
    },
    async store(tx, links) {
      if (links.some(({ urls }) => urls.length > 0)) await insertLinks(tx, links);
    },
    async optedOutBy(on, organization, texts) {
      const token = texts.map(optOutIn).find((each) => each !== undefined);
      const read = token === undefined ? undefined : await signers.check(token);
      if (read?.organizationId !== organization || read.number !== unsubscribeNumber) return undefined;
      return (await messagesBySendKeys(on, [organization], [read.sendKey]))[0]?.id;
    },
    async unsubscribeByToken(tx, organization, messageId, also) {
      const message = await messageById(tx, organization, messageId);
      if (message === undefined) return;
      const topic = await topicOf(unsubscribing, tx, message);
      if (topic === undefined) await unsubscribeByToken(unsubscribing, tx, message, also);
      else await leaveTopic(unsubscribing, tx, message, topic, also);
    },
    unsubscribeByAnswer: (tx, organization, answer) => unsubscribeByAnswer(unsubscribing, tx, organization, answer),
    withdrawAnswer: (...of) => withdrawAnswer(unsubscribing, ...of),
    async visit(organization, html, kind, browser) {
      const [, token = ''] = places[kind].exec(html) ?? [];
      const read = await signers.check(token);
      if (read?.organizationId !== organization) return;
      hits.add({ ...read, ...browser, kind, method: 'GET', prefetch: false, atMs: options.clock.now() });
      await hits.drained();
    },
    drained: hits.drained,
  };
}

/** The token of the pixel, and that of the first link, in a body. */
const places: Readonly<Record<HitKind, RegExp>> = {
  open: new RegExp(`/t/o/([\\w-]{${tokenLength}})"`),
  click: new RegExp(`/t/c/([\\w-]{${tokenLength}})"`),
};

async function expire(db: Database, before: string): Promise<void> {
  for (let deleted = deleteChunk; deleted === deleteChunk;) deleted = await expireHits(db, before, deleteChunk);
}
