import { ApiError } from '../base/errors.ts';

export interface RequestLimits {
  /** Requests of one organization in progress at the same time. */
  readonly perOwner: number;
  /** Of these, long polls and streamed bodies, which take long by design. */
  readonly longPerOwner: number;
}

/** Limits the requests in progress of one organization, because each takes a connection. */
export interface RequestsInProgress {
  /** @returns a function that ends the request. @throws ApiError `rate_limit` past a limit */
  begin(owner: string, isLong: boolean): () => void;
}

export function createRequestsInProgress({ perOwner, longPerOwner }: RequestLimits): RequestsInProgress {
  const all = new Map<string, number>();
  const long = new Map<string, number>();

  function assertBelow(counts: ReadonlyMap<string, number>, owner: string, max: number, what: string): void {
    if ((counts.get(owner) ?? 0) < max) return;
    throw new ApiError(
      'rate_limit',
      `This organization has ${max} ${what} in progress, which is the limit. Try again when one of them has ended.`,
      {
        retryAfterSeconds: 1,
      },
    );
  }

  return {
    begin(owner, isLong) {
      assertBelow(all, owner, perOwner, 'requests');
      if (isLong) assertBelow(long, owner, longPerOwner, 'long polls and uploads');
      add(all, owner, 1);
      if (isLong) add(long, owner, 1);
      return () => {
        add(all, owner, -1);
        if (isLong) add(long, owner, -1);
      };
    },
  };
}

function add(counts: Map<string, number>, owner: string, by: number): void {
  const count = (counts.get(owner) ?? 0) + by;
  if (count === 0) counts.delete(owner);
  else counts.set(owner, count);
}
