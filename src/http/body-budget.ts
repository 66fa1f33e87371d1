import { ApiError } from '../base/errors.ts';

const mebibyte = 1024 * 1024;

/** Limits the bytes in memory, in total and per owner: request bodies, and responses that clients have not read yet. */
export interface BodyBudget {
  /** Takes bytes for a request body. @throws ApiError `rate_limit` past the owner's limit, `unavailable` past the total. */
  take(owner: string, bytes: number): void;
  /** Takes bytes for a response, which already exists: it may exceed the owner's limit; then the owner's next request is refused. */
  hold(owner: string, bytes: number): void;
  /** @throws ApiError `rate_limit` while the owner's limit is used up. */
  assertPart(owner: string): void;
  /** Gives bytes back. */
  give(owner: string, bytes: number): void;
}

export function createBodyBudget({ totalMax = 128 * mebibyte, perOwnerMax = 32 * mebibyte } = {}): BodyBudget {
  const held = new Map<string, number>();
  let total = 0;

  function assertWithin(owner: string, bytes: number): void {
    if ((held.get(owner) ?? 0) + bytes <= perOwnerMax) return;
    throw new ApiError(
      'rate_limit',
      `Request bodies and unread responses of this organization exceed ${perOwnerMax} bytes in memory. Send fewer requests at a time and read each response.`,
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
        throw new ApiError('unavailable', 'The server is receiving too many request bodies. Try again in a second.', {
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
