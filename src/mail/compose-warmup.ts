import type { OrganizationClocks } from '../auth/index.ts';
import type { MailboxId } from '../base/ids.ts';
import type { Queryable } from '../db/pool.ts';
import type { Emitter } from '../events/index.ts';
import type { Deps } from '../ops/index.ts';
import { mailboxDays } from './analytics/index.ts';
import type { Domains } from './domains/index.ts';
import { createExchange } from './exchange/index.ts';
import type { Exchange, ExchangeOptions } from './exchange/index.ts';
import { createHealth } from './health/index.ts';
import type { MailboxHealth } from './health/index.ts';
import { noStanding } from './mailboxes/index.ts';
import type { Mailboxes, MailboxRow, Standing } from './mailboxes/index.ts';
import type { SandboxClock } from './sandbox-clock/index.ts';
import type { Sending } from './sending/index.ts';
import { createWarmup } from './warmup/index.ts';
import type { MailboxWarmup } from './warmup/index.ts';

/** How mailboxes are, and what they may send because of it. */
export interface WarmupAndHealth {
  readonly health: MailboxHealth;
  readonly warmup: MailboxWarmup;
}

/** Composes health and warm-up: one measures, the other governs by it. */
export function composeWarmup(
  options: Deps &
    Emitter & {
      readonly clocks: OrganizationClocks;
      readonly mailboxes: Mailboxes;
      readonly domains: Domains;
      readonly sending: Pick<Sending, 'hold' | 'govern' | 'wake'>;
      /** Composed later. */
      readonly exchange: () => Exchange['settings'];
    },
): WarmupAndHealth {
  const { db, sending } = options;
  const health = createHealth({
    ...options,
    hold: sending.hold,
    campaignDays: (...of) => mailboxDays(db, ...of),
  });
  const exchange: Exchange['settings'] = {
    reportOf: (...of) => options.exchange().reportOf(...of),
    allow: (...change) => options.exchange().allow(...change),
  };
  return { health, warmup: createWarmup({ ...options, health, exchange }) };
}

/** Composes the exchange of mailboxes that warm up: a source of messages, with times of its own. */
export function composeExchange(
  options: Omit<ExchangeOptions, 'wake'> & {
    readonly sending: Pick<Sending, 'addSource' | 'wake'>;
    readonly sandboxClock: Pick<SandboxClock, 'add'>;
  },
): Exchange {
  const { sending, sandboxClock } = options;
  const exchange = createExchange({ ...options, wake: sending.wake });
  sending.addSource(exchange.source);
  sandboxClock.add(exchange.timed);
  return exchange;
}

/** What the APIs show of it with each mailbox. */
export async function standingOf(
  { health, warmup }: { readonly health: Pick<MailboxHealth, 'of'>; readonly warmup: Pick<MailboxWarmup, 'of'> },
  on: Queryable,
  rows: readonly MailboxRow[],
): Promise<ReadonlyMap<MailboxId, Standing>> {
  const ids = rows.map(({ id }) => id);
  const [measured, warming] = await Promise.all([health.of(on, ids), warmup.of(on, ids)]);
  return new Map(
    ids.map((id) => {
      const { score, band } = measured.get(id) ?? noStanding.health;
      return [id, { warmup: { enabled: warming.get(id)?.enabled ?? false }, health: { score, band } }];
    }),
  );
}
