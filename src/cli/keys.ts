import { allKeys, createKey, findWorkspace, organizationBySlug, revokeKey } from '../auth/index.ts';
import type { ApiKey } from '../auth/index.ts';
import { OperatorError } from '../base/errors.ts';
import { duration } from './command.ts';
import { withInstallation } from './installation.ts';
import { table } from './help.ts';

/** For `--json`: times become ISO 8601 text. */
const asJson = ({ id, organization_slug: organization, created_by: _, ...key }: ApiKey) => ({
  id,
  organization,
  ...key,
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
      console.log(JSON.stringify(asJson(key)));
      return;
    }
    console.log(key.key);
    console.error(
      `Created a key for ${key.organization_slug} with the scopes ${key.scopes.join(', ')}. Store it now: it is not shown again.`,
    );
  });
}

export const listKeysCommand = (options: { org: string | undefined; revoked: boolean; json: boolean }): Promise<void> =>
  withInstallation(async ({ db }) => {
    if (options.org !== undefined) await organizationBySlug(db, options.org);
    const sandbox = `${options.org}-sandbox`;
    const wanted = (key: ApiKey): boolean => options.revoked || key.revoked_at === null;
    const keys = (await allKeys(db))
      .filter(wanted)
      .filter(
        (key) =>
          options.org === undefined ||
          key.organization_slug === options.org ||
          (key.sandbox && key.organization_slug === sandbox),
      );
    if (options.json) console.log(JSON.stringify(keys.map(asJson)));
    else if (keys.length === 0) console.log('There are no keys yet. Create one: outrider keys create --org SLUG');
    else console.log(table(['organization', 'name', 'key', 'scopes', 'state', 'last used', 'id'], keys.map(row)));
  });

function row(key: ApiKey): string[] {
  const day = (date: Date): string => date.toISOString().slice(0, 10);
  const ended = key.expires_at !== null && key.expires_at.getTime() <= Date.now();
  const state =
    key.revoked_at !== null
      ? `revoked ${day(key.revoked_at)}`
      : key.expires_at === null
        ? 'active'
        : `${ended ? 'expired' : 'until'} ${day(key.expires_at)}`;
  return [
    key.organization_slug,
    key.name,
    `${key.prefix}…`,
    key.scopes.join(','),
    state,
    key.last_used_at === null ? 'never' : day(key.last_used_at),
    key.id,
  ];
}

export const revokeKeyCommand = (id: string): Promise<void> =>
  withInstallation(async ({ db, tenancy }) => {
    const key = (await allKeys(db)).find((each) => each.id === id.toLowerCase());
    if (key === undefined) throw new OperatorError(`No key has the id ${id}. List all keys: outrider keys list`);
    const revoked = await revokeKey(await tenancy(), key.id);
    console.log(`The key ${key.prefix}… of ${key.organization_slug} ${revoked ? 'is' : 'was already'} revoked.`);
  });
