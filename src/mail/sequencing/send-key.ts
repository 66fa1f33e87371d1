import type { OrganizationId } from '../../base/ids.ts';
import { unreachable } from '../../base/errors.ts';
import type { Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';

/** One message: a step of the sequence for a lead. */
export interface Sent {
  readonly leadId: string;
  readonly stepId: string;
}

/** What is computed of lead and step, the same in every process. */
export interface MessageSeeds {
  /** A UUID, unique among messages. It is public: the Message-ID and the links are made from it. */
  readonly sendKey: string;
  /** Decides the variant and the spintax. */
  readonly seed: Buffer;
}

/**
 * The send keys and seeds of messages: keyed hashes, so that nobody can compute those of another lead.
 * @example
 * const [{ sendKey, seed }] = await seedsOf(vault, tx, organization, [{ leadId: lead.id, stepId: step.id }]);
 */
export async function seedsOf(
  vault: Pick<Vault, 'mac'>,
  on: Queryable,
  organization: OrganizationId,
  messages: readonly Sent[],
): Promise<MessageSeeds[]> {
  const texts = messages.map(({ leadId, stepId }) => `${leadId} ${stepId}`);
  const keys = await vault.mac(on, organization, texts, 'send key');
  const seeds = await vault.mac(on, organization, texts, 'campaign text');
  return keys.map((key, index) => {
    const seed = seeds[index];
    if (seed === undefined) throw unreachable(`no seed of message ${index}`);
    return { sendKey: uuidOf(key), seed };
  });
}

/** The first bytes of a hash as a UUIDv8 (RFC 9562 §5.8). */
function uuidOf(hash: Buffer): string {
  const bytes = Buffer.from(hash.subarray(0, 16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
