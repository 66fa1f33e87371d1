import { parseCidrs } from './cidr.ts';
import type { Config } from './config.ts';
import { egressProxyOf } from './egress-proxy.ts';
import type { EgressProxy } from './egress-proxy.ts';
import type { EgressPolicy } from './egress.ts';

/** The operator's egress policy, with the proxy that all of this process shares. */
export const egressOf = (
  config: Pick<Config, 'egressAllow' | 'allowHttpEndpoints' | 'egressProxy'>,
  onProxyFailure?: EgressProxy['onFailure'],
): EgressPolicy => ({
  allow: parseCidrs(config.egressAllow),
  allowHttp: config.allowHttpEndpoints,
  proxy: config.egressProxy === undefined ? undefined : egressProxyOf(config.egressProxy, onProxyFailure),
});
