import { ApiError } from '../errors.ts';

const mebibyte = 1024 * 1024;

/** Bytes of request bodies that are held in memory, in all and by owner. */
export interface BodyBudget {
  /** @throws ApiError `rate_limit` past the owner's part, `unavailable` past the whole. */
  take(owner: string, bytes: number): void;
  give(owner: string, bytes: number): void;
}

export function createBodyBudget({ totalMax = 128 * mebibyte, perOwnerMax = 32 * mebibyte } = {}): BodyBudget {
  const held = new Map<string, number>();
  let total = 0;
  return {
    take(owner, bytes) {
      const own = (held.get(owner) ?? 0) + bytes;
      if (own > perOwnerMax)
        throw new ApiError('rate_limit', `Request bodies of this organization take more than ${perOwnerMax} bytes. Send fewer at a time.`, {
          retryAfterSeconds: 1,
        });
      if (total + bytes > totalMax)
        throw new ApiError('unavailable', 'Too many request bodies are being received. Try again in a second.', { retryAfterSeconds: 1 });
      held.set(owner, own);
      total += bytes;
    },
    give(owner, bytes) {
      const left = (held.get(owner) ?? 0) - bytes;
      if (left > 0) held.set(owner, left);
      else held.delete(owner);
      total -= bytes;
    },
  };
}
