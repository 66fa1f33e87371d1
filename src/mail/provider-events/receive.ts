import { dayMs, type Clock } from '../../base/clock.ts';
import type { Database } from '../../db/pool.ts';
import { invalid } from '../../base/errors.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Ids, OrganizationId } from '../../base/ids.ts';
import type { Vault } from '../../encryption/vault.ts';
import { detailsOf } from './provider.ts';
import type { ProviderEvent } from './provider.ts';
import { deleteEvents, insertEvents, setEmitted } from './queries.ts';

/** One request of a provider. */
export interface Post {
  readonly organizationId: OrganizationId;
  readonly provider: string;
  /** Null if it was posted with an API key. */
  readonly sourceId: string | null;
  /** The body as received. */
  readonly raw: Buffer;
  readonly events: readonly ProviderEvent[];
}

/** The time of an event may be this far from now. */
const yearsMax = 10;
const farthestMs = yearsMax * 365.25 * dayMs;
/** Rows deleted by one statement; the bodies are up to 256 KiB each. */
const deleteChunk = 1_000;

export type Receiving = ReturnType<typeof createReceiving>;

export interface ReceivingOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly emitAll: EmitAll;
  readonly vault: Vault;
  readonly retentionDays: number;
}

/** Stores what providers report, and emits it to subscribers. */
export function createReceiving({ db, clock, ids, emitAll, vault, retentionDays }: ReceivingOptions) {
  return {
    /**
     * Stores the events that are not stored yet and emits them in the same transaction, in the order of the post: all or none.
     * @throws ApiError `validation_failed` for a time more than `yearsMax` years from now
     */
    async receive({ organizationId, provider, sourceId, raw, events }: Post): Promise<void> {
      const now = clock.now();
      if (events.some(({ occurredAtMs = now }) => Math.abs(occurredAtMs - now) > farthestMs))
        throw invalid({ timestamp: `must be within ${yearsMax} years of now` });
      await db.transaction(async (tx) => {
        // Use an HMAC: with a plain hash, anyone could test guessed addresses, even after erasure.
        const plain = events.map(({ dedupeKey }) => dedupeKey.toString('hex'));
        const keys = await vault.mac(tx, organizationId, plain, 'inbound event');
        const rows = events.map((event, index) => {
          const key = keys[index];
          if (key === undefined) throw new Error(`unreachable: no hash for event ${index}`);
          const { type, emailId, recipient, occurredAtMs = now } = event;
          const id = ids.next<string>();
          return {
            id,
            dedupe_key: key,
            type,
            email_id: emailId,
            recipient,
            occurred_at: new Date(occurredAtMs),
            event,
          };
        });
        const post = {
          organization_id: organizationId,
          source_id: sourceId,
          provider,
          received_at: new Date(now),
          payload: raw,
        };
        const stored = await insertEvents(tx, post, rows);
        const fresh = rows.filter(({ id }) => stored.has(id));
        if (fresh.length === 0) return;
        const emitted = await emitAll(
          tx,
          fresh.map(({ occurred_at: at, event }) => ({
            organizationId,
            type: event.type,
            data: dataOf(event, at),
            occurredAtMs: at.getTime(),
          })),
        );
        const pairs = fresh.map(({ id }, index) => {
          const event = emitted[index];
          if (event === undefined) throw new Error(`unreachable: no event for ${id}`);
          return { id, event: event.id };
        });
        await setEmitted(tx, organizationId, pairs);
      });
    },

    /** Deletes provider events past the retention. @returns how many. */
    async expire(nowMs: number): Promise<number> {
      const before = new Date(nowMs - retentionDays * dayMs);
      let total = 0;
      for (let count = deleteChunk; count === deleteChunk; total += count)
        count = await deleteEvents(db, before, deleteChunk);
      return total;
    },
  };
}

/** `data` of the catalogue's event; fields that the provider does not report are null. */
const dataOf = (
  { type, emailId, recipient, details }: ProviderEvent,
  occurredAt: Date,
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
  occurred_at: occurredAt.toISOString(),
  ...Object.fromEntries(detailsOf[type].map((name) => [name, details[name] ?? null])),
});
