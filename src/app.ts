import { authRoutes } from './auth/routes.ts';
import { createGate, createPrincipals, keyById } from './auth/index.ts';
import { createActivities } from './crm/activities/index.ts';
import { createAlerts } from './alerts/index.ts';
import { isWithin, parseCidrs } from './base/cidr.ts';
import { systemClock, type Clock } from './base/clock.ts';
import { createCompanies } from './crm/companies/index.ts';
import type { Config } from './base/config.ts';
import { createContacts } from './crm/contacts/index.ts';
import { createBus } from './db/bus.ts';
import { createDatabaseClock } from './db/database-clock.ts';
import { assertDurable } from './db/durability.ts';
import { migrate } from './db/migrate.ts';
import { createPartitions } from './db/partitions.ts';
import { connect, indexPlans } from './db/pool.ts';
import { createRequestDatabase, requestLimits } from './db/request-database.ts';
import type { EgressPolicy, Refusal, Resolve } from './base/egress.ts';
import { createEngine } from './delivery/engine.ts';
import { createResolver } from './base/resolver.ts';
import { createSender } from './delivery/transport/sender.ts';
import { createSubscriptions } from './delivery/subscriptions.ts';
import { mailpandaSurface } from './vendors/mailpanda/index.ts';
import { dialectRoutes, vendors, wires } from './vendors/wires.ts';
import type { DialectName } from './vendors/wires.ts';
import { createEvents } from './events/index.ts';
import { webhookOperations } from './vendors/webhook-document.ts';
import { docsUiRoutes } from './http/docs-ui.ts';
import { openApiDocument, openApiRoutes } from './http/openapi.ts';
import type { OpenApiDocument } from './http/openapi.ts';
import { createRateLimiter } from './http/rate-limit.ts';
import type { Route } from './http/route.ts';
import { createServer } from './http/server.ts';
import { createIds } from './base/ids.ts';
import { createImports, unfinishedImports } from './crm/imports/index.ts';
import { createProviderEvents } from './mail/provider-events/index.ts';
import { sleep } from './base/sleep.ts';
import { createClockOffset, databaseTime } from './ops/clock-offset.ts';
import { createCommitFailures, takeSpace } from './ops/commit-failures.ts';
import { createDatabaseWatch } from './ops/database-watch.ts';
import { healthRoute, readyRoute } from './ops/health.ts';
import { createLog, type Logger } from './base/log.ts';
import { createMaintenance } from './ops/maintenance.ts';
import { createMetrics } from './ops/metrics.ts';
import { withToken } from './ops/probe-token.ts';
import type { Peers } from './ops/metrics.ts';
import { createProcesses } from './ops/processes.ts';
import { createFinishedLine } from './ops/finished-line.ts';
import { createProjects } from './crm/projects/index.ts';
import { createListeners } from './webhooks/listeners/index.ts';
import { createRecords, createRefolding } from './crm/records/index.ts';
import { createReplays } from './webhooks/replays/index.ts';
import { createPrivacy, unfinishedErasures } from './privacy/index.ts';
import { createSuppressions } from './crm/suppressions/index.ts';
import { assertMasterKey, createVault } from './encryption/vault.ts';
import type { MasterKey } from './encryption/cipher.ts';
import { version } from './base/version.ts';
import { createWebhooks } from './webhooks/index.ts';

export interface AppOptions {
  readonly config: Config;
  readonly databaseUrl: string;
  readonly masterKey: MasterKey;
  readonly clock?: Clock;
  /** The database's clock in Unix milliseconds; asked of the database when not given. */
  readonly databaseNow?: () => Promise<number>;
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
  readonly resolve?: Resolve;
  /** Certificate authorities (PEM) that deliveries trust beside the system's. */
  readonly ca?: string;
  readonly log?: Logger;
  /** Those whose figures `/metrics` shows together with this process's. */
  readonly peers?: Peers;
}

export interface App {
  readonly routes: readonly Route[];
  /** The API document, as `/v1/openapi.json` serves it, or a vendor's. */
  document(vendor?: DialectName): OpenApiDocument;
  readonly log: Logger;
  /** Begins to answer HTTP: all routes, or without the role `api` only what probes and scrapes ask for. */
  listen(): Promise<void>;
  /** Where it listens, as this machine reaches it; behind a proxy callers use OUTRIDER_PUBLIC_URL. */
  readonly url: string;
  /** Works until the signal aborts, then drains: HTTP first, deliveries next, the database last. */
  run(signal: AbortSignal): Promise<void>;
}

/** On top of the drain, for closing what is open. */
const closingMs = 5_000;

/** Connections that the engine and publishing keep for themselves, so that no slow list waits in front of a delivery. */
const engineConnections = 5;

/** For jobs, heartbeats and probes: no request waits in front of them. */
const backgroundConnections = 3;

/** The composition root: config → database → slices → run. The database is brought up to date first. */
export async function createApp(options: AppOptions): Promise<App> {
  const app = compose(options);
  await app.prepare();
  return app;
}

/** `0.0.0.0` and `::` are all addresses, this machine's own among them. */
function reachableHost(host: string): string {
  if (['0.0.0.0', '::', '127.0.0.1', '::1'].includes(host)) return 'localhost';
  return host.includes(':') ? `[${host}]` : host;
}

/** Puts everything together; touches nothing until `prepare`. */
export function compose(options: AppOptions): App & { prepare(): Promise<void> } {
  const { config, databaseUrl, masterKey, random = Math.random } = options;
  const databaseClock = options.clock === undefined ? createDatabaseClock(systemClock) : undefined;
  const clock = options.clock ?? databaseClock ?? systemClock;
  const log = options.log ?? createLog(config.logLevel, config.logFormat);
  const finishedLine = createFinishedLine(log);
  // The pools are made below; nothing fails before they are used.
  const onError = (error: unknown, during: string): void => watch.failed(error, during);
  const broken = (error: Error): void => watch.failed(error, 'connection');
  const metrics = createMetrics(options.peers);
  const commitFailures = createCommitFailures({ clock, log, count: metrics.commitFailed, write: () => takeSpace(db) });
  const onFailure = (error: unknown): void => commitFailures.failed(error);

  const requestConnections = Math.max(2, config.databaseConnections - engineConnections - backgroundConnections);
  const db = createRequestDatabase({
    max: requestConnections,
    requests: connect(databaseUrl, { max: requestConnections, settings: requestLimits, onError: broken, onFailure }),
    background: connect(databaseUrl, {
      max: backgroundConnections,
      applicationName: 'outrider background',
      onError: broken,
      onFailure,
    }),
  });
  const watch = createDatabaseWatch({ db, clock, log });
  const engineDb = connect(databaseUrl, {
    max: engineConnections,
    applicationName: 'outrider engine',
    settings: indexPlans,
    onError: broken,
    onFailure,
  });

  const ids = createIds(clock);
  const vault = createVault(masterKey);
  const tenancy = { db, clock, ids, vault };
  // The machine's own clock: its difference is what an operator has to put right.
  const clocks = createClockOffset({
    clock: options.clock ?? systemClock,
    databaseNow: options.databaseNow ?? databaseTime(db),
    log,
  });
  const bus = createBus(databaseUrl, clock, broken, databaseClock?.read);
  const processes = createProcesses(db, clock, config.roles, {
    onBeat: async () => {
      await commitFailures.probe();
      await clocks.measure();
    },
    onError: (error) => onError(error, 'heartbeat'),
  });
  const delivers = config.roles.includes('engine');
  const answers = config.roles.includes('api');
  const egress: EgressPolicy = { allow: parseCidrs(config.egressAllow), allowHttp: config.allowHttpEndpoints };
  const proxies = parseCidrs(config.trustedProxies);
  const { resolve = createResolver({ clock }) } = options;
  const onRefused = (host: string, { reason, detail }: Refusal): void =>
    log.warn({ host, detail: detail ?? reason }, 'egress.refused');

  const subscriptions = createSubscriptions(engineDb, {
    wires,
    openSecret: (on, organizationId, sealed, context) => vault.open(on, organizationId, sealed, context),
    // The slice is made below; the engine asks for a key only when it loads an endpoint.
    signingKeyOf: (organizationId) => webhooks.signingKeyOf(organizationId),
    onUnreadable: (endpoint, err) =>
      log.error({ endpoint_id: endpoint, err }, 'an endpoint cannot be read: its deliveries stay pending'),
  });
  const sender = createSender({
    policy: egress,
    clock,
    resolve,
    onRefused,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const engine = createEngine({
    db: engineDb,
    bus,
    clock,
    ids,
    random,
    processes: () => processes.countOf('engine'),
    subscriptions,
    sender,
    maxInFlight: config.maxInFlight,
    shutdownMs: config.shutdownSeconds * 1_000,
    delivers,
    onFinished: (finished) => {
      metrics.finished(finished);
      finishedLine(finished);
    },
    onFailed: (tx, failure) => webhooks.onFailed(tx, failure),
    onLook: metrics.looked,
    onError,
  });
  const events = createEvents({
    apiDb: db,
    publishDb: engineDb,
    bus,
    engine,
    clock,
    wires,
    onCommit: metrics.committed,
  });
  const alerts = createAlerts({
    db,
    clock,
    ids,
    smtpUrl: config.smtpUrl,
    from: config.smtpFrom,
    publicUrl: () => config.publicUrl ?? (answers ? url : undefined),
    log,
    onError: (error) => onError(error, 'alerts'),
  });
  const webhooks = createWebhooks({
    ...tenancy,
    wires,
    engine,
    subscriptions,
    publisher: events.publisher,
    emit: events.emit,
    emitAll: events.emitAll,
    egress,
    resolve,
    onRefused,
    exampleOf: events.exampleOf,
    ownTypes: events.ownTypes,
    alert: alerts.write,
    onError,
  });
  const replays = createReplays({ db, bus, engine, clock, ids, onError: (error) => onError(error, 'replays') });
  const records = createRecords({ db, clock, ids, emitAll: events.emitAll });
  const suppressions = createSuppressions({
    ...tenancy,
    emitAll: events.emitAll,
    // The slice is made below; addresses are only looked up once something is suppressed.
    contactIds: (on, organization, emails) => contacts.idsByEmail(on, organization, emails),
    onAdded: metrics.suppressed,
  });
  const companies = createCompanies({
    db,
    clock,
    ids,
    emit: events.emit,
    customFields: records.customFields,
    dependents: () => [contacts.ofCompany, projects.ofCompany],
  });
  const contacts = createContacts({
    db,
    clock,
    ids,
    emitAll: events.emitAll,
    customFields: records.customFields,
    sources: records.sources,
    suppressions,
    companies,
  });
  const projects = createProjects({
    db,
    clock,
    ids,
    emitAll: events.emitAll,
    customFields: records.customFields,
    companies,
    contacts,
  });
  const activities = createActivities({ db, clock, ids, emit: events.emit, companies, contacts, projects });
  const imports = createImports({
    db,
    bus,
    clock,
    ids,
    contacts,
    customFields: records.customFields,
    sources: records.sources,
    emit: events.emit,
    onRows: metrics.imported,
    retentionDays: config.retentionDays,
    onError: (error) => onError(error, 'imports'),
  });
  const privacy = createPrivacy({
    ...tenancy,
    bus,
    emitAll: events.emitAll,
    contacts,
    suppressions,
    onError: (error) => onError(error, 'erasures'),
  });
  const listeners = createListeners({ db, engine, subscriptions, clock, random, wires, endpoints: webhooks.endpoints });
  const providerEvents = createProviderEvents({
    ...tenancy,
    emitAll: events.emitAll,
    surface: mailpandaSurface,
    retentionDays: config.retentionDays,
  });
  metrics.watch(
    engine,
    { engineDb, apiDb: db },
    () => events.publisher.waiting,
    { imports: () => unfinishedImports(db), erasures: () => unfinishedErasures(db) },
    () => clocks.offsetMs,
  );
  const maintenance = createMaintenance({
    db,
    clock,
    clocks,
    retentionDays: config.retentionDays,
    log,
    onError: (error) => onError(error, 'maintenance'),
    expireDeliveries: webhooks.expire,
    everyMinute: (now) =>
      Promise.all([
        listeners.expireListeners(now),
        providerEvents.expire(now),
        contacts.purge(now),
        imports.expire(now),
      ]),
  });

  const refolding = createRefolding({
    steps: [contacts.refold, companies.refold, projects.refold, activities.refold],
    clock,
    onError: (error) => onError(error, 'search'),
  });

  let url = `http://localhost:${config.port}`;
  const principals = createPrincipals({ db, clock, bus });
  const rateLimiter = createRateLimiter({
    db,
    clock,
    // Those that answer HTTP share a quota.
    processes: {
      get count() {
        return Math.max(1, processes.countOf('api'));
      },
    },
  });
  const apiRoutes = [
    ...authRoutes(tenancy, events.emitAll, rateLimiter),
    ...webhooks.routes,
    ...events.routes,
    ...replays.routes,
    ...listeners.routes,
    ...alerts.routes,
    ...providerEvents.routes,
    ...records.routes,
    ...suppressions.routes,
    ...contacts.routes,
    ...privacy.routes,
    ...imports.routes,
    ...companies.routes,
    ...projects.routes,
    ...activities.routes,
  ];
  const vendorRoutes = dialectRoutes({
    endpoints: webhooks.endpoints,
    deliveries: webhooks.deliveries,
    customFields: records.customFields,
    sources: records.sources,
    contacts,
    companies,
    projects,
    activities,
    keyOf: (principal) => keyById(db, principal, principal.keyId),
  });
  const inner = [readyRoute(db, bus, clocks, commitFailures), ...metrics.routes];
  const probeRoutes = [
    healthRoute,
    ...(config.metricsToken === undefined ? inner : withToken(config.metricsToken, inner)),
  ];
  const routes = [...apiRoutes, ...vendorRoutes, ...probeRoutes];
  const document = (vendor?: DialectName): OpenApiDocument =>
    openApiDocument({
      routes,
      version: version(),
      webhooks: webhookOperations(vendor),
      ...(vendor === undefined ? {} : { surface: vendor }),
      ...(config.publicUrl === undefined ? {} : { publicUrl: config.publicUrl }),
    });
  const documentRoutes = openApiRoutes(vendors, (vendor) => document(vendors.find((each) => each === vendor)));
  const server = createServer({
    routes: answers ? [...routes, ...documentRoutes, ...docsUiRoutes(vendors)] : probeRoutes,
    gate: createGate(principals),
    rateLimiter,
    clock,
    log,
    onBehalfOf: (organization, work) => db.onBehalfOf(organization, work),
    trustProxy: proxies.length > 0 && ((address) => isWithin(address, proxies)),
  });

  return {
    routes,
    document,
    log,
    async prepare() {
      await assertDurable(db);
      await migrate(db);
      await assertMasterKey(db, masterKey);
      await createPartitions(db, clock.now());
    },
    async listen() {
      // Before anything is written under a time: the bus reads it again every 5 s only.
      await Promise.all([databaseClock?.read(db), subscriptions.refresh()]);
      const { port } = await server.listen({ port: config.port, host: config.host });
      url = `http://${reachableHost(config.host)}:${port}`;
    },
    get url() {
      return url;
    },
    async run(signal) {
      bus.subscribe((notice) => {
        if (notice === undefined || notice.kind === 'endpoints')
          void subscriptions.refresh().catch((error: unknown) => onError(error, 'subscriptions'));
      });
      // Aborted in this order, each when the one before it has drained: what callers may still do, what they did, what carries it.
      const working = new AbortController();
      const carrying = new AbortController();
      const carried = [bus.run(carrying.signal), processes.run(carrying.signal), watch.run(carrying.signal)];
      const worked = [
        engine.run(working.signal),
        principals.run(working.signal),
        rateLimiter.run(working.signal),
        maintenance.run(working.signal),
        refolding.run(working.signal),
        ...(delivers
          ? [
              replays.run(working.signal),
              imports.run(working.signal),
              privacy.run(working.signal),
              alerts.run(working.signal),
            ]
          : []),
      ];
      await new Promise<void>((resolve) =>
        signal.aborted ? resolve() : signal.addEventListener('abort', () => resolve(), { once: true }),
      );
      log.info('stopping: finishing what is under way');
      listeners.end();
      await server.close();
      working.abort();
      const drained = Promise.all(worked).then(async () => {
        carrying.abort();
        await Promise.all(carried);
        await sender.close();
        await Promise.all([db.close(), engineDb.close()]);
      });
      // What does not end by itself, such as a statement to a database that is away, is left to other processes.
      const inTime = new AbortController();
      const complete = await Promise.race([
        drained.then(() => true),
        sleep(clock, config.shutdownSeconds * 1_000 + closingMs, inTime.signal),
      ]);
      inTime.abort();
      if (complete === true) log.info('stopped');
      else log.warn('stopped before all was finished: other processes take up the rest');
    },
  };
}
