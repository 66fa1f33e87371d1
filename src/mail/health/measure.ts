import type { OrganizationClocks } from '../../auth/index.ts';
import { dayMs, dayOf, hourMs } from '../../base/clock.ts';
import type { Clock } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Database, Queryable, Transaction } from '../../db/pool.ts';
import type { EmitAll } from '../../events/index.ts';
import type { Checks, Domains } from '../domains/index.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxRow, MailboxState } from '../mailboxes/index.ts';
import { health, newMailbox } from './health.ts';
import type { Band, HealthInput, HealthState } from './health.ts';
import { daysOf, dueHealth, lockHealth, saveHealth, saveScores } from './queries.ts';
import type { HealthRow, MeasuredRow } from './queries.ts';

/** A mailbox that was measured. Times in Unix milliseconds of the organization's clock. */
export interface Measurement {
  readonly mailbox: MailboxState;
  readonly nowMs: number;
  readonly before: Band | null;
  readonly score: number | null;
  readonly band: Band | null;
  readonly sinceMs: number;
}

/** Learns of measurements in the transactions that write them. */
export interface HealthListener {
  measured(tx: Transaction, measurements: readonly Measurement[]): Promise<void>;
}

export interface MeasureOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly clocks: OrganizationClocks;
  readonly emitAll: EmitAll;
  readonly mailboxes: Pick<Mailboxes, 'settingsOf' | 'connectedOf'>;
  readonly domains: Pick<Domains, 'known' | 'read'>;
  /** Locks what decides how much mailboxes may send, which comes before their health in the order of locks. */
  readonly hold: (tx: Transaction, mailboxes: readonly MailboxId[]) => Promise<unknown>;
  readonly listeners: readonly HealthListener[];
  readonly onError: (error: unknown) => void;
}

/** Mailboxes in one transaction. */
const batchMax = 100;
export const againMs = hourMs;
/** Nothing but messages changes the health of a mailbox whose mail stays here; and the clock of a sandbox stops at each measurement. */
const capturingAgainMs = dayMs;
const dnsMs = dayMs;
/** The longest window of the parts, and the day in which it begins. */
const windowMs = 31 * dayMs;
const connectionMs = 7 * dayMs;

/** Measures the mailboxes that are due. @returns whether there were any */
export async function measureDue(options: MeasureOptions, nowMs: number): Promise<boolean> {
  const { db, clocks, mailboxes } = options;
  const due = await dueHealth(db, new Date(nowMs), batchMax);
  if (due.length === 0) return false;
  const ids = due.map((row) => row.mailbox_id);
  const read = await readDomains(options, await mailboxes.settingsOf(db, ids), due, nowMs);
  const measured = await db.transaction(async (tx) => {
    await options.hold(tx, ids);
    const locked = await lockHealth(tx, ids, new Date(nowMs));
    return locked.length === 0 ? [] : measure(options, tx, locked, read, nowMs);
  });
  await clocks.progressed(
    db,
    measured.map(({ mailbox }) => mailbox.organization_id),
  );
  // Another process measures what was locked.
  return measured.length > 0;
}

/** Reads the DNS of domains that were not read for a day. @returns the mailboxes whose domains were read */
async function readDomains(
  { domains, onError }: Pick<MeasureOptions, 'domains' | 'onError'>,
  mailboxes: readonly MailboxState[],
  due: readonly HealthRow[],
  nowMs: number,
): Promise<ReadonlySet<MailboxId>> {
  const old = new Set(
    due.flatMap((row) => ((row.dns_read_at?.getTime() ?? 0) > nowMs - dnsMs ? [] : [row.mailbox_id])),
  );
  const asked = mailboxes.filter((mailbox) => old.has(mailbox.id) && !isCapturing(mailbox));
  const byDomain = Map.groupBy(asked, (mailbox) => `${mailbox.organization_id} ${mailbox.domain}`);
  await Promise.all(
    [...byDomain.values()].map(async ([one]) => {
      if (one !== undefined) await domains.read(one.organization_id, one.domain).catch(onError);
    }),
  );
  return new Set(asked.map(({ id }) => id));
}

async function measure(
  options: MeasureOptions,
  tx: Transaction,
  locked: readonly HealthRow[],
  dnsRead: ReadonlySet<MailboxId>,
  realMs: number,
): Promise<Measurement[]> {
  const rows = await options.mailboxes.settingsOf(
    tx,
    locked.map((row) => row.mailbox_id),
  );
  const stored = new Map(locked.map((row) => [row.mailbox_id, row]));
  const inputs = await inputsOf(options, tx, rows, realMs);
  const saved: MeasuredRow[] = [];
  const measurements: Measurement[] = [];
  for (const mailbox of rows) {
    const before = stored.get(mailbox.id);
    const input = inputs.get(mailbox.id);
    if (before === undefined || input === undefined) throw unreachable(`no health of ${mailbox.id}`);
    const { nowMs } = input;
    const { score, band, parts, weakest, state } = health({ ...input, state: stateOf(before, nowMs) });
    saved.push({
      mailbox_id: mailbox.id,
      organization_id: mailbox.organization_id,
      score,
      band,
      since: new Date(state.sinceMs),
      counts_from: state.countsFromMs === 0 ? null : new Date(state.countsFromMs),
      parts,
      weakest,
      measured_at: new Date(nowMs),
      due: new Date(realMs + (isCapturing(mailbox) ? capturingAgainMs : againMs)),
      dnsReadAt: dnsRead.has(mailbox.id) ? new Date(realMs) : null,
    });
    measurements.push({ mailbox, nowMs, before: before.band, score, band, sinceMs: state.sinceMs });
  }
  // What an earlier transaction left for a deleted mailbox is not measured.
  const live = measurements.filter(({ mailbox }) => mailbox.deleted_at === null);
  await saveHealth(tx, saved);
  const scores = saved.filter(({ score }) => score !== null);
  if (scores.length > 0)
    await saveScores(
      tx,
      scores.map((row) => ({ ...row, day: dayOf(row.measured_at?.getTime() ?? realMs) })),
    );
  for (const listener of options.listeners) await listener.measured(tx, live);
  await options.emitAll(tx, live.flatMap(eventsOf));
  return measurements;
}

/** A crossing of a band. */
function eventsOf({ mailbox, nowMs, before, band, score }: Measurement): Parameters<EmitAll>[1] {
  if (band === null || band === before) return [];
  return [
    {
      organizationId: mailbox.organization_id,
      workspaceId: mailbox.workspace_id ?? undefined,
      type: 'warmup.health_changed',
      data: { mailbox_id: mailbox.id, email: mailbox.email, previous_band: before, band, score },
      occurredAtMs: nowMs,
    },
  ];
}

const stateOf = ({ band, since, counts_from: from }: HealthRow, nowMs: number): HealthState =>
  band === null
    ? { ...newMailbox(nowMs), countsFromMs: from?.getTime() ?? 0 }
    : { band, sinceMs: since.getTime(), countsFromMs: from?.getTime() ?? 0 };

/** What a mailbox's health is computed from. */
type Measured = Pick<MailboxRow, 'id' | 'organization_id' | 'domain' | 'sandbox' | 'provider' | 'created_at'>;

/** Measures a mailbox that was never measured, if no other process is doing it. */
export const measureFirst = (options: MeasureOptions, id: MailboxId): Promise<void> =>
  options.db.transaction(async (tx) => {
    await options.hold(tx, [id]);
    const locked = await lockHealth(tx, [id], endOfTime);
    if (locked.some((row) => row.measured_at === null))
      await measure(options, tx, locked, new Set(), options.clock.now());
  });

const endOfTime = new Date(8.64e15);

/** Counts, checks and logins of mailboxes of any organizations. */
async function inputsOf(
  { clocks, mailboxes, domains }: Pick<MeasureOptions, 'clocks' | 'mailboxes' | 'domains'>,
  on: Queryable,
  rows: readonly Measured[],
  realMs: number,
): Promise<ReadonlyMap<MailboxId, Omit<HealthInput, 'state'>>> {
  if (rows.length === 0) return new Map();
  const ahead = await clocks.aheadOf(
    on,
    rows.map((row) => row.organization_id),
  );
  const nowOf = (row: Measured): number => realMs + (ahead.get(row.organization_id) ?? 0);
  const ids = rows.map(({ id }) => id);
  const days = Map.groupBy(
    await daysOf(on, ids, dayOf(Math.min(...rows.map(nowOf)) - windowMs)),
    (row) => row.mailbox_id,
  );
  const checks = await checksOf(domains, on, rows);
  const connected = await mailboxes.connectedOf(
    on,
    rows.map((row) => ({ id: row.id, from: new Date(nowOf(row) - connectionMs), to: new Date(nowOf(row)) })),
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        nowMs: nowOf(row),
        days: (days.get(row.id) ?? []).map(({ day, sent, refused, bounced, complained, inboxed, spam }) => ({
          dayMs: Date.parse(day),
          sent: sent + refused,
          bounced,
          complained,
          inboxed,
          spam,
        })),
        authentication: passes(checks.get(row.id)),
        connection: connected.get(row.id) ?? null,
      },
    ]),
  );
}

/** What is known of the domains of mailboxes. Nothing of those whose mail stays here: no receiver checks it. */
export async function checksOf(
  domains: Pick<Domains, 'known'>,
  on: Queryable,
  rows: readonly Measured[],
): Promise<ReadonlyMap<MailboxId, Checks>> {
  const found = new Map<MailboxId, Checks>();
  const live = Map.groupBy(
    rows.filter((row) => !isCapturing(row)),
    (row): OrganizationId => row.organization_id,
  );
  for (const [organization, own] of live) {
    const known = await domains.known(on, organization, [...new Set(own.map(({ domain }) => domain))]);
    for (const { id, domain } of own) {
      const checks = known.get(domain);
      if (checks !== undefined) found.set(id, checks);
    }
  }
  return found;
}

/** A check without an answer is trouble of the DNS, and no failure. */
const passes = (checks: Checks | undefined): HealthInput['authentication'] =>
  checks === undefined
    ? null
    : {
        spf: checks.spf.status !== 'failing',
        dkim: checks.dkim.status !== 'failing',
        dmarc: checks.dmarc.status !== 'failing',
      };
