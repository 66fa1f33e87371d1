import { constants, existsSync, realpathSync } from 'node:fs';
import { access, rm, statfs, writeFile } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { smtpProblem } from '../alerts/index.ts';
import { parseCidrs } from '../base/cidr.ts';
import { settings } from '../base/config.ts';
import type { Config } from '../base/config.ts';
import { clusterPath } from '../db/embedded/place.ts';
import { resolveChecked } from '../base/egress.ts';
import { createResolver } from '../base/resolver.ts';
import { assertPortFree } from './database.ts';
import { fail, ok, reasonOf, warn } from './doctor-check.ts';
import type { Check } from './doctor-check.ts';
import { codeOf, masterKeyPath } from './master-key.ts';

const gib = 1024 ** 3;
/** Reserved for documentation (RFC 2606), so its look-up says nothing about anyone. */
const exampleHost = 'example.com';
const probeMs = 3_000;

/** What a start needs of this machine, beside the database. */
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
          existsSync(dataDir)
            ? `${dataDir} can be written to`
            : `${dataDir} is not there yet; the first start makes it`,
        );
      const says = `${folder} cannot be written to (${problem})`;
      const advice = 'Give it to the account that runs Outrider, or set OUTRIDER_DATA_DIR to another folder.';
      return needed ? fail(`${says}. ${advice}`) : warn(`${says}; it is not needed now. ${advice}`);
    },
  },
  {
    name: 'disk',
    run: async ({ dataDir, databaseUrl }) => {
      if (databaseUrl !== undefined) return ok("the database's own: it is not looked at from here");
      const cluster = clusterPath(dataDir);
      const place = existsSync(cluster) ? realpathSync(cluster) : nearest(dataDir);
      const { bavail, bsize, blocks } = await statfs(place);
      const free = bavail * bsize;
      const says = `${(free / gib).toFixed(1)} GiB free of ${((blocks * bsize) / gib).toFixed(1)} at ${place}`;
      if (free > 2 * gib) return ok(says);
      const advice = `${says}. Make room, or keep less: OUTRIDER_RETENTION_DAYS.`;
      return free > gib / 4 ? warn(advice) : fail(advice);
    },
  },
  {
    name: 'http',
    run: async (config) => {
      const { host, port } = config;
      if (port === 0) return ok('the start takes a free port');
      try {
        await assertPortFree(config);
        return ok(`port ${port} of ${host} is free`);
      } catch (error) {
        return (await isOutrider(host, port)) ? ok(`Outrider answers on port ${port}`) : fail(reasonOf(error));
      }
    },
  },
  {
    name: 'smtp',
    run: async ({ smtpUrl, smtpFrom }) => {
      if (smtpUrl === undefined) return ok('not set: alerts are logged and kept (OUTRIDER_SMTP_URL)');
      const { host } = new URL(smtpUrl);
      const problem = await smtpProblem(smtpUrl);
      if (problem !== undefined) return fail(`${host} ${problem} Look at OUTRIDER_SMTP_URL.`);
      return smtpFrom === settings.smtpFrom.default
        ? warn(
            `${host} answers, but many servers refuse the sender ${smtpFrom}. Set OUTRIDER_SMTP_FROM to an address of yours.`,
          )
        : ok(`${host} answers; alerts come from ${smtpFrom}`);
    },
  },
  {
    name: 'egress',
    run: async ({ egressAllow, allowHttpEndpoints }) => {
      const policy = { allow: parseCidrs(egressAllow), allowHttp: allowHttpEndpoints };
      const allowed = `public addresses by ${allowHttpEndpoints ? 'https or http' : 'https'}${policy.allow.length === 0 ? '' : `, and ${egressAllow}`}`;
      const resolution = await resolveChecked(exampleHost, policy, createResolver());
      return resolution.ok
        ? ok(`names resolve; deliveries may go to ${allowed}`)
        : warn(
            `${exampleHost} ${resolution.reason}. Deliveries to names will fail: look at this machine's DNS. Allowed are ${allowed}.`,
          );
    },
  },
];

/** The folder itself or, when it is not there, the closest one above it that is. */
function nearest(folder: string): string {
  let path = resolve(folder);
  while (!existsSync(path) && dirname(path) !== path) path = dirname(path);
  return path;
}

/** Tried, because mode bits say nothing of a file system that is full or read-only. */
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

/** What listens there answers as `/healthz` does. */
async function isOutrider(host: string, port: number): Promise<boolean> {
  const name = ['0.0.0.0', '::'].includes(host) ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(probeMs) });
    return answer.ok && answer.headers.has('x-request-id') && (await answer.text()) === '{"status":"ok"}';
  } catch {
    return false;
  }
}
