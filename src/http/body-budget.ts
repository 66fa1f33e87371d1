import { ApiError } from '../base/errors.ts';

const mebibyte = 1024 * 1024;

/** Bytes held in memory, in all and by owner: request bodies, and responses that their callers have yet to read. */
export interface BodyBudget {
  /** Of a request body. @throws ApiError `rate_limit` past the owner's part, `unavailable` past the whole. */
  take(owner: string, bytes: number): void;
  /** Of a response, which exists already: it may pass the owner's part, and the owner's next request is refused. */
  hold(owner: string, bytes: number): void;
  /** @throws ApiError `rate_limit` while the owner's part is used up. */
  assertPart(owner: string): void;
  give(owner: string, bytes: number): void;
}

export function createBodyBudget({ totalMax = 128 * mebibyte, perOwnerMax = 32 * mebibyte } = {}): BodyBudget {
  const held = new Map<string, number>();
  let total = 0;

  function assertWithin(owner: string, bytes: number): void {
    if ((held.get(owner) ?? 0) + bytes <= perOwnerMax) return;
    throw new ApiError(
      'rate_limit',
      `Request bodies and unread responses of this organization take more than ${perOwnerMax} bytes. Send fewer at a time and read what is answered.`,
      { retryAfterSeconds: 1 },
    );
  }

  function hold(owner: string, bytes: number): void {
    held.set(owner, (held.get(owner) ?? 0) + bytes);
    total += bytes;
  }

  return {
    take(owner, bytes) {
      assertWithin(owner, bytes);
      if (total + bytes > totalMax)
        throw new ApiError('unavailable', 'Too many request bodies are being received. Try again in a second.', {
          retryAfterSeconds: 1,
        });
      hold(owner, bytes);
    },
    hold,
    assertPart: (owner) => assertWithin(owner, 1),
    give(owner, bytes) {
      const left = (held.get(owner) ?? 0) - bytes;
      if (left > 0) held.set(owner, left);
      else held.delete(owner);
      total -= bytes;
    },
  };
}
