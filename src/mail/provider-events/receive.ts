import { createHash } from 'node:crypto';
import { dayMs, type Clock } from '../../base/clock.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import { invalid, unreachable } from '../../base/errors.ts';
import type { EmitAll, NewEvent } from '../../events/index.ts';
import type { Ids, OrganizationId, WorkspaceId } from '../../base/ids.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { KnownMessage } from '../sending/index.ts';
import { apply, isFailure, lockFor, messagesOf } from './apply.ts';
import type { ApplyOptions } from './apply.ts';
import { known } from './fields.ts';
import { failureOf, seenBy } from './judge.ts';
import type { Failure } from './judge.ts';
import { detailsOf, emittedAs, isSeen } from './provider.ts';
import type { Details, Provider, ProviderEvent, ProviderEventType, ReportType } from './provider.ts';
import { generic } from './providers/generic.ts';
import { countStored, deleteEvents, deleteTokens, insertEvents, setEmitted, takeToken } from './queries.ts';
import { unproved } from './sources.ts';

/** One request of a provider. */
export interface Post {
  readonly organizationId: OrganizationId;
  /** Of the source: its reports concern only this workspace. */
  readonly workspaceId?: WorkspaceId | undefined;
  readonly provider: Provider;
  /** Null if it was posted with an API key. */
  readonly sourceId: string | null;
  /** The body as received. */
  readonly raw: Buffer;
  readonly events: readonly ProviderEvent[];
  /** What its signature covers, if not the body. */
  readonly token?: string | undefined;
  /** Its signature is too old: it is accepted only as a repeat of a stored post. */
  readonly isOld?: boolean;
}

/** What was new in a post. */
export interface ReceivedPost {
  readonly organizationId: OrganizationId;
  readonly provider: string;
  readonly sourceId: string | null;
  /** The types of the new events. */
  readonly types: readonly ReportType[];
  /** How many of them name a sent message. */
  readonly matched: number;
  /** How many events of the post were left out, because they name no message and no recipient. */
  readonly skipped: number;
}

/** The time of a generic event may be this far from now. */
const yearsMax = 10;
const farthestMs = yearsMax * 365.25 * dayMs;
/** More than any provider sends at once, and what one transaction writes in a second or two. */
export const eventsMax = 5_000;
/** A token is remembered for longer than its signature is valid and than Mailgun repeats a post. */
const tokenMs = dayMs;
/** Rows deleted by one statement; the bodies are up to 2 MiB each. */
const deleteChunk = 500;
const tokenChunk = 10_000;

export type Receiving = ReturnType<typeof createReceiving>;

export interface ReceivingOptions extends ApplyOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
  readonly vault: Vault;
  readonly retentionDays: number;
  /** Called with each post that has new events, once they are stored. */
  readonly onReceived?: (received: ReceivedPost) => void;
}

/** Stores what providers report, does what it says, and emits it to subscribers. */
export function createReceiving(options: ReceivingOptions) {
  const { db, clock, ids, emitAll, vault, retentionDays, onReceived } = options;

  /** A report as it is stored and emitted. */
  function judged(event: ProviderEvent, message: KnownMessage | undefined, nowMs: number) {
    const failure = isFailure(event) ? failureOf(event) : undefined;
    return { id: ids.next<string>(), event, message, failure, atMs: event.occurredAtMs ?? nowMs };
  }

  /** The same for two events, or two tokens. Keyed: with a plain hash, anyone could test guessed addresses, even after erasure. */
  const keysOf = (tx: Transaction, organizationId: OrganizationId, texts: readonly string[]): Promise<Buffer[]> =>
    vault.mac(tx, organizationId, texts, 'inbound event');

  /** Takes the token of a post. @returns false if the same post took it before. @throws ApiError `unauthorized` if another one did */
  async function isFirst(
    tx: Transaction,
    { organizationId, sourceId, raw, token, isOld = false }: Post,
    now: number,
  ): Promise<boolean> {
    if (token === undefined || sourceId === null) return true;
    const texts = [`token ${sourceId} ${token}`, createHash('sha256').update(raw).digest('hex')];
    const [key = none(0), body = none(1)] = await keysOf(tx, organizationId, texts);
    const taken = await takeToken(tx, organizationId, { key, body, at: new Date(now), isOld });
    if (taken === undefined ? isOld : !taken.equals(body)) throw unproved();
    return taken === undefined;
  }

  return {
    /**
     * Stores the events that are not stored yet, applies and emits them in the same transaction, in the order of the post: all or none.
     * Events about nothing are left out.
     * @throws ApiError `validation_failed` for a time more than `yearsMax` years from now, too many events, or none that is about anything;
     * `unauthorized` for a token that was used by another post, and for an old post that is not stored
     */
    async receive(post: Post): Promise<void> {
      const { organizationId, workspaceId, provider, sourceId, raw, events: given, isOld = false } = post;
      const now = clock.now();
      if (given.length > eventsMax) throw invalid({ body: `has more than ${eventsMax} events` });
      if (given.length === 0) return;
      const events = given.filter(isAbout);
      if (events.length === 0) throw invalid({ body: 'must name the message or its recipient' });
      if (provider === generic && events.some(({ occurredAtMs = now }) => Math.abs(occurredAtMs - now) > farthestMs))
        throw invalid({ timestamp: `must be within ${yearsMax} years of now` });
      const fresh = await db.transaction(async (tx) => {
        if (!(await isFirst(tx, post, now))) return [];
        // Each workspace has its own: what one posts must not stand for what another posts.
        const owner = workspaceId === undefined ? '' : `${workspaceId} `;
        const plain = events.map(({ dedupeKey }) => `${owner}${dedupeKey.toString('hex')}`);
        const keys = await keysOf(tx, organizationId, plain);
        if (isOld) {
          const count = await countStored(tx, organizationId, provider.name, keys);
          if (count < new Set(plain).size) throw unproved();
          return [];
        }
        await lockFor(options, tx, organizationId, events);
        const messages = await messagesOf(tx, { organizationId, workspaceId }, events);
        const all = events.map((event, index) => judged(event, messages[index], now));
        const row = {
          organization_id: organizationId,
          source_id: sourceId,
          provider: provider.name,
          received_at: new Date(now),
          payload: raw,
        };
        const stored = await insertEvents(
          tx,
          row,
          all.map(({ id, event, message, atMs }, index) => ({
            id,
            dedupe_key: keys[index] ?? none(index),
            type: event.type,
            email_id: event.emailId,
            recipient: event.recipient,
            occurred_at: new Date(atMs),
            part: event.part ?? null,
            matched: message !== undefined,
            workspace_id: message?.workspace_id ?? workspaceId ?? null,
          })),
        );
        const news = all.filter(({ id }) => stored.has(id));
        if (news.length === 0) return [];
        await apply(
          options,
          tx,
          { organizationId, workspaceId },
          // A report cannot be later than now.
          news.map((each) => ({ ...each, atMs: Math.min(each.atMs, now) })),
        );
        const shown = news.flatMap((each) => {
          const type = emittedAs(each.event.type);
          return type === undefined ? [] : [{ ...each, type }];
        });
        const emitted = await emitAll(
          tx,
          shown.map((each) => ({
            organizationId,
            workspaceId: each.message?.workspace_id ?? workspaceId,
            type: each.type,
            data: dataOf(each),
            occurredAtMs: each.atMs,
          })),
        );
        const pairs = shown.map(({ id }, index) => ({ id, event: (emitted[index] ?? none(index)).id }));
        if (pairs.length > 0) await setEmitted(tx, organizationId, pairs);
        return news;
      });
      if (fresh.length > 0)
        onReceived?.({
          organizationId,
          provider: provider.name,
          sourceId,
          types: fresh.map(({ event }) => event.type),
          matched: fresh.filter(({ message }) => message !== undefined).length,
          skipped: given.length - events.length,
        });
    },

    /** Deletes provider events past the retention. @returns how many. */
    async expire(nowMs: number): Promise<number> {
      const before = new Date(nowMs - retentionDays * dayMs);
      let total = 0;
      for (let count = deleteChunk; count === deleteChunk; total += count)
        count = await deleteEvents(db, before, deleteChunk);
      const usedBefore = new Date(nowMs - tokenMs);
      for (let count = tokenChunk; count === tokenChunk;) count = await deleteTokens(db, usedBefore, tokenChunk);
      return total;
    },
  };
}

const none = (index: number): never => {
  throw unreachable(`nothing for event ${index}`);
};

/** Whether an event names a message or a recipient. What is only stored, such as the provider's other news, need not. */
const isAbout = ({ type, emailId, messageIds = [], recipient }: ProviderEvent): boolean =>
  emittedAs(type) === undefined || emailId !== '' || messageIds.length > 0 || recipient !== null;

interface Shown {
  readonly type: ProviderEventType;
  readonly event: ProviderEvent;
  readonly message: KnownMessage | undefined;
  readonly failure: Failure | undefined;
  readonly atMs: number;
}

/** `data` of the catalogue's event; what the provider does not report is null, unless the message is ours. */
function dataOf({ type, event, message, failure, atMs }: Shown): NewEvent['data'] {
  const details = detailsIn(type, event, failure);
  return {
    email_id: message?.id ?? event.emailId,
    message_id: message?.message_id ?? null,
    campaign_id: message?.campaign_id ?? null,
    lead_id: message?.lead_id ?? null,
    contact_id: message?.contact_id ?? null,
    mailbox_id: message?.mailbox_id ?? null,
    recipient: event.recipient ?? message?.to_address ?? null,
    from: message?.from_address ?? null,
    subject: null,
    step: message?.step ?? null,
    occurred_at: new Date(atMs).toISOString(),
    ...Object.fromEntries(detailsOf[type].map((name) => [name, details[name] ?? null])),
  };
}

function detailsIn(type: ProviderEventType, event: ProviderEvent, failure: Failure | undefined): Details {
  if (isSeen(type)) return seenBy(event);
  const isUnexplained = event.hard === undefined && event.answer === undefined && event.status === undefined;
  if (failure === undefined || isUnexplained) return event.details;
  const { diagnostic, cause } = failure;
  if (type === 'email.failed') return { ...known({ error: diagnostic ?? undefined }), ...event.details };
  const kind = failure.type === 'hard' ? 'hard' : 'soft';
  // What a sender of generic events says in its own words stays.
  return {
    ...known({ reason: failure.reason, cause, diagnostic: diagnostic ?? undefined }),
    ...event.details,
    bounce_type: kind,
  };
}
