import { setTimeout as sleep } from 'node:timers/promises';
import { createKey, organizationBySlug, revokeKey } from '../auth/index.ts';
import type { Config } from '../base/config.ts';
import { OperatorError } from '../base/errors.ts';
import { UsageError } from './command.ts';
import { codeOf } from './master-key.ts';
import { assertPresent, clientVariables, readSettings, withInstallation } from './installation.ts';

/** The API of a running server. */
export interface Api {
  readonly url: string;
  readonly key: string;
  /** @returns the response body. @throws OperatorError with the server's error message. */
  call(
    method: string,
    path: string,
    request?: { body?: unknown; bodyText?: string; headers?: Readonly<Record<string, string>> },
  ): Promise<unknown>;
}

const timeoutMs = 15_000;
/** Between tries; long enough for a server that restarts. */
const pausesMs = [250, 1_000, 2_000];
/** A key created for one command expires after this, even if the command is killed. */
const temporaryKeyMs = 10 * 60_000;

export function createApi(url: string, key: string): Api {
  return {
    url,
    key,
    async call(method, path, { body, bodyText = body === undefined ? undefined : JSON.stringify(body), headers } = {}) {
      const init = {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(bodyText === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(bodyText === undefined ? {} : { body: bodyText }),
      };
      for (const pauseMs of [...pausesMs, undefined]) {
        const answer = await fetch(`${url}${path}`, { ...init, signal: AbortSignal.timeout(timeoutMs) }).catch(
          (error: unknown) => error,
        );
        const passing = !(answer instanceof Response) || answer.status === 503;
        if (passing && pauseMs !== undefined) await sleep(pauseMs);
        else if (answer instanceof Response) return answered(answer);
        else throw unreachable(url, answer);
      }
      throw unreachable(url, undefined);
    },
  };
}

async function answered(answer: Response): Promise<unknown> {
  const text = await answer.text();
  let body: unknown;
  try {
    body = text === '' ? undefined : JSON.parse(text);
  } catch {
    throw new OperatorError(
      `${answer.url} answered ${answer.status} with a body that is not JSON. Is this an Outrider server?`,
    );
  }
  if (answer.ok) return body;
  const { error } = (body ?? {}) as { error?: { message?: string } };
  throw new OperatorError(`The server answered ${answer.status}: ${error?.message ?? 'no reason given'}`);
}

function unreachable(url: string, error: unknown): OperatorError {
  const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
  return new OperatorError(
    `No server answers at ${url} (${cause instanceof Error && cause.message !== '' ? cause.message : codeOf(cause)}). Start one with \`outrider serve\`, or set --url or ${clientVariables.url}.`,
  );
}

export interface ApiOptions {
  readonly url?: string | undefined;
  readonly key?: string | undefined;
  readonly org?: string | undefined;
}

/**
 * Calls a server with the given key or, on the server's machine, with a key created for this call and revoked after it.
 * @param scopes scopes of the created key
 */
export async function withApi(
  options: ApiOptions,
  scopes: readonly string[],
  work: (api: Api) => Promise<void>,
): Promise<void> {
  const config = readSettings();
  const url = serverUrl(config, options.url);
  const key = options.key ?? (process.env[clientVariables.key] || undefined);
  if (key !== undefined) {
    if (options.org !== undefined)
      throw new UsageError(
        `--org selects the organization of a temporary key, but a key is given in ${options.key === undefined ? clientVariables.key : '--key'}: leave one of the two out`,
      );
    // A header cannot contain other characters, and fetch would report that as a failure of the server.
    if (!/^[\x21-\x7e]+$/.test(key))
      throw new UsageError(
        `${options.key === undefined ? clientVariables.key : '--key'} is not an API key: it contains a space, a line end or a character outside ASCII`,
      );
    await work(createApi(url, key));
    return;
  }
  assertPresent(config, `Give an API key with --key or ${clientVariables.key}. `);
  await assertAnswers(url);
  await withInstallation(async ({ db, tenancy: open }) => {
    const tenancy = await open();
    const organization = await organizationBySlug(db, options.org ?? 'default');
    const expiresAt = new Date(tenancy.clock.now() + temporaryKeyMs);
    const made = await createKey(tenancy, organization, { name: 'temporary key of a command', scopes, expiresAt });
    try {
      await work(createApi(url, made.key));
    } finally {
      await revokeKey(tenancy, made.id).catch(() =>
        console.error(`The temporary key could not be revoked; it expires within ${temporaryKeyMs / 60_000} minutes.`),
      );
    }
  });
}

function serverUrl(config: Config, given: string | undefined): string {
  const url = given ?? (process.env[clientVariables.url] || `http://localhost:${config.port}`);
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new OperatorError(`"${url}" is not the URL of a server; use one such as http://localhost:8080.`);
  return url.replace(/\/+$/, '');
}

/** Called before a key is created: without a server, the database would be started for nothing. */
async function assertAnswers(url: string): Promise<void> {
  await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(timeoutMs) }).catch((error: unknown) => {
    throw unreachable(url, error);
  });
}
