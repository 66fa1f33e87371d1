import { addressesOfPeople, contactIdsByEmail } from '../../src/crm/contacts/index.ts';
import { parseCidrs } from '../../src/base/cidr.ts';
import { systemClock } from '../../src/base/clock.ts';
import { createLog } from '../../src/base/log.ts';
import { createResolver } from '../../src/base/resolver.ts';
import { createBus } from '../../src/db/bus.ts';
import { createHolder } from '../../src/db/holder.ts';
import type { Holder } from '../../src/db/holder.ts';
import { createMailboxes } from '../../src/mail/mailboxes/index.ts';
import type { Mailboxes } from '../../src/mail/mailboxes/index.ts';
import { createReceiving } from '../../src/mail/receiving/index.ts';
import type { OwnCopy, Receiving } from '../../src/mail/receiving/index.ts';
import type { Report } from '../../src/mail/sending/index.ts';
import { createSync } from '../../src/mail/sync/index.ts';
import type { Sync } from '../../src/mail/sync/index.ts';
import type { Vault } from '../../src/encryption/vault.ts';
import { createVault } from '../../src/encryption/vault.ts';
import { eventually } from './clock.ts';
import type { TestClock } from './clock.ts';
import type { CrmInstallation } from './crm.ts';
import { testMasterKey } from './engine.ts';

const policy = { allow: parseCidrs('127.0.0.0/8'), allowHttp: false };
const resolve = createResolver({ clock: systemClock });
/** One for all readers: each waits for the end of the process. */
const log = createLog('silent');

/** A process that reads mailboxes, as far as `src/mail/sync` goes. What it settles is collected. */
export interface Reader {
  readonly sync: Sync;
  readonly receiving: Receiving;
  readonly mailboxes: Mailboxes;
  readonly holder: Holder;
  readonly vault: Vault;
  /** What it reported of sent messages. */
  readonly reports: Report[];
  readonly copies: OwnCopy[];
  readonly skipped: string[];
  /** Why servers refused to search or file sent messages. */
  readonly refused: string[];
  /** Folders that were read to their end, as `email role`. */
  readonly read: string[];
  readonly errors: unknown[];
  /** Advances the clock until the condition is true, but not while a login waits for real sockets: it would pass their deadlines. */
  passUntil(condition: () => boolean | Promise<boolean>, what: string): Promise<void>;
  /** Ends as a process does that was stopped. */
  stop(): Promise<void>;
  /** Ends as a killed process: its lock is gone, its mailboxes are still held. */
  kill(): Promise<void>;
}

export interface ReaderOptions {
  readonly crm: CrmInstallation;
  readonly databaseUrl: string;
  readonly clock: TestClock;
  readonly processes?: () => number;
  /** Called when a login was reported, before anything is read. `stop` stops the process, as `Reader.stop` does. */
  readonly onConnected?: (stop: () => void) => void;
}

export async function startReader({
  crm,
  databaseUrl,
  clock,
  processes = () => 1,
  onConnected = () => {},
}: ReaderOptions): Promise<Reader> {
  const {
    db,
    ids,
    events,
    mail: { leads, sending },
  } = crm;
  const { emit, emitAll } = events;
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const vault = createVault(testMasterKey);
  const bus = createBus(databaseUrl, clock, onError);
  const holder = createHolder({ db, bus, clock, takes: true, onError });
  const deps = { db, bus, clock, ids, vault, emit, emitAll, onError };
  const mailboxes = createMailboxes({
    ...deps,
    random: () => 0,
    alert: () => Promise.resolve(),
    onHostOpened: () => {},
    sentToday: () => Promise.resolve(new Map()),
    standingOf: () => Promise.resolve(new Map()),
    log,
    liveTest: () => Promise.reject(new Error('no mailbox is tested here')),
    rateLimiter: { take: () => Promise.reject(new Error('no mailbox is tested here')) },
    refresh: () => Promise.resolve({ kind: 'temporary', reason: 'no provider' }),
  });
  const collected = {
    reports: [] as Report[],
    copies: [] as OwnCopy[],
    skipped: [] as string[],
    refused: [] as string[],
    read: [] as string[],
  };
  const receiving = createReceiving({
    ...deps,
    contactIds: contactIdsByEmail,
    addressesOfPeople,
    settleByReport: (tx, reports) => {
      collected.reports.push(...reports);
      return sending.settleByReport(tx, reports);
    },
    recordDelays: sending.recordDelays,
    lockFor: () => Promise.resolve(),
    optedOut: () => Promise.resolve(undefined),
    optOut: () => Promise.resolve(),
    onOwnCopies: async (_tx, copies) => collected.copies.push(...copies),
    onReplies: () => Promise.resolve(),
    suppressions: crm.suppressions,
    leadsOfDomains: leads.ofDomains,
    onComplaints: () => Promise.resolve(),
    onSkipped: (_mailbox, reason) => collected.skipped.push(reason),
  });
  let opening = false;
  const stopping = new AbortController();
  const opened = <Arguments extends unknown[]>(report: (...given: Arguments) => Promise<void>) =>
    async function ended(...given: Arguments): Promise<void> {
      opening = false;
      await report(...given);
    };
  const sync = createSync({
    ...deps,
    holder,
    processes,
    random: () => 0,
    mailboxes: {
      ...mailboxes,
      credentialsOf: (...given) => {
        opening = true;
        return mailboxes.credentialsOf(...given);
      },
      reportConnected: opened(async (...given: Parameters<typeof mailboxes.reportConnected>) => {
        await mailboxes.reportConnected(...given);
        onConnected(() => stopping.abort());
      }),
      reportFailures: opened(mailboxes.reportFailures),
    },
    transport: { policy, resolve, clock },
    known: receiving.known,
    stored: receiving.stored,
    receive: receiving.receivedAll,
    onRead: async ({ address }, role) => collected.read.push(`${address} ${role}`),
    onRefused: (_mailbox, reason) => collected.refused.push(reason),
    onSkipped: (_mailbox, folder, uid, reason) => collected.skipped.push(`${folder} ${uid}: ${reason}`),
  });
  const ended = new AbortController();
  const running = [bus.run(ended.signal), holder.run(ended.signal)];
  const reading = sync.run(stopping.signal);
  return {
    sync,
    receiving,
    mailboxes,
    holder,
    vault,
    ...collected,
    errors,
    passUntil: (condition, what) =>
      eventually(
        async () => {
          if (await condition()) return true;
          if (!opening) await clock.advance(1_000);
          return false;
        },
        what,
        () => errors,
      ),
    async stop() {
      stopping.abort();
      await reading;
      ended.abort();
      await Promise.all(running);
    },
    async kill() {
      ended.abort();
      await Promise.all(running);
    },
  };
}
