import { dayMs, type Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { invalid } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Vault } from '../../encryption/vault.ts';
import { detailsOf } from './provider.ts';
import type { InboundEvent } from './provider.ts';
import { deleteInbound, insertInbound, setEvent } from './queries.ts';

/** One post of a provider. */
export interface Post {
  readonly organizationId: OrganizationId;
  readonly provider: string;
  /** Null: it came with an API key. */
  readonly sourceId: string | null;
  /** The body as it came. */
  readonly raw: Buffer;
  readonly events: readonly InboundEvent[];
}

/** An event may be this far from now. */
const yearsMax = 10;
const farthestMs = yearsMax * 365.25 * dayMs;
/** Rows whose removal is one statement; the bodies are up to 256 KiB each. */
const deleteChunk = 1_000;

export type Inbox = ReturnType<typeof createInbox>;

export interface InboxOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
  readonly vault: Vault;
  readonly retentionDays: number;
}

/** Keeps what providers tell, and tells subscribers. */
export function createInbox({ db, clock, ids, emitAll, vault, retentionDays }: InboxOptions) {
  return {
    /**
     * Stores what was not stored before, and emits it in the same transaction: all events of a post, or none.
     * @throws ApiError `validation_failed` for a time that cannot be.
     */
    async receive({ organizationId, provider, sourceId, raw, events }: Post): Promise<void> {
      const now = clock.now();
      if (events.some(({ occurredAtMs = now }) => Math.abs(occurredAtMs - now) > farthestMs))
        throw invalid({ timestamp: `must be within ${yearsMax} years of now` });
      await db.transaction(async (tx) => {
        // Keyed: from a plain hash the address could be guessed, after an erasure too.
        const plain = events.map(({ dedupeKey }) => dedupeKey.toString('hex'));
        const keys = await vault.mac(tx, organizationId, plain, 'inbound event');
        const keyed = events.map((event, index) => {
          const key = keys[index];
          if (key === undefined) throw new Error(`unreachable: no hash for event ${index}`);
          return { event, key, id: ids.next<string>() };
        });
        // Two posts of the same events in another order would wait for each other's rows: every post stores them by key, and emits afterwards.
        const stored = new Set<string>();
        for (const { event, key, id } of keyed.toSorted((a, b) => a.key.compare(b.key))) {
          const { type, emailId, recipient, occurredAtMs = now } = event;
          const isNew = await insertInbound(tx, {
            organization_id: organizationId,
            id,
            source_id: sourceId,
            provider,
            dedupe_key: key,
            type,
            email_id: emailId,
            recipient,
            occurred_at: new Date(occurredAtMs),
            received_at: new Date(now),
            payload: raw,
            matched: false,
          });
          if (isNew) stored.add(id);
        }
        const fresh = keyed.filter(({ id }) => stored.has(id));
        const emitted = await emitAll(
          tx,
          fresh.map(({ event }) => {
            const { type, occurredAtMs = now } = event;
            return { organizationId, type, data: dataOf(event, occurredAtMs), occurredAtMs };
          }),
        );
        for (const [index, { id }] of fresh.entries()) {
          const event = emitted[index];
          if (event === undefined) throw new Error(`unreachable: no event for ${id}`);
          await setEvent(tx, organizationId, id, event.id);
        }
      });
    },

    /** Deletes what is past the retention. @returns how many. */
    async expire(nowMs: number): Promise<number> {
      const before = new Date(nowMs - retentionDays * dayMs);
      let total = 0;
      for (let count = deleteChunk; count === deleteChunk; total += count)
        count = await deleteInbound(db, before, deleteChunk);
      return total;
    },
  };
}

/** `data` as the catalogue has it; what the provider does not say is null. */
const dataOf = (
  { type, emailId, recipient, details }: InboundEvent,
  occurredAtMs: number,
): Readonly<Record<string, string | boolean | null>> => ({
  email_id: emailId,
  message_id: null,
  campaign_id: null,
  lead_id: null,
  contact_id: null,
  mailbox_id: null,
  recipient,
  from: null,
  subject: null,
  step: null,
  occurred_at: new Date(occurredAtMs).toISOString(),
  ...Object.fromEntries(detailsOf[type].map((name) => [name, details[name] ?? null])),
});
