import type { OrganizationId } from '../../base/ids.ts';
import type { Bus } from '../../db/bus.ts';
import { announce } from '../../db/bus.ts';
import { createJobRunner } from '../../db/jobs.ts';
import type { Queryable, Transaction } from '../../db/pool.ts';
import type { Module } from '../../ops/index.ts';
import { isFreeMail } from '../../base/company-domain.ts';
import { isCapturing } from '../mailboxes/index.ts';
import type { Timed } from '../sandbox-clock/index.ts';
import type { MessageSource } from '../sending/index.ts';
import { providersOf, readDomains } from './domains.ts';
import { createProbes } from './probes.ts';
import type { ProbeSettings } from './probes.ts';
import { addBounces, isVerifying, nextRetry } from './queries.ts';
import { verificationRoutes } from './routes.ts';
import type { ContactsOf } from './routes.ts';
import { silentMs, verifyBatch } from './verification.ts';
import type { VerificationOptions } from './verification.ts';
import { verifierRoutes } from './verifier-routes.ts';
import { createVerifiers } from './verifiers.ts';
import type { VerifiersOptions } from './verifiers.ts';

export type { ProbeSettings } from './probes.ts';
export { roles } from './address.ts';
export { verdictOf } from './verdict.ts';
export type { DomainKind, Facts, Judgement } from './verdict.ts';

/** A hard bounce of the organization's own mail. `late`: reported after the server had accepted the message. */
export interface HardBounce {
  readonly organizationId: OrganizationId;
  readonly domain: string;
  readonly late: boolean;
}

export interface Verification {
  readonly module: Module;
  /** A sandbox's clock waits for verdicts: nothing is asked about them. */
  readonly timed: Timed;
  /** Leads without a verdict were added: they are looked at when the transaction commits. */
  wake(tx: Transaction): Promise<void>;
  /** Remembers how domains refuse unknown recipients. Last in a transaction, after the figures of campaigns. */
  learn(tx: Transaction, bounces: readonly HardBounce[]): Promise<void>;
  /** A source of messages whose hard bounces are remembered, and whose recipients' domains are looked up when they are written to. */
  learningFrom(source: MessageSource): MessageSource;
  /** Whose mail the addresses of domains are, of those that were looked up. */
  providersOf(on: Queryable, domains: readonly string[]): Promise<ReadonlyMap<string, string>>;
}

export interface ComposeOptions extends Omit<VerificationOptions, 'opinionsOf' | 'probesFor'>, VerifiersOptions {
  readonly probe: ProbeSettings | undefined;
  readonly bus: Pick<Bus, 'subscribe'>;
  readonly contactsOf: ContactsOf;
  readonly onError: (error: unknown, during: string) => void;
}

/**
 * Composes the slice.
 * @example
 * const verification = createVerification({ ...deps, dns, leads, suppressions, campaigns, nowOf, vault, network, probe });
 */
export function createVerification(given: ComposeOptions): Verification {
  const verifiers = createVerifiers(given);
  const options = { ...given, opinionsOf: verifiers.opinionsOf, probesFor: createProbes(given) };
  const { db, bus, clock, onError } = options;
  /** While no name server answers, leads wait here and not each by itself. */
  let silentUntilMs = 0;
  const stopping = new AbortController();
  const runner = createJobRunner({
    bus,
    clock,
    async chunk(nowMs) {
      if (nowMs < silentUntilMs) return false;
      const outcome = await verifyBatch(options, stopping.signal);
      if (outcome === 'silent') silentUntilMs = nowMs + silentMs;
      return outcome === 'some';
    },
    nextDue: async (nowMs) => (nowMs < silentUntilMs ? silentUntilMs : nextRetry(db, new Date(nowMs))),
    onError: (error) => onError(error, 'verification of leads'),
  });
  const lookedUp = new Set<string>();
  /** So that figures by provider have leads that were not verified, too. Whose mail it is is read when the message was accepted. */
  function lookUp(domains: readonly string[]): void {
    const fresh = domains.filter((domain) => !lookedUp.has(domain));
    if (fresh.length === 0 || stopping.signal.aborted) return;
    for (const domain of fresh) lookedUp.add(domain);
    readDomains(options, fresh)
      .catch((error: unknown) => {
        if (!stopping.signal.aborted) onError(error, 'domains of recipients');
      })
      .finally(() => {
        for (const domain of fresh) lookedUp.delete(domain);
      });
  }
  async function learn(tx: Transaction, bounces: readonly HardBounce[]): Promise<void> {
    // At a large provider nothing is to be learned, and its row would be in everybody's way.
    const rows = bounces.filter(({ domain }) => !isFreeMail(domain));
    if (rows.length === 0) return;
    await addBounces(
      tx,
      rows.map(({ organizationId, domain, late }) => ({
        organizationId,
        domain,
        immediate: late ? 0 : 1,
        late: late ? 1 : 0,
      })),
    );
  }
  return {
    module: {
      role: 'mail',
      routes: [...verificationRoutes(options), ...verifierRoutes(verifiers, clock)],
      run(signal) {
        if (signal.aborted) stopping.abort();
        else signal.addEventListener('abort', () => stopping.abort(), { once: true });
        return runner.run(signal);
      },
    },
    timed: {
      nextMs: async (on, organization) => ((await isVerifying(on, organization)) ? 0 : null),
      shift: () => Promise.resolve(),
    },
    wake: (tx) => announce(tx, { kind: 'due', endpoints: [] }),
    learn,
    learningFrom: (source) => ({
      ...source,
      async take(tx, chosen, store) {
        const taken = await source.take(tx, chosen, store);
        // No message of the others leaves the installation.
        const written = chosen.filter(({ mailbox }) => !isCapturing(mailbox));
        tx.afterCommit(() => lookUp([...new Set(written.map(({ candidate }) => candidate.domain))]));
        return taken;
      },
      async settled(tx, changes) {
        await source.settled(tx, changes);
        await learn(
          tx,
          changes
            .filter(
              ({ status, before, bounce }) => status === 'bounced' && before !== status && bounce?.type === 'hard',
            )
            .map(({ organizationId, domain, before }) => ({ organizationId, domain, late: before !== 'sending' })),
        );
      },
    }),
    providersOf,
  };
}
