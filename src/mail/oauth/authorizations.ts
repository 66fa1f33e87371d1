import { hash } from 'node:crypto';
import { calculatePKCECodeChallenge, generateRandomCodeVerifier, generateRandomState } from 'oauth4webapi';
import { isMember } from '../../accounts/index.ts';
import { keyById, organizationById, workspaceFor } from '../../auth/index.ts';
import type { Clock } from '../../base/clock.ts';
import { minuteMs } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import { ApiError, invalid } from '../../base/errors.ts';
import { isPersonId } from '../../base/ids.ts';
import type { MailboxId, PersonId, WorkspaceId } from '../../base/ids.ts';
import type { Database } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import type { Principal } from '../../http/route.ts';
import { columnsOf, defaultColumns } from '../mailboxes/index.ts';
import type { Mailboxes, MailboxRow, MailboxTenant, NewSettings } from '../mailboxes/index.ts';
import { configuredProvider, presetOf, providerOf } from './providers.ts';
import type { OAuthProvider, ProviderName, ProvidersOptions } from './providers.ts';
import { deleteExpired, insertState, takeState } from './queries.ts';
import type { Purpose, StateRow } from './queries.ts';
import { AuthorizationError, exchange } from './tokens.ts';
import type { TokenNetwork } from './tokens.ts';

export interface AuthorizationsOptions extends ProvidersOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly vault: Vault;
  readonly network: TokenNetwork;
  readonly mailboxes: Pick<Mailboxes, 'get' | 'createAuthorized' | 'reauthorize'>;
  /** Where browsers reach this installation, without a slash at its end. */
  readonly baseUrl: () => string;
}

/** What a caller wants to authorize. */
export interface Wanted {
  readonly email?: string | undefined;
  readonly mailbox_id?: string | undefined;
  readonly workspace_id?: WorkspaceId | undefined;
  readonly settings: NewSettings;
}

const validMs = 10 * minuteMs;
const sealedAs = 'oauth verifier';
const unknownState = 'This authorization has expired or was already used. Start it again.';

const hashOf = (state: string): Buffer => hash('sha256', state, 'buffer');

export type Authorizations = ReturnType<typeof createAuthorizations>;

/**
 * Authorizations of mailboxes at their providers: the authorization code flow with PKCE (RFC 6749 §4.1, RFC 7636). A state is known by its
 * hash only, belongs to the key that began it, and is used once.
 */
export function createAuthorizations(options: AuthorizationsOptions) {
  const { db, clock, vault, network, mailboxes, baseUrl } = options;
  const redirectUriOf = (name: ProviderName): string => `${baseUrl()}/v1/oauth/${name}/callback`;

  /** @throws ApiError */
  async function purposeOf(principal: Principal, name: ProviderName, wanted: Wanted): Promise<Purpose> {
    const { email, mailbox_id: id, workspace_id: workspace, settings } = wanted;
    if (id !== undefined) {
      const row = await mailboxes.get(principal, id as MailboxId);
      if (email !== undefined) throw invalid({ email: 'must not be given together with mailbox_id' });
      if (row.provider !== name) throw invalid({ mailbox_id: `is a mailbox of the provider ${row.provider}` });
      return { mailbox_id: row.id, email: row.email };
    }
    if (email === undefined) throw invalid({ email: 'is required unless mailbox_id is given' });
    const address = parseAddress(email);
    if ('problem' in address) throw invalid({ email: address.problem });
    await workspaceFor(db, principal, workspace);
    const who = { domain: address.domain, smtpHost: presetOf(name).smtp.host };
    // Refuses bad settings before a person has agreed.
    columnsOf(settings, defaultColumns(who.domain, who.smtpHost), who);
    return { email: address.email, settings, ...(workspace === undefined ? {} : { workspace_id: workspace }) };
  }

  /** The caller that began an authorization, as long as its key is valid. */
  async function tenantOf(state: StateRow): Promise<MailboxTenant> {
    const view = { organizationId: state.organization_id, workspaceId: state.workspace_id ?? undefined };
    if (isPersonId(state.key_id)) {
      if (!(await isMember(db, view.organizationId, state.key_id as unknown as PersonId, state.workspace_id)))
        throw new AuthorizationError('The person who started this authorization has no role any more.');
      const { liveOrganizationId } = await organizationById(db, view.organizationId);
      return { ...view, sandbox: liveOrganizationId !== undefined, keyId: state.key_id };
    }
    const key = await keyById(db, view, state.key_id).catch((error: unknown) => {
      if (error instanceof ApiError) return undefined;
      throw error;
    });
    if (
      key === undefined ||
      key.revoked_at !== null ||
      (key.expires_at !== null && key.expires_at.getTime() <= clock.now())
    )
      throw new AuthorizationError('The API key with which this authorization was started is not valid any more.');
    return { ...view, sandbox: key.sandbox, keyId: key.id };
  }

  async function store(state: StateRow, provider: OAuthProvider, parameters: URLSearchParams): Promise<MailboxRow> {
    const tenant = await tenantOf(state);
    const { email } = state.settings;
    const { tokens, addresses } = await exchange(provider, {
      network,
      clock,
      parameters,
      state: parameters.get('state') ?? '',
      redirectUri: redirectUriOf(provider.name),
      verifier: (await vault.open(db, state.organization_id, state.verifier, sealedAs)).toString(),
    });
    if (!addresses.some((address) => isSame(address, email)))
      throw new AuthorizationError(
        `You authorized another account of ${provider.label}. Start again, and choose the account ${email}.`,
      );
    if ('mailbox_id' in state.settings)
      return mailboxes.reauthorize(tenant, state.settings.mailbox_id as MailboxId, tokens);
    const { smtp, imap } = provider.servers;
    return mailboxes.createAuthorized(tenant, {
      ...state.settings.settings,
      email,
      provider: provider.name,
      smtp: { host: smtp.host, port: smtp.port, security: smtp.security, username: email },
      imap: { host: imap.host, port: imap.port, security: imap.security, username: email },
      tokens,
      workspace_id: state.settings.workspace_id,
    });
  }

  return {
    /**
     * Begins an authorization. @returns the URL that a person must open within 10 minutes
     * @throws ApiError `not_found`, `validation_failed`; `conflict` if the operator has not configured the provider
     */
    async begin(
      principal: Principal,
      name: ProviderName,
      wanted: Wanted,
    ): Promise<{ readonly url: string; readonly expiresAt: Date }> {
      const purpose = await purposeOf(principal, name, wanted);
      const { server, client, scope, parameters } = configuredProvider(name, options);
      const { tag } = await organizationById(db, principal.organizationId);
      const [state, verifier] = [`${tag}_${generateRandomState()}`, generateRandomCodeVerifier()];
      const expiresAt = new Date(clock.now() + validMs);
      await insertState(db, hashOf(state), {
        organization_id: principal.organizationId,
        workspace_id: principal.workspaceId ?? null,
        key_id: principal.keyId,
        provider: name,
        verifier: await vault.seal(db, principal.organizationId, verifier, sealedAs),
        settings: purpose,
        expires_at: expiresAt,
      });
      const url = new URL(server.authorization_endpoint);
      url.search = String(
        new URLSearchParams({
          response_type: 'code',
          client_id: client.client_id,
          redirect_uri: redirectUriOf(name),
          scope,
          state,
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          login_hint: purpose.email,
          ...parameters,
        }),
      );
      return { url: url.href, expiresAt };
    },

    /**
     * Finishes an authorization with what the provider gave to the browser, and stores the mailbox.
     * @throws AuthorizationError, ApiError with a message for the person at the browser
     */
    async finish(name: ProviderName, parameters: URLSearchParams): Promise<MailboxRow> {
      const state = await takeState(db, hashOf(parameters.get('state') ?? ''));
      if (state === undefined || state.provider !== name || state.expires_at.getTime() <= clock.now())
        throw new AuthorizationError(unknownState);
      const provider = providerOf(name, options);
      if (provider === undefined) throw new AuthorizationError(unknownState);
      return store(state, provider, parameters);
    },

    /** Deletes authorizations that nobody finished. */
    expire: (nowMs: number): Promise<number> => deleteExpired(db, new Date(nowMs)),
  };
}

function isSame(one: string, other: string): boolean {
  const [first, second] = [parseAddress(one), parseAddress(other)];
  return 'key' in first && 'key' in second && first.key === second.key;
}
