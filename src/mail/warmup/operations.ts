import { dayMs } from '../../base/clock.ts';
import { invalid } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Transaction } from '../../db/pool.ts';
import type { Mailboxes, MailboxRow, Reach } from '../mailboxes/index.ts';
import type { ExchangeChange, ExchangePort } from './exchange-port.ts';
import { govern } from './governor.ts';
import type { GovernorOptions } from './governor.ts';
import { addWarmup, lockWarmups, saveWarmups, warmupsOf } from './queries.ts';
import { strategies } from './ramp.ts';
import type { CapReason, Hold, Strategy } from './ramp.ts';
import { defaults, milestones } from './warmup.ts';
import type { Language, Milestone, Settings, Warmup } from './warmup.ts';

/** Settings that a caller changes; those that are not given stay. */
export type WarmupChange = { readonly [Field in keyof Settings]?: Settings[Field] | undefined } & {
  readonly exchange?: ExchangeChange | undefined;
};

/** Warm-up of a mailbox as the APIs show it. */
export interface WarmupReport {
  readonly mailboxId: MailboxId;
  readonly enabled: boolean;
  readonly paused: boolean;
  readonly strategy: Strategy;
  readonly target: number;
  readonly replyRate: number;
  readonly language: Language;
  /** Days that counted for the ramp. */
  readonly day: number;
  /** `target` null: nothing is governed. */
  readonly today: { readonly target: number | null; readonly sent: number; readonly reason: CapReason | null };
  /** Why the day before did not count. */
  readonly hold: Hold | null;
  readonly startedAt: Date | null;
  /** In the order in which they were reached. */
  readonly milestones: readonly { readonly name: Milestone; readonly at: string }[];
}

export interface Warmups {
  /** @throws ApiError `not_found` */
  get(reach: Reach, id: MailboxId): Promise<WarmupReport>;
  /** @throws ApiError `not_found` */
  update(reach: Reach, id: MailboxId, change: WarmupChange): Promise<WarmupReport>;
  /** The exchange and the ramp stand still; what the mailbox may send a day stays. @throws ApiError `not_found` */
  pause(reach: Reach, id: MailboxId): Promise<WarmupReport>;
  /** Continues, or starts what was never started. A blocked mailbox begins its probation. @throws ApiError `not_found` */
  resume(reach: Reach, id: MailboxId): Promise<WarmupReport>;
  /** The mailboxes of an organization that are warming up. */
  enabled(organization: OrganizationId): Promise<readonly MailboxId[]>;
}

export interface WarmupsOptions extends GovernorOptions {
  readonly mailboxes: Pick<Mailboxes, 'get' | 'settingsOf' | 'sentToday'>;
  readonly exchange: Pick<ExchangePort, 'allow'>;
}

/** A mailbox that was not warmed up for so long begins its ramp again. */
const coolsMs = 7 * dayMs;

/** Sets what `ramp` and `strategy` name: two words for one thing. @throws ApiError `validation_failed` if they differ */
export function strategyOf(ramp: Strategy | undefined, strategy: Strategy | undefined): Strategy | undefined {
  if (ramp !== undefined && strategy !== undefined && ramp !== strategy)
    throw invalid({ ramp: 'must be the same as strategy: both name how fast the volume grows' });
  return strategy ?? ramp;
}

export function createOperations(options: WarmupsOptions): Omit<Warmups, 'enabled'> {
  const { db, mailboxes } = options;

  async function reportOf(mailbox: MailboxRow): Promise<WarmupReport> {
    const [[row], sent] = await Promise.all([warmupsOf(db, [mailbox.id]), mailboxes.sentToday([mailbox])]);
    return shown(mailbox, row, sent.get(mailbox.id) ?? 0);
  }

  const change = async (
    reach: Reach,
    id: MailboxId,
    changed: (row: Warmup, nowMs: number) => Partial<Warmup>,
    exchange?: ExchangeChange,
  ): Promise<WarmupReport> => {
    const mailbox = await mailboxes.get(reach, id);
    await db.transaction(async (tx) => {
      await apply(options, tx, mailbox, changed);
      if (exchange !== undefined) await options.exchange.allow(tx, mailbox, exchange);
    });
    return reportOf(mailbox);
  };

  return {
    get: async (reach, id) => reportOf(await mailboxes.get(reach, id)),
    update: (reach, id, given) =>
      change(
        reach,
        id,
        (row, nowMs) => {
          const { exchange: _, ...settings } = given;
          const set = Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
          const enabled = given.enabled === undefined ? {} : enabling(row, given.enabled, nowMs);
          return { ...set, ...targeting(row, given), ...enabled };
        },
        given.exchange,
      ),
    pause: (reach, id) => change(reach, id, () => ({ paused: true })),
    resume: (reach, id) =>
      change(reach, id, (row, nowMs) => ({
        ...enabling(row, true, nowMs),
        paused: false,
        released_at: new Date(nowMs),
      })),
  };
}

/** Locks the warm-up of a mailbox, with what decides how much it may send before it. */
export async function lockWarmup(
  { sending }: Pick<GovernorOptions, 'sending'>,
  tx: Transaction,
  id: MailboxId,
): Promise<Warmup | undefined> {
  await sending.hold(tx, [id]);
  return (await lockWarmups(tx, [id]))[0];
}

async function apply(
  options: WarmupsOptions,
  tx: Transaction,
  mailbox: MailboxRow,
  changed: (row: Warmup, nowMs: number) => Partial<Warmup>,
): Promise<void> {
  await options.sending.hold(tx, [mailbox.id]);
  await addWarmup(tx, mailbox, defaults);
  const [row] = await lockWarmups(tx, [mailbox.id]);
  if (row === undefined) return;
  const nowMs = await options.clocks.nowOf(tx, mailbox.organization_id);
  const after = { ...row, ...changed(row, nowMs) };
  if (after.enabled) {
    await govern(options, tx, [after]);
    // The exchange may have something for it.
    if (!after.paused) await options.sending.wake(tx, [mailbox.id]);
    return;
  }
  await saveWarmups(tx, [{ ...after, cap: null, cap_reason: null, due_at: null }]);
  if (row.enabled)
    await options.sending.govern(tx, [
      { mailboxId: mailbox.id, organizationId: mailbox.organization_id, messages: null },
    ]);
}

/** A strategy brings its own target, unless a person has set another one. */
function targeting(row: Warmup, { strategy, target }: WarmupChange): Partial<Warmup> {
  const isOwn = strategy !== undefined && target === undefined && row.target === strategies[row.strategy].target;
  return isOwn ? { target: strategies[strategy].target } : {};
}

/** What follows from turning warm-up on or off. */
function enabling(row: Warmup, enabled: boolean, nowMs: number): Partial<Warmup> {
  if (enabled === row.enabled) return {};
  if (!enabled) return { enabled, stopped_at: new Date(nowMs) };
  const isCool = row.stopped_at !== null && nowMs - row.stopped_at.getTime() > coolsMs;
  return { enabled, day_started_at: null, day_base: null, hold: null, ...(isCool ? { ramp_day: 0 } : {}) };
}

function shown(mailbox: MailboxRow, row: Warmup | undefined, sent: number): WarmupReport {
  const settings = row ?? defaults;
  const reached = row?.milestones ?? {};
  return {
    mailboxId: mailbox.id,
    enabled: settings.enabled,
    paused: row?.paused ?? false,
    strategy: settings.strategy,
    target: settings.target,
    replyRate: settings.reply_rate,
    language: settings.language,
    day: row?.ramp_day ?? 0,
    today: { target: row?.cap ?? null, sent, reason: row?.cap_reason ?? null },
    hold: row?.hold ?? null,
    startedAt: row?.started_at ?? null,
    milestones: milestones
      .flatMap((name) => (reached[name] === undefined ? [] : [{ name, at: reached[name] }]))
      .toSorted((a, b) => a.at.localeCompare(b.at)),
  };
}
