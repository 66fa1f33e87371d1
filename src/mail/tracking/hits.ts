import { dayOf, minuteMs } from '../../base/clock.ts';
import { idAt, timeOfId } from '../../base/ids.ts';
import type { OrganizationId } from '../../base/ids.ts';
import { aborted, sleep } from '../../base/sleep.ts';
import { isDatabaseAway } from '../../db/pool.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Emitter } from '../../events/index.ts';
import type { Deps } from '../../ops/index.ts';
import { count } from '../analytics/index.ts';
import { emailEvent, openContent } from '../sending/index.ts';
import { clicksSince, hitsSince, insertHits, linkUrls, markSeen, messagesBySendKeys } from './queries.ts';
import type { NewHit, TrackedMessage } from './queries.ts';
import { createGenerations, createRecent } from './recent.ts';
import { verdictOf } from './verdict.ts';
import type { HitKind } from './verdict.ts';

/** A request for a pixel or a link whose token is genuine. */
export interface Hit {
  readonly organizationId: OrganizationId;
  readonly sendKey: string;
  readonly kind: HitKind;
  readonly number: number;
  readonly method: string;
  readonly prefetch: boolean;
  readonly userAgent: string;
  readonly address: string;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** The first time that a person opened or clicked a message. */
export interface FirstSeen {
  readonly organizationId: OrganizationId;
  readonly messageId: string;
  readonly campaignId: string | null;
  readonly leadId: string | null;
  readonly kind: HitKind;
  /** Of the organization's clock. */
  readonly atMs: number;
}

export type OnSeen = (tx: Transaction, seen: readonly FirstSeen[]) => Promise<unknown>;

export interface HitsOptions extends Deps, Pick<Emitter, 'emitAll'> {
  readonly onSeen: OnSeen;
  /** Processes that answer HTTP, including this one. */
  readonly processes: () => number;
}

export interface Hits {
  /** Takes a hit, to be written within some milliseconds. */
  add(hit: Hit): void;
  /** Works until the signal aborts, then until every hit is written. */
  run(signal: AbortSignal): Promise<void>;
  /** Resolves when everything that was added is written. */
  drained(): Promise<void>;
}

/** Few enough that judging them does not hold up requests. */
const batchMax = 500;
/** How long a batch gathers: its statements cost as much for one hit as for many. */
const gatherMs = 20;
/** While the database is away, later hits are dropped: a hit is never worth the process. */
const waitingMax = 20_000;
const retryMs = 200;
const burstMs = 5_000;
const burstLinks = 3;
const manyMessages = 5;
const userAgentMax = 500;
const statuses = new Set(['claimed', 'deferred', 'sending']);

const gathering = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, gatherMs));

interface Judged {
  readonly hit: Hit;
  readonly message: TrackedMessage;
  readonly row: NewHit;
  /** Not the same as one of the last minute. */
  readonly isNew: boolean;
}

/**
 * Writes hits in batches: while one transaction runs, the next batch gathers. Bursts are found in memory, with what other processes have
 * written; repetitions in memory alone, so that each process may emit one.
 */
export function createHits(options: HitsOptions): Hits {
  const { db, clock, ids, onError, processes } = options;
  const links = createRecent(burstMs, burstLinks);
  const recipients = createRecent(minuteMs, manyMessages);
  const emitted = createGenerations<number>(minuteMs);
  let queue: Hit[] = [];
  let running: Promise<void> | undefined;
  let stopped = false;
  const never = new AbortController().signal;

  function isRepeated(key: string, atMs: number): boolean {
    const last = emitted.get(key, atMs);
    if (last !== undefined && atMs - last < minuteMs) return true;
    emitted.set(key, atMs);
    return false;
  }

  function judge(hit: Hit, message: TrackedMessage): Judged {
    const { kind, number, address, userAgent } = hit;
    const atMs = hit.atMs + message.clock_ahead_ms;
    const acceptedMs = statuses.has(message.status) ? Infinity : message.sent_at?.getTime();
    const { verdict, reasons } = verdictOf({
      ...hit,
      sinceAcceptedMs: acceptedMs === undefined ? undefined : atMs - acceptedMs,
      isBurst: kind === 'click' && links.add(hit.sendKey, String(number), hit.atMs) >= burstLinks,
      hasManyRecipients:
        message.campaign_id !== null &&
        recipients.add(`${message.campaign_id} ${address}`, message.id, hit.atMs) >= manyMessages,
    });
    return {
      hit,
      message,
      row: {
        id: ids.next(),
        organizationId: message.organization_id,
        messageId: message.id,
        kind,
        number,
        verdict,
        reasons,
        address,
        userAgent: userAgent.slice(0, userAgentMax),
        at: new Date(atMs),
      },
      isNew: hit.method !== 'HEAD' && !isRepeated(`${message.id} ${kind} ${number} ${verdict}`, hit.atMs),
    };
  }

  async function write(batch: readonly Hit[]): Promise<void> {
    let judged: readonly Judged[] | undefined;
    for (;;) {
      try {
        judged ??= await judgeAll(batch);
        await record(options, judged);
        return;
      } catch (error) {
        onError(error, 'tracking hits');
        if (!isDatabaseAway(error) || stopped) return;
        await sleep(clock, retryMs, never);
      }
    }
  }

  async function judgeAll(batch: readonly Hit[]): Promise<Judged[]> {
    const messages = await messagesBySendKeys(
      db,
      [...new Set(batch.map(({ organizationId }) => organizationId))],
      [...new Set(batch.map(({ sendKey }) => sendKey))],
    );
    const byKey = new Map(messages.map((message) => [`${message.organization_id} ${message.send_key}`, message]));
    const known = batch.flatMap((hit) => {
      const message = byKey.get(`${hit.organizationId} ${hit.sendKey}`);
      // Of an erased person nothing is recorded.
      return message === undefined || message.content.length === 0 ? [] : [{ hit, message }];
    });
    if (processes() > 1) await learn(known);
    return known.map(({ hit, message }) => judge(hit, message));
  }

  /** Adds what other processes have seen of clicked messages, and of addresses that this one has seen in the campaign before. */
  async function learn(known: readonly { readonly hit: Hit; readonly message: TrackedMessage }[]): Promise<void> {
    const nowMs = clock.now();
    const clicked = new Map(
      known.flatMap(({ hit, message }) => (hit.kind === 'click' ? [[message.id, hit.sendKey]] : [])),
    );
    const addresses = new Set(
      known.flatMap(({ hit: { address }, message: { campaign_id: campaign } }) =>
        campaign !== null && recipients.isOpen(`${campaign} ${address}`, nowMs) ? [address] : [],
      ),
    );
    const [clicks, fetched] = await Promise.all([
      clicked.size === 0 ? [] : clicksSince(db, [...clicked.keys()], idAt(nowMs - burstMs)),
      addresses.size === 0 ? [] : hitsSince(db, [...addresses], idAt(nowMs - minuteMs)),
    ]);
    for (const { id, message_id: message, number } of clicks)
      links.add(clicked.get(message) ?? '', String(number), timeOfId(id));
    for (const { id, campaign_id: campaign, address, message_id: message } of fetched)
      recipients.add(`${campaign} ${address}`, message, timeOfId(id));
  }

  async function work(): Promise<void> {
    while (queue.length > 0) {
      if (queue.length < batchMax) await gathering();
      const batch = queue.slice(0, batchMax);
      queue = queue.slice(batchMax);
      await write(batch);
    }
    running = undefined;
  }

  const drained = async (): Promise<void> => {
    while (running !== undefined) await running;
  };

  return {
    add(hit) {
      if (queue.length >= waitingMax) return;
      queue.push(hit);
      running ??= work();
    },
    drained,
    async run(signal) {
      await aborted(signal);
      stopped = true;
      await drained();
    },
  };
}

async function record({ db, vault, emitAll, onSeen }: HitsOptions, judged: readonly Judged[]): Promise<void> {
  if (judged.length === 0) return;
  await db.transaction(async (tx) => {
    const first = { open: await markFirst(tx, 'open', judged), click: await markFirst(tx, 'click', judged) };
    await insertHits(
      tx,
      judged.map(({ row }) => row),
    );
    const fresh = judged.filter(({ isNew }) => isNew);
    const urls = await urlsOf(tx, fresh);
    const events = [];
    for (const { message, row } of fresh) {
      const { subject } = await openContent(vault, tx, message);
      events.push(
        emailEvent(row.kind === 'open' ? 'email.opened' : 'email.clicked', message, subject, row.at.getTime(), {
          verdict: row.verdict,
          reasons: row.reasons,
          machine: row.verdict !== 'human',
          ip: row.address,
          user_agent: row.userAgent,
          url: row.kind === 'open' ? null : (urls.get(`${message.id} ${row.number}`) ?? null),
        }),
      );
    }
    const isFirst = ({ row }: Judged): boolean => first[row.kind].get(row.messageId) === row.id;
    const firsts = judged.filter(isFirst);
    if (firsts.length > 0)
      await onSeen(
        tx,
        firsts.map(({ message, row }) => ({
          organizationId: message.organization_id,
          messageId: message.id,
          campaignId: message.campaign_id,
          leadId: message.lead_id,
          kind: row.kind,
          atMs: row.at.getTime(),
        })),
      );
    await count(
      tx,
      judged.flatMap((each) => {
        const { message, row, isNew } = each;
        const counts = isFirst(each);
        const { campaign_id: campaignId, organization_id: organizationId, step_id: stepId } = message;
        if (campaignId === null || !(counts || (isNew && row.verdict === 'machine'))) return [];
        const field = row.kind === 'open' ? ('opened' as const) : ('clicked' as const);
        return [
          {
            campaignId,
            organizationId,
            ...(counts ? { totals: { [field]: 1 } } : {}),
            ...(stepId === null
              ? {}
              : {
                  stats: {
                    day: dayOf((message.sent_at ?? message.created_at).getTime()),
                    stepId,
                    variant: message.variant,
                    mailboxId: message.mailbox_id,
                    provider: message.provider,
                    [counts ? field : (`${field}_machine` as const)]: 1,
                  },
                }),
          },
        ];
      }),
    );
    await emitAll(tx, events);
  });
}

/** Marks what people did first. @returns the id of the hit by message */
async function markFirst(
  tx: Transaction,
  kind: HitKind,
  judged: readonly Judged[],
): Promise<ReadonlyMap<string, string>> {
  const earliest = new Map<string, NewHit>();
  for (const { row } of judged)
    if (row.kind === kind && row.verdict !== 'machine' && !earliest.has(row.messageId))
      earliest.set(row.messageId, row);
  const marked = await markSeen(
    tx,
    kind,
    [...earliest.values()]
      .toSorted((one, other) => (one.messageId < other.messageId ? -1 : 1))
      .map(({ messageId, at }) => ({ id: messageId, at })),
  );
  return new Map([...earliest].flatMap(([id, row]) => (marked.has(id) ? [[id, row.id]] : [])));
}

async function urlsOf(tx: Transaction, judged: readonly Judged[]): Promise<ReadonlyMap<string, string>> {
  const clicked = judged.filter(({ row }) => row.kind === 'click').map(({ message }) => message.id);
  if (clicked.length === 0) return new Map();
  return new Map(
    (await linkUrls(tx, clicked)).map(({ message_id: id, number, url }) => [`${id} ${number}`, url] as const),
  );
}
