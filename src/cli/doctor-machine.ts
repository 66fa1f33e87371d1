import { constants, existsSync, realpathSync } from 'node:fs';
import { access, rm, statfs, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { smtpProblem } from '../alerts/index.ts';
import { settings } from '../base/config.ts';
import type { Config } from '../base/config.ts';
import { clusterPath } from '../db/embedded/place.ts';
import { connectChecked, ConnectError } from '../base/connect-checked.ts';
import { egressOf } from '../base/egress-config.ts';
import { resolveChecked } from '../base/egress.ts';
import { createResolver } from '../base/resolver.ts';
import { assertPortFree } from './database.ts';
import { fail, ok, reasonOf, warn } from './doctor-check.ts';
import type { Check } from './doctor-check.ts';
import { codeOf, masterKeyPath } from './master-key.ts';

const gib = 1024 ** 3;
/** Reserved for documentation (RFC 2606), so looking it up reveals nothing. */
const exampleHost = 'example.com';
const probeMs = 3_000;

/** What a start needs besides the database. */
export const machineChecks: readonly Check<[Config]>[] = [
  {
    name: 'data folder',
    run: async (config) => {
      const { dataDir, databaseUrl, masterKey } = config;
      const needed = databaseUrl === undefined || (masterKey === undefined && !existsSync(masterKeyPath(config)));
      if (!needed && !existsSync(dataDir)) return ok('not needed: DATABASE_URL and the master key are set');
      const folder = nearest(dataDir);
      const problem = await writeProblem(folder);
      if (problem === undefined)
        return ok(
          existsSync(dataDir) ? `${dataDir} is writable` : `${dataDir} does not exist yet; the first start creates it`,
        );
      const says = `${folder} is not writable (${problem})`;
      const advice = 'Make the account that runs Outrider its owner, or set OUTRIDER_DATA_DIR to another folder.';
      return needed ? fail(`${says}. ${advice}`) : warn(`${says}; it is not needed now. ${advice}`);
    },
  },
  {
    name: 'disk',
    run: async ({ dataDir, databaseUrl }) => {
      if (databaseUrl !== undefined) return ok('not checked: the database is external');
      const cluster = clusterPath(dataDir);
      const place = existsSync(cluster) ? realpathSync(cluster) : nearest(dataDir);
      const { bavail, bsize, blocks } = await statfs(place);
      const free = bavail * bsize;
      const says = `${(free / gib).toFixed(1)} GiB free of ${((blocks * bsize) / gib).toFixed(1)} at ${place}`;
      if (free > 2 * gib) return ok(says);
      const advice = `${says}. Free some space, or lower OUTRIDER_RETENTION_DAYS.`;
      return free > gib / 4 ? warn(advice) : fail(advice);
    },
  },
  {
    name: 'http',
    run: async (config) => {
      const { host, port } = config;
      if (port === 0) return ok('a free port is chosen at the start');
      try {
        await assertPortFree(config);
        return ok(`port ${port} on ${host} is free`);
      } catch (error) {
        return (await isOutrider(host, port)) ? ok(`Outrider answers on port ${port}`) : fail(reasonOf(error));
      }
    },
  },
  {
    name: 'smtp',
    run: async ({ smtpUrl, smtpFrom }) => {
      if (smtpUrl === undefined) return ok('OUTRIDER_SMTP_URL is not set: alerts are logged and stored, not mailed');
      const { host } = new URL(smtpUrl);
      const problem = await smtpProblem(smtpUrl);
      if (problem !== undefined) return fail(`${host} ${problem} Check OUTRIDER_SMTP_URL.`);
      return smtpFrom === settings.smtpFrom.default
        ? warn(
            `${host} answers, but many servers reject the sender ${smtpFrom}. Set OUTRIDER_SMTP_FROM to your own address.`,
          )
        : ok(`${host} answers; alerts are sent from ${smtpFrom}`);
    },
  },
  {
    name: 'egress',
    run: async (config) => {
      const { egressAllow, allowHttpEndpoints } = config;
      const policy = egressOf(config);
      const allowed = `public addresses by ${allowHttpEndpoints ? 'https or http' : 'https'}${policy.allow.length === 0 ? '' : `, and ${egressAllow}`}`;
      const resolution = await resolveChecked(exampleHost, policy, createResolver());
      return resolution.ok
        ? ok(`names resolve; deliveries may go to ${allowed}`)
        : warn(
            `${exampleHost} ${resolution.reason}. Deliveries to host names will fail: check this machine's DNS. Allowed: ${allowed}.`,
          );
    },
  },
  {
    name: 'proxy',
    run: async (config) => {
      const policy = egressOf(config);
      const { proxy } = policy;
      if (proxy === undefined) return ok('OUTRIDER_EGRESS_PROXY is not set: connections are direct');
      const at = `${proxy.host}:${proxy.port}`;
      try {
        const socket = await connectChecked(
          { host: exampleHost, port: 443, tls: {} },
          { policy, proxy, resolve: createResolver(), timeoutMs: 2 * probeMs },
        );
        socket.destroy();
        return ok(`${at} connects to ${exampleHost}`);
      } catch (error) {
        return error instanceof ConnectError && error.reason === 'dns'
          ? warn(`not checked: ${error.message}`)
          : fail(`${at} gives no connection: ${reasonOf(error)} Check OUTRIDER_EGRESS_PROXY.`);
      }
    },
  },
];

/** The folder or, if it does not exist, its nearest existing ancestor. */
function nearest(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** Writes a file, because mode bits do not reveal a full or read-only file system. */
async function writeProblem(folder: string): Promise<string | undefined> {
  const probe = join(folder, `.outrider-doctor-${randomUUID()}`);
  try {
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    await writeFile(probe, 'x', { flag: 'wx' });
    return undefined;
  } catch (error) {
    return codeOf(error);
  } finally {
    await rm(probe, { force: true }).catch(() => {});
  }
}

/** Whether an Outrider server answers on this port. */
async function isOutrider(host: string, port: number): Promise<boolean> {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(probeMs) });
    return answer.ok && answer.headers.has('x-request-id') && (await answer.text()) === '{"status":"ok"}';
  } catch {
    return false;
  }
}
