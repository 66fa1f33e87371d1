import { AggregatorRegistry, Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Aggregator, MetricObjectWithValues, MetricValue } from 'prom-client';
import { z } from 'zod';
import type { Database } from '../db/pool.ts';
import type { RequestDatabase } from '../db/request-database.ts';
import { sql } from '../db/sql.ts';
import type { Granted } from '../delivery/access-tokens.ts';
import type { Finished } from '../delivery/dispatcher-options.ts';
import type { Engine } from '../delivery/engine.ts';
import { tokenMissing } from './health.ts';
import type { Depth, Unfinished } from './module.ts';
import { route, type Route } from '../http/route.ts';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 15, 30];

/** The metrics of one process, as plain data. */
export type Figures = readonly MetricObjectWithValues<MetricValue<string>>[];

/** The processes that share this one's port. A scrape reaches any of them and gets the metrics of all. */
export interface Peers {
  /** Sets how this process answers when a sibling asks for its metrics. */
  answer(own: () => Promise<Figures>): void;
  /** Collects the metrics of all of them, including this one. */
  collect(): Promise<readonly Figures[]>;
}

/** Sums counters and histograms, and aggregates each gauge by its `aggregator`. */
export const together = (figures: readonly Figures[]): Registry => AggregatorRegistry.aggregate(figures as Figures[]);

/** Rows of an import by result; `rows_read` is their sum. */
type ByStatus = Readonly<Record<'created' | 'updated' | 'unchanged' | 'restored' | 'suppressed' | 'rejected', number>>;

/** An attempt to send a message: what became of it, and times in milliseconds. */
export interface SettledMessage {
  readonly outcome: { readonly fact: string };
  readonly durationMs: number;
  readonly flight: { readonly attempt: number; readonly lateMs: number };
}

/** Where the gauges read their values. */
export interface Watched {
  readonly engine: Engine;
  /** Its connections are counted. */
  readonly engineDb: Database;
  /** Counts the rows of the delivery queue, which takes a while when the queue is long. */
  readonly db: RequestDatabase;
  /** Events waiting to be committed. */
  readonly waiting: () => number;
  /** Connections that the proxy for outgoing HTTP did not give. */
  readonly proxyFailures: () => number;
  readonly clockOffsetMs: () => number;
  readonly unfinished: readonly Unfinished[];
}

/** Records what `/metrics` shows, in Prometheus' names and units (prometheus.io, "Metric and label naming"). */
export interface Metrics {
  committed(events: number, ms: number): void;
  finished(finished: Finished): void;
  /** A statement or transaction could not be stored. */
  commitFailed(reason: string): void;
  /** A request for an access token of an endpoint ended. */
  tokenRequested(result: Granted['kind']): void;
  /** The age of the oldest due delivery, in milliseconds. */
  looked(oldestDueMs: number): void;
  /** Rows of an import were written. */
  imported(counts: ByStatus): void;
  /** A suppression was added. */
  suppressed(reason: string): void;
  /** A mail server began to fail for the mailboxes of an organization. */
  hostOpened(): void;
  /** An attempt to send a message ended, and its outcome is stored. */
  messageSettled(settled: SettledMessage): void;
  /** A reply got a class, from a source. */
  replyClassified(classification: string, source: string): void;
  /** A search found people: how many of each outcome. */
  leadsFound(source: string, counts: Readonly<Record<string, number>>): void;
  /** A provider reported events of these types for the first time. */
  providerReported(provider: string, types: readonly string[]): void;
  /** An attempt of a person to sign in ended. */
  signedIn(result: string): void;
  /** An attempt to mail a link to a person ended. */
  accountMailed(kind: string, outcome: string): void;
  /** Registers the gauges. */
  watch(watched: Watched): void;
  readonly routes: readonly Route[];
}

/** @param peers sibling processes whose metrics are shown together with this process's */
export function createMetrics(peers?: Peers): Metrics {
  const registry = new Registry();
  peers?.answer(() => registry.getMetricsAsJSON());
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]): Counter<Label> =>
    new Counter({ name, help, labelNames, registers });
  const histogram = (name: string, help: string, buckets = seconds): Histogram =>
    new Histogram({ name, help, buckets, registers });

  const events = counter('outrider_events_total', 'Events committed by this process.');
  const commits = histogram('outrider_commit_seconds', 'Time of a group commit.');
  const batch = histogram('outrider_commit_events', 'Events in a group commit.', [1, 2, 5, 10, 25, 50, 100, 250, 500]);
  const attempts = counter(
    'outrider_attempts_total',
    'Delivery attempts by outcome and dialect.',
    'outcome',
    'dialect',
  );
  const exchange = histogram(
    'outrider_attempt_seconds',
    'Time of a delivery attempt, from connecting to the end of the response.',
  );
  const wait = histogram('outrider_first_attempt_seconds', 'Time from publishing to the start of the first attempt.');
  const oldest = new Gauge({
    name: 'outrider_oldest_due_seconds',
    help: 'How long the oldest due delivery has waited in the database, as of the last claim.',
    aggregator: 'max',
    registers,
  });
  const tokens = counter(
    'outrider_token_requests_total',
    'Requests for access tokens of endpoints, by result.',
    'result',
  );
  for (const result of ['token', 'refused', 'invalid', 'unreachable'] as const) tokens.inc({ result }, 0);
  const commitFailures = counter(
    'outrider_commit_failures_total',
    'Statements and transactions that PostgreSQL could not store, by reason.',
    'reason',
  );
  for (const reason of ['disk_full', 'io_error', 'database_away']) commitFailures.inc({ reason }, 0);
  const rows = counter('outrider_import_rows_total', 'Rows of imports by result, without dry runs.', 'status');
  const hostOutages = counter(
    'outrider_mail_host_outages_total',
    'Times that a mail server failed five times in a row for the mailboxes of an organization.',
  );
  const suppressions = counter('outrider_suppressions_added_total', 'Suppressions added, by reason.', 'reason');

  const messages = counter('outrider_message_attempts_total', 'Attempts to send a message, by outcome.', 'outcome');
  const submission = histogram(
    'outrider_message_submit_seconds',
    'Time in which a mail server took or refused a message.',
  );
  const replies = counter(
    'outrider_replies_total',
    'Replies that were classified or reclassified, by class and by who decided.',
    'classification',
    'source',
  );
  const found = counter(
    'outrider_discovered_total',
    'People whom searches found, by source and by what became of them.',
    'source',
    'outcome',
  );
  const reports = counter(
    'outrider_inbound_events_total',
    'Events that email providers reported for the first time, by provider and type.',
    'provider',
    'type',
  );
  const signIns = counter('outrider_sign_ins_total', 'Attempts of people to sign in, by result.', 'result');
  const accountMails = counter(
    'outrider_account_mails_total',
    'Mails with links for people, by kind (reset, invitation) and outcome.',
    'kind',
    'outcome',
  );
  for (const result of ['signed_in', 'refused', 'second_factor', 'limited']) signIns.inc({ result }, 0);
  for (const kind of ['reset', 'invitation'])
    for (const outcome of ['sent', 'nothing', 'retried', 'failed']) accountMails.inc({ kind, outcome }, 0);
  const late = histogram(
    'outrider_message_late_seconds',
    'Time from the moment when a message was due to the start of its first attempt.',
    [...seconds, 60, 300, 900, 3_600, 14_400, 86_400],
  );

  return {
    messageSettled({ outcome, durationMs, flight }) {
      messages.inc({ outcome: outcome.fact });
      submission.observe(durationMs / 1_000);
      if (flight.attempt === 1) late.observe(flight.lateMs / 1_000);
    },
    replyClassified: (classification, source) => replies.inc({ classification, source }),
    leadsFound(source, counts) {
      for (const [outcome, count] of Object.entries(counts)) if (count > 0) found.inc({ source, outcome }, count);
    },
    providerReported(provider, types) {
      for (const type of types) reports.inc({ provider, type });
    },
    committed(count, ms) {
      events.inc(count);
      commits.observe(ms / 1_000);
      batch.observe(count);
    },
    finished({ endpoint, outcome, result, item, attempt, startedAtMs }) {
      attempts.inc({ outcome: outcome.kind, dialect: endpoint.wire.name });
      exchange.observe(result.durationMs / 1_000);
      if (attempt === 1) wait.observe(Math.max(0, startedAtMs - item.event.createdAtMs) / 1_000);
    },
    tokenRequested: (result) => tokens.inc({ result }),
    commitFailed: (reason) => commitFailures.inc({ reason }),
    looked: (oldestDueMs) => oldest.set(oldestDueMs / 1_000),
    imported({ created, updated, unchanged, restored, suppressed, rejected }) {
      for (const [status, count] of Object.entries({ created, updated, unchanged, restored, suppressed, rejected }))
        rows.inc({ status }, count);
    },
    signedIn: (result) => signIns.inc({ result }),
    accountMailed: (kind, outcome) => accountMails.inc({ kind, outcome }),
    suppressed: (reason) => suppressions.inc({ reason }),
    hostOpened: () => hostOutages.inc(),
    watch: (watched) => registerGauges(registers, watched),
    routes: [
      route({
        method: 'GET',
        path: '/metrics',
        probe: true,
        tag: 'Operations',
        summary: 'Metrics in the Prometheus text format',
        scope: null,
        answers: {
          200: { description: 'Prometheus text', schema: z.string(), contentType: 'text/plain' },
          401: tokenMissing,
        },
        handle: async () => {
          const shown = peers === undefined ? registry : together(await peers.collect());
          return { status: 200, body: await shown.metrics(), headers: { 'content-type': registry.contentType } };
        },
      }),
    ],
  };
}

function registerGauges(
  registers: Registry[],
  { engine, engineDb, db, waiting, proxyFailures, clockOffsetMs, unfinished }: Watched,
): void {
  const gauge = (name: string, help: string, read: () => number, aggregator: Aggregator = 'sum'): void => {
    new Gauge({
      name,
      help,
      aggregator,
      registers,
      collect() {
        this.set(read());
      },
    });
  };
  /** A count kept elsewhere. */
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  };
  const stored = ({ metric: name, help, count }: Unfinished): void => {
    new Gauge({
      name,
      help,
      labelNames: ['state'] as const,
      // Each process counts the same rows.
      aggregator: 'max',
      registers,
      async collect() {
        // While the database is unavailable this gauge is missing and the others are still shown.
        this.reset();
        for (const { state, count: rows } of await count().catch(() => [])) this.set({ state }, rows);
      },
    });
  };
  gauge('outrider_in_flight', 'Deliveries being sent.', () => engine.figures.inFlight);
  gauge('outrider_queued_in_memory', 'Deliveries waiting in this process.', () => engine.figures.queued);
  gauge(
    'outrider_unreadable_endpoints',
    'Endpoints that this process cannot read; their deliveries stay pending.',
    () => engine.subscriptions.unreadable,
  );
  gauge('outrider_unsettled', 'Outcomes waiting to be written.', () => engine.figures.unsettled);
  gauge('outrider_publishes_waiting', 'Events waiting to be committed.', waiting);
  gauge('outrider_open_sockets', 'Sockets to receivers.', () => engine.figures.openSockets);
  gauge('outrider_database_connections', 'Connections to PostgreSQL.', () => engineDb.connections.total);
  gauge('outrider_database_connections_idle', 'Idle connections to PostgreSQL.', () => engineDb.connections.idle);
  gauge('outrider_requests_waiting', 'Statements of requests waiting for a connection.', () => db.turns.waiting);
  gauge(
    'outrider_requests_refused',
    'Requests refused because too many of their organization were waiting for a connection.',
    () => db.turns.refused,
  );
  gauge('outrider_database_waiting', 'Statements waiting for a connection.', () => engineDb.connections.waiting);
  gauge(
    'outrider_clock_offset_seconds',
    "Difference between this machine's clock and the database's, without its sign, at the last heartbeat.",
    () => Math.abs(clockOffsetMs()) / 1_000,
    'max',
  );
  counter(
    'outrider_egress_refusals_total',
    'Connections that the egress guard refused.',
    () => engine.figures.egressRefusals,
  );
  counter('outrider_proxy_failures_total', 'Connections that OUTRIDER_EGRESS_PROXY did not give.', proxyFailures);
  counter(
    'outrider_stray_bytes_total',
    'Times a receiver sent bytes outside an exchange.',
    () => engine.figures.strays,
  );
  stored({
    metric: 'outrider_deliveries',
    help: 'Deliveries in the queue by state (an estimate past 100,000).',
    count: () => queueDepth(db),
  });
  unfinished.forEach(stored);
}

/** Counts at most 100,000 rows per state, so that the cost of a scrape does not grow with the backlog. */
const queueDepth = (db: Database): Promise<Depth[]> =>
  db.query(sql<Depth>`
    SELECT s.state, (SELECT count(*) FROM (SELECT FROM delivery_queue q WHERE q.state = s.state LIMIT 100000) n) AS count FROM (VALUES ('pending'), ('held')) s (state)`);
