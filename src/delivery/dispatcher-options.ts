import type { Clock } from '../base/clock.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { Endpoint } from './endpoint.ts';
import type { Item, Lane } from './lane.ts';
import type { Settlement } from './queue/queries.ts';
import type { Outcome } from './retry.ts';
import type { BodyRenderer } from './templates/renderer.ts';
import type { SendResult, Sender } from './transport/sender.ts';

/** One finished attempt, for logs, metrics and statistics. */
export interface Finished {
  readonly endpoint: Endpoint;
  readonly item: Item;
  readonly attempt: number;
  readonly outcome: Outcome;
  readonly result: SendResult;
  readonly startedAtMs: number;
}

export interface DispatcherOptions {
  readonly clock: Clock;
  readonly random: () => number;
  readonly sender: Pick<Sender, 'send'>;
  readonly tokens: AccessTokens;
  readonly templates: BodyRenderer;
  readonly maxInFlight: number;
  /** Whether attempts may begin. Call `pump` when that becomes true. */
  readonly maySend: () => boolean;
  /** The number of live processes, which share an endpoint's rate limit. */
  readonly processes: () => number;
  /** Takes an attempt's outcome; calls `written` when it is stored. */
  readonly settle: (finished: Finished, settlement: Settlement, written: () => void) => void;
  /** Outcomes still to be written; past `unsettledMax` nothing more is sent. */
  readonly unsettled: () => number;
  /** A lane has room, or must be claimed for, at this time. */
  readonly wantsWork: (lane: Lane, atMs: number) => void;
  /** Ends the leases of deliveries that left memory without an attempt. */
  readonly giveBack: (cleared: Cleared) => void;
}

/** Deliveries that were removed from a lane. */
export interface Cleared {
  readonly lane: Lane;
  readonly items: readonly Item[];
}
