import { invalid } from '../../base/errors.ts';
import type { ServerSettings } from '../transport/transport.ts';
import type { Credentials } from './credentials.ts';
import type { MailboxRow, Provider } from './queries.ts';
import { hostOf, serverProblems } from './servers.ts';
import type { Protocol } from './state.ts';

/** A server as a caller gives it. */
export interface GivenServer extends ServerSettings {
  readonly password: string;
}

/** The servers of a new mailbox as a caller gives them. */
export interface GivenServers {
  readonly provider: Provider;
  readonly smtp?: GivenServer | undefined;
  readonly imap?: GivenServer | undefined;
}

/** Settings of a server that change; the others stay. */
export type ServerChange = { readonly [Key in keyof GivenServer]?: GivenServer[Key] | undefined };

export interface ServersChange {
  readonly smtp?: ServerChange | undefined;
  /** Null: the mailbox is no longer read. */
  readonly imap?: ServerChange | null | undefined;
}

/** Servers with their credentials; undefined: nothing is contacted, as for capture mailboxes and sandboxes. */
export interface Servers {
  readonly smtp: ServerSettings | null;
  readonly imap: ServerSettings | null;
  readonly credentials: Credentials | undefined;
}

const nowhere: Servers = { smtp: null, imap: null, credentials: undefined };
/** The servers of a new mailbox. @throws ApiError `validation_failed` */
export function newServers({ provider, smtp, imap }: GivenServers): Servers {
  switch (provider) {
    case 'google':
    case 'microsoft':
      throw invalid({
        provider: `a ${provider} mailbox is connected by its owner's authorization: GET /v1/oauth/${provider}/start`,
      });
    case 'capture': {
      const given = { smtp, imap };
      const wrong = (['smtp', 'imap'] as const).filter((protocol) => given[protocol] !== undefined);
      if (wrong.length > 0)
        throw invalid(
          Object.fromEntries(
            wrong.map((protocol) => [protocol, 'must not be given: a capture mailbox has no servers']),
          ),
        );
      return nowhere;
    }
    case 'smtp': {
      if (smtp === undefined) throw invalid({ smtp: 'is required for the provider smtp' }, { smtp: 'missing' });
      return checkedServers(smtp, imap);
    }
  }
}

/** @throws ApiError `validation_failed` */
function checkedServers(smtp: GivenServer, imap: GivenServer | undefined): Servers {
  const problems = { ...serverProblems('smtp', smtp), ...(imap === undefined ? {} : serverProblems('imap', imap)) };
  if (Object.keys(problems).length > 0) throw invalid(problems);
  return {
    smtp: settingsOf(smtp),
    imap: imap === undefined ? null : settingsOf(imap),
    credentials: {
      smtp: { password: smtp.password },
      ...(imap === undefined ? {} : { imap: { password: imap.password } }),
    },
  };
}

const settingsOf = ({ host, port, security, username }: GivenServer): ServerSettings => ({
  host: hostOf(host) ?? host,
  port,
  security,
  username,
});

/** The servers of a mailbox after a change, with the `stored` passwords where none is given; undefined if it changes none. @throws ApiError `validation_failed` */
export function changedServers(
  row: MailboxRow,
  stored: Credentials | undefined,
  { smtp, imap }: ServersChange,
): Servers | undefined {
  if (smtp === undefined && imap === undefined) return undefined;
  if (row.smtp === null)
    throw invalid(refusedServers(smtp, imap, 'must not be given: a capture mailbox has no servers'));
  if (row.provider !== 'smtp')
    throw invalid(refusedServers(smtp, imap, `cannot be changed: the mailbox is connected at ${row.provider}`));
  const passwords = stored === undefined || 'tokens' in stored ? undefined : stored;
  const newSmtp = merged('smtp', row.smtp, passwords?.smtp.password, smtp ?? {});
  const keepsImap = imap === undefined ? row.imap !== null : imap !== null;
  return checkedServers(
    newSmtp,
    keepsImap ? merged('imap', row.imap, passwords?.imap?.password, imap ?? {}) : undefined,
  );
}

const refusedServers = (smtp: unknown, imap: unknown, reason: string): Record<string, string> => ({
  ...(smtp === undefined ? {} : { smtp: reason }),
  ...(imap === undefined ? {} : { imap: reason }),
});

/** A stored password goes only to the server that it was given for, over the connection that it was given for. */
function merged(
  protocol: Protocol,
  before: ServerSettings | null,
  password: string | undefined,
  given: ServerChange,
): GivenServer {
  const { host, port, security, username } = { ...before, ...defined(given) };
  const problems = Object.fromEntries(
    Object.entries({ host, port, security, username }).flatMap(([field, value]) =>
      value === undefined ? [[`${protocol}.${field}`, 'is required']] : [],
    ),
  );
  const moves = before === null || host !== before.host || port !== before.port || security !== before.security;
  if (given.password === undefined && (moves || password === undefined))
    problems[`${protocol}.password`] =
      before === null ? 'is required' : 'must be sent again when host, port or security changes';
  const secret = given.password ?? password;
  if (
    host === undefined ||
    port === undefined ||
    security === undefined ||
    username === undefined ||
    secret === undefined ||
    Object.keys(problems).length > 0
  )
    throw invalid(problems);
  return { host, port, security, username, password: secret };
}

const defined = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    readonly [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
