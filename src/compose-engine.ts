import type { Config } from './base/config.ts';
import type { Holder } from './db/holder.ts';
import { createAccessTokens } from './delivery/access-tokens.ts';
import { createEngine } from './delivery/engine.ts';
import type { Engine, EngineOptions } from './delivery/engine.ts';
import { createSubscriptions } from './delivery/subscriptions.ts';
import type { EndpointOpener } from './delivery/endpoint-rows.ts';
import type { Sender } from './delivery/transport/sender.ts';
import { createTokenRequest } from './delivery/transport/token-request.ts';
import type { TokenRequestOptions } from './delivery/transport/token-request.ts';
import { createFinishedLine, createTokenLine } from './ops/index.ts';
import type { Ops } from './ops/index.ts';
import { wires } from './vendors/wires.ts';

/** The delivery engine over its own connections, with the endpoints it delivers to. */
export function composeEngine(
  { deps, log, metrics, pools: { engineDb }, processes }: Ops,
  options: Pick<EndpointOpener, 'signingKeyOf'> & {
    readonly config: Config;
    readonly holder: Holder;
    readonly random: () => number;
    readonly sender: Sender;
    readonly network: Pick<TokenRequestOptions, 'policy' | 'resolve' | 'ca' | 'onRefused'> &
      Pick<EngineOptions, 'templates'>;
  },
): Engine {
  const { config, holder, random, sender, signingKeyOf, network } = options;
  const { bus, vault, onError } = deps;
  const finishedLine = createFinishedLine(log);
  const tokenLine = createTokenLine(log);
  const subscriptions = createSubscriptions(engineDb, {
    wires,
    openSecret: (on, organizationId, sealed, context) => vault.open(on, organizationId, sealed, context),
    signingKeyOf,
    onUnreadable: (endpoint, err) =>
      log.error({ endpoint_id: endpoint, err }, 'an endpoint cannot be read: its deliveries stay pending'),
  });
  const engine = createEngine({
    ...deps,
    db: engineDb,
    holder,
    random,
    processes: () => processes.countOf('engine'),
    subscriptions,
    sender,
    templates: network.templates,
    tokens: createAccessTokens({
      ...deps,
      request: createTokenRequest({
        ...deps,
        ...network,
        onRequested: (requested) => {
          metrics.tokenRequested(requested.granted.kind);
          tokenLine(requested);
        },
      }),
    }),
    maxInFlight: config.maxInFlight,
    failingAfter: config.failingAfter,
    shutdownMs: config.shutdownSeconds * 1_000,
    delivers: config.roles.includes('engine'),
    onFinished: (finished) => {
      metrics.finished(finished);
      finishedLine(finished);
    },
    onScan: metrics.looked,
  });
  bus.subscribe((notice) => {
    if (notice === undefined || notice.kind === 'endpoints')
      void subscriptions.refresh().catch((error: unknown) => onError(error, 'subscriptions'));
  });
  return engine;
}
