import type { Clock } from '../base/clock.ts';
import type { Role } from '../base/config.ts';
import type { Ids } from '../base/ids.ts';
import type { Bus } from '../db/bus.ts';
import type { Database } from '../db/pool.ts';
import type { Vault } from '../encryption/vault.ts';
import type { Route } from '../http/route.ts';

/** What `app.ts` passes to every layer. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  /** Reports a failure of background work that is tried again. `during` names the work. */
  readonly onError: (error: unknown, during: string) => void;
}

/** How many rows of a table are in a state. */
export interface Depth {
  readonly state: string;
  readonly count: number;
}

/** A gauge of `/metrics`: unfinished jobs by state, read from the database. */
export interface Unfinished {
  readonly metric: `outrider_${string}`;
  readonly help: string;
  /** Must be cheap, however many jobs there are. */
  readonly count: () => Promise<readonly Depth[]>;
}

/** One part of the product, as `app.ts` lists it. A module has only the members it needs. */
export interface Module {
  /** In the order in which the API document lists them. */
  readonly routes?: readonly Route[];
  /** Works until the signal aborts, then finishes what it has begun. */
  run?(signal: AbortSignal): Promise<void>;
  /** `run` is called only in processes with this role; in every process when absent. */
  readonly role?: Role;
  /** Deletes what has expired by `nowMs`, the database's time, or does other work that is due. Called once a minute; must be cheap when there is none. */
  everyMinute?(nowMs: number): Promise<unknown>;
  readonly unfinished?: Unfinished;
  /** Answers requests that wait, such as long polls. Called when the process begins to stop. */
  endWaiting?(): void;
}
