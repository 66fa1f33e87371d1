import { allKeys, createKey, findWorkspace, organizationBySlug, revokeKey } from '../auth/index.ts';
import type { ApiKey } from '../auth/index.ts';
import { OperatorError } from '../base/errors.ts';
import { duration } from './command.ts';
import { withInstallation } from './installation.ts';
import { table } from './help.ts';

const asJson = (key: ApiKey): Record<string, unknown> => ({
  id: key.id,
  organization: key.organizationSlug,
  sandbox: key.sandbox,
  workspace_id: key.workspaceId ?? null,
  name: key.name,
  prefix: key.prefix,
  scopes: key.scopes,
  expires_at: key.expiresAt?.toISOString() ?? null,
  last_used_at: key.lastUsedAt?.toISOString() ?? null,
  revoked_at: key.revokedAt?.toISOString() ?? null,
  created_at: key.createdAt.toISOString(),
});

export interface CreateKeyOptions {
  readonly org: string;
  readonly scopes: string | undefined;
  readonly workspace: string | undefined;
  readonly sandbox: boolean;
  readonly expires: string | undefined;
  readonly name: string | undefined;
  readonly json: boolean;
}

export async function createKeyCommand(options: CreateKeyOptions): Promise<void> {
  const expiresMs = options.expires === undefined ? undefined : duration('--expires', options.expires);
  const scopes = (options.scopes ?? '*')
    .split(',')
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
  await withInstallation(async ({ db, tenancy }) => {
    const organization = await organizationBySlug(db, options.org);
    const writing = await tenancy();
    const key = await createKey(writing, organization, {
      name: options.name ?? 'created on the command line',
      scopes,
      sandbox: options.sandbox,
      workspaceId:
        options.workspace === undefined ? undefined : (await findWorkspace(db, organization.id, options.workspace)).id,
      expiresAt: expiresMs === undefined ? undefined : new Date(writing.clock.now() + expiresMs),
    });
    if (options.json) {
      console.log(JSON.stringify({ ...asJson(key), key: key.key }));
      return;
    }
    console.log(key.key);
    console.error(
      `Created a key for ${key.organizationSlug} with the scopes ${key.scopes.join(', ')}. Store it now: it is not shown again.`,
    );
  });
}

export const listKeysCommand = (options: { org: string | undefined; revoked: boolean; json: boolean }): Promise<void> =>
  withInstallation(async ({ db }) => {
    if (options.org !== undefined) await organizationBySlug(db, options.org);
    const sandbox = `${options.org}-sandbox`;
    const wanted = (key: ApiKey): boolean => options.revoked || key.revokedAt === undefined;
    const keys = (await allKeys(db))
      .filter(wanted)
      .filter(
        (key) =>
          options.org === undefined ||
          key.organizationSlug === options.org ||
          (key.sandbox && key.organizationSlug === sandbox),
      );
    if (options.json) console.log(JSON.stringify(keys.map(asJson)));
    else if (keys.length === 0) console.log('There are no keys yet. Create one: outrider keys create --org SLUG');
    else console.log(table(['organization', 'name', 'key', 'scopes', 'state', 'last used', 'id'], keys.map(row)));
  });

function row(key: ApiKey): string[] {
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const ended = key.expiresAt !== undefined && key.expiresAt.getTime() <= Date.now();
  const state =
    key.revokedAt !== undefined
      ? `revoked ${day(key.revokedAt)}`
      : key.expiresAt === undefined
        ? 'active'
        : `${ended ? 'expired' : 'until'} ${day(key.expiresAt)}`;
  return [
    key.organizationSlug,
    key.name,
    `${key.prefix}…`,
    key.scopes.join(','),
    state,
    key.lastUsedAt === undefined ? 'never' : day(key.lastUsedAt),
    key.id,
  ];
}

export const revokeKeyCommand = (id: string): Promise<void> =>
  withInstallation(async ({ db, tenancy }) => {
    const key = (await allKeys(db)).find((each) => each.id === id.toLowerCase());
    if (key === undefined) throw new OperatorError(`No key has the id ${id}. List all keys: outrider keys list`);
    const revoked = await revokeKey(await tenancy(), key.id);
    console.log(`The key ${key.prefix}… of ${key.organizationSlug} ${revoked ? 'is' : 'was already'} revoked.`);
  });
