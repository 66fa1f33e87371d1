import { workspaceFor } from '../../auth/index.ts';
import { totalFor } from '../../http/listing.ts';
import type { Paged } from '../../http/listing.ts';
import type { Clock } from '../../base/clock.ts';
import { parseAddress } from '../../base/email-address.ts';
import type { Address } from '../../base/email-address.ts';
import { alreadyExists, ApiError, invalid, notFound } from '../../base/errors.ts';
import { lastId } from '../../base/ids.ts';
import type { Ids, KeyId, MailboxId, WorkspaceId } from '../../base/ids.ts';
import type { Database, Transaction } from '../../db/pool.ts';
import type { Vault } from '../../encryption/vault.ts';
import { chargeMinute } from '../../http/rate-limit.ts';
import type { RateLimiter } from '../../http/rate-limit.ts';
import type { ServerSettings } from '../transport/transport.ts';
import type { CheckInput } from '../transport/check.ts';
import { credentialsOf, expiryOf, loginOf, seal, storedCredentials } from './credentials.ts';
import type { Credentials, CredentialsOptions, Tokens } from './credentials.ts';
import { changedServers, newServers } from './given-servers.ts';
import type { GivenServers, Servers, ServersChange } from './given-servers.ts';
import { failedTest } from './live-test.ts';
import type { CheckResult, LiveTest } from './live-test.ts';
import {
  byId,
  counted,
  emailTaken,
  insert,
  listed,
  listedBefore,
  working,
  lockByIds,
  markDeleted,
  saveCredentials,
  saveSettings,
} from './queries.ts';
import type { MailboxRow, Provider, Reach } from './queries.ts';
import { transition } from './reports.ts';
import type { Reports } from './reports.ts';
import { savesSent } from './servers.ts';
import { columnsOf, defaultColumns } from './settings.ts';
import type { NewSettings, SettingColumns } from './settings.ts';
import { nextStatus, resumption } from './state.ts';
import type { Protocol } from './state.ts';

/** Who acts on mailboxes; a `Principal` is one. */
export interface Tenant extends Reach {
  readonly sandbox: boolean;
  readonly keyId?: KeyId;
}

export interface NewMailbox extends NewSettings, GivenServers {
  readonly email: string;
  readonly workspace_id?: WorkspaceId | undefined;
}

/** A page of mailboxes. `cursor`: the id of the last one before; `email`: only this address; `only`, `except`: of these mailboxes. */
export interface MailboxPage {
  readonly cursor?: string | undefined;
  readonly email?: string | undefined;
  readonly only?: readonly MailboxId[];
  readonly except?: readonly MailboxId[];
  readonly limit: number;
}

export interface MailboxChange extends NewSettings, ServersChange {}

/** A mailbox whose owner has authorized Outrider at the provider. */
export interface AuthorizedMailbox extends NewSettings {
  readonly email: string;
  readonly provider: Extract<Provider, 'google' | 'microsoft'>;
  readonly smtp: ServerSettings;
  readonly imap: ServerSettings;
  readonly tokens: Tokens;
  readonly workspace_id?: WorkspaceId | undefined;
}

export interface OperationsOptions extends CredentialsOptions {
  readonly db: Database;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly vault: Vault;
  readonly reports: Reports;
  readonly liveTest: LiveTest;
  readonly rateLimiter: Pick<RateLimiter, 'take'>;
}

/** Tests of an organization in a minute. Without a limit, they could be used to guess passwords at other people's servers. */
const testsMax = 60;

const notContacted: CheckResult = {
  ok: true,
  stages: [],
  warnings: ['No server was contacted: this mailbox sends into the capture box.'],
};

export type Operations = ReturnType<typeof createOperations>;

/** Creates, reads, changes and deletes mailboxes. */
export function createOperations(options: OperationsOptions) {
  const { db, clock, reports } = options;

  return {
    /** @throws ApiError `not_found` */
    get: (reach: Reach, id: MailboxId): Promise<MailboxRow> => get(options, reach, id),

    /** How many mailboxes the caller sees, and how many of them send. */
    working: (reach: Reach): Promise<{ total: number; active: number }> => working(db, reach),

    /** A page of mailboxes, newest first. */
    async list(reach: Reach, page: Paged): Promise<{ rows: MailboxRow[]; total: number }> {
      const [rows, total] = await Promise.all([
        listed(db, reach, page),
        totalFor(page, () => counted(db, reach, page)),
      ]);
      return { rows, total };
    },

    /** Mailboxes after a cursor, newest first. */
    listFrom(reach: Reach, { cursor = lastId, email, ...page }: MailboxPage): Promise<MailboxRow[]> {
      const address = email === undefined ? undefined : parseAddress(email);
      if (address !== undefined && 'problem' in address) return Promise.resolve([]);
      return listedBefore(db, reach, { ...page, before: cursor, email: address?.key });
    },

    /**
     * Tests both servers, and stores the mailbox if they accept it.
     * @throws ApiError `validation_failed`, with the stages of a test that failed; `conflict` if the organization has a mailbox with this
     * address; `forbidden` for a workspace other than the caller's
     */
    async create(tenant: Tenant, input: NewMailbox): Promise<MailboxRow> {
      return store(options, tenant, input, newServers(input));
    },

    /** Tests the servers of a mailbox that is not stored. @throws ApiError `validation_failed`; `forbidden` as `create` */
    async check(tenant: Tenant, input: NewMailbox): Promise<CheckResult> {
      const servers = newServers(input);
      const { address } = await readNew(options, tenant, input, servers);
      return test(options, tenant, address.email, servers);
    },

    /**
     * Stores a mailbox that its owner has authorized, after a test like that of `create`.
     * @throws ApiError as `create`
     */
    async createAuthorized(tenant: Tenant, input: AuthorizedMailbox): Promise<MailboxRow> {
      return store(options, tenant, input, {
        smtp: input.smtp,
        imap: input.imap,
        credentials: { tokens: input.tokens },
      });
    },

    /**
     * Gives an authorized mailbox new tokens, after a test, and connects it.
     * @throws ApiError `not_found`, `validation_failed`
     */
    async reauthorize(tenant: Tenant, id: MailboxId, tokens: Tokens): Promise<MailboxRow> {
      const before = await get(options, tenant, id);
      const servers = { smtp: before.smtp, imap: before.imap, credentials: { tokens } };
      const result = await test(options, tenant, before.email, servers);
      if (!result.ok) throw failedTest(result);
      return change(options, tenant, id, (tx, row) => connected(options, tx, row, row, { tokens }));
    },

    /** Changes the given settings; servers are tested again. @throws ApiError `not_found`, `validation_failed`, `conflict` */
    update: (tenant: Tenant, id: MailboxId, given: MailboxChange): Promise<MailboxRow> =>
      update(options, tenant, id, given),

    /**
     * Tests the stored servers of a mailbox. A test that succeeds connects the mailbox again.
     * @throws ApiError `not_found`
     */
    async checkStored(tenant: Tenant, id: MailboxId): Promise<CheckResult> {
      const row = await get(options, tenant, id);
      const result = await testStored(options, tenant, row);
      if (result.ok && row.smtp !== null) {
        await reports.reportConnected('smtp', [id]);
        if (row.imap !== null) await reports.reportConnected('imap', [id]);
      }
      return result;
    },

    /** Stops sending; the mailbox is still read. @throws ApiError `not_found` */
    pause: (tenant: Tenant, id: MailboxId): Promise<MailboxRow> =>
      change(options, tenant, id, async (tx, row) => {
        if (row.status === 'paused') return row;
        const after = transition(row, new Date(clock.now()), 'paused');
        await reports.write(tx, [{ before: row, after }]);
        return after;
      }),

    /** Continues a paused mailbox; another one stays as it is. @throws ApiError `not_found` */
    resume: (tenant: Tenant, id: MailboxId): Promise<MailboxRow> =>
      change(options, tenant, id, async (tx, row) => {
        const event = resumption(row);
        if (nextStatus(row.status, event) === row.status) return row;
        const after = transition(row, new Date(clock.now()), event);
        await reports.write(tx, [{ before: row, after }]);
        return after;
      }),

    /** Deletes a mailbox and its credentials. The row stays for its messages. @throws ApiError `not_found`, also if it is already deleted */
    remove: (tenant: Tenant, id: MailboxId): Promise<void> =>
      change(options, tenant, id, async (tx, row) => {
        const now = new Date(clock.now());
        const after = { ...transition(row, now, 'deleted'), status_reason: 'deleted', deleted_at: now };
        await markDeleted(tx, id, now);
        await reports.write(tx, [{ before: row, after }]);
      }),
  };
}

async function get({ db }: OperationsOptions, reach: Reach, id: MailboxId): Promise<MailboxRow> {
  return (await byId(db, reach, id)) ?? missing();
}

/** Runs `work` with the locked mailbox. */
const change = <T>(
  { db }: OperationsOptions,
  reach: Reach,
  id: MailboxId,
  work: (tx: Transaction, row: MailboxRow) => Promise<T>,
): Promise<T> =>
  db.transaction(async (tx) => {
    if ((await byId(tx, reach, id)) === undefined) return missing();
    const [row] = await lockByIds(tx, [id]);
    return row === undefined ? missing() : work(tx, row);
  });

async function update(
  options: OperationsOptions,
  tenant: Tenant,
  id: MailboxId,
  given: MailboxChange,
): Promise<MailboxRow> {
  const { db, clock, reports } = options;
  const before = await get(options, tenant, id);
  if (Object.values(given).every((value) => value === undefined)) return before;
  const servers = changedServers(before, await storedCredentials(options, db, id), given);
  const after = (row: MailboxRow): MailboxRow => {
    const { smtp, imap } = servers ?? row;
    return {
      ...row,
      ...columnsOf(given, row, { domain: row.domain, smtpHost: smtp?.host }),
      smtp,
      imap,
      saves_sent: smtp?.host === row.smtp?.host || smtp === null ? row.saves_sent : savesSent(smtp.host),
      updated_at: new Date(clock.now()),
    };
  };
  // Before the servers are contacted.
  after(before);
  if (servers !== undefined) {
    const result = await test(options, tenant, before.email, servers);
    if (!result.ok) throw failedTest(result);
  }
  return change(options, tenant, id, async (tx, row) => {
    if (servers === undefined) {
      const saved = after(row);
      await saveSettings(tx, saved);
      await reports.record(tx, [{ before: row, after: saved }]);
      return saved;
    }
    if (JSON.stringify([row.smtp, row.imap]) !== JSON.stringify([before.smtp, before.imap]))
      throw new ApiError('conflict', 'Another request changed the servers of this mailbox. Read it and try again.');
    return connected(options, tx, row, after(row), servers.credentials);
  });
}

const missing = (): never => {
  throw notFound('Mailbox');
};

/** Logs in to the servers. Nothing leaves the machine for a sandbox. */
async function test(
  options: OperationsOptions,
  tenant: Tenant,
  email: string,
  { smtp, imap, credentials }: Servers,
): Promise<CheckResult> {
  if (tenant.sandbox || smtp === null || credentials === undefined) return notContacted;
  const says = `An organization may test ${testsMax} mailboxes a minute.`;
  await chargeMinute(options, `mailbox tests ${tenant.organizationId}`, testsMax, says);
  const input: CheckInput = {
    from: email,
    smtp: { server: smtp, login: loginOf(credentials, 'smtp') },
    imap: imap === null ? undefined : { server: imap, login: loginOf(credentials, 'imap') },
  };
  return options.liveTest(input, tenant.organizationId);
}

/** As `test`, with the stored credentials; an access token is renewed first. */
async function testStored(options: OperationsOptions, tenant: Tenant, row: MailboxRow): Promise<CheckResult> {
  if (row.sandbox || row.smtp === null) return notContacted;
  const protocols: readonly Protocol[] = row.imap === null ? ['smtp'] : ['smtp', 'imap'];
  const failures = new Map<Protocol, string>();
  for (const protocol of protocols) {
    const login = (await credentialsOf(options, protocol, [row.id])).get(row.id);
    if (login !== undefined && 'cause' in login) failures.set(protocol, login.answer.text);
  }
  if (failures.size > 0)
    return {
      ok: false,
      stages: [...failures].map(([protocol, message]) => ({ protocol, stage: 'auth', ok: false, message })),
      warnings: [],
    };
  const credentials = await storedCredentials(options, options.db, row.id);
  return test(options, tenant, row.email, { smtp: row.smtp, imap: row.imap, credentials });
}

type Created = NewSettings & Pick<MailboxRow, 'email' | 'provider'> & Pick<NewMailbox, 'workspace_id'>;

/** Checks everything about a new mailbox that can be checked without its servers. @throws ApiError */
async function readNew(
  { db }: OperationsOptions,
  tenant: Tenant,
  input: Created,
  { smtp }: Servers,
): Promise<{ address: Address; workspace: WorkspaceId | null; settings: SettingColumns }> {
  const address = parseAddress(input.email);
  if ('problem' in address) throw invalid({ email: address.problem });
  const who = { domain: address.domain, smtpHost: smtp?.host };
  const settings = columnsOf(input, defaultColumns(who.domain, who.smtpHost), who);
  return { address, settings, workspace: await workspaceFor(db, tenant, input.workspace_id) };
}

/** Tests a new mailbox and stores it. */
async function store(
  options: OperationsOptions,
  tenant: Tenant,
  input: Created,
  servers: Servers,
): Promise<MailboxRow> {
  const { db, clock, ids, vault, reports } = options;
  const { organizationId } = tenant;
  const { address, settings, workspace } = await readNew(options, tenant, input, servers);
  const taken = (): ApiError => alreadyExists('Mailbox', 'email', address.email);
  if (await emailTaken(db, organizationId, address.key)) throw taken();
  const result = await test(options, tenant, address.email, servers);
  if (!result.ok) throw failedTest(result);
  return db.transaction(async (tx) => {
    const { credentials } = servers;
    const now = new Date(clock.now());
    const row: MailboxRow = {
      id: ids.next<MailboxId>(),
      organization_id: organizationId,
      workspace_id: workspace,
      email: address.email,
      email_key: address.key,
      domain: address.domain,
      provider: input.provider,
      sandbox: tenant.sandbox,
      smtp: servers.smtp,
      imap: servers.imap,
      token_expires_at: credentials === undefined ? null : expiryOf(credentials),
      status: 'connected',
      status_reason: null,
      status_changed_at: now,
      smtp_failing: null,
      imap_failing: null,
      ...settings,
      saves_sent: servers.smtp === null ? null : savesSent(servers.smtp.host),
      created_by: tenant.keyId ?? null,
      connected_at: now,
      created_at: now,
      updated_at: now,
      deleted_at: null,
    };
    const sealed = credentials === undefined ? null : await seal(vault, tx, organizationId, credentials);
    if (!(await insert(tx, row, sealed))) throw taken();
    await reports.record(tx, [{ before: undefined, after: row }]);
    return row;
  });
}

/** Stores settings whose servers were tested, with their credentials; the mailbox works again. */
async function connected(
  { clock, vault, reports }: OperationsOptions,
  tx: Transaction,
  before: MailboxRow,
  settings: MailboxRow,
  credentials: Credentials | undefined,
): Promise<MailboxRow> {
  const now = new Date(clock.now());
  const after = {
    ...transition({ ...settings, smtp_failing: null, imap_failing: null }, now, 'connected'),
    updated_at: now,
  };
  if (credentials !== undefined) {
    const sealed = await seal(vault, tx, before.organization_id, credentials);
    await saveCredentials(tx, before.id, sealed, expiryOf(credentials));
  }
  await saveSettings(tx, after);
  await reports.write(tx, [{ before, after }]);
  return after;
}
