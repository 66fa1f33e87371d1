import { createAccounts } from './accounts/index.ts';
import { authRoutes } from './auth/routes.ts';
import {
  createGate,
  createPrincipals,
  createWorkspaceDeletions,
  createWorkspaceDirectory,
  keyById,
  namingWorkspaces,
} from './auth/index.ts';
import { createAlerts, systemMail } from './alerts/index.ts';
import { isWithin, parseCidrs } from './base/cidr.ts';
import type { Config } from './base/config.ts';
import { createDnsRecords } from './base/dns-records.ts';
import { egressOf } from './base/egress-config.ts';
import type { Refusal } from './base/egress.ts';
import type { Logger } from './base/log.ts';
import { createResolver } from './base/resolver.ts';
import { version } from './base/version.ts';
import { addressesOfPeople, contactIdsByEmail } from './crm/contacts/index.ts';
import { createCrm } from './crm/index.ts';
import { createHolder } from './db/holder.ts';
import type { Holder } from './db/holder.ts';
import type { Engine } from './delivery/engine.ts';
import { createBodyRenderer } from './delivery/templates/renderer.ts';
import { createSender } from './delivery/transport/sender.ts';
import { composeEngine } from './compose-engine.ts';
import { createEvents } from './events/index.ts';
import { createAddress } from './http/address.ts';
import type { Address } from './http/address.ts';
import { dashboardRoutes } from './http/dashboard.ts';
import { docsUiRoutes } from './http/docs-ui.ts';
import { openApiDocument, openApiRoutes } from './http/openapi.ts';
import type { OpenApiDocument } from './http/openapi.ts';
import { createIdempotency } from './http/idempotency.ts';
import { createRateLimiter } from './http/rate-limit.ts';
import type { RateLimiter } from './http/rate-limit.ts';
import type { Principal, Route } from './http/route.ts';
import { createServer } from './http/server.ts';
import type { Server } from './http/server.ts';
import { prepareDatabase, runUntilStopped } from './lifecycle.ts';
import type { Stages } from './lifecycle.ts';
import { contactSegmentFields, createMail, followersOf } from './mail/index.ts';
import type { EndpointOverrides, Network } from './mail/index.ts';
import { createMaintenance, createOps } from './ops/index.ts';
import type { Deps, Module, Ops, OpsOptions } from './ops/index.ts';
import { createPrivacy } from './privacy/index.ts';
import { mailpandaSurface } from './vendors/mailpanda/index.ts';
import { webhookOperations } from './vendors/webhook-document.ts';
import { dialectRoutes, vendors, wires } from './vendors/wires.ts';
import type { DialectName } from './vendors/wires.ts';
import { createSigningKeys, createWebhooks } from './webhooks/index.ts';
import type { WebhooksOptions } from './webhooks/index.ts';

/** `ca`: certificate authorities (PEM) that outgoing connections trust in addition to the system's. */
export interface AppOptions extends OpsOptions, Partial<Omit<Network, 'policy'>> {
  /** 0 to 1, for jitter. */
  readonly random?: () => number;
  /** Replaces the addresses of OAuth providers; for tests. */
  readonly oauthEndpoints?: EndpointOverrides;
  /** Messages of an organization to one domain in any hour; default 30. Infinity: no limit. */
  readonly organizationHourlyPerDomain?: number;
}

/** The composed layers, for tests that work below HTTP. */
export interface Parts extends Omit<ReturnType<typeof composeSlices>, 'modules'> {
  readonly deps: Deps;
  readonly engine: Engine;
}

export interface App {
  readonly parts: Parts;
  readonly routes: readonly Route[];
  /** The OpenAPI document of the native API, as `/v1/openapi.json` serves it, or of a vendor's API. */
  document(vendor?: DialectName): OpenApiDocument;
  readonly log: Logger;
  /** Brings the database up to date: durable, migrated, with partitions for the next days. */
  prepare(): Promise<void>;
  /** Starts to answer HTTP: all routes, or only probes and metrics without the role `api`. */
  listen(): Promise<void>;
  /** Where it listens, as this machine reaches it; behind a proxy, callers use OUTRIDER_PUBLIC_URL. */
  readonly url: string;
  /** Works until the signal aborts, then drains: HTTP first, deliveries next, the database last. */
  run(signal: AbortSignal): Promise<void>;
}

/** Composes the product and prepares its database. */
export async function createApp(options: AppOptions): Promise<App> {
  const app = compose(options);
  await app.prepare();
  return app;
}

/** The composition root: config → pools → engine → slices → server. Connects to nothing until `prepare`, `listen` or `run`. */
export function compose(options: AppOptions): App {
  const { config } = options;
  const ops = createOps(options);
  const { deps, log, metrics, clocks, processes, pools } = ops;
  const { db, clock, onError } = deps;
  const address = createAddress(config);
  const outbound = outboundOf(options, ops);
  const network = { ...outbound, policy: outbound.egress };
  const sender = createSender({ ...network, clock });
  const signingKeys = createSigningKeys(deps);
  const holder = createHolder({
    ...deps,
    db: pools.engineDb,
    takes: config.roles.some((role) => role !== 'api'),
    onError: (error) => onError(error, 'release'),
  });
  const engine = composeEngine(ops, {
    config,
    holder,
    random: outbound.random,
    sender,
    network,
    signingKeyOf: (organizationId) => signingKeys.of(organizationId),
  });
  const rateLimiter = createRateLimiter({
    db: db.apart,
    clock,
    // Processes that answer HTTP share each quota.
    processes: () => Math.max(1, processes.countOf('api')),
  });
  const idempotency = createIdempotency({ ...deps, db: pools.db });
  const { modules: own, ...slices } = composeSlices(ops, {
    config,
    engine,
    signingKeys,
    outbound,
    address,
    rateLimiter,
    oauthEndpoints: options.oauthEndpoints,
    holder,
    organizationHourlyPerDomain: options.organizationHourlyPerDomain,
  });
  const { events, webhooks, crm, mail, workspaceDeletions, accounts } = slices;
  const modules: readonly Module[] = [...own, { everyMinute: idempotency.expire }];
  const principals = createPrincipals(deps);
  const maintenance = createMaintenance({
    db,
    clock,
    clocks,
    retentionDays: config.retentionDays,
    log,
    onError: (error) => onError(error, 'maintenance'),
    expireDeliveries: webhooks.expire,
    everyMinute: (now) => Promise.all(modules.flatMap((module) => module.everyMinute?.(now) ?? [])),
  });
  metrics.watch({
    engine,
    ...pools,
    waiting: () => events.publisher.waiting,
    proxyFailures: () => outbound.egress.proxy?.failures ?? 0,
    clockOffsetMs: () => clocks.offsetMs,
    unfinished: modules.flatMap(({ unfinished }) => unfinished ?? []),
  });
  const keyOf = (principal: Principal) => keyById(db, principal, principal.keyId);
  const native = [
    ...authRoutes(deps, events.emitAll, rateLimiter, workspaceDeletions, accounts.accountOf),
    ...modules.flatMap(({ routes }) => routes ?? []),
  ];
  const api = composeApi(ops, config, [
    ...namingWorkspaces(slices.workspaces, accounts.audited(native)),
    ...dialectRoutes({ ...crm, ...webhooks, ...mail, inTransaction: db.transaction, keyOf }),
  ]);
  const proxies = parseCidrs(config.trustedProxies);
  const trustProxy = proxies.length > 0 && ((from: string) => isWithin(from, proxies));
  let server: Server | undefined;

  const isMine = ({ role }: Module): boolean => role === undefined || config.roles.includes(role);
  const stages: Stages = {
    closeServer: async () => {
      for (const module of modules) module.endWaiting?.();
      await server?.close();
    },
    work: [
      engine.run,
      holder.run,
      principals.run,
      rateLimiter.run,
      maintenance.run,
      ...modules.filter(isMine).flatMap(({ run }) => run ?? []),
    ],
    support: ops.support,
    closeConnections: async () => {
      await sender.close();
      await pools.close();
    },
  };
  return {
    parts: { ...slices, deps, engine },
    routes: api.routes,
    document: api.document,
    log,
    prepare: () => prepareDatabase(db, options.masterKey, clock),
    async listen() {
      await Promise.all([ops.readClock(), engine.subscriptions.refresh()]);
      server = createServer({
        routes: api.served,
        gate: createGate(principals, accounts.session),
        rateLimiter,
        clock,
        log,
        onBehalfOf: pools.db.onBehalfOf,
        idempotency,
        db: pools.db,
        trustProxy,
        corsOrigins: config.corsOrigins,
      });
      address.listensOn((await server.listen(config)).port);
    },
    get url() {
      return address.url;
    },
    run: (signal) => runUntilStopped(stages, { clock, log, shutdownMs: config.shutdownSeconds * 1_000 }, signal),
  };
}

/** What may be called from here, and how: for deliveries, and for checking the targets of endpoints. */
const outboundOf = (
  { config, resolve, dns, originOf, ca, random = Math.random }: AppOptions,
  { deps: { clock }, log }: Ops,
) => ({
  egress: egressOf(config, (detail) => log.warn({ detail }, 'egress.proxy_failed')),
  resolve: resolve ?? createResolver({ clock }),
  dns: dns ?? createDnsRecords(),
  originOf,
  ca,
  onRefused: (host: string, { reason, detail }: Refusal): void =>
    log.warn({ host, detail: detail ?? reason }, 'egress.refused'),
  templates: createBodyRenderer(clock),
  random,
});

/** The slices of all layers, each with its own modules. */
function composeSlices(
  { deps, log, metrics, pools, processes }: Ops,
  options: Pick<WebhooksOptions, 'engine' | 'signingKeys'> & {
    readonly config: Config;
    readonly outbound: ReturnType<typeof outboundOf>;
    readonly address: Address;
    readonly rateLimiter: RateLimiter;
    readonly oauthEndpoints: EndpointOverrides | undefined;
    readonly holder: Holder;
    readonly organizationHourlyPerDomain: number | undefined;
  },
) {
  const { config, engine, signingKeys, outbound, address, rateLimiter, oauthEndpoints, holder } = options;
  const { db, onError } = deps;
  const { retentionDays } = config;
  const workspaces = createWorkspaceDirectory(deps);
  const events = createEvents({
    ...deps,
    workspaces,
    retentionDays,
    apiDb: db,
    publishDb: pools.engineDb,
    engine,
    wires,
    onCommit: metrics.committed,
  });
  const emitting = { ...deps, emit: events.emit, emitAll: events.emitAll };
  const systemMailer = systemMail(config, deps.clock);
  const alerts = createAlerts({
    ...deps,
    mail: systemMailer,
    publicUrl: () => config.publicUrl ?? (config.roles.includes('api') ? address.url : undefined),
    log,
    onError: (error) => onError(error, 'alerts'),
  });
  const webhooks = createWebhooks({
    ...emitting,
    ...outbound,
    workspaces,
    wires,
    engine,
    signingKeys,
    publisher: events.publisher,
    exampleOf: events.exampleOf,
    ownTypes: events.ownTypes,
    alert: alerts.write,
    onHealth: (change, { id, organization_id: organizationId }) =>
      log[change === 'failing' ? 'warn' : 'info'](
        { endpoint_id: id, organization_id: organizationId },
        change === 'failing' ? 'endpoint failing' : 'endpoint recovered',
      ),
  });
  engine.onFailed(webhooks.onFailed);
  engine.onHealth(webhooks.onHealth);
  const crm = createCrm({
    ...emitting,
    workspaces,
    retentionDays,
    onRows: metrics.imported,
    onSuppressed: metrics.suppressed,
  });
  const { contacts, suppressions } = crm;
  const mail = createMail({
    ...emitting,
    ...crm,
    surface: mailpandaSurface,
    retentionDays,
    network: { ...outbound, policy: outbound.egress },
    rateLimiter,
    publicUrl: config.publicUrl,
    oauth: { clients: config, endpoints: oauthEndpoints, baseUrl: () => config.publicUrl ?? address.url },
    smtpProbe: config.smtpProbeFrom === undefined ? undefined : { from: config.smtpProbeFrom },
    engineDb: pools.engineDb,
    holder,
    processes,
    contactIds: contactIdsByEmail,
    addressesOfPeople,
    log,
    shutdownMs: config.shutdownSeconds * 1_000,
    organizationHourlyPerDomain: options.organizationHourlyPerDomain,
    onSettled: metrics.messageSettled,
    onClassified: metrics.replyClassified,
    onFound: metrics.leadsFound,
    onReceived({ provider, types, organizationId, sourceId, matched, skipped }) {
      const events = types.length;
      log.info(
        { provider, organization_id: organizationId, source_id: sourceId, events, matched, skipped },
        'inbound.received',
      );
      metrics.providerReported(provider, types);
    },
    random: outbound.random,
    alert: alerts.write,
    onHostOpened(host, organizationId) {
      log.warn({ host, organization_id: organizationId }, 'mailboxes.host_opened');
      metrics.hostOpened();
    },
  });
  crm.segments.addContactFields(contactSegmentFields);
  crm.merges.setFollowers(followersOf(mail));
  suppressions.listen(mail.leads.suppressed);
  contacts.onRemoved(mail.leads.contactsRemoved);
  const privacy = createPrivacy({
    ...emitting,
    contacts,
    suppressions,
    topics: crm.topics,
    onError: (error) => onError(error, 'erasures'),
  });
  const workspaceDeletions = createWorkspaceDeletions({
    ...deps,
    stages: [webhooks.endpoints.removeOfWorkspace, ...mail.ofWorkspace.stages, ...crm.workspaceStages],
    mail: mail.ofWorkspace,
    onError: (error) => onError(error, 'workspaces'),
  });
  const accounts = createAccounts({ ...emitting, rateLimiter, config, address, send: systemMailer, log, metrics });
  // In the order of the API document.
  const modules: readonly Module[] = [
    accounts,
    webhooks,
    events,
    webhooks.replays,
    webhooks.listeners,
    alerts,
    ...mail.modules,
    crm.customFields,
    crm.sources,
    suppressions,
    crm.topics,
    contacts,
    privacy,
    crm.imports,
    crm.companies,
    crm.projects,
    crm.activities,
    crm.segments,
    crm.merges,
    crm.bulkJobs,
    crm.refolding,
    { run: workspaceDeletions.run, role: 'engine' },
  ];
  return { events, alerts, webhooks, crm, mail, workspaces, workspaceDeletions, accounts, modules };
}

/** The API's routes with the probes', their documents, and what a process of these roles serves. */
function composeApi({ probeRoutes }: Ops, { publicUrl, portalOrigins, roles }: Config, apiRoutes: readonly Route[]) {
  const routes = [...apiRoutes, ...probeRoutes];
  const document = (vendor?: DialectName): OpenApiDocument =>
    openApiDocument({
      routes,
      version: version(),
      webhooks: webhookOperations(vendor),
      ...(vendor === undefined ? {} : { surface: vendor }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
    });
  const documentRoutes = openApiRoutes(vendors, (vendor) => document(vendors.find((each) => each === vendor)));
  const dashboard = dashboardRoutes(portalOrigins);
  const pages = [...(dashboard ?? []), ...docsUiRoutes(vendors, dashboard === undefined)];
  return {
    routes,
    document,
    served: roles.includes('api') ? [...routes, ...documentRoutes, ...pages] : probeRoutes,
  };
}
