import {
  boolean,
  cidrs,
  credential,
  databaseUrl,
  exactOrigins,
  host,
  integer,
  origins,
  path,
  probeFrom,
  proxyUrl,
  publicUrl,
  smtpFrom,
  smtpUrl,
} from './config-values.ts';
import { OperatorError } from './errors.ts';
import { own } from './own.ts';

/** One setting: all that the parser, `--help` and docs/configuration.md need. */
interface Setting<T> {
  readonly variable: string;
  readonly type: string;
  /** As written in the environment; undefined: not set. */
  readonly default: string | undefined;
  readonly description: string;
  readonly secret?: boolean;
  /** Returns the value, or throws an Error whose message says what is expected. */
  readonly parse: (text: string) => T;
}

const setting = <T>(definition: Setting<T>): Setting<T> => definition;

export const roles = ['api', 'engine', 'mail'] as const;
export type Role = (typeof roles)[number];

export function parseRoles(text: string): readonly Role[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const unknown = names.find((name) => !(roles as readonly string[]).includes(name));
  if (unknown !== undefined || names.length === 0)
    throw new Error(`expected a comma-separated list of ${roles.join(', ')}`);
  return roles.filter((role) => names.includes(role));
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

const logFormats = ['json', 'text'] as const;
export type LogFormat = (typeof logFormats)[number];

export const settings = {
  port: setting({
    variable: 'OUTRIDER_PORT',
    type: 'port, 0 to 65535',
    default: '8080',
    description: 'Port of the HTTP server, which every process has, whatever its roles; 0 takes a free one.',
    parse: integer(0, 65_535),
  }),
  host: setting({
    variable: 'OUTRIDER_HOST',
    type: 'address',
    default: '0.0.0.0',
    description: 'Address the HTTP server listens on.',
    parse: host,
  }),
  dataDir: setting({
    variable: 'OUTRIDER_DATA_DIR',
    type: 'path',
    default: './data',
    description: 'Folder of the embedded database and the generated master key.',
    parse: path,
  }),
  databaseUrl: setting({
    variable: 'DATABASE_URL',
    type: 'URL',
    default: undefined,
    secret: true,
    description: 'PostgreSQL to use (15 or newer). Not set: the embedded one, in the data folder.',
    parse: databaseUrl,
  }),
  databaseConnections: setting({
    variable: 'OUTRIDER_DATABASE_CONNECTIONS',
    type: 'number, 10 to 200',
    default: '13',
    description:
      'The most connections that one process opens to PostgreSQL: 5 for the engine, 3 for background work, the others for requests, of which one organization gets at most half.',
    parse: integer(10, 200),
  }),
  masterKey: setting({
    variable: 'OUTRIDER_MASTER_KEY',
    type: '32 bytes, base64',
    default: undefined,
    secret: true,
    description:
      "Wraps every organization's data key. Not set: generated on the first start into the data folder, mode 0600. Create one with `openssl rand -base64 32`.",
    parse: (text) => {
      // Buffer.from skips characters that are not base64, so a mistyped key could pass as another one.
      if (!/^[A-Za-z0-9+/_-]{43}=?$/.test(text))
        throw new Error('expected 32 bytes in base64, such as `openssl rand -base64 32` prints');
      return text;
    },
  }),
  publicUrl: setting({
    variable: 'OUTRIDER_PUBLIC_URL',
    type: 'URL',
    default: undefined,
    description:
      'Where callers reach this installation; used in the API document, in alerts, and in the links of messages. Not set: http://localhost and the port.',
    parse: publicUrl,
  }),
  bootstrapKey: setting({
    variable: 'OUTRIDER_BOOTSTRAP_KEY',
    type: 'otr_… key',
    default: undefined,
    secret: true,
    description:
      'API key of the organization `default`, for automation: created at startup if it does not exist. 32 characters or more.',
    parse: (text) => {
      if (!/^otr_[A-Za-z0-9_-]{28,200}$/.test(text))
        throw new Error(
          'expected a string of 32 characters or more that starts with otr_ and contains only letters, digits, _ and -',
        );
      return text;
    },
  }),
  egressAllow: setting({
    variable: 'OUTRIDER_EGRESS_ALLOW',
    type: 'CIDRs',
    default: '',
    description:
      'Private address ranges that deliveries, mailboxes and verifiers may reach, comma-separated, such as 10.1.0.0/16,::1/128.',
    parse: cidrs,
  }),
  egressProxy: setting({
    variable: 'OUTRIDER_EGRESS_PROXY',
    type: 'URL',
    default: undefined,
    secret: true,
    description:
      'HTTP proxy for outgoing HTTP and HTTPS, such as http://user:password@proxy.example.com:3128, by CONNECT to the address that was checked. Mail servers are reached directly. Not set: no proxy.',
    parse: proxyUrl,
  }),
  allowHttpEndpoints: setting({
    variable: 'OUTRIDER_ALLOW_HTTP_ENDPOINTS',
    type: 'boolean',
    default: 'false',
    description: 'Accept endpoints without TLS.',
    parse: boolean,
  }),
  trustedProxies: setting({
    variable: 'OUTRIDER_TRUSTED_PROXIES',
    type: 'CIDRs',
    default: '',
    description:
      'Addresses of load balancers, comma-separated, such as 10.0.0.0/8. Their X-Forwarded-For identifies clients, which matters only for callers without a key.',
    parse: cidrs,
  }),
  corsOrigins: setting({
    variable: 'OUTRIDER_CORS_ORIGINS',
    type: 'origins',
    default: '',
    description:
      'Origins of web pages that may call the API, comma-separated, such as https://app.example.com. A page needs a key like any other caller; cookies are never used.',
    parse: exactOrigins,
  }),
  portalOrigins: setting({
    variable: 'OUTRIDER_PORTAL_ORIGINS',
    type: 'origins',
    default: '',
    description:
      'Origins of web pages that may show the customer portal in a frame, comma-separated, such as https://app.example.com. Without it, no page may.',
    parse: origins,
  }),
  roles: setting({
    variable: 'OUTRIDER_ROLES',
    type: 'list',
    default: 'api,engine,mail',
    description:
      'What this process does: api answers requests, engine delivers events, mail reads and sends from mailboxes. Without api, only /healthz, /readyz and /metrics are answered.',
    parse: parseRoles,
  }),
  smtpUrl: setting({
    variable: 'OUTRIDER_SMTP_URL',
    type: 'URL',
    default: undefined,
    secret: true,
    description:
      'SMTP server for alerts, and for mails to people with links to reset a password or to accept an invitation, such as smtps://user:password@mail.example.com. Not set: alerts are logged and kept, and no link is mailed.',
    parse: smtpUrl,
  }),
  smtpFrom: setting({
    variable: 'OUTRIDER_SMTP_FROM',
    type: 'address',
    default: 'Outrider <outrider@localhost>',
    description: 'Sender of these mails.',
    parse: smtpFrom,
  }),
  smtpProbeFrom: setting({
    variable: 'OUTRIDER_SMTP_PROBE_FROM',
    type: 'address',
    default: undefined,
    description:
      'Sender address for asking the mail servers of recipients, on port 25, whether an address exists, such as probe@verify.example.com; EHLO names its domain. Not set: no server is asked.',
    parse: probeFrom,
  }),
  googleClientId: setting({
    variable: 'OUTRIDER_GOOGLE_CLIENT_ID',
    type: 'client id',
    default: undefined,
    description:
      'OAuth client with which people authorize their Google mailboxes. Not set: Google mailboxes need an app password.',
    parse: credential,
  }),
  googleClientSecret: setting({
    variable: 'OUTRIDER_GOOGLE_CLIENT_SECRET',
    type: 'secret',
    default: undefined,
    secret: true,
    description: 'Secret of the Google OAuth client.',
    parse: credential,
  }),
  microsoftClientId: setting({
    variable: 'OUTRIDER_MICROSOFT_CLIENT_ID',
    type: 'client id',
    default: undefined,
    description:
      'App registration with which people authorize their Microsoft mailboxes. Not set: Microsoft mailboxes cannot be connected.',
    parse: credential,
  }),
  microsoftClientSecret: setting({
    variable: 'OUTRIDER_MICROSOFT_CLIENT_SECRET',
    type: 'secret',
    default: undefined,
    secret: true,
    description: 'Secret of the Microsoft app registration.',
    parse: credential,
  }),
  microsoftTenant: setting({
    variable: 'OUTRIDER_MICROSOFT_TENANT',
    type: 'tenant',
    default: 'common',
    description:
      'Tenant of the Microsoft app registration: its id or domain, or `common` for an app of all tenants and personal accounts.',
    parse: (text) => {
      if (!/^[a-z0-9][a-z0-9.-]{0,252}$/i.test(text))
        throw new Error('expected the id or the domain of a tenant, common, organizations or consumers');
      return text.toLowerCase();
    },
  }),
  retentionDays: setting({
    variable: 'OUTRIDER_RETENTION_DAYS',
    type: 'days, 1 to 3650',
    default: '30',
    description: 'How long events, deliveries and attempts are kept.',
    parse: integer(1, 3_650),
  }),
  failingAfter: setting({
    variable: 'OUTRIDER_FAILING_AFTER',
    type: 'number, 1 to 1000',
    default: '5',
    description:
      'Failed attempts in a row after which an endpoint is reported as failing (event endpoint.failing, and an alert), if nothing was delivered to it for a minute.',
    parse: integer(1, 1_000),
  }),
  maxInFlight: setting({
    variable: 'OUTRIDER_MAX_IN_FLIGHT',
    type: 'number, 1 to 10000',
    default: '512',
    description: 'The most deliveries that one process sends at the same time, to all endpoints together.',
    parse: integer(1, 10_000),
  }),
  shutdownSeconds: setting({
    variable: 'OUTRIDER_SHUTDOWN_SECONDS',
    type: 'seconds, 0 to 600',
    default: '20',
    description: 'How long a stopping process waits for deliveries in flight; the rest is left to other processes.',
    parse: integer(0, 600),
  }),
  metricsToken: setting({
    variable: 'OUTRIDER_METRICS_TOKEN',
    type: 'token',
    default: undefined,
    secret: true,
    description:
      'The token that callers of /metrics and /readyz must send as `Authorization: Bearer`. Not set: both answer everyone. /healthz, for probes, always does.',
    parse: (text) => {
      if (!/^[\w.~+/-]{16,256}=*$/.test(text))
        throw new Error('expected 16 to 256 letters, digits and . _ ~ + / -, such as `openssl rand -hex 24` prints');
      return text;
    },
  }),
  logLevel: setting({
    variable: 'OUTRIDER_LOG_LEVEL',
    type: logLevels.join('|'),
    default: 'info',
    description: 'The lowest level that is logged.',
    parse: (text) => {
      if (!(logLevels as readonly string[]).includes(text)) throw new Error(`expected one of ${logLevels.join(', ')}`);
      return text;
    },
  }),
  logFormat: setting({
    variable: 'OUTRIDER_LOG_FORMAT',
    type: logFormats.join('|'),
    default: undefined,
    description:
      'Format of log lines: json for programs, text for people. Not set: text on a terminal, json otherwise.',
    parse: (text) => {
      const format = logFormats.find((each) => each === text);
      if (format === undefined) throw new Error(`expected one of ${logFormats.join(', ')}`);
      return format;
    },
  }),
};

type Parsed<S> = S extends { default: undefined; parse: (text: string) => infer T }
  ? T | undefined
  : S extends { parse: (text: string) => infer T }
    ? T
    : never;
type Optional =
  | 'googleClientId'
  | 'googleClientSecret'
  | 'microsoftClientId'
  | 'microsoftClientSecret'
  | 'databaseUrl'
  | 'masterKey'
  | 'publicUrl'
  | 'bootstrapKey'
  | 'smtpUrl'
  | 'egressProxy'
  | 'smtpProbeFrom'
  | 'metricsToken'
  | 'logFormat';
export type Config = {
  readonly [Name in keyof typeof settings]: Name extends Optional
    ? Parsed<(typeof settings)[Name]> | undefined
    : Parsed<(typeof settings)[Name]>;
};

/**
 * Reads the settings from environment variables. An empty variable counts as not set.
 * @throws OperatorError naming the first variable with an invalid value; the value of a secret is never shown.
 * @example
 * readConfig({ OUTRIDER_PORT: '9000' }).port // 9000
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const entries = Object.entries(settings).map(([name, definition]: [string, Setting<unknown>]) => {
    const given = own(environment, definition.variable);
    const text = given === undefined || given === '' ? definition.default : given;
    if (text === undefined) return [name, undefined];
    try {
      return [name, definition.parse(text)];
    } catch (cause) {
      const shown = definition.secret === true ? ':' : ` is "${text}":`;
      throw new OperatorError(
        `${definition.variable}${shown} ${cause instanceof Error ? cause.message : String(cause)}.`,
      );
    }
  });
  const unknown = Object.keys(environment).find(
    (name) =>
      name.startsWith('OUTRIDER_') &&
      !Object.values(settings).some((definition) => definition.variable === name) &&
      !name.startsWith('OUTRIDER_TEST_'),
  );
  if (unknown !== undefined)
    throw new OperatorError(`${unknown} is not a setting of Outrider. See \`outrider --help\` for all of them.`);
  return Object.fromEntries(entries) as Config;
}
