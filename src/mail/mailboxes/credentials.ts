import type { Clock } from '../../base/clock.ts';
import { unreachable } from '../../base/errors.ts';
import type { MailboxId, OrganizationId } from '../../base/ids.ts';
import type { Database, Queryable } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Failure, Login } from '../transport/transport.ts';
import { credentialsById, lockByIds, saveCredentials } from './queries.ts';
import type { MailboxRow, Provider } from './queries.ts';
import { transition } from './reports.ts';
import type { Reports } from './reports.ts';
import { revoked } from './state.ts';
import type { Protocol } from './state.ts';

/** OAuth tokens of a mailbox (RFC 6749 §5.1). */
export interface Tokens {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Unix milliseconds. */
  readonly expiresAtMs: number;
}

/** The secrets of a mailbox, as they are sealed. */
export type Credentials =
  | { readonly smtp: { readonly password: string }; readonly imap?: { readonly password: string } | undefined }
  | { readonly tokens: Tokens };

/** The answer of a provider that was asked for a new access token. */
export type Refreshed =
  | { readonly kind: 'tokens'; readonly tokens: Tokens }
  /** `invalid_grant`: a person must authorize the mailbox again. */
  | { readonly kind: 'revoked'; readonly reason: string }
  | { readonly kind: 'temporary'; readonly reason: string };

/** Asks a provider for a new access token. Never throws; ends within 10 s, because a row is locked meanwhile. */
export type Refresh = (provider: Extract<Provider, 'google' | 'microsoft'>, refreshToken: string) => Promise<Refreshed>;

export interface CredentialsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly reports: Reports;
  readonly refresh: Refresh;
}

/** An access token is renewed this long before it expires. */
const renewBeforeMs = 60_000;
const context = 'mailbox credentials';

export const seal = (
  vault: Vault,
  on: Queryable,
  organization: OrganizationId,
  credentials: Credentials,
): Promise<Buffer> => vault.seal(on, organization, JSON.stringify(credentials), context);

async function open(vault: Vault, on: Queryable, organization: OrganizationId, sealed: Buffer): Promise<Credentials> {
  return JSON.parse((await vault.open(on, organization, sealed, context)).toString()) as Credentials;
}

/** When its access token expires; null: it has passwords. */
export const expiryOf = (credentials: Credentials): Date | null =>
  'tokens' in credentials ? new Date(credentials.tokens.expiresAtMs) : null;

/** How to log in to one protocol. */
export function loginOf(credentials: Credentials, protocol: Protocol): Login {
  if ('tokens' in credentials) return { accessToken: credentials.tokens.accessToken };
  const secret = credentials[protocol];
  if (secret === undefined) throw unreachable(`no password for ${protocol}`);
  return secret;
}

/** The stored secrets of a mailbox; undefined if it has none. */
export async function storedCredentials(
  { vault }: Pick<CredentialsOptions, 'vault'>,
  on: Queryable,
  id: MailboxId,
): Promise<Credentials | undefined> {
  const [row] = await credentialsById(on, [id]);
  return row && open(vault, on, row.organization_id, row.credentials);
}

/**
 * How to log in to mailboxes, by their id; one without credentials is missing. An access token that expires is renewed first, by one
 * process at a time. If that is not possible, the value is the failure, to be reported like one of the server.
 * @example
 * const login = (await mailboxes.credentialsOf('smtp', [id])).get(id);
 */
export async function credentialsOf(
  options: CredentialsOptions,
  protocol: Protocol,
  ids: readonly MailboxId[],
): Promise<ReadonlyMap<MailboxId, Login | Failure>> {
  const { db, vault, clock } = options;
  const found = await Promise.all(
    (await credentialsById(db, ids)).map(async ({ id, organization_id: organization, credentials: sealed }) => {
      const credentials = await open(vault, db, organization, sealed);
      const expiresAt = expiryOf(credentials);
      const isFresh = expiresAt === null || expiresAt.getTime() - renewBeforeMs > clock.now();
      return [id, isFresh ? loginOf(credentials, protocol) : await renewed(options, id)] as const;
    }),
  );
  return new Map(found.flatMap(([id, login]) => (login === undefined ? [] : [[id, login]])));
}

/** Renews the access token of a mailbox under the lock of its row, unless another process did. */
async function renewed(options: CredentialsOptions, id: MailboxId): Promise<Login | Failure | undefined> {
  const { db, clock, vault, reports, refresh } = options;
  return db.transaction(async (tx) => {
    const [row] = await lockByIds(tx, [id]);
    const credentials = row && (await storedCredentials(options, tx, id));
    if (row === undefined || credentials === undefined || !('tokens' in credentials)) return undefined;
    const { tokens } = credentials;
    if (tokens.expiresAtMs - renewBeforeMs > clock.now()) return { accessToken: tokens.accessToken };
    const answer = await refresh(providerOf(row), tokens.refreshToken);
    switch (answer.kind) {
      case 'tokens':
        await saveCredentials(
          tx,
          id,
          await seal(vault, tx, row.organization_id, { tokens: answer.tokens }),
          new Date(answer.tokens.expiresAtMs),
        );
        return { accessToken: answer.tokens.accessToken };
      case 'revoked': {
        const failing = revoked(clock.now(), answer.reason);
        const after = transition({ ...row, smtp_failing: failing }, new Date(clock.now()));
        await reports.write(tx, [{ before: row, after }]);
        return failureOf('auth', answer.reason);
      }
      case 'temporary':
        return failureOf('auth_temporary', answer.reason);
    }
  });
}

const failureOf = (cause: Failure['cause'], text: string): Failure => ({
  cause,
  answer: { stage: 'auth', code: null, enhanced: null, text },
});

function providerOf({ provider }: MailboxRow): 'google' | 'microsoft' {
  if (provider === 'google' || provider === 'microsoft') return provider;
  throw unreachable(`tokens of a mailbox at ${provider}`);
}
